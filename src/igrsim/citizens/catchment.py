"""Whom the points draw from: logit weights of the points near each settlement, and what meets people there.

What a point is worth to a settlement has a part that stands as long as points do (the way, the fare) and a part of the
month (who knows of it, whether it is open, how long its queue is). The parts multiply, so the first is worked out once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.terms import Conduct, Offices, Ways
from igrsim.citizens.visits import Counters, Nearby

F64 = NDArray[np.float64]

BEYOND_DOUBT = 80.0
"""Log-odds at which the exponential is cut off, far from where a weight would overflow."""


class Catchment:
    """What stands as long as the points stay where they are: ways and fares.

    Parameters
    ----------
    conduct : Conduct
    rand_weight : (settlements,) float
        Weight of the fare, averaged over the settlement's wealth.
    people : (settlements,) float
        Over whom the points' averages go.

    Attributes
    ----------
    nearby : Nearby
        What the points near each settlement are worth to its people.
    rand_weight : (points,) float
        Weight of the fare, averaged over those whom the point would draw.
    """

    def __init__(self, conduct: Conduct, rand_weight: F64, people: F64) -> None:
        self.conduct = conduct
        self.of_settlement = rand_weight
        self.people = people
        self.ways: Ways | None = None
        self.nearby = _none_near((0, 0, 0))
        self.rand_weight: F64 = np.zeros(0)

    def follow(self, ways: Ways, points: int) -> None:
        """Find anew whom the points draw from, where the ways are others than before."""
        before, self.ways = self.ways, ways
        if len(self.rand_weight) < points:
            usual = np.full(points, np.average(self.of_settlement, weights=self.people))
            usual[: len(self.rand_weight)] = self.rand_weight
            self.rand_weight = usual
        if before is None or before.point.shape != ways.point.shape:
            shape = ways.point.shape
            self.nearby = _none_near(shape)
            others = np.ones(shape, np.bool_)
        elif before.point is ways.point and before.minutes is ways.minutes:
            return
        else:
            others = (before.point != ways.point) | (before.minutes != ways.minutes)
        for service in np.flatnonzero(np.any(np.any(others, axis=0), axis=1)).tolist():
            rows = others[:, service].any(axis=1)
            self._find(slice(None) if rows.all() else np.flatnonzero(rows), service)

    def _find(self, rows: slice | NDArray[np.int64], service: int) -> None:
        """Find whom the points of a service draw from, whose ways are others for some settlements."""
        ways, nearby, conduct = self.ways, self.nearby, self.conduct
        assert ways is not None
        point, minutes = ways.point[rows, service], ways.minutes[rows, service]
        worth = (
            conduct.going
            + conduct.per_minute * minutes
            + self.of_settlement[rows][:, None] * _fare_rand(ways.metres[rows, service], ways)
        )
        nearby.point[rows, service] = np.maximum(point, 0)
        nearby.attraction[rows, service] = np.where(point >= 0, np.exp(np.minimum(worth, BEYOND_DOUBT)), 0.0)
        nearby.late[rows, service] = np.maximum(minutes - conduct.early, 0.0)
        drawn = nearby.attraction[:, service] * self.people[:, None]
        callers, weighed = (
            np.bincount(nearby.point[:, service].ravel(), weights=w.ravel(), minlength=len(self.rand_weight))
            for w in (drawn, drawn * self.of_settlement[:, None])
        )
        np.divide(weighed, callers, out=self.rand_weight, where=callers > 0)

    def counters(self, offices: Offices, service: NDArray[np.int64], pairs: NDArray[np.int64]) -> Counters:
        """Say what meets people at the points this month.

        Parameters
        ----------
        service : (points,) int
        pairs : (pairs, 2) int
            Services that follow each other on the same day in some chain of steps.
        """
        ways, conduct = self.ways, self.conduct
        assert ways is not None
        spare = conduct.opening - offices.wait - offices.serve
        fine = (1 - offices.absent) * (1 - offices.offline) * offices.admit
        goes_on = np.zeros(offices.hop.shape)
        spare_on = np.full(offices.hop.shape, -np.inf)
        leads_on = np.zeros((offices.hop.shape[1], offices.hop.shape[1]), np.bool_)
        leads_on[tuple(pairs.T)] = True
        ways_on = np.flatnonzero(leads_on[service] & (offices.hop >= 0))
        here = ways_on // offices.hop.shape[1]
        there = offices.hop.ravel()[ways_on]
        minutes = offices.hop_minutes.ravel()[ways_on]
        worth = (
            conduct.going
            + conduct.per_minute * minutes
            + self.rand_weight[here] * _fare_rand(offices.hop_metres.ravel()[ways_on], ways)
            + conduct.per_queue_minute * offices.wait[there]
        )
        willing = 1 / (1 + np.exp(-np.clip(worth, -BEYOND_DOUBT, BEYOND_DOUBT)))
        found = (offices.open * offices.knows)[there] * offices.hop_same_day.ravel()[ways_on]
        goes_on.ravel()[ways_on] = fine[here] * found * willing
        spare_on.ravel()[ways_on] = spare[here] - minutes - (offices.wait + offices.serve)[there]
        put_off = np.exp(np.minimum(conduct.per_queue_minute * offices.wait, BEYOND_DOUBT))
        return Counters(offices.open * offices.knows * put_off, fine, spare, goes_on, spare_on)


def _none_near(shape: tuple[int, ...]) -> Nearby:
    return Nearby(np.zeros(shape, np.uint32), np.zeros(shape, np.float32), np.zeros(shape, np.float32))


def _fare_rand(metres: NDArray[np.int32], ways: Ways) -> F64:
    """What rides of these lengths cost, in rand of whole cents; short ways are walked."""
    cents = np.floor(ways.boarding_cents + ways.per_km_cents * metres / 1000.0 + 0.5)
    return np.asarray(np.where(metres <= ways.walk_metres, 0.0, cents / 100.0))
