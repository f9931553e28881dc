"""What a study will take: cells, minutes, megabytes, from one timed and discarded month."""

from __future__ import annotations

import os
import time

import pandas as pd

from igrsim.model import IGRModel
from igrsim.runs.layout import describe, lay_out
from igrsim.runs.runner import workers_for
from igrsim.runs.study import Study
from igrsim.runs.study.excluding import without_effect

START_SECONDS = 4.0
"""Seconds in which a worker starts, imports and loads compiled kernels."""


def estimate(study: Study) -> pd.DataFrame:
    """Lines of what a study is and will take.

    Returns
    -------
    DataFrame
        Columns what, value.
    """
    plan = lay_out(study)
    last = plan.cells[-1].spec
    model = IGRModel(last.scenario(), seed=last.seed, replication=last.world)
    model.step()
    begun = time.perf_counter()
    model.step()
    month = time.perf_counter() - begun
    cells = len(plan.every_cell)
    workers = workers_for(study, plan, cells)
    # a pair of cells is as good as one more wave of work on every worker
    waves = -(-cells // workers)
    seconds = waves * (month * study.world.months + 1.0) + START_SECONDS
    pairs = study.pairs
    again = len(plan.rivals.planners) * len(study.arms) if plan.rivals else 0
    further = len(plan.ladder.coalitions) - 2 if plan.ladder else 0
    less = pairs * (len(study.arms) + again + further) + (plan.audit is not None) - cells
    kinds = [f"{len(study.arms)} arms"]
    kinds += [f"{further} combinations of levers"] if further else []
    kinds += [f"{again} arms under rival theories"] if again else []
    runs = f"{kinds[0]} x" if len(kinds) == 1 else f"({' + '.join(kinds)}) x"
    rows = [
        ("cells", f"{cells} = {runs} {pairs} pairs of {len(plan.futures)} futures and {study.replication.worlds} worlds "
         f"({study.futures.pairing}){' + 1 computed again, for the audit' if plan.audit else ''}"
         f"{f', less {less} left out' if less else ''}"),
        *(("nothing left out", words) for words in without_effect(study)),
        *([("ladder", plan.ladder.words())] if plan.ladder else []),
        *([("rivals", plan.rivals.words())] if plan.rivals else []),
        ("people simulated", f"{plan.citizens} of {plan.population}"),
        ("workers", f"{workers} of {os.cpu_count()} cores"),
        ("minutes", f"about {max(seconds / 60, 0.1):.1f}"),
        ("megabytes a worker", f"about {plan.cell_bytes / 1e6:.0f}"),
        *((f"arm {name}", describe(study, name)) for name in study.arms),
        *(("in every arm", event.words()) for event in study.event),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["what", "value"])
