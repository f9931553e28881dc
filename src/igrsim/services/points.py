"""Service points: where they are, who sits there, and what they publish each month."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from igrsim.kernel.draws import code_keys
from igrsim.kernel.params import Params, param
from igrsim.kernel.same import Same
from igrsim.places.travel import Travel, great_circle_km, on_sphere, within
from igrsim.services.catalogue import SERVICES
from igrsim.services.queues import admission, waiting_minutes

F64 = NDArray[np.float64]


class Desks(Params, group="desks"):
    """How many people a desk serves in a day."""

    home_affairs: float = param(
        28, unit="people a desk-day", low=22, high=34, grade="measured", source="politicsweb-2018",
        meaning="cards captured at a workstation in a day",
    )  # fmt: skip
    sassa: float = param(
        10, unit="people a desk-day", low=6, high=16, grade="assumed", source="assumption",
        meaning="grant applicants a SASSA desk serves",
    )  # fmt: skip
    labour: float = param(
        30, unit="people a desk-day", low=18, high=45, grade="assumed", source="assumption",
        meaning="claimants and signers a labour centre desk serves",
    )  # fmt: skip
    police: float = param(
        30, unit="people a desk-day", low=15, high=60, grade="assumed", source="assumption",
        meaning="affidavits a charge office can take",
    )  # fmt: skip
    post_office: float = param(
        120, unit="people a desk-day", low=60, high=200, grade="assumed", source="assumption",
        meaning="grants a post office counter can pay",
    )  # fmt: skip
    municipal_office: float = param(
        25, unit="people a desk-day", low=15, high=40, grade="assumed", source="assumption",
        meaning="indigent applicants a municipal desk serves",
    )  # fmt: skip
    clinic: float = param(
        40, unit="people a desk-day", low=30, high=55, grade="assumed", source="assumption",
        meaning="patients a clinic's consulting room sees",
    )  # fmt: skip
    other_clients: float = param(
        0.25, unit="share", low=0.05, high=0.40, grade="assumed", source="politicsweb-2018",
        meaning="Home Affairs desk time that goes to passports and other clients",
    )  # fmt: skip


WORKING_DAYS = 21.0
"""Days a month on which an office is open."""
WITH_SYSTEM = ("home_affairs", "sassa", "labour")
"""Services whose counters stand still when the department's system is offline."""


