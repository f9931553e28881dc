"""Where government receives people: centres and their tenants, and what follows when points come, go or move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.citizens.access import Access
from igrsim.citizens.terms import Ways
from igrsim.government.thusong import LADDER, Tenant, ThusongCentre
from igrsim.kernel.draws import code_key
from igrsim.kernel.params import Params, ParamSet, param
from igrsim.kernel.same import Same
from igrsim.places.geography import Geography
from igrsim.places.travel import Travel, great_circle_km
from igrsim.services.catalogue import SERVICE_NAMES, SERVICES
from igrsim.services.choosing import NEAREST, choose_again, who_looks_again
from igrsim.services.points import WITH_SYSTEM, Desks, ServicePoints
from igrsim.world.tenancies import Tenancies, tenancies_of

if TYPE_CHECKING:
    from igrsim.world.world import World

F64 = NDArray[np.float64]
DEGREE_KM = 111.0
"""Kilometres of a degree of latitude."""
SITE_KM = 1.0
"""An office this near is at the centre; farther than that a centre without it has no anchor."""


class Knowing(Params, group="knowing"):
    """How people come to know of services that are not offices of old standing."""

    daily: float = param(
        0.9, unit="share", low=0.7, high=1.0, grade="assumed", source="psc-2010",
        meaning="people near a tenant of a centre who know of it, once it has long been there every day",
    )  # fmt: skip
    new: float = param(
        0.3, unit="share", low=0.1, high=0.6, grade="assumed", source="s2-mpcc-2001",
        meaning="people near a new service who know of it at first",
    )  # fmt: skip
    learns: float = param(
        0.05, unit="share a month", low=0.02, high=0.15, grade="assumed", source="assumption",
        meaning="of the way to what is known of services of long standing that word of mouth goes",
    )  # fmt: skip


@dataclass
class Premises:
    """Centres, and what points still wait for.

    Attributes
    ----------
    centres : list of ThusongCentre
        Those of old in the order of their codes, then in the order of building.
    changed : set of int
        Services whose points came, went or moved since ways were last found.
    days_changed : bool
        Whether only promised days did.
    experience : (spaces,) float
        Years that centres of a space have run since the study began.
    rounds : dict of int to Round
        Mobile units' rounds by space.
    visited, lines : (spaces,) float
        Share of people whom an extension worker visited within the year; how far centres have sound lines.
    """

    centres: list[ThusongCentre] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)
    days_changed: bool = False
    experience: F64 = field(default_factory=lambda: np.zeros(0))
    rounds: dict[int, Any] = field(default_factory=dict)
    visited: F64 = field(default_factory=lambda: np.zeros(0))
    lines: F64 = field(default_factory=lambda: np.zeros(0))
    _tenancies: tuple[tuple[int, int], Tenancies] | None = None

    @property
    def tenancies(self) -> Tenancies:
        """Who sits where, laid out anew where somebody has come who never was there."""
        known = len(self.centres), sum(len(centre.tenants) for centre in self.centres)
        if self._tenancies is None or self._tenancies[0] != known:
            self._tenancies = known, tenancies_of(self.centres)
        return self._tenancies[1]

    def open_now(self) -> NDArray[np.bool_]:
        """Which centres are open."""
        return np.array([centre.open for centre in self.centres], dtype=np.bool_)


def open_premises(
    host: Any, geography: Geography, frame: pd.DataFrame, points: ServicePoints, params: ParamSet
) -> Premises:
    """The centres of the table of service points, with those who are their tenants."""
    n = len(geography.spaces)
    made = Premises(experience=np.zeros(n), visited=np.zeros(n), lines=np.zeros(n))
    for about, tenants in _centres_of_old(Same(geography), Same(frame), points.codes):
        centre = ThusongCentre(host, **about)
        for service, point in tenants:
            centre.tenants[service] = Tenant(service, point, bearer_of(service))
            points.centre[point] = len(made.centres)
            if points.days[point] >= LADDER[-1]:
                points.knows[point] = params[Knowing].daily
        made.centres.append(centre)
    points.agree_days()
    return made


@lru_cache(maxsize=4)
def _centres_of_old(
    whole: Same[Geography], table: Same[pd.DataFrame], codes: tuple[str, ...]
) -> list[tuple[dict[str, Any], list[tuple[int, int]]]]:
    """What is known of each centre, and its tenants: service and row of the point."""
    geography, frame, rows = whole.it, table.it, {code: k for k, code in enumerate(codes)}
    offices = frame[(frame["kind"] == "office") & frame["service"].isin(SERVICES)]
    lat, lon = (offices[name].to_numpy(np.float64) for name in ("lat", "lon"))
    service = np.array([SERVICES.index(s) for s in offices["service"]], dtype=np.int64)
    visiting: dict[str, list[tuple[int, int]]] = {}
    for tenant in frame[(frame["kind"] == "visiting") & frame["service"].isin(SERVICES)].to_dict("records"):
        mine = SERVICES.index(str(tenant["service"])), rows[str(tenant["code"])]
        visiting.setdefault(str(tenant["site"]), []).append(mine)
    found = []
    for row in frame[frame["service"] == "thusong"].sort_values("code", kind="stable").to_dict("records"):
        about: dict[str, Any] = {
            "code": str(row["code"]),
            "key": code_key(str(row["code"])),
            "name": str(row["name"]),
            "settlement": geography.settlements.index[str(row["settlement"])],
            "municipality": geography.municipalities.index[str(row["municipality"])],
            "space": geography.spaces.index[str(row["space"])],
            "lat": float(row["lat"]),
            "lon": float(row["lon"]),
            "opens": -1,
            "open": True,
        }
        about["neighbours"] = _about(lat, lon, service, float(row["lat"]), float(row["lon"]))
        found.append((about, visiting.get(str(row["site"]), [])))
    return found


def bearer_of(service: int) -> str:
    """Which sphere's officials serve at a counter."""
    return {"municipal_office": "municipality", "clinic": "province"}.get(SERVICES[service], "nation")


