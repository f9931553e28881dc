"""A municipality's diary as a page worth projecting: the same months in every arm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from igrsim.kernel.clock import Clock
from igrsim.report.projector import Arm, Band, Card, Figure, ProjectorPage
from igrsim.runs.diaries_compared import Kept, differences, hours, in_one_sentence, sums
from igrsim.runs.diary import MeetingTold, MonthTold
from igrsim.views.phrases import capital, plural

_ASKERS = 4
"""Departments named in a month's card."""


def diary_page(
    diaries: Sequence[Kept],
    clock: Clock,
    name: str,
    about: dict[str, str],
    kicker: str,
    caveats: Sequence[str],
    command: str,
) -> ProjectorPage:
    """The page.

    Parameters
    ----------
    name : str
        Of the municipality.
    about : dict of str to str
        Each arm's difference from the reference, in words.
    """
    months = [clock.label(month.month) for month in diaries[0].months]
    span = months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"
    bands = []
    for at, label in enumerate(months):
        told = [kept.months[at] for kept in diaries]
        same = _same([month.meetings for month in told])
        requests = len({(month.requests, month.again, month.sent, month.unanswered) for month in told})
        alike = requests == 1 and len(told) > 1
        bands.append(Band(label, tuple(tuple(_cards(month, same, alike)) for month in told)))
    return ProjectorPage(
        title=f"Diary of {name}, {span}",
        answer=in_one_sentence(diaries, name),
        arms=_arms(diaries, about),
        bands=tuple(bands),
        points=tuple(words for _, words in differences(diaries, clock)),
        caveats=tuple(caveats),
        command=command,
        kicker=kicker,
    )


def _arms(diaries: Sequence[Kept], about: dict[str, str]) -> tuple[Arm, ...]:
    totals = [sums(kept) for kept in diaries]
    longest = max(max(t.meetings, t.answers + t.profiles, t.planning, t.otherwise, 1) for t in totals)
    planned, otherwise = any(t.planning for t in totals), any(t.otherwise for t in totals)
    arms = []
    for kept, total in zip(diaries, totals, strict=True):
        lengths = [
            (total.meetings, "in meetings, preparation and travel included"),
            (total.displaced, "of that, taken from delivery"),
            (total.answers + total.profiles, "for requests and data calls"),
            *([(total.planning, "planning together")] if planned else []),
            *([(total.otherwise, "for imbizos, upkeep and support")] if otherwise else []),
        ]
        figures = [Figure(f"{hours(minutes)} h", label, minutes / longest) for minutes, label in lengths]
        figures.append(Figure(f"{total.attended} of {total.invited}", "invitations taken up"))
        figures.append(Figure(f"{total.unanswered} of {total.asked}", "requests left unanswered"))
        arms.append(Arm(kept.arm, about.get(kept.arm, ""), tuple(figures)))
    return tuple(arms)


def _same(arms: Sequence[Sequence[MeetingTold]]) -> Counter[MeetingTold]:
    """Meetings that went alike in every arm."""
    found = Counter(arms[0])
    for meetings in arms[1:]:
        found &= Counter(meetings)
    return found if len(arms) > 1 else Counter()


def _cards(month: MonthTold, same: Counter[MeetingTold], requests_alike: bool) -> list[Card]:
    attended = [meeting for meeting in month.meetings if meeting.sent != "nobody"]
    parts = [f"meetings {hours(month.meeting_minutes)} h", f"requests {hours(month.answer_minutes)} h"]
    if month.displaced_minutes:
        parts.append(f"taken from delivery {hours(month.displaced_minutes)} h")
    if month.posts:
        parts.append(f"hub with {month.posts:.0f} posts filled")
    over = month.minutes > month.available
    cards = [
        Card(
            f"{len(attended)} of {len(month.meetings)} invitations taken up",
            ", ".join(parts),
            f"{hours(month.minutes)} of {hours(month.available)} h",
            "more than there are" if over else "",
            "worse" if over else "",
        )
    ]
    left = Counter(same)
    quiet, loud = [], []
    for meeting in sorted(attended, key=lambda m: m.forum):
        alike = left[meeting] > 0
        left[meeting] -= 1
        (quiet if alike else loud).append(_meeting(meeting, alike))
    # what differs between arms stands first, and the rest side by side
    cards += loud + quiet
    for why in ("no hours left", "unwilling"):
        away = Counter(meeting.forum for meeting in month.meetings if meeting.why == why)
        if away:
            named = ", ".join(name if times == 1 else f"{name} ({times})" for name, times in sorted(away.items()))
            many = sum(away.values())
            mark = "worse" if why == "no hours left" else "quiet"
            cards.append(Card(f"Nobody sent to {many} {plural(many, 'meeting')}", named, "", why, mark))
    cards.append(_requests(month, requests_alike))
    if month.profile:
        cards.append(Card("Data call for the profile of the space", figure=f"{hours(month.profile)} h"))
    if month.planning:
        cards.append(Card("Drafts mapped and laid side by side", figure=f"{hours(month.planning)} h"))
    cards += [Card(capital(what), figure=f"{hours(minutes)} h") for what, minutes in month.otherwise.items()]
    return cards


def _meeting(meeting: MeetingTold, alike: bool) -> Card:
    tags = [f"a {meeting.sent} went"]
    mark = ""
    if not meeting.quorate:
        tags.append("no quorum")
    elif meeting.decisions:
        tags.append(f"decided {meeting.decisions}")
        mark = "better"
    if meeting.displaced:
        tags.append(f"{hours(meeting.displaced)} h taken from delivery")
        mark = "worse"
    return Card(
        meeting.forum,
        f"{meeting.place}; convened by {meeting.convener}; {meeting.came} of {meeting.asked} municipalities came; "
        f"{hours(meeting.preparation + meeting.travel)} h of it preparation and travel",
        f"{hours(meeting.minutes)} h",
        ", ".join(tags),
        "quiet" if alike else mark,
    )


def _requests(month: MonthTold, alike: bool) -> Card:
    before = sum(one.before for one in month.requests)
    most = sorted(month.requests, key=lambda one: -one.given)[:_ASKERS]
    named = ", ".join(f"{one.department} {hours(one.given)} h" for one in most)
    more = len(month.requests) - len(most)
    doubted = f"; {month.again} asked again because doubted" if month.again else ""
    spared = f"; {month.spared} answered by a hub or database instead" if month.spared else ""
    return Card(
        f"{len(month.requests)} departments sent {month.sent} requests",
        f"{before} asked by another already for the same period{doubted}{spared}. Most hours: {named}"
        + (f", and {more} more" if more > 0 else ""),
        f"{hours(month.answer_minutes)} h",
        f"{month.unanswered} left unanswered" if month.unanswered else "all answered",
        "quiet" if alike else "",
    )
