"""One citizen's month: a pure function of the person's state, what the points publish, and keyed draws.

Compiled. ``tests/citizens/plain_month.py`` says the same in plain Python and must agree person by person.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.compiled import compiled, compiled_in
from igrsim.citizens.lives import Homes, Lives
from igrsim.citizens.luck import below, exponential, fold, unit
from igrsim.citizens.reluctance import Options
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
from igrsim.citizens.terms import (
    ABANDONED,
    ARISEN,
    CENTS,
    CHOICE,
    CLINIC,
    COLLECTION,
    COUNTER,
    GAVE_UP,
    GIVE_UP,
    GO_ON,
    GOT,
    HOURS_BINS,
    HOURS_WIDTH,
    KNOWS,
    LIFE_EVENT,
    LOST,
    MERGED,
    METRES,
    MINUTES,
    MONTHS,
    PAPERS,
    RESOLVED,
    ROUTE,
    STEPS,
    TRIPS,
    VISITS,
    WAITING,
    WASTED_ABSENT,
    WASTED_FULL,
    WASTED_LATE,
    WASTED_OFFLINE,
    WASTED_PAPERS,
    Book,
    Conduct,
    Offices,
    Posted,
    Ways,
    fare_cents,
)
from igrsim.places.travel import EARTH_KM

ABREAST = 32_768
"""People of whom it is found out at once to whom anything happens: few enough for the processor's nearer memory."""
TOGETHER = 64
"""People whose choices are worked out together."""
_MEETS, _COLLECTS, _ILL, _BUSY = np.uint8(1), np.uint8(2), np.uint8(4), np.uint8(8)
"""Bits of what happens to a person in a month; the last is that of a busy life."""


@compiled_in
def _lowest(bits: int) -> int:
    """The place of the lowest bit that is set."""
    return (np.float64(bits & -bits).view(np.int64) >> 52) - 1023


@compiled_in
def _next_step(routes: int, tokens: int, pending: int, excluded: int, book: Book) -> tuple[int, int]:
    """The first open need with a step that could be taken now, and that step."""
    left = routes
    while left:
        route = _lowest(left)
        last = np.int64(book.route_length[route]) - 1
        missing = 0
        found = -1
        for place in range(last, -1, -1):
            step = np.int64(book.route_steps[route, place])
            gives = np.int64(book.gives[step])
            if place < last and not (gives & missing):
                continue
            requires = np.int64(book.requires[step])
            missing |= requires & ~(tokens | pending)
            if (requires & ~tokens) == 0 and not (gives & pending) and not (excluded >> step) & 1:
                found = step
        if found >= 0:
            return route, found
        left &= left - 1
    return -1, -1


@compiled_in
def _lay_out(
    row: int,
    choosing: np.uint64,
    me: np.uint64,
    home: int,
    service: int,
    fifth: int,
    knowing: np.uint64,
    offices: Offices,
    posted: Posted,
    options: Options,
    delays: NDArray[np.float64],
    luck: NDArray[np.uint64],
) -> None:
    """Lay out a person's alternatives behind staying at home, from a row on: their mean times, and what their luck hangs on."""
    luck[row] = choosing
    for k in range(options.point.shape[2]):
        # behind the last point stands one that nobody can call at
        point = options.point[service, home, k]
        at = row + 1 + k
        queue = posted.queue[point]
        luck[at] = choosing ^ offices.key[point]
        delays[at] = options.odds[service, home, fifth, k] * queue
        if queue < 0:
            known = unit(fold(fold(knowing, me), offices.key[point])) < offices.knows[point]
            delays[at] = -delays[at] if known else np.inf


@compiled
def _run(rows: int, luck: NDArray[np.uint64], delays: NDArray[np.float64], times: NDArray[np.float64]) -> None:
    """Let alternatives come at exponential times of these means."""
    for row in range(rows):
        times[row] = exponential(fold(luck[row], np.uint64(0))) * delays[row]