@dataclass
class ServicePoints:
    """Service points as columns, and what they published for the current month.

    Attributes
    ----------
    service : (points,) int
        Index into ``SERVICES``.
    visiting : (points,) bool
        A service that comes on promised days only.
    desks, days, a_day : (points,) float
        Desks; days open a month; people a desk serves in a day.
    open : (points,) bool
    closed : (points,) float
        Share of the month's opening days lost to events.
    absent, offline, admit : (points,) float
        Chance that a promised tenant is away; that the system is down; that one of those who call is served.
    wait, serve : (points,) float
        Expected minutes in the queue; minutes at the desk.
    load : (points,) float
        Expected people who reach the counter in the month.
    knows : (points,) float
        Share of the people it is for who know that it is there, and when; 1 for an office.
    centre : (points,) int
        Centre of which it is a tenant, as the world counts them; -1 for none.
    in_step : (points,) float
        Extent to which the centre's tenants come on the same days (0 to 1).
    shared : (points,) float
        Extent to which staff of the centre's tenants serve for each other (0 to 1).
    on_rounds : (points,) bool
        A stop of a mobile unit, which only its own settlement's people use.
    footfall, footfall_days, footfall_months : (points,)
        Expected people at a tenant of a centre since its department last decided; promised days in those months; how many.
    hold, stood_in : (points,) float
        What held a tenant to its promised days when last looked at, in log-odds; how far others stand in for it.
    hop, hop_metres, hop_minutes : (points, services)
        The nearest point of each service, and the way to it.
    hop_same_day : (points, services) float
        Chance that what is there is attended on a day on which someone calls here.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    key: NDArray[np.uint64]
    service: NDArray[np.int64]
    space: NDArray[np.int64]
    lat: F64
    lon: F64
    visiting: NDArray[np.bool_]
    desks: F64
    days: F64
    a_day: F64
    busy_with_others: F64
    open: NDArray[np.bool_]
    absent: F64
    offline: F64
    admit: F64
    wait: F64
    serve: F64
    load: F64
    hop: NDArray[np.int32]
    hop_metres: NDArray[np.int32]
    hop_minutes: F64
    hop_same_day: F64
    closed: F64
    knows: F64
    centre: NDArray[np.int64]
    in_step: F64
    shared: F64
    on_rounds: NDArray[np.bool_]
    footfall: F64
    footfall_days: F64
    footfall_months: NDArray[np.int64]
    hold: F64
    stood_in: F64

    def __post_init__(self) -> None:
        # where each stood when ways were last found, and which were open: nowhere yet, and none
        self.stood = np.full((len(self), 2), np.nan)
        self.stood_open = np.zeros(len(self), np.bool_)

    def __len__(self) -> int:
        return len(self.codes)

    @classmethod
    def unvisited(cls, codes: Sequence[str], **given: Any) -> ServicePoints:
        """Points at which nobody has called yet: open, and with nothing of what is not given."""
        n = len(codes)
        fresh: dict[str, Any] = {"codes": tuple(codes), "key": code_keys(codes), "centre": np.full(n, -1, np.int64)}
        fresh |= {name: np.ones(n) for name in ("admit", "knows")} | {"open": np.ones(n, np.bool_)}
        fresh |= {name: np.zeros((n, len(SERVICES)), np.int32) for name in ("hop", "hop_metres")}
        fresh |= {"hop_minutes": np.zeros((n, len(SERVICES))), "hop_same_day": np.ones((n, len(SERVICES)))}
        fresh |= {"on_rounds": np.zeros(n, np.bool_), "footfall_months": np.zeros(n, np.int64)}
        fresh |= given
        return cls(**{field.name: fresh[field.name] if field.name in fresh else np.zeros(n) for field in fields(cls)})

    def copy(self) -> ServicePoints:
        """The same points, a run's own to change."""
        columns = {f.name: getattr(self, f.name) for f in fields(self)}
        made = ServicePoints(**{n: c if isinstance(c, tuple) else c.copy() for n, c in columns.items()})
        made.stood, made.stood_open = self.stood.copy(), self.stood_open.copy()
        return made

    @property
    def capacity_a_day(self) -> F64:
        """People the point can serve on a day it is open."""
        return np.asarray(self.desks * self.a_day * (1 - self.busy_with_others))

    @property
    def open_at_all(self) -> NDArray[np.bool_]:
        """Which points can be called at this month."""
        return np.asarray(self.open & (self.closed < 1))

    @property
    def open_days(self) -> F64:
        """Days open this month; those of a usual month where a point is shut all month and nobody can call."""
        return np.asarray(np.where(self.closed < 1, self.days * (1 - self.closed), self.days))

    def admit_expected(self, load: F64) -> None:
        """Take in the month's expected demand: who of an ordinary day's people is served.

        Parameters
        ----------
        load : (points,) float
            People who reach the counter in the month.
        """
        self.load = load
        self.admit = admission(load / self.open_days, self.capacity_a_day)
        self._share_desks(load)

    def _share_desks(self, load: F64) -> None:
        """Where staff serve for each other, a centre's desks are one row of desks for all its services."""
        joint, asked, desks = self._rows_of_desks(load)
        if len(joint):
            a_day, share = self.a_day[joint], self.shared[joint]
            pooled = admission(asked * a_day, desks * a_day)
            self.admit[joint] = (1 - share) * self.admit[joint] + share * pooled

    def _rows_of_desks(self, load: F64) -> tuple[NDArray[np.int64], F64, F64]:
        """Tenants who share desks; on a day on which their centre has most, desk-days asked for, and desks, there."""
        joint = np.flatnonzero((self.shared > 0) & self.open_at_all & (self.centre >= 0))
        if len(joint) == 0:
            return joint, np.zeros(0), np.zeros(0)
        _, at = np.unique(self.centre[joint], return_inverse=True)
        asked = np.bincount(at, weights=load[joint] / self.a_day[joint])
        held = np.bincount(at, weights=(self.capacity_a_day * self.open_days / self.a_day)[joint])
        days = np.zeros(len(asked))
        np.maximum.at(days, at, self.open_days[joint])
        return joint, (asked / days)[at], (held / days)[at]

    def publish_queue(self, day_minutes: float) -> None:
        """Publish the queue to expect, half from last month's load and half from what was expected before."""
        fresh = waiting_minutes(
            self.load / self.open_days + self.busy_with_others * self.desks * self.a_day,
            self.desks,
            self.a_day,
            day_minutes,
        )
        joint, asked, desks = self._rows_of_desks(self.load)
        if len(joint):
            a_day, share = self.a_day[joint], self.shared[joint]
            pooled = waiting_minutes(asked * a_day, desks, a_day, day_minutes)
            fresh[joint] = (1 - share) * fresh[joint] + share * pooled
        self.wait = 0.5 * (self.wait + fresh)

    def add(self, more: ServicePoints) -> NDArray[np.int64]:
        """Take in further points, behind those there are; gives back their rows."""
        first = len(self)
        for field in fields(self):
            mine, theirs = getattr(self, field.name), getattr(more, field.name)
            both = mine + theirs if isinstance(mine, tuple) else np.concatenate([mine, theirs])
            setattr(self, field.name, both)
        self.stood = np.concatenate([self.stood, more.stood])
        self.stood_open = np.concatenate([self.stood_open, more.stood_open])
        return np.arange(first, len(self))

    def forget_footfall(self, rows: Sequence[int] | NDArray[np.int64]) -> None:
        """Count people at tenants from now on."""
        for column in (self.footfall, self.footfall_days, self.footfall_months):
            column[rows] = 0

    def find_ways_on(self, travel: Travel, changed: Collection[int] = range(len(SERVICES))) -> None:
        """Find the way from each point to the nearest open point of every service.

        Parameters
        ----------
        changed : collection of int
            Services of which points came, went or moved; the ways to others stay as they are, but for who came or moved.
        """
        self.hop, self.hop_metres, self.hop_minutes = _ways_on(self, travel, changed)
        theirs = np.isin(self.service, list(changed))
        self.stood = np.where(theirs[:, None], np.column_stack((self.lat, self.lon)), self.stood)
        self.stood_open = np.where(theirs, self.open, self.stood_open)
        self.agree_days()

    def where_changed(self, service: int) -> F64:
        """Where points of a service stand that came since ways were last found, and stood that went, on the sphere."""
        mine = np.flatnonzero((self.service == service) & ~self.on_rounds)
        now = np.column_stack((self.lat[mine], self.lon[mine]))
        other = (self.stood[mine] != now).any(axis=1) | (self.stood_open[mine] != self.open[mine])
        came, went = now[other & self.open[mine]], self.stood[mine][other & self.stood_open[mine]]
        return on_sphere(*np.concatenate([came, went]).T)

    def agree_days(self) -> None:
        """Note the chance that what is nearest is attended on the day of a call.

        Who calls at an office picks a day on which what comes elsewhere is there. Two that both come on some days only meet by
        chance, unless a centre's tenants come in step.
        """
        daily = self.days >= WORKING_DAYS
        there = np.maximum(self.hop, 0)
        chance = np.minimum(self.days[there] / WORKING_DAYS, 1.0)
        together = np.minimum(self.days[there] / self.days[:, None], 1.0)
        same = (self.centre[:, None] >= 0) & (self.centre[there] == self.centre[:, None])
        in_step = np.where(same, self.in_step[:, None], 0.0)
        meets = (1 - in_step) * chance + in_step * together
        here = (there == np.arange(len(self))[:, None]) | self.on_rounds[:, None]
        self.hop_same_day = np.where(daily[:, None] | daily[there] | here, 1.0, meets)


