"""The author's own checks of a study: whether what must hold of every arm beside the reference does, and where first not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.kernel.clock import Clock
from igrsim.metrics._base import metrics
from igrsim.places.scopes import geography_of
from igrsim.runs.checks import first_wave
from igrsim.runs.layout import Cell, Plan
from igrsim.runs.store import Store
from igrsim.runs.study.condition import Condition, parse_claim
from igrsim.runs.study.expecting import NAMES
from igrsim.runs.study.parts import CheckPart

F64 = NDArray[np.float64]


def claim_checks(plan: Plan, store: Store, good: list[Cell]) -> list[dict[str, Any]]:
    """A row for each of the study's own checks.

    Parameters
    ----------
    good : list of Cell
        Those that were computed.
    """
    return [_row(plan, store, good, check) for check in plan.study.check]


def _row(plan: Plan, store: Store, good: list[Cell], check: CheckPart) -> dict[str, Any]:
    study = plan.study
    claim, during = parse_claim(check.expect, NAMES)
    bases = {(cell.future, cell.world): cell for cell in good if cell.arm == study.reference}
    row = {"name": check.it, "expected": f"{check.expect} ({check.metric or 'every count'})"}
    tried, broken, first, pairs = 0, 0, "", 0
    for cell in good:
        if cell.arm == study.reference or check.arm not in (None, cell.arm) or (cell.future, cell.world) not in bases:
            continue
        pairs += 1
        one, other, names = _values(plan, store, check.metric, cell, bases[cell.future, cell.world])
        months, places = (store.get(cell.digest, "space")[name].to_numpy(int) for name in ("month", "place"))
        asked, held = _held(claim, during, one, other, months, _wave(plan, cell.arm))
        tried += int(asked.sum())
        broken += int((asked & ~held).sum())
        if broken and not first:
            at, which = (int(where[0]) for where in np.nonzero(asked & ~held))
            first = _place(
                plan, cell, int(months[at]), int(places[at]), names[which], float(one[at, which] - other[at, which])
            )
    if not pairs:
        return {**row, "found": "no pair of runs to try it on", "passed": False}
    if not tried:
        return {**row, "found": f"never asked for in {pairs} pairs of runs", "passed": True}
    if not broken:
        return {**row, "found": f"holds in all {tried} values of {pairs} pairs of runs", "passed": True}
    return {**row, "found": f"fails in {broken} of {tried} values of {pairs} pairs of runs; {first}", "passed": False}


def _values(plan: Plan, store: Store, metric: str | None, *cells: Cell) -> tuple[F64, F64, list[str]]:
    """Values by month and space, one column a count or the one metric, of two cells; and the columns' names."""
    found = []
    names: list[str] = []
    for cell in cells:
        counts = store.get(cell.digest, "space").drop(columns=["month", "place"])
        if metric is None:
            names = [str(name) for name in counts.columns]
            found.append(counts.to_numpy(float))
        else:
            names = [metric]
            found.append(_of_metric(metric, counts)[:, None])
    return found[0], found[1], names


def _of_metric(name: str, counts: pd.DataFrame) -> F64:
    metric = metrics[name]
    if metric.level == "pair":
        # what only a pair of runs can tell is undefined for a place or a month
        return np.full(len(counts), np.nan)
    arrays = {str(column): counts[column].to_numpy(np.float64) for column in counts.columns}
    return np.asarray(metric.value(arrays | {"months": np.ones(len(counts))}), dtype=np.float64)


def _held(
    claim: Condition, during: Condition | None, one: F64, other: F64, months: NDArray[np.int64], wave: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where a claim is made, and where it holds; where both runs are undefined nothing is claimed."""
    values: dict[str, Any] = {
        "arm": one,
        "reference": other,
        "diff": one - other,
        "month": months[:, None],
        "first_wave": float(wave),
    }
    asked = ~(np.isnan(one) & np.isnan(other))
    if during is not None:
        asked = asked & np.broadcast_to(during.holds(values), one.shape)
    return asked, np.broadcast_to(claim.holds(values), one.shape)


def _wave(plan: Plan, arm: str) -> int:
    """The first month in which a lever is in force in an arm or in the reference; after the last month, if none ever is."""
    starts = [wave for wave in (first_wave(plan, arm), first_wave(plan, plan.study.reference)) if wave is not None]
    return min(starts, default=plan.study.world.months)


def _place(plan: Plan, cell: Cell, month: int, place: int, name: str, difference: float) -> str:
    world = plan.study.world
    space = geography_of(world.scope).spaces.codes[place]
    label = Clock(world.start, world.months).label(month)
    return (
        f"first in {cell.arm}, future {cell.future}, world {cell.world}, {label}, {space}: {name}, diff {difference:g}"
    )
