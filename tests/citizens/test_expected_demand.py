"""The load a point expects of everyone, against the people who come when everyone is simulated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from igrsim.phases.travel import travel
from igrsim.services.catalogue import SERVICES
from igrsim.world.world import World


def all_transactions_alike(world: World) -> None:
    """Let every step take a full transaction's desk time, so that loads are people."""
    people = world.people
    people.book = people.book._replace(desk_share=np.ones_like(people.book.desk_share))
    people.demand.desk_share[:] = people.demand.service >= 0


def expected_and_realised(world: World, months: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """People who call, by service: expected of the population, and those sampled times what each stands for."""
    points, people = world.points, world.people
    expected, realised = np.zeros(len(points)), np.zeros(len(points))
    for month in range(months):
        world.month = month
        travel(world)
        # the load is what reaches the desks: callers, less those who find the tenant away or the system down
        expected += points.load / ((1 - points.absent) * (1 - points.offline))
        realised += people.arrivals * people.citizens.represents
    by_service = [np.bincount(points.service, weights=w, minlength=len(SERVICES)) for w in (expected, realised)]
    return by_service[0], by_service[1]


def test_everyone_in_two_towns(make_world: Any) -> None:
    """60 000 people for two years: within a tenth at every service, plus three standard errors of the callers."""
    world = make_world(60_000)
    all_transactions_alike(world)
    expected, realised = expected_and_realised(world, 24)
    assert world.people.citizens.represents == 1.0
    tolerance = 0.10 + 3 / np.sqrt(realised)
    off = np.abs(expected / realised - 1)
    assert (off < tolerance).all(), dict(zip(SERVICES, np.round(expected / realised, 3), strict=True))


def test_load_is_the_same_whatever_the_sample(make_world: Any) -> None:
    loads = []
    for citizens in (500, 5_000):
        world = make_world(citizens)
        for month in range(6):
            world.month = month
            travel(world)
        loads.append(world.points.load.copy())
    np.testing.assert_array_equal(loads[0], loads[1])


@pytest.mark.parametrize("factor", [2, 7])
def test_people_and_desks_in_step_leave_admission_as_it_is(make_world: Any, factor: int) -> None:
    """Expected demand scales with the people; nothing in it depends on their absolute number."""
    worlds = [make_world(500), make_world(500)]
    worlds[1].people.demand.entry *= factor
    for world in worlds:
        for month in range(3):
            world.month = month
            world.points.wait[:] = 0.0
            world.points.load[:] = 0.0
            travel(world)
            world.points.admit[:] = 1.0
    np.testing.assert_allclose(worlds[1].points.load, factor * worlds[0].points.load, rtol=1e-9)
