"""Whom the points draw from: logit shares of each settlement's people over the nearest points of every service.

What a point is worth to a settlement has a part that stands as long as points do (the way, the fare) and a part of the
month (who knows of it, whether it is open, how long its queue is). The parts multiply, so the first is worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.month import Conduct, Offices, Ways

F64 = NDArray[np.float64]

ABREAST = 32
"""Settlements that are dealt with abreast: enough for the processor's vectors, few enough for its nearest memory."""

BEYOND_DOUBT = 300.0
"""Log-odds at which the exponential is cut off, far from where it would overflow."""


@dataclass(frozen=True)
class Catchment:
    """What stands as long as the points stay where they are: ways and fares, settlements in blocks abreast.

    Attributes
    ----------
    point : (blocks, services, nearest, ABREAST) uint32
        The points people choose among; some point, that attracts nobody, where there is no further one.
    attraction : like ``point``
        Weight in the choice of a point that everyone knows, without a queue; that of staying at home is 1.
    late : like ``point``
        Minutes after opening at which one arrives.
    rand_weight : (points,) float
        Weight of the fare, averaged over those whom the point would draw.
    """

    point: NDArray[np.uint32]
    attraction: F64
    late: F64
    rand_weight: F64
    ways: Ways
    conduct: Conduct

    def stands(self, ways: Ways, conduct: Conduct, points: int) -> bool:
        """Whether it was found from these ways, and from what these people weigh."""
        mine = self.ways
        same = mine.point is ways.point and mine.metres is ways.metres and mine.minutes is ways.minutes
        return same and self.conduct is conduct and len(self.rand_weight) == points


class Counters(NamedTuple):
    """What meets people at the points this month.

    Attributes
    ----------
    pull : (points,) float
        By what the point's attraction is multiplied: openness, knowledge, the queue.
    fine : (points,) float
        Chance that nothing keeps one from being served who comes in time.
    spare : (points,) float
        Minutes after opening by which one must have come to be served within the day.
    goes_on : (pairs, points) float
        Chance of being served and of going on to the nearest counter of the pair's second service on the same day.
    spare_on : (pairs, points) float
        Minutes after opening by which one must have come for both.
    """

    pull: F64
    fine: F64
    spare: F64
    goes_on: F64
    spare_on: F64


def find_catchment(ways: Ways, conduct: Conduct, rand_weight: F64, people: F64, points: int) -> Catchment:
    """Find whom the points draw from.

    Parameters
    ----------
    rand_weight : (settlements,) float
        Weight of the fare, averaged over the settlement's wealth.
    people : (settlements,) float
        Over whom the points' averages go.
    """
    known = ways.point >= 0
    worth = (
        conduct.going + conduct.per_minute * ways.minutes + rand_weight[:, None, None] * _fare_rand(ways.metres, ways)
    )
    attraction = np.where(known, np.exp(np.minimum(worth, BEYOND_DOUBT)), 0.0)
    drawn = attraction * people[:, None, None]
    point = np.maximum(ways.point, 0)
    callers, weighed = (
        np.bincount(point.ravel(), weights=w.ravel(), minlength=points)
        for w in (drawn, drawn * rand_weight[:, None, None])
    )
    everyone = float(np.average(rand_weight, weights=people)) if people.any() else float(rand_weight.mean())
    return Catchment(
        point=abreast(point.astype(np.uint32)),
        attraction=abreast(attraction),
        late=abreast(np.maximum(ways.minutes - conduct.early, 0.0)),
        rand_weight=np.divide(weighed, callers, out=np.full(points, everyone), where=callers > 0),
        ways=ways,
        conduct=conduct,
    )


def open_counters(
    catchment: Catchment, offices: Offices, service: NDArray[np.int64], pairs: NDArray[np.int64]
) -> Counters:
    """Say what meets people at the points this month.

    Parameters
    ----------
    service : (points,) int
    pairs : (pairs, 2) int
        Services that follow each other on the same day in some chain of steps.
    """
    ways, conduct = catchment.ways, catchment.conduct
    spare = conduct.opening - offices.wait - offices.serve
    fine = (1 - offices.absent) * (1 - offices.offline) * offices.admit
    goes_on = np.zeros((len(pairs), len(service)))
    spare_on = np.full(goes_on.shape, -np.inf)
    for pair, (first, second) in enumerate(pairs):
        here = np.flatnonzero(service == first)
        here = here[offices.hop[here, second] >= 0]
        there = offices.hop[here, second]
        minutes = offices.hop_minutes[here, second]
        worth = (
            conduct.going
            + conduct.per_minute * minutes
            + catchment.rand_weight[here] * _fare_rand(offices.hop_metres[here, second], ways)
            + conduct.per_queue_minute * offices.wait[there]
        )
        willing = 1 / (1 + np.exp(-np.clip(worth, -BEYOND_DOUBT, BEYOND_DOUBT)))
        found = offices.open[there] * offices.knows[there] * offices.hop_same_day[here, second]
        goes_on[pair, here] = fine[here] * found * willing
        spare_on[pair, here] = spare[here] - minutes - offices.wait[there] - offices.serve[there]
    return Counters(
        pull=offices.open * offices.knows * np.exp(np.minimum(conduct.per_queue_minute * offices.wait, BEYOND_DOUBT)),
        fine=fine,
        spare=spare,
        goes_on=goes_on,
        spare_on=spare_on,
    )


def abreast(of_settlements: NDArray[np.generic]) -> NDArray[np.generic]:
    """Settlements' rows in blocks, those of a block abreast in the last axis; zeros beyond the last settlement."""
    n, rest = len(of_settlements), of_settlements.shape[1:]
    blocks = -(-n // ABREAST)
    padded = np.zeros((blocks * ABREAST, *rest), dtype=of_settlements.dtype)
    padded[:n] = of_settlements
    return np.ascontiguousarray(np.moveaxis(padded.reshape(blocks, ABREAST, *rest), 1, -1))


def _fare_rand(metres: NDArray[np.int32], ways: Ways) -> F64:
    """What rides of these lengths cost, in rand of whole cents; short ways are walked."""
    cents = np.floor(ways.boarding_cents + ways.per_km_cents * metres / 1000.0 + 0.5)
    return np.asarray(np.where(metres <= ways.walk_metres, 0.0, cents / 100.0))
