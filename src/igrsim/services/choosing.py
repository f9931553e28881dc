"""Which points people choose among, and who looks again when points come, go or move."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.same import Same
from igrsim.places.geography import Settlements
from igrsim.places.travel import Travel, homes_of, nearest_points, nearest_to, on_sphere, within
from igrsim.services.catalogue import SERVICES
from igrsim.services.points import ServicePoints

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

NEAREST = 6
"""Points of a service that a settlement's people choose among: the nearest by road."""


def choices(settlements: Settlements, points: ServicePoints, travel: Travel) -> tuple[I32, I32, F64]:
    """The points of every service that each settlement's people choose among: rows, metres and minutes, one way.

    Runs of a process begin with the same points, all open: they are sought once.

    Returns
    -------
    point, metres, minutes : (settlements, services, NEAREST)
        -1 beyond the last point. The run's own to change.
    """
    where = (points.lat.tobytes(), points.lon.tobytes(), np.where(points.open, points.service, -1).tobytes())
    point, metres, minutes = _choices(Same(settlements), travel, *where)
    return point.copy(), metres.copy(), minutes.copy()


@lru_cache(maxsize=4)
def _choices(settlements: Same[Settlements], travel: Travel, *where: bytes) -> tuple[I32, I32, F64]:
    lat, lon = (np.frombuffer(column, dtype=np.float64) for column in where[:2])
    shape = (len(settlements.it), len(SERVICES), NEAREST)
    point, metres, minutes = np.full(shape, -1, np.int32), np.zeros(shape, np.int32), np.zeros(shape)
    for s in range(len(SERVICES)):
        rows = np.flatnonzero(np.frombuffer(where[2], dtype=np.int64) == s)
        if len(rows):
            there = {"lat": lat[rows], "lon": lon[rows]}
            near, how_far, how_long = nearest_points(settlements.it, there, NEAREST, travel)
            k = near.shape[1]
            point[:, s, :k], metres[:, s, :k], minutes[:, s, :k] = rows[near], how_far, how_long
    return point, metres, minutes


def who_looks_again(settlements: Settlements, points: ServicePoints, travel: Travel, service: int, last: I32) -> I64:
    """Settlements to which a point came, or from which one went, that is no farther than the last of their choices.

    How many points share a settlement's people decides how far each has to go: one that came or went among its homes counts,
    however many are nearer.

    Parameters
    ----------
    last : (settlements,) int
        The farthest point of the service that each chose among, -1 where there were fewer.
    """
    homes = homes_of(settlements, travel)
    stood = on_sphere(*points.stood.T)
    chord2 = np.square(homes.centre - stood[last]).sum(axis=1)
    reach = np.where(last >= 0, np.maximum(chord2, np.square(homes.radius)), np.inf)
    return np.flatnonzero(within(homes.centre, reach, points.where_changed(service)))


def choose_again(
    settlements: Settlements, points: ServicePoints, travel: Travel, service: int, who: I64
) -> tuple[I32, I32, F64]:
    """What some settlements choose among now, of one service: as in `choices`, to the bit."""
    shape = (len(who), NEAREST)
    point, metres, minutes = np.full(shape, -1, np.int32), np.zeros(shape, np.int32), np.zeros(shape)
    rows = np.flatnonzero((points.service == service) & points.open & ~points.on_rounds)
    if len(rows) and len(who):
        stands = on_sphere(points.lat[rows], points.lon[rows])
        near, how_far, how_long = nearest_to(homes_of(settlements, travel).at(who), stands, NEAREST, travel)
        k = near.shape[1]
        point[:, :k], metres[:, :k], minutes[:, :k] = rows[near], how_far, how_long
    return point, metres, minutes
