"""One person's months in every arm: which need arose, where they went for it, what it took, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from igrsim.citizens.again import Again
from igrsim.citizens.lives import REMEMBERED
from igrsim.citizens.population import BANDS, HEADS
from igrsim.citizens.story import FIELDS, KINDS, LAPSED, WAITED
from igrsim.citizens.terms import ABANDONED, ARISEN, CENTS, MERGED, METRES, MINUTES, RESOLVED, TALLIES, TRIPS
from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import ConservationError
from igrsim.places.geography import Geography
from igrsim.places.travel import great_circle_km
from igrsim.runs.chosen import Chosen
from igrsim.runs.lived_arms import (
    PICKS,
    LivedArm,
    Offering,
    check_pick,
    compare_offers,
    live_arm,
    name_of,
    named,
    pick,
    pick_of_many,
)
from igrsim.runs.needs_in_words import NEEDS
from igrsim.services.catalogue import SERVICE_NAMES

WHY = {
    "wasted_papers": "a paper was missing",
    "wasted_absent": "the department had not come",
    "wasted_offline": "the system was offline",
    "wasted_full": "the desks were full",
    "wasted_late": "the day was too short",
}
"""Why a counter turned someone away."""
TOWN_KM = 5.0
"""An office is told as being in the largest town within this distance of it, else in the nearest place."""
SUMS = (
    ("trips", "trips", 1, 0),
    ("wasted", "in vain", 1, 0),
    ("metres", "km", 1000, 0),
    ("cents", "rand", 100, 0),
    ("minutes", "hours", 60, 1),
)
"""What sums a story up: its name, unit, what it is divided by, decimals."""


@dataclass(frozen=True)
class Person:
    """Who is followed; the same in every arm."""

    citizen: str
    home: str
    place_kind: str
    municipality: str
    space: str
    province: str
    age_band: str
    wealth_fifth: int
    household_head: str
    held: tuple[str, ...]


@dataclass
class Call:
    """A counter called at.

    Attributes
    ----------
    step : str
        What for, as the catalogue of procedures names it.
    papers : bool
        Whether for a documentary need.
    metres, cents, minutes : int
        The way to the counter, its fare; minutes in the queue and at the desk.
    why : str
        Why nothing came of it; empty if it was done.
    gave : str
        The document that was given or applied for, if any; ``wait_months`` until it is issued.
    """

    office: str
    town: str
    service: str
    need: str
    step: str
    papers: bool
    metres: int
    cents: int
    minutes: int
    why: str = ""
    gave: str = ""
    wait_months: int = 0


@dataclass
class Moment:
    """Something that happened: a need arose or ended, a document came, a day out.

    Attributes
    ----------
    kind : str
        ``arises``, ``joins``, ``loses``, ``issued``, ``stays``, ``trip``, ``abandons``.
    need : str
        Which need; of a trip, the one it set out for.
    step : str
        Of a month at home: the step that was not worth the way.
    metres, minutes, cents : int
        Of a trip: all of it, there and back.
    why : str
        Why a trip finished nothing, or why a need was given up.
    resolved : list of (need, months)
    """

    month: str
    kind: str
    need: str
    documentary: bool
    document: str = ""
    step: str = ""
    metres: int = 0
    minutes: int = 0
    cents: int = 0
    why: str = ""
    calls: list[Call] = field(default_factory=list)
    resolved: list[tuple[str, int]] = field(default_factory=list)

    @property
    def about_papers(self) -> bool:
        """Whether it has to do with a documentary need, even on the way."""
        return self.documentary or any(call.papers for call in self.calls)


@dataclass
class Need:
    """A documentary need from its rise to its end.

    Attributes
    ----------
    state : {"open", "resolved", "given up"}
    months : int
        From rise to end, or to the last month told.
    """

    need: str
    arisen: str
    state: str = "open"
    ended: str = ""
    months: int = 0
    trips: int = 0
    metres: int = 0
    minutes: int = 0
    cents: int = 0


@dataclass
class ArmStory:
    """One arm's story of the person, with its sums as the kernel counted them.

    Attributes
    ----------
    papers, others : dict
        trips, wasted, metres, minutes, cents for documentary needs, and for the others; of the former also
        arisen, resolved, given_up, open.
    """

    arm: str
    about: str
    levers: tuple[str, ...]
    moments: list[Moment]
    needs: list[Need]
    papers: dict[str, int]
    others: dict[str, int]


@dataclass
class Journey:
    """One person in every arm."""

    title: str
    person: Person
    picked: str
    arms: list[ArmStory]
    differences: list[str]
    months: tuple[str, str]
    seed: int
    world: int
    future: int
    people: int
    represents: float
    notes: list[str]

    def plain(self) -> dict[str, Any]:
        """The journey as JSON has it."""
        return asdict(self)


def follow(
    chosen: Chosen, citizen: str | None = None, wish: str = "median", tell_of: Callable[[str], None] | None = None
) -> Journey:
    """Live every arm and tell one person's months in each.

    Parameters
    ----------
    citizen : str, optional
        Settlement code and ordinal, ``160010/3``; without it, whom `wish` (of `PICKS`) means.
    tell_of : callable, optional
        Told of each arm that is about to be lived.
    """
    geography, clock = chosen.geography, chosen.clock
    check_pick(wish)
    sample = chosen.runs[0].spec.citizens
    who = named(citizen, geography.settlements, sample) if citizen else -1
    alone = None
    if sample > REMEMBERED:
        # too many to keep them all: only the people of one settlement live again
        name = citizen or pick_of_many(wish, chosen.runs, geography.settlements)
        alone, _, ordinal = name.rpartition("/")
        who = int(ordinal)
    lived = []
    for told in chosen.runs:
        if tell_of:
            tell_of(told.arm)
        lived.append(live_arm(told, alone))
    base = lived[0]
    if who < 0:
        who = pick(wish, lived, geography.settlements)
    people = f"{base.citizens.count} people simulated"
    if alone is not None:
        people = f"{base.citizens.count} people of {geography.settlements.names[geography.settlements.index[alone]]}"
    stories = [tell(arm, who, geography, clock) for arm in lived]
    offers = {arm.told.arm: compare_offers(arm, base) for arm in lived[1:]}
    return Journey(
        title=chosen.title,
        person=who_is(base, who, geography),
        picked="by name" if citizen else f"{wish}: {PICKS[wish]}",
        arms=stories,
        differences=differences(stories, offers, clock, people),
        months=(clock.label(0), clock.label(clock.months - 1)),
        seed=base.told.spec.seed,
        world=chosen.world,
        future=chosen.future,
        people=sample,
        represents=base.citizens.represents,
        notes=list(chosen.notes),
    )


def who_is(arm: LivedArm, citizen: int, geography: Geography) -> Person:
    """A person in the words of the places and traits."""
    citizens, settlements = arm.citizens, geography.settlements
    home, _ = citizens.home_of(citizen)
    municipality = int(settlements.municipality_row[home])
    space = int(settlements.space_row[home])
    held = [name for k, name in enumerate(arm.catalogue.tokens) if int(arm.tokens[citizen]) >> k & 1]
    return Person(
        citizen=name_of(citizens, citizen, settlements),
        home=settlements.names[home],
        place_kind=settlements.kinds[home],
        municipality=geography.municipalities.names[municipality],
        space=geography.spaces.names[space],
        province=geography.provinces.names[geography.provinces.index[geography.spaces.provinces[space]]],
        age_band=BANDS[int(citizens.band[citizen])],
        wealth_fifth=int(citizens.fifth[citizen]) + 1,
        household_head=HEADS[int(citizens.head[citizen])],
        held=tuple(held),
    )


def tell(arm: LivedArm, citizen: int, geography: Geography, clock: Clock) -> ArmStory:
    """One arm's story of a person, checked against what the kernel counted of them.

    Raises
    ------
    ConservationError
        The story does not add up to the counts.
    """
    again = arm.follow(citizen)
    moments = _Reader(arm, geography, clock).read(again)
    counted = again.tally.sum(axis=0)
    flags = np.array(arm.catalogue.documentary)
    papers, others = (_sums(counted[which]) for which in (flags, ~flags))
    for sums, mine in ((papers, True), (others, False)):
        trips = [m for m in moments if m.kind == "trip" and m.documentary is mine]
        told = {"trips": len(trips), "wasted": sum(bool(m.why) for m in trips)}
        told |= {name: sum(getattr(m, name) for m in trips) for name in ("metres", "minutes", "cents")}
        if any(told[name] != sums[name] for name in told):
            raise ConservationError(f"the story of citizen {citizen} says {told}, the kernel counted {sums}")
    papers |= {
        "arisen": int(counted[flags, ARISEN].sum() - counted[flags, MERGED].sum()),
        "resolved": int(counted[flags, RESOLVED].sum()),
        "given_up": int(counted[flags, ABANDONED].sum()),
    }
    papers["open"] = papers["arisen"] - papers["resolved"] - papers["given_up"]
    return ArmStory(
        arm=arm.told.arm,
        about=arm.told.about,
        levers=arm.told.spec.levers,
        moments=moments,
        needs=_needs(moments, [clock.label(m.month) for m in arm.lived]),
        papers=papers,
        others=others,
    )


def _sums(counted: np.ndarray[Any, Any]) -> dict[str, int]:
    wasted = [k for k, name in enumerate(TALLIES) if name.startswith("wasted")]
    columns = {"trips": [TRIPS], "wasted": wasted, "metres": [METRES], "minutes": [MINUTES], "cents": [CENTS]}
    return {name: int(counted[:, which].sum()) for name, which in columns.items()}


class _Reader:
    """Turns rows of a story into moments."""

    def __init__(self, arm: LivedArm, geography: Geography, clock: Clock) -> None:
        self.arm, self.clock = arm, clock
        self.settlements = geography.settlements
        self.in_town = np.isin(self.settlements.kinds, ("metro", "town"))
        self.towns: dict[int, str] = {}

    def read(self, again: Again) -> list[Moment]:
        routes = self.arm.catalogue.routes
        moments: list[Moment] = []
        day: Moment | None = None
        for row in again.story.tolist():
            e = dict(zip(FIELDS, row, strict=True))
            kind = KINDS[e["kind"]]
            route = routes[e["route"]] if e["route"] >= 0 else None
            moment = Moment(
                month=self.clock.label(e["month"]),
                kind=kind,
                need=route.need if route else "",
                documentary=route.documentary if route else True,
            )
            if kind in ("sets_out", "goes_on"):
                if kind == "sets_out":
                    day = moment
                    day.kind = "trip"
                    moments.append(day)
                assert day is not None
                day.calls.append(self._call(e))
            elif kind == "calls":
                assert day is not None
                call = day.calls[-1]
                if call.step != self._step(e):
                    raise ConservationError("a call for another step than the way was for")
                call.minutes += e["minutes"]
                call.why = WHY[TALLIES[e["detail"]]] if e["detail"] else ""
            elif kind == "given":
                assert day is not None
                step = self.arm.catalogue.steps[e["step"]]
                day.calls[-1].gave, day.calls[-1].wait_months = str(step.gives), e["detail"]
            elif kind == "resolved":
                assert day is not None
                if moment.documentary:
                    day.resolved.append((moment.need, e["detail"]))
            elif kind == "trip":
                assert day is not None
                day.metres, day.minutes, day.cents = e["metres"], e["minutes"], e["cents"]
                day.why = WHY[TALLIES[e["detail"]]] if e["detail"] else ""
            elif kind == "issued":
                bits = e["detail"]
                moment.document = ", ".join(n for k, n in enumerate(self.arm.catalogue.tokens) if bits >> k & 1)
                moments.append(moment)
            elif kind == "abandons" and e["detail"] != LAPSED:
                moment.why = "after months at home" if e["detail"] == WAITED else "after a trip in vain"
                moments.append(moment)
            elif kind in ("arises", "joins", "loses", "stays") and moment.documentary:
                moment.step = self._step(e) if kind == "stays" else ""
                moments.append(moment)
        return moments

    def _step(self, e: dict[str, int]) -> str:
        return self.arm.catalogue.steps[e["step"]].name

    def _call(self, e: dict[str, int]) -> Call:
        step = self.arm.catalogue.steps[e["step"]]
        return Call(
            office=self.arm.offices[e["point"]],
            town=self._town(e["point"], e["month"]),
            service=SERVICE_NAMES[step.service],
            need=self.arm.catalogue.routes[e["route"]].need,
            step=step.name,
            papers=self.arm.catalogue.routes[e["route"]].documentary,
            metres=e["metres"],
            cents=e["cents"],
            minutes=0,
        )

    def _town(self, point: int, month: int) -> str:
        if point not in self.towns:
            offices = self.arm.lived[month - self.arm.lived[0].month].offices
            places = self.settlements
            km = great_circle_km(places.lat, places.lon, offices.lat[point], offices.lon[point])
            near = np.flatnonzero((km <= TOWN_KM) & self.in_town)
            row = near[np.argmax(places.population[near])] if len(near) else np.argmin(km)
            self.towns[point] = places.names[int(row)]
        return self.towns[point]


def _needs(moments: list[Moment], labels: list[str]) -> list[Need]:
    """Documentary needs in the order in which they arose."""
    found: list[Need] = []
    open_now: dict[str, Need] = {}

    def end(name: str, state: str, month: str) -> None:
        need = open_now.pop(name)
        need.state, need.ended = state, month
        need.months = labels.index(month) - labels.index(need.arisen)

    for moment in moments:
        if moment.kind == "arises":
            open_now[moment.need] = Need(moment.need, moment.month)
            found.append(open_now[moment.need])
        elif moment.kind == "trip":
            if moment.documentary:
                need = open_now[moment.need]
                need.trips += 1
                need.metres += moment.metres
                need.minutes += moment.minutes
                need.cents += moment.cents
            for name, _ in moment.resolved:
                end(name, "resolved", moment.month)
        elif moment.kind == "abandons":
            end(moment.need, "given up", moment.month)
    for need in open_now.values():
        need.months = len(labels) - 1 - labels.index(need.arisen)
    return found


def differences(stories: list[ArmStory], offers: dict[str, Offering], clock: Clock, people: str) -> list[str]:
    """What was different between each arm and the first, in sentences; or that nothing was, and why."""
    said = []
    base = stories[0]
    for story in stories[1:]:
        offer = offers[story.arm]
        if story.moments == base.moments:
            said += _nothing(story, base, offer, clock, people)
        else:
            said += _something(story, base)
    return said


def _nothing(story: ArmStory, base: ArmStory, offer: Offering, clock: Clock, people: str) -> list[str]:
    said = [f"{story.arm}: nothing was different for this person: the same days, offices, kilometres and rand."]
    if offer.month is None:
        said.append(
            f"Why: in every month every office offered exactly what it offered in {base.arm}, so no life of the "
            f"{people} differs."
        )
        levers = sorted(set(story.levers) ^ set(base.levers))
        if levers:
            said.append(
                f"None of what sets the arms apart ({', '.join(levers)}) moves an office or changes its hours, desks, "
                f"systems or the papers it asks for: it changes how governments plan and meet."
            )
    else:
        said.append(
            f"Why: from {clock.label(offer.month)} on {offer.points} offices offered something else, and {offer.people} "
            f"of the {people} ended otherwise, but nothing that this person met or chose changed."
        )
    return said


def _something(story: ArmStory, base: ArmStory) -> list[str]:
    said = []
    mine, theirs = story.papers, base.papers
    parts = [
        f"{mine[name] / scale:.{digits}f} instead of {theirs[name] / scale:.{digits}f} {words}"
        for name, words, scale, digits in SUMS
        if mine[name] != theirs[name]
    ]
    if parts:
        said.append(f"{story.arm}: {'; '.join(parts)}.")
    others = {(n.need, n.arisen): n for n in base.needs}
    for need in story.needs:
        other = others.pop((need.need, need.arisen), None)
        name = NEEDS.get(need.need, need.need)
        if other is None:
            joined = any(m.kind == "joins" and (m.need, m.month) == (need.need, need.arisen) for m in base.moments)
            # campaigns and visits make people ask for what they would not have asked for
            why = f"stood alone; in {base.arm} one was still open" if joined else f"did not arise in {base.arm}"
            said.append(f"{story.arm}: the need of {need.arisen} ({name}) {why}.")
        elif (need.state, need.ended) != (other.state, other.ended):
            said.append(f"{story.arm}: {name} {_ending(need)}; in {base.arm} it {_ending(other)}.")
    joins = {(m.need, m.month) for m in story.moments if m.kind == "joins"}
    said += [
        f"{story.arm}: the need of {n.arisen} ({NEEDS.get(n.need, n.need)}) "
        f"{'joined one still open' if (n.need, n.arisen) in joins else 'did not arise'}; in {base.arm} it {_ending(n)}."
        for n in others.values()
    ]
    where = [{c.office for m in s.moments for c in m.calls if c.papers} for s in (story, base)]
    for only, arm in ((where[0] - where[1], story.arm), (where[1] - where[0], base.arm)):
        if only:
            said.append(f"Only in {arm}: {', '.join(sorted(only))}.")
    return said or [f"{story.arm}: the same sums and outcomes, on other days or by other counters."]


def _ending(need: Need) -> str:
    if need.state == "open":
        return "was still open at the end"
    words = "was resolved" if need.state == "resolved" else "was given up"
    took = {0: "in the same month", 1: "after a month"}.get(need.months, f"after {need.months} months")
    return f"{words} in {need.ended} ({took})"
