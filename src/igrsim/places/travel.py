"""How far and how long people travel to an office: kilometres by road, minutes door to door, rand of fare."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from igrsim.kernel.params import Params, ParamSet, param
from igrsim.kernel.same import Same
from igrsim.places.geography import Settlements

if TYPE_CHECKING:
    import pandas as pd

EARTH_KM = 6371.0088  # mean radius
IN_ONE_PLACE = 4
"""Further points that are sought at first, lest of several in one place the tree picks some."""
A_BREATH = 1e-12
"""By so much of a squared chord, some metres, rounding may err."""


class Travel(Params, group="travel"):
    """Roads, walking, taxis and fares. Rand are rand of 2021."""

    detour: float = param(
        1.3,
        unit="ratio",
        low=1.15,
        high=1.5,
        grade="assumed",
        source="assumption",
        meaning="road kilometres for each great-circle kilometre",
    )
    urban_speed: float = param(
        20.0,
        unit="km/h",
        low=15.0,
        high=35.0,
        grade="assumed",
        source="assumption",
        meaning="speed of a taxi or bus in metro, town and township, stops included",
    )
    rural_speed: float = param(
        35.0,
        unit="km/h",
        low=25.0,
        high=55.0,
        grade="assumed",
        source="assumption",
        meaning="speed of a taxi, bus or hired car from a village",
    )
    local_km: float = param(
        20.0,
        unit="km",
        low=10.0,
        high=40.0,
        grade="assumed",
        source="assumption",
        meaning="road distance ridden at local speed; what lies beyond is open road",
    )
    open_road_speed: float = param(
        60.0,
        unit="km/h",
        low=45.0,
        high=80.0,
        grade="assumed",
        source="assumption",
        meaning="speed between towns, beyond the local distance, stops included",
    )
    urban_access: float = param(
        15.0,
        unit="minutes",
        low=8.0,
        high=25.0,
        grade="assumed",
        source="assumption",
        meaning="walk to the rank and wait for a ride, urban; in 2020 over three in four "
        "taxi and bus users reached a rank or stop within 15 minutes",
    )
    rural_access: float = param(
        25.0,
        unit="minutes",
        low=10.0,
        high=45.0,
        grade="assumed",
        source="assumption",
        meaning="walk to the stop and wait for a ride, from a village",
    )
    walk_km: float = param(
        3.0,
        unit="km",
        low=1.5,
        high=5.0,
        grade="assumed",
        source="assumption",
        meaning="road distance up to which people walk, at no fare",
    )
    walk_speed: float = param(
        5.0, unit="km/h", low=3.5, high=5.5, grade="assumed", source="assumption", meaning="walking speed"
    )
    urban_density: float = param(
        5000.0,
        unit="people/km2",
        low=2000.0,
        high=8000.0,
        grade="assumed",
        source="assumption",
        meaning="people on a square kilometre where most people of metros and towns live",
    )
    rural_density: float = param(
        500.0,
        unit="people/km2",
        low=100.0,
        high=1500.0,
        grade="assumed",
        source="assumption",
        meaning="people on a square kilometre of a village: how far from its centre they live",
    )
    boarding_fare: float = param(
        8.0,
        unit="rand",
        low=5.0,
        high=14.0,
        grade="assumed",
        source="assumption",
        meaning="fare of the shortest ride, one way",
    )
    fare_per_km: float = param(
        1.0,
        unit="rand/km",
        low=0.6,
        high=1.4,
        grade="assumed",
        source="assumption",
        meaning="fare for each road kilometre, one way; a hired car in 2021 cost 1.2",
    )


def great_circle_km(lat_a: ArrayLike, lon_a: ArrayLike, lat_b: ArrayLike, lon_b: ArrayLike) -> NDArray[np.float64]:
    """Kilometres over the ground between positions in degrees, element by element."""
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    half_lat = np.sin((phi_b - phi_a) / 2.0) ** 2
    half_lon = np.sin((np.radians(lon_b) - np.radians(lon_a)) / 2.0) ** 2
    return np.asarray(2.0 * EARTH_KM * np.arcsin(np.sqrt(half_lat + np.cos(phi_a) * np.cos(phi_b) * half_lon)))


def road_km(km: ArrayLike, travel: Travel) -> NDArray[np.float64]:
    """Road kilometres for great-circle kilometres."""
    return np.asarray(km, dtype=np.float64) * travel.detour


def one_way_minutes(road: ArrayLike, rural: ArrayLike, travel: Travel) -> NDArray[np.float64]:
    """Minutes door to door for road kilometres: walking up to `walk_km`, else waiting and riding."""
    km, village = np.asarray(road, dtype=np.float64), np.asarray(rural, dtype=np.bool_)
    local = np.minimum(km, travel.local_km) / np.where(village, travel.rural_speed, travel.urban_speed)
    open_road = np.maximum(km - travel.local_km, 0.0) / travel.open_road_speed
    ride = np.where(village, travel.rural_access, travel.urban_access) + 60.0 * (local + open_road)
    return np.where(km <= travel.walk_km, 60.0 * km / travel.walk_speed, ride)


def one_way_rand(road: ArrayLike, travel: Travel) -> NDArray[np.float64]:
    """Fare in rand of 2021 for road kilometres, one way; walking is free."""
    km = np.asarray(road, dtype=np.float64)
    return np.where(km <= travel.walk_km, 0.0, travel.boarding_fare + travel.fare_per_km * km)


def nearest_points(
    settlements: Settlements, points: pd.DataFrame | Mapping[str, ArrayLike], k: int, travel: Travel | None = None
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """The `k` nearest points of each settlement, nearest first.

    People live about their settlement's centre, not on it. A settlement is a disc of its people at the usual
    density, and the root mean square distance from its homes to a point is used; where several of the
    points stand in one settlement, each serves its part of the disc.

    Parameters
    ----------
    settlements : Settlements
        Homes.
    points : DataFrame or mapping
        Service points' `lat`, `lon`; filter by service first.
    k : int
        How many; fewer come back if there are fewer points.
    travel : Travel, optional
        Assumptions of travel, by default theirs.

    Returns
    -------
    rows : int32 array, settlements x k
        Positions in `points` (not labels). Ties go to the earlier row.
    metres : int32 array
        Road metres, one way.
    minutes : float32 array
        Minutes door to door, one way.
    """
    travel = travel or ParamSet()[Travel]
    lat, lon = (np.asarray(points[name], dtype=np.float64) for name in ("lat", "lon"))
    k = min(k, len(lat))
    if k < 1:
        raise ValueError("there are no points to travel to")
    tree, rows, km = _by_distance(*(column.tobytes() for column in (settlements.lat, settlements.lon, lat, lon)), k)
    return rows, *_road(homes_of(settlements, travel), tree, km, travel)


class Homes(NamedTuple):
    """Settlements as discs on the sphere over which people live at the usual density.

    Attributes
    ----------
    centre : (settlements, 3) float
        Their middle, on the sphere of radius 1.
    rural : (settlements,) bool
    area, radius : (settlements,) float
        Square kilometres; radius as a chord of that sphere.
    """

    centre: NDArray[np.float64]
    rural: NDArray[np.bool_]
    area: NDArray[np.float64]
    radius: NDArray[np.float64]

    def at(self, rows: NDArray[np.int64]) -> Homes:
        """Some of the settlements."""
        return Homes(*(column[rows] for column in self))


def homes_of(settlements: Settlements, travel: Travel) -> Homes:
    """The homes of all settlements, shared by every run of a process."""
    return _homes(Same(settlements), travel)


@lru_cache(maxsize=4)
def _homes(settlements: Same[Settlements], travel: Travel) -> Homes:
    table = settlements.it
    area = table.population / np.where(table.rural, travel.rural_density, travel.urban_density)
    radius = 2.0 * np.sin(np.sqrt(area / np.pi) / EARTH_KM / 2.0)
    homes = Homes(on_sphere(table.lat, table.lon), table.rural, area, radius)
    for column in homes:
        column.setflags(write=False)
    return homes


def nearest_to(
    homes: Homes, stands: NDArray[np.float64], k: int, travel: Travel
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """What `nearest_points` says, for homes and points on the sphere."""
    tree = cKDTree(stands)
    rows, km = _sought(homes.centre, tree, min(k, len(stands)))
    return rows, *_road(homes, tree, km, travel)


def _road(
    homes: Homes, tree: cKDTree, km: NDArray[np.float64], travel: Travel
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Road metres and minutes from people's homes, not from the middle of their settlement."""
    inside = np.maximum(1, np.asarray(tree.query_ball_point(homes.centre, homes.radius, return_length=True)))
    spread = homes.area / inside / np.pi / 2.0  # mean square distance of homes from the middle of their part, km2
    road = road_km(np.sqrt(km**2 + spread[:, None]), travel)
    minutes = one_way_minutes(road, homes.rural[:, None], travel)
    return np.asarray(np.rint(road * 1000.0), dtype=np.int32), np.asarray(minutes, dtype=np.float32)


