"""A citizen's month over columns: what the engines of arrays share (docs/citizen_month.md has the rules).

Plain numpy, as one would write it for speed: everyone is asked at once what befalls them, a chunk of people at a time so that what is
worked on stays in the cache; then the few who have something to do go through their days together, those still out shrinking from
call to call. What each engine adds is where it keeps the columns.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.engines.case import Case, Outcome, empty_state, nobody_out_yet
from igrsim.citizens.population import EVENTS
from igrsim.citizens.reluctance import Reluctance
from igrsim.citizens.terms import GAVE_UP, GOT, HOURS_BINS, HOURS_WIDTH, TALLIES, post
from igrsim.kernel.draws import UNIT, fold, fold_array, unit_array
from igrsim.places.travel import EARTH_KM

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Columns = dict[str, NDArray[Any]]

WHAT = {name: k for k, name in enumerate(TALLIES)}
CHUNK = 1 << 17
"""People asked at once what befalls them."""
TRAITS = ("key", "home", "band", "fifth", "cell")


class Route(NamedTuple):
    """One way through a need; step numbers from the goal back to the first."""

    need: int
    documentary: bool
    steps: list[int]


class Active:
    """Those who have something to do this month, and what they have come to; rows of the columns and their copies."""

    def __init__(self, rows: I64, columns: Columns, routes: I64, held: I64, pending: I64) -> None:
        self.rows, self.routes, self.held, self.pending = rows, routes, held, pending
        self.key = columns["key"][rows]
        self.home = columns["home"][rows].astype(np.int64)
        self.fifth = columns["fifth"][rows].astype(np.int64)
        self.cell = columns["cell"][rows].astype(np.int64)
        self.told = columns["briefed"][rows].astype(np.int64)
        self.stayed = np.zeros(len(rows), dtype=np.int64)
        self.outing = np.zeros(len(rows), dtype=np.int64)
        self.went = np.zeros(len(rows), dtype=np.bool_)


class Day:
    """Those out on a day, and how far they have come; ``who`` are rows of the active."""

    def __init__(self, who: I64, route: I64, step: I64, at: I64, metres: I64, minutes: F64, early: float) -> None:
        self.who, self.reason, self.began = who, route, at
        self.route, self.step, self.at = route.copy(), step.copy(), at.copy()
        self.out_metres, self.out_minutes = metres, minutes
        self.metres, self.minutes = metres.copy(), minutes.copy()
        self.cents = np.zeros(len(who), dtype=np.int64)
        self.clock = np.maximum(0.0, minutes - early)
        self.excluded = np.zeros(len(who), dtype=np.int64)
        self.ended = np.zeros(len(who), dtype=np.int64)
        self.done = np.zeros(len(who), dtype=np.bool_)
        self.cause = np.full(len(who), -1, dtype=np.int64)


class MonthOfArrays:
    """Lets the people of some columns live months of a case."""

    def __init__(self, case: Case) -> None:
        book = case.catalogue
        self.case, self.conduct, self.offices, self.ways = case, case.conduct, case.offices, case.ways
        wide = ("step_service", "step_requires", "step_gives", "step_consumes", "step_lag", "lag_token")
        self.service, self.requires, self.gives, self.consumes, self.lag, self.lag_token = (
            getattr(book, name).astype(np.int64) for name in wide
        )
        self.papers, self.desk_share = book.step_papers, book.step_desk_share
        number = {step.name: k for k, step in enumerate(book.steps)}
        self.routes = [
            Route(book.needs.index(r.need), r.documentary, [number[name] for name in reversed(r.steps)])
            for r in book.routes
        ]
        self.need = np.array([route.need for route in self.routes])
        self.documentary = np.array([route.documentary for route in self.routes])
        self.goal = np.array([route.steps[0] for route in self.routes])
        self.same_need = [
            sum(1 << k for k, other in enumerate(self.routes) if other.need == route.need) for route in self.routes
        ]
        self.recurring = sum(1 << k for k, route in enumerate(self.routes) if not route.documentary)
        way = {(route.need, route.when): k for k, route in enumerate(book.routes)}
        self.usual, self.late, self.sworn = (
            np.array([way.get((event, when), -1) for event in EVENTS]) for when in ("", "late", "sworn")
        )
        self.collection, self.signing, self.clinic = (
            1 << way[need, ""] for need in ("grant_collection", "unemployment_signing", "clinic_visit")
        )
        self.identity_need, self.claim_need = (book.needs.index(n) for n in ("identity", "unemployment_insurance"))
        self.identity = book.token("identity")
        self.fares = self.fare(self.ways.metres)
        self.hop_fares = self.fare(self.offices.hop_metres)
        self.tally = np.zeros((case.cells, len(book.needs), len(TALLIES)), dtype=np.int64)
        self.arrivals = np.zeros(len(self.offices.key), dtype=np.int64)
        self.hours = nobody_out_yet(case)
        self.reluctance = Reluctance(case.ways, case.conduct).options.odds

    # -- luck and counts --------------------------------------------------------------------------------------

    def luck(self, purpose: str, *identities: Any, dated: bool = True) -> F64:
        """Draws in [0, 1) of a purpose, about the month if dated, and about identities."""
        key = fold(self.case.keys[purpose], self.t) if dated else self.case.keys[purpose]
        keys: Any = np.uint64(key)
        for identity in identities:
            keys = fold_array(keys, identity)
        return unit_array(keys)

    def count(self, cell: I64, need: I64, what: Any, by: Any = 1) -> None:
        """Count something of needs, by counting cell."""
        needs, kinds = self.tally.shape[1:]
        np.add.at(self.tally.reshape(-1), (cell * needs + need) * kinds + what, by)

    def fare(self, metres: Any) -> I64:
        """Fares in cents, one way."""
        ridden = self.ways.boarding_cents + self.ways.per_km_cents * metres / 1000.0 + 0.5
        return np.where(metres <= self.ways.walk_metres, 0.0, ridden).astype(np.int64)

    # -- the month --------------------------------------------------------------------------------------------

    def live(self, columns: Columns, month: int) -> None:
        """Let everyone live a month; the state among the columns is changed."""
        self.month, self.t = month, self.case.first_month + month
        self.posted = post(self.offices, self.conduct)
        columns["solved"][:] = 0
        people = len(columns["key"])
        for first in range(0, people, CHUNK):
            self.live_chunk({name: column[first : first + CHUNK] for name, column in columns.items()})

    def live_chunk(self, columns: Columns) -> None:
        """The month of some people."""
        held, pending = self.issue(columns)
        raised = self.raise_needs(columns, held)
        routes = columns["routes"].astype(np.int64)
        rows = np.flatnonzero(raised | routes)
        active = Active(rows, columns, routes[rows], held[rows], pending[rows])
        self.take_up(active, columns, raised[rows])
        self.days_out(active, columns)
        self.leave_undone(active, columns)
        columns["routes"][rows] = active.routes
        columns["briefed"][rows] = active.told
        held[rows] = active.held
        columns["tokens"][:] = held

    def issue(self, columns: Columns) -> tuple[I64, I64]:
        """Documents that are due are issued; returns documents held, and those still applied for."""
        held = columns["tokens"].astype(np.int64)
        pending = np.zeros(len(held), dtype=np.int64)
        for lag, token in enumerate(self.lag_token):
            due = columns["due"][:, lag]
            rows = np.flatnonzero(due)
            due[rows] -= 1
            issued = due[rows] == 0
            held[rows[issued]] |= token
            pending[rows[~issued]] |= token
        return held, pending

    def raise_needs(self, columns: Columns, held: I64) -> I64:
        """Routes of the needs that arise this month, as bits."""
        conduct, hazard = self.conduct, self.case.hazard
        key, band, fifth = columns["key"], columns["band"], columns["fifth"]
        raised = np.where(self.luck("clinic", key) < conduct.clinic, self.clinic, 0)
        grown = band > 0
        raised[grown & (self.luck("collection", key) < conduct.collects)] |= self.collection
        signs = grown & (columns["signings"] > 0)
        raised[signs] |= self.signing
        columns["signings"][signs] -= 1
        x = self.luck("life event", key)
        struck = np.flatnonzero(grown & (x < hazard[band, fifth, -1]))
        event = (x[struck, None] >= hazard[band[struck], fifth[struck]]).sum(axis=1)
        route, u = self.usual[event], self.luck("route", key[struck])
        late = (self.late[event] >= 0) & (u < conduct.late_birth)
        sworn = (self.sworn[event] >= 0) & ((held[struck] & self.identity) == 0) & (u < conduct.sworn)
        route = np.where(late, self.late[event], np.where(sworn, self.sworn[event], route))
        raised[struck] |= 1 << route
        return np.asarray(raised)

    def take_up(self, active: Active, columns: Columns, raised: I64) -> None:
        """Routes are opened, or merged with open ones of the same need."""
        for k, route in enumerate(self.routes):
            who = np.flatnonzero(raised >> k & 1)
            self.count(active.cell[who], self.need[k], WHAT["arisen"])
            merged = (active.routes[who] & self.same_need[k]) != 0
            self.count(active.cell[who[merged]], self.need[k], WHAT["merged"])
            who = who[~merged]
            active.routes[who] |= 1 << k
            if route.documentary:
                columns["opened"][active.rows[who], route.need] = self.month + 1
                columns["spent"][active.rows[who], route.need] = 0
            if route.need == self.identity_need:
                who = who[active.pending[who] == 0]
                lost = self.luck("lost identity", active.key[who]) < self.conduct.lost
                active.held[who[lost]] &= ~self.identity

    def next_step(self, active: Active, who: I64, excluded: I64) -> tuple[I64, I64]:
        """Each one's first open route with a step that can be taken now, and the step; -1 if there is none."""
        route = np.full(len(who), -1, dtype=np.int64)
        step = np.full(len(who), -1, dtype=np.int64)
        routes = active.routes[who]
        anyone = int(np.bitwise_or.reduce(routes, initial=0))
        for k, one in enumerate(self.routes):
            if not anyone >> k & 1:
                continue
            look = np.flatnonzero((routes >> k & 1).astype(np.bool_) & (step < 0))
            held, pending, out = active.held[who[look]], active.pending[who[look]], excluded[look]
            lacking = ~(held | pending)
            found = np.full(len(look), -1, dtype=np.int64)
            wanted = np.ones(len(look), dtype=np.bool_)
            missing = np.zeros(len(look), dtype=np.int64)
            for s in one.steps:
                if s != one.steps[0]:
                    wanted = (missing & self.gives[s]) != 0
                missing |= np.where(wanted, lacking & self.requires[s], 0)
                hinders = (self.requires[s] & ~held) | (self.gives[s] & pending) | (out >> s & 1)
                found[wanted & (hinders == 0)] = s
            step[look] = found
            route[look[found >= 0]] = k
        return route, step

    def days_out(self, active: Active, columns: Columns) -> None:
        """Spend the month's days."""
        going = np.arange(len(active.rows))
        while len(going):
            route, step = self.next_step(active, going, active.stayed[going])
            able = step >= 0
            going, route, step = going[able], route[able], step[able]
            about = (route * 64 + step) * 8 + active.outing[going]
            place = self.choose(active, going, step, about)
            leaves = place >= 0
            active.stayed[going[~leaves]] |= 1 << step[~leaves]
            out = going[leaves]
            active.went[out] |= self.documentary[route[leaves]]
            self.day_out(active, columns, out, route[leaves], step[leaves], place[leaves], about[leaves])
            active.outing[out] += 1
            going = going[active.outing[going] < self.conduct.outings]

    def known(self, key: Any, point: I64) -> NDArray[np.bool_]:
        """Who knows a point, which is open; points are -1 where there is none."""
        knows = np.where((point >= 0) & self.offices.open[point], self.offices.knows[point], 0.0)
        known = knows >= 1
        unsure = np.nonzero((knows > 0) & ~known)
        keys = np.broadcast_to(key, point.shape)[unsure]
        known[unsure] = self.luck("knows point", keys, self.offices.key[point[unsure]], dated=False) < knows[unsure]
        return np.asarray(known)

    def choose(self, active: Active, who: I64, step: I64, about: I64) -> I64:
        """The place of each one's chosen point among the nearest of its service, or -1 where staying at home comes first."""
        key, home, service = active.key[who], active.home[who], self.service[step]
        point = self.ways.point[home, service]
        stays = -np.log(self.luck("choice of point", about, key, 0) + UNIT / 2)
        times = -np.log(self.luck("choice of point", about[:, None], key[:, None], self.offices.key[point]) + UNIT / 2)
        times *= self.reluctance[service, home, active.fifth[who]] * np.abs(self.posted.queue[point])
        times[~self.known(key[:, None], point)] = np.inf
        soonest = np.argmin(times, axis=1)
        return np.where(times[np.arange(len(who)), soonest] < stays, soonest, -1)

    # -- a day out --------------------------------------------------------------------------------------------

    def day_out(
        self, active: Active, columns: Columns, who: I64, route: I64, step: I64, place: I64, about: I64
    ) -> None:
        """One day of those who set out: from counter to counter, and home."""
        where = (active.home[who], self.service[step], place)
        metres = self.ways.metres[where].astype(np.int64)
        at = self.ways.point[where].astype(np.int64)
        day = Day(who, route, step, at, metres, self.ways.minutes[where], self.conduct.early)
        day.cents += self.fares[where]
        out = np.arange(len(who))
        while len(out):
            self.call(active, columns, day, out)
            out = self.go_on(active, day, out)
        back_metres, back_minutes = self.way_home(active.home[who], day)
        day.metres += back_metres
        day.minutes += back_minutes
        day.cents += self.fare(back_metres)
        self.bear(active, columns, day, about)

    def call(self, active: Active, columns: Columns, day: Day, out: I64) -> None:
        """At the counter: served, or turned away."""
        who, at, step, route = day.who[out], day.at[out], day.step[out], day.route[out]
        np.add.at(self.arrivals, at, 1)
        self.count(active.cell[who], self.need[route], WHAT["visits"])
        takes = self.offices.wait[at] + self.offices.serve[at] * self.desk_share[step]
        outcome = self.turned_away(active, who, at, step, day.clock[out] + takes)
        late = outcome == WHAT["wasted_late"]
        day.clock[out[late]] = self.conduct.opening
        waited = outcome < 0
        day.clock[out[waited]] += takes[waited]
        day.minutes[out[waited]] += takes[waited]
        asked = np.flatnonzero(waited & self.papers[step] & ((active.told[who] >> step & 1) == 0))
        lacking = self.lacks_papers(active, columns, who[asked], route[asked], step[asked])
        outcome[asked[lacking]] = WHAT["wasted_papers"]
        active.told[who[asked[lacking]]] |= 1 << step[asked[lacking]]
        turned = outcome >= 0
        day.excluded[out[turned]] |= 1 << step[turned]
        first = turned & (day.cause[out] < 0)
        day.cause[out[first]] = outcome[first]
        self.finish(active, columns, day, out[~turned])

    def turned_away(self, active: Active, who: I64, at: I64, step: I64, ready: F64) -> I64:
        """Why each counter does not serve, or -1; ``ready`` is when the person would be done."""
        calling, posted = step * 8 + active.outing[who], self.posted
        awaits = self.luck("what awaits at the counter", calling, active.key[who], self.offices.key[at])
        outcome = np.where(ready > self.conduct.opening, WHAT["wasted_late"], -1)
        outcome[awaits < posted.full[at]] = WHAT["wasted_full"]
        outcome[awaits < posted.offline[at]] = WHAT["wasted_offline"]
        outcome[awaits < posted.absent[at]] = WHAT["wasted_absent"]
        return outcome

    def lacks_papers(self, active: Active, columns: Columns, who: I64, route: I64, step: I64) -> NDArray[np.bool_]:
        """Who of those asked for papers for the first time lacks one."""
        since = np.full(len(who), self.month + 1)
        papers = self.documentary[route]
        since[papers] = columns["opened"][active.rows[who[papers]], self.need[route[papers]]]
        when = self.t - self.month + since
        drawn = self.luck("papers missing", active.key[who], route * 64 + step, when, dated=False)
        return np.asarray(drawn < self.conduct.missing_papers[active.fifth[who]] * self.ways.unready[active.home[who]])

    def finish(self, active: Active, columns: Columns, day: Day, out: I64) -> None:
        """Steps are done: documents change hands, needs are resolved."""
        who, step, rows = day.who[out], day.step[out], active.rows[day.who[out]]
        day.done[out] = True
        self.count(active.cell[who], self.need[day.route[out]], WHAT["steps"])
        active.told[who] &= ~(1 << step)
        active.held[who] &= ~self.consumes[step]
        lag = self.lag[step]
        months = np.where(lag >= 0, self.conduct.lags[lag], 0)
        later = months > 0
        columns["due"][rows[later], lag[later]] = months[later]
        active.pending[who[later]] |= self.gives[step[later]]
        active.held[who[~later]] |= self.gives[step[~later]]
        open_now = active.routes[who]
        for k, route in enumerate(self.routes):
            over = np.flatnonzero((open_now >> k & 1).astype(np.bool_) & (step == self.goal[k]))
            if not len(over):
                continue
            active.routes[who[over]] &= ~(1 << k)
            day.ended[out[over]] |= 1 << k
            self.count(active.cell[who[over]], self.need[k], WHAT["resolved"])
            if route.documentary:
                columns["fate"][rows[over]] |= GOT
                took = self.month + 1 - columns["opened"][rows[over], route.need].astype(np.int64)
                self.count(active.cell[who[over]], self.need[k], WHAT["months"], took)
            if route.need == self.claim_need:
                columns["signings"][rows[over]] = self.conduct.signings

    def go_on(self, active: Active, day: Day, out: I64) -> I64:
        """Those who go on to another counter today, at it already."""
        looking, moved = out, [out[:0]]
        while len(looking):
            route, step = self.next_step(active, day.who[looking], day.excluded[looking])
            able = step >= 0
            looking, route, step = looking[able], route[able], step[able]
            goes = self.goes_on(active, day, looking, route, step)
            day.excluded[looking[~goes]] |= 1 << step[~goes]
            on = looking[goes]
            where = (day.at[on], self.service[step[goes]])
            day.metres[on] += self.offices.hop_metres[where]
            day.minutes[on] += self.offices.hop_minutes[where]
            day.clock[on] += self.offices.hop_minutes[where]
            day.cents[on] += self.hop_fares[where]
            day.at[on] = self.offices.hop[where]
            day.route[on], day.step[on] = route[goes], step[goes]
            moved.append(on)
            looking = looking[~goes]
        return np.concatenate(moved)

    def goes_on(self, active: Active, day: Day, out: I64, route: I64, step: I64) -> NDArray[np.bool_]:
        """Whether each goes on to the nearest counter of a step today."""
        conduct, offices, who = self.conduct, self.offices, day.who[out]
        where = (day.at[out], self.service[step])
        there, way = offices.hop[where], offices.hop_minutes[where]
        takes = way + offices.wait[there] + offices.serve[there] * self.desk_share[step]
        worth = (
            conduct.going
            + conduct.per_minute * way
            + conduct.per_rand[active.fifth[who]] * self.hop_fares[where] / 100.0
            + conduct.per_queue_minute * offices.wait[there]
        )
        again = (route * 64 + step) * 8 + active.outing[who]
        drawn = self.luck("go on", active.key[who], again, offices.key[there])
        goes = self.known(active.key[who], there) & (day.clock[out] + takes <= conduct.opening)
        return np.asarray(goes & (drawn < offices.hop_same_day[where] / (1 + np.exp(-worth))))

    def way_home(self, home: I64, day: Day) -> tuple[I64, F64]:
        """Metres and minutes home: the way they came, if they stand where the day began."""
        ways, rad = self.ways, np.pi / 180.0
        metres, minutes = day.out_metres.copy(), day.out_minutes.copy()
        far = np.flatnonzero(day.at != day.began)
        home, at = home[far], day.at[far]
        lat1, lat2 = ways.lat[home] * rad, self.offices.lat[at] * rad
        turn = (self.offices.lon[at] - ways.lon[home]) * rad / 2
        a = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin(turn) ** 2
        km = 2 * EARTH_KM * np.arcsin(np.sqrt(a))
        road = (1000.0 * np.sqrt(km * km + ways.spread_km2[home]) * ways.detour + 0.5).astype(np.int64)
        local = np.minimum(road, ways.local_metres) / 1000.0 * ways.local_per_km[home]
        beyond = np.maximum(road - ways.local_metres, 0.0) / 1000.0 * ways.road_per_km
        metres[far] = road
        minutes[far] = np.where(
            road <= ways.walk_metres, road / 1000.0 * ways.walk_per_km, ways.access_minutes[home] + local + beyond
        )
        return metres, minutes

    def bear(self, active: Active, columns: Columns, day: Day, about: I64) -> None:
        """Enter the day's trips for the needs they set out for; some give up after a wasted one."""
        who, reason = day.who, day.reason
        cell, need, rows = active.cell[who], self.need[reason], active.rows[who]
        whole = (day.minutes + 0.5).astype(np.int64)
        for what, amount in (("trips", 1), ("metres", day.metres), ("minutes", whole), ("cents", day.cents)):
            self.count(cell, need, WHAT[what], amount)
        kept = np.flatnonzero(self.documentary[reason])
        cost = np.stack([np.ones_like(whole), day.metres, whole, day.cents], axis=1)[kept]
        columns["spent"][rows[kept], need[kept]] += cost.astype(columns["spent"].dtype)
        space, minutes = self.case.home_space[active.home[who[kept]]], columns["minutes"]
        np.add.at(self.hours, (space, np.minimum(minutes[rows[kept]] // HOURS_WIDTH, HOURS_BINS - 1)), -1)
        for name, amount in zip(("trips", "metres", "minutes", "cents"), cost.T, strict=True):
            columns[name][rows[kept]] += amount.astype(columns[name].dtype)
        np.add.at(self.hours, (space, np.minimum(minutes[rows[kept]] // HOURS_WIDTH, HOURS_BINS - 1)), 1)
        columns["solved"][rows] |= (day.ended & ~self.recurring).astype(columns["solved"].dtype)
        lost = np.flatnonzero(~day.done)
        self.count(cell[lost], need[lost], day.cause[lost])
        lost = lost[self.documentary[reason[lost]]]
        gives_up = self.luck("give up after a wasted trip", active.key[who[lost]], about[lost]) < self.conduct.give_up
        lost = lost[gives_up]
        active.routes[who[lost]] &= ~(1 << reason[lost])
        columns["fate"][rows[lost]] |= GAVE_UP
        self.count(cell[lost], need[lost], WHAT["abandoned"])

    # -- what was not done ------------------------------------------------------------------------------------

    def leave_undone(self, active: Active, columns: Columns) -> None:
        """Recurring needs lapse; those who never set out lose patience."""
        for k, route in enumerate(self.routes):
            if not route.documentary:
                left = np.flatnonzero(active.routes >> k & 1)
                self.count(active.cell[left], self.need[k], WHAT["abandoned"])
        active.routes &= ~self.recurring
        waits = ~active.went & (active.pending == 0) & (active.routes != 0)
        idle = np.where(waits, np.minimum(columns["idle"][active.rows].astype(np.int64) + 1, 255), 0)
        tired = np.flatnonzero(idle > self.conduct.patience)
        tired = tired[self.luck("give up waiting", active.key[tired]) < self.conduct.give_up_waiting]
        first = active.routes[tired] & -active.routes[tired]
        active.routes[tired] &= ~first
        self.count(active.cell[tired], self.need[np.log2(first).astype(np.int64)], WHAT["abandoned"])
        columns["fate"][active.rows[tired]] |= GAVE_UP
        idle[tired] = 0
        columns["idle"][active.rows] = idle
        columns["waited"][active.rows[active.routes != 0]] += 1


def fresh_columns(case: Case) -> Columns:
    """Traits and state of everyone at the start, the engine's own."""
    columns: Columns = {name: case.traits[name].copy() for name in TRAITS}
    columns |= empty_state(case, case.people)
    columns["tokens"][:] = case.traits["tokens"]
    return columns


def outcome_of(month: MonthOfArrays, columns: Columns) -> Outcome:
    """What came of the people of some columns."""
    kinds = empty_state(month.case, 0)
    state = {name: columns[name].astype(kind.dtype) for name, kind in kinds.items()}
    return Outcome(state, month.tally, month.arrivals, month.hours)
