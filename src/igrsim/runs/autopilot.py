"""The autopilot: a study whose number of worlds is not fixed stops when it has decided, or at its cap."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from igrsim.metrics._base import metrics
from igrsim.results.effects import effects_table
from igrsim.results.results import CAP
from igrsim.results.verdict import ENOUGH, LEVEL
from igrsim.runs.analysis import analysis_of
from igrsim.runs.layout import Plan, lay_out
from igrsim.runs.manifest import about_metrics
from igrsim.runs.measures import HEAD, of_one_run, same_needs
from igrsim.runs.runner import Failure
from igrsim.runs.store import Store
from igrsim.runs.study import Study
from igrsim.runs.study.size import looks_of

log = logging.getLogger("igrsim")

DECIDED = "every primary contrast is decided"
DECIDED_OTHERS = "every primary contrast that has a pair of runs is decided"
HOPELESS = "nothing can be decided: no contrast has a pair of runs"
PRECISE = "the precision asked for is reached"


@dataclass(frozen=True)
class Course:
    """The way a study took.

    Attributes
    ----------
    plan : Plan
        Its cells, in the worlds that it took.
    failures : list of Failure
    computed : int
        Cells computed now.
    about : dict
        What the manifest says: planned looks, the looks taken, why it stopped, which precision is reached. Empty where
        the number of worlds is fixed.
    """

    plan: Plan
    failures: list[Failure]
    computed: int
    about: dict[str, Any]


def fly(study: Study, store: Store, compute: Callable[[Plan], tuple[list[Failure], int]]) -> Course:
    """Compute a study's worlds, look by look, until what it was to find out is found out.

    Each look depends on nothing but cells, so a study that was interrupted takes the same way again.

    Parameters
    ----------
    compute : callable
        Computes what a plan lacks; gives back failures and how many cells it computed.
    """
    computed = 0
    seen: dict[str, dict[str, float] | Failure] = {}
    for number, worlds in enumerate(looks_of(study), start=1):
        plan = lay_out(study, worlds)
        failures, now = compute(plan)
        computed += now
        if isinstance(study.replication.worlds, int):
            return Course(plan, failures, computed, {})
        contrasts = contrasts_at(plan, store, failures, seen)
        why = reason_to_stop(study, contrasts)
        log.info("look %d, %d worlds: %s", number, worlds, why or "go on")
        if why:
            break
    about = {
        "looks": list(looks_of(study)),
        "taken": number,
        "worlds": plan.worlds,
        "why": why or CAP,
        "level_each_look": LEVEL / len(looks_of(study)),
        "stop": study.replication.stop.model_dump() if study.replication.stop else None,
        "contrasts": contrasts,
    }
    return Course(plan, failures, computed, about)


def contrasts_at(
    plan: Plan, store: Store, failures: list[Failure], seen: dict[str, dict[str, float] | Failure]
) -> list[dict[str, Any]]:
    """How sure each primary contrast is after a look, and the one that decides when to stop, if it is another.

    Parameters
    ----------
    seen : dict of str to dict
        Metrics of the runs that earlier looks saw, by cell; those of this look are put in.
    """
    study = plan.study
    stop = study.replication.stop
    names = list(dict.fromkeys([*study.analysis.primary, *([stop.on] if stop else [])]))
    bad = {failure.cell.ordinal for failure in failures}
    good = [cell for cell in plan.cells if cell.ordinal not in bad]
    for cell in good:
        if cell.digest not in seen:
            alone = [name for name in names if metrics[name].level != "pair"]
            seen[cell.digest] = of_one_run(store, cell, study.world.months, alone)
    against = None
    if paired := [metrics[name] for name in names if metrics[name].level == "pair"]:
        pairs, against, unpaired = same_needs(plan, store, good, paired)
        bad |= {failure.cell.ordinal for failure in unpaired}
    # the tables say what cannot be measured; here it is left out
    told = [(c, seen[c.digest]) for c in good if c.ordinal not in bad]
    rows = [
        (c.ordinal, c.arm, c.future, c.world, *(found.get(n, np.nan) for n in names))
        for c, found in told
        if not isinstance(found, Failure)
    ]
    runs = pd.DataFrame(rows, columns=[*HEAD, *names])
    if paired:
        mine = [m.name for m in paired]
        runs[mine] = runs[HEAD].merge(pairs[[*HEAD, *mine]], on=HEAD, how="left")[mine].to_numpy()
    about = pd.DataFrame(about_metrics([metrics[name] for name in names], study.analysis.primary))
    table = effects_table(runs, about, study.reference, list(study.arms), against, analysis_of(study))
    return [
        {
            "arm": str(row["arm"]),
            "metric": str(row["metric"]),
            "unit": str(row["unit"]),
            "contrast": str(row["contrast"]),
            "difference": plain(row["difference"]),
            "half_width": plain((row["mean_high"] - row["mean_low"]) / 2),
            "margin": plain(row["margin"]),
            "verdict": str(row["verdict"]),
            "pairs": int(row["pairs"]),
            "decided": decided(row, plan.worlds >= looks_of(study)[-1]),
        }
        for row in table.to_dict("records")
    ]


def decided(row: Any, last: bool = False) -> bool:
    """Whether a contrast is told from nought or from its margin.

    Where all pairs are alike, t knows no doubt: two of them would settle anything, so as many are asked for as elsewhere,
    unless there are no more to come.
    """
    if not last and row["units"] < ENOUGH and row["mean_low"] == row["mean_high"]:
        return False
    return bool(row["p_adjusted"] <= LEVEL or row["p_equal_adjusted"] <= LEVEL)


def reason_to_stop(study: Study, contrasts: list[dict[str, Any]]) -> str:
    """Why a study need not go on; nothing if it must."""
    stop = study.replication.stop
    mine = [c for c in contrasts if (c["metric"] == stop.on if stop else c["contrast"] == "primary")]
    # more worlds do not help what has no pair of runs
    open_to_runs = [c for c in mine if c["pairs"]]
    if not open_to_runs:
        return HOPELESS
    if stop:
        precise = all(c["half_width"] is not None and c["half_width"] <= stop.half_width for c in mine)
        return PRECISE if precise else ""
    if not all(c["decided"] for c in open_to_runs):
        return ""
    return DECIDED if open_to_runs == mine else DECIDED_OTHERS


def goal(study: Study) -> str:
    """What a study is to find out, in words."""
    stop = study.replication.stop
    if stop is None:
        return DECIDED
    return (
        f"the mean difference in {stop.on} is known to within {stop.half_width:g} {metrics[stop.on].unit} in every arm"
    )


def plain(value: float) -> float | None:
    """A number as JSON can hold it."""
    return float(value) if np.isfinite(value) else None
