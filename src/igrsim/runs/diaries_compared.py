"""Diaries of the same months in several arms: as rows, as sums, and in plain words what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from igrsim.kernel.clock import Clock
from igrsim.runs.diary import MeetingTold, MonthTold

COLUMNS = (
    "arm", "month", "kind", "what", "by", "how", "minutes", "displaced_minutes",
    "officials", "sitting_minutes", "preparation_minutes", "travel_minutes", "came", "invited", "quorate", "decisions",
    "indicators", "asked_before", "by_law", "unanswered_minutes",
)  # fmt: skip
"""Of every row; what a kind of row has nothing for is empty."""


@dataclass(frozen=True)
class Kept:
    """One arm's diary."""

    arm: str
    months: tuple[MonthTold, ...]


@dataclass(frozen=True)
class Sums:
    """What a diary adds up to over its months; times in minutes."""

    available: int
    meetings: int
    displaced: int
    answers: int
    profiles: int
    planning: int
    otherwise: int
    invited: int
    attended: int
    seniors: int
    unwilling: int
    no_hours: int
    held_without_quorum: int
    asked: int
    before: int
    again: int
    spared: int
    unanswered: int

    @property
    def minutes(self) -> int:
        """All that coordination took."""
        return self.meetings + self.answers + self.profiles + self.planning + self.otherwise


def sums(kept: Kept) -> Sums:
    """A diary's sums."""
    months = kept.months
    meetings = [meeting for month in months for meeting in month.meetings]
    went = [meeting for meeting in meetings if meeting.sent != "nobody"]
    requests = [one for month in months for one in month.requests]
    return Sums(
        available=sum(m.available for m in months),
        meetings=sum(m.meeting_minutes for m in months),
        displaced=sum(m.displaced_minutes for m in months),
        answers=sum(m.answer_minutes for m in months),
        profiles=sum(m.profile for m in months),
        planning=sum(m.planning for m in months),
        otherwise=sum(sum(m.otherwise.values()) for m in months),
        invited=len(meetings),
        attended=len(went),
        seniors=sum(m.sent == "senior" for m in went),
        unwilling=sum(m.why == "unwilling" for m in meetings),
        no_hours=sum(m.why == "no hours left" for m in meetings),
        held_without_quorum=sum(not m.quorate for m in went),
        asked=sum(m.sent for m in months),
        before=sum(one.before for one in requests),
        again=sum(m.again for m in months),
        spared=sum(m.spared for m in months),
        unanswered=sum(m.unanswered for m in months),
    )


def rows(diaries: Sequence[Kept], clock: Clock) -> list[dict[str, Any]]:
    """Every line of every diary, month by month and arm by arm; then each arm's sum and what differs."""
    found: list[dict[str, Any]] = []
    for at in range(len(diaries[0].months)):
        for kept in diaries:
            found += _month_rows(kept.arm, kept.months[at], clock.label(kept.months[at].month))
    for kept in diaries:
        total = sums(kept)
        found.append(
            _row(
                kept.arm,
                "",
                "total",
                f"{len(kept.months)} months",
                how=f"{total.attended} of {total.invited} invitations taken up; "
                f"{total.asked - total.unanswered} of {total.asked} requests answered",
                minutes=total.minutes,
                displaced_minutes=total.displaced,
            )
        )
    found += [_row(arm, "", "difference", words) for arm, words in differences(diaries, clock)]
    return found


def _row(arm: str, month: str, kind: str, what: str, **cells: Any) -> dict[str, Any]:
    given = {"arm": arm, "month": month, "kind": kind, "what": what} | cells
    return {name: given.get(name) for name in COLUMNS}


def _month_rows(arm: str, told: MonthTold, month: str) -> list[dict[str, Any]]:
    found = [
        _row(
            arm,
            month,
            "meeting",
            meeting.forum,
            by=f"{meeting.convener}, {meeting.place}",
            how=in_words(meeting),
            minutes=meeting.minutes,
            displaced_minutes=meeting.displaced,
            officials=meeting.officials if meeting.sent != "nobody" else 0,
            sitting_minutes=meeting.sitting,
            preparation_minutes=meeting.preparation,
            travel_minutes=meeting.travel,
            came=meeting.came,
            invited=meeting.asked,
            quorate=meeting.quorate,
            decisions=meeting.decisions,
        )
        for meeting in told.meetings
    ]
    for one in told.requests:
        asked = len(one.indicators)
        found.append(
            _row(
                arm,
                month,
                "request",
                f"{asked} indicator{'s' * (asked != 1)}",
                by=one.department,
                how=f"{one.before} asked before by another; {hours(one.minutes - one.given)} of {hours(one.minutes)} h left undone",
                minutes=one.given,
                indicators=list(one.indicators),
                asked_before=one.before,
                by_law=one.by_law,
                unanswered_minutes=one.minutes - one.given,
            )
        )
    if told.again:
        found.append(
            _row(
                arm,
                month,
                "asked again",
                f"{told.again} answer{'s' * (told.again != 1)} doubted",
                how=f"{hours(told.again_minutes - told.again_given)} of {hours(told.again_minutes)} h left undone",
                minutes=told.again_given,
                unanswered_minutes=told.again_minutes - told.again_given,
            )
        )
    if told.profile:
        found.append(_row(arm, month, "data call", "profile of the space", by="the hub", minutes=told.profile))
    if told.planning:
        found.append(_row(arm, month, "joint planning", "drafts mapped and tabled", minutes=told.planning))
    found += [_row(arm, month, "arrangement", what, minutes=minutes) for what, minutes in told.otherwise.items()]
    words = f"{hours(told.minutes)} of {hours(told.available)} coordination hours"
    if told.spared:
        words += f"; {told.spared} requests were answered without it"
    words += f"; {told.unanswered} of {told.sent} requests left unanswered"
    found.append(
        _row(
            arm, month, "month", "all", how=words, minutes=told.minutes, displaced_minutes=told.displaced_minutes
        )
    )  # fmt: skip
    return found


