"""A citizen's month in plain Python, person by person: the reference of the compiled kernel."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

from igrsim.citizens.population import EVENTS
from igrsim.citizens.terms import PURPOSES, Conduct, Offices, Ways
from igrsim.kernel.draws import fold, unit
from igrsim.services.catalogue import LAGS, SERVICES, Catalogue, Route, Step

EARTH_KM = 6371.0088
CAUSES = ("wasted_papers", "wasted_absent", "wasted_offline", "wasted_full", "wasted_late")


@dataclass
class Person:
    """What one citizen carries from month to month.

    Months in which a need arose are stored plus one, as in the world's columns; ``due`` counts the months left.
    """

    me: int
    home: int
    band: int
    fifth: int
    cell: int
    open: set[str]
    held: set[str]
    due: dict[str, int]
    opened: dict[str, int]
    told: set[str]
    idle: int
    signings: int
    spent: dict[str, list[int]]
    solved: set[str] = field(default_factory=set)
    got: bool = False
    gave_up: bool = False
    trips: int = 0
    metres: int = 0
    minutes: int = 0
    cents: int = 0
    waited: int = 0


@dataclass
class Trip:
    """A day out: where it began, where the person stands, what it has taken so far."""

    route: Route
    began: int
    stands: int
    clock: float
    metres: int
    minutes: float
    cents: int
    done: bool = False
    cause: str | None = None
    excluded: set[str] = field(default_factory=set)


class PlainMonth:
    """One month of the study, to be lived by any number of persons.

    Parameters
    ----------
    month, calendar : int
        Month of the study (0 first) and months since year 0.
    keys : dict of str to int
        Key of each purpose's draws.
    hazard : nested lists [band][fifth][event]
        Monthly chances, cumulated over events.
    more : nested lists [settlement][event], optional
        What a surge brings to each event's usual chance, as a multiple of it.
    """

    def __init__(
        self,
        month: int,
        calendar: int,
        keys: dict[str, int],
        hazard: list[list[list[float]]],
        conduct: Conduct,
        catalogue: Catalogue,
        offices: Offices,
        ways: Ways,
        more: list[list[float]] | None = None,
    ) -> None:
        self.month, self.t = month, calendar
        self.keys = keys
        self.hazard = hazard
        self.conduct = conduct
        self.catalogue = catalogue
        self.offices = offices
        self.ways = ways
        self.more = more
        self.steps = {step.name: step for step in catalogue.steps}
        self.number = {step.name: k for k, step in enumerate(catalogue.steps)}
        self.routes = {route.name: k for k, route in enumerate(catalogue.routes)}
        self.lag = dict(zip(LAGS, (int(months) for months in conduct.lags), strict=True))
        self.outings = int(conduct.outings)
        self.tally: Counter[tuple[int, str, str]] = Counter()
        self.arrivals: Counter[int] = Counter()

    # -- luck -------------------------------------------------------------------------------------------------

    def key(self, purpose: str, *identities: int) -> int:
        """The folded key of a draw."""
        assert purpose in PURPOSES
        key = self.keys[purpose]
        for identity in identities:
            key = fold(key, identity)
        return key

    def chance(self, purpose: str, *identities: int) -> float:
        """A number in [0, 1)."""
        return unit(self.key(purpose, *identities))

    def exponential(self, purpose: str, *identities: int) -> float:
        """An exponential number of mean one."""
        k = self.key(purpose, *identities) >> 11
        return -math.log((k + 0.5) * 2.0**-53)

    # -- the month --------------------------------------------------------------------------------------------

    def live(self, p: Person) -> None:
        """Let one person live the month."""
        p.solved.clear()
        for document in sorted(self.pending(p)):
            p.due[document] -= 1
            if p.due[document] == 0:
                p.held.add(document)
        for route in self.raised(p):
            self.take_up(p, route)
        if not p.open:
            return
        went_out = False
        stayed: set[str] = set()
        outing = 0
        while outing < self.outings and (found := self.next_step(p, stayed)) is not None:
            route, step = found
            if self.day_out(p, route, step, outing):
                went_out = went_out or route.documentary
                outing += 1
            else:
                stayed.add(step.name)
        self.leave_undone(p, went_out)

    def count(self, p: Person, route: Route, what: str, by: int = 1) -> None:
        """Count something of the route's need."""
        self.tally[p.cell, route.need, what] += by

    def pending(self, p: Person) -> set[str]:
        """Documents applied for and not yet issued."""
        return {document for document, left in p.due.items() if left > 0}

    def open_routes(self, p: Person) -> list[Route]:
        """Open routes in the order of the catalogue."""
        return [route for route in self.catalogue.routes if route.name in p.open]

    def way(self, need: str, when: str = "") -> Route | None:
        """The route of a need that is taken in this case."""
        return next((r for r in self.catalogue.routes if r.need == need and r.when == when), None)

    def raised(self, p: Person) -> list[Route]:
        """Routes of the needs that arise this month, in the order of the catalogue."""
        names: set[str] = set()
        if p.band != 0:
            x = self.chance("life event", self.t, p.me)
            event = self.befalls(p, x)
            if event is not None:
                route = self.way(event)
                late, sworn = self.way(event, "late"), self.way(event, "sworn")
                u = self.chance("route", self.t, p.me)
                if late and u < self.conduct.late_birth:
                    route = late
                if sworn and "identity" not in p.held and u < self.conduct.sworn:
                    route = sworn
                assert route is not None
                names.add(route.name)
            if self.chance("collection", self.t, p.me) < self.conduct.collects:
                names.add("grant_collection")
            if p.signings > 0:
                p.signings -= 1
                names.add("unemployment_signing")
        if self.chance("clinic", self.t, p.me) < self.conduct.clinic:
            names.add("clinic_visit")
        return [route for route in self.catalogue.routes if route.name in names]

    def befalls(self, p: Person, x: float) -> str | None:
        """The life event that befalls a person of this luck, the usual ones first."""
        usual = self.hazard[p.band][p.fifth]
        for event, cumulated in zip(EVENTS, usual, strict=True):
            if x < cumulated:
                return event
        if self.more is not None:
            further = 0.0
            for k, event in enumerate(EVENTS):
                further += (usual[k] - (usual[k - 1] if k else 0.0)) * self.more[p.home][k]
                if x < usual[-1] + further:
                    return event
        return None

    def take_up(self, p: Person, route: Route) -> None:
        """Open a route, or merge it with one of the same need."""
        self.count(p, route, "arisen")
        if any(other.need == route.need for other in self.open_routes(p)):
            self.count(p, route, "merged")
            return
        p.open.add(route.name)
        if route.documentary:
            p.spent[route.need] = [0, 0, 0, 0]
            p.opened[route.need] = self.month + 1
        if route.need == "identity" and not self.pending(p):
            if self.chance("lost identity", self.t, p.me) < self.conduct.lost:
                p.held.discard("identity")

    def close(self, p: Person, route: Route) -> None:
        """A need is over; when it arose stays on record until it arises again."""
        p.open.discard(route.name)

    def abandon(self, p: Person, route: Route) -> None:
        """A need is given up."""
        self.count(p, route, "abandoned")
        p.gave_up = p.gave_up or route.documentary
        self.close(p, route)

    def arose(self, p: Person, route: Route) -> int:
        """The month in which an open need arose; one that is not documentary is of this month."""
        return p.opened[route.need] - 1 if route.documentary else self.month

    # -- what can be done -------------------------------------------------------------------------------------

    def step_of(self, p: Person, route: Route, excluded: set[str]) -> Step | None:
        """The earliest step of a route that is wanted and can be taken now."""
        pending = self.pending(p)
        asked: set[str] = set()
        found = None
        for place, name in enumerate(reversed(route.steps)):
            step = self.steps[name]
            if place > 0 and not (step.gives in asked and step.gives not in p.held | pending):
                continue
            asked.update(step.requires)
            if set(step.requires) <= p.held and step.gives not in pending and name not in excluded:
                found = step
        return found

    def next_step(self, p: Person, excluded: set[str]) -> tuple[Route, Step] | None:
        """The first open route with a step that can be taken now, and the step."""
        for route in self.open_routes(p):
            step = self.step_of(p, route, excluded)
            if step is not None:
                return route, step
        return None

    def known(self, p: Person, point: int) -> bool:
        """Whether the person knows a point and it is open."""
        if not self.offices.open[point]:
            return False
        return self.chance("knows point", p.me, int(self.offices.key[point])) < self.offices.knows[point]

    def choose(self, p: Person, step: Step, about: int) -> int | None:
        """The place of the chosen point among the home's nearest, or None for staying at home."""
        service = SERVICES.index(step.service)
        soonest, where = self.exponential("choice of point", self.t, about, p.me, 0), None
        for k, point in enumerate(int(q) for q in self.ways.point[p.home, service]):
            if point < 0 or not self.known(p, point):
                continue
            fare = self.fare(int(self.ways.metres[p.home, service, k])) / 100
            worth = (
                self.conduct.going
                + self.conduct.per_minute * float(self.ways.minutes[p.home, service, k])
                + float(self.conduct.per_rand[p.fifth]) * fare
            )
            reluctance = math.exp(-min(max(worth, -600.0), 600.0))
            queue = math.exp(-self.conduct.per_queue_minute * float(self.offices.wait[point]))
            luck = self.exponential("choice of point", self.t, about, p.me, int(self.offices.key[point]))
            time = luck * (reluctance * queue)
            if time < soonest:
                soonest, where = time, k
        return where

    # -- a day out --------------------------------------------------------------------------------------------

    def day_out(self, p: Person, route: Route, step: Step, outing: int) -> bool:
        """One day out for a step; False if the person does not go for it."""
        about = (self.routes[route.name] * 64 + self.number[step.name]) * 8 + outing
        k = self.choose(p, step, about)
        if k is None:
            return False
        service = SERVICES.index(step.service)
        point = int(self.ways.point[p.home, service, k])
        out_metres = int(self.ways.metres[p.home, service, k])
        out_minutes = float(self.ways.minutes[p.home, service, k])
        trip = Trip(
            route=route,
            began=point,
            stands=point,
            clock=max(0.0, out_minutes - self.conduct.early),
            metres=out_metres,
            minutes=out_minutes,
            cents=self.fare(out_metres),
        )
        self.call(p, trip, route, step, outing)
        while (onward := self.next_step(p, trip.excluded)) is not None:
            if self.go_on(p, trip, *onward, outing):
                self.call(p, trip, *onward, outing)
            else:
                trip.excluded.add(onward[1].name)
        if trip.stands == trip.began:
            metres, minutes = out_metres, out_minutes
        else:
            metres, minutes = self.way_home(p, trip.stands)
        trip.metres += metres
        trip.minutes += minutes
        trip.cents += self.fare(metres)
        self.settle(p, trip, about)
        return True

    def go_on(self, p: Person, trip: Trip, route: Route, step: Step, outing: int) -> bool:
        """Walk or ride on to the nearest counter of a step, if the day allows."""
        service = SERVICES.index(step.service)
        point = int(self.offices.hop[trip.stands, service])
        if point < 0 or not self.known(p, point):
            return False
        minutes = float(self.offices.hop_minutes[trip.stands, service])
        if trip.clock + minutes + self.at_counter(point, step) > self.conduct.opening:
            return False
        metres = int(self.offices.hop_metres[trip.stands, service])
        worth = (
            self.conduct.going
            + self.conduct.per_minute * minutes
            + float(self.conduct.per_rand[p.fifth]) * self.fare(metres) / 100
            + self.conduct.per_queue_minute * float(self.offices.wait[point])
        )
        about = (self.routes[route.name] * 64 + self.number[step.name]) * 8 + outing
        goes = self.offices.hop_same_day[trip.stands, service] / (1 + math.exp(-worth))
        if self.chance("go on", self.t, p.me, about, int(self.offices.key[point])) >= goes:
            return False
        trip.clock += minutes
        trip.minutes += minutes
        trip.metres += metres
        trip.cents += self.fare(metres)
        trip.stands = point
        return True

    def at_counter(self, point: int, step: Step) -> float:
        """Minutes in the queue and at the desk."""
        return float(self.offices.wait[point]) + float(self.offices.serve[point]) * step.desk_share

    def call(self, p: Person, trip: Trip, route: Route, step: Step, outing: int) -> None:
        """At the counter: served, or turned away."""
        self.count(p, route, "visits")
        self.arrivals[trip.stands] += 1
        cause = self.turned_away(p, trip, route, step, outing)
        if cause is None:
            self.count(p, route, "steps")
            trip.done = True
            self.finish(p, step)
        else:
            trip.cause = trip.cause or cause
            trip.excluded.add(step.name)

    def turned_away(self, p: Person, trip: Trip, route: Route, step: Step, outing: int) -> str | None:
        """Why the counter does not serve, or None."""
        here = trip.stands
        who = (self.t, self.number[step.name] * 8 + outing, p.me, int(self.offices.key[here]))
        x = self.chance("what awaits at the counter", *who)
        absent, offline = float(self.offices.absent[here]), float(self.offices.offline[here])
        full = 1 - float(self.offices.admit[here])
        if x < absent:
            return "wasted_absent"
        if x < absent + (1 - absent) * offline:
            return "wasted_offline"
        if x < absent + (1 - absent) * (offline + (1 - offline) * full):
            return "wasted_full"
        takes = self.at_counter(here, step)
        if trip.clock + takes > self.conduct.opening:
            trip.clock = self.conduct.opening
            return "wasted_late"
        trip.clock += takes
        trip.minutes += takes
        if step.papers and step.name not in p.told:
            what = self.routes[route.name] * 64 + self.number[step.name]
            when = self.t - self.month + self.arose(p, route) + 1
            chance = self.conduct.missing_papers[p.fifth] * self.ways.unready[p.home]
            if self.chance("papers missing", p.me, what, when) < chance:
                p.told.add(step.name)
                return "wasted_papers"
        return None

    def finish(self, p: Person, step: Step) -> None:
        """A step is done: documents change hands, needs are resolved."""
        p.held.difference_update(step.consumes)
        if step.gives:
            months = self.lag[step.lag] if step.lag else 0
            if months > 0:
                p.due[step.gives] = months
            else:
                p.held.add(step.gives)
        p.told.discard(step.name)
        for route in self.open_routes(p):
            if route.steps[-1] == step.name:
                self.count(p, route, "resolved")
                if route.documentary:
                    p.solved.add(route.name)
                    p.got = True
                self.count(p, route, "months", self.month - self.arose(p, route))
                self.close(p, route)
                if route.need == "unemployment_insurance":
                    p.signings = int(self.conduct.signings)

    def settle(self, p: Person, trip: Trip, about: int) -> None:
        """Count the trip once, and give up after a wasted one."""
        whole = math.floor(trip.minutes + 0.5)
        self.count(p, trip.route, "trips")
        self.count(p, trip.route, "metres", trip.metres)
        self.count(p, trip.route, "minutes", whole)
        self.count(p, trip.route, "cents", trip.cents)
        if trip.route.documentary:
            p.trips += 1
            p.metres += trip.metres
            p.minutes += whole
            p.cents += trip.cents
            for k, amount in enumerate((1, trip.metres, whole, trip.cents)):
                p.spent[trip.route.need][k] += amount
        if trip.done:
            return
        assert trip.cause is not None
        self.count(p, trip.route, trip.cause)
        if trip.route.documentary:
            if self.chance("give up after a wasted trip", self.t, p.me, about) < self.conduct.give_up:
                self.abandon(p, trip.route)

    # -- ways -------------------------------------------------------------------------------------------------

    def fare(self, metres: int) -> int:
        """Fare in cents, one way."""
        if metres <= self.ways.walk_metres:
            return 0
        return math.floor(self.ways.boarding_cents + self.ways.per_km_cents * metres / 1000 + 0.5)

    def way_home(self, p: Person, point: int) -> tuple[int, float]:
        """Metres and minutes home from a point where the day did not begin."""
        phi_a, phi_b = math.radians(self.ways.lat[p.home]), math.radians(self.offices.lat[point])
        turn = math.radians(self.offices.lon[point]) - math.radians(self.ways.lon[p.home])
        half = math.sin((phi_b - phi_a) / 2) ** 2 + math.cos(phi_a) * math.cos(phi_b) * math.sin(turn / 2) ** 2
        km = 2 * EARTH_KM * math.asin(math.sqrt(half))
        road = self.ways.detour * math.sqrt(km**2 + float(self.ways.spread_km2[p.home]))
        metres = math.floor(1000 * road + 0.5)
        if metres <= self.ways.walk_metres:
            return metres, self.ways.walk_per_km * metres / 1000
        local = min(metres, self.ways.local_metres) / 1000
        beyond = max(metres - self.ways.local_metres, 0.0) / 1000
        ride = float(self.ways.local_per_km[p.home]) * local + self.ways.road_per_km * beyond
        return metres, float(self.ways.access_minutes[p.home]) + ride

    # -- what was not done ------------------------------------------------------------------------------------

    def leave_undone(self, p: Person, went_out: bool) -> None:
        """Recurring needs lapse; those who never set out lose patience."""
        for route in self.open_routes(p):
            if not route.documentary:
                self.abandon(p, route)
        self.lose_patience(p, went_out)
        p.waited += bool(p.open)

    def lose_patience(self, p: Person, went_out: bool) -> None:
        """Who neither sets out nor waits for a document is idle, and gives a need up in the end."""
        left = self.open_routes(p)
        if went_out or self.pending(p) or not left:
            p.idle = 0
            return
        p.idle = min(p.idle + 1, 255)
        if p.idle > self.conduct.patience:
            if self.chance("give up waiting", self.t, p.me) < self.conduct.give_up_waiting:
                self.abandon(p, left[0])
                p.idle = 0
