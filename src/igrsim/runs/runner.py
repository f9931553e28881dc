"""Run what a study has not computed yet: on any executor, each cell kept as soon as it is done, each fault borne alone."""

from __future__ import annotations

import gc
import logging
import os
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field
from functools import cache

import psutil

from igrsim.runs.cell import CellSpec, run_cell
from igrsim.runs.executors import Crew, WorkerLostError
from igrsim.runs.layout import Cell, Plan
from igrsim.runs.store import Store, pack
from igrsim.runs.study import Study

log = logging.getLogger("igrsim")

RETRIES = 2
"""How often a cell is tried again whose worker died, hung or ran out of memory."""
MANY_PEOPLE = 2_000_000
"""People of a cell beyond which its months are divided among threads, and one cell is computed at a time."""
LEAST_PATIENCE = 120.0
FIRST_PATIENCE = 3600.0
TIMES_SLOWEST = 30.0
"""A worker has hung when a cell takes so many times longer than the slowest so far, unless the study says when."""


@dataclass(frozen=True)
class Failure:
    """A cell that could not be computed, and why."""

    cell: Cell
    error: str
    trace: str


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def threads_for(citizens: int) -> int:
    """How many threads a cell: with very many people, cores share one cell rather than work on one each."""
    return cores() if citizens > MANY_PEOPLE else 1


def workers_for(study: Study, plan: Plan, todo: int) -> int:
    """How many workers: as many as cores, cells and memory allow."""
    asked = study.runtime.workers
    wanted = 1 if plan.citizens > MANY_PEOPLE else cores() if asked == "auto" else int(asked)
    room = max(int(0.8 * psutil.virtual_memory().available / plan.cell_bytes), 1)
    return max(1, min(wanted, room, todo))


Worked = tuple[bytes | None, str, str, float]
"""What a worker gives back: the cell as it is kept, or an error and its traceback; and the seconds it took."""


def work_on(spec: CellSpec, digest: str) -> Worked:
    """Compute a cell: what a worker does; a fault is given back in words, never raised."""
    begun = time.perf_counter()
    try:
        if spec.digest() != digest or spec.files_changed():
            raise RuntimeError(
                "the model's code, tables or libraries, or a file the study names, changed while the study ran: run it again"
            )
        return pack(digest, run_cell(spec, threads=threads_for(spec.citizens))), "", "", time.perf_counter() - begun
    except (Exception, SystemExit) as error:
        return None, f"{type(error).__name__}: {error}", traceback.format_exc(), time.perf_counter() - begun
    finally:
        # a world and its agents hold each other: few objects, much memory, which the collector would leave for long
        gc.collect()
        _keep_what_stays()


@cache
def _keep_what_stays() -> None:
    """After the first cell, libraries and tables are there for good: the collector need not look through them again."""
    gc.freeze()


@dataclass
class _Work:
    """What is left to do: cells not begun, and those whose worker was lost, which are tried again alone at the end."""

    waiting: list[Cell]
    lost: list[Cell] = field(default_factory=list)
    tries: dict[str, int] = field(default_factory=dict)

    def next(self, under_way: int, size: int) -> Cell | None:
        if self.waiting:
            return self.waiting.pop() if under_way < size else None
        # alone: where memory was short, there is all of it now
        return self.lost.pop() if self.lost and not under_way else None


def compute(
    cells: Sequence[Cell],
    store: Store,
    crew: Crew,
    done: Callable[[Cell, float], None],
    cell_minutes: float | None = None,
) -> list[Failure]:
    """Compute cells, and keep each as soon as it is done.

    Parameters
    ----------
    cells : sequence of Cell
        Those that are not there yet.
    crew : Crew
        Who computes them; only as many are under way as it works on at a time, so memory stays bounded.
    done : callable
        Told of each finished cell and its seconds.
    cell_minutes : float, optional
        After how long a worker has hung; without it, after many times what the slowest cell took.

    Returns
    -------
    list of Failure
        Cells that could not be computed; all others are kept.
    """
    failures: list[Failure] = []
    work = _Work(list(reversed(cells)))
    running: dict[Future[Worked], tuple[Cell, float]] = {}
    slowest: float | None = None

    def give_up(cell: Cell, error: str, trace: str, seconds: float) -> None:
        work.tries[cell.digest] = work.tries.get(cell.digest, 0) + 1
        if work.tries[cell.digest] <= RETRIES:
            log.warning("cell %d: %s: it is tried again", cell.ordinal, error)
            work.lost.append(cell)
        else:
            _failed(cell, error, trace, failures)
            done(cell, seconds)

    while True:
        while cell := work.next(len(running), max(crew.size(), 1)):
            running[crew.executor.submit(work_on, cell.spec, cell.digest)] = cell, time.monotonic()
        if not running:
            return failures
        patience = _patience(cell_minutes, slowest)
        oldest = min(begun for _, begun in running.values())
        finished, _ = wait(running, timeout=max(oldest + patience - time.monotonic(), 0), return_when=FIRST_COMPLETED)
        for future in finished:
            cell, begun = running.pop(future)
            try:
                content, error, trace, seconds = future.result()
            except (WorkerLostError, CancelledError) as lost:
                give_up(cell, "worker died", f"the worker that computed this cell died repeatedly: {lost}", 0.0)
                continue
            slowest = max(slowest or 0.0, time.monotonic() - begun)
            if content is None and error.startswith("MemoryError"):
                give_up(cell, error, trace, seconds)
            elif content is None:
                _failed(cell, error, trace, failures)
                done(cell, seconds)
            else:
                store.put(cell.digest, content)
                log.info(
                    "cell %d (%s, future %d, world %d) in %.1f s",
                    cell.ordinal, cell.arm, cell.future, cell.world, seconds,
                )  # fmt: skip
                done(cell, seconds)
        for future in [f for f, (_, begun) in running.items() if time.monotonic() - begun > patience and not f.done()]:
            cell, begun = running.pop(future)
            crew.abandon(future)
            words = f"a worker was at it for more than {patience / 60:.1f} minutes and was given up"
            give_up(cell, "worker hung", words, time.monotonic() - begun)


def _patience(cell_minutes: float | None, slowest: float | None) -> float:
    """Seconds after which a worker has hung."""
    if cell_minutes is not None:
        return 60 * cell_minutes
    return FIRST_PATIENCE if slowest is None else max(LEAST_PATIENCE, TIMES_SLOWEST * slowest)


def _failed(cell: Cell, error: str, trace: str, failures: list[Failure]) -> None:
    log.error("cell %d (%s, future %d, world %d) failed: %s", cell.ordinal, cell.arm, cell.future, cell.world, error)
    failures.append(Failure(cell, error, trace))
