"""Run what a study has not computed yet: on processes, each cell kept as soon as it is done."""

from __future__ import annotations

import errno
import gc
import logging
import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

import psutil

from igrsim.runs.cell import CellSpec, Counted, run_cell
from igrsim.runs.layout import Cell, Plan
from igrsim.runs.store import Store
from igrsim.runs.study import Study

log = logging.getLogger("igrsim")

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
RETRIES = 2
"""How often a cell is tried again whose worker died."""


@dataclass(frozen=True)
class Failure:
    """A cell that could not be computed, and why."""

    cell: Cell
    error: str
    trace: str


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers_for(study: Study, plan: Plan, todo: int) -> int:
    """How many processes: as many as cores, cells and memory allow."""
    asked = study.runtime.workers
    wanted = cores() if asked == "auto" else int(asked)
    room = max(int(0.8 * psutil.virtual_memory().available / plan.cell_bytes), 1)
    return max(1, min(wanted, room, todo))


Worked = tuple[Counted | None, str, str, float]
"""What a worker gives back: the counts, or an error and its traceback; and the seconds it took."""


def _work(spec: CellSpec, digest: str) -> Worked:
    begun = time.perf_counter()
    try:
        if spec.digest() != digest:
            raise RuntimeError("the model's code or tables changed while the study ran: run it again")
        return run_cell(spec), "", "", time.perf_counter() - begun
    except Exception as error:
        return None, f"{type(error).__name__}: {error}", traceback.format_exc(), time.perf_counter() - begun
    finally:
        # a world and its agents hold each other: few objects, much memory, which the collector would leave for long
        gc.collect()


def compute(
    plan: Plan, store: Store, workers: int, done: Callable[[Cell, float], None], audit: bool = False
) -> list[Failure]:
    """Compute the cells that are not there yet.

    Parameters
    ----------
    done : callable
        Told of each finished cell and its seconds.
    audit : bool
        Every cell in a process of its own, not only those computed a second time.

    Returns
    -------
    list of Failure
        Cells that could not be computed; all others are kept.
    """
    todo = [cell for cell in plan.every_cell if not store.has(cell.digest)]
    failures: list[Failure] = []
    # what is computed a second time has a process of its own
    alone = todo if audit else [cell for cell in todo if cell.spec.reverse]
    together = [] if audit else [cell for cell in todo if not cell.spec.reverse]
    _compute(together, store, workers, done, False, failures)
    _compute(alone, store, workers, done, True, failures)
    return failures


def _compute(
    todo: list[Cell],
    store: Store,
    workers: int,
    done: Callable[[Cell, float], None],
    audit: bool,
    failures: list[Failure],
) -> None:
    if not todo:
        return
    if workers == 1 and not audit:
        for cell in todo:
            _keep(cell, _work(cell.spec, cell.digest), store, failures, done)
        return
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    suspects, never_begun = _round(todo, store, workers, done, audit, failures)
    while suspects or never_begun:
        for cell in suspects:
            _alone(cell, store, done, failures)
        suspects, never_begun = _round(never_begun, store, workers, done, audit, failures)


def _alone(cell: Cell, store: Store, done: Callable[[Cell, float], None], failures: list[Failure]) -> None:
    """Try a cell that was under way when a worker died, in a process of its own: blame falls on the right one."""
    for _ in range(RETRIES):
        lost, _ = _round([cell], store, 1, done, True, failures)
        if not lost:
            return
    outcome = None, "worker died", "the process that computed this cell died repeatedly", 0.0
    _keep(cell, outcome, store, failures, done)


def _round(
    todo: list[Cell],
    store: Store,
    workers: int,
    done: Callable[[Cell, float], None],
    audit: bool,
    failures: list[Failure],
) -> tuple[list[Cell], list[Cell]]:
    """One pool of workers; returns the cells under way when a worker died, and those not begun."""
    suspects: list[Cell] = []
    waiting = list(reversed(todo))
    if not todo:
        return [], []
    context = multiprocessing.get_context("spawn")
    # Ctrl-C at a terminal reaches every process: only the driver heeds it, so that there is one message, not many
    pool = ProcessPoolExecutor(
        workers,
        mp_context=context,
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
        max_tasks_per_child=1 if audit else None,
    )
    others = set(multiprocessing.active_children())
    running: dict[Future[Worked], Cell] = {}
    broken = False
    try:
        while running or (waiting and not broken):
            # only a few at a time: memory stays bounded whatever the number of cells
            while waiting and len(running) < 2 * workers and not broken:
                try:
                    running[pool.submit(_work, waiting[-1].spec, waiting[-1].digest)] = waiting[-1]
                    waiting.pop()
                except BrokenProcessPool:
                    broken = True
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                cell = running.pop(future)
                try:
                    outcome = future.result()
                except BrokenProcessPool:
                    broken = True
                    suspects.append(cell)
                    continue
                _keep(cell, outcome, store, failures, done)
    except BaseException:
        # interrupted: what is finished is kept, what is under way would keep the user waiting
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return suspects, waiting[::-1]


def _keep(
    cell: Cell,
    outcome: Worked,
    store: Store,
    failures: list[Failure],
    done: Callable[[Cell, float], None],
) -> None:
    counted, error, trace, seconds = outcome
    if counted is None:
        log.error(
            "cell %d (%s, future %d, world %d) failed: %s", cell.ordinal, cell.arm, cell.future, cell.world, error
        )
        failures.append(Failure(cell, error, trace))
    else:
        try:
            store.put(cell.digest, counted)
        except OSError as fault:
            if fault.errno == errno.ENOSPC:
                raise
            # a cell that cannot be kept must not take the others with it
            log.error("cell %d could not be kept: %s", cell.ordinal, fault)
            failures.append(Failure(cell, f"{type(fault).__name__}: {fault}", traceback.format_exc()))
            done(cell, seconds)
            return
        log.info(
            "cell %d (%s, future %d, world %d) in %.1f s", cell.ordinal, cell.arm, cell.future, cell.world, seconds
        )
    done(cell, seconds)
