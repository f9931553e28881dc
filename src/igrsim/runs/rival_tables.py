"""The rivals' tables: every run under a rival theory, each contrast under each theory, and where they agree."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from igrsim.metrics._base import metrics
from igrsim.results.agreement import rival_effects
from igrsim.runs.futures import together
from igrsim.runs.layout import Plan
from igrsim.runs.measures import of_one_run
from igrsim.runs.rivals import Rivals
from igrsim.runs.store import Store

KEYS = ("cell", "hash", "arm", "planners", "future", "world", "status")


def write_rivals(plan: Plan, store: Store, folder: Path, bad: set[int], arms: pd.DataFrame) -> None:
    """Write what a study's contrasts come to under rival theories, if it asks for it.

    Parameters
    ----------
    bad : set of int
        Ordinals of cells that failed.
    arms : DataFrame
        The metrics of every run of every arm under the study's own theory, as the table of runs has them.
    """
    rivals = plan.rivals
    if rivals is None:
        return
    further = _runs(plan, rivals, store, bad)
    further.to_parquet(folder / "rivals.parquet", index=False, compression="zstd")
    about = [(name, metrics[name].unit, metrics[name].better) for name in rivals.metrics]
    own = arms.assign(planners=rivals.own)
    everyone = pd.concat([own, further[further["status"] == "done"]], ignore_index=True)
    drawn = together(plan.study.futures)
    table = rival_effects(everyone, about, plan.study.reference, list(plan.study.arms), list(rivals.every), drawn)
    table.to_csv(folder / "rivals.csv", index=False, lineterminator="\n")


def _runs(plan: Plan, rivals: Rivals, store: Store, bad: set[int]) -> pd.DataFrame:
    """The metrics of every run under a rival theory, undefined where the run failed."""
    rows = []
    for (arm, planners, future, world), cell in plan.rival_cells.items():
        status = "failed" if cell.ordinal in bad else "done"
        row = dict(zip(KEYS, (cell.ordinal, cell.digest, arm, planners, future, world, status), strict=True))
        if status == "done":
            row |= of_one_run(store, cell.digest, plan.study.world.months, rivals.metrics)
        rows.append(row)
    return pd.DataFrame(rows, columns=[*KEYS, *rivals.metrics])
