"""Runs schedules of hubs in chosen futures and worlds: every schedule in the same ones, no cell computed twice."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.government.hub import HubWork
from igrsim.kernel.clock import Clock
from igrsim.kernel.draws import code_key, fold
from igrsim.kernel.errors import InputError
from igrsim.kernel.params import ParamSet
from igrsim.places.geography import load_geography
from igrsim.places.scopes import geography_of
from igrsim.regimes.granting import grant
from igrsim.regimes.rollout import AT_ONCE, Rollout, plan_rollout
from igrsim.runs.cell import CellSpec, file_digest, run_cell
from igrsim.runs.estimate import START_SECONDS
from igrsim.runs.executors import open_crew
from igrsim.runs.futures import design
from igrsim.runs.layout import Cell, lay_out
from igrsim.runs.lock import held
from igrsim.runs.rollout_search.plans import Proposal, write_schedule
from igrsim.runs.rollout_search.response import Seen
from igrsim.runs.runner import workers_for
from igrsim.runs.session import Progress, compute_missing
from igrsim.runs.store import Store
from igrsim.runs.study import FuturesPart, Study

I64 = NDArray[np.int64]

SAMPLES = ("training", "held out")
FOLDER = "schedules"
POSTS = "hub posts"
YEAR = 12


class Lives:
    """Lives schedules and reads what their runs counted.

    Parameters
    ----------
    study : Study
        Two arms: the reference, and the regime whose schedule is sought.
    out : Path
        Results folder.
    columns : sequence of str
        Counts that are read.
    named : sequence of str
        Schedules to beat: names, or paths of files.
    futures : (int, int)
        How many are tuned on and how many are held out; each is lived in a world of its own.
    """

    def __init__(
        self, study: Study, out: Path, columns: Sequence[str], named: Sequence[str], futures: tuple[int, int],
        progress: Progress | None = None,
    ) -> None:  # fmt: skip
        self.study, self.out, self.columns, self.progress = study, out, tuple(columns), progress
        self.arm = next(name for name in study.arms if name != study.reference)
        self.geography = geography_of(study.world.scope)
        self.clock = Clock(study.world.start, study.world.months)
        update: dict[str, Any] = {
            "futures": FuturesPart(method="none"),
            "analysis": study.analysis.model_copy(update={"audit": False}),
            "replication": study.replication.model_copy(update={"worlds": sum(futures)}),
        }
        out.mkdir(parents=True, exist_ok=True)
        self.plan = lay_out(study.model_copy(update=update))
        self.store = Store(out)
        self.executor: Executor | None = None
        self.bases = {(c.arm, c.world): c.spec for c in self.plan.cells}
        self.numbers = dict(zip(SAMPLES, self._futures(futures), strict=True))
        self.first_world = dict(zip(SAMPLES, (0, futures[0]), strict=True))
        self.limits = study.arms[self.arm].limits
        self.outside = self._outside(named[0])
        self.named = [self._named(name) for name in named]
        self._means()
        self._seen: dict[str, Seen] = {}
        self._cells: dict[tuple[str, str, str, int], Cell] = {}

    def _futures(self, futures: tuple[int, int]) -> list[list[dict[str, float]]]:
        """Futures to tune on, and others that are drawn apart from them."""
        seed = self.study.replication.seed
        apart = fold(fold(0, seed), code_key("futures held out of a search")) % 2**62
        found = []
        for count, one in zip(futures, (seed, apart), strict=True):
            part = self.study.futures
            part = part if part.method == "none" else part.model_copy(update={"n": count})
            drawn = design(part, one, self.study.calibrated)
            found.append(drawn * count if part.method == "none" else drawn)
        return found

    def _means(self) -> None:
        """What `granted` needs: the country's spaces and posts, and what a post costs in each training future."""
        country, mine = load_geography().spaces, self.geography.spaces
        self.codes = country.codes if set(mine.codes) <= set(country.codes) else mine.codes
        self.rows = np.array([self.codes.index(code) for code in mine.codes])
        outside = dict(self.outside)
        self.outside_start = np.array(
            [
                self.clock.month_of(date.fromisoformat(outside[c])) if c in outside else self.clock.months
                for c in self.codes
            ]
        )
        regime = self.study.regime(self.arm)
        levers = [kind(ParamSet(self.study.params(self.arm, {}))) for kind in regime.lever_types()]
        self.posts = regime.posts_by_month(levers, self.codes, regime.shared_hubs, self.clock)
        numbers = [ParamSet(self.study.params(self.arm, future)) for future in self.numbers[SAMPLES[0]]]
        rand = [one[HubWork].rand_per_post for one in numbers]
        # specialists are as many in every future, money buys fewer posts where they cost more
        self.rand = rand if self.limits.money else rand[:1]

    def _outside(self, first: str) -> list[tuple[str, str]]:
        """Spaces outside a scope that is part of the country, and when they start: as in the first schedule, always."""
        country, inside = load_geography(), set(self.geography.spaces.codes)
        if not inside <= set(country.spaces.codes) or len(inside) == len(country.spaces):
            return []
        whole = plan_rollout(first, country, self.clock, country)
        return [
            (code, self.clock.date(month).isoformat())
            for code, month in zip(country.spaces.codes, whole.start, strict=True)
            if code not in inside and month is not None and month < self.clock.months
        ]

    def _named(self, name: str) -> Proposal:
        found = plan_rollout(name, self.geography, self.clock, load_geography())
        months = self.clock.months
        start = tuple(months if month is None else min(month, months) for month in found.start)
        place = found.rank
        label = found.name
        if found.shared or self.limits.over(found.limits) != self.limits:
            what = "shares hubs" if found.shared else "has money or specialists of its own"
            words = f"schedule '{name}' {what}, so the others would not be under the same rules"
            raise InputError(f"{words}: give --money and --specialists for all", code="E364")
        if not self.outside:
            return Proposal(label, start, place, name, "named")
        return self.proposal(label, np.array(start), np.array(place), "named")

    def proposal(self, name: str, start: I64, place: I64, kind: str) -> Proposal:
        """A schedule with its file."""
        folder = self.out / FOLDER
        file = write_schedule(folder, self.geography.spaces.codes, start, place, self.clock, self.outside)
        return Proposal(name, tuple(int(m) for m in start), tuple(int(p) for p in place), file.as_posix(), kind)

    def granted(self, start: I64, place: I64) -> I64:
        """When the hubs of schedules start, as far as means allow, by training future where they differ.

        Parameters
        ----------
        start, place : (plans, spaces) int

        Returns
        -------
        (futures or 1, plans, spaces) int
        """
        if not self.limits:
            return start[None]
        months, n = self.clock.months, len(self.codes)
        whole = np.broadcast_to(self.outside_start, (len(start), n)).copy()
        rank = np.broadcast_to(np.arange(n), (len(start), n)).copy()
        whole[:, self.rows], rank[:, self.rows] = start, place
        # those outside come after those inside that are due in the same month, as in the file
        rank[:, ~np.isin(np.arange(n), self.rows)] += n
        found = np.empty((len(self.rand), *start.shape), dtype=np.int64)
        for plan, (dates, ranks) in enumerate(zip(whole.tolist(), rank.tolist(), strict=True)):
            due = tuple(month if month < months else None for month in dates)
            rollout = Rollout("", due, tuple(ranks), limits=self.limits)
            for future, rand in enumerate(self.rand):
                taken = grant(rollout, self.codes, self.posts, self.clock, rand).start
                found[future, plan] = [
                    months if (m := taken[code]) is None else m for code in self.geography.spaces.codes
                ]
        return found

    def silos(self, sample: str, futures: int) -> list[Seen]:
        """What silos counted."""
        return [self._read(cell.digest) for cell in self.cells(self.study.reference, None, sample, futures)]

    def at_once(self, sample: str, futures: int) -> list[Seen]:
        """What is counted where all hubs start in the first month, whatever the means."""
        return [self._read(cell.digest) for cell in self.cells(self.arm, self._at_once(), sample, futures)]

    def seen(self, plan: Proposal, sample: str, futures: int) -> list[Seen]:
        """What a schedule's runs counted, in the first futures of a sample."""
        return [self._read(cell.digest) for cell in self.cells(self.arm, plan, sample, futures)]

    def compute(self, plans: Sequence[Proposal], sample: str, futures: int, at_once: bool = False) -> None:
        """Compute what is missing of schedules, and of silos beside them."""
        cells = self.cells(self.study.reference, None, sample, futures)
        for plan in (*plans, *([self._at_once()] if at_once else [])):
            cells += self.cells(self.arm, plan, sample, futures)
        lost, _ = compute_missing(self.plan, cells, self.store, self.progress, self.executor)
        if lost:
            raise InputError(f"a run failed, and the search cannot go on: {lost[0].error}", code="E362")

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Hold the results folder, and keep the workers between one schedule and the next."""
        runtime = self.study.runtime
        workers = workers_for(self.study, self.plan, sum(len(numbers) for numbers in self.numbers.values()))
        with held(self.out), open_crew(runtime.crew, workers) as crew:
            self.store.clear_drafts()
            self.executor = crew.executor
            try:
                yield
            finally:
                self.executor = None

    def minutes(self, cells: int) -> float:
        """What runs take, from one timed and discarded year: a month alone may be that of the budgets, or none."""
        spec, year = self.plan.cells[-1].spec, min(YEAR, self.clock.months)
        run_cell(spec, first=1)
        begun = time.perf_counter()
        run_cell(spec, first=year)
        seconds = (time.perf_counter() - begun) * self.clock.months / year
        return (START_SECONDS + -(-cells // workers_for(self.study, self.plan, cells)) * seconds) / 60

    def _at_once(self) -> Proposal:
        n = len(self.geography.spaces)
        found = replace(self.proposal("", np.zeros(n, np.int64), np.arange(n), "probe"), limited=False)
        # by its name where it is the same: its runs then are those of the named schedule
        return found if self.outside else replace(found, rollout=AT_ONCE)

    def cells(self, arm: str, plan: Proposal | None, sample: str, futures: int) -> list[Cell]:
        """The runs of one schedule, or of the reference."""
        found = []
        for k in range(futures):
            key = arm, "" if plan is None else f"{plan.rollout} {plan.limited}", sample, k
            if key not in self._cells:
                world = self.first_world[sample] + k
                params = tuple(sorted(self.study.params(arm, self.numbers[sample][k]).items()))
                spec: CellSpec = replace(self.bases[arm, world], params=params)
                if plan is not None:
                    file = Path(plan.rollout)
                    spec = replace(
                        spec, rollout=plan.rollout, rollout_digest=file_digest(file) if file.is_file() else ""
                    )
                    if not plan.limited:
                        spec = replace(spec, money=(), specialists=(), trained=0.0)
                self._cells[key] = Cell(k, arm, k, world, spec, spec.digest())
            found.append(self._cells[key])
        return found

    def _read(self, digest: str) -> Seen:
        if digest not in self._seen:
            tables = self.store.tables(digest, "space", "ledger")
            by_space = tables["space"].groupby("place")[list(self.columns)].sum().sort_index()
            running = np.full(len(by_space), self.clock.months, dtype=np.int64)
            posts = tables["ledger"]
            posts = posts[(posts["account"] == POSTS) & (posts["cents"] > 0)]
            first = posts.groupby("space")["month"].min()
            running[first.index.to_numpy(dtype=np.int64)] = first.to_numpy(dtype=np.int64)
            self._seen[digest] = Seen(by_space.to_numpy(dtype=np.float64).T.copy(), running)
        return self._seen[digest]
