"""Schedules of one regime held against each other, not against the reference: in the same worlds and futures."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from igrsim.results.effects import Analysis, effects_table
from igrsim.results.results import Results

ALIKE = ("regime", "levers")


def other_schedules(results: Results, arm: str) -> list[str]:
    """The arms that are the same regime as this one by another schedule."""
    about = {str(each["name"]): each for each in results.manifest["arms"]}
    mine = about[arm]
    return [
        name
        for name, each in about.items()
        if name not in (arm, results.reference)
        and all(each.get(key) == mine.get(key) for key in ALIKE)
        and each.get("rollout") != mine.get("rollout")
        and name not in results.lost_arms()
    ]


def schedules_apart(
    results: Results, metrics: Sequence[tuple[str, str, str]], arm: str, others: Sequence[str]
) -> pd.DataFrame:
    """Effects of other schedules against one, judged as the study's own effects are, with all of these counted.

    Parameters
    ----------
    metrics : sequence of (str, str, str)
        Name, unit and which is better. What needs resolved in both took depends on which arms are compared, and is not
        kept for every two: such metrics are left out.
    """
    about = results.manifest.get("analysis") or {}
    autopilot = results.manifest.get("autopilot") or {}
    analysis = Analysis(
        primary=tuple(about["primary"]) if "primary" in about else None,
        margin=about.get("margin") or {},
        adjust=str(about.get("adjust", "holm")),
        looks=len(autopilot.get("looks", [0])),
        together=int(results.manifest.get("futures_together", 1)),
    )
    known = [one for one in metrics if not one[0].endswith("_both")]
    runs = results.runs[results.runs["arm"].isin([arm, *others])]
    table = pd.DataFrame(known, columns=["name", "unit", "better"])
    return effects_table(runs, table, arm, [arm, *others], analysis=analysis)
