"""A citizen's month as a method of an agent: what the engines of objects share (docs/citizen_month.md has the rules).

Plain Python as one would write it for speed: documents and open routes as bits of whole numbers, the country as lists and tuples,
choice sets laid out when someone first needs them. What each engine adds is its agents, and how it goes round them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from benchmarks.engines.case import Case, Outcome, empty_state, nobody_out_yet
from igrsim.citizens.population import EVENTS
from igrsim.citizens.reluctance import LIMIT
from igrsim.citizens.terms import GAVE_UP, GOT, HOURS_BINS, HOURS_WIDTH, TALLIES, post
from igrsim.kernel.draws import UNIT, fold
from igrsim.places.travel import EARTH_KM
from igrsim.services.catalogue import SERVICES

WHAT = {name: k for k, name in enumerate(TALLIES)}


class Step(NamedTuple):
    """One visit to one counter; documents as bits."""

    number: int
    service: int
    requires: int
    gives: int
    consumes: int
    lag: int
    papers: bool
    desk_share: float


class Route(NamedTuple):
    """One way through a need; its steps from the goal back to the first."""

    number: int
    bit: int
    need: int
    documentary: bool
    steps: tuple[Step, ...]


class Option(NamedTuple):
    """A point in the choice set of people of a settlement and wealth fifth; reluctance is the odds of staying at home."""

    point: int
    metres: int
    minutes: float
    cents: int
    reluctance: float


def keyed(key: int, *identities: int) -> float:
    """The model's own draw: a number in [0, 1) that depends on what it is about and on nothing else."""
    for identity in identities:
        key = fold(key, identity)
    return (key >> 11) * UNIT


