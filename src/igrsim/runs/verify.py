"""Whether results are what the study gives: every file as it was written, and cells computed again to the same bytes."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from igrsim.results.results import Results
from igrsim.runs import runner
from igrsim.runs.executors import WorkerLostError, open_crew
from igrsim.runs.layout import Cell, Plan, lay_out
from igrsim.runs.manifest import study_digest
from igrsim.runs.measures import Measures
from igrsim.runs.runner import Worked
from igrsim.runs.seal import MANIFEST, broken_seals
from igrsim.runs.store import Store, unpack
from igrsim.runs.study import read_study

SAME = "the same, to the byte"


def verify(folder: Path, cells: int | None, workers: int) -> pd.DataFrame:
    """Compare a study's files with their checksums, and some of its cells with what they give when computed again.

    Parameters
    ----------
    folder : Path
        A study's folder, or a results folder with one study in it.
    cells : int or None
        How many, spread over the study; None for all of them.
    workers : int

    Returns
    -------
    DataFrame
        Columns name, expected, found, passed.
    """
    results = Results(folder)
    folder = results.folder
    rows = [_row(name, "as it was written", found, False) for name, found in broken_seals(folder)]
    if not rows:
        rows = [
            _row(f"{len(results.manifest['files']) + 1} files", "as they were written", "as they were written", True)
        ]
    elif any(row["name"] in (MANIFEST, "resolved.toml", "design.parquet") for row in rows):
        return pd.DataFrame([*rows, _row("cells", SAME, "not computed: what says how was changed", False)])
    plan = lay_out(read_study(folder / "resolved.toml")[0], int(results.manifest["worlds"]))
    if study_digest(plan) != results.manifest["study_hash"]:
        rows.append(_row("cells", SAME, f"not computed: {_other_version(plan, results)}", False))
        return pd.DataFrame(rows)
    done = set(results.design["cell"][results.design["status"] == "done"])
    good = [cell for cell in plan.cells if cell.ordinal in done]
    chosen = good if cells is None else [good[i] for i in sorted({*np.linspace(0, len(good) - 1, cells).astype(int)})]
    return pd.DataFrame(rows + _computed_again(plan, folder, chosen if good else [], workers))


def _row(name: str, expected: str, found: str, passed: bool) -> dict[str, Any]:
    return {"name": name, "expected": expected, "found": found, "passed": passed}


def _other_version(plan: Plan, results: Results) -> str:
    from igrsim.runs.cell import libraries, model_digest

    then, now = results.manifest["versions"], {"model": model_digest(), **libraries()}
    changed = [
        f"{name} {str(then.get(name))[:12]} then, {str(value)[:12]} now"
        for name, value in now.items()
        if then.get(name) != value
    ]
    return "; ".join(changed) or "a file that the study names was changed"


def _computed_again(plan: Plan, folder: Path, cells: list[Cell], workers: int) -> list[dict[str, Any]]:
    store, measures, rows = Store(folder.parent), Measures(plan), []
    with open_crew("processes", max(min(workers, len(cells)), 1), fresh=True) as crew:
        asked: list[Future[Worked]] = []
        for place, cell in enumerate(cells):
            # only a few are asked for ahead: each answer is a whole cell
            while len(asked) < min(place + 2 * workers, len(cells)):
                ahead = cells[len(asked)]
                asked.append(crew.executor.submit(runner.work_on, ahead.spec, ahead.digest))
            try:
                content, error, _, _ = asked[place].result()
            except WorkerLostError as lost:
                content, error = None, str(lost)
            asked[place] = Future()
            found = f"failed: {error}" if content is None else _differences(store, measures, folder, cell, content)
            name = f"cell {cell.ordinal} ({cell.arm}, future {cell.future}, world {cell.world})"
            rows.append(_row(name, SAME, found or SAME, not found))
    return rows


def _differences(store: Store, measures: Measures, folder: Path, cell: Cell, content: bytes) -> str:
    """In which tables a cell computed again differs from the study's; nothing if in none."""
    places = []
    if store.file(cell.digest).exists() and store.read(cell.digest) != content:
        places.append("its own file")
    for name, again in measures.measured([(cell, unpack(cell.digest, content))]).items():
        # what only a pair of runs can tell is not in a cell
        alone = again.drop(columns=[m.name for m in measures.known if m.level == "pair"], errors="ignore")
        wanted = {"columns": list(alone.columns), "filters": [("cell", "==", cell.ordinal)]}
        try:
            rows = pq.read_table(folder / f"{name}.parquet", **wanted).to_pandas()
            same = rows.reset_index(drop=True).equals(alone.reset_index(drop=True))
        except FileNotFoundError:
            # a table without any row has no file
            same = not len(alone)
        except (OSError, pa.ArrowException):
            same = False
        if not same:
            places.append(f"{name}.parquet")
    return f"differs in {', '.join(places)}" if places else ""