def lay_out(
    frame: pd.DataFrame,
    space_index: dict[str, int],
    desks: Desks,
    travel: Travel,
    no_show: float,
    offline: float,
    day_minutes: float,
    knows_visiting: float,
) -> ServicePoints:
    """Service points from their table, with the way from each to the nearest point of every service.

    Parameters
    ----------
    frame : DataFrame
        Rows in the order of their codes; Thusong centres themselves are no counters and are left out.
    no_show, offline : float
        Chances that a visiting tenant stays away, and that a system is down.
    knows_visiting : float
        Share of people who know of a visiting service.
    """
    spaces = tuple(sorted(space_index, key=space_index.__getitem__))
    numbers = (no_show, offline, day_minutes, knows_visiting)
    return _laid_out(Same(frame), spaces, desks, travel, *numbers).copy()


@lru_cache(maxsize=4)
def _laid_out(
    table: Same[pd.DataFrame],
    spaces: tuple[str, ...],
    desks: Desks,
    travel: Travel,
    no_show: float,
    offline: float,
    day_minutes: float,
    knows_visiting: float,
) -> ServicePoints:
    frame, space_index = table.it, {code: row for row, code in enumerate(spaces)}
    frame = frame[frame["service"].isin(SERVICES)].sort_values("code", kind="stable")
    codes = tuple(str(c) for c in frame["code"])
    service = np.array([SERVICES.index(s) for s in frame["service"]], dtype=np.int64)
    visiting = (frame["kind"] != "office").to_numpy(np.bool_).copy()
    a_day = np.array([getattr(desks, s) for s in SERVICES])[service]
    lat = frame["lat"].to_numpy(np.float64).copy()
    lon = frame["lon"].to_numpy(np.float64).copy()
    made = ServicePoints.unvisited(
        codes,
        names=tuple(str(c) for c in frame["name"]),
        service=service,
        space=np.array([space_index[s] for s in frame["space"]], dtype=np.int64),
        lat=lat,
        lon=lon,
        visiting=visiting,
        desks=frame["desks"].to_numpy(np.float64),
        days=np.minimum(frame["days_per_month"].to_numpy(np.float64), 30.0),
        a_day=a_day,
        busy_with_others=np.where(service == SERVICES.index("home_affairs"), desks.other_clients, 0.0),
        absent=np.where(visiting, no_show, 0.0),
        offline=np.where(np.isin(service, [SERVICES.index(s) for s in WITH_SYSTEM]), offline, 0.0),
        serve=day_minutes / a_day,
        knows=np.where(visiting, knows_visiting, 1.0),
    )
    made.find_ways_on(travel)
    return made


