"""The ladder's tables: every combination of levers that was run, and what each lever contributes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from igrsim.metrics._base import metrics
from igrsim.results.contributions import ALL, contributions
from igrsim.runs.ladder import Ladder
from igrsim.runs.runner import Plan
from igrsim.runs.store import Store

KEYS = ("cell", "hash", "future", "world", "levers", "status")


def write_ladder(plan: Plan, store: Store, folder: Path, bad: set[int]) -> list[dict[str, Any]]:
    """Write a study's ladder, if it has one; returns the check that contributions add up.

    Parameters
    ----------
    bad : set of int
        Ordinals of cells that failed.
    """
    if plan.ladder is None:
        return []
    runs = _combinations(plan, plan.ladder, store, bad)
    runs.to_parquet(folder / "coalitions.parquet", index=False, compression="zstd")
    table = _shared_out(plan.ladder, runs)
    table.to_csv(folder / "ladder.csv", index=False, lineterminator="\n")
    return [_adding_up(plan.ladder, table)]


def _combinations(plan: Plan, ladder: Ladder, store: Store, bad: set[int]) -> pd.DataFrame:
    """The ladder's metrics in every run of every combination of levers, undefined where the run failed."""
    rows = []
    for (coalition, future, world), cell in plan.rungs.items():
        status = "failed" if cell.ordinal in bad else "done"
        row = dict(
            zip(KEYS, (cell.ordinal, cell.digest, future, world, ";".join(sorted(coalition)), status), strict=True)
        )
        if status == "done":
            counts = store.get(cell.digest, "space").drop(columns=["month", "place"]).sum()
            arrays = {str(name): np.array([float(value)]) for name, value in counts.items()}
            arrays["months"] = np.array([float(plan.study.world.months)])
            row |= {name: float(metrics[name].value(arrays)[0]) for name in ladder.metrics}
        rows.append(row)
    return pd.DataFrame(rows, columns=[*KEYS, *ladder.metrics])


def _shared_out(ladder: Ladder, runs: pd.DataFrame) -> pd.DataFrame:
    by_coalition = {
        frozenset(str(names).split(";")) - {""}: found.sort_values(["future", "world"])
        for names, found in runs.groupby("levers", sort=False)
    }
    tables = []
    for name in ladder.metrics:
        value = {coalition: found[name].to_numpy(float) for coalition, found in by_coalition.items()}
        tables.append(contributions(ladder.arm, name, metrics[name].unit, ladder.orders, ladder.every, value))
    return pd.concat(tables, ignore_index=True)


def _adding_up(ladder: Ladder, table: pd.DataFrame) -> dict[str, Any]:
    whole = table[table["lever"] == ALL].set_index("metric")["contribution"]
    parts = table[table["lever"] != ALL].groupby("metric")["contribution"].sum().reindex(whole.index)
    # metrics in which nothing differs, or that are undefined, have nothing to add up
    gap = float(((parts - whole).abs() / whole.abs()).replace(np.inf, np.nan).max())
    return {
        "name": f"levers' contributions add up to what {ladder.arm} changes, metric by metric",
        "expected": "largest relative gap below 1e-9",
        "found": "nothing to add up" if np.isnan(gap) else f"largest relative gap {gap:.1e}",
        "passed": not gap >= 1e-9,
    }
