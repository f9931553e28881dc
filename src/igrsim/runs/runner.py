"""Run what a study has not computed yet, and put its tables together."""

from __future__ import annotations

import errno
import gc
import logging
import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from igrsim.citizens.population import REMEMBERED
from igrsim.kernel.clock import Clock
from igrsim.places.geography import load_geography
from igrsim.places.scopes import geography_of, open_scope
from igrsim.regimes.regime import preset
from igrsim.regimes.rollout import Rollout, plan_rollout
from igrsim.results.contributions import Coalition
from igrsim.runs.cell import CellSpec, Counted, file_digest, run_cell
from igrsim.runs.futures import design, pairs
from igrsim.runs.ladder import Ladder, ladder_of, spec_with
from igrsim.runs.store import Store
from igrsim.runs.study import Study

log = logging.getLogger("igrsim")

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
RETRIES = 2
"""How often a cell is tried again whose worker died."""
RUNG = "(ladder)"
"""What stands for an arm's name in a cell that is no arm's."""
BASE_BYTES = 450e6
BYTES_A_CITIZEN = 110
BYTES_REMEMBERED = 130
"""What each need of a citizen has cost, where it is kept."""
BYTES_A_SPACE_MONTH = 12_000


@dataclass(frozen=True)
class Cell:
    """One cell in its place in the study's design."""

    ordinal: int
    arm: str
    future: int
    world: int
    spec: CellSpec
    digest: str


@dataclass(frozen=True)
class Failure:
    """A cell that could not be computed, and why."""

    cell: Cell
    error: str
    trace: str


@dataclass(frozen=True)
class Plan:
    """The cells of a study, laid out.

    Attributes
    ----------
    cells : tuple of Cell
        Those of the arms.
    futures : list of dict
        Parameter values of each future.
    rollouts : dict of str to Rollout
        By arm.
    citizens : int
        People simulated.
    population : int
    ladder : Ladder or None
    rungs : dict of (coalition, future, world) to Cell
        The cells that a ladder needs, those of its two arms among them.
    """

    study: Study
    cells: tuple[Cell, ...]
    futures: list[dict[str, float]]
    rollouts: dict[str, Rollout]
    citizens: int
    population: int
    ladder: Ladder | None = None
    rungs: dict[tuple[Coalition, int, int], Cell] = field(default_factory=dict)

    @property
    def every_cell(self) -> tuple[Cell, ...]:
        """The arms' cells, and those that only a ladder needs."""
        return (*self.cells, *(cell for cell in self.rungs.values() if cell.arm == RUNG))

    @property
    def cell_bytes(self) -> float:
        """Memory that a worker needs, roughly."""
        geography = geography_of(self.study.world.scope)
        memory = BYTES_REMEMBERED if self.citizens <= REMEMBERED else 0
        return (
            BASE_BYTES
            + (BYTES_A_CITIZEN + memory) * self.citizens
            + BYTES_A_SPACE_MONTH * len(geography.spaces) * self.study.world.months
        )


def lay_out(study: Study) -> Plan:
    """Lay out a study's cells: every arm in the same worlds and futures."""
    points = Path(study.world.points) if study.world.points else None
    forums = Path(study.world.forums) if study.world.forums else None
    geography, _ = open_scope(study.world.scope, points)
    population = int(geography.settlements.population.sum())
    citizens = population if study.world.citizens == "everyone" else min(int(study.world.citizens), population)
    clock = Clock(study.world.start, study.world.months)
    futures = design(study.futures, study.replication.seed, study.calibrated)
    rollouts = {}
    cells: list[Cell] = []
    seen: set[str] = set()
    for name, arm in study.arms.items():
        regime = study.regime(name)
        rollout = arm.rollout or regime.rollout
        rollouts[name] = plan_rollout(rollout, geography, clock, load_geography())
        for future, world in pairs(study.futures, study.replication.worlds):
            params = study.params(name, futures[future])
            scope = study.world.scope
            spec = CellSpec(
                regime=regime.name,
                levers=tuple(sorted(regime.levers)),
                rollout=rollout,
                rollout_digest=file_digest(Path(rollout)) if rollout.endswith(".csv") else "",
                scope=scope if isinstance(scope, str) else tuple(scope),
                start=study.world.start.isoformat(),
                months=study.world.months,
                citizens=citizens,
                params=tuple(sorted(params.items())),
                seed=study.replication.seed,
                world=world,
                points=study.world.points,
                points_digest=file_digest(points) if points else "",
                forums=study.world.forums,
                forums_digest=file_digest(forums) if forums else "",
                terms=tuple(sorted((t.lever, t.dose, t.spaces, t.start) for t in regime.terms)),
                shared_hubs=regime.shared_hubs,
                events=tuple(study.event),
            )
            if spec.digest() in seen:
                # the same cell twice is an audit: computed afresh, agents visited the other way round
                spec = CellSpec(**{**spec.__dict__, "reverse": True})
            seen.add(spec.digest())
            cells.append(Cell(len(cells), name, future, world, spec, spec.digest()))
    ladder = ladder_of(study)
    rungs = _rungs(ladder, study.reference, cells) if ladder else {}
    return Plan(study, tuple(cells), futures, rollouts, citizens, population, ladder, rungs)


