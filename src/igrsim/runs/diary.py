"""One municipality's months as it lived them: meetings, requests, data calls, joint planning, displaced hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from igrsim.government.municipality import JUNIOR, SENIOR, Invitation
from igrsim.model import IGRModel
from igrsim.phases.engagement import Meeting, Meetings
from igrsim.phases.request import Asked, Reply, Reporting, asked_here
from igrsim.runs.cell import CellSpec
from igrsim.world.world import LOAD, World

FEW = 200
"""Citizens that a diary's run simulates: what municipalities do does not depend on how many there are."""
COUNTED = (*LOAD, "displaced_minutes", "invited", "attended")
OTHERWISE = {
    "imbizo_minutes": "imbizo: preparing for principals and hosting them",
    "upkeep_minutes": "keeping arrangements going: data, protocols, communication",
    "support_minutes": "support: agreeing on it, receiving it, lending people",
}
"""What coordination takes of a municipality besides meetings, reports and joint planning."""
TOLD_APART = ("meeting_minutes", "report_minutes", "plan_minutes")
SENT = {SENIOR: "senior", JUNIOR: "junior"}


@dataclass(frozen=True)
class MeetingTold:
    """One meeting that the municipality was asked to.

    Attributes
    ----------
    forum, place, convener : str
        By their names.
    basis : {"law", "policy", "custom"}
        Whether the law names the forum, a policy or grant framework requires it, or it is the convener's own idea.
    sent : {"senior", "junior", "nobody"}
    why : {"", "unwilling", "no hours left"}
        Why nobody went.
    officials : int
        Officials in its delegation, if it goes.
    sitting, preparation, travel, displaced : int
        Minutes of the whole delegation; of all these, what was taken from delivery.
    came, asked : int
        Municipalities.
    departments : int
        That came.
    quorate : bool
    decisions : int
        Problems its forum decided that month.
    """

    forum: str
    place: str
    convener: str
    basis: str
    sent: str
    why: str
    officials: int
    sitting: int
    preparation: int
    travel: int
    displaced: int
    came: int
    asked: int
    departments: int
    quorate: bool
    decisions: int

    @property
    def minutes(self) -> int:
        """All that it took."""
        return self.sitting + self.preparation + self.travel


@dataclass(frozen=True)
class RequestsTold:
    """What one department asked in one month.

    Attributes
    ----------
    department : str
    indicators : tuple of str
        By their names.
    before : int
        Of them, asked by another department already for the same period.
    by_law : int
        Of them, owed to this department by law.
    pooled : int
        Of them, such as a hub or database answers from what is there, as far as it takes them over.
    minutes, given : int
        What an answer would take, and what was given to it.
    """

    department: str
    indicators: tuple[str, ...]
    before: int
    by_law: int
    pooled: int
    minutes: int
    given: int


@dataclass(frozen=True)
class MonthTold:
    """One month of the municipality.

    Attributes
    ----------
    month : int
        Of the study.
    again, again_minutes, again_given : int
        Answers that were doubted and asked for again, and what that took and was given.
    sent, unanswered : int
        Requests that came in all, and those left unanswered.
    spared : int
        Requests that a hub or the province's database answered instead.
    profile, planning : int
        Minutes for the data call of a profile, and for planning together.
    otherwise : dict of str to int
        Minutes for whatever else coordination takes, by its name in words.
    available : int
        Minutes of coordination that the municipality has.
    posts : float
        Posts filled at the hub of its space; 0 where there is none.
    counted : dict of str to int
        The municipality's own counts of the month, as the results have them.
    """

    month: int
    meetings: tuple[MeetingTold, ...]
    requests: tuple[RequestsTold, ...]
    again: int
    again_minutes: int
    again_given: int
    sent: int
    unanswered: int
    spared: int
    profile: int
    planning: int
    otherwise: dict[str, int]
    available: int
    posts: float
    counted: dict[str, int]

    @property
    def meeting_minutes(self) -> int:
        """Of all meetings, with preparation and travel."""
        return sum(meeting.minutes for meeting in self.meetings)

    @property
    def displaced_minutes(self) -> int:
        """Taken from delivery for meetings."""
        return sum(meeting.displaced for meeting in self.meetings)

    @property
    def answer_minutes(self) -> int:
        """Given to departments' requests."""
        return sum(one.given for one in self.requests) + self.again_given

    @property
    def report_minutes(self) -> int:
        """Given to requests and data calls."""
        return self.answer_minutes + self.profile

    @property
    def minutes(self) -> int:
        """All that coordination took of the municipality."""
        return self.meeting_minutes + self.report_minutes + self.planning + sum(self.otherwise.values())


