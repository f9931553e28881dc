"""Nobody's life hangs on whom they are lived beside: threads, parts of a country, one settlement alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from same_lives import assert_same_counts, assert_same_lives, hours_of, lived

from igrsim.citizens.month import ABREAST, TOGETHER
from igrsim.citizens.population import EVENTS
from igrsim.citizens.terms import ARISEN
from igrsim.model import IGRModel, Scenario
from igrsim.phases.travel import live, offices
from igrsim.world.world import World

TWO_DISTRICTS = ["DC15", "DC44"]
BIGGEST = 45_002
"""People of the largest settlement of DC36, more than are lived abreast."""


def surging(world: World) -> World:
    """Two needs surge, each in some settlements and at a rate of their own."""
    more = np.zeros((len(world.geography.settlements), len(EVENTS)))
    more[::3, EVENTS.index("identity")] = 6.0
    more[1::5, EVENTS.index("child_grant")] = np.linspace(1.0, 20.0, len(more[1::5]))
    world.people.stirred = more
    return world


def in_parts(world: World, cuts: list[int]) -> None:
    """Live a month from what is published, part by part."""
    world.people.tally[:] = 0
    world.people.arrivals[:] = 0
    surge = world.people.stirred
    live(world, list(pairwise([0, *cuts, world.people.citizens.count])), offices(world), surge)


@pytest.mark.parametrize("surge", [False, True])
def test_no_number_of_threads_shows(make_world: Any, surge: bool) -> None:
    worlds, counted = [], []
    for threads, reverse in ((1, False), (2, False), (3, True), (3, False), (4, False)):
        world = make_world(9_000, scope=TWO_DISTRICTS)
        assert world.people.threads == 1
        world.people.threads, world.reverse = threads, reverse
        worlds.append(surging(world) if surge else world)
        counted.append(lived(world, 12))
    for world, counts in zip(worlds[1:], counted[1:], strict=True):
        assert_same_lives(world.people.citizens, worlds[0].people.citizens)
        assert_same_counts(counts, counted[0])
    assert worlds[0].people.citizens.lives.fate.any()
    np.testing.assert_array_equal(worlds[0].people.hours, hours_of(worlds[0]))


def test_a_surge_shows_in_what_is_compared(make_world: Any) -> None:
    plain, more = (
        lived(world, 12) for world in (make_world(9_000, TWO_DISTRICTS), surging(make_world(9_000, TWO_DISTRICTS)))
    )
    arisen = [sum(month["tally"][:, :, ARISEN].sum() for month in counted) for counted in (plain, more)]
    assert arisen[1] > arisen[0]


def test_more_threads_than_people(make_world: Any) -> None:
    alone, crowd = make_world(7), make_world(7)
    crowd.people.threads = 4
    assert_same_counts(lived(alone, 6), lived(crowd, 6))
    assert_same_lives(alone.people.citizens, crowd.people.citizens)


def test_parts_may_begin_in_the_middle_of_a_settlement(make_world: Any) -> None:
    """Parts of one person, parts of none, and parts that no settlement, block or line of the processor ends with."""
    whole, cut = (surging(make_world(12_000, scope=TWO_DISTRICTS)) for _ in range(2))
    first = whole.people.citizens.homes.first
    inside = int(first[np.argmax(np.diff(first))]) + 1
    assert inside not in first
    # where a part begins twice the first has nobody, as has one that begins at the end
    cuts = sorted([1, 2, inside, TOGETHER + 1, 2 * TOGETHER - 1, int(first[40]), 4_099, 4_099, 9_001, 11_999, 12_000])
    counts = [lived(whole, 8, lambda w: in_parts(w, [])), lived(cut, 8, lambda w: in_parts(w, cuts))]
    assert_same_counts(*counts)
    assert_same_lives(whole.people.citizens, cut.people.citizens)
    assert whole.people.citizens.lives.state["trips"].any()


def test_a_settlement_of_more_people_than_are_lived_abreast(make_world: Any) -> None:
    places = make_world(1, scope="DC36").geography.settlements
    everyone = places.population
    assert everyone.max() == BIGGEST > ABREAST
    town = places.codes[int(np.argmax(everyone))]
    whole, cut = (make_world(int(everyone.sum()), scope="DC36", alone=town) for _ in range(2))
    assert whole.people.citizens.count == BIGGEST
    cuts = [1, 31, ABREAST - 1, ABREAST, ABREAST + 1, 40_001]
    counts = [lived(whole, 5, lambda w: in_parts(w, [])), lived(cut, 5, lambda w: in_parts(w, cuts))]
    assert_same_counts(*counts)
    assert_same_lives(whole.people.citizens, cut.people.citizens)
    lives = whole.people.citizens.lives
    # those beyond the first who are lived abreast have lives of their own
    assert lives.state["trips"][ABREAST:].any()
    assert not np.array_equal(lives.state["trips"][: BIGGEST - ABREAST], lives.state["trips"][ABREAST:])
    np.testing.assert_array_equal(whole.people.hours, hours_of(whole))


def counted_by_home(world: World) -> World:
    """Count the people of each settlement apart, by fifth and household head."""
    people = world.people
    citizens = people.citizens
    assert world.spaces == 1
    citizens.cells = (citizens.settlement * 10 + (citizens.lives.traits >> 2)).astype(np.int32)
    people.tally = np.zeros((10 * len(citizens.homes.key), *people.tally.shape[1:]), dtype=np.int64)
    return world


@pytest.mark.parametrize("surge", [False, True])
def test_one_settlement_alone_lives_as_in_the_whole_country(make_world: Any, surge: bool) -> None:
    whole = counted_by_home(make_world(20_000, scope="DC15"))
    if surge:
        surging(whole)
    counted = lived(whole, 12)
    everybody = whole.people.citizens
    first = everybody.homes.first
    for home in np.argsort(np.diff(first))[[-1, -40, -200]].tolist():
        mine = slice(int(first[home]), int(first[home + 1]))
        world = make_world(20_000, scope="DC15", alone=whole.geography.settlements.codes[home])
        if surge:
            surging(world)
        people = world.people.citizens
        assert people.count == mine.stop - mine.start > 0
        assert people.represents == everybody.represents
        for name in ("settlement", "ordinal", "key", "band", "head", "fifth"):
            np.testing.assert_array_equal(getattr(people, name), getattr(everybody, name)[mine], err_msg=name)
        # the tally of cells holds nobody but them
        found = lived(world, 12)
        cell = int(people.homes.cell[home])
        for month, all_of_them in zip(found, counted, strict=True):
            np.testing.assert_array_equal(
                month["tally"][cell : cell + 10], all_of_them["tally"][10 * home : 10 * home + 10]
            )
            assert month["tally"].sum() == month["tally"][cell : cell + 10].sum()
            assert (month["arrivals"] <= all_of_them["arrivals"]).all()
        assert_same_lives(people, everybody, theirs=mine)
        np.testing.assert_array_equal(world.people.hours, hours_of(world))
        for name in ("load", "admit", "wait"):
            np.testing.assert_array_equal(getattr(world.points, name), getattr(whole.points, name))
        assert people.lives.state["trips"].any()


@pytest.mark.parametrize("regime", ["siloed", "district-hub", "one-stop"])
def test_one_settlement_alone_in_a_whole_run(regime: str) -> None:
    """Beside other months of government, in threads and the other way round."""
    scenario = Scenario(regime=regime, scope=TWO_DISTRICTS, citizens=8_000, months=24)
    whole = IGRModel(scenario, seed=4).run().world
    first = whole.people.citizens.homes.first
    for home, threads in zip(np.argsort(np.diff(first))[[-1, -30]].tolist(), (1, 2), strict=True):
        apart = replace(scenario, alone=whole.geography.settlements.codes[home], reverse=threads == 1)
        alone = IGRModel(apart, seed=4, threads=threads).run().world
        assert alone.people.threads == threads
        mine = slice(int(first[home]), int(first[home + 1]))
        assert_same_lives(alone.people.citizens, whole.people.citizens, theirs=mine)
        np.testing.assert_array_equal(alone.people.hours, hours_of(alone))
        assert alone.people.citizens.lives.state["trips"].any()


@pytest.mark.parametrize("regime", ["siloed", "one-stop"])
def test_no_number_of_threads_shows_in_a_whole_run(regime: str) -> None:
    scenario = Scenario(regime=regime, scope=TWO_DISTRICTS, citizens=6_000, months=18)
    one, other = (IGRModel(scenario, seed=4, threads=threads).run().world for threads in (1, 2))
    assert_same_lives(one.people.citizens, other.people.citizens)
    for name in ("tally", "arrivals", "hours"):
        np.testing.assert_array_equal(getattr(one.people, name), getattr(other.people, name))


def test_a_settlement_of_whom_nobody_is_simulated(make_world: Any) -> None:
    some = make_world(200, scope="DC15")
    nobody = some.geography.settlements.codes[int(np.argmin(np.diff(some.people.citizens.homes.first)))]
    world = make_world(200, scope="DC15", alone=nobody)
    assert world.people.citizens.count == 0
    assert not any(month[name].any() for month in lived(world, 3) for name in month)
