"""What keeps people from each way: by its formula, and kept up to date to the bit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from igrsim.citizens.reluctance import LIMIT, reluctance
from igrsim.citizens.terms import fare_cents
from igrsim.phases.rounds import plan_round
from igrsim.phases.travel import travel
from igrsim.world.premises import find_ways, leave, let_in


def test_it_is_the_exponential_of_minutes_and_fare(make_world: Any) -> None:
    world = make_world(10, scope="DC36")
    ways, conduct = world.people.ways, world.people.conduct
    odds = reluctance(ways, conduct).odds
    assert odds.shape == (*ways.point.shape[:2], 5, ways.point.shape[2])
    walked = 0
    for home, service, k in np.ndindex(*ways.metres[::50].shape):
        metres, minutes = int(ways.metres[50 * home, service, k]), float(ways.minutes[50 * home, service, k])
        walked += metres <= ways.walk_metres
        for fifth in range(5):
            rand = fare_cents(metres, ways) / 100
            worth = conduct.going + conduct.per_minute * minutes + conduct.per_rand[fifth] * rand
            assert odds[50 * home, service, fifth, k] == pytest.approx(math.exp(-worth), rel=1e-13)
    assert 0 < walked < ways.metres[::50].size


@pytest.mark.parametrize(("going", "worth"), [(1e5, LIMIT), (-1e5, -LIMIT)])
def test_nothing_is_likelier_than_numbers_can_say(make_world: Any, going: float, worth: float) -> None:
    world = make_world(10)
    odds = reluctance(world.people.ways, world.people.conduct._replace(going=going)).odds
    np.testing.assert_array_equal(odds, np.exp(-worth))
    assert np.isfinite(odds).all()
    assert (odds > 0).all()


def test_what_is_kept_up_to_date_is_what_is_worked_out_anew(make_world: Any) -> None:
    """Tenants come and go, then a mobile unit's stops come: the ways of some settlements to some services change."""
    world = make_world(10, scope="DC36")
    people = world.people
    kept = reluctance(people.ways, people.conduct)
    centre = world.premises.centres[0]

    def come() -> None:
        for service in (0, 1, 3):
            if service not in centre.tenants:
                let_in(world, centre, 0, service, 4.0)

    def go() -> None:
        for tenant in list(centre.tenants.values()):
            leave(world, tenant)

    changed = []
    for happens in (come, go, lambda: plan_round(world, 0), lambda: None):
        happens()
        find_ways(world)
        was, odds = kept, kept.odds.copy()
        kept = reluctance(people.ways, people.conduct, was)
        np.testing.assert_array_equal(kept.odds, reluctance(people.ways, people.conduct).odds)
        # what was known of a month past does not change with it
        np.testing.assert_array_equal(was.odds, odds)
        wider = kept.odds.shape[3] - odds.shape[3]
        both = slice(None, odds.shape[3])
        changed.append((wider, int((kept.odds[..., both] != odds).any(axis=(2, 3)).sum()), kept is was))
    ways = kept.odds.shape[0] * kept.odds.shape[1]
    assert 0 < changed[0][1] < ways
    assert 0 < changed[1][1] < ways
    assert changed[2][0] == 1
    assert changed[3] == (0, 0, True)


def test_ways_that_differ_by_one_minute_in_one_place(make_world: Any) -> None:
    people = make_world(10, scope="DC15").people
    known = reluctance(people.ways, people.conduct)
    minutes, metres = people.ways.minutes.copy(), people.ways.metres.copy()
    minutes[7, 2, 1] += 1
    metres[9, 0, 3] += 1000
    ways = people.ways._replace(minutes=minutes, metres=metres)
    found = reluctance(ways, people.conduct, known)
    np.testing.assert_array_equal(found.odds, reluctance(ways, people.conduct).odds)
    assert set(zip(*(x.tolist() for x in np.nonzero((found.odds != known.odds).any(axis=2))), strict=True)) == {
        (7, 2, 1),
        (9, 0, 3),
    }


def test_other_conduct_is_another_reluctance(make_world: Any) -> None:
    people = make_world(10).people
    known = reluctance(people.ways, people.conduct)
    bolder = people.conduct._replace(going=people.conduct.going + 1)
    np.testing.assert_array_equal(reluctance(people.ways, bolder, known).odds, reluctance(people.ways, bolder).odds)
    np.testing.assert_allclose(reluctance(people.ways, bolder, known).odds, known.odds / math.e, rtol=1e-13)


def test_guides_bring_nobody_nearer_and_months_keep_it_up(make_world: Any) -> None:
    world = make_world(500, scope="DC36")
    people = world.people
    assert people.reluctance is None
    travel(world)
    first = people.reluctance
    assert first is not None
    people.ways = people.ways._replace(unready=people.ways.unready / 2)
    world.month = 1
    travel(world)
    assert people.reluctance is first
    for tenant in world.premises.centres[0].tenants.values():
        leave(world, tenant)
    find_ways(world)
    world.month = 2
    travel(world)
    np.testing.assert_array_equal(people.reluctance.odds, reluctance(people.ways, people.conduct).odds)
    assert not np.array_equal(people.reluctance.odds, first.odds)
