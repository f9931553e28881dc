"""A person's journey as a page for a room: arms side by side, a line of trips, in large type."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from igrsim.report.projector import Arm, Band, Card, Figure, ProjectorPage
from igrsim.runs.journey import ArmStory, Journey, Moment
from igrsim.runs.journey_words import came_of, happened, hours, km, places, rand, who
from igrsim.runs.needs_in_words import DOCUMENTS, NEEDS, STEPS

CAVEATS = (
    "The person is simulated, one of {people} who stand for {represents} people each; the needs, papers and luck are drawn, "
    "the same in every arm.",
    "Where offices stand is partly synthetic: how many there are is published, their places are made by a rule. Kilometres "
    "and fares follow from those places.",
    "Queues, missing papers, offline systems and how far people are willing to go are assumptions of the model.",
    "This is one person in one run: it shows how the model works, not what is likely. Differences with intervals stand in "
    "a study's report.",
)
_SUMS = (
    ("trips", "trips for papers", str),
    ("metres", "there and back", km),
    ("cents", "in fares", rand),
    ("minutes", "on the way and in queues", hours),
)


def journey_page(journey: Journey, command: str = "") -> ProjectorPage:
    """The page of a journey."""
    person, arms = journey.person, journey.arms
    people = f"{journey.people:,}".replace(",", "\u202f")
    represents = f"{journey.represents:,.0f}".replace(",", "\u202f")
    caveats = [c.format(people=people, represents=represents) for c in CAVEATS]
    said = journey.differences or ["One arm only: nothing to compare with."]
    # where some arm differs, that is the answer
    first = next((sentence for sentence in said if " instead of " in sentence), said[0])
    return ProjectorPage(
        title=_title(arms[0]),
        kicker=f"Citizen {person.citizen}: {who(person)}",
        answer=first,
        arms=tuple(Arm(s.arm, _about(s), _figures(s, arms)) for s in arms),
        bands=tuple(_bands(journey)),
        points=tuple(sentence for sentence in said if sentence is not first),
        caveats=(*caveats, *journey.notes),
        command=command,
    )


def _title(story: ArmStory) -> str:
    names = list(dict.fromkeys(NEEDS[need.need] for need in story.needs))
    if not names:
        return "One person who needed no papers"
    if len(names) > 3:
        return f"One person's way to {len(story.needs)} papers and grants"
    return f"One person's way to {', '.join(names[:-1])}{' and ' if len(names) > 1 else ''}{names[-1]}"


def _about(story: ArmStory) -> str:
    trips = story.others["trips"]
    visits = f"{trips} trip{'' if trips == 1 else 's'} to clinics and pay points"
    besides = f"; besides, {visits}, {km(story.others['metres'])}" if trips else ""
    return f"{story.about}{besides}"


def _figures(story: ArmStory, arms: list[ArmStory]) -> tuple[Figure, ...]:
    most = {name: max(s.papers[name] for s in arms) for name, _, _ in _SUMS}
    waits = [sum(need.months for need in s.needs) for s in arms]
    wait = waits[next(k for k, s in enumerate(arms) if s is story)]
    found = [
        Figure(words(story.papers[name]), label, story.papers[name] / most[name] if most[name] else None)
        for name, label, words in _SUMS
    ]
    found.append(
        Figure(f"{wait} month{'' if wait == 1 else 's'}", "of waiting", wait / max(waits) if max(waits) else None)
    )
    found.append(Figure(f"{story.papers['resolved']} of {story.papers['arisen']}", "needs resolved", None))
    return tuple(found)


def _bands(journey: Journey) -> list[Band]:
    """One band a month in which anything about papers happened in any arm; months alike at home share one."""
    told = [[m for m in story.moments if m.about_papers] for story in journey.arms]
    months = sorted({m.month for moments in told for m in moments})
    rows = [(month, tuple(_cards([m for m in moments if m.month == month]) for moments in told)) for month in months]
    bands = []
    for cards, alike in groupby(rows, key=lambda row: row[1]):
        labels = [date.fromisoformat(f"{month}-01").strftime("%b %Y") for month, _ in alike]
        at_home = all(card.mark == "quiet" for column in cards for card in column)
        shown = [" to ".join(dict.fromkeys((labels[0], labels[-1])))] if at_home else labels
        bands += [Band(label, cards) for label in shown]
    return bands


def _cards(moments: list[Moment]) -> tuple[Card, ...]:
    """A month's cards; whoever went out did not stay at home."""
    went = any(m.kind == "trip" for m in moments)
    return tuple(_card(m) for m in moments if not (went and m.kind == "stays"))


def _card(moment: Moment) -> Card:
    need = NEEDS.get(moment.need, moment.need)
    if moment.kind == "trip":
        for_papers = [call for call in moment.calls if call.papers]
        failed = [call.why for call in for_papers if call.why]
        tag, mark = "", ""
        if moment.resolved:
            tag, mark = f"Got {' and '.join(NEEDS[name] for name, _ in moment.resolved)}", "better"
        elif len(failed) == len(for_papers):
            tag, mark = f"Turned away: {failed[0]}", "worse"
        shown = [
            STEPS[call.step] if mark == "worse" and call.why == failed[0] else came_of(call) for call in moment.calls
        ]
        return Card(
            what=places(moment),
            figure=f"{km(moment.metres)} \u00b7 {rand(moment.cents)}",
            detail=f"{'; '.join(shown)} \u00b7 {hours(moment.minutes)}",
            tag=tag,
            mark=mark,
        )
    if moment.kind == "abandons":
        return Card(what=f"Gives up on {need}", detail=moment.why, tag="Given up", mark="worse")
    if moment.kind == "arises":
        return Card(what=f"Needs {need}")
    if moment.kind == "stays":
        return Card(what="Stays home: no office is worth the way", detail=STEPS[moment.step], mark="quiet")
    if moment.kind == "issued":
        return Card(what=f"Ready: {DOCUMENTS.get(moment.document, moment.document)}", mark="quiet")
    words = happened(moment)
    return Card(what=f"{words[:1].upper()}{words[1:]}", mark="quiet")