def in_words(meeting: MeetingTold) -> str:
    """Who went, or why nobody did, and what came of the meeting."""
    who = f"nobody went: {meeting.why}" if meeting.why else f"a {meeting.sent} went"
    if not meeting.quorate:
        return f"{who}; no quorum"
    return f"{who}; quorate, {f'decided {meeting.decisions}' if meeting.decisions else 'decided nothing'}"


def hours(minutes: int) -> str:
    """Minutes as hours, with one decimal below a hundred."""
    digits = 0 if minutes >= 6000 or minutes == 0 else 1
    return f"{minutes / 60:,.{digits}f}".replace(",", "\u00a0")


def differences(diaries: Sequence[Kept], clock: Clock) -> list[tuple[str, str]]:
    """What differs between each arm and the first, in plain words."""
    base = diaries[0]
    found: list[tuple[str, str]] = []
    for kept in diaries[1:]:
        if kept.months == base.months:
            found.append((kept.arm, f"Nothing differs between {kept.arm} and {base.arm} in these months."))
            continue
        found += [(kept.arm, words) for words in _compared(kept, base, clock)]
    return found


THEMES: dict[str, dict[str, tuple[str, bool]]] = {
    "Meetings": {
        "invitations": ("invited", False),
        "taken up": ("attended", False),
        "with a senior": ("seniors", False),
        "attended without a quorum": ("held_without_quorum", False),
        "hours": ("meetings", True),
    },
    "Taken from delivery for meetings": {
        "hours": ("displaced", True),
        "meetings to which nobody went for want of hours": ("no_hours", False),
    },
    "Requests": {
        "that came": ("asked", False),
        "of them because an answer was doubted": ("again", False),
        "answered by a hub or database instead": ("spared", False),
        "left unanswered": ("unanswered", False),
        "hours": ("answers", True),
    },
    "Data calls for profiles": {"hours": ("profiles", True)},
    "Planning together": {"hours": ("planning", True)},
    "Imbizos, upkeep of arrangements and support": {"hours": ("otherwise", True)},
}
"""What diaries are compared in: the words for each sum, and whether it is in minutes."""


def _compared(kept: Kept, base: Kept, clock: Clock) -> list[str]:
    mine, theirs = sums(kept), sums(base)
    first = next(m.month for m, b in zip(kept.months, base.months, strict=True) if m != b)
    words = [f"In the months told, {kept.arm} first differs from {base.arm} in {clock.label(first)}."]
    alike = []
    for theme, lines in THEMES.items():
        parts = []
        for label, (name, timed) in lines.items():
            here, there = getattr(mine, name), getattr(theirs, name)
            if here != there:
                parts.append(
                    f"{label} {hours(here)} against {hours(there)}" if timed else f"{label} {here} against {there}"
                )
        if parts:
            words.append(f"{theme}: {', '.join(parts)}.")
        else:
            alike.append(theme.lower())
        if theme == "Meetings":
            words += _forums(kept, base)
    return [*words, *([f"Alike in number and hours: {', '.join(alike)}."] if alike else [])]


def _forums(kept: Kept, base: Kept) -> list[str]:
    met, met_before = (
        Counter(meeting.forum for month in each.months for meeting in month.meetings) for each in (kept, base)
    )
    new = [f"{name} ({met[name]})" for name in sorted(met) if name not in met_before]
    gone = [f"{name} ({met_before[name]})" for name in sorted(met_before) if name not in met]
    both = [name for name in sorted(met) if name in met_before and met[name] != met_before[name]]
    moved = [f"{name} ({met[name]} against {met_before[name]})" for name in both]
    words = [(f"Only under {kept.arm}", new), (f"Not under {kept.arm}", gone), ("Not equally often", moved)]
    return [f"{title}: {', '.join(names)}." for title, names in words if names]


def in_one_sentence(diaries: Sequence[Kept], name: str) -> str:
    """What coordination took of a municipality in each arm."""
    told = [(kept.arm, sums(kept)) for kept in diaries]
    took = {(total.minutes, total.available, total.displaced) for _, total in told}
    where = ["in every arm"] if len(took) == 1 and len(told) > 1 else [f"under {arm}" for arm, _ in told]
    parts = [
        f"{hours(total.minutes)} of {hours(total.available)} h {place}, "
        f"{f'{hours(total.displaced)} h' if total.displaced else 'none'} of it taken from delivery"
        for place, (_, total) in zip(where, told, strict=False)
    ]
    return f"Of the hours {name} has for coordination it gave {'; '.join(parts)}."