class Diary:
    """A witness who keeps the diary of one municipality.

    Parameters
    ----------
    municipality : int
        Place in the run's list of municipalities.
    first : int
        Month of the study from which it is kept.

    Attributes
    ----------
    months : list of MonthTold
    """

    def __init__(self, municipality: int, first: int = 0) -> None:
        self.municipality = municipality
        self.first = first
        self.months: list[MonthTold] = []
        self._went: list[tuple[Meeting, str, str, int, int]] = []
        self._reply: Reply | None = None

    def invited(
        self,
        world: World,
        meetings: Meetings,
        invitations: list[Invitation],
        answers: list[tuple[int, int, int]],
        displaced: int,
    ) -> None:
        """Note who was sent where; what became of the meetings is seen when the month is over."""
        willing = {invitation.meeting: invitation.willing for invitation in invitations}
        told = []
        # once hours are gone they stay gone: what was displaced lies with the last meetings taken up
        for number, who, minutes in reversed(answers):
            beyond = min(minutes, displaced)
            displaced -= beyond
            why = "" if who in SENT else "no hours left" if willing[number] else "unwilling"
            told.append((meetings[number], SENT.get(who, "nobody"), why, minutes, beyond))
        self._went = told[::-1]

    def asked(self, world: World, reply: Reply) -> None:
        """Note what was asked and answered."""
        self._reply = reply

    def close(self, world: World, counts: dict[str, Any]) -> None:
        """Close the month."""
        if world.month < self.first:
            return
        assert self._reply is not None
        m = self.municipality
        town, now = world.municipalities[m], world.now.by_municipality
        hub = world.hubs.get(town.space)
        reply = self._reply
        requests, again_minutes, again_given = _requests(world, town.space, reply)
        self.months.append(
            MonthTold(
                month=world.month,
                meetings=tuple(_meeting(world, m, *went) for went in self._went),
                requests=tuple(requests),
                again=reply.again,
                again_minutes=again_minutes,
                again_given=again_given,
                sent=reply.sent,
                unanswered=reply.sent - reply.served,
                spared=sum(len(one.indicators) for one in requests) + reply.again - reply.sent,
                profile=reply.profile,
                planning=int(now["plan_minutes"][m]),
                otherwise={
                    OTHERWISE.get(name, name.removesuffix("_minutes")): int(now[name][m])
                    for name in LOAD
                    if name not in TOLD_APART and now[name][m]
                },
                available=town.minutes,
                posts=hub.filled if hub is not None else 0.0,
                counted={name: int(now[name][m]) for name in COUNTED},
            )
        )


def keep_diary(spec: CellSpec, municipality: int, first: int, months: int, citizens: int = FEW) -> list[MonthTold]:
    """Live a run again up to a month, and keep the diary of one municipality.

    Parameters
    ----------
    municipality : int
        Its row in the scope's table of municipalities.
    first, months : int
        First month of the study that is told, and how many are.
    citizens : int
        How many citizens to simulate at most.
    """
    spec = replace(spec, citizens=min(spec.citizens, citizens))
    model = IGRModel(spec.scenario(), seed=spec.seed, replication=spec.world)
    diary = Diary(municipality, first)
    model.world.witness = diary
    model.record = diary.close
    while model.month < first + months:
        model.step()
    return diary.months


