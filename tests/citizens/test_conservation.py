"""Needs and people are conserved; any settlement can be lived again alone; no order of visiting shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from igrsim.citizens.terms import (
    ABANDONED,
    ARISEN,
    MERGED,
    RESOLVED,
    STEPS,
    TRIPS,
    VISITS,
    WASTED_LATE,
    WASTED_PAPERS,
    Offices,
)
from igrsim.metrics._base import counts_now
from igrsim.model import IGRModel, Scenario
from igrsim.phases.travel import live, offices, travel
from igrsim.world.world import World

STATE = ("routes", "tokens", "due", "opened", "briefed", "idle", "signings", "minutes")
TRAITS = ("settlement", "ordinal", "key", "first", "band", "fifth", "head", "cell")


def open_needs(world: World) -> np.ndarray[Any, Any]:
    """How many citizens have each need open."""
    book, routes = world.people.book, world.people.citizens.lives.routes
    found = np.zeros(len(world.catalogue.needs), dtype=np.int64)
    for route, need in enumerate(book.route_need):
        found[need] += ((routes >> route) & 1).sum()
    return found


@pytest.mark.parametrize(
    ("regime", "scope", "citizens"),
    [("siloed", "two-towns", 20_000), ("district-hub-core", "two-towns", 20_000), ("siloed", "DC15", 40_000)],
)
def test_every_need_is_in_one_state(regime: str, scope: str, citizens: int) -> None:
    model = IGRModel(Scenario(regime=regime, scope=scope, citizens=citizens, months=24), seed=5)
    people = model.world.people
    before = {name: getattr(people.citizens, name).copy() for name in TRAITS}
    total = np.zeros(people.tally.shape[1:], dtype=np.int64)
    for _ in range(24):
        model.step()
        month = people.tally.sum(axis=0)
        total += month
        over = total[:, RESOLVED] + total[:, ABANDONED] + total[:, MERGED]
        np.testing.assert_array_equal(total[:, ARISEN], open_needs(model.world) + over)
        np.testing.assert_array_equal(month[:, VISITS].sum(), people.arrivals.sum())
        # a trip is wasted by one cause at most, and finishes a step otherwise
        wasted = people.tally[:, :, WASTED_PAPERS : WASTED_LATE + 1].sum(axis=2)
        assert (wasted <= people.tally[:, :, TRIPS]).all()
        assert (people.tally[:, :, TRIPS] - wasted).sum() <= month[:, STEPS].sum() <= month[:, VISITS].sum()
    assert people.citizens.count == citizens
    for name, trait in before.items():
        np.testing.assert_array_equal(getattr(people.citizens, name), trait)
    # at most one route of a need is open
    of_need: dict[int, int] = {}
    for route, need in enumerate(people.book.route_need.tolist()):
        of_need[need] = of_need.get(need, 0) | 1 << route
    for mask in of_need.values():
        together = people.citizens.lives.routes & np.uint16(mask)
        assert not (together & (together - np.uint16(1))).any()


def test_any_settlement_can_be_lived_again_alone(make_world: Any) -> None:
    whole = make_world(20_000, scope="DC15")
    published: list[Offices] = []
    tallies, calls = [], []
    for month in range(12):
        whole.month = month
        travel(whole)
        published.append(Offices(**{name: column.copy() for name, column in offices(whole)._asdict().items()}))
        tallies.append(whole.people.tally.copy())
        calls.append(whole.people.arrivals.copy())
    first = whole.people.citizens.first
    alone = make_world(20_000, scope="DC15")
    before = {name: getattr(alone.people.citizens, name).copy() for name in STATE}
    busiest = np.argsort(np.diff(first))[[-1, -40, -200]]
    for home in busiest:
        a, b = int(first[home]), int(first[home + 1])
        assert b > a
        for month in range(12):
            alone.month = month
            alone.people.tally[:] = 0
            alone.people.arrivals[:] = 0
            live(alone, a, b, published[month])
            assert (alone.people.tally <= tallies[month]).all()
            assert (alone.people.arrivals <= calls[month]).all()
        for name in STATE:
            np.testing.assert_array_equal(
                getattr(alone.people.citizens, name)[a:b], getattr(whole.people.citizens, name)[a:b]
            )
    others = ~np.isin(alone.people.citizens.settlement, busiest)
    for name in STATE:
        np.testing.assert_array_equal(getattr(alone.people.citizens, name)[others], before[name][others])


@pytest.mark.parametrize("regime", ["siloed", "district-hub-core", "one-stop"])
def test_no_order_of_visiting_shows(regime: str) -> None:
    arms = []
    for reverse in (False, True):
        scenario = Scenario(regime=regime, scope=["DC15", "DC44"], citizens=10_000, months=12, reverse=reverse)
        model = IGRModel(scenario, seed=2)
        counted = []
        while model.month < 12:
            model.step()
            counted.append(counts_now(model.world))
        arms.append((model.world, counted))
    (one, counts_one), (other, counts_other) = arms
    for name in STATE:
        np.testing.assert_array_equal(getattr(one.people.citizens, name), getattr(other.people.citizens, name))
    np.testing.assert_array_equal(one.people.tally, other.people.tally)
    np.testing.assert_array_equal(one.people.arrivals, other.people.arrivals)
    for name in ("load", "admit", "wait"):
        np.testing.assert_array_equal(getattr(one.points, name), getattr(other.points, name))
    for month, twin in zip(counts_one, counts_other, strict=True):
        for level in month:
            for count, values in month[level].items():
                np.testing.assert_array_equal(values, twin[level][count], err_msg=f"{level} {count}")


def test_a_regime_that_moves_no_office_moves_no_citizen() -> None:
    """The null of travel: hubs plan, but the counters stay, and so do people's lives."""
    lives = []
    for regime in ("siloed", "district-hub-core"):
        model = IGRModel(Scenario(regime=regime, scope="two-towns", citizens=5_000, months=24), seed=1).run()
        lives.append(model.world.people)
    for name in STATE:
        np.testing.assert_array_equal(getattr(lives[0].citizens, name), getattr(lives[1].citizens, name))
    np.testing.assert_array_equal(lives[0].tally, lives[1].tally)


def test_a_larger_sample_holds_the_smaller_one_s_people(make_world: Any) -> None:
    small, large = make_world(2_000).people.citizens, make_world(6_000).people.citizens
    assert set(small.key.tolist()) <= set(large.key.tolist())
    where = {int(key): c for c, key in enumerate(large.key)}
    rows = np.array([where[int(key)] for key in small.key])
    for name in ("band", "fifth", "head", "cell", "tokens"):
        np.testing.assert_array_equal(getattr(small, name), getattr(large, name)[rows])
    assert len(set(large.key.tolist())) == large.count