class Country:
    """What all persons of a case live in, and the month it is.

    Parameters
    ----------
    chance : callable
        Draws a number in [0, 1) from a key and identities. Any other than `keyed` gives other people's lives.
    """

    def __init__(self, case: Case, chance: Callable[..., float] = keyed) -> None:
        book = case.catalogue
        self.case, self.chance, self.conduct, self.keys = case, chance, case.conduct, case.keys
        steps = [
            Step(
                k,
                SERVICES.index(step.service),
                int(book.step_requires[k]),
                int(book.step_gives[k]),
                int(book.step_consumes[k]),
                int(book.step_lag[k]),
                step.papers,
                step.desk_share,
            )
            for k, step in enumerate(book.steps)
        ]
        number = {step.name: k for k, step in enumerate(book.steps)}
        self.routes = [
            Route(
                k,
                1 << k,
                book.needs.index(route.need),
                route.documentary,
                tuple(steps[number[name]] for name in reversed(route.steps)),
            )
            for k, route in enumerate(book.routes)
        ]
        way = {(route.need, route.when): self.routes[k] for k, route in enumerate(book.routes)}
        self.events = [(way[event, ""], way.get((event, "late")), way.get((event, "sworn"))) for event in EVENTS]
        self.collection, self.signing, self.clinic = (
            way[need, ""].bit for need in ("grant_collection", "unemployment_signing", "clinic_visit")
        )
        self.identity_need, self.claim_need = (book.needs.index(n) for n in ("identity", "unemployment_insurance"))
        self.identity = book.token("identity")
        self.same_need = [sum(other.bit for other in self.routes if other.need == r.need) for r in self.routes]
        self.recurring = sum(route.bit for route in self.routes if not route.documentary)
        self.lag_token = [int(token) for token in book.lag_token]
        self.lags = [int(months) for months in self.conduct.lags]
        self.per_rand = [float(x) for x in self.conduct.per_rand]
        self.missing_papers = [float(x) for x in self.conduct.missing_papers]
        self.hazard = case.hazard.tolist()
        published = case.offices
        self.point_key = [int(key) for key in published.key]
        listed = ("knows", "open", "wait", "serve", "hop", "hop_metres", "hop_minutes", "hop_same_day")
        self.knows, self.open, self.wait, self.serve, self.hop, self.hop_metres, self.hop_minutes, self.hop_same_day = (
            getattr(published, name).tolist() for name in listed
        )
        self.unready = case.ways.unready.tolist()
        self.sets: dict[tuple[int, int, int], list[Option]] = {}
        self.needs = len(book.needs)
        self.tally = [0] * (case.cells * self.needs * len(TALLIES))
        self.arrivals = [0] * len(self.point_key)
        self.hours = nobody_out_yet(case).tolist()
        self.space = case.home_space.tolist()

    def turn(self, month: int) -> None:
        """Begin a month of the study: draws that are asked with the month have it folded in once."""
        self.month = month
        self.t = self.case.first_month + month
        self.now = {purpose: fold(key, self.t) for purpose, key in self.keys.items()}
        posted = post(self.case.offices, self.conduct)
        self.absent, self.offline, self.full = posted.absent.tolist(), posted.offline.tolist(), posted.full.tolist()
        self.queue = np.abs(posted.queue).tolist()

    def choice_set(self, home: int, service: int, fifth: int) -> list[Option]:
        """The nearest open points of a service, and what the way to each takes."""
        found = self.sets.get((home, service, fifth))
        if found is None:
            ways = self.case.ways
            rows = zip(
                ways.point[home, service].tolist(),
                ways.metres[home, service].tolist(),
                ways.minutes[home, service].tolist(),
                strict=True,
            )
            conduct = self.conduct
            found = []
            for point, metres, minutes in rows:
                if point >= 0 and self.open[point]:
                    cents = self.fare(metres)
                    worth = conduct.going + conduct.per_minute * minutes + self.per_rand[fifth] * (cents / 100.0)
                    found.append(Option(point, metres, minutes, cents, math.exp(-min(max(worth, -LIMIT), LIMIT))))
            self.sets[home, service, fifth] = found
        return found

    def fare(self, metres: int) -> int:
        """Fare in cents, one way."""
        ways = self.case.ways
        if metres <= ways.walk_metres:
            return 0
        return int(ways.boarding_cents + ways.per_km_cents * metres / 1000.0 + 0.5)

    def way_home(self, home: int, point: int) -> tuple[int, float]:
        """Metres and minutes home from a point where the day did not begin."""
        ways, offices = self.case.ways, self.case.offices
        rad = math.pi / 180.0
        lat1, lat2 = float(ways.lat[home]) * rad, float(offices.lat[point]) * rad
        turn = float(offices.lon[point] - ways.lon[home]) * rad / 2
        a = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(turn) ** 2
        km = 2 * EARTH_KM * math.asin(math.sqrt(a))
        metres = int(1000.0 * math.sqrt(km * km + float(ways.spread_km2[home])) * ways.detour + 0.5)
        if metres <= ways.walk_metres:
            return metres, metres / 1000.0 * ways.walk_per_km
        local = min(float(metres), ways.local_metres) / 1000.0 * float(ways.local_per_km[home])
        road = max(metres - ways.local_metres, 0.0) / 1000.0 * ways.road_per_km
        return metres, float(ways.access_minutes[home]) + local + road


