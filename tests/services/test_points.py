"""Service points: the way on to the next counter, and what they publish."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from igrsim.places.travel import Travel, great_circle_km
from igrsim.services.catalogue import SERVICES
from igrsim.services.points import ServicePoints


@pytest.fixture
def points(make_world: Any) -> ServicePoints:
    found: ServicePoints = make_world(100, scope="DC15").points
    return found


def test_the_way_on_leads_to_the_nearest_point_of_each_service(points: ServicePoints, make_world: Any) -> None:
    travel = make_world(100, scope="DC15").params[Travel]
    for s in range(len(SERVICES)):
        rows = np.flatnonzero(points.service == s)
        if len(rows) == 0:
            assert (points.hop[:, s] == -1).all()
            continue
        km = great_circle_km(points.lat[:, None], points.lon[:, None], points.lat[rows], points.lon[rows])
        np.testing.assert_allclose(points.hop_metres[:, s], 1000 * travel.detour * km.min(axis=1), atol=0.6)
        assert (points.service[points.hop[:, s]] == s).all()
        # who stands at a counter of the service need not move, nor walk to a twin next door
        np.testing.assert_array_equal(points.hop[rows, s], rows)
        assert (points.hop_minutes[rows, s] == 0).all()


def test_a_permanent_office_comes_before_a_visit_at_the_same_place(points: ServicePoints) -> None:
    for s in range(len(SERVICES)):
        for here, there in enumerate(points.hop[:, s]):
            if there < 0 or not points.visiting[there] or there == here:
                continue
            twins = (points.service == s) & (points.lat == points.lat[there]) & (points.lon == points.lon[there])
            assert points.visiting[twins].all()


def test_codes_and_keys_are_unique_and_in_order(points: ServicePoints) -> None:
    assert list(points.codes) == sorted(set(points.codes))
    assert len(set(points.key.tolist())) == len(points)


def test_published_queue_moves_half_way_each_month_and_stays_with_a_steady_load(points: ServicePoints) -> None:
    points.load = 0.7 * points.capacity_a_day * points.days
    gaps = []
    for _ in range(40):
        before = points.wait.copy()
        points.publish_queue(450.0)
        gaps.append(np.abs(points.wait - before).max())
    np.testing.assert_allclose(np.array(gaps[1:10]) / np.array(gaps[:9]), 0.5, rtol=1e-6)
    assert gaps[-1] < 1e-6
    assert (points.wait >= 0).all()


def test_desks_taken_by_other_clients_serve_fewer(points: ServicePoints) -> None:
    home_affairs = points.service == SERVICES.index("home_affairs")
    assert (points.capacity_a_day[home_affairs] < (points.desks * points.a_day)[home_affairs]).all()
    np.testing.assert_array_equal(points.capacity_a_day[~home_affairs], (points.desks * points.a_day)[~home_affairs])


def test_no_desks_no_service(points: ServicePoints) -> None:
    points.desks = np.zeros(len(points))
    points.admit_expected(np.full(len(points), 100.0))
    np.testing.assert_array_equal(points.admit, 0.0)
    points.admit_expected(np.zeros(len(points)))
    # nobody comes, nobody would be served
    np.testing.assert_array_equal(points.admit, 0.0)
