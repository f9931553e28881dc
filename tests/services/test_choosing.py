"""Who looks for points anew, and that nobody else need."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.places.travel import Travel
from igrsim.runs.validation.small_worlds import begin, small_model
from igrsim.services.catalogue import SERVICES
from igrsim.services.choosing import NEAREST, choices, choose_again
from igrsim.world.premises import find_ways

CLINIC, SASSA = SERVICES.index("clinic"), SERVICES.index("sassa")


@pytest.mark.parametrize("change", ["closes", "opens", "moves", "moves beside others", "all close", "nothing"])
def test_ways_found_anew_where_points_changed_are_those_of_searching_all(change: str) -> None:
    world = small_model(scope=["DC12", "DC15"], citizens=50).world
    begin(world, 0)
    points, settlements, travel = world.points, world.geography.settlements, world.params[Travel]
    everyone = np.arange(len(settlements))
    for service in (SASSA, CLINIC):
        rows = np.flatnonzero(points.service == service)
        if change == "opens":
            points.open[rows[::3]] = False
            world.premises.changed.add(service)
            find_ways(world)
            points.open[rows[::3]] = True
        elif change == "closes":
            points.open[rows[::5]] = False
        elif change == "all close":
            points.open[rows] = False
        elif change == "moves":
            points.lat[rows[::7]] += 0.01
        elif change == "moves beside others":
            for column in (points.lat, points.lon):
                column[rows[1:9]] = column[rows[0]]
        world.premises.changed.add(service)
    find_ways(world)
    ways = world.people.ways
    for service in (SASSA, CLINIC):
        found = choose_again(settlements, points, travel, service, everyone)
        for column, fresh in zip((ways.point, ways.metres, ways.minutes), found, strict=True):
            np.testing.assert_array_equal(column[:, service, :NEAREST], fresh)
    hops = points.hop.copy(), points.hop_metres.copy(), points.hop_minutes.copy()
    points.stood[:] = np.nan
    points.find_ways_on(travel)
    for kept, fresh in zip(hops, (points.hop, points.hop_metres, points.hop_minutes), strict=True):
        np.testing.assert_array_equal(kept, fresh)


def test_of_points_in_one_place_the_earlier_rows_are_chosen() -> None:
    world = small_model(scope=["DC12"], citizens=50).world
    begin(world, 0)
    points = world.points
    rows = np.flatnonzero(points.service == CLINIC)[:9]
    points.lat[rows], points.lon[rows] = points.lat[rows[0]], points.lon[rows[0]]
    found = choose_again(world.geography.settlements, points, world.params[Travel], CLINIC, np.arange(3))[0]
    mine = [set(row.tolist()) & set(rows.tolist()) for row in found]
    assert all(chosen == set(rows[: len(chosen)].tolist()) for chosen in mine)


def test_a_run_may_change_what_all_begin_with() -> None:
    worlds = [small_model(scope=["DC12"], citizens=50).world for _ in range(2)]
    first, second = worlds
    before = second.people.ways.point.copy()
    first.people.ways.point[:] = -1
    first.points.open[:] = False
    first.portfolios.cents[:] = 0
    third = small_model(scope=["DC12"], citizens=50).world
    np.testing.assert_array_equal(third.people.ways.point, before)
    assert third.points.open.all()
    np.testing.assert_array_equal(third.portfolios.cents, second.portfolios.cents)
    fresh = choices(third.geography.settlements, third.points, third.params[Travel])
    np.testing.assert_array_equal(fresh[0], before)