@compiled_in
def _soonest(row: int, alternatives: int, times: NDArray[np.float64]) -> int:
    """Which of a person's alternatives comes first: -1 for staying at home."""
    best = 0
    for k in range(1, alternatives):
        if times[row + k] < times[row + best]:
            best = k
    return best - 1


@compiled_in
def _turned_away(awaits: float, point: int, posted: Posted) -> int:
    """Why one who is not served is turned away."""
    if awaits < posted.absent[point]:
        return WASTED_ABSENT
    return WASTED_OFFLINE if awaits < posted.offline[point] else WASTED_FULL


@compiled_in
def _is_errand(route: int, book: Book) -> bool:
    """Whether a need is one call at one counter, for which no document is asked or given."""
    step = book.route_steps[route, 0]
    alone = book.route_length[route] == 1 and not book.papers[step] and book.lag[step] < 0
    return alone and not (book.requires[step] | book.gives[step] | book.consumes[step])


@compiled_in
def _way_home(home: int, point: int, offices: Offices, ways: Ways) -> tuple[int, float]:
    """Road metres and minutes from a point to a settlement it may not be in the choice set of."""
    rad = math.pi / 180.0
    lat1 = ways.lat[home] * rad
    lat2 = offices.lat[point] * rad
    a = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((offices.lon[point] - ways.lon[home]) * rad / 2) ** 2
    )
    km = 2 * EARTH_KM * math.asin(math.sqrt(a))
    metres = np.int64(1000.0 * math.sqrt(km * km + ways.spread_km2[home]) * ways.detour + 0.5)
    if metres <= ways.walk_metres:
        return metres, metres / 1000.0 * ways.walk_per_km
    local = min(float(metres), ways.local_metres) / 1000.0 * ways.local_per_km[home]
    road = max(metres - ways.local_metres, 0.0) / 1000.0 * ways.road_per_km
    return metres, ways.access_minutes[home] + local + road