def _rungs(ladder: Ladder, reference: str, cells: list[Cell]) -> dict[tuple[Coalition, int, int], Cell]:
    """Every combination of levers in the same worlds and futures as the arms; none and all of them are arms."""
    of_arm = {(cell.arm, cell.future, cell.world): cell for cell in cells}
    everyone = frozenset(ladder.levers)
    rungs: dict[tuple[Coalition, int, int], Cell] = {}
    more = len(cells)
    for coalition in ladder.coalitions:
        for arm, future, world in of_arm:
            if arm != reference:
                continue
            base, whole = of_arm[reference, future, world], of_arm[ladder.arm, future, world]
            if coalition in (frozenset(), everyone):
                rungs[coalition, future, world] = whole if coalition else base
                continue
            spec = spec_with(coalition, ladder.levers, base.spec, whole.spec)
            rungs[coalition, future, world] = Cell(more, RUNG, future, world, spec, spec.digest())
            more += 1
    return rungs


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
        Every cell in a process of its own.

    Returns
    -------
    list of Failure
        Cells that could not be computed; all others are kept.
    """
    todo = [cell for cell in plan.every_cell if not store.has(cell.digest)]
    failures: list[Failure] = []
    if not todo:
        return failures
    if workers == 1 and not audit:
        for cell in todo:
            _keep(cell, _work(cell.spec, cell.digest), store, failures, done)
        return failures
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    suspects, never_begun = _round(todo, store, workers, done, audit, failures)
    while suspects or never_begun:
        for cell in suspects:
            _alone(cell, store, done, failures)
        suspects, never_begun = _round(never_begun, store, workers, done, audit, failures)
    return failures


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


def is_audit(cells: Iterable[Cell]) -> bool:
    """Whether any cell is computed a second time."""
    return any(cell.spec.reverse for cell in cells)


MANY = 6
"""Levers beyond which a whole preset is named by its title."""


def describe(study: Study, name: str) -> str:
    """An arm's difference from the reference arm, in words."""
    arm, reference = study.regime(name), study.regime(study.reference)
    if name == study.reference:
        return "the reference"
    more = sorted(set(arm.levers) - set(reference.levers))
    less = sorted(set(reference.levers) - set(arm.levers))
    parts = []
    if more and not less and set(more) == set(preset(study.arms[name].regime).levers) and len(more) > MANY:
        parts.append(f"{arm.title}: {len(more)} levers")
    elif more:
        parts.append("adds " + ", ".join(more))
    if less:
        parts.append("lacks " + ", ".join(less))
    mine = dict(arm.choices) | study.arms[name].set
    base = dict(reference.choices) | study.arms[study.reference].set
    changed = {k: v for k, v in mine.items() if base.get(k) != v}
    parts += [term.describe() for term in arm.terms if term not in reference.terms]
    parts += [f"{', '.join(group)} share one hub" for group in arm.shared_hubs if group not in reference.shared_hubs]
    parts += [f"{k} = {v:g}" for k, v in sorted(changed.items())]
    return "; ".join(parts) if parts else "nothing: the same again, computed afresh (an audit)"