def _ways_on(
    points: ServicePoints, travel: Travel, changed: Collection[int]
) -> tuple[NDArray[np.int32], NDArray[np.int32], F64]:
    """Rows, road metres and minutes of the nearest open point of each service."""
    lat, lon, service, visiting = points.lat, points.lon, points.service, points.visiting
    # whoever stands at a mobile unit goes to its other desk, or home, whatever else comes or goes
    hop, hop_metres, hop_minutes = points.hop.copy(), points.hop_metres.copy(), points.hop_minutes.copy()
    ground = ~points.on_rounds
    arrived = ground & (points.stood != np.column_stack((lat, lon))).any(axis=1)
    settled = np.flatnonzero(ground & ~arrived)
    everywhere, stood = on_sphere(lat, lon), on_sphere(*points.stood.T)
    for s in range(len(SERVICES)):
        here = np.flatnonzero(arrived)
        if s in changed and len(settled):
            # who went to one that went, or has one that came as near
            there = hop[settled, s]
            chord2 = np.where(there >= 0, np.square(everywhere[settled] - stood[there]).sum(axis=1), np.inf)
            looks = settled[within(everywhere[settled], chord2, points.where_changed(s))]
            here = np.sort(np.concatenate([here, looks]))
        hop[here, s] = -1
        hop_metres[here, s] = 0
        rows = np.flatnonzero((service == s) & points.open & ~points.on_rounds)
        if len(here) == 0:
            continue
        if len(rows):
            # offices before visiting services where both stand at one place, then in the order of codes
            rows = rows[np.argsort(visiting[rows], kind="stable")]
            k = min(4, len(rows))
            _, near = cKDTree(everywhere[rows]).query(everywhere[here], k=[*range(1, k + 1)])
            near = np.sort(near, axis=1)
            km = great_circle_km(lat[here, None], lon[here, None], lat[rows[near]], lon[rows[near]])
            own = rows[near] == here[:, None]
            best = np.argmin(np.where(own, -1.0, np.round(km, 6)), axis=1)
            first = np.arange(len(here))
            hop[here, s] = rows[near[first, best]]
            hop_metres[here, s] = np.rint(1000 * travel.detour * km[first, best])
        hop_minutes[here, s] = _minutes(hop_metres[here, s] / 1000.0, travel)
    return hop, hop_metres, hop_minutes


def _minutes(km: F64, travel: Travel) -> F64:
    ride = (
        travel.urban_access
        + 60 * np.minimum(km, travel.local_km) / travel.urban_speed
        + 60 * np.maximum(km - travel.local_km, 0) / travel.open_road_speed
    )
    return np.asarray(np.where(km <= travel.walk_km, 60 * km / travel.walk_speed, ride))
