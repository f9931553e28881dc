"""The terms a citizen's month is lived by, as the compiled month reads them, and what it counts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.compiled import compiled
from igrsim.kernel.draws import Draws

PURPOSES = (
    "life event",
    "route",
    "clinic",
    "collection",
    "lost identity",
    "choice of point",
    "knows point",
    "go on",
    "what awaits at the counter",
    "papers missing",
    "give up after a wasted trip",
    "give up waiting",
)
(
    LIFE_EVENT,
    ROUTE,
    CLINIC,
    COLLECTION,
    LOST,
    CHOICE,
    KNOWS,
    GO_ON,
    COUNTER,
    PAPERS,
    GIVE_UP,
    WAITING,
) = range(len(PURPOSES))

TALLIES = (
    "arisen",
    "merged",
    "resolved",
    "abandoned",
    "trips",
    "wasted_papers",
    "wasted_absent",
    "wasted_offline",
    "wasted_full",
    "wasted_late",
    "metres",
    "minutes",
    "cents",
    "months",
    "visits",
    "steps",
)
"""What is counted of each need, per counting cell."""
(
    ARISEN,
    MERGED,
    RESOLVED,
    ABANDONED,
    TRIPS,
    WASTED_PAPERS,
    WASTED_ABSENT,
    WASTED_OFFLINE,
    WASTED_FULL,
    WASTED_LATE,
    METRES,
    MINUTES,
    CENTS,
    MONTHS,
    VISITS,
    STEPS,
) = range(len(TALLIES))


HOURS_BINS, HOURS_WIDTH = 2000, 30
"""People are counted by the minutes they have spent on documentary trips so far, in so many bins of so many minutes."""
GOT, GAVE_UP = 1, 2
"""Bits of what became of a person's documentary needs: one was resolved, one was given up."""


class Conduct(NamedTuple):
    """Numbers of a citizen's month, in the kernel's order."""

    going: float
    per_minute: float
    per_rand: NDArray[np.float64]
    per_queue_minute: float
    outings: int
    missing_papers: NDArray[np.float64]
    give_up: float
    patience: int
    give_up_waiting: float
    lags: NDArray[np.int64]
    opening: float
    early: float
    clinic: float
    collects: float
    late_birth: float
    sworn: float
    lost: float
    signings: int


class Book(NamedTuple):
    """The catalogue of procedures as the kernel reads it."""

    service: NDArray[np.int8]
    requires: NDArray[np.uint16]
    gives: NDArray[np.uint16]
    consumes: NDArray[np.uint16]
    lag: NDArray[np.int8]
    papers: NDArray[np.bool_]
    desk_share: NDArray[np.float64]
    lag_token: NDArray[np.uint16]
    route_steps: NDArray[np.int8]
    route_length: NDArray[np.int8]
    route_goal: NDArray[np.int8]
    route_need: NDArray[np.int8]
    event_route: NDArray[np.int8]
    event_variant: NDArray[np.int8]
    first_recurring: int
    claim_route: int
    identity_route: int
    identity_token: int


class Offices(NamedTuple):
    """What the service points publish for a month, and where they are."""

    key: NDArray[np.uint64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    knows: NDArray[np.float64]
    open: NDArray[np.bool_]
    absent: NDArray[np.float64]
    offline: NDArray[np.float64]
    admit: NDArray[np.float64]
    wait: NDArray[np.float64]
    serve: NDArray[np.float64]
    hop: NDArray[np.int32]
    hop_metres: NDArray[np.int32]
    hop_minutes: NDArray[np.float64]
    hop_same_day: NDArray[np.float64]


class Posted(NamedTuple):
    """What follows of what the points publish, worked out once a month.

    Attributes
    ----------
    queue : (points + 1,)
        How many times less a point draws people for its queue; without end where it is closed, and of the last one, which
        is none; below 0 where not everybody knows of it.
    absent, offline, full : (points,)
        Chances that one who calls meets no tenant; no tenant or no system; or is turned away for any of the three.
    """

    queue: NDArray[np.float64]
    absent: NDArray[np.float64]
    offline: NDArray[np.float64]
    full: NDArray[np.float64]


class Ways(NamedTuple):
    """Each settlement's nearest points of every service, and how people get there."""

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    point: NDArray[np.int32]
    metres: NDArray[np.int32]
    minutes: NDArray[np.float64]
    spread_km2: NDArray[np.float64]
    access_minutes: NDArray[np.float64]
    local_per_km: NDArray[np.float64]
    road_per_km: float
    local_metres: float
    walk_metres: float
    walk_per_km: float
    detour: float
    boarding_cents: float
    per_km_cents: float
    unready: NDArray[np.float64]


def post(offices: Offices, conduct: Conduct) -> Posted:
    """Work out what follows of what the points publish."""
    queue = np.where(offices.open, np.exp(-conduct.per_queue_minute * offices.wait), np.inf)
    here, works = 1 - offices.absent, 1 - offices.offline
    return Posted(
        queue=np.append(queue * np.where(offices.knows < 1, -1.0, 1.0), np.inf),
        absent=offices.absent,
        offline=offices.absent + here * offices.offline,
        full=offices.absent + here * (offices.offline + works * (1 - offices.admit)),
    )


def purpose_keys(draws: Draws) -> NDArray[np.uint64]:
    """The keys of a citizen's draws in one replication, in the order of `PURPOSES`."""
    return np.array([draws[name].key for name in PURPOSES], dtype=np.uint64)


@compiled
def fare_cents(metres: float, ways: Ways) -> int:
    """What a ride of this length costs; short ways are walked."""
    if metres <= ways.walk_metres:
        return 0
    return np.int64(ways.boarding_cents + ways.per_km_cents * metres / 1000.0 + 0.5)
