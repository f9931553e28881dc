"""One citizen's month: a pure function of the person's state, what the points publish, and keyed draws.

Compiled. ``tests/citizens/plain_month.py`` says the same in plain Python and must agree person by person.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from igrsim.citizens.story import (
    ABANDONS,
    ARISES,
    CALLS,
    GIVEN,
    GOES_ON,
    ISSUED,
    JOINS,
    LAPSED,
    LOSES,
    RESOLVES,
    RETURNS,
    SETS_OUT,
    STAYS,
    TRIP,
    WAITED,
    WASTED,
    write,
)
from igrsim.kernel.draws import GOLDEN, MIX_1, MIX_2, UNIT, Draws
from igrsim.places.travel import EARTH_KM

PURPOSES = (
    "life event",
    "route",
    "clinic",
    "collection",
    "lost identity",
    "stay at home",
    "choice of point",
    "knows point",
    "go on",
    "tenant absent",
    "system offline",
    "desks full",
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
    HOME,
    CHOICE,
    KNOWS,
    GO_ON,
    ABSENT,
    OFFLINE,
    FULL,
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


def purpose_keys(draws: Draws) -> NDArray[np.uint64]:
    """The keys of a citizen's draws in one replication, in the order of `PURPOSES`."""
    return np.array([draws[name].key for name in PURPOSES], dtype=np.uint64)


@njit(cache=True, inline="always")
def _fold(key: np.uint64, identity: np.uint64) -> np.uint64:
    z = (key ^ identity) + np.uint64(GOLDEN)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(MIX_1)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(MIX_2)
    return z ^ (z >> np.uint64(31))


@njit(cache=True, inline="always")
def _unit(key: np.uint64) -> float:
    return float(key >> np.uint64(11)) * UNIT


@njit(cache=True, inline="always")
def _gumbel(key: np.uint64) -> float:
    return -math.log(-math.log((float(key >> np.uint64(11)) + 0.5) * UNIT))


@njit(cache=True)
def _next_step(routes: int, tokens: int, pending: int, excluded: int, book: Book) -> tuple[int, int]:
    """The first open need with a step that could be taken now, and that step."""
    for route in range(book.route_length.size):
        if not (routes >> route) & 1:
            continue
        missing = 0
        found = -1
        last = book.route_length[route] - 1
        for place in range(last, -1, -1):
            step = np.int64(book.route_steps[route, place])
            if place < last and not (np.int64(book.gives[step]) & missing):
                continue
            requires = np.int64(book.requires[step])
            missing |= requires & ~(tokens | pending)
            if (requires & ~tokens) == 0 and not (np.int64(book.gives[step]) & pending) and not (excluded >> step) & 1:
                found = step
        if found >= 0:
            return route, found
    return -1, -1


@njit(cache=True)
def fare_cents(metres: float, ways: Ways) -> int:
    """What a ride of this length costs; short ways are walked."""
    if metres <= ways.walk_metres:
        return 0
    return np.int64(ways.boarding_cents + ways.per_km_cents * metres / 1000.0 + 0.5)


@njit(cache=True)
def onward_worth(minutes: float, metres: int, wait: float, conduct: Conduct, fifth: int, ways: Ways) -> float:
    """What going on from one counter to another is worth, in log-odds against leaving it for another day."""
    return (
        conduct.going
        + conduct.per_minute * minutes
        + conduct.per_rand[fifth] * fare_cents(metres, ways) / 100.0
        + conduct.per_queue_minute * wait
    )


@njit(cache=True)
def _way_home(settlement: int, point: int, offices: Offices, ways: Ways) -> tuple[int, float]:
    """Road metres and minutes from a point to a settlement it may not be in the choice set of."""
    rad = math.pi / 180.0
    lat1 = ways.lat[settlement] * rad
    lat2 = offices.lat[point] * rad
    a = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((offices.lon[point] - ways.lon[settlement]) * rad / 2) ** 2
    )
    km = 2 * EARTH_KM * math.asin(math.sqrt(a))
    metres = np.int64(1000.0 * math.sqrt(km * km + ways.spread_km2[settlement]) * ways.detour + 0.5)
    if metres <= ways.walk_metres:
        return metres, metres / 1000.0 * ways.walk_per_km
    local = min(float(metres), ways.local_metres) / 1000.0 * ways.local_per_km[settlement]
    road = max(metres - ways.local_metres, 0.0) / 1000.0 * ways.road_per_km
    return metres, ways.access_minutes[settlement] + local + road


