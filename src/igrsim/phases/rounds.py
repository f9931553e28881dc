"""Mobile Thusong units: rounds that call at every settlement far from offices once a year, as far as units and roads allow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from igrsim.government.thusong import ANCHORS
from igrsim.kernel.params import Params, param
from igrsim.places.travel import Travel, great_circle_km, one_way_minutes
from igrsim.services.catalogue import SERVICE_NAMES, SERVICES
from igrsim.world.premises import Knowing, new_points, widen
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

HOURS_A_DAY = 8.0
DAYS_TO_RETURN = 5
"""Working days after which a unit returns to its base."""


class Rounds(Params, group="rounds"):
    """What a mobile unit can do and what it costs. Rand of 2021."""

    near_km: float = param(
        5, unit="km", low=2, high=15, grade="assumed", source="s0-wc-so10",
        meaning="road distance to Home Affairs and to social security up to which a settlement needs no mobile unit",
    )  # fmt: skip
    people_a_day: float = param(
        1500, unit="people", low=500, high=5000, grade="assumed", source="assumption",
        meaning="people of a settlement for whom a unit stays one day, up to a week",
    )  # fmt: skip
    days_a_year: float = param(
        220, unit="days", low=180, high=240, grade="assumed", source="assumption",
        meaning="working days of a unit in a year",
    )  # fmt: skip
    speed: float = param(
        45, unit="km/h", low=25, high=70, grade="assumed", source="assumption",
        meaning="speed of a truck on district roads; what it drives is lost to the people",
    )  # fmt: skip
    crew: float = param(
        3, unit="people", low=2, high=6, grade="assumed", source="pmg-nw381",
        meaning="people on a unit: a driver and two clerks",
    )  # fmt: skip
    rand_a_month: float = param(
        110_000, unit="rand a month", low=60_000, high=200_000, grade="assumed", source="pmg-nw381",
        meaning="a unit with its driver and two clerks, satellite link included",
    )  # fmt: skip
    rand_a_km: float = param(
        8, unit="rand/km", low=4, high=15, grade="assumed", source="assumption",
        meaning="fuel and wear of a truck",
    )  # fmt: skip
    stands_still: float = param(
        0.10, unit="share", low=0.02, high=0.4, grade="assumed", source="pmg-nw381",
        meaning="months in which a unit stands still for want of funds, repair or network; the whole service was halted in 2019",
    )  # fmt: skip
    learns: float = param(
        0.2, unit="share", low=0.05, high=0.5, grade="assumed", source="assumption",
        meaning="of those who did not know of it, who do after another visit",
    )  # fmt: skip


@dataclass
class Round:
    """One space's round.

    Attributes
    ----------
    stops : (n,) int
        Settlements in the order of the way.
    days, metres : (n,) int
        Days at each; metres to it from the stop before, with returns to base.
    points : (n, services) int
        Rows of the service points that stand there on those days.
    minutes : (n,) int
        Working minutes that each takes, driving included.
    at : int
        The next stop.
    minutes_left : int
        Worked towards it already.
    visits : (n,) int
        How often each was called at.
    """

    stops: I64
    days: I64
    metres: I64
    points: I64
    minutes: I64
    visits: I64
    units: int
    at: int = 0
    minutes_left: int = 0


def go_round(world: World) -> None:
    """Let a month of rounds pass: who was called at last month no longer is."""
    extent = world.rules.by_space("mobile_rounds")
    premises, points = world.premises, world.points
    for space in range(world.spaces):
        if extent[space] > 0 and space not in premises.rounds:
            premises.rounds[space] = plan_round(world, space)
    for space in world.visit(sorted(premises.rounds)):
        mine = premises.rounds[space]
        points.open[mine.points] = False
        if extent[space] > 0 and len(mine.stops):
            _drive(world, space, mine, float(extent[space]))


def plan_round(world: World, space: int) -> Round:
    """Lay out a space's round: its stops, the way between them and the units it takes to go round once a year."""
    p, travel = world.params[Rounds], world.params[Travel]
    places, ways = world.geography.settlements, world.people.ways
    nearest = np.where(ways.point[:, ANCHORS, 0] >= 0, ways.metres[:, ANCHORS, 0], 10**9)
    far = (nearest > 1000 * p.near_km).any(axis=1) & (places.space_row == space) & (places.population > 0)
    seats = world.geography.spaces
    base = (float(seats.seat_lat[space]), float(seats.seat_lon[space]))
    stops, km = tour(np.flatnonzero(far), places.lat, places.lon, base)
    days = np.clip(np.ceil(places.population[stops] / p.people_a_day), 1, 5).astype(np.int64)
    home = great_circle_km(base[0], base[1], places.lat[stops], places.lon[stops])
    weeks = np.diff(np.cumsum(days) // DAYS_TO_RETURN, prepend=0) > 0
    metres = np.rint(1000 * travel.detour * (km + np.where(weeks, 2 * home, 0.0))).astype(np.int64)
    minutes = np.rint(60 * (days * HOURS_A_DAY + metres / 1000 / p.speed)).astype(np.int64)
    units = int(np.ceil(minutes.sum() / (60 * HOURS_A_DAY * p.days_a_year))) if len(stops) else 0
    rows = _stand(world, stops, days, space)
    return Round(stops, days, metres, rows, minutes, np.zeros(len(stops), np.int64), units)


def tour(rows: I64, lat: F64, lon: F64, base: tuple[float, float]) -> tuple[I64, F64]:
    """Go from the base always to the nearest settlement not yet called at; great-circle km of each leg."""
    left = list(range(len(rows)))
    here = base
    order, legs = [], []
    while left:
        km = great_circle_km(here[0], here[1], lat[rows[left]], lon[rows[left]])
        k = int(np.argmin(km))
        legs.append(float(km[k]))
        order.append(int(rows[left.pop(k)]))
        here = (float(lat[order[-1]]), float(lon[order[-1]]))
    return np.array(order, dtype=np.int64), np.array(legs)


def _stand(world: World, stops: I64, days: I64, space: int) -> I64:
    """A desk of each anchor at every stop, which only its own settlement's people use."""
    places, points = world.geography.settlements, world.points
    n, kinds = len(stops), len(ANCHORS)
    if n == 0:
        return np.zeros((0, kinds), np.int64)
    service = np.tile(np.array(ANCHORS), n)
    home = np.repeat(stops, kinds)
    made = new_points(
        world,
        [f"{SERVICES[s]}@round-{places.codes[i]}" for s, i in zip(service, home, strict=True)],
        [
            f"{SERVICE_NAMES[SERVICES[s]]} at the mobile unit, {places.names[i]}"
            for s, i in zip(service, home, strict=True)
        ],
        service,
        np.full(len(home), space),
        places.lat[home].astype(np.float64),
        places.lon[home].astype(np.float64),
    )
    made.open[:] = False
    made.on_rounds[:] = True
    made.absent[:] = 0.0
    made.busy_with_others[:] = 0.0
    made.days = np.repeat(days, kinds).astype(np.float64)
    rows = points.add(made).reshape(n, kinds)
    points.hop[rows.ravel()] = -1
    for k, s in enumerate(ANCHORS):
        for j in range(kinds):
            points.hop[rows[:, j], s] = rows[:, k]
    world.people.arrivals = np.zeros(len(points), np.int64)
    ways = widen(world.people.ways)
    km = np.sqrt(ways.spread_km2[stops]) * world.params[Travel].detour
    minutes = one_way_minutes(km, places.rural[stops], world.params[Travel])
    for k, s in enumerate(ANCHORS):
        ways.point[stops, s, -1] = rows[:, k]
        ways.metres[stops, s, -1] = np.rint(1000 * km)
        ways.minutes[stops, s, -1] = minutes
    world.people.ways = ways
    return rows


def _drive(world: World, space: int, mine: Round, extent: float) -> None:
    """Call at as many stops as this month's units get to."""
    p, points = world.params[Rounds], world.points
    units = round(extent * mine.units)
    luck = world.draws["mobile unit stands still"].uniform(
        world.ordinal, int(world.space_keys[space]), np.arange(max(units, 1))
    )[:units]
    moving = int((luck >= p.stands_still).sum())
    left = mine.minutes_left + round(moving * 60 * HOURS_A_DAY * p.days_a_year / 12)
    called, metres = [], 0
    while left >= mine.minutes[mine.at] and len(called) < len(mine.stops):
        left -= int(mine.minutes[mine.at])
        metres += int(mine.metres[mine.at])
        called.append(mine.at)
        mine.at = (mine.at + 1) % len(mine.stops)
    mine.minutes_left = min(left, int(mine.minutes[mine.at]))
    rows = mine.points[called]
    points.open[rows] = True
    known = world.params[Knowing]
    usual = known.daily - (known.daily - known.new) * (1 - p.learns) ** mine.visits[called]
    visited = float(world.premises.visited[space])
    points.knows[rows] = (1 - (1 - usual) * (1 - visited))[:, None]
    mine.visits[called] += 1
    paid = units * 100 * p.rand_a_month + metres / 1000 * 100 * p.rand_a_km
    hours = units * p.crew * HOURS_A_DAY * p.days_a_year / 12
    world.charge("mobile rounds", "nation", space, round(60 * hours), round(paid))
    world.now.by_space["mobile_stops"][space] += len(called)
    world.now.by_space["mobile_metres"][space] += metres
