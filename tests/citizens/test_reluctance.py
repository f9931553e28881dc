"""What keeps people from each way: by its formula, and kept up to date to the bit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from igrsim.citizens.reluctance import LIMIT, Options, Reluctance
from igrsim.citizens.terms import Conduct, Ways, fare_cents
from igrsim.phases.rounds import plan_round
from igrsim.phases.travel import travel
from igrsim.world.premises import Coming, find_ways, leave, let_in


def fresh(ways: Ways, conduct: Conduct) -> Options:
    return Reluctance(ways, conduct).options


def assert_same(mine: Options, theirs: Options) -> None:
    for name, one, other in zip(Options._fields, mine, theirs, strict=True):
        np.testing.assert_array_equal(one, other, err_msg=name)


def test_it_is_the_exponential_of_minutes_and_fare(make_world: Any) -> None:
    world = make_world(10, scope="DC36")
    ways, conduct = world.people.ways, world.people.conduct
    found = fresh(ways, conduct)
    homes, services, nearest = ways.point.shape
    assert found.odds.shape == (services, homes, 5, nearest)
    for name in ("point", "metres", "minutes"):
        np.testing.assert_array_equal(getattr(found, name).swapaxes(0, 1), getattr(ways, name))
    walked = 0
    for home, service, k in np.ndindex(*ways.metres[::50].shape):
        metres, minutes = int(ways.metres[50 * home, service, k]), float(ways.minutes[50 * home, service, k])
        walked += metres <= ways.walk_metres
        for fifth in range(5):
            rand = fare_cents(metres, ways) / 100
            worth = conduct.going + conduct.per_minute * minutes + conduct.per_rand[fifth] * rand
            assert found.odds[service, 50 * home, fifth, k] == pytest.approx(math.exp(-worth), rel=1e-13)
    assert 0 < walked < ways.metres[::50].size


@pytest.mark.parametrize(("going", "worth"), [(1e5, LIMIT), (-1e5, -LIMIT)])
def test_nothing_is_likelier_than_numbers_can_say(make_world: Any, going: float, worth: float) -> None:
    world = make_world(10)
    odds = fresh(world.people.ways, world.people.conduct._replace(going=going)).odds
    np.testing.assert_array_equal(odds, np.exp(-worth))
    assert np.isfinite(odds).all()
    assert (odds > 0).all()


def test_what_is_kept_up_to_date_is_what_is_worked_out_anew(make_world: Any) -> None:
    """Tenants come and go, then a mobile unit's stops come: the ways of some settlements to some services change."""
    world = make_world(10, scope="DC36")
    people = world.people
    kept = Reluctance(people.ways, people.conduct)
    centre = world.premises.centres[0]

    def come() -> None:
        let_in(world, [Coming(0, service, 4.0) for service in (0, 1, 3) if service not in centre.tenants])

    def go() -> None:
        for tenant in list(centre.tenants.values()):
            leave(world, [tenant.point])

    changed = []
    for happens in (come, go, lambda: plan_round(world, 0), lambda: None):
        happens()
        find_ways(world)
        was = kept.options.odds.copy()
        assert_same(kept.follow(people.ways, people.conduct), fresh(people.ways, people.conduct))
        now = kept.options.odds
        both = slice(None, was.shape[3])
        changed.append((now.shape[3] - was.shape[3], int((now[..., both] != was).any(axis=(2, 3)).sum())))
    ways = people.ways.point.shape[0] * people.ways.point.shape[1]
    assert 0 < changed[0][1] < ways
    assert 0 < changed[1][1] < ways
    assert changed[2][0] == 1
    assert changed[3] == (0, 0)


def test_ways_that_differ_by_one_minute_or_one_point_in_one_place(make_world: Any) -> None:
    people = make_world(10, scope="DC15").people
    known = Reluctance(people.ways, people.conduct)
    was = known.options.odds.copy()
    point, metres, minutes = (c.copy() for c in (people.ways.point, people.ways.metres, people.ways.minutes))
    minutes[7, 2, 1] += 1
    metres[9, 0, 3] += 1000
    point[11, 1, 0] = point[11, 1, 1]
    ways = people.ways._replace(point=point, minutes=minutes, metres=metres)
    assert_same(known.follow(ways, people.conduct), fresh(ways, people.conduct))
    there = np.nonzero((known.options.odds != was).any(axis=2))
    assert set(zip(*(x.tolist() for x in there), strict=True)) == {(2, 7, 1), (0, 9, 3)}


def test_other_conduct_is_another_reluctance(make_world: Any) -> None:
    people = make_world(10).people
    known = Reluctance(people.ways, people.conduct)
    was = known.options.odds.copy()
    bolder = people.conduct._replace(going=people.conduct.going + 1)
    assert_same(known.follow(people.ways, bolder), fresh(people.ways, bolder))
    np.testing.assert_allclose(known.options.odds, was / math.e, rtol=1e-13)


def test_guides_bring_nobody_nearer_and_months_keep_it_up(make_world: Any) -> None:
    world = make_world(500, scope="DC36")
    people = world.people
    assert people.reluctance is None
    travel(world)
    first = people.reluctance
    assert first is not None
    was = first.options
    people.ways = people.ways._replace(unready=people.ways.unready / 2)
    world.month = 1
    travel(world)
    assert people.reluctance is first
    assert first.options is was
    odds = was.odds.copy()
    for tenant in world.premises.centres[0].tenants.values():
        leave(world, [tenant.point])
    find_ways(world)
    world.month = 2
    travel(world)
    assert_same(people.reluctance.options, fresh(people.ways, people.conduct))
    assert not np.array_equal(people.reluctance.options.odds, odds)
