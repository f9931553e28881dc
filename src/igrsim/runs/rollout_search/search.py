"""The search for orders and dates of hubs: tuned on some futures and worlds, tried beside the named schedules on others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.clock import Clock
from igrsim.kernel.draws import Draws, code_key, fold
from igrsim.places.geography import Geography
from igrsim.results.frontier import dominates, spread_out, unbeaten
from igrsim.runs.rollout_search.design import Design
from igrsim.runs.rollout_search.lives import Lives
from igrsim.runs.rollout_search.optimiser import least_gain, optimiser, sought, to_try, weighed
from igrsim.runs.rollout_search.plans import Proposal, at_dates_of, decoded, encoded, quarters
from igrsim.runs.rollout_search.response import Objectives, Response, Seen, response_from
from igrsim.runs.study import Study

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

TRAINING, HELD_OUT = "training", "held out"


@dataclass
class Lived:
    """Schedules that were run: what came of each, in the same futures.

    Attributes
    ----------
    plans : dict of str to Proposal
    losses : dict of (name, sample) to (futures, objectives) float
        Minus benefit, equity's loss, cost; undefined where a run failed.
    seen : dict of (name, sample) to list of Seen
    """

    plans: dict[str, Proposal] = field(default_factory=dict)
    losses: dict[tuple[str, str], F64] = field(default_factory=dict)
    seen: dict[tuple[str, str], list[Seen]] = field(default_factory=dict)

    def mean(self, name: str, sample: str) -> F64:
        """A schedule's losses, mean over futures."""
        return np.asarray(self.losses[name, sample].mean(axis=0))

    def whole(self, sample: str, futures: int) -> list[str]:
        """Schedules that were run in every future of a sample, in the order in which they first were."""
        return [n for n in self.plans if (n, sample) in self.losses and len(self.losses[n, sample]) == futures]


@dataclass(frozen=True)
class Foretold:
    """What the sum over spaces said of a schedule before it was run, and what came of it."""

    name: str
    turn: int
    forecast: F64
    found: F64


@dataclass(frozen=True)
class Search:
    """What a search found.

    Attributes
    ----------
    study : Study
    regime : str
    design : Design
    objectives : Objectives
    geography : Geography
    clock : Clock
    named : list of str
        The schedules to beat.
    lived : Lived
    frontier : list of str
        Schedules that none other beats on the training futures, named ones among them.
    chosen : list of str
        Those found that were tried on futures held out.
    rivals : dict of str to str
        For each named schedule the one found that beats it by most on the training futures, if any does.
    response : Response
    foretold : list of Foretold
    rates : (futures, spaces) float
        Benefit a rand of cost of each space's hub, by training future.
    """

    study: Study
    regime: str
    design: Design
    objectives: Objectives
    geography: Geography
    clock: Clock
    named: list[str]
    lived: Lived
    frontier: list[str]
    chosen: list[str]
    rivals: dict[str, str]
    response: Response
    foretold: list[Foretold]
    rates: F64
    window: tuple[int, int]


def search(
    lives: Lives,
    design: Design,
    objectives: Objectives,
    window: tuple[int, int],
    told: Callable[[str], None] = lambda words: None,
    generations: int | None = None,
) -> Search:
    """Seek schedules that are better than the named ones, and try them on futures held out.

    Parameters
    ----------
    lives : Lives
        Runs schedules.
    design : Design
        Futures, turns and schedules a turn.
    window : (int, int)
        Months between which every proposed start lies.
    """
    optimiser()
    tuning = _Tuning(lives, design, objectives, window, told, generations)
    tuning.begin()
    for turn in range(design.turns):
        if not tuning.turn(turn):
            break
    frontier, chosen, rivals = tuning.chosen()
    told(f"{len(chosen)} schedules beside the named ones in {design.held_out} futures and worlds that took no part")
    lived = tuning.lived
    names = [*tuning.named, *(n for n, p in lived.plans.items() if p.kind == "greedy"), *chosen]
    tuning.live([lived.plans[name] for name in dict.fromkeys(names)], HELD_OUT, design.held_out)
    return Search(
        lives.study, lives.arm, design, objectives, lives.geography, lives.clock, tuning.named, lived, frontier, chosen, rivals,
        tuning.response, tuning.foretold, tuning.rates, window,
    )  # fmt: skip


