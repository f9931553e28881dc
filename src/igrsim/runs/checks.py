"""What must hold in every study: arms are identical until a lever bites, and an arm computed twice throughout."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from igrsim.kernel.params import all_params
from igrsim.runs.cell import LEVELS
from igrsim.runs.layout import Cell, Plan
from igrsim.runs.store import Store


def first_wave(plan: Plan, arm: str) -> int | None:
    """First month in which any lever is in force in an arm."""
    if not plan.study.regime(arm).levers:
        return None
    first = plan.rollouts[arm].first
    return first if first is not None and first < plan.study.world.months else None


def identity_checks(plan: Plan, store: Store, good: list[Cell]) -> list[dict[str, Any]]:
    """Arms must be identical until the first lever bites; an arm computed twice must be identical throughout.

    Parameters
    ----------
    good : list of Cell
        Those that were computed: their counts are compared pair by pair, at every level.
    """
    reference = plan.study.reference
    bases = {(cell.future, cell.world): cell for cell in good if cell.arm == reference}
    rows: list[dict[str, Any]] = []
    for arm in plan.study.arms:
        until, name = (None, "") if arm == reference else _identical(plan, arm)
        pairs = [
            (cell, bases[cell.future, cell.world])
            for cell in good
            if cell.arm == arm and (cell.future, cell.world) in bases
        ]
        if not until or not pairs:
            continue
        found = max(_gap(store, cell, base, until) for cell, base in pairs)
        rows.append({"name": name, "expected": "largest difference 0", "found": f"{found}", "passed": found == 0})
    return rows


def _identical(plan: Plan, arm: str) -> tuple[int | None, str]:
    """For how many months an arm must equal the reference, and the words for it."""
    study = plan.study
    mine, base = study.arms[arm], study.arms[study.reference]
    one, other = study.regime(arm), study.regime(study.reference)
    same = (set(one.levers), one.terms, one.choices, one.shared_hubs) == (
        set(other.levers),
        other.terms,
        other.choices,
        other.shared_hubs,
    ) and mine.set == base.set
    ours, theirs = plan.rollouts[arm], plan.rollouts[study.reference]
    dated = (ours.start, ours.limits, ours.shared) == (theirs.start, theirs.limits, theirs.shared)
    if same and (dated or not study.regime(arm).levers):
        return (
            study.world.months,
            f"{arm} computed afresh equals {study.reference} in every cell, month, place and count",
        )
    if any(not all_params()[k].choice for k in {*mine.set, *base.set}):
        # arms that differ in what they assume, not only in policy, differ from the first month
        return None, ""
    starts = [w for w in (first_wave(plan, arm), first_wave(plan, study.reference)) if w is not None]
    until = min(starts) if starts else study.world.months
    return until, f"{arm} equals {study.reference} before the first wave ({until} months)"


def _gap(store: Store, cell: Cell, base: Cell, until: int) -> int:
    """The largest difference of any count of two cells before a month."""
    mine, theirs = store.tables(cell.digest, *LEVELS), store.tables(base.digest, *LEVELS)
    gaps = [np.abs(_early(mine[level], until) - _early(theirs[level], until)).max(initial=0) for level in LEVELS]
    return int(max(gaps))


def _early(counts: pd.DataFrame, until: int) -> np.ndarray:
    # month and place are among what is compared: a cell that has others differs by them
    return counts[counts["month"] < until].to_numpy(np.int64)
