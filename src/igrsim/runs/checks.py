"""What must hold in every study: arms are identical until a lever bites, and an arm computed twice throughout."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from igrsim.kernel.params import all_params
from igrsim.runs.layout import Plan
from igrsim.runs.measures import HEAD


def first_wave(plan: Plan, arm: str) -> int | None:
    """First month in which any lever is in force in an arm."""
    if not plan.study.regime(arm).levers:
        return None
    first = plan.rollouts[arm].first
    return first if first is not None and first < plan.study.world.months else None


def identity_checks(plan: Plan, counts: dict[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Arms must be identical until the first lever bites; an arm computed twice must be identical throughout.

    Parameters
    ----------
    counts : dict of str to DataFrame
        All counts, by level: spaces, municipalities, groups of people, needs.
    """
    study = plan.study
    rows: list[dict[str, Any]] = []
    for arm in study.arms:
        if arm == study.reference:
            continue
        until, name = _identical(plan, arm)
        if until is None:
            continue
        gaps = [_gap(table, arm, study.reference, until) for table in counts.values()]
        found = max((gap for gap in gaps if gap is not None), default=None)
        if found is not None:
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
    if same and (plan.rollouts[arm].start == plan.rollouts[study.reference].start or not study.regime(arm).levers):
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


def _gap(counts: pd.DataFrame, arm: str, reference: str, until: int) -> int | None:
    """The largest difference of any count before a month, over pairs of cells that both were computed."""
    order = ["future", "world", "month", "place"]
    numbers = [c for c in counts.columns if c not in (*HEAD, "month", "place")]
    early = counts[counts["month"] < until]
    mine = early[early["arm"] == arm].sort_values(order, kind="stable")
    base = early[early["arm"] == reference].sort_values(order, kind="stable")
    mine, base = mine.merge(base[order], on=order), base.merge(mine[order], on=order)
    if not len(mine):
        return None
    return int(np.abs(mine[numbers].to_numpy(np.int64) - base[numbers].to_numpy(np.int64)).max())
