"""The rivals' tables: every run under a rival theory, each contrast under each theory, and where they agree."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from igrsim.metrics._base import metrics
from igrsim.results.agreement import rival_effects
from igrsim.runs.analysis import analysis_of
from igrsim.runs.layout import Plan
from igrsim.runs.measures import of_one_run
from igrsim.runs.rivals import Rivals
from igrsim.runs.runner import Failure
from igrsim.runs.store import Store

KEYS = ("cell", "hash", "arm", "planners", "future", "world", "status")


def write_rivals(
    plan: Plan, store: Store, folder: Path, bad: set[int], arms: pd.DataFrame, effects: pd.DataFrame
) -> list[Failure]:
    """Write what a study's contrasts come to under rival theories, if it asks for it; returns runs that cannot be measured.

    Parameters
    ----------
    bad : set of int
        Ordinals of cells that failed.
    arms : DataFrame
        The metrics of every run of every arm under the study's own theory, as the table of runs has them.
    effects : DataFrame
        What they come to under it.
    """
    rivals = plan.rivals
    if rivals is None:
        return []
    further, failures = _runs(plan, rivals, store, bad)
    further.to_parquet(folder / "rivals.parquet", index=False, compression="zstd")
    about = [(name, metrics[name].unit, metrics[name].better) for name in rivals.metrics]
    own = arms.assign(planners=rivals.own)
    everyone = pd.concat([own, further[further["status"] == "done"]], ignore_index=True)
    study = plan.study
    table = rival_effects(
        everyone, about, study.reference, list(study.arms), list(rivals.every), analysis_of(study), effects
    )
    table.to_csv(folder / "rivals.csv", index=False, lineterminator="\n")
    return failures


def _runs(plan: Plan, rivals: Rivals, store: Store, bad: set[int]) -> tuple[pd.DataFrame, list[Failure]]:
    """The metrics of every run under a rival theory, undefined where the run failed."""
    rows, failures = [], []
    for (arm, planners, future, world), cell in plan.rival_cells.items():
        status = "failed" if cell.ordinal in bad else "done"
        row = dict(zip(KEYS, (cell.ordinal, cell.digest, arm, planners, future, world, status), strict=True))
        if status == "done":
            found = of_one_run(store, cell, plan.study.world.months, rivals.metrics)
            if isinstance(found, Failure):
                failures.append(found)
                row["status"] = "failed"
            else:
                row |= found
        rows.append(row)
    return pd.DataFrame(rows, columns=[*KEYS, *rivals.metrics]), failures