@compiled
def live_month(
    first: int,
    last: int,
    month: int,
    calendar: int,
    keys: NDArray[np.uint64],
    hazards: NDArray[np.float64],
    hazard_of: NDArray[np.int32],
    conduct: Conduct,
    book: Book,
    offices: Offices,
    posted: Posted,
    ways: Ways,
    options: Options,
    homes: Homes,
    lives: Lives,
    cells: NDArray[np.int32],
    tally: NDArray[np.int64],
    arrivals: NDArray[np.int64],
    hours: NDArray[np.int64],
    story: NDArray[np.int64] | None,
) -> int:
    """Let the citizens ``first`` to ``last`` live one month.

    Parameters
    ----------
    month : int
        Month of the study.
    calendar : int
        Months since year 0: what the draws are keyed by.
    hazards : (kinds of place, bands, fifths, events) float
        Cumulated over events.
    hazard_of : (settlements,) int32
        Which of them befalls the people of each settlement.
    cells : (n or 0,) int32
        Counting cell of each person, where it is not that of their home and traits.
    tally : (cells, needs, TALLIES) int64
        Added to.
    arrivals : (points,) int64
        Added to: citizens who called at each point.
    hours : (spaces, HOURS_BINS) int64
        Moved: how many people of each space have spent so many minutes on documentary trips so far.
    story : (rows, FIELDS) int64, optional
        Written: the events, as far as there is room.

    Returns
    -------
    int
        How many events there were to write down, if there was a story.
    """
    when = np.uint64(calendar)
    # what a month's draws have in common is folded once
    k_event = fold(keys[LIFE_EVENT], when)
    k_route = fold(keys[ROUTE], when)
    k_clinic = fold(keys[CLINIC], when)
    k_collection = fold(keys[COLLECTION], when)
    k_lost = fold(keys[LOST], when)
    k_choice = fold(keys[CHOICE], when)
    k_go_on = fold(keys[GO_ON], when)
    k_counter = fold(keys[COUNTER], when)
    k_give_up = fold(keys[GIVE_UP], when)
    k_waiting = fold(keys[WAITING], when)
    events = hazards.shape[3]
    lags = conduct.lags.size
    # documentary needs come first in the catalogue, as do their routes
    documentary = 0
    for route in range(book.first_recurring):
        documentary = max(documentary, np.int64(book.route_need[route]) + 1)
    recurring = book.first_recurring
    papers_of = (1 << recurring) - 1
    nearest = options.point.shape[2]
    keeping = lives.spent.shape[0] > 0
    likeliest = 0.0
    for v in range(hazards.shape[0]):
        for b in range(hazards.shape[1]):
            for f in range(hazards.shape[2]):
                likeliest = max(likeliest, hazards[v, b, f, events - 1])
    to_event, to_collect, to_clinic = below(likeliest), below(conduct.collects), below(conduct.clinic)
    shift = np.uint64(11)
    me_of = np.empty(ABREAST, np.uint64)
    happens = np.empty(ABREAST, np.uint8)
    who = np.empty((3, ABREAST + 1), np.int64)
    many = np.zeros(3, np.int64)
    fetched = np.zeros(TOGETHER, np.int64)
    home_of = np.empty(TOGETHER, np.int64)
    # a story is written in the order of a person's days, and of everything
    errand = np.zeros(2, np.bool_)
    if story is None and recurring + 1 < book.route_length.size:
        errand[0], errand[1] = _is_errand(recurring, book), _is_errand(recurring + 1, book)
    lanes = 8 * (nearest // 8 + 1)
    # a row for each of those who choose together, and one more for who chooses alone
    delays, luck = np.full((TOGETHER + 1) * lanes, np.inf), np.zeros((TOGETHER + 1) * lanes, np.uint64)
    times = np.zeros_like(delays)
    # staying at home is the first alternative
    delays[::lanes] = 1.0
    told = 0
    if keeping:
        lives.solved[first:last] = 0
    home = place = near = errands_from = np.searchsorted(homes.first, first, side="right") - 1
    for a in range(first, last, ABREAST):
        b = min(a + ABREAST, last)
        # who is who
        c = a
        while c < b:
            while homes.first[place + 1] <= c:
                place += 1
            end = min(homes.first[place + 1], b)
            code, ordinal = homes.key[place], homes.start[place] - homes.first[place]
            for at in range(c, end):
                me_of[at - a] = fold(code, np.uint64(at + ordinal))
            c = end
        # to whom does anything happen?
        for j in range(b - a):
            me = me_of[j]
            meets = (fold(k_event, me) >> shift) < to_event
            collects = (fold(k_collection, me) >> shift) < to_collect
            ill = (fold(k_clinic, me) >> shift) < to_clinic
            happens[j] = (
                (np.uint8(meets) * _MEETS) | (np.uint8(collects) * _COLLECTS) | (np.uint8(ill) * _ILL)
                | lives.busy[a + j]
            )  # fmt: skip
        # most have one errand and nothing else: those who are ill, adults who collect a grant; then the others
        some = 0
        for j in range(b - a):
            who[2, some] = j
            some += np.int64(happens[j] != 0)
        many[:] = 0
        for n in range(some):
            j = who[2, n]
            traits = np.int64(lives.traits[a + j])
            if traits & 3 == 0:
                # a child is ill at most
                happens[j] &= ~(_MEETS | _COLLECTS)
            if happens[j] & _MEETS:
                # at most; with this person's age and wealth, in this place?
                while homes.first[near + 1] <= a + j:
                    near += 1
                chance = hazards[hazard_of[near], traits & 3, traits >> 3, events - 1]
                if unit(fold(k_event, me_of[j])) >= chance:
                    happens[j] &= ~_MEETS
            ill = (happens[j] == _ILL) & errand[0]
            collects = (happens[j] == _COLLECTS) & errand[1]
            who[0, many[0]] = j
            who[1, many[1]] = j
            who[2, many[2]] = j
            many[0] += ill
            many[1] += collects
            many[2] += ~(ill | collects) & (happens[j] != 0)
        for kind in range(2):
            if many[kind] == 0:
                continue
            route = recurring + kind
            step = np.int64(book.route_steps[route, 0])
            need, service = np.int64(book.route_need[route]), np.int64(book.service[step])
            at_home = errands_from
            first_choice = fold(k_choice, np.uint64((route * 64 + step) * 8))
            first_call = fold(k_counter, np.uint64(step * 8))
            for block in range(0, many[kind], TOGETHER):
                end = min(block + TOGETHER, many[kind])
                for n in range(block, end):
                    j = who[kind, n]
                    while homes.first[at_home + 1] <= a + j:
                        at_home += 1
                    home_of[n - block] = at_home
                    fifth = np.int64(lives.traits[a + j] >> 3)
                    row = (n - block) * lanes
                    choosing = fold(first_choice, me_of[j])
                    _lay_out(
                        row, choosing, me_of[j], at_home, service, fifth, keys[KNOWS], offices, posted, options,
                        delays, luck,
                    )  # fmt: skip
                _run((end - block) * lanes, luck, delays, times)
                for n in range(block, end):
                    j = who[kind, n]
                    me, at = me_of[j], home_of[n - block]
                    low = np.int64(lives.traits[a + j]) >> 2
                    cell = np.int64(cells[a + j]) if cells.size else np.int64(homes.cell[at]) + low
                    counted = tally[cell, need]
                    counted[ARISEN] += 1
                    row = (n - block) * lanes
                    outing = 0
                    done = False
                    while True:
                        pick = _soonest(row, 1 + nearest, times)
                        if pick < 0:
                            break
                        point = np.int64(options.point[service, at, pick])
                        metres = np.int64(options.metres[service, at, pick])
                        minutes = options.minutes[service, at, pick]
                        arrivals[point] += 1
                        calling = first_call if outing == 0 else fold(k_counter, np.uint64(step * 8 + outing))
                        awaits = unit(fold(fold(calling, me), offices.key[point]))
                        at_desk = offices.wait[point] + offices.serve[point] * book.desk_share[step]
                        if awaits < posted.full[point]:
                            at_desk = 0.0
                            counted[_turned_away(awaits, point, posted)] += 1
                        elif max(0.0, minutes - conduct.early) + at_desk > conduct.opening:
                            at_desk = 0.0
                            counted[WASTED_LATE] += 1
                        else:
                            done = True
                        counted[VISITS] += 1
                        counted[TRIPS] += 1
                        counted[METRES] += 2 * metres
                        counted[MINUTES] += np.int64((minutes + at_desk) + minutes + 0.5)
                        counted[CENTS] += 2 * fare_cents(metres, ways)
                        outing += 1
                        if done or outing == conduct.outings:
                            break
                        row = TOGETHER * lanes
                        choosing = fold(fold(k_choice, np.uint64((route * 64 + step) * 8 + outing)), me)
                        _lay_out(
                            row, choosing, me, at, service, low >> 1, keys[KNOWS], offices, posted, options,
                            delays, luck,
                        )  # fmt: skip
                        _run(lanes, luck[row:], delays[row:], times[row:])
                    if done:
                        counted[STEPS] += 1
                        counted[RESOLVED] += 1
                    else:
                        counted[ABANDONED] += 1
        while errands_from + 1 < homes.first.size - 1 and homes.first[errands_from + 1] <= b:
            errands_from += 1
        for n in range(many[2]):
            if n % TOGETHER == 0:
                # lives lie far apart in memory: both ends of the next people's are fetched at once
                for m in range(n, min(n + TOGETHER, many[2])):
                    life = lives.state[a + who[2, m]]
                    fetched[m - n] = np.int64(life.routes) | np.int64(life.minutes) << 16
            j = who[2, n]
            c = a + j
            me = me_of[j]
            what = np.int64(happens[j])
            while homes.first[home + 1] <= c:
                home += 1
            traits = np.int64(lives.traits[c])
            band, fifth = traits & 3, traits >> 3
            cell = np.int64(cells[c]) if cells.size else np.int64(homes.cell[home]) + (traits >> 2)
            life = lives.state[c]
            tokens, routes = np.int64(life.tokens), fetched[n % TOGETHER] & 0xFFFF
            pending = 0
            if what & 8:
                for lag in range(lags):
                    if life.due[lag] > 0:
                        life.due[lag] -= np.uint8(1)
                        if life.due[lag] == 0:
                            tokens |= np.int64(book.lag_token[lag])
                            if story is not None:
                                bits = np.int64(book.lag_token[lag])
                                told = write(story, told, c, month, ISSUED, -1, -1, -1, bits, 0, 0.0, 0)
                        else:
                            pending |= np.int64(book.lag_token[lag])

            # needs arise
            raised = 0
            if what & 1:
                hazard = hazards[hazard_of[home], band, fifth]
                u = unit(fold(k_event, me))
                event = 0
                while u >= hazard[event]:
                    event += 1
                route = np.int64(book.event_route[event])
                if book.event_variant[event] == 1:
                    if unit(fold(k_route, me)) < conduct.late_birth:
                        route += 1
                elif book.event_variant[event] == 2 and not (tokens & book.identity_token):
                    if unit(fold(k_route, me)) < conduct.sworn:
                        route += 1
                raised |= 1 << route
            if what & 2:
                raised |= 1 << (recurring + 1)
            if what & 8 and life.signings > 0:
                life.signings -= np.uint8(1)
                raised |= 1 << (recurring + 2)
            if what & 4:
                raised |= 1 << recurring
            while raised:
                route = _lowest(raised)
                raised &= raised - 1
                need = np.int64(book.route_need[route])
                tally[cell, need, ARISEN] += 1
                same = False
                left = routes
                while left:
                    same = same or book.route_need[_lowest(left)] == need
                    left &= left - 1
                if same:
                    tally[cell, need, MERGED] += 1
                    if story is not None:
                        told = write(story, told, c, month, JOINS, route, -1, -1, 0, 0, 0.0, 0)
                else:
                    routes |= 1 << route
                    if story is not None:
                        told = write(story, told, c, month, ARISES, route, -1, -1, 0, 0, 0.0, 0)
                    if need < documentary:
                        life.opened[need] = month + 1
                        if keeping:
                            lives.spent[c, need, :] = 0
                    if route == book.identity_route and not pending:
                        if unit(fold(k_lost, me)) < conduct.lost:
                            if story is not None and tokens & book.identity_token:
                                told = write(story, told, c, month, LOSES, route, -1, -1, 0, 0, 0.0, 0)
                            tokens &= ~book.identity_token

            # days out
            went = False
            outing = 0
            stayed = 0
            while routes and outing < conduct.outings:
                route, step = _next_step(routes, tokens, pending, stayed, book)
                if step < 0:
                    break
                service = np.int64(book.service[step])
                about = np.uint64((route * 64 + step) * 8 + outing)
                row = TOGETHER * lanes
                choosing = fold(fold(k_choice, about), me)
                _lay_out(
                    row,
                    choosing,
                    me,
                    home,
                    service,
                    fifth,
                    keys[KNOWS],
                    offices,
                    posted,
                    options,
                    delays,
                    luck,
                )
                _run(lanes, luck[row:], delays[row:], times[row:])
                pick = _soonest(row, 1 + nearest, times)
                if pick < 0:
                    # not worth the way this month; what is worth it goes on
                    stayed |= 1 << step
                    if story is not None:
                        told = write(story, told, c, month, STAYS, route, step, -1, 0, 0, 0.0, 0)
                    continue
                cause_of_trip = route
                need = np.int64(book.route_need[route])
                went = went or route < recurring
                at = np.int64(options.point[service, home, pick])
                out_metres = np.int64(options.metres[service, home, pick])
                out_minutes = options.minutes[service, home, pick]
                metres, minutes, cents = out_metres, out_minutes, fare_cents(out_metres, ways)
                start = at
                clock = max(0.0, minutes - conduct.early)
                excluded = 0
                done = 0
                cause = -1
                if story is not None:
                    told = write(story, told, c, month, SETS_OUT, route, step, at, 0, metres, minutes, cents)
                while True:
                    # call at the counter
                    arrivals[at] += 1
                    came = minutes
                    calling = np.uint64(step * 8 + outing)
                    awaits = unit(fold(fold(fold(k_counter, calling), me), offices.key[at]))
                    outcome = 0
                    at_desk = offices.wait[at] + offices.serve[at] * book.desk_share[step]
                    if awaits < posted.full[at]:
                        outcome = _turned_away(awaits, at, posted)
                    elif clock + at_desk > conduct.opening:
                        outcome = WASTED_LATE
                        clock = conduct.opening
                    else:
                        clock += at_desk
                        minutes += at_desk
                        if book.papers[step] and not (life.briefed >> np.uint32(step)) & np.uint32(1):
                            since = month + 1
                            about_need = np.int64(book.route_need[route])
                            if about_need < documentary:
                                since = np.int64(life.opened[about_need])
                            asked = fold(
                                fold(fold(keys[PAPERS], me), np.uint64(route * 64 + step)),
                                np.uint64(calendar - month + since),
                            )
                            if unit(asked) < conduct.missing_papers[fifth] * ways.unready[home]:
                                outcome = WASTED_PAPERS
                                life.briefed |= np.uint32(1) << np.uint32(step)
                    tally[cell, book.route_need[route], VISITS] += 1
                    if story is not None:
                        told = write(story, told, c, month, CALLS, route, step, at, outcome, 0, minutes - came, 0)
                    if outcome == 0:
                        done += 1
                        tally[cell, book.route_need[route], STEPS] += 1
                        if book.papers[step]:
                            life.briefed &= ~(np.uint32(1) << np.uint32(step))
                        tokens &= ~np.int64(book.consumes[step])
                        lag = book.lag[step]
                        if lag >= 0 and conduct.lags[lag] > 0:
                            life.due[lag] = conduct.lags[lag]
                            pending |= np.int64(book.gives[step])
                            if story is not None:
                                wait = conduct.lags[lag]
                                told = write(story, told, c, month, GIVEN, route, step, at, wait, 0, 0.0, 0)
                        else:
                            tokens |= np.int64(book.gives[step])
                            if story is not None and book.gives[step]:
                                told = write(story, told, c, month, GIVEN, route, step, at, 0, 0, 0.0, 0)
                        left = routes
                        while left:
                            other = _lowest(left)
                            left &= left - 1
                            if book.route_goal[other] != step:
                                continue
                            routes &= ~(1 << other)
                            ended = np.int64(book.route_need[other])
                            took = 0
                            if ended < documentary:
                                took = month + 1 - np.int64(life.opened[ended])
                                life.fate |= np.uint8(GOT)
                                if keeping:
                                    lives.solved[c] |= np.uint16(1 << other)
                            tally[cell, ended, RESOLVED] += 1
                            tally[cell, ended, MONTHS] += took
                            if story is not None:
                                told = write(story, told, c, month, RESOLVES, other, step, at, took, 0, 0.0, 0)
                            if other == book.claim_route:
                                life.signings = conduct.signings
                    else:
                        excluded |= 1 << step
                        if cause < 0:
                            cause = outcome
                    # what else can be done today?
                    moved = False
                    while routes:
                        route, step = _next_step(routes, tokens, pending, excluded, book)
                        if step < 0:
                            break
                        there = np.int64(offices.hop[at, book.service[step]])
                        if there >= 0 and offices.open[there]:
                            known = True
                            if offices.knows[there] < 1:
                                known = unit(fold(fold(keys[KNOWS], me), offices.key[there])) < offices.knows[there]
                            hop = offices.hop_minutes[at, book.service[step]]
                            hop_metres = np.int64(offices.hop_metres[at, book.service[step]])
                            paid = fare_cents(hop_metres, ways)
                            worth = (
                                conduct.going
                                + conduct.per_minute * hop
                                + conduct.per_rand[fifth] * paid / 100.0
                                + conduct.per_queue_minute * offices.wait[there]
                            )
                            again = np.uint64((route * 64 + step) * 8 + outing)
                            going_on = fold(fold(fold(k_go_on, me), again), offices.key[there])
                            takes = hop + offices.wait[there] + offices.serve[there] * book.desk_share[step]
                            goes = offices.hop_same_day[at, book.service[step]] / (1 + math.exp(-worth))
                            if known and clock + takes <= conduct.opening and unit(going_on) < goes:
                                metres += hop_metres
                                minutes += hop
                                clock += hop
                                cents += paid
                                at = there
                                moved = True
                                if story is not None:
                                    told = write(
                                        story, told, c, month, GOES_ON, route, step, at, 0, hop_metres, hop, paid
                                    )
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
                tally[cell, need, TRIPS] += 1
                tally[cell, need, METRES] += metres
                tally[cell, need, MINUTES] += whole_minutes
                tally[cell, need, CENTS] += cents
                if story is not None:
                    paid = fare_cents(back_metres, ways)
                    told = write(
                        story, told, c, month, RETURNS, cause_of_trip, -1, at, 0, back_metres, back_minutes, paid
                    )
                    why = max(cause, 0) if done == 0 else 0
                    told = write(story, told, c, month, TRIP, cause_of_trip, -1, at, why, metres, whole_minutes, cents)
                if need < documentary:
                    space = np.int64(homes.space[home])
                    hours[space, min(np.int64(life.minutes) // HOURS_WIDTH, HOURS_BINS - 1)] -= 1
                    life.minutes += np.uint32(whole_minutes)
                    hours[space, min(np.int64(life.minutes) // HOURS_WIDTH, HOURS_BINS - 1)] += 1
                    life.metres += np.uint32(metres)
                    life.cents += np.uint32(cents)
                    life.trips += np.uint16(1)
                    if keeping:
                        # a need that ends on a day out bears that day, if it was the day's reason
                        lives.spent[c, need, 0] += 1
                        lives.spent[c, need, 1] += metres
                        lives.spent[c, need, 2] += whole_minutes
                        lives.spent[c, need, 3] += cents
                if done == 0:
                    tally[cell, need, cause] += 1
                    if need < documentary:
                        if unit(fold(fold(k_give_up, me), about)) < conduct.give_up:
                            routes &= ~(1 << cause_of_trip)
                            tally[cell, need, ABANDONED] += 1
                            life.fate |= np.uint8(GAVE_UP)
                            if story is not None:
                                told = write(story, told, c, month, ABANDONS, cause_of_trip, -1, -1, WASTED, 0, 0.0, 0)
                outing += 1

            # what was not done
            left = routes & ~papers_of
            while left:
                route = _lowest(left)
                left &= left - 1
                tally[cell, book.route_need[route], ABANDONED] += 1
                if story is not None:
                    told = write(story, told, c, month, ABANDONS, route, -1, -1, LAPSED, 0, 0.0, 0)
            routes &= papers_of
            if what & 9:
                if went or pending or routes == 0:
                    life.idle = 0
                else:
                    life.idle = min(np.int64(life.idle) + 1, 255)
                    if life.idle > conduct.patience:
                        if unit(fold(k_waiting, me)) < conduct.give_up_waiting:
                            route = _lowest(routes)
                            routes &= routes - 1
                            tally[cell, book.route_need[route], ABANDONED] += 1
                            life.fate |= np.uint8(GAVE_UP)
                            if story is not None:
                                told = write(story, told, c, month, ABANDONS, route, -1, -1, WAITED, 0, 0.0, 0)
                            life.idle = 0
                if routes:
                    life.waited += np.uint16(1)
                life.routes = routes
                life.tokens = tokens
                lives.busy[c] = _BUSY if routes or pending or life.signings > 0 else np.uint8(0)
    return told
