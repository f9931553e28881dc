"""A person's journey in plain words: needs, documents, counters, what came of a trip."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from igrsim.runs.journey import ArmStory, Call, Journey, Moment, Person
from igrsim.runs.needs_in_words import DOCUMENTS, NEEDS, STEPS

AGES = {
    "child": "under 16 years old",
    "young": "16 to 24 years old",
    "adult": "25 to 59 years old",
    "old": "60 years old or older",
}
PLACES = {"metro": "a metro", "town": "a town", "township": "a township", "rural": "a rural place"}
FIFTHS = ("poorest", "second poorest", "middle", "second richest", "richest")


def who(person: Person) -> str:
    """Who is followed, in a sentence without a full stop."""
    held = [DOCUMENTS.get(name, name) for name in person.held if name in ("identity", "birth_certificate")]
    papers = (
        f"began with {' and '.join(held)}" if held else "began with neither identity document nor birth certificate"
    )
    head = f"household headed by a {person.household_head}"
    return (
        f"{AGES[person.age_band]}, of {person.home} ({PLACES[person.place_kind]} in {person.municipality}, "
        f"{person.space}, {person.province}), {FIFTHS[person.wealth_fifth - 1]} fifth, {head}, {papers}"
    )


def km(metres: int) -> str:
    """Kilometres, to a tenth below ten."""
    return f"{metres / 1000:.0f} km" if metres >= 9_950 else f"{metres / 1000:.1f} km"


def rand(cents: int) -> str:
    """Whole rand."""
    return f"R{(cents + 50) // 100:,}".replace(",", "\u202f")


def hours(minutes: int) -> str:
    """Hours and minutes."""
    return f"{minutes // 60}\u00a0h\u00a0{minutes % 60:02d}" if minutes >= 60 else f"{minutes}\u00a0min"


def place(call: Call) -> str:
    """An office and its town, named once."""
    return call.office if call.town in call.office else f"{call.office} ({call.town})"


def places(moment: Moment) -> str:
    """The way of a day out: offices in turn, each once where several counters of one were called at."""
    return " \u2192 ".join(name for name, _ in groupby(place(call) for call in moment.calls))


def came_of(call: Call) -> str:
    """What a call was for and what came of it."""
    what = STEPS.get(call.step, call.step)
    if call.why:
        return f"{what}: turned away, {call.why}"
    if call.wait_months:
        later = "next month" if call.wait_months == 1 else f"in {call.wait_months} months"
        return f"{what}: done, ready {later}"
    return f"{what}: done"


def happened(moment: Moment) -> str:
    """A moment in a line, but where to and what it took."""
    need = NEEDS.get(moment.need, moment.need)
    if moment.kind == "trip":
        parts = [came_of(call) for call in moment.calls]
        parts += [f"{NEEDS.get(name, name)}: resolved {_after(months)}" for name, months in moment.resolved]
        return "; ".join(parts)
    return {
        "arises": f"a need arises: {need}",
        "joins": f"another need of the same kind: {need}",
        "loses": "the identity document is lost",
        "issued": f"{DOCUMENTS.get(moment.document, moment.document)}: ready",
        "stays": f"stays home: no office was worth the way ({STEPS.get(moment.step, moment.step)})",
        "abandons": f"gives up: {need}, {moment.why}",
    }[moment.kind]


def _after(months: int) -> str:
    return {0: "in the same month", 1: "after a month"}.get(months, f"after {months} months")


def lines(story: ArmStory, everything: bool = False) -> list[dict[str, Any]]:
    """A story as rows of a table; without ``everything``, only what has to do with documentary needs."""
    return [
        {
            "arm": story.arm,
            "month": m.month,
            "what": m.kind,
            "need": m.need,
            "where": places(m),
            "happened": happened(m),
            "km": round(m.metres / 1000, 1) if m.kind == "trip" else None,
            "rand": round(m.cents / 100, 2) if m.kind == "trip" else None,
            "hours": round(m.minutes / 60, 1) if m.kind == "trip" else None,
        }
        for m in story.moments
        if everything or m.about_papers
    ]


def sums(journey: Journey) -> list[dict[str, Any]]:
    """One row an arm: what documentary needs took, what came of them, and other trips."""
    return [
        {
            "arm": s.arm,
            "needs": s.papers["arisen"],
            "resolved": s.papers["resolved"],
            "given up": s.papers["given_up"],
            "open": s.papers["open"],
            "trips": s.papers["trips"],
            "in vain": s.papers["wasted"],
            "km": round(s.papers["metres"] / 1000, 1),
            "rand": round(s.papers["cents"] / 100, 2),
            "hours": round(s.papers["minutes"] / 60, 1),
            "months": sum(n.months for n in s.needs),
            "other trips": s.others["trips"],
            "other km": round(s.others["metres"] / 1000, 1),
        }
        for s in journey.arms
    ]