def offices_near(points: ServicePoints, lat: float, lon: float) -> frozenset[int]:
    """Services that have an office of their own within a walk."""
    offices = np.flatnonzero(~points.visiting & points.open & (np.abs(points.lat - lat) <= 2 * SITE_KM / DEGREE_KM))
    return _about(points.lat[offices], points.lon[offices], points.service[offices], lat, lon)


def _about(office_lat: F64, office_lon: F64, service: NDArray[np.int64], lat: float, lon: float) -> frozenset[int]:
    return frozenset(service[great_circle_km(lat, lon, office_lat, office_lon) <= SITE_KM].tolist())


class Coming(NamedTuple):
    """A department that comes to a centre, as the world counts them, on so many days a month."""

    centre: int
    service: int
    days: float


def let_in(world: World, comings: Sequence[Coming]) -> None:
    """Departments come to centres, for the first time or again."""
    if not comings:
        return
    points, centres = world.points, world.premises.centres
    first = [c for c in comings if c.service not in centres[c.centre].tenants]
    if first:
        theirs = [centres[c.centre] for c in first]
        made = new_points(
            world,
            [f"{SERVICES[c.service]}@{centre.code}" for c, centre in zip(first, theirs, strict=True)],
            [f"{SERVICE_NAMES[SERVICES[c.service]]} at {o.name}" for c, o in zip(first, theirs, strict=True)],
            np.array([c.service for c in first]),
            np.array([centre.space for centre in theirs]),
            np.array([centre.lat for centre in theirs]),
            np.array([centre.lon for centre in theirs]),
        )
        made.centre[:] = [c.centre for c in first]
        for row, coming, centre in zip(points.add(made).tolist(), first, theirs, strict=True):
            centre.tenants[coming.service] = Tenant(coming.service, row, bearer_of(coming.service))
        world.people.arrivals = np.zeros(len(points), np.int64)
    rows = [centres[c.centre].tenants[c.service].point for c in comings]
    points.days[rows] = [c.days for c in comings]
    points.open[rows] = True
    points.forget_footfall(rows)
    world.premises.changed.update(c.service for c in comings)


def leave(world: World, rows: NDArray[np.int64] | Sequence[int]) -> None:
    """Departments come no more to where these points are."""
    world.points.open[rows] = False
    world.premises.changed.update(world.points.service[rows].tolist())


def new_points(
    world: World,
    codes: list[str],
    names: list[str],
    service: NDArray[np.int64],
    space: NDArray[np.int64],
    lat: F64,
    lon: F64,
) -> ServicePoints:
    """Service points of visiting departments that nobody has heard much of yet."""
    access, desks = world.params[Access], world.params[Desks]
    n = len(codes)
    a_day = np.array([getattr(desks, s) for s in SERVICES])[service]
    home_affairs = service == SERVICES.index("home_affairs")
    return ServicePoints.unvisited(
        codes,
        names=tuple(names),
        service=service.astype(np.int64),
        space=space.astype(np.int64),
        lat=lat,
        lon=lon,
        visiting=np.ones(n, np.bool_),
        desks=np.ones(n),
        days=np.full(n, LADDER[-1]),
        a_day=a_day,
        busy_with_others=np.where(home_affairs, desks.other_clients, 0.0),
        absent=np.full(n, access.no_show),
        offline=np.where(np.isin(service, [SERVICES.index(s) for s in WITH_SYSTEM]), access.offline, 0.0),
        serve=access.opening_minutes / a_day,
        knows=np.full(n, world.params[Knowing].new),
    )


def find_ways(world: World) -> None:
    """Find the ways to points anew where some came, went or moved; everyone else's stay as they were to the bit."""
    premises, points, people = world.premises, world.points, world.people
    if premises.changed:
        settlements, travel = world.geography.settlements, world.params[Travel]
        # what is kept of a month past must not change with it
        columns = {name: getattr(people.ways, name).copy() for name in ("point", "metres", "minutes")}
        for service in sorted(premises.changed):
            last = people.ways.point[:, service, NEAREST - 1]
            who = who_looks_again(settlements, points, travel, service, last)
            fresh = choose_again(settlements, points, travel, service, who)
            for column, found in zip(columns.values(), fresh, strict=True):
                column[who, service, :NEAREST] = found
        people.ways = people.ways._replace(**columns)
        points.find_ways_on(travel, premises.changed)
    elif premises.days_changed:
        points.agree_days()
    premises.changed.clear()
    premises.days_changed = False


def widen(ways: Ways) -> Ways:
    """Ways with a place behind the nearest points for a stop of a mobile unit in each settlement."""
    columns = {}
    for name in ("point", "metres", "minutes"):
        column = getattr(ways, name)
        if column.shape[2] > NEAREST:
            columns[name] = column.copy()
            continue
        more = np.full((*column.shape[:2], 1), -1 if name == "point" else 0, dtype=column.dtype)
        columns[name] = np.concatenate([column, more], axis=2)
    return ways._replace(**columns)
