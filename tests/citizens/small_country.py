"""A made-up country on a line: one home, towns at stated kilometres, one need that befalls everyone at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.citizens.lives import SPENT, STATE, Homes, Lives
from igrsim.citizens.month import live_month
from igrsim.citizens.reluctance import Reluctance
from igrsim.citizens.terms import HOURS_BINS, TALLIES, Book, Conduct, Offices, Ways, post, purpose_keys
from igrsim.kernel.draws import Draws
from igrsim.kernel.params import ParamSet
from igrsim.places.travel import EARTH_KM, Travel, one_way_minutes
from igrsim.services.catalogue import SERVICES, Catalogue, make_catalogue
from igrsim.services.points import Desks, lay_out

KM_PER_DEGREE = EARTH_KM * np.pi / 180  # along the equator
START = 2019 * 12 + 3
BUSY = 8
"""What `Lives.busy` holds of who has a need open, a document awaited or a signing to come."""

EAGER = Conduct(
    going=600.0,
    per_minute=-1.0,
    per_rand=np.zeros(5),
    per_queue_minute=0.0,
    outings=1,
    missing_papers=np.zeros(5),
    give_up=0.0,
    patience=6,
    give_up_waiting=0.0,
    lags=np.ones(3, dtype=np.int64),
    opening=450.0,
    early=120.0,
    clinic=0.0,
    collects=0.0,
    late_birth=0.0,
    sworn=0.0,
    lost=0.0,
    signings=0,
)
"""People who go to the nearest office at once, never give up, and live a month of one day out."""


class Counter(NamedTuple):
    """One step of the made-up need: whose counter, what it gives and how late, whether it asks for papers."""

    service: str
    lag: str = ""
    papers: bool = False


def chain(counters: Sequence[Counter], linked: bool = True) -> Catalogue:
    """A need whose steps each ask for the last one's document, or as many needs of one step each."""
    names = [f"step{k}" for k in range(len(counters))]
    steps = pd.DataFrame(
        {
            "step": names,
            "service": [c.service for c in counters],
            "requires": ["" if k == 0 or not linked else f"paper{k - 1}" for k in range(len(counters))],
            "gives": [f"paper{k}" if linked and k < len(counters) - 1 else "" for k in range(len(counters))],
            "consumes": "",
            "lag": [c.lag for c in counters],
            "papers": ["yes" if c.papers else "no" for c in counters],
            "desk_share": 1.0,
            "source": "assumption",
            "meaning": "made up",
        }
    )
    ways = [";".join(names)] if linked else names
    needs = [f"need{k}" for k in range(len(ways))]
    routes = pd.DataFrame({"route": needs, "need": needs, "when": "", "documentary": "yes", "steps": ways})
    return make_catalogue(steps, routes)


