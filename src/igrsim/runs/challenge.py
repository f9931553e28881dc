"""The challenge: futures in which the preferred arm loses, sought by lot and then by a search; the worst of them lived again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.draws import Draws
from igrsim.kernel.errors import InputError, nearest
from igrsim.kernel.params import Param
from igrsim.metrics._base import Metric
from igrsim.results.effects import MARGIN
from igrsim.runs.cell import CellSpec, run_cell
from igrsim.runs.cell_metrics import known_metrics, measured
from igrsim.runs.futures import triangular, unit_design, varied
from igrsim.runs.layout import Cell, Plan, lay_out
from igrsim.runs.lock import held
from igrsim.runs.runner import Failure
from igrsim.runs.session import Progress, compute_missing
from igrsim.runs.store import Store, pack
from igrsim.runs.study import FuturesPart, Study
from igrsim.runs.study.excluding import left_out
from igrsim.runs.worst_case import leanings, next_points

F64 = NDArray[np.float64]

FEWEST_FUTURES = 10
"""Futures by lot below which nothing is said of plausible futures."""
BY_LOT = 0.6
"""Share of the budget that goes to futures by lot."""
A_TURN = 8
"""Futures of one turn of the search."""
FRESH = 5
"""Worlds in which the worst future is lived again, none of which it was sought in."""
FEW = (0, 3, 10)
"""How many numbers alone are moved to where the worst future has them, the others at their defaults."""
LOT, SEARCH, ALONE, FRESHLY = "by lot", "search", "few moved", "fresh worlds"
"""Where a future is from: only those by lot say how often the arm loses."""


@dataclass
class Tried:
    """Futures that were lived, and what came out.

    Attributes
    ----------
    unit : list of (parameters,) float
        Places in the ranges.
    sample : list of str
        Where each is from.
    values, differences : dict of (arm, metric) to list of (worlds,) float
        In every world; arms that were not run in a future, and failed runs, are undefined there.
    failures : list of Failure
    """

    unit: list[F64] = field(default_factory=list)
    sample: list[str] = field(default_factory=list)
    values: dict[tuple[str, str], list[F64]] = field(default_factory=dict)
    differences: dict[tuple[str, str], list[F64]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)

    def of(self, arm: str, metric: str, *samples: str, level: bool = False) -> F64:
        """An arm's difference from the reference, or its level, in the futures of some samples: (futures, worlds)."""
        found = (self.values if level else self.differences)[arm, metric]
        chosen = [row for row, sample in zip(found, self.sample, strict=True) if sample in samples]
        return np.array(chosen).reshape(len(chosen), len(found[0]))

    def places(self, *samples: str) -> F64:
        """Where the futures of some samples stand in the ranges: (futures, parameters)."""
        return np.array([row for row, sample in zip(self.unit, self.sample, strict=True) if sample in samples])


@dataclass(frozen=True)
class Challenge:
    """What a challenge found.

    Attributes
    ----------
    study : Study
    arm, metric : str
        The preferred arm, and what it may lose on.
    metrics : list of Metric
        The study's primary ones, `metric` first.
    params : list of Param
        Those varied, in the order of places.
    worlds : int
        The same in every future.
    tried : Tried
    worst : int
        Which of the futures tried is the worst.
    same_bytes : bool or None
        Whether its cells came out the same when computed again; None where that was not tried.
    fresh : (worlds,) float
        The arm's difference in the worst future in worlds that took no part in the search.
    leaning : (parameters,) float
        Rank correlation of each number with how much worse the arm does, over futures by lot; 0 within chance.
    bound : float
        What the strongest of all numbers reaches by chance.
    picked : bool
        Whether the arm is the best of several in the very futures that say how often it loses.
    """

    study: Study
    arm: str
    metric: str
    metrics: list[Metric]
    params: list[Param]
    worlds: int
    tried: Tried
    worst: int
    same_bytes: bool | None
    fresh: dict[str, F64]
    leaning: F64
    bound: float
    budget: int
    picked: bool = False

    @property
    def sign(self) -> float:
        """1 where a larger difference is worse, -1 where a smaller one is."""
        return 1.0 if self.metrics[0].better == "lower" else -1.0

    def worse_by(self, *samples: str) -> F64:
        """How much worse the arm is than the reference in each future, mean over worlds; undefined where a run is."""
        return np.asarray(self.sign * self.tried.of(self.arm, self.metric, *samples).mean(axis=1))

    def margin(self, metric: str | None = None) -> float:
        """What is material on a metric: as the study says, else a share of the reference's level, mean over futures by lot."""
        metric = metric or self.metric
        if metric in self.study.analysis.margin:
            return self.study.analysis.margin[metric]
        level = self.tried.of(self.study.reference, metric, LOT, level=True).mean(axis=1)
        return MARGIN * float(np.abs(level[np.isfinite(level)]).mean()) if np.isfinite(level).any() else 0.0


