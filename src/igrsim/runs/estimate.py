"""What a study will take: cells, minutes, megabytes, from one timed and discarded month."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from igrsim.model import IGRModel
from igrsim.runs.autopilot import goal
from igrsim.runs.cell import Counted, run_cell
from igrsim.runs.layout import Plan, describe, lay_out
from igrsim.runs.measures import Measures
from igrsim.runs.runner import workers_for
from igrsim.runs.store import Store, pack
from igrsim.runs.study import Study
from igrsim.runs.study.excluding import without_effect
from igrsim.runs.study.size import looks_of, pairs_of

START_SECONDS = 4.0
"""Seconds in which a worker starts, imports and loads compiled kernels."""
TABLE_SECONDS = 5.0
"""Seconds in which tables, figures and the report of a small study are written."""
REPORT_BYTES = 3e6
DRIVER_BYTES = 450e6
TABLE_COPIES = 8
"""How often the cells that are being put into tables are in memory, about."""


@dataclass(frozen=True)
class Sample:
    """What one month of a study took and gave.

    Attributes
    ----------
    build, month, tables : float
        Seconds in which a world is built, a month lived, a month's tables made.
    cell, tables_too : (int, int)
        Bytes that a cell takes on disk, and the study's tables: without any month, and more for each.
    counts : int
        Bytes that a month's counts take in memory.
    """

    build: float
    month: float
    tables: float
    cell: tuple[int, int]
    tables_too: tuple[int, int]
    counts: int


def sample(plan: Plan) -> Sample:
    """Live a month of the last cell, and throw it away."""
    cell = plan.cells[-1]
    counted = run_cell(cell.spec, first=1)
    begun = time.perf_counter()
    model = IGRModel(cell.spec.scenario(), seed=cell.spec.seed, replication=cell.spec.world)
    built = time.perf_counter()
    model.step()
    lived = time.perf_counter()
    tables = Measures(plan).measured([(cell, counted.tables)])
    ended = time.perf_counter()
    return Sample(
        built - begun, lived - built, ended - lived, _bytes(counted.tables), _bytes(tables),
        sum(int(table.memory_usage(deep=True).sum()) for table in counted.tables.values()),
    )  # fmt: skip


def _bytes(tables: dict[str, pd.DataFrame]) -> tuple[int, int]:
    """What tables take on disk: empty, and more for what is in them."""
    empty = len(pack("", Counted({name: table.iloc[:0] for name, table in tables.items()})))
    return empty, len(pack("", Counted(tables))) - empty


def estimate(study: Study, out: Path | None = None) -> pd.DataFrame:
    """Lines of what a study is and will take, from one timed and discarded month.

    Parameters
    ----------
    out : Path, optional
        Results folder in which some of its cells may be.

    Returns
    -------
    DataFrame
        Columns what, value.
    """
    plan = lay_out(study)
    found, months = sample(plan), study.world.months
    cells = len(plan.every_cell)
    store = Store(out) if out else None
    digests = {cell.digest for cell in plan.every_cell}
    todo = len(digests) if store is None else sum(not store.has(digest) for digest in digests)
    workers = workers_for(study, plan, todo)

    def minutes(todo: int) -> str:
        waves = -(-todo // workers)
        seconds = waves * (found.build + found.month * months) + (START_SECONDS if todo else 0.0)
        seconds += TABLE_SECONDS + cells / Measures(plan).at_a_time * found.tables
        return f"{max(seconds / 60, 0.1):.1f}"

    looks = looks_of(study)
    ranging = len(looks) > 1
    fewest = minutes(min(todo, len(lay_out(study, looks[0]).every_cell))) if ranging else ""
    disk = todo * (found.cell[0] + found.cell[1] * months) + REPORT_BYTES
    disk += found.tables_too[0] + found.tables_too[1] * months * len(plan.cells)
    driver = DRIVER_BYTES + TABLE_COPIES * min(Measures(plan).at_a_time, cells) * found.counts * months
    pairs = pairs_of(study)
    again = len(plan.rivals.planners) * len(study.arms) if plan.rivals else 0
    further = len(plan.ladder.coalitions) - 2 if plan.ladder else 0
    less = pairs * (len(study.arms) + again + further) + (plan.audit is not None) - cells
    kinds = [f"{len(study.arms)} arms"]
    kinds += [f"{further} combinations of levers"] if further else []
    kinds += [f"{again} arms under rival theories"] if again else []
    runs = f"{kinds[0]} x" if len(kinds) == 1 else f"({' + '.join(kinds)}) x"
    rows = [
        ("cells", f"{'at most ' if ranging else ''}{cells} = {runs} {pairs} pairs of {len(plan.futures)} futures and {plan.worlds} worlds "
         f"({study.futures.pairing}){' + 1 computed again, for the audit' if plan.audit else ''}"
         f"{f', less {less} left out' if less else ''}"),
        *(("nothing left out", words) for words in without_effect(study)),
        *([("worlds", f"{' to '.join(dict.fromkeys(map(str, (looks[0], looks[-1]))))}: looks after {', '.join(map(str, looks))}; stops once {goal(study)}{_rounded(study, looks[-1])}")] if not isinstance(study.replication.worlds, int) else []),
        *([("ladder", plan.ladder.words())] if plan.ladder else []),
        *([("rivals", plan.rivals.words())] if plan.rivals else []),
        ("people simulated", f"{plan.citizens} of {plan.population}"),
        *([("to compute", f"{todo}: {len(digests) - todo} are there")] if store else []),
        ("workers", f"{workers} of {os.cpu_count()} cores"),
        ("minutes", f"about {fewest} to {minutes(todo)}" if ranging else f"about {minutes(todo)}"),
        ("megabytes a worker", f"about {plan.cell_bytes / 1e6:.0f}"),
        ("megabytes, driver", f"about {driver / 1e6:.0f}, however many cells"),
        ("megabytes on disk", f"about {max(disk / 1e6, 0.1):.1f}"),
        *((f"arm {name}", describe(study, name)) for name in study.arms),
        *(("in every arm", event.words()) for event in study.event),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["what", "value"])


def _rounded(study: Study, last: int) -> str:
    """That fewer worlds are run than are allowed, where they go round the futures."""
    worlds = study.replication.worlds
    if isinstance(worlds, int) or worlds.max == last:
        return ""
    return f"; max = {worlds.max} is rounded down to whole rounds of the futures"
