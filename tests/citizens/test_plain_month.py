"""The compiled month against the plain one: every person, every month, every count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from plain_month import Person, PlainMonth
from same_lives import columns

from igrsim.citizens.population import EVENTS
from igrsim.citizens.terms import GAVE_UP, GOT, HOURS_BINS, HOURS_WIDTH, PURPOSES, TALLIES
from igrsim.kernel.draws import code_key
from igrsim.phases.rounds import plan_round
from igrsim.phases.travel import offices, travel
from igrsim.services.catalogue import LAGS
from igrsim.world.premises import find_ways, let_in
from igrsim.world.world import World

MONTHS = 24


def names(bits: int, known: list[str]) -> set[str]:
    return {name for k, name in enumerate(known) if bits >> k & 1}


def bits(held: set[str], known: list[str]) -> int:
    return sum(1 << known.index(name) for name in held)


class PlainWorld:
    """The people of a world as persons; begun from its columns, and compared with them each month."""

    def __init__(self, world: World) -> None:
        self.world = world
        catalogue, citizens = world.catalogue, world.people.citizens
        self.routes = [route.name for route in catalogue.routes]
        self.steps = [step.name for step in catalogue.steps]
        self.tokens = list(catalogue.tokens)
        self.remembered = [n for n, kept in zip(catalogue.needs, catalogue.documentary, strict=True) if kept]
        self.lagged = [next(s.gives or "" for s in catalogue.steps if s.lag == lag) for lag in LAGS]
        self.keys = {purpose: world.draws[purpose].key for purpose in PURPOSES}
        assert all(self.keys[p] == world.draws[p].key for p in PURPOSES)
        assert len({code_key(p) for p in PURPOSES}) == len(PURPOSES)
        self.persons = [
            Person(
                me=int(citizens.key[c]),
                home=int(citizens.settlement[c]),
                band=int(citizens.band[c]),
                fifth=int(citizens.fifth[c]),
                cell=int(citizens.cell[c]),
                open=names(int(citizens.lives.routes[c]), self.routes),
                held=names(int(citizens.lives.tokens[c]), self.tokens),
                due=dict(zip(self.lagged, map(int, citizens.lives.state["due"][c]), strict=True)),
                opened=dict(zip(self.remembered, map(int, citizens.lives.opened[c]), strict=True)),
                told=names(int(citizens.lives.state["briefed"][c]), self.steps),
                idle=int(citizens.lives.state["idle"][c]),
                signings=int(citizens.lives.state["signings"][c]),
                spent={need: [0, 0, 0, 0] for need in self.remembered},
            )
            for c in range(citizens.count)
        ]

    def live(self, month: int) -> PlainMonth:
        """Live the month from what the points have published."""
        world = self.world
        plain = PlainMonth(
            month,
            world.clock.ordinal(month),
            self.keys,
            world.people.hazard.tolist(),
            world.people.conduct,
            world.catalogue,
            offices(world),
            world.people.ways,
            None if world.people.stirred is None else world.people.stirred.tolist(),
        )
        for person in self.persons:
            plain.live(person)
        return plain

    def columns(self) -> dict[str, np.ndarray[Any, Any]]:
        """The persons' state as the world's columns."""
        known = columns(self.world.people.citizens.lives)
        rows: dict[str, list[Any]] = {
            "traits": [p.band | p.cell % 2 << 2 | p.fifth << 3 for p in self.persons],
            "routes": [bits(p.open, self.routes) for p in self.persons],
            "tokens": [bits(p.held, self.tokens) for p in self.persons],
            "due": [[p.due[d] for d in self.lagged] for p in self.persons],
            "opened": [[p.opened[need] for need in self.remembered] for p in self.persons],
            "briefed": [bits(p.told, self.steps) for p in self.persons],
            "idle": [p.idle for p in self.persons],
            "signings": [p.signings for p in self.persons],
            "fate": [GOT * p.got | GAVE_UP * p.gave_up for p in self.persons],
            "trips": [p.trips for p in self.persons],
            "metres": [p.metres for p in self.persons],
            "minutes": [p.minutes for p in self.persons],
            "cents": [p.cents for p in self.persons],
            "waited": [p.waited for p in self.persons],
            "spent": [[p.spent[need] for need in self.remembered] for p in self.persons],
            "solved": [bits(p.solved, self.routes) for p in self.persons],
        }
        assert {*rows, "busy"} == set(known)
        return {name: np.array(row, dtype=known[name].dtype) for name, row in rows.items()}

    def busy(self) -> np.ndarray[Any, Any]:
        """Who has a need open, a document awaited or a signing to come."""
        return np.array([bool(p.open) or any(p.due.values()) or p.signings > 0 for p in self.persons])

    def hours(self) -> np.ndarray[Any, Any]:
        """How many people of each space have spent how many half hours on documentary trips."""
        found = np.zeros((self.world.spaces, HOURS_BINS), dtype=np.int64)
        for p in self.persons:
            found[self.world.people.settlement_space[p.home], min(p.minutes // HOURS_WIDTH, HOURS_BINS - 1)] += 1
        return found

    def counts(self, plain: PlainMonth) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """The month's tallies and calls as the world's arrays."""
        people, needs = self.world.people, self.world.catalogue.needs
        tally, arrivals = np.zeros_like(people.tally), np.zeros_like(people.arrivals)
        for (cell, need, what), number in plain.tally.items():
            tally[cell, needs.index(need), TALLIES.index(what)] += number
        for point, number in plain.arrivals.items():
            arrivals[point] += number
        return tally, arrivals


def compare(world: World, months: int = MONTHS) -> np.ndarray[Any, Any]:
    """Live the same months twice; returns the sum of what was counted, by need and tally."""
    people, twin = world.people, PlainWorld(world)
    total = np.zeros(people.tally.shape[1:], dtype=np.int64)
    for month in range(months):
        world.month = month
        travel(world)
        plain = twin.live(month)
        for name, theirs in twin.columns().items():
            ours = columns(people.citizens.lives)[name]
            differ = np.flatnonzero((ours != theirs).reshape(len(ours), -1).any(axis=1))
            if len(differ):
                c = differ[0]
                raise AssertionError(
                    f"month {month}: {len(differ)} differ in {name}; citizen {c}: kernel {ours[c]}, "
                    f"reference {theirs[c]}; {twin.persons[c]}"
                )
        np.testing.assert_array_equal(people.citizens.lives.busy != 0, twin.busy())
        np.testing.assert_array_equal(people.hours, twin.hours())
        tally, arrivals = twin.counts(plain)
        for k, what in enumerate(TALLIES):
            np.testing.assert_array_equal(people.tally[:, :, k], tally[:, :, k], err_msg=f"{what}, month {month}")
        np.testing.assert_array_equal(people.arrivals, arrivals)
        total += people.tally.sum(axis=0)
    return total


SETTINGS: dict[str, dict[str, float]] = {
    "as given": {},
    "everything at once": {
        "access__lag_identity": 0,
        "access__lag_medical": 0,
        "access__lag_birth": 1,
        "access__outings": 4,
        "access__offline": 0.2,
        "needs__sworn_route": 0.6,
    },
    "slow papers, one day out": {
        "access__lag_identity": 2,
        "access__lag_medical": 2,
        "access__lag_birth": 6,
        "access__outings": 1,
        "access__missing_papers": 0.45,
        "access__give_up": 0.25,
    },
    "few go out": {
        "access__going": 1.5,
        "access__per_minute": -0.035,
        "access__per_rand": -0.01,
        "access__patience": 3,
        "access__give_up_waiting": 0.3,
        "access__opening_minutes": 360,
        "access__early_start": 0,
        "desks__home_affairs": 22,
    },
}


@pytest.mark.parametrize("setting", list(SETTINGS))
def test_two_towns_agree_person_by_person(make_world: Any, setting: str) -> None:
    total = compare(make_world(4_000, **SETTINGS[setting]))
    assert (total[:, TALLIES.index("arisen")] > 0).all()


def test_state_that_outgrows_the_declared_ranges(make_world: Any) -> None:
    """Half the systems down, a tenth of the desks, short days, no issue lags: nothing is left untried."""
    world = make_world(1_200)
    people, points = world.people, world.points
    people.conduct = people.conduct._replace(
        outings=4, lags=np.zeros(3, dtype=np.int64), collects=0.5, lost=1.0, opening=200.0, early=0.0
    )
    people.hazard = people.hazard * 5
    points.offline[:] = 0.5
    points.desks /= 10
    total = compare(world, 12)
    assert points.admit.min() < 0.3
    for what in set(TALLIES) - {"wasted_absent"}:
        assert total[:, TALLIES.index(what)].sum() > 0, what


def test_a_rural_district_with_visiting_services(make_world: Any) -> None:
    world = make_world(2_500, scope="DC15")
    points = world.points
    assert points.visiting.any()
    assert len(world.geography.settlements) >= 200
    total = compare(world)
    assert total[:, TALLIES.index("wasted_absent")].sum() > 0


def test_a_third_of_the_points_closed(make_world: Any) -> None:
    world = make_world(1_500, scope="DC15", access__knows_visiting=0.9, access__no_show=0.3)
    world.points.open[::3] = False
    world.points.offline[:] = 0.0
    total = compare(world, 12)
    assert total[:, TALLIES.index("wasted_offline")].sum() == 0


def test_a_district_with_a_new_centre_mobile_units_and_guides(make_world: Any) -> None:
    """Tenants who come on different days, stops that serve one settlement, papers that are missing less in places."""
    world = make_world(2_000, scope="DC36")
    for service, days in ((0, 21.0), (1, 4.0), (2, 2.0)):
        let_in(world, world.premises.centres[0], 0, service, days)
    find_ways(world)
    mine = plan_round(world, 0)
    world.points.open[mine.points[::2]] = True
    world.points.knows[mine.points] = 0.7
    unready = np.linspace(0.2, 1.0, len(world.geography.settlements))
    world.people.ways = world.people.ways._replace(unready=unready)
    compare(world, 12)
    assert world.people.arrivals[mine.points].sum() > 0
    assert world.people.arrivals[[t.point for t in world.premises.centres[0].tenants.values()]].sum() > 0
    same_day = world.points.hop_same_day
    assert ((same_day > 0) & (same_day < 1)).any()


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_surge_of_some_needs_in_some_places(make_world: Any, everywhere: bool) -> None:
    """Further events come after the usual ones; a rate that all settlements share, or one that each has of its own."""
    world = make_world(1_500, scope="DC15")
    more = np.zeros((len(world.geography.settlements), len(EVENTS)))
    more[:, EVENTS.index("birth")] = 5.0
    if not everywhere:
        more[::2] = 0.0
        more[1::4, EVENTS.index("identity")] = np.linspace(0.5, 30.0, len(more[1::4]))
        more[3::4, EVENTS.index("unemployment_insurance")] = 40.0
    usual = compare(make_world(1_500, scope="DC15"), 6)
    world.people.stirred = more
    surge = compare(world, 6)
    grown = surge[:, TALLIES.index("arisen")] - usual[:, TALLIES.index("arisen")]
    assert grown[world.catalogue.needs.index("birth")] > 10
    assert (grown[world.catalogue.needs.index("identity")] > 10) is not everywhere
