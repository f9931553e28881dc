"""Where government receives people: centres and their tenants, and what follows when points come, go or move."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.citizens.access import Access
from igrsim.citizens.terms import Ways
from igrsim.government.thusong import LADDER, Tenant, ThusongCentre
from igrsim.kernel.draws import code_key, code_keys
from igrsim.kernel.params import Params, ParamSet, param
from igrsim.places.geography import Geography
from igrsim.places.travel import Travel, great_circle_km
from igrsim.services.catalogue import SERVICE_NAMES, SERVICES
from igrsim.services.points import WITH_SYSTEM, Desks, ServicePoints
from igrsim.world.settling import NEAREST, choices

if TYPE_CHECKING:
    from igrsim.world.world import World

F64 = NDArray[np.float64]
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
    hold : dict of int to (float, float)
        What held each tenant to its promised days when last looked at, by point: in log-odds, and others who stand in.
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
    hold: dict[int, tuple[float, float]] = field(default_factory=dict)
    experience: F64 = field(default_factory=lambda: np.zeros(0))
    rounds: dict[int, Any] = field(default_factory=dict)
    visited: F64 = field(default_factory=lambda: np.zeros(0))
    lines: F64 = field(default_factory=lambda: np.zeros(0))


def open_premises(
    host: Any, geography: Geography, frame: pd.DataFrame, points: ServicePoints, params: ParamSet
) -> Premises:
    """The centres of the table of service points, with those who are their tenants."""
    n = len(geography.spaces)
    made = Premises(experience=np.zeros(n), visited=np.zeros(n), lines=np.zeros(n))
    settlements = geography.settlements
    rows = {code: k for k, code in enumerate(points.codes)}
    visiting: dict[str, list[dict[Any, Any]]] = {}
    for tenant in frame[(frame["kind"] == "visiting") & frame["service"].isin(SERVICES)].to_dict("records"):
        visiting.setdefault(str(tenant["site"]), []).append(tenant)
    for row in frame[frame["service"] == "thusong"].sort_values("code", kind="stable").to_dict("records"):
        home = settlements.index[str(row["settlement"])]
        centre = ThusongCentre(
            host,
            code=str(row["code"]),
            key=code_key(str(row["code"])),
            name=str(row["name"]),
            settlement=home,
            municipality=geography.municipalities.index[str(row["municipality"])],
            space=geography.spaces.index[str(row["space"])],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            opens=-1,
            open=True,
            neighbours=offices_near(points, float(row["lat"]), float(row["lon"])),
        )
        for tenant in visiting.get(str(row["site"]), ()):
            point = rows[str(tenant["code"])]
            service = int(points.service[point])
            centre.tenants[service] = Tenant(service, point, bearer_of(service))
            points.centre[point] = len(made.centres)
            if points.days[point] >= LADDER[-1]:
                points.knows[point] = params[Knowing].daily
        made.centres.append(centre)
    points.agree_days()
    return made


def bearer_of(service: int) -> str:
    """Which sphere's officials serve at a counter."""
    return {"municipal_office": "municipality", "clinic": "province"}.get(SERVICES[service], "nation")


def offices_near(points: ServicePoints, lat: float, lon: float) -> frozenset[int]:
    """Services that have an office of their own within a walk."""
    km = great_circle_km(lat, lon, points.lat, points.lon)
    return frozenset(int(s) for s in points.service[(km <= SITE_KM) & ~points.visiting & points.open])


def let_in(world: World, centre: ThusongCentre, index: int, service: int, days: float) -> Tenant:
    """A department comes to a centre, for the first time or again."""
    points = world.points
    tenant = centre.tenants.get(service)
    if tenant is None:
        code = f"{SERVICES[service]}@{centre.code}"
        row = points.add(
            new_points(
                world,
                [code],
                [f"{SERVICE_NAMES[SERVICES[service]]} at {centre.name}"],
                np.array([service]),
                np.array([centre.space]),
                np.array([centre.lat]),
                np.array([centre.lon]),
            )
        )[0]
        points.centre[row] = index
        tenant = centre.tenants[service] = Tenant(service, int(row), bearer_of(service))
        world.people.arrivals = np.zeros(len(points), np.int64)
    points.days[tenant.point] = days
    points.open[tenant.point] = True
    tenant.load, tenant.days, tenant.months = 0.0, 0.0, 0
    world.premises.changed.add(service)
    return tenant


def leave(world: World, tenant: Tenant) -> None:
    """A department comes no more."""
    world.points.open[tenant.point] = False
    world.premises.changed.add(tenant.service)


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
    return ServicePoints(
        codes=tuple(codes),
        names=tuple(names),
        key=code_keys(codes),
        service=service.astype(np.int64),
        space=space.astype(np.int64),
        lat=lat,
        lon=lon,
        visiting=np.ones(n, np.bool_),
        desks=np.ones(n),
        days=np.full(n, LADDER[-1]),
        a_day=a_day,
        busy_with_others=np.where(home_affairs, desks.other_clients, 0.0),
        open=np.ones(n, np.bool_),
        absent=np.full(n, access.no_show),
        offline=np.where(np.isin(service, [SERVICES.index(s) for s in WITH_SYSTEM]), access.offline, 0.0),
        admit=np.ones(n),
        wait=np.zeros(n),
        serve=access.opening_minutes / a_day,
        load=np.zeros(n),
        hop=np.zeros((n, len(SERVICES)), np.int32),
        hop_metres=np.zeros((n, len(SERVICES)), np.int32),
        hop_minutes=np.zeros((n, len(SERVICES))),
        hop_same_day=np.ones((n, len(SERVICES))),
        closed=np.zeros(n),
        knows=np.full(n, world.params[Knowing].new),
        centre=np.full(n, -1, np.int64),
        in_step=np.zeros(n),
        shared=np.zeros(n),
        on_rounds=np.zeros(n, np.bool_),
    )


def find_ways(world: World) -> None:
    """Find the ways to points anew where some came, went or moved; everyone else's stay as they were to the bit."""
    premises, points, people = world.premises, world.points, world.people
    if premises.changed:
        services = sorted(premises.changed)
        travel = world.params[Travel]
        found = choices(world.geography.settlements, points, travel, services)
        columns = {}
        for name, fresh in zip(("point", "metres", "minutes"), found, strict=True):
            # what is kept of a month past must not change with it
            column = getattr(people.ways, name).copy()
            column[:, services, :NEAREST] = fresh
            columns[name] = column
        people.ways = people.ways._replace(**columns)
        points.find_ways_on(travel, services)
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