@lru_cache(maxsize=32)
def _by_distance(
    lat: bytes, lon: bytes, point_lat: bytes, point_lon: bytes, k: int
) -> tuple[cKDTree, NDArray[np.int32], NDArray[np.float64]]:
    """Points on the sphere, the rows of the `k` nearest points of each home, and how far they are.

    Runs of a process begin with the same points: they are sought once.
    """
    homes, stands = (
        on_sphere(*(np.frombuffer(column, dtype=np.float64) for column in pair))
        for pair in ((lat, lon), (point_lat, point_lon))
    )
    tree = cKDTree(stands)
    rows, km = _sought(homes, tree, k)
    for column in (rows, km):
        column.setflags(write=False)
    return tree, rows, km


def _sought(
    homes: NDArray[np.float64], tree: cKDTree, k: int, further: int = IN_ONE_PLACE
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Rows of the `k` nearest points, nearest first, and great-circle kilometres."""
    # points in one place are equally far: order them by row, so that the tree's inner order does not show
    found, near = tree.query(homes, k=[*range(1, min(k + further, tree.n) + 1)])
    chords = np.asarray(found, dtype=np.float64)
    rounded = np.round(chords, 12)
    order = np.lexsort((near, rounded), axis=-1)[:, :k]
    rows = np.take_along_axis(np.asarray(near), order, axis=1).astype(np.int32)
    km = 2.0 * EARTH_KM * np.arcsin(np.take_along_axis(chords, order, axis=1) / 2.0)
    unsure = np.flatnonzero(rounded[:, -1] == rounded[:, k - 1])
    if k + further < tree.n and len(unsure):
        rows[unsure], km[unsure] = _sought(homes[unsure], tree, k, 4 * further)
    return rows, km


def on_sphere(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Positions in degrees as points of the sphere of radius 1."""
    phi, theta = np.radians(lat), np.radians(lon)
    return np.column_stack((np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)))


def within(centre: NDArray[np.float64], chord2: NDArray[np.float64], stands: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether any of some points lies no farther than a squared chord from each of some centres; a breath farther counts too."""
    x, y, z = np.ascontiguousarray(centre.T)
    cosine, found = 1.0 - chord2 / 2.0 - A_BREATH, np.zeros(len(centre), np.bool_)
    for at in stands:
        found |= x * at[0] + y * at[1] + z * at[2] >= cosine
    return found