def _meeting(
    world: World, municipality: int, meeting: Meeting, sent: str, why: str, minutes: int, displaced: int
) -> MeetingTold:
    forum = world.forums[meeting.forum]
    code, _, where = forum.code.partition("@")
    fact = next((f for f in world.institutions.forums if f.code == code), None)
    if forum.of_hub:
        convener = "the hub"
    elif forum.convener >= 0:
        convener = world.institutions.departments[forum.convener].name
    else:
        convener = {"district": "the district municipality", "salga": "SALGA"}.get(fact.convener if fact else "", "")
    went = sent != "nobody"
    sitting, preparation = (forum.delegates * each if went else 0 for each in (forum.minutes, forum.preparation))
    return MeetingTold(
        forum=forum.name,
        place=_place(world, where),
        convener=convener,
        basis="law" if forum.statutory >= 1 else "policy" if forum.statutory > 0 else "custom",
        sent=sent,
        why=why,
        officials=forum.delegates,
        sitting=sitting,
        preparation=preparation,
        # how far journeys are made differs from month to month; what is not sitting and preparing is the way
        travel=minutes - sitting - preparation,
        displaced=displaced,
        came=meeting.seniors + meeting.juniors,
        asked=meeting.invited,
        departments=int(meeting.departments.sum()),
        quorate=meeting.quorate,
        decisions=meeting.decisions,
    )


def _place(world: World, code: str) -> str:
    for table in (world.geography.spaces, world.geography.provinces):
        if code in table.index:
            return table.names[table.index[code]]
    return "national"


def _requests(world: World, space: int, reply: Reply) -> tuple[list[RequestsTold], int, int]:
    """The month's minutes shared out over those who asked, to the minute; and over what was asked again.

    A municipality gives what the law demands and, of all the rest, as much as its hours allow: the model counts the
    rest as one, so each department has of it in proportion to what it asked.
    """
    reporting = world.params[Reporting]
    made = asked_here(world, space)
    names = {i.code: i.name for i in world.institutions.indicators}
    by_seat: dict[int, list[Asked]] = {}
    for one in made:
        by_seat.setdefault(one.seat, []).append(one)
    law = [sum(a.minutes for a in those if a.statutory) for those in by_seat.values()]
    rest = [
        sum(a.minutes * (1 - reply.replaced if a.pooled else 1) for a in those if not a.statutory)
        for those in by_seat.values()
    ]
    rest.append(60 * reporting.again_hours * reply.again)
    due = apportion(reply.must, [*law, 0])
    more = apportion(reply.minutes - reply.must, rest)
    given = apportion(reply.spent - reply.must, rest)
    told = [
        RequestsTold(
            department=world.institutions.departments[seat].name,
            indicators=tuple(names[a.indicator] for a in those),
            before=sum(a.before for a in those),
            by_law=sum(a.statutory for a in those),
            pooled=sum(a.pooled for a in those),
            minutes=due[k] + more[k],
            given=due[k] + given[k],
        )
        for k, (seat, those) in enumerate(by_seat.items())
    ]
    return told, more[-1], given[-1]


def apportion(total: int, shares: Sequence[float]) -> list[int]:
    """A whole number shared out in proportion, nothing lost: the largest remainders get what is left."""
    if total == 0 or not shares:
        return [0] * len(shares)
    weight = np.asarray(shares, dtype=np.float64)
    exact = total * (weight / weight.sum() if weight.sum() > 0 else np.full(len(weight), 1 / len(weight)))
    parts = np.floor(exact).astype(np.int64)
    first = np.argsort(-(exact - parts), kind="stable")[: total - int(parts.sum())]
    parts[first] += 1
    return [int(part) for part in parts]
