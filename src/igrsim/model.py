"""IGRModel: one world under one regime, month by month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from igrsim.government.hub import HubWork
from igrsim.kernel.clock import Clock
from igrsim.kernel.draws import Draws
from igrsim.kernel.params import ParamSet
from igrsim.levers._base import Lever, levers
from igrsim.metrics._base import counts_now, metrics
from igrsim.phases import MONTH
from igrsim.places.forum_landscape import open_landscape
from igrsim.places.geography import Geography, load_geography
from igrsim.places.peopled import peopled
from igrsim.places.scopes import geography_of, open_scope
from igrsim.regimes.granting import Granted, grant
from igrsim.regimes.limits import NO_LIMITS, Limits
from igrsim.regimes.regime import Regime, fold, preset
from igrsim.regimes.rollout import Rollout, plan_rollout
from igrsim.world.build import Setting, build
from igrsim.world.events import Event
from igrsim.world.planners._base import USUAL, rules
from igrsim.world.ruling import SILOS, Ruling
from igrsim.world.world import Month, World

# every lever, metric and rule of planners announces itself before a parameter is asked for
ANNOUNCED = (len(levers), len(metrics), len(rules))

Recorder = Callable[[World, dict[str, Any]], None]


@dataclass(frozen=True)
class Scenario:
    """What one run simulates.

    Parameters
    ----------
    regime : str or Regime
    scope : str or list of str
    start : date
    months : int
    citizens : int or None
        None for 200 000, or everyone where fewer live.
    rollout : str or None
        None for the regime's own.
    limits : Limits
        Money and specialists for hubs, where they are not the roll-out's own.
    params : dict
        Parameters that differ from their defaults.
    reverse : bool
        Visit agents in reverse order (for audits).
    points : Path or None
        A user's own service points.
    forums : Path or None
        A user's own calendar of forums, in the place of the built-in ones.
    events : tuple of Event
        What befalls the world, the same in every arm.
    planners : str
        How officials decide, the same in every arm.
    people : int, optional
        Total to which the people of the whole country are scaled; that of the census without it.
    alone : str, optional
        Code of the one settlement whose people live, out of the same sample; everybody's without it.
    """

    regime: str | Regime = "siloed"
    scope: str | list[str] = "country"
    start: date = date(2019, 4, 1)
    months: int = 60
    citizens: int | None = None
    rollout: str | None = None
    params: dict[str, float] = field(default_factory=dict)
    reverse: bool = False
    points: Path | None = None
    forums: Path | None = None
    events: tuple[Event, ...] = ()
    planners: str = USUAL
    people: int | None = None
    alone: str | None = None
    limits: Limits = NO_LIMITS

    def bundle(self) -> Regime:
        """The regime itself."""
        return self.regime if isinstance(self.regime, Regime) else preset(self.regime)

    def schedule(self) -> Rollout:
        """When each space is to start."""
        return self.schedule_of(geography_of(self.scope))

    def schedule_of(self, geography: Geography) -> Rollout:
        """When each space of a geography is to start, and what there is for it."""
        clock = Clock(self.start, self.months)
        found = plan_rollout(self.rollout or self.bundle().rollout, geography, clock, load_geography())
        return replace(found, limits=self.limits.over(found.limits), shared=found.shared or self.bundle().shared_hubs)


class IGRModel(mesa.Model):
    """A country under a coordination regime; each `step` is a month.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        Seed of the study.
    replication : int
        Which replication: all arms of a study share its luck.
    threads : int
        Among how many threads a month's people are divided; no number depends on it.
    """

    def __init__(self, scenario: Scenario, seed: int = 1, replication: int = 0, threads: int = 1) -> None:
        # Mesa's own random streams are seeded but never drawn from
        super().__init__(rng=seed)
        # Mesa keeps a scenario of its own kind under that name
        self.case = scenario
        geography, points = open_scope(scenario.scope, scenario.points)
        geography = peopled(geography, scenario.people)
        population = int(geography.settlements.population.sum())
        wanted = 200_000 if scenario.citizens is None else scenario.citizens
        self.regime = scenario.bundle()
        params = ParamSet({**dict(self.regime.choices), **scenario.params})
        self.world = build(
            self,
            Setting(
                geography=geography,
                points=points,
                clock=Clock(scenario.start, scenario.months),
                citizens=min(wanted, population),
                institutions=open_landscape(scenario.forums, geography) if scenario.forums else None,
                reverse=scenario.reverse,
                events=scenario.events,
                planners=scenario.planners,
                alone=None if scenario.alone is None else geography.settlements.index[scenario.alone],
                threads=threads,
            ),
            params,
            Draws(seed, replication),
        )
        self.levers: list[Lever] = [kind(params) for kind in self.regime.lever_types()]
        self.due = scenario.schedule()
        self.share_hubs()
        self.outside = self.spaces_outside()
        self.granted = self.starts_granted()
        self.rollout = replace(self.due, start=self.granted.of(geography.spaces.codes))
        self.acting = [lever for lever in self.levers if type(lever).act is not Lever.act]
        self.established: set[tuple[str, int]] = set()
        self.in_force: tuple[Ruling, ...] | None = None
        self.arranged: dict[tuple[float, ...], list[tuple[str, float, Ruling]]] = {}
        self.phases = MONTH
        self.month = 0
        self.record: Recorder | None = None
        self.after_phase: Callable[[str, World], None] | None = None

    def step(self) -> None:
        """Live one month."""
        world = self.world
        world.month = self.month
        world.now = Month.begin(len(world.municipalities), world.spaces)
        world.manned = self.granted.manned[self.month]
        self.turn_rules()
        for phase in self.phases:
            phase(world)
            self.let_levers_act(after=phase.__name__)
            if self.after_phase:
                self.after_phase(phase.__name__, world)
        if self.record:
            self.record(world, counts_now(world))
        self.month += 1

    def run(self) -> IGRModel:
        """Live all months of the scenario."""
        while self.month < self.case.months:
            self.step()
        return self

    def turn_rules(self) -> None:
        """Set the month's doses and fold the levers into rulings."""
        world = self.world
        folded = {}
        whole = np.array([self.rollout.dose(s, self.month) for s in range(world.spaces)])
        doses = {lever.id: whole * self.part(lever.id) for lever in self.levers}
        world.rules.elsewhere = self.rulings_outside()
        if world.rules.rulings is self.in_force and all(np.array_equal(d, world.doses[n]) for n, d in doses.items()):
            # nothing is turned: what stands as it did leaves no trace
            return
        world.doses.update(doses)
        for space in range(world.spaces):
            arrangements = [(lever, float(world.doses[lever.id][space])) for lever in self.levers]
            for lever, dose in arrangements:
                if dose > 0 and (lever.id, space) not in self.established:
                    self.established.add((lever.id, space))
                    lever.establish(world, space)
            folded[space] = self.folded_at(tuple(dose for _, dose in arrangements))
        world.rules.turn(self.month, folded)
        self.in_force = world.rules.rulings

    def spaces_outside(self) -> dict[str, int]:
        """The country's spaces outside the scope, and their places in the country; none where the scope is a made-up one."""
        country, inside = load_geography().spaces.index, set(self.world.geography.spaces.codes)
        return {code: k for code, k in country.items() if code not in inside} if inside <= set(country) else {}

    def rulings_outside(self) -> tuple[Ruling, ...]:
        """The month's rulings of the country's spaces outside the scope."""
        if not self.outside or not self.levers:
            return ()
        codes = tuple(self.outside)
        whole = np.array([self.rollout_outside.dose(k, self.month) for k in self.outside.values()])
        doses = np.stack([whole * self.part(lever.id, codes) for lever in self.levers])
        arranged = [self.folded_at(tuple(column)) for column in doses.T.tolist()]
        return tuple(folded[-1][2] if folded else SILOS for folded in arranged)

    def folded_at(self, doses: tuple[float, ...]) -> list[tuple[str, float, Ruling]]:
        """The levers at these doses, and the ruling after each; worked out once."""
        if doses not in self.arranged:
            self.arranged[doses] = fold(list(zip(self.levers, doses, strict=True)), SILOS)
        return self.arranged[doses]

    def starts_granted(self) -> Granted:
        """When money and specialists let each space start; both are the whole country's, of which the scope is a part."""
        country, mine = load_geography(), self.world.geography
        whole = country if set(mine.spaces.codes) <= set(country.spaces.codes) else mine
        clock, rollout = self.world.clock, self.case.schedule_of(whole)
        posts = self.regime.posts_by_month(self.levers, whole.spaces.codes, rollout.shared, clock)
        return grant(rollout, whole.spaces.codes, posts, clock, self.world.params[HubWork].rand_per_post)

    @cached_property
    def rollout_outside(self) -> Rollout:
        """When each space of the whole country starts."""
        country = load_geography()
        return replace(self.case.schedule_of(country), start=self.granted.of(country.spaces.codes))

    def part(self, lever: str, codes: tuple[str, ...] = ()) -> float | NDArray[np.float64]:
        """What a lever's own terms leave of the roll-out's dose, by space of the scope or of these codes."""
        terms = [t for t in self.regime.terms if t.lever == lever]
        if not terms:
            return 1.0
        codes, day = codes or self.world.geography.spaces.codes, self.world.clock.date(self.month)
        known = set(codes) <= set(load_geography().spaces.codes)
        return np.array([max(t.dose_in(code, day, known) for t in terms) for code in codes])

    def share_hubs(self) -> None:
        """Note how many spaces share each hub."""
        index = self.world.geography.spaces.index
        for group in self.due.shared:
            for code in group:
                if code in index:
                    # a part of the country has its part of a shared hub
                    self.world.sharing[index[code]] = len(group)

    def let_levers_act(self, after: str) -> None:
        """Let levers do what they do each month."""
        for lever in self.acting:
            for space in range(self.world.spaces):
                dose = float(self.world.doses[lever.id][space])
                if dose > 0:
                    lever.act(self.world, space, dose, after)
