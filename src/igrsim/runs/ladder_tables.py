"""The ladder's tables: every combination of levers that was run, and what each lever contributes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from igrsim.metrics._base import metrics
from igrsim.results.contributions import ALL, contributions
from igrsim.runs.futures import together
from igrsim.runs.ladder import Ladder
from igrsim.runs.layout import Plan
from igrsim.runs.measures import of_one_run
from igrsim.runs.runner import Failure
from igrsim.runs.store import Store

KEYS = ("cell", "hash", "future", "world", "levers", "status")


def write_ladder(
    plan: Plan, store: Store, folder: Path, bad: set[int], arms: pd.DataFrame
) -> tuple[list[dict[str, Any]], list[Failure]]:
    """Write a study's ladder, if it has one; returns the check that contributions add up, and runs that cannot be measured.

    Parameters
    ----------
    bad : set of int
        Ordinals of cells that failed.
    arms : DataFrame
        The metrics of every run of every arm, as the table of runs has them.
    """
    if plan.ladder is None:
        return [], []
    runs, failures = _combinations(plan, plan.ladder, store, bad)
    runs.to_parquet(folder / "coalitions.parquet", index=False, compression="zstd")
    table = _shared_out(plan.ladder, runs, together(plan.study.futures))
    table.to_csv(folder / "ladder.csv", index=False, lineterminator="\n")
    return [_adding_up(plan.ladder, plan.study.reference, table, runs, arms)], failures


def _combinations(plan: Plan, ladder: Ladder, store: Store, bad: set[int]) -> tuple[pd.DataFrame, list[Failure]]:
    """The ladder's metrics in every run of every combination of levers, undefined where the run failed."""
    rows, failures = [], []
    for (coalition, future, world), cell in plan.rungs.items():
        status = "failed" if cell.ordinal in bad else "done"
        row = dict(
            zip(KEYS, (cell.ordinal, cell.digest, future, world, ";".join(sorted(coalition)), status), strict=True)
        )
        if status == "done":
            found = of_one_run(store, cell, plan.study.world.months, ladder.metrics)
            if isinstance(found, Failure):
                failures.append(found)
                row["status"] = "failed"
            else:
                row |= found
        rows.append(row)
    return pd.DataFrame(rows, columns=[*KEYS, *ladder.metrics]), failures


def _shared_out(ladder: Ladder, runs: pd.DataFrame, drawn: int) -> pd.DataFrame:
    by_coalition = {
        frozenset(str(names).split(";")) - {""}: found.sort_values(["future", "world"])
        for names, found in runs.groupby("levers", sort=False)
    }
    first = next(iter(by_coalition.values()))
    units = first["future"].to_numpy(int) // drawn, first["world"].to_numpy(int)
    tables = []
    for name in ladder.metrics:
        value = {coalition: found[name].to_numpy(float) for coalition, found in by_coalition.items()}
        tables.append(contributions(ladder.arm, name, metrics[name].unit, ladder.orders, ladder.every, value, units))
    return pd.concat(tables, ignore_index=True)


def _adding_up(
    ladder: Ladder, reference: str, table: pd.DataFrame, runs: pd.DataFrame, arms: pd.DataFrame
) -> dict[str, Any]:
    """Whether contributions sum to what the arm's own runs differ from the reference's by.

    In the ladder alone they do by construction; the table of runs knows nothing of combinations of levers.
    """
    gaps = []
    for name in ladder.metrics:
        parts = float(table.loc[(table["metric"] == name) & (table["lever"] != ALL), "contribution"].sum(skipna=False))
        defined = runs.assign(known=np.isfinite(runs[name])).groupby(["future", "world"])["known"].all()
        pairs = defined.index[defined]
        mine, theirs = (
            arms[arms["arm"] == arm].set_index(["future", "world"])[name].reindex(pairs).mean()
            for arm in (ladder.arm, reference)
        )
        gap, level = abs(parts - (mine - theirs)), max(abs(mine), abs(theirs))
        # a metric that is undefined in some combination in every pair has nothing to add up
        if len(pairs):
            gaps.append(0.0 if gap == 0 else gap / level if level else np.inf)
    gap = max(gaps, default=np.nan) if not np.isnan(gaps).any() else np.inf
    return {
        "name": f"levers' contributions add up to what {ladder.arm} changes, metric by metric",
        "expected": "largest gap, as a share of the metric's level in the arms' own runs, below 1e-9",
        "found": "nothing to add up" if np.isnan(gap) else f"largest gap {gap:.1e}",
        "passed": not gap >= 1e-9,
    }
