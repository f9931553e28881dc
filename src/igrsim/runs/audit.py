"""The audit: one cell computed twice must be the same; and how much it helps that arms share their luck."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.kernel.clock import Clock
from igrsim.metrics._base import GROUPS, metrics
from igrsim.places.geography import Geography
from igrsim.places.scopes import geography_of
from igrsim.results.columns import OTHERS
from igrsim.results.effects import side_by_side
from igrsim.runs.cell import LEVELS
from igrsim.runs.layout import Cell, Plan
from igrsim.runs.store import Store
from igrsim.services.catalogue import load_catalogue

F64 = NDArray[np.float64]

TABLES = (*LEVELS, "ledger", "resolved", "rules")
FINEST_FIRST = ("municipality", "space", "people", "need")
"""The tables in which the first point of divergence is looked for; counts of municipalities are in those of spaces too."""


def audit_check(plan: Plan, store: Store, bad: set[int]) -> list[dict[str, Any]]:
    """Whether the reference's first cell, computed again in another process in reverse order, came out the same.

    Parameters
    ----------
    bad : set of int
        Ordinals of cells that failed.
    """
    if plan.audit is None:
        return []
    first = next(cell for cell in plan.cells if cell.arm == plan.study.reference)
    row = {
        "name": f"{first.arm} computed again in a process of its own, agents visited in reverse, equals itself in every "
        f"count of every table",
        "expected": "largest difference 0",
    }
    if {first.ordinal, plan.audit.ordinal} & bad:
        return [{**row, "found": "not computed", "passed": False}]
    gaps = {name: gap(store.get(first.digest, name), store.get(plan.audit.digest, name)) for name in TABLES}
    apart = {name: found for name, found in gaps.items() if found != 0}
    found = "0" if not apart else "; ".join(f"{name}: {said(value)}" for name, value in apart.items())
    return [{**row, "found": found, "passed": not apart}]


def gap(one: pd.DataFrame, other: pd.DataFrame) -> float:
    """The largest difference of any number in two tables, whatever the order of rows; infinite where rows or words differ."""
    if list(one.columns) != list(other.columns) or len(one) != len(other):
        return float("inf")
    columns = list(one.columns)
    one, other = (table.sort_values(columns, kind="stable", ignore_index=True) for table in (one, other))
    numbers = one.select_dtypes("number").columns
    words = one.columns.difference(numbers)
    if not one[words].equals(other[words]):
        return float("inf")
    return float(np.abs(one[numbers].to_numpy() - other[numbers].to_numpy()).max(initial=0))


def said(value: float) -> str:
    """A gap in words."""
    return f"largest difference {value:g}" if np.isfinite(value) else "other rows"


def write_audit(
    plan: Plan, store: Store, folder: Path, good: list[Cell], runs: pd.DataFrame, against: pd.DataFrame
) -> None:
    """Write how closely each arm follows the reference, for every primary metric.

    Parameters
    ----------
    runs : DataFrame
        Metrics by run.
    against : DataFrame
        The reference's values where they depend on the arm.
    """
    study = plan.study
    rows = []
    for arm in study.arms:
        if arm == study.reference:
            continue
        mine, theirs = side_by_side(runs, arm, study.reference, against)
        first = first_divergence(plan, store, good, arm)
        for name in study.analysis.primary:
            found = kinship(mine[name].to_numpy(float), theirs[name].to_numpy(float))
            about = {"arm": arm, "reference": study.reference, "metric": name, "unit": metrics[name].unit}
            rows.append({**about, **found, **first})
    columns = [c.name for c in OTHERS if c.table == "audit"]
    table = pd.DataFrame(rows, columns=columns).astype({"first_figures": "Int64"})
    table.to_csv(folder / "audit.csv", index=False, lineterminator="\n")


def kinship(arm: F64, reference: F64) -> dict[str, Any]:
    """Pairs, correlation and variance reduction of runs that share world and future; not known where they do not vary."""
    defined = np.isfinite(arm) & np.isfinite(reference)
    arm, reference = arm[defined], reference[defined]
    pairs = len(arm)
    correlation = reduction = float("nan")
    if pairs > 1:
        apart, together = arm.var(ddof=1) + reference.var(ddof=1), (arm - reference).var(ddof=1)
        if arm.std() > 0 and reference.std() > 0:
            correlation = float(np.corrcoef(arm, reference)[0, 1])
        if apart > 0:
            reduction = float(apart / together) if together > 0 else float("inf")
    return {"pairs": pairs, "correlation": correlation, "variance_reduction": reduction}


def first_divergence(plan: Plan, store: Store, good: list[Cell], arm: str) -> dict[str, Any]:
    """Where and when the first pair's runs of an arm and the reference first differ; empty where they never do."""
    study = plan.study
    bases = {(c.future, c.world): c for c in good if c.arm == study.reference}
    pair = next(((c, bases[c.future, c.world]) for c in good if c.arm == arm and (c.future, c.world) in bases), None)
    if pair is None:
        return {}
    apart = {name: _apart(*(store.get(cell.digest, name) for cell in pair)) for name in FINEST_FIRST}
    month = min((int(table["month"].min()) for table in apart.values() if len(table)), default=None)
    if month is None:
        return {}
    then = {name: table[table["month"] == month] for name, table in apart.items()}
    table = next(name for name in FINEST_FIRST if len(then[name]))
    first = then[table].sort_values(["place", "count"], kind="stable").iloc[0]
    clock = Clock(study.world.start, study.world.months)
    return {
        "first_month": clock.label(month),
        "first_table": table,
        "first_place": places_of(table, geography_of(study.world.scope))[int(first["place"])],
        "first_count": str(first["count"]),
        "first_figures": sum(len(found) for found in then.values()),
    }


def _apart(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Month, place and count of every figure in which two cells' tables differ."""
    counts = [str(name) for name in one.columns if name not in ("month", "place")]
    row, column = np.nonzero(one[counts].to_numpy() != other[counts].to_numpy())
    return pd.DataFrame(
        {
            "month": one["month"].to_numpy()[row],
            "place": one["place"].to_numpy()[row],
            "count": np.array(counts, dtype=object)[column],
        }
    )


def places_of(level: str, geography: Geography) -> list[str]:
    """What the places of a table of counts are called."""
    if level == "people":
        return [f"{dimension} {group}" for dimension, group in GROUPS]
    if level == "need":
        return list(load_catalogue().needs)
    return list(geography.spaces.codes if level == "space" else geography.municipalities.codes)