def challenge(
    study: Study,
    out: Path,
    metric: str | None = None,
    arm: str | None = None,
    budget: int = 400,
    worlds: int = 2,
    also: Sequence[str] = (),
    progress: Progress | None = None,
    told: Callable[[str], None] = lambda words: None,
) -> Challenge:
    """Seek futures in which an arm does worse than the reference.

    Parameters
    ----------
    study : Study
        What it varies is what is sought in.
    out : Path
        Results folder: cells that are there are not computed again.
    metric : str, optional
        The study's first primary metric, unless given.
    arm : str, optional
        The arm that does best on it on average over futures by lot, unless given.
    budget : int
        Cells at most.
    worlds : int
        The same in every future, so that what differs between futures is the numbers' doing.
    also : sequence of str
        Metrics that are looked at beside the study's primary ones.

    Raises
    ------
    InputError
        If nothing is varied, nothing is preferred, or the budget is too small.
    """
    part, wanted = _asked(study, metric, arm, also)
    params = varied(part)
    arms = [study.reference, *(name for name in study.arms if name != study.reference)]
    aside = 2 * (FRESH + 1) + 2 * worlds * len(FEW)
    futures = min(int(BY_LOT * budget), budget - aside) // (len(arms) * worlds)
    if futures < FEWEST_FUTURES:
        least = int(
            np.ceil(max(FEWEST_FUTURES * len(arms) * worlds / BY_LOT, FEWEST_FUTURES * len(arms) * worlds + aside))
        )
        raise InputError(
            f"--budget {budget}: {FEWEST_FUTURES} futures of {len(arms)} arms in {worlds} worlds need at least {least} cells",
            code="E266",
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write to '{out}': {error.strerror}", code="E310") from None
    with held(out):
        life = _Life(study, params, wanted, out, worlds, progress)
        tried = Tried()
        told(f"{futures} futures by lot, {len(arms)} arms, {worlds} worlds")
        _, places = unit_design(part.model_copy(update={"n": futures}), study.replication.seed)
        life.live(tried, places, LOT, arms)
        preferred = arm or _best(tried, wanted[0], arms)
        sign = 1.0 if wanted[0].better == "lower" else -1.0

        def worse(*samples: str) -> F64:
            return np.asarray(sign * tried.of(preferred, wanted[0].name, *samples).mean(axis=1))

        if not np.isfinite(worse(LOT)).any():
            raise InputError(f"{wanted[0].name} is defined in no future of arm '{preferred}'", code="E268")
        leaning, bound = leanings(places, worse(LOT))
        left = budget - futures * len(arms) * worlds - aside
        draws, turn = Draws(study.replication.seed), 0
        while (count := min(A_TURN, left // (2 * worlds))) > 0:
            told(f"search, turn {turn + 1}: worst so far {sign * np.nanmax(worse(LOT, SEARCH)):+.4g}")
            unit = tried.places(LOT, SEARCH)
            life.live(
                tried, next_points(unit, worse(LOT, SEARCH), leaning, draws, turn, count), SEARCH, [arms[0], preferred]
            )
            left -= 2 * worlds * count
            turn += 1
        worst = int(np.nanargmax(worse(LOT, SEARCH)))
        told("the worst future again: in fresh worlds, and with few numbers moved")
        life.live(tried, few_moved(tried.unit[worst], leaning, life.defaults), ALONE, [arms[0], preferred])
        fresh = life.freshly(tried.unit[worst], [arms[0], preferred], tried)
        same = life.again(tried.unit[worst], [arms[0], preferred])
    return Challenge(
        study, preferred, wanted[0].name, wanted, params, worlds, tried, worst, same, fresh, leaning, bound, budget,
        picked=arm is None and len(arms) > 2,
    )  # fmt: skip


def few_moved(worst: F64, leaning: F64, defaults: F64) -> F64:
    """The worst future with only its few most telling numbers moved, all others at their defaults."""
    # a number tells by how far it is moved, and how strongly losing goes with it; where none goes, by how far
    weight = np.abs(worst - defaults) * (np.abs(leaning) if leaning.any() else 1.0)
    order = np.argsort(-weight, kind="stable")
    points = np.tile(defaults, (len(FEW), 1))
    for row, count in enumerate(FEW):
        points[row, order[:count]] = worst[order[:count]]
    return points


def place_of_default(p: Param, mode: float) -> float:
    """Where a number's default stands in its triangular range: the share of plausible values below it."""
    return (mode - p.low) / (p.high - p.low)


def _asked(study: Study, metric: str | None, arm: str | None, also: Sequence[str]) -> tuple[FuturesPart, list[Metric]]:
    """What is sought in, and the metrics looked at, the one that decides first."""
    if len(study.arms) < 2:
        raise InputError("a study of one arm has nothing to lose against: name another arm", code="E269")
    if arm is not None and arm not in study.arms:
        raise InputError(f"unknown arm '{arm}'{nearest(arm, study.arms)}", code="E110")
    if arm == study.reference:
        raise InputError(f"'{arm}' is the reference and cannot lose against itself: name another arm", code="E269")
    from igrsim.runs.catalogue import known_names

    if metric is not None and metric not in known_names("metrics"):
        raise InputError(f"unknown metric '{metric}'{nearest(metric, known_names('metrics'))}", code="E110")
    names = list(dict.fromkeys([*([metric] if metric else []), *study.analysis.primary, *also]))
    wanted = known_metrics(names)
    if wanted[0].better == "neither":
        raise InputError(f"{names[0]}: neither higher nor lower is better, so nothing loses by it", code="E267")
    if not varied(study.futures):
        raise InputError("the study varies no number: futures.vary names what is sought in", code="E272")
    vary: list[str] | str = [p.name for p in varied(study.futures)]
    return FuturesPart.model_validate({"method": "lhs", "n": 1, "pairing": "crossed", "vary": vary}), wanted


def _best(tried: Tried, metric: Metric, arms: Sequence[str]) -> str:
    """The arm, other than the reference, that does best on average over futures by lot in which all are defined."""
    means = np.stack([tried.of(name, metric.name, LOT).mean(axis=1) for name in arms[1:]])
    known = means[:, np.isfinite(means).all(axis=0)]
    if not known.size:
        raise InputError(f"{metric.name} is defined in no future in every arm: name one with --arm", code="E268")
    by = known.mean(axis=1) * (1 if metric.better == "lower" else -1)
    return str(arms[1 + int(by.argmin())])


class _Life:
    """Lives futures: makes their cells, computes those that are not there, and measures them."""

    def __init__(
        self, study: Study, params: list[Param], wanted: list[Metric], out: Path, worlds: int, progress: Progress | None
    ) -> None:
        update: dict[str, Any] = {
            "futures": FuturesPart(method="none"), "ladder": None,
            "exclude": [], "rivals": None,
            "analysis": study.analysis.model_copy(update={"audit": False}),
            "replication": study.replication.model_copy(update={"worlds": worlds + FRESH}),
        }  # fmt: skip
        self.plan: Plan = lay_out(study.model_copy(update=update))
        self.study, self.params, self.wanted, self.worlds, self.progress = study, params, wanted, worlds, progress
        self.store = Store(out)
        self.store.clear_drafts()
        self.bases: dict[tuple[str, int], CellSpec] = {(c.arm, c.world): c.spec for c in self.plan.cells}
        modes = [study.calibrated.get(p.name, p.default) for p in params]
        self.modes = modes
        self.defaults = np.array([place_of_default(p, mode) for p, mode in zip(params, modes, strict=True)])

    def future(self, place: F64) -> dict[str, float]:
        """The numbers of a future from their places."""
        return {
            p.name: triangular(np.array([u]), p, mode)[0]
            for p, u, mode in zip(self.params, place, self.modes, strict=True)
        }

    def cells(self, places: F64, arms: Sequence[str], worlds: Iterable[int], first: int) -> list[Cell]:
        """Cells of some futures, but those the study leaves out; audits, arms that are one and the same, stay so."""
        found: list[Cell] = []
        worlds = list(worlds)
        values = [self.future(place) for place in places]
        out = left_out(self.study, values)
        for row, future in enumerate(values):
            for arm in arms:
                if (arm, row) in out:
                    continue
                for world in worlds:
                    params = tuple(sorted(self.study.params(arm, future).items()))
                    spec = replace(self.bases[arm, world], params=params)
                    found.append(Cell(len(found), arm, first + row, world, spec, spec.digest()))
        return found

    def compute(self, cells: list[Cell]) -> list[Failure]:
        """Compute those that are not there."""
        return compute_missing(self.plan, cells, self.store, self.progress, None)[0]

    def live(self, tried: Tried, places: F64, sample: str, arms: Sequence[str]) -> None:
        """Live futures in the same worlds, and note what came out."""
        first = len(tried.unit)
        cells = self.cells(places, arms, range(self.worlds), first)
        failures = self.compute(cells)
        tried.failures += failures
        values, differences = self._measured(cells, failures, len(places), first, range(self.worlds))
        nothing = np.full(self.worlds, np.nan)
        for arm in self.study.arms:
            for metric in self.wanted:
                key = arm, metric.name
                for kept, found in ((tried.values, values), (tried.differences, differences)):
                    kept.setdefault(key, []).extend(found.get((*key, row), nothing) for row in range(len(places)))
        tried.unit += list(places)
        tried.sample += [sample] * len(places)

    def _measured(
        self, cells: list[Cell], failures: list[Failure], count: int, first: int, worlds: Sequence[int]
    ) -> tuple[dict[tuple[str, str, int], F64], dict[tuple[str, str, int], F64]]:
        failed = {failure.cell.digest for failure in failures}
        by_place = {(c.arm, c.future - first, c.world): c.digest for c in cells if c.digest not in failed}
        months = self.study.world.months
        values: dict[tuple[str, str, int], F64] = {}
        differences: dict[tuple[str, str, int], F64] = {}
        for (arm, row, world), digest in by_place.items():
            base = by_place.get((self.study.reference, row, world))
            if base is None:
                continue
            for name, found in measured(self.store, digest, base, self.wanted, months).items():
                for kept, value in ((values, found.value), (differences, found.difference)):
                    kept.setdefault((arm, name, row), np.full(len(worlds), np.nan))[world - worlds[0]] = value
        return values, differences

    def freshly(self, place: F64, arms: Sequence[str], tried: Tried) -> dict[str, F64]:
        """One future in worlds that took no part in the search: the arm's difference in each metric."""
        worlds = range(self.worlds, self.worlds + FRESH)
        cells = self.cells(place[None], arms, worlds, 0)
        failures = self.compute(cells)
        tried.failures += failures
        _, differences = self._measured(cells, failures, 1, 0, worlds)
        nothing = np.full(FRESH, np.nan)
        return {m.name: differences.get((arms[1], m.name, 0), nothing) for m in self.wanted}

    def again(self, place: F64, arms: Sequence[str]) -> bool | None:
        """Whether a future's first cells come out the same to the byte when they are computed again; None if they failed."""
        cells = self.cells(place[None], arms, [0], 0)
        if not all(self.store.has(cell.digest) for cell in cells):
            return None
        return all(pack(cell.digest, run_cell(cell.spec)) == self.store.read(cell.digest) for cell in cells)
