"""Ways for a cell to go wrong, importable by the processes that compute cells."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from ways_to_end import gone

from igrsim.runs.cell import CellSpec, Counted, run_cell
from igrsim.runs.runner import Worked, work_on
from igrsim.runs.store import pack

TRACES = "FOLDER_OF_CELLS_BEGUN"
"""Environment variable: where each cell leaves a mark when it begins."""


def begun(spec: CellSpec) -> int:
    """How often a cell has begun, this time included."""
    folder = Path(os.environ[TRACES])
    name = f"{'-'.join(spec.levers[:1]) or 'none'}-{spec.world}"
    times = len(list(folder.glob(f"{name}.*"))) + 1
    (folder / f"{name}.{times}.{os.getpid()}").touch()
    return times


def raises_in_one(spec: CellSpec, threads: int = 1) -> Counted:
    """World 1 of the arm with levers cannot be computed."""
    if spec.levers and spec.world == 1:
        raise ZeroDivisionError("=1+1 <b>no desks</b>")
    return run_cell(spec)


def raises_in_all(spec: CellSpec, threads: int = 1) -> Counted:
    """Nothing can be computed."""
    raise ValueError("no luck at all")


def raises_in_levers(spec: CellSpec, threads: int = 1) -> Counted:
    """An arm cannot be computed."""
    if spec.levers:
        raise ValueError("no luck with levers")
    return run_cell(spec)


def dies_once(spec: CellSpec, digest: str) -> Worked:
    """The process is killed the first time it computes world 0 without levers."""
    if not spec.levers and spec.world == 0 and begun(spec) == 1:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    return work_on(spec, digest)


def dies_always(spec: CellSpec, digest: str) -> Worked:
    """The process ends whenever it computes world 0 without levers."""
    if not spec.levers and spec.world == 0:
        begun(spec)
        os._exit(3)
    return work_on(spec, digest)


def marks(spec: CellSpec, digest: str) -> Worked:
    """Nothing goes wrong; each cell's process is noted."""
    begun(spec)
    return work_on(spec, digest)


def other_code(spec: CellSpec, digest: str) -> Worked:
    """A process that has another version of the model."""
    return work_on(spec, "0" * 64)


def depends_on_order(spec: CellSpec, digest: str) -> Worked:
    """A figure that comes out otherwise where agents are visited in reverse."""
    if not spec.reverse:
        return work_on(spec, digest)
    counted = run_cell(spec)
    counted.tables["space"].loc[1, "attended"] += 3
    return pack(digest, counted), "", "", 0.0


def fails_in_reverse(spec: CellSpec, digest: str) -> Worked:
    """The cell that is computed again cannot be."""
    return (None, "ValueError: no", "", 0.0) if spec.reverse else work_on(spec, digest)


def hangs(spec: CellSpec, digest: str) -> Worked:
    """A worker never comes back from world 0 without levers."""
    if not spec.levers and spec.world == 0:
        begun(spec)
        gone("hang")
    return work_on(spec, digest)


def short_of_memory(spec: CellSpec, digest: str) -> Worked:
    """Memory is short the first time for world 0, and always for world 1, without levers."""
    times = begun(spec)
    if not spec.levers and (spec.world == 1 or times == 1):
        return None, "MemoryError: no room", "", 0.0
    return work_on(spec, digest)