@njit(cache=True)
def live_month(
    first: int,
    last: int,
    month: int,
    calendar: int,
    keys: NDArray[np.uint64],
    hazard: NDArray[np.float64],
    conduct: Conduct,
    book: Book,
    offices: Offices,
    ways: Ways,
    settlement: NDArray[np.int32],
    person: NDArray[np.uint64],
    band: NDArray[np.uint8],
    fifth: NDArray[np.uint8],
    cell: NDArray[np.int32],
    routes_of: NDArray[np.uint16],
    tokens_of: NDArray[np.uint16],
    due: NDArray[np.int16],
    opened: NDArray[np.int16],
    briefed: NDArray[np.uint32],
    idle: NDArray[np.uint8],
    signings: NDArray[np.uint8],
    minutes_of: NDArray[np.uint32],
    spent: NDArray[np.int32],
    solved: NDArray[np.uint16],
    tally: NDArray[np.int64],
    arrivals: NDArray[np.int64],
    story: NDArray[np.int64],
) -> int:
    """Let the citizens ``first`` to ``last`` live one month.

    Parameters
    ----------
    month : int
        Month of the study.
    calendar : int
        Months since year 0: what the draws are keyed by.
    hazard : (bands, fifths, events) float
        Cumulated over events.
    spent : (n, documentary needs, SPENT) int32
        Kept up: what each need has cost since it arose; nothing where there are no rows.
    solved : (n,) uint16
        Set: bits of the documentary routes resolved this month; as long as ``spent``.
    tally : (cells, needs, TALLIES) int64
        Added to.
    arrivals : (points,) int64
        Added to: citizens who called at each point.
    story : (rows, FIELDS) int64
        Written: the events, as far as there is room; none are where there are no rows.

    Returns
    -------
    int
        How many events there were to write down.
    """
    when = np.uint64(calendar)
    lags = conduct.lags.size
    events = hazard.shape[2]
    keeping = spent.shape[0] > 0
    telling = story.shape[0] > 0
    told = 0
    if keeping:
        solved[first:last] = 0
    for c in range(first, last):
        me = person[c]
        home = settlement[c]
        tokens = np.int64(tokens_of[c])
        pending = 0
        for lag in range(lags):
            if due[c, lag] > 0:
                if due[c, lag] <= month + 1:
                    tokens |= np.int64(book.lag_token[lag])
                    due[c, lag] = 0
                    if telling:
                        bits = np.int64(book.lag_token[lag])
                        told = write(story, told, c, month, ISSUED, -1, -1, -1, bits, 0, 0.0, 0)
                else:
                    pending |= np.int64(book.lag_token[lag])
        routes = np.int64(routes_of[c])

        # needs arise
        raised = 0
        if band[c] > 0:
            u = _unit(_fold(_fold(keys[LIFE_EVENT], when), me))
            if u < hazard[band[c], fifth[c], events - 1]:
                event = 0
                while u >= hazard[band[c], fifth[c], event]:
                    event += 1
                route = np.int64(book.event_route[event])
                if book.event_variant[event] == 1:
                    if _unit(_fold(_fold(keys[ROUTE], when), me)) < conduct.late_birth:
                        route += 1
                elif book.event_variant[event] == 2 and not (tokens & book.identity_token):
                    if _unit(_fold(_fold(keys[ROUTE], when), me)) < conduct.sworn:
                        route += 1
                raised |= 1 << route
            if _unit(_fold(_fold(keys[COLLECTION], when), me)) < conduct.collects:
                raised |= 1 << (book.first_recurring + 1)
            if signings[c] > 0:
                signings[c] -= 1
                raised |= 1 << (book.first_recurring + 2)
        if _unit(_fold(_fold(keys[CLINIC], when), me)) < conduct.clinic:
            raised |= 1 << book.first_recurring
        if raised:
            for route in range(book.route_length.size):
                if not (raised >> route) & 1:
                    continue
                need = book.route_need[route]
                tally[cell[c], need, ARISEN] += 1
                same = False
                for other in range(book.route_length.size):
                    if (routes >> other) & 1 and book.route_need[other] == need:
                        same = True
                if same:
                    tally[cell[c], need, MERGED] += 1
                    if telling:
                        told = write(story, told, c, month, JOINS, route, -1, -1, 0, 0, 0.0, 0)
                    continue
                routes |= 1 << route
                opened[c, route] = month + 1
                if telling:
                    told = write(story, told, c, month, ARISES, route, -1, -1, 0, 0, 0.0, 0)
                if keeping and route < book.first_recurring:
                    spent[c, need, :] = 0
                if route == book.identity_route and not pending:
                    if _unit(_fold(_fold(keys[LOST], when), me)) < conduct.lost:
                        if telling and tokens & book.identity_token:
                            told = write(story, told, c, month, LOSES, route, -1, -1, 0, 0, 0.0, 0)
                        tokens &= ~book.identity_token
        if routes == 0:
            tokens_of[c] = tokens
            continue

        # days out
        went = False
        outing = 0
        stayed = 0
        while outing < conduct.outings:
            route, step = _next_step(routes, tokens, pending, stayed, book)
            if step < 0:
                break
            service = np.int64(book.service[step])
            about = np.uint64((route * 64 + step) * 8 + outing)
            best = _gumbel(_fold(_fold(_fold(keys[HOME], when), me), about))
            choosing = _fold(_fold(_fold(keys[CHOICE], when), me), about)
            pick = -1
            for k in range(ways.point.shape[2]):
                point = ways.point[home, service, k]
                if point < 0 or not offices.open[point]:
                    continue
                if offices.knows[point] < 1:
                    if _unit(_fold(_fold(keys[KNOWS], me), offices.key[point])) >= offices.knows[point]:
                        continue
                worth = (
                    conduct.going
                    + conduct.per_minute * ways.minutes[home, service, k]
                    + conduct.per_rand[fifth[c]] * fare_cents(ways.metres[home, service, k], ways) / 100.0
                    + conduct.per_queue_minute * offices.wait[point]
                    + _gumbel(_fold(choosing, offices.key[point]))
                )
                if worth > best:
                    best = worth
                    pick = k
            if pick < 0:
                # not worth the way this month; what is worth it goes on
                stayed |= 1 << step
                if telling:
                    told = write(story, told, c, month, STAYS, route, step, -1, 0, 0, 0.0, 0)
                continue
            cause_of_trip = route
            went = went or route < book.first_recurring
            at = ways.point[home, service, pick]
            metres = np.int64(ways.metres[home, service, pick])
            minutes = ways.minutes[home, service, pick]
            cents = fare_cents(metres, ways)
            out_minutes = minutes
            out_metres = metres
            start = at
            clock = max(0.0, minutes - conduct.early)
            excluded = 0
            done = 0
            cause = -1
            ended = 0
            if telling:
                told = write(story, told, c, month, SETS_OUT, route, step, at, 0, metres, minutes, cents)
            while True:
                # call at the counter
                arrivals[at] += 1
                came = minutes
                calling = np.uint64(step * 8 + outing)
                outcome = 0
                if (
                    _unit(_fold(_fold(_fold(_fold(keys[ABSENT], when), me), calling), offices.key[at]))
                    < offices.absent[at]
                ):
                    outcome = WASTED_ABSENT
                elif (
                    _unit(_fold(_fold(_fold(_fold(keys[OFFLINE], when), me), calling), offices.key[at]))
                    < offices.offline[at]
                ):
                    outcome = WASTED_OFFLINE
                elif (
                    _unit(_fold(_fold(_fold(_fold(keys[FULL], when), me), calling), offices.key[at]))
                    >= offices.admit[at]
                ):
                    outcome = WASTED_FULL
                elif clock + offices.wait[at] + offices.serve[at] * book.desk_share[step] > conduct.opening:
                    outcome = WASTED_LATE
                    clock = conduct.opening
                else:
                    at_desk = offices.wait[at] + offices.serve[at] * book.desk_share[step]
                    clock += at_desk
                    minutes += at_desk
                    if book.papers[step] and not (briefed[c] >> np.uint32(step)) & np.uint32(1):
                        asked = _fold(
                            _fold(_fold(keys[PAPERS], me), np.uint64(route * 64 + step)),
                            np.uint64(calendar - month + opened[c, route]),
                        )
                        if _unit(asked) < conduct.missing_papers[fifth[c]] * ways.unready[home]:
                            outcome = WASTED_PAPERS
                            briefed[c] |= np.uint32(1) << np.uint32(step)
                tally[cell[c], book.route_need[route], VISITS] += 1
                if telling:
                    told = write(story, told, c, month, CALLS, route, step, at, outcome, 0, minutes - came, 0)
                if outcome == 0:
                    done += 1
                    tally[cell[c], book.route_need[route], STEPS] += 1
                    briefed[c] &= ~(np.uint32(1) << np.uint32(step))
                    tokens &= ~np.int64(book.consumes[step])
                    lag = book.lag[step]
                    if lag >= 0 and conduct.lags[lag] > 0:
                        due[c, lag] = month + 1 + conduct.lags[lag]
                        pending |= np.int64(book.gives[step])
                        if telling:
                            wait = conduct.lags[lag]
                            told = write(story, told, c, month, GIVEN, route, step, at, wait, 0, 0.0, 0)
                    else:
                        tokens |= np.int64(book.gives[step])
                        if telling and book.gives[step]:
                            told = write(story, told, c, month, GIVEN, route, step, at, 0, 0, 0.0, 0)
                    for other in range(book.route_length.size):
                        if not (routes >> other) & 1:
                            continue
                        if book.route_steps[other, book.route_length[other] - 1] == step:
                            routes &= ~(1 << other)
                            ended |= 1 << other
                            need = book.route_need[other]
                            tally[cell[c], need, RESOLVED] += 1
                            tally[cell[c], need, MONTHS] += month + 1 - opened[c, other]
                            if telling:
                                took = month + 1 - opened[c, other]
                                told = write(story, told, c, month, RESOLVES, other, step, at, took, 0, 0.0, 0)
                            if other == book.claim_route:
                                signings[c] = conduct.signings
                else:
                    excluded |= 1 << step
                    if cause < 0:
                        cause = outcome
                # what else can be done today?
                moved = False
                while True:
                    route, step = _next_step(routes, tokens, pending, excluded, book)
                    if step < 0:
                        break
                    there = offices.hop[at, book.service[step]]
                    if there >= 0 and offices.open[there]:
                        known = True
                        if offices.knows[there] < 1:
                            known = _unit(_fold(_fold(keys[KNOWS], me), offices.key[there])) < offices.knows[there]
                        hop = offices.hop_minutes[at, book.service[step]]
                        hop_metres = np.int64(offices.hop_metres[at, book.service[step]])
                        worth = onward_worth(hop, hop_metres, offices.wait[there], conduct, fifth[c], ways)
                        again = np.uint64((route * 64 + step) * 8 + outing)
                        going_on = _fold(_fold(_fold(_fold(keys[GO_ON], when), me), again), offices.key[there])
                        takes = hop + offices.wait[there] + offices.serve[there] * book.desk_share[step]
                        goes = offices.hop_same_day[at, book.service[step]] / (1 + math.exp(-worth))
                        if known and clock + takes <= conduct.opening and _unit(going_on) < goes:
                            metres += hop_metres
                            minutes += hop
                            clock += hop
                            cents += fare_cents(hop_metres, ways)
                            at = there
                            moved = True
                            if telling:
                                paid = fare_cents(hop_metres, ways)
                                told = write(story, told, c, month, GOES_ON, route, step, at, 0, hop_metres, hop, paid)
                            break
                    excluded |= 1 << step
                if not moved:
                    break
            back_metres, back_minutes = out_metres, out_minutes
            if at != start:
                back_metres, back_minutes = _way_home(home, at, offices, ways)
            minutes += back_minutes
            metres += back_metres
            cents += fare_cents(back_metres, ways)
            whole_minutes = np.int64(minutes + 0.5)
            need = book.route_need[cause_of_trip]
            tally[cell[c], need, TRIPS] += 1
            tally[cell[c], need, METRES] += metres
            tally[cell[c], need, MINUTES] += whole_minutes
            tally[cell[c], need, CENTS] += cents
            if telling:
                paid = fare_cents(back_metres, ways)
                told = write(story, told, c, month, RETURNS, cause_of_trip, -1, at, 0, back_metres, back_minutes, paid)
                why = max(cause, 0) if done == 0 else 0
                told = write(story, told, c, month, TRIP, cause_of_trip, -1, at, why, metres, whole_minutes, cents)
            if cause_of_trip < book.first_recurring:
                minutes_of[c] += np.uint32(whole_minutes)
                if keeping:
                    spent[c, need, 0] += 1
                    spent[c, need, 1] += metres
                    spent[c, need, 2] += whole_minutes
                    spent[c, need, 3] += cents
            if keeping:
                # a need that ends on a day out bears that day, if it was the day's reason
                solved[c] |= np.uint16(ended & ((1 << book.first_recurring) - 1))
            if done == 0:
                tally[cell[c], need, cause] += 1
                if cause_of_trip < book.first_recurring:
                    if _unit(_fold(_fold(_fold(keys[GIVE_UP], when), me), about)) < conduct.give_up:
                        routes &= ~(1 << cause_of_trip)
                        tally[cell[c], need, ABANDONED] += 1
                        if telling:
                            told = write(story, told, c, month, ABANDONS, cause_of_trip, -1, -1, WASTED, 0, 0.0, 0)
            outing += 1

        # what was not done
        for route in range(book.first_recurring, book.route_length.size):
            if (routes >> route) & 1:
                routes &= ~(1 << route)
                tally[cell[c], book.route_need[route], ABANDONED] += 1
                if telling:
                    told = write(story, told, c, month, ABANDONS, route, -1, -1, LAPSED, 0, 0.0, 0)
        if went or pending or routes == 0:
            idle[c] = 0
        else:
            idle[c] = min(np.int64(idle[c]) + 1, 255)
            if idle[c] > conduct.patience:
                if _unit(_fold(_fold(keys[WAITING], when), me)) < conduct.give_up_waiting:
                    for route in range(book.first_recurring):
                        if (routes >> route) & 1:
                            routes &= ~(1 << route)
                            tally[cell[c], book.route_need[route], ABANDONED] += 1
                            if telling:
                                told = write(story, told, c, month, ABANDONS, route, -1, -1, WAITED, 0, 0.0, 0)
                            break
                    idle[c] = 0
        routes_of[c] = routes
        tokens_of[c] = tokens
    return told


@njit(cache=True)
def gini_by_space(
    space: NDArray[np.int32], values: NDArray[np.uint32], spaces: int, width: int, bins: int
) -> NDArray[np.float64]:
    """Gini coefficient of the citizens' values in each space, from a histogram of `bins` bins of `width`."""
    counts = np.zeros((spaces, bins), dtype=np.int64)
    for c in range(space.size):
        counts[space[c], min(np.int64(values[c]) // width, bins - 1)] += 1
    result = np.zeros(spaces)
    for s in range(spaces):
        people = 0.0
        mass = 0.0
        area = 0.0
        for b in range(bins):
            here = counts[s, b]
            if here == 0:
                continue
            value = 0.0 if b == 0 else (b + 0.5) * width
            area += here * (mass + 0.5 * here * value)
            mass += here * value
            people += here
        if mass > 0 and people > 0:
            result[s] = 1.0 - 2.0 * area / (people * mass)
    return result