class Person:
    """One citizen; an engine's agent is this and whatever the engine wants of it."""

    country: Country

    def settle_in(self, country: Country, c: int) -> None:
        """Take the place of citizen ``c`` of the case."""
        traits = country.case.traits
        self.country = country
        self.me = int(traits["key"][c])
        self.home = int(traits["home"][c])
        self.band = int(traits["band"][c])
        self.fifth = int(traits["fifth"][c])
        self.counts = int(traits["cell"][c]) * country.needs * len(TALLIES)
        self.held = int(traits["tokens"][c])
        self.routes = 0
        self.told = 0
        self.idle = 0
        self.signings = 0
        self.trips = self.metres = self.minutes = self.cents = 0
        self.waited = self.fate = 0
        self.solved = 0
        # a need or a document is a key once it has arisen or been applied for: most people have few
        self.due: dict[int, int] = {}
        self.opened: dict[int, int] = {}
        self.spent: dict[int, list[int]] = {}

    def live(self) -> None:
        """Live the month."""
        country = self.country
        self.solved = 0
        pending = 0
        if self.due:
            for lag, left in list(self.due.items()):
                if left == 1:
                    self.held |= country.lag_token[lag]
                    del self.due[lag]
                else:
                    self.due[lag] = left - 1
                    pending |= country.lag_token[lag]
        raised = self.raised()
        if raised:
            self.take_up(raised, pending)
        if self.routes:
            self.days_out(pending)

    def count(self, need: int, what: str, by: int = 1) -> None:
        """Count something of a need."""
        self.country.tally[self.counts + need * len(TALLIES) + WHAT[what]] += by

    # -- needs ------------------------------------------------------------------------------------------------

    def raised(self) -> int:
        """Routes of the needs that arise this month, as bits."""
        country, me = self.country, self.me
        chance, now, conduct = country.chance, country.now, country.conduct
        raised = 0
        if self.band:
            hazard = country.hazard[self.band][self.fifth]
            x = chance(now["life event"], me)
            if x < hazard[-1]:
                usual, late, sworn = country.events[next(k for k, h in enumerate(hazard) if h > x)]
                if late and chance(now["route"], me) < conduct.late_birth:
                    usual = late
                elif sworn and not self.held & country.identity and chance(now["route"], me) < conduct.sworn:
                    usual = sworn
                raised = usual.bit
            if chance(now["collection"], me) < conduct.collects:
                raised |= country.collection
            if self.signings:
                self.signings -= 1
                raised |= country.signing
        if chance(now["clinic"], me) < conduct.clinic:
            raised |= country.clinic
        return raised

    def take_up(self, raised: int, pending: int) -> None:
        """Open routes, or merge them with open ones of the same need."""
        country = self.country
        for route in country.routes:
            if not raised & route.bit:
                continue
            self.count(route.need, "arisen")
            if self.routes & country.same_need[route.number]:
                self.count(route.need, "merged")
                continue
            self.routes |= route.bit
            if route.documentary:
                self.opened[route.need] = country.month + 1
                self.spent[route.need] = [0, 0, 0, 0]
            if route.need == country.identity_need and not pending:
                if country.chance(country.now["lost identity"], self.me) < country.conduct.lost:
                    self.held &= ~country.identity

    def next_step(self, pending: int, excluded: int) -> tuple[Route, Step] | None:
        """The first open route with a step that can be taken now, and the step."""
        routes, held = self.routes, self.held
        has = held | pending
        for route in self.country.routes:
            if not routes & route.bit:
                continue
            missing, found = 0, None
            goal = True
            for step in route.steps:
                if goal or step.gives & missing:
                    missing |= step.requires & ~has
                    if not (step.requires & ~held or step.gives & pending or excluded >> step.number & 1):
                        found = step
                goal = False
            if found is not None:
                return route, found
        return None

    # -- days out ---------------------------------------------------------------------------------------------

    def days_out(self, pending: int) -> None:
        """Spend the month's days, and leave undone what is left."""
        country = self.country
        went = False
        outing = stayed = 0
        while outing < country.conduct.outings:
            found = self.next_step(pending, stayed)
            if found is None:
                break
            route, step = found
            about = (route.number * 64 + step.number) * 8 + outing
            choice = self.choose(step, about)
            if choice is None:
                stayed |= 1 << step.number
                continue
            went = went or route.documentary
            pending = self.day_out(choice, route, step, about, outing, pending)
            outing += 1
        self.leave_undone(went, pending)

    def known(self, point: int) -> bool:
        """Whether the person knows a point."""
        country = self.country
        share: float = country.knows[point]
        return share >= 1 or country.chance(country.keys["knows point"], self.me, country.point_key[point]) < share

    def choose(self, step: Step, about: int) -> Option | None:
        """The point that comes first, or None where staying at home does."""
        country, me, chance = self.country, self.me, self.country.chance
        going = fold(country.now["choice of point"], about)
        soonest = -math.log(chance(going, me, 0) + UNIT / 2)
        where = None
        for option in country.choice_set(self.home, step.service, self.fifth):
            if not self.known(option.point):
                continue
            late = option.reluctance * country.queue[option.point]
            time = -math.log(chance(going, me, country.point_key[option.point]) + UNIT / 2) * late
            if time < soonest:
                soonest, where = time, option
        return where

    def day_out(self, out: Option, route: Route, step: Step, about: int, outing: int, pending: int) -> int:
        """One day: out, from counter to counter, and home; returns the documents now applied for."""
        country = self.country
        reason, at = route, out.point
        metres, minutes, cents = out.metres, out.minutes, out.cents
        clock = max(0.0, minutes - country.conduct.early)
        done, ended, excluded, cause = False, 0, 0, None
        while True:
            country.arrivals[at] += 1
            takes = country.wait[at] + country.serve[at] * step.desk_share
            turned = self.turned_away(at, route, step, outing, clock + takes)
            if turned == "wasted_late":
                clock = country.conduct.opening
            elif turned is None or turned == "wasted_papers":
                clock += takes
                minutes += takes
            self.count(route.need, "visits")
            if turned is None:
                done = True
                self.count(route.need, "steps")
                pending, over = self.finish(step, pending)
                ended |= over
            else:
                excluded |= 1 << step.number
                cause = cause or turned
            while (onward := self.next_step(pending, excluded)) is not None:
                route, step = onward
                if self.goes_on(at, route, step, outing, clock):
                    break
                excluded |= 1 << step.number
            if onward is None:
                break
            hop = country.hop_metres[at][step.service]
            way = country.hop_minutes[at][step.service]
            at = country.hop[at][step.service]
            metres += hop
            minutes += way
            clock += way
            cents += country.fare(hop)
        back = (out.metres, out.minutes) if at == out.point else country.way_home(self.home, at)
        metres += back[0]
        whole = int(minutes + back[1] + 0.5)
        cents += country.fare(back[0])
        self.bear(reason, metres, whole, cents)
        self.solved |= ended & ~country.recurring
        if not done:
            assert cause is not None
            self.count(reason.need, cause)
            if reason.documentary:
                if country.chance(country.now["give up after a wasted trip"], self.me, about) < country.conduct.give_up:
                    self.give_up(reason)
        return pending

    def turned_away(self, at: int, route: Route, step: Step, outing: int, ready: float) -> str | None:
        """Why the counter does not serve, or None; ``ready`` is when the person would be done."""
        country, me = self.country, self.me
        calling = step.number * 8 + outing
        awaits = country.chance(country.now["what awaits at the counter"], calling, me, country.point_key[at])
        if awaits < country.full[at]:
            if awaits < country.absent[at]:
                return "wasted_absent"
            return "wasted_offline" if awaits < country.offline[at] else "wasted_full"
        if ready > country.conduct.opening:
            return "wasted_late"
        if step.papers and not self.told >> step.number & 1:
            since = self.opened[route.need] if route.documentary else country.month + 1
            when = country.t - country.month + since
            lacking = country.missing_papers[self.fifth] * country.unready[self.home]
            if country.chance(country.keys["papers missing"], me, route.number * 64 + step.number, when) < lacking:
                self.told |= 1 << step.number
                return "wasted_papers"
        return None

    def finish(self, step: Step, pending: int) -> tuple[int, int]:
        """A step is done: documents change hands, needs are resolved; returns documents applied for, and routes ended."""
        country = self.country
        self.told &= ~(1 << step.number)
        self.held &= ~step.consumes
        if step.lag >= 0 and country.lags[step.lag] > 0:
            self.due[step.lag] = country.lags[step.lag]
            pending |= step.gives
        else:
            self.held |= step.gives
        ended = 0
        for other in country.routes:
            if self.routes & other.bit and other.steps[0].number == step.number:
                self.routes &= ~other.bit
                ended |= other.bit
                self.count(other.need, "resolved")
                if other.documentary:
                    self.fate |= GOT
                    self.count(other.need, "months", country.month + 1 - self.opened[other.need])
                if other.need == country.claim_need:
                    self.signings = int(country.conduct.signings)
        return pending, ended

    def goes_on(self, at: int, route: Route, step: Step, outing: int, clock: float) -> bool:
        """Whether the person goes on to the nearest counter of a step today."""
        country, conduct = self.country, self.country.conduct
        there = country.hop[at][step.service]
        if there < 0 or not country.open[there] or not self.known(there):
            return False
        way, wait = country.hop_minutes[at][step.service], country.wait[there]
        if clock + (way + wait + country.serve[there] * step.desk_share) > conduct.opening:
            return False
        worth = (
            conduct.going
            + conduct.per_minute * way
            + country.per_rand[self.fifth] * country.fare(country.hop_metres[at][step.service]) / 100.0
            + conduct.per_queue_minute * wait
        )
        again = (route.number * 64 + step.number) * 8 + outing
        drawn = country.chance(country.now["go on"], self.me, again, country.point_key[there])
        same_day: float = country.hop_same_day[at][step.service]
        return drawn < same_day / (1 + math.exp(-worth))

    def bear(self, reason: Route, metres: int, minutes: int, cents: int) -> None:
        """Enter a day's trip for the need it set out for."""
        for what, amount in (("trips", 1), ("metres", metres), ("minutes", minutes), ("cents", cents)):
            self.count(reason.need, what, amount)
        if reason.documentary:
            hours = self.country.hours[self.country.space[self.home]]
            hours[min(self.minutes // HOURS_WIDTH, HOURS_BINS - 1)] -= 1
            self.trips += 1
            self.metres += metres
            self.minutes += minutes
            self.cents += cents
            hours[min(self.minutes // HOURS_WIDTH, HOURS_BINS - 1)] += 1
            spent = self.spent[reason.need]
            spent[0] += 1
            spent[1] += metres
            spent[2] += minutes
            spent[3] += cents

    def leave_undone(self, went: bool, pending: int) -> None:
        """Recurring needs lapse; those who never set out lose patience."""
        country = self.country
        lapsed = self.routes & country.recurring
        if lapsed:
            for route in country.routes:
                if lapsed & route.bit:
                    self.count(route.need, "abandoned")
            self.routes &= ~lapsed
        self.lose_patience(went, pending)
        if self.routes:
            self.waited += 1

    def lose_patience(self, went: bool, pending: int) -> None:
        """Who neither sets out nor waits for a document is idle, and gives a need up in the end."""
        country = self.country
        if went or pending or not self.routes:
            self.idle = 0
            return
        self.idle = min(self.idle + 1, 255)
        if self.idle > country.conduct.patience:
            if country.chance(country.now["give up waiting"], self.me) < country.conduct.give_up_waiting:
                self.give_up(next(route for route in country.routes if self.routes & route.bit))
                self.idle = 0

    def give_up(self, route: Route) -> None:
        """A documentary need is given up."""
        self.routes &= ~route.bit
        self.fate |= GAVE_UP
        self.count(route.need, "abandoned")


def outcome_of(country: Country, persons: list[Any]) -> Outcome:
    """The persons' states as columns, and what was counted."""
    case = country.case
    state = empty_state(case, len(persons))
    same = ("routes", "idle", "signings", "trips", "metres", "minutes", "cents", "waited", "fate", "solved")
    for name, known in (("tokens", "held"), ("briefed", "told"), *zip(same, same, strict=True)):
        state[name][:] = [getattr(person, known) for person in persons]
    for name in ("due", "opened", "spent"):
        for c, person in enumerate(persons):
            for place, value in getattr(person, name).items():
                state[name][c, place] = value
    tally = np.array(country.tally, dtype=np.int64).reshape(case.cells, country.needs, len(TALLIES))
    return Outcome(state, tally, np.array(country.arrivals), np.array(country.hours))