class _Tuning:
    """The part of a search that sees training futures only."""

    def __init__(
        self, lives: Lives, design: Design, objectives: Objectives, window: tuple[int, int], told: Callable[[str], None],
        generations: int | None,
    ) -> None:  # fmt: skip
        self.lives, self.design, self.objectives, self.told = lives, design, objectives, told
        self.lived, self.foretold = Lived(), list[Foretold]()
        self.dates = quarters(*window)
        self.generations = {} if generations is None else {"generations": generations}
        self.named = [plan.name for plan in lives.named]
        self.draws = Draws(lives.study.replication.seed)

    def begin(self) -> None:
        """Run silos, the named schedules, probes whose spaces start over the whole window, and greedy orders."""
        n, futures = len(self.lives.geography.spaces), self.design.training
        self.told(f"training: {futures} futures, each in a world of its own; the named schedules first")
        keys = np.array([code_key(code) % 2**62 for code in self.lives.geography.spaces.codes])
        probes = []
        for k in range(self.design.probes):
            luck = self.draws["probe of a schedule"].uniform(k, keys)
            start, place = decoded(((np.argsort(np.argsort(luck)) + 0.5) / n)[None], self.dates)
            probes.append(self.lives.proposal(f"probe-{k + 1}", start[0], place[0], "probe"))
        self.live([*self.lives.named, *probes], TRAINING, futures, at_once=True)
        self.base, self.at_once = self.lives.silos(TRAINING, futures), self.lives.at_once(TRAINING, futures)
        self.learn()
        order = np.argsort(-self.rates.mean(axis=0), kind="stable")
        place = np.argsort(order, kind="stable")
        seen, greedy = set[tuple[int, ...]](), list[Proposal]()
        for plan in self.lives.named:
            months = tuple(sorted(plan.start))
            if len(set(months)) > 1 and months not in seen and len(greedy) < self.design.greedy:
                start = at_dates_of(order.tolist(), plan.start)
                greedy.append(self.lives.proposal(f"greedy at {plan.name}'s dates", start, place, "greedy"))
            seen.add(months)
        self.live(greedy, TRAINING, futures)

    def learn(self) -> None:
        """Read the response of spaces from all that was run."""
        others = [runs for (_, sample), runs in self.lived.seen.items() if sample == TRAINING]
        self.response = response_from(self.base, self.at_once, others, self.objectives.months)
        start = np.zeros(1, dtype=np.int64)
        alone = [
            replace(self.response, base=base[None], whole=whole[None]).by_space(self.objectives, start)[0]
            for base, whole in zip(self.response.base, self.response.whole, strict=True)
        ]
        benefit, cost = -np.stack([a[:, 0] for a in alone]), np.stack([a[:, 2] for a in alone])
        self.rates = np.asarray(np.divide(benefit, cost, out=np.zeros_like(benefit), where=cost > 0))

    def forecast(self, start: I64, place: I64) -> F64:
        """Losses of schedules by the sum over spaces, each starting when means allow."""
        return self.response.forecast(self.objectives, self.lives.granted(start, place))

    def turn(self, number: int) -> bool:
        """Seek on the forecast, run what looks best on half the futures, and what is not beaten there on all."""
        self.learn()
        seeds = [encoded(np.array(p.start), np.array(p.place), self.dates) for p in self.lived.plans.values()]
        found_keys, _ = sought(
            lambda keys: self.forecast(*decoded(keys, self.dates)),
            np.unique(np.vstack([np.stack(seeds), weighed(self.response.by_space(self.objectives, self.dates), self.dates)]), axis=0),
            fold(fold(0, self.lives.study.replication.seed), code_key(f"turn {number} of a roll-out search")),
            **self.generations,
        )  # fmt: skip
        start, place = decoded(found_keys, self.dates)
        known = {self._told_apart_by(np.array(p.start), np.array(p.place)) for p in self.lived.plans.values()}
        keep: list[int] = []
        for k, what in enumerate(self._told_apart_by(s, o) for s, o in zip(start, place, strict=True)):
            if what not in known:
                keep.append(k)
                known.add(what)
        if not keep:
            return False
        losses = self.forecast(start[keep], place[keep])
        # the forecast of the rivals too: what it misses, it misses on both sides
        rivals = [self._forecast_of(self.lived.plans[name]) for name in self.named]
        picked = to_try(losses, rivals, self._scale(), self.design.tries)
        trying = [
            self.lives.proposal(f"found-{number + 1}.{i + 1}", start[keep[k]], place[keep[k]], "found")
            for i, k in enumerate(picked)
        ]
        forecast = {plan.name: losses[k] for plan, k in zip(trying, picked, strict=True)}
        half = self.design.half
        self.told(
            f"turn {number + 1}: {len(trying)} schedules in {half} futures, the better half of them in all {self.design.training}"
        )
        self.live(trying, TRAINING, half)
        best = self._best_half(trying, half)
        self.live(best, TRAINING, self.design.training)
        for plan in best:
            self.foretold.append(
                Foretold(plan.name, number + 1, forecast[plan.name], self.lived.mean(plan.name, TRAINING))
            )
        return True

    def _told_apart_by(self, start: I64, place: I64) -> tuple[int, ...]:
        """When hubs start, as far as means allow: schedules that differ in nothing else are one and the same."""
        return tuple(int(month) for month in self.lives.granted(start[None], place[None]).ravel())

    def _forecast_of(self, plan: Proposal) -> F64:
        return np.asarray(self.forecast(np.array([plan.start]), np.array([plan.place]))[0])

    def _scale(self) -> F64:
        """What an improvement is measured by: each objective's mean size over the named schedules."""
        sizes = np.abs([self.lived.mean(name, TRAINING) for name in self.named]).mean(axis=0)
        return np.where(sizes > 0, sizes, 1.0)

    def _best_half(self, trying: Sequence[Proposal], half: int) -> list[Proposal]:
        """Those that beat a named schedule by most in the first futures, then those none beats, then the others."""
        mine = np.stack([self.lived.losses[plan.name, TRAINING][:half].mean(axis=0) for plan in trying])
        gains = np.max(
            [
                least_gain(mine, self.lived.losses[name, TRAINING][:half].mean(axis=0), self._scale())
                for name in self.named
            ],
            axis=0,
        )
        order = sorted(range(len(trying)), key=lambda k: (not unbeaten(mine)[k], -gains[k], k))
        return [trying[k] for k in sorted(order[: self.design.survivors])]

    def live(self, plans: Sequence[Proposal], sample: str, futures: int, at_once: bool = False) -> None:
        """Run schedules, and note what came of them."""
        self.lives.compute(plans, sample, futures, at_once)
        base = self.lives.silos(sample, futures)
        for plan in plans:
            seen = self.lives.seen(plan, sample, futures)
            rows = [
                self.objectives.losses(one.counts[None], silos.counts, one.running[None])[0]
                for one, silos in zip(seen, base, strict=True)
            ]
            self.lived.plans.setdefault(plan.name, plan)
            self.lived.losses[plan.name, sample] = np.array(rows)
            self.lived.seen[plan.name, sample] = seen

    def chosen(self) -> tuple[list[str], list[str], dict[str, str]]:
        """The frontier on the training futures, which schedules go on to futures held out, and against which named one."""
        names = [n for n in self.lived.whole(TRAINING, self.design.training) if self.lived.plans[n].kind != "probe"]
        means = np.stack([self.lived.mean(name, TRAINING) for name in names])
        frontier = [name for name, best in zip(names, unbeaten(means), strict=True) if best]
        ours = [name for name in names if self.lived.plans[name].kind == "found"]
        rivals: dict[str, str] = {}
        if ours:
            mine = np.stack([self.lived.mean(name, TRAINING) for name in ours])
            for name in self.named:
                gain = least_gain(mine, self.lived.mean(name, TRAINING), self._scale())
                best = int(np.argmax(gain))
                if dominates(mine[best], self.lived.mean(name, TRAINING)):
                    rivals[name] = ours[best]
        chosen = list(dict.fromkeys(rivals.values()))[: self.design.chosen]
        rest = [n for n in ours if n in frontier or n in chosen]
        if rest and len(chosen) < self.design.chosen:
            points = np.stack([self.lived.mean(name, TRAINING) for name in rest])
            chosen += [
                rest[k] for k in spread_out(points, self.design.chosen - len(chosen), [rest.index(n) for n in chosen])
            ]
        return frontier, chosen, rivals