class SmallCountry:
    """Many people in one place, the same need for all of them in month 0.

    Parameters
    ----------
    offices : list of (service, km)
        Where on the line each office stands; the home is at 0.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        offices: Sequence[tuple[str, float]],
        people: int = 50,
        conduct: Conduct = EAGER,
        seed: int = 1,
    ) -> None:
        self.catalogue, self.conduct, self.people = catalogue, conduct, people
        travel = ParamSet()[Travel]
        frame = pd.DataFrame(
            {
                "code": [f"P{k:03d}" for k in range(len(offices))],
                "name": [f"{service} at {km:g}" for service, km in offices],
                "service": [service for service, _ in offices],
                "space": "X",
                "kind": "office",
                "lat": 0.0,
                "lon": [km / KM_PER_DEGREE for _, km in offices],
                "desks": 1.0,
                "days_per_month": 21.0,
            }
        )
        self.points = lay_out(frame, {"X": 0}, ParamSet()[Desks], travel, 0.0, 0.0, conduct.opening, 1.0)
        self.points.serve[:] = 10.0
        road = np.array([abs(km) for _, km in offices]) * travel.detour
        point = np.full((1, len(SERVICES), len(offices)), -1, dtype=np.int32)
        metres = np.zeros(point.shape, dtype=np.int32)
        minutes = np.zeros(point.shape)
        for s in range(len(SERVICES)):
            rows = np.flatnonzero(self.points.service == s)
            rows = rows[np.argsort(road[rows], kind="stable")]
            point[0, s, : len(rows)] = rows
            metres[0, s, : len(rows)] = np.rint(1000 * road[rows])
            minutes[0, s, : len(rows)] = one_way_minutes(road[rows], False, travel)
        self.ways = Ways(
            lat=np.zeros(1),
            lon=np.zeros(1),
            point=point,
            metres=metres,
            minutes=minutes,
            spread_km2=np.zeros(1),
            access_minutes=np.array([travel.urban_access]),
            local_per_km=np.array([60 / travel.urban_speed]),
            road_per_km=60 / travel.open_road_speed,
            local_metres=1000 * travel.local_km,
            walk_metres=1000 * travel.walk_km,
            walk_per_km=60 / travel.walk_speed,
            detour=travel.detour,
            boarding_cents=100 * travel.boarding_fare,
            per_km_cents=100 * travel.fare_per_km,
            unready=np.ones(1),
        )
        self.book = Book(
            service=catalogue.step_service,
            requires=catalogue.step_requires,
            gives=catalogue.step_gives,
            consumes=catalogue.step_consumes,
            lag=catalogue.step_lag,
            papers=catalogue.step_papers,
            desk_share=catalogue.step_desk_share,
            lag_token=catalogue.lag_token,
            route_steps=catalogue.route_steps,
            route_length=catalogue.route_length,
            route_goal=catalogue.route_steps[np.arange(len(catalogue.routes)), catalogue.route_length - 1],
            route_need=catalogue.route_need,
            event_route=np.array([0], dtype=np.int8),
            event_variant=np.array([0], dtype=np.int8),
            first_recurring=len(catalogue.routes),
            claim_route=-1,
            identity_route=-1,
            identity_token=0,
        )
        self.keys = purpose_keys(Draws(seed))
        self.homes = Homes(
            first=np.array([0, people]),
            key=np.array([77], dtype=np.uint64),
            start=np.zeros(1, dtype=np.int64),
            cell=np.zeros(1, dtype=np.int32),
            space=np.zeros(1, dtype=np.int32),
        )
        self.lives = Lives(
            traits=np.zeros(people, dtype=np.uint8),
            busy=np.zeros(people, dtype=np.uint8),
            state=np.zeros(people, dtype=STATE),
            spent=np.zeros((people, len(catalogue.needs), len(SPENT)), dtype=np.int32),
            solved=np.zeros(people, dtype=np.uint16),
        )
        self.lives.routes[:] = (1 << len(catalogue.routes)) - 1
        self.lives.opened[:] = 1
        self.lives.busy[:] = BUSY
        self.arrivals = np.zeros(len(offices), dtype=np.int64)
        self.hours = np.zeros((1, HOURS_BINS), dtype=np.int64)
        self.hours[0, 0] = people
        self.months: list[dict[str, int]] = []

    def way(self, service: str) -> tuple[int, float]:
        """Road metres and minutes, one way, from home to the nearest office of a service."""
        s = SERVICES.index(service)
        return int(self.ways.metres[0, s, 0]), float(self.ways.minutes[0, s, 0])

    def published(self) -> Offices:
        """What the points publish: no queue, unless a test says otherwise."""
        p: Any = self.points
        return Offices(*(getattr(p, name) for name in Offices._fields))

    def live(self, months: int) -> dict[str, int]:
        """Live some months; returns what was counted over all months so far."""
        for _ in range(months):
            month = len(self.months)
            tally = np.zeros((1, len(self.catalogue.needs), len(TALLIES)), dtype=np.int64)
            published = self.published()
            live_month(
                0,
                self.people,
                month,
                START + month,
                self.keys,
                np.zeros((1, 4, 5, 1)),
                np.zeros(1, dtype=np.int32),
                self.conduct,
                self.book,
                published,
                post(published, self.conduct),
                self.ways,
                Reluctance(self.ways, self.conduct).options,
                self.homes,
                self.lives,
                np.zeros(0, dtype=np.int32),
                tally,
                self.arrivals,
                self.hours,
                None,
            )
            self.months.append(dict(zip(TALLIES, map(int, tally.sum(axis=(0, 1))), strict=True)))
        return {name: sum(month[name] for month in self.months) for name in TALLIES}

    @property
    def open(self) -> NDArray[np.bool_]:
        """Who still has an open need."""
        return np.asarray(self.lives.routes != 0)
