"""Needs and people are conserved; any settlement can be lived again alone; no order of visiting shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from same_lives import assert_same_lives, columns, hours_of
from small_country import Counter, SmallCountry, chain

from igrsim.citizens.lives import Lives
from igrsim.citizens.terms import (
    ABANDONED,
    ARISEN,
    CENTS,
    HOURS_BINS,
    HOURS_WIDTH,
    MERGED,
    METRES,
    MINUTES,
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

TRAITS = ("settlement", "ordinal", "key", "band", "fifth", "head", "cell")


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
    # the months of those who have nothing open, awaited or to sign are left out, and no others
    lives = people.citizens.lives
    waiting = (lives.routes != 0) | (lives.state["due"] > 0).any(axis=1) | (lives.state["signings"] > 0)
    np.testing.assert_array_equal(lives.busy != 0, waiting)
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
    first = whole.people.citizens.homes.first
    alone = make_world(20_000, scope="DC15")
    before = Lives(*(column.copy() for column in alone.people.citizens.lives))
    busiest = np.argsort(np.diff(first))[[-1, -40, -200]]
    for home in busiest:
        a, b = int(first[home]), int(first[home + 1])
        assert b > a
        for month in range(12):
            alone.month = month
            alone.people.tally[:] = 0
            alone.people.arrivals[:] = 0
            live(alone, [(a, b)], published[month])
            assert (alone.people.tally <= tallies[month]).all()
            assert (alone.people.arrivals <= calls[month]).all()
        assert_same_lives(alone.people.citizens, whole.people.citizens, slice(a, b), slice(a, b))
    others = ~np.isin(alone.people.citizens.settlement, busiest)
    kept = columns(before)
    for name, column in columns(alone.people.citizens.lives).items():
        np.testing.assert_array_equal(column[others], kept[name][others], err_msg=name)


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
    assert_same_lives(one.people.citizens, other.people.citizens)
    np.testing.assert_array_equal(one.people.hours, other.people.hours)
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
    assert_same_lives(lives[0].citizens, lives[1].citizens)
    np.testing.assert_array_equal(lives[0].hours, lives[1].hours)
    np.testing.assert_array_equal(lives[0].tally, lives[1].tally)


def test_a_larger_sample_holds_the_smaller_one_s_people(make_world: Any) -> None:
    small, large = make_world(2_000).people.citizens, make_world(6_000).people.citizens
    assert set(small.key.tolist()) <= set(large.key.tolist())
    where = {int(key): c for c, key in enumerate(large.key)}
    rows = np.array([where[int(key)] for key in small.key])
    for name in ("band", "fifth", "head", "cell", "settlement", "ordinal"):
        np.testing.assert_array_equal(getattr(small, name), getattr(large, name)[rows])
    assert_same_lives(small, large, theirs=rows)
    assert len(set(large.key.tolist())) == large.count
    for citizens in (small, large):
        known = [citizens.home_of(c) for c in range(0, citizens.count, 97)]
        assert known == list(zip(citizens.settlement[::97].tolist(), citizens.ordinal[::97].tolist(), strict=True))


@pytest.mark.parametrize("regime", ["siloed", "district-hub", "one-stop"])
def test_what_people_have_spent_is_what_was_counted(regime: str) -> None:
    """Over persons as over needs, space by space; and so many people are known to have spent so many half hours."""
    scenario = Scenario(regime=regime, scope=["DC15", "DC44"], citizens=15_000, months=30)
    world = (model := IGRModel(scenario, seed=6)).world
    documentary = np.array(world.catalogue.documentary)
    counted = np.zeros((world.spaces, 4), dtype=np.int64)
    waited = np.zeros(world.people.citizens.count, dtype=np.int64)
    papers = np.uint16((1 << world.people.book.first_recurring) - 1)
    while model.month < 30:
        model.step()
        month = world.people.tally[:, documentary].sum(axis=1).reshape(world.spaces, -1, world.people.tally.shape[2])
        counted += month.sum(axis=1)[:, [TRIPS, METRES, MINUTES, CENTS]]
        waited += (world.people.citizens.lives.routes & papers) != 0
        np.testing.assert_array_equal(world.people.hours, hours_of(world))
    people = world.people.citizens
    space = world.people.settlement_space[people.settlement]
    for k, name in enumerate(("trips", "metres", "minutes", "cents")):
        spent = np.bincount(space, weights=people.lives.state[name], minlength=world.spaces)
        np.testing.assert_array_equal(spent, counted[:, k], err_msg=name)
    np.testing.assert_array_equal(people.lives.state["waited"], waited)
    assert waited.max() > 2
    # who has made no trip has spent nothing, and who has made one has spent time
    np.testing.assert_array_equal(people.lives.state["trips"] > 0, people.lives.minutes > 0)


def test_who_has_spent_more_hours_than_there_are_bins_is_counted_in_the_last() -> None:
    country = SmallCountry(chain([Counter("labour")]), [("labour", 10.0)])
    country.lives.minutes[:] = HOURS_BINS * HOURS_WIDTH - 35
    country.hours[0, 0], country.hours[0, -2] = 0, country.people
    country.live(1)
    assert country.lives.minutes.min() > HOURS_BINS * HOURS_WIDTH
    assert country.hours[0, -1] == country.hours.sum() == country.people
    country.lives.routes[:] = 1
    country.lives.busy[:] = 8
    country.live(1)
    assert country.hours[0, -1] == country.hours.sum() == country.people
