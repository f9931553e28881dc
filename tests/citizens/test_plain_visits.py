"""Everyone's expected month, compiled, against the plain one; and the chains of steps people stand in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from plain_visits import PlainVisits

from igrsim.citizens.access import Access
from igrsim.citizens.demand import Demand, expect, expected_visits
from igrsim.citizens.population import EVENTS, FIFTHS, Needs
from igrsim.citizens.terms import Conduct, Offices, Ways
from igrsim.citizens.visits import ABREAST
from igrsim.kernel.params import ParamSet
from igrsim.services.catalogue import SERVICES, load_catalogue

SETTLEMENTS = ABREAST + 5  # a block, and part of another
EACH = 4  # points of each service
NEAREST = 3
CONDUCT = Conduct(
    going=1.5,
    per_minute=-0.01,
    per_rand=np.full(FIFTHS, -0.01),
    per_queue_minute=-0.01,
    outings=3,
    missing_papers=np.full(FIFTHS, 0.3),
    give_up=0.15,
    patience=4,
    give_up_waiting=0.2,
    lags=np.array([2, 1, 3]),
    opening=450.0,
    early=120.0,
    clinic=0.1,
    collects=0.1,
    late_birth=0.1,
    sworn=0.3,
    lost=0.5,
    signings=5,
)


class Country:
    """A made-up country: settlements and points in no order, some closed, some unknown, some too far for a day."""

    def __init__(self, seed: int = 1, settlements: int = SETTLEMENTS) -> None:
        self.luck = np.random.default_rng(seed)
        self.settlements = settlements
        wealth = self.luck.dirichlet(np.ones(FIFTHS), settlements)
        population = self.luck.integers(0, 5000, settlements)
        params = ParamSet()
        self.demand: Demand = expect(population, wealth, params[Needs], params[Access], load_catalogue())
        self.service = np.repeat(np.arange(len(SERVICES)), EACH)
        self.rand_weight = self.luck.uniform(-0.02, 0.0, settlements)
        self.missing = self.luck.uniform(0, 0.5, settlements)
        self.ways = self._ways()

    def _ways(self) -> Ways:
        draw, n = self.luck, self.settlements
        shape = (n, len(SERVICES), NEAREST)
        point = np.full(shape, -1, np.int32)
        for i, s in np.ndindex(shape[:2]):
            known = draw.integers(0, NEAREST + 1)
            point[i, s, :known] = s * EACH + draw.permutation(EACH)[:known]
        minutes = draw.uniform(0, 500, shape)
        nothing = np.zeros(n)
        return Ways(
            lat=nothing,
            lon=nothing,
            point=point,
            metres=np.rint(minutes * 400).astype(np.int32),
            minutes=minutes,
            spread_km2=nothing,
            access_minutes=nothing,
            local_per_km=nothing,
            road_per_km=1.0,
            local_metres=5000.0,
            walk_metres=3000.0,
            walk_per_km=12.0,
            detour=1.3,
            boarding_cents=900.0,
            per_km_cents=75.0,
            unready=draw.uniform(0.5, 1, n),
        )

    def offices(self) -> Offices:
        """What the points publish in a month."""
        draw, n = self.luck, len(self.service)
        square = (n, len(SERVICES))
        hop = np.tile(np.arange(len(SERVICES)) * EACH, (n, 1)) + draw.integers(0, EACH, square)
        return Offices(
            key=np.zeros(n, np.uint64),
            lat=np.zeros(n),
            lon=np.zeros(n),
            knows=draw.uniform(0.3, 1, n),
            open=draw.uniform(size=n) < 0.85,
            absent=draw.uniform(0, 0.2, n),
            offline=draw.uniform(0, 0.2, n),
            admit=draw.uniform(0.5, 1, n),
            wait=draw.uniform(0, 225, n),
            serve=draw.uniform(5, 30, n),
            hop=np.where(draw.uniform(size=square) < 0.1, -1, hop).astype(np.int32),
            hop_metres=draw.integers(0, 40_000, square).astype(np.int32),
            hop_minutes=draw.uniform(0, 200, square),
            hop_same_day=draw.uniform(0.2, 1, square),
        )

    def live(self, offices: Offices, surge: Any = None) -> Any:
        return expected_visits(
            self.demand, CONDUCT, offices, self.ways, self.service, self.rand_weight, self.missing, surge
        )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_as_in_plain_python(seed: int) -> None:
    """Queues, closures, ways and rates change from month to month; weights of points are kept in single precision."""
    country = Country(seed)
    plain = PlainVisits(country.demand, CONDUCT, country.service, country.rand_weight, country.missing)
    for month in range(5):
        surge = country.luck.uniform(0, 3, (SETTLEMENTS, len(EVENTS))) if month == 2 else None
        if month == 3:
            moved = country.ways.minutes.copy()
            moved[::7, 1] *= 0.5
            country.ways = country.ways._replace(minutes=moved)
        offices = country.offices()
        load = country.live(offices, surge)
        assert load.sum() > 0
        np.testing.assert_allclose(load, plain.month(offices, country.ways, surge), rtol=2e-6, atol=1e-9)
        np.testing.assert_allclose(country.demand.signers, plain.signers, rtol=2e-6, atol=1e-12)
    stock = np.moveaxis(country.demand.stock, 1, 2).reshape(-1, len(country.demand.service))[:SETTLEMENTS]
    expected = [[standing.get(p, 0.0) for p in range(stock.shape[1])] for standing in plain.stock]
    np.testing.assert_allclose(stock, expected, rtol=5e-6, atol=1e-9)


def test_ways_that_change_are_found_as_if_they_had_always_been_so() -> None:
    first, second = Country(4), Country(4)
    offices = first.offices()
    changed = Country(5)._ways()
    first.live(offices)
    first.ways = second.ways = changed
    first.demand.stock[:] = 0.0
    first.demand.signers[:] = 0.0
    np.testing.assert_array_equal(first.live(offices), second.live(offices))


def test_a_settlement_alone_is_like_a_settlement_among_others() -> None:
    """Blocks of settlements are a matter of speed; loads add up, but for the order of sums."""
    whole, part, rest = Country(6), Country(6), Country(6)
    offices = whole.offices()
    # who weighs the fare alike goes on alike, whoever else calls at a point
    for country in (whole, part, rest):
        country.rand_weight[:] = -0.01
    part.demand.entry[3:] = 0.0
    rest.demand.entry[:3] = 0.0
    np.testing.assert_allclose(whole.live(offices), part.live(offices) + rest.live(offices), rtol=1e-12)


def test_nobody_calls_where_nothing_is_known_and_people_wait() -> None:
    country = Country(7)
    offices = country.offices()._replace(knows=np.zeros(len(country.service)))
    demand = country.demand
    lasting = ~demand.recurring[demand.enters]
    for month in range(1, 3):
        assert not country.live(offices).any()
        left = month if month == 1 else 1 + (1 - CONDUCT.give_up_waiting)
        waiting = left * (1 - CONDUCT.give_up_waiting) * demand.entry[:, lasting].sum()
        assert demand.stock.sum() == pytest.approx(waiting, rel=1e-12)


def test_positions_lead_through_the_steps_of_each_way() -> None:
    """People who share the rest of their way share positions; each still calls at its counters in its order."""
    catalogue = load_catalogue()
    demand = Country(8, settlements=3).demand
    wanted = {
        tuple(SERVICES.index(catalogue.steps[k].service) for k in catalogue.path(route, held))
        for route in range(len(catalogue.routes))
        for held in (
            0,
            catalogue.token("birth_certificate"),
            catalogue.token("birth_certificate") | catalogue.token("identity"),
        )
    }
    found = set()
    for position in (*demand.enters, demand.signing):
        counters = []
        while position >= 0:
            if demand.service[position] >= 0:
                counters.append(int(demand.service[position]))
            assert demand.onward[position] < position
            position = int(demand.onward[position])
        found.add(tuple(counters))
    assert found <= wanted
    keys = list(
        zip(
            demand.service,
            demand.desk_share,
            demand.onward,
            demand.same_day,
            demand.briefed,
            demand.recurring,
            demand.claims,
            strict=True,
        )
    )
    assert len(set(keys)) == len(keys)
