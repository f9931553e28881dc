"""Forums meet: who comes, whether there is a quorum, which problems are decided, who gets to know whom.

Decisions follow garbage-can rules (evidence h): a problem is decided in a forum once the effort given to it there
has added up; effort given in one forum counts for nothing in another; undecided problems come back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from igrsim.government.forum import Forum
from igrsim.government.hub import HubWork
from igrsim.government.municipality import ABSENT, JUNIOR, SENIOR, Administration, Invitation
from igrsim.kernel.params import Params, param
from igrsim.world.world import World

I64 = NDArray[np.int64]


class Engagement(Params, group="engagement"):
    """Who comes to meetings, and what meetings achieve."""

    base_attendance: float = param(
        0.6, unit="share", low=0.35, high=0.85, grade="assumed", source="assumption",
        meaning="willingness to attend a forum that is neither statutory nor known as useful or useless",
    )  # fmt: skip
    statutory_pull: float = param(
        0.25, unit="share", low=0.0, high=0.4, grade="assumed", source="assumption",
        meaning="added willingness for a forum named in law",
    )  # fmt: skip
    usefulness_pull: float = param(
        0.3, unit="share", low=0.1, high=0.6, grade="assumed", source="assumption",
        meaning="willingness from a useless to a fully useful forum",
    )  # fmt: skip
    fatigue: float = param(
        0.2, unit="share", low=0.05, high=0.5, grade="assumed", source="s0-wc-so10",
        meaning="willingness lost when meetings and reports take up all coordination hours",
    )  # fmt: skip
    overrun: float = param(
        0.3, unit="share", low=0.1, high=0.6, grade="assumed", source="assumption",
        meaning="chance to attend in delivery hours when coordination hours are gone",
    )  # fmt: skip
    junior: float = param(
        0.5, unit="share", low=0.2, high=0.8, grade="assumed", source="assumption",
        meaning="chance to send a junior instead, when not overrunning",
    )  # fmt: skip
    junior_effort: float = param(
        0.5, unit="ratio", low=0.25, high=0.75, grade="assumed", source="assumption",
        meaning="what a junior contributes over what a senior does",
    )  # fmt: skip
    department_attendance: float = param(
        0.55, unit="share", low=0.3, high=0.8, grade="assumed", source="assumption",
        meaning="invited departments that come: provincial ones, and national ones to national forums",
    )  # fmt: skip
    national_attendance: float = param(
        0.25, unit="share", low=0.1, high=0.5, grade="assumed", source="dpme-2024",
        meaning="national departments invited to a provincial or local forum that come; they do not fully take part",
    )  # fmt: skip
    provincial_hours: float = param(
        400, unit="hours a month", low=150, high=900, grade="assumed", source="assumption",
        meaning="hours a provincial department has for meetings with others",
    )  # fmt: skip
    national_hours: float = param(
        1200, unit="hours a month", low=400, high=3000, grade="assumed", source="assumption",
        meaning="hours a national department has for meetings with others, over the whole country",
    )  # fmt: skip
    department_effort: float = param(
        0.5, unit="ratio", low=0.2, high=1.0, grade="assumed", source="assumption",
        meaning="what a department contributes to decisions over what a senior municipal delegation does",
    )  # fmt: skip
    experience: float = param(
        0.15, unit="share a meeting", low=0.05, high=0.4, grade="assumed", source="assumption",
        meaning="weight of the latest meeting in how useful a forum is held to be",
    )  # fmt: skip
    department_travel: float = param(
        3.0, unit="hours", low=1, high=6, grade="assumed", source="assumption",
        meaning="a department's travel to a meeting and back, each delegate",
    )  # fmt: skip
    convening: float = param(
        12, unit="hours", low=4, high=24, grade="assumed", source="assumption",
        meaning="the convener's hours to call, prepare and minute one meeting",
    )  # fmt: skip
    quorum: float = param(
        0.5, unit="share", low=0.4, high=0.6, grade="assumed", source="assumption",
        meaning="invited members needed for a decision",
    )  # fmt: skip
    agenda: float = param(
        6, unit="items a meeting", low=3, high=12, grade="assumed", source="assumption",
        meaning="most problems on one agenda",
    )  # fmt: skip
    raised: float = param(
        0.3, unit="share", low=0.1, high=0.6, grade="assumed", source="assumption",
        meaning="forums on whose agenda a problem of their sectors is put by someone",
    )  # fmt: skip
    effort: float = param(
        3, unit="senior delegations", low=1.5, high=6, grade="assumed", source="assumption",
        meaning="effort that one problem takes to decide",
    )  # fmt: skip
    lapses: float = param(
        0.05, unit="share a month", low=0.02, high=0.1, grade="assumed", source="assumption",
        meaning="undecided problems that overtake themselves",
    )  # fmt: skip
    refers: float = param(
        0.8, unit="share", low=0.5, high=1.0, grade="assumed", source="assumption",
        meaning="forums that keep off a problem which a hub's agenda has referred to another",
    )  # fmt: skip
    tie_gain: float = param(
        0.08, unit="share", low=0.03, high=0.15, grade="assumed", source="assumption",
        meaning="growth of a tie towards full at a working meeting that both attend",
    )  # fmt: skip


@dataclass
class Meeting:
    """One meeting of the month."""

    forum: int
    nth: int
    seniors: int = 0
    juniors: int = 0
    invited: int = 0
    departments: NDArray[np.bool_] | None = None
    there: list[int] | None = None
    quorate: bool = False


def meet(world: World) -> None:
    """Hold the month's meetings."""
    meetings = _called(world)
    _attend(world, meetings)
    _decide(world, meetings)
    _learn_of_each_other(world, meetings)


def _called(world: World) -> list[Meeting]:
    """Meetings that the rhythm asks for, that were rescheduled, or that someone calls."""
    replaced = world.channels_replaced()
    meetings = []
    for index in world.visit(range(len(world.forums))):
        forum = world.forums[index]
        if forum.of_hub:
            hub = world.hubs.get(int(forum.spaces[0]))
            count = int(hub is not None and hub.convenes)
        else:
            count = forum.due(world.calendar_month) + forum.rescheduled + forum.called
        forum.rescheduled = forum.called = 0
        if count and forum.retirable and forum.level == "space":
            if retired(world, forum, replaced[forum.spaces[0]]):
                continue
        meetings.extend(Meeting(index, nth) for nth in range(count))
    return meetings


def retired(world: World, forum: Forum, share: float) -> bool:
    """Whether a forum is among those that a hub replaces, when it replaces this share of them."""
    return forum.retirable and world.draws["forum retired"].one(forum.key) < share


def _attend(world: World, meetings: list[Meeting]) -> None:
    """Municipalities and departments decide whether to come, and whom to send."""
    p = world.params[Engagement]
    replaced = world.channels_replaced()
    invitations: list[list[Invitation]] = [[] for _ in world.municipalities]
    national = np.array([d.sphere == "national" for d in world.institutions.departments])
    near = np.where(national, p.national_attendance, p.department_attendance)
    attention = _departments_attention(world, meetings, national, near)
    who_, which_, minutes_ = [], [], []
    for number, meeting in enumerate(meetings):
        forum = world.forums[meeting.forum]
        invited = forum.municipalities
        if forum.retirable and forum.level != "space" and len(invited):
            luck = world.draws["forum retired"].one(forum.key)
            invited = invited[replaced[world.municipality_space[invited]] <= luck]
        meeting.invited = len(invited)
        meeting.there = []
        meeting.departments = forum.seats & (
            world.draws["department attends"].uniform(world.ordinal, forum.key, meeting.nth, world.seat_keys)
            < (near if forum.level != "national" else p.department_attendance) * attention[number]
        )
        if forum.convener >= 0:
            meeting.departments[forum.convener] = True
        if len(invited):
            travel = forum.travel if len(invited) == len(forum.municipalities) else _travel(forum, invited)
            who_.append(invited)
            which_.append(np.full(len(invited), number))
            minutes_.append(forum.delegates * (forum.minutes + forum.preparation + travel))
    if who_:
        who = np.concatenate(who_)
        which = np.concatenate(which_)
        minutes = np.concatenate(minutes_)
        forums = [world.forums[m.forum] for m in meetings]
        statutory = np.array([f.statutory for f in forums])[which]
        useful = np.array([f.useful for f in forums])[which]
        authority = np.array([1.0 if f.level == "province" else 0.5 for f in forums])[which]
        keys = np.array([f.key for f in forums], dtype=np.uint64)[which]
        nth = np.array([m.nth for m in meetings])[which]
        load = np.array([m.load for m in world.municipalities])[who]
        willing = world.draws["delegation willing"].uniform(
            world.ordinal, keys, nth, world.municipality_keys[who]
        ) < np.clip(
            p.base_attendance
            + p.statutory_pull * statutory
            + p.usefulness_pull * (useful - 0.5)
            - p.fatigue * np.minimum(load, 2.0),
            0.02,
            0.98,
        )
        overrun = world.draws["delegation overruns"].uniform(world.ordinal, keys, nth, world.municipality_keys[who])
        senior = world.draws["delegation senior"].uniform(world.ordinal, keys, nth, world.municipality_keys[who])
        weight = 2 * statutory + authority + useful
        for k in range(len(who)):
            invitations[who[k]].append(
                # a stable order among equal weights: by the forum's key, not by when it was called
                Invitation(
                    int(which[k]),
                    float(weight[k]) + float(keys[k] >> np.uint64(11)) * 1e-22,
                    int(minutes[k]),
                    bool(willing[k]),
                    float(overrun[k]),
                    float(senior[k]),
                )
            )
    now = world.now.by_municipality
    seniority = world.params[Administration].seniority
    for municipality in world.visit(world.municipalities):
        m = municipality.index
        busy = int(now["report_minutes"][m])
        answers, displaced = municipality.answer(invitations[m], busy, p.overrun, p.junior, seniority)
        attended = spent = 0
        for number, who_came, minutes in answers:
            if who_came == ABSENT:
                continue
            attended += 1
            spent += minutes
            meeting = meetings[number]
            assert meeting.there is not None
            meeting.there.append(m)
            meeting.seniors += who_came == SENIOR
            meeting.juniors += who_came == JUNIOR
        now["invited"][m] += len(answers)
        now["attended"][m] += attended
        now["meeting_minutes"][m] += spent
        now["displaced_minutes"][m] += displaced
        world.charge("meetings", "municipality", municipality.space, spent)
    _departments_hours(world, meetings)


def _departments_attention(
    world: World, meetings: list[Meeting], national: NDArray[np.bool_], near: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How far departments' hours for meetings go: the share of what they would attend that they can.

    Returns
    -------
    (meetings, departments) float
        1 where there are hours for every meeting a department would go to.
    """
    p = world.params[Engagement]
    provinces = world.geography.provinces.codes
    home = np.array([provinces.index(q) for q in world.geography.spaces.provinces])
    wanted = np.zeros((len(provinces), len(national)), np.int64)
    places = [np.unique(home[world.forums[meeting.forum].spaces]) for meeting in meetings]
    for meeting, where in zip(meetings, places, strict=True):
        forum = world.forums[meeting.forum]
        each = forum.minutes + forum.preparation + round(60 * p.department_travel)
        wanted[np.ix_(where, forum.seats)] += each
    # national departments have one set of officials for all provinces; a part of the country has its part of them
    own = 60 * p.provincial_hours
    share = world.spaces / max(world.spaces_in_country, 1)
    whole = np.maximum(near * wanted, 1.0)
    provincial = np.minimum(own / whole, 1.0)
    everywhere = np.minimum(60 * p.national_hours * share / np.maximum((near * wanted).sum(axis=0), 1.0), 1.0)
    reach = np.where(national[None, :], everywhere[None, :], provincial)
    return np.array([reach[where].mean(axis=0) for where in places]).reshape(len(meetings), len(national))


def _travel(forum: Forum, invited: I64) -> I64:
    place = {int(m): k for k, m in enumerate(forum.municipalities)}
    return forum.travel[[place[int(m)] for m in invited]]


def _departments_hours(world: World, meetings: list[Meeting]) -> None:
    """Departments' hours, borne by their spheres and shared over the spaces a forum covers."""
    p = world.params[Engagement]
    national = np.array([d.sphere == "national" for d in world.institutions.departments])
    for meeting in meetings:
        forum = world.forums[meeting.forum]
        assert meeting.departments is not None
        each = forum.minutes + forum.preparation + round(60 * p.department_travel)
        for sphere, coming in (
            ("nation", int((meeting.departments & national).sum())),
            ("province", int((meeting.departments & ~national).sum())),
        ):
            # departments of a type come from every province a national forum covers; one is counted
            _share(world, "meetings", sphere, forum.spaces, coming * each)
        convener = "nation" if forum.convener >= 0 and national[forum.convener] else "province"
        if forum.convener < 0:
            convener = "municipality"
        if forum.of_hub:
            # convened by the hub, in its posts' hours
            continue
        _share(world, "convening", convener, forum.spaces, round(60 * p.convening))


def _share(world: World, account: str, bearer: str, spaces: I64, minutes: int) -> None:
    base, rest = divmod(minutes, len(spaces))
    amounts = np.full(len(spaces), base)
    amounts[:rest] += 1
    world.charge(account, bearer, spaces, amounts)


def _decide(world: World, meetings: list[Meeting]) -> None:
    """Put problems on agendas and give them what effort there is."""
    p = world.params[Engagement]
    problems = world.problems
    by_forum: dict[int, list[Meeting]] = {}
    now = world.now.by_space
    came = np.zeros((3, len(world.forums)), np.int64)
    for meeting in meetings:
        forum = world.forums[meeting.forum]
        assert meeting.departments is not None
        coming = meeting.seniors + meeting.juniors
        asked = meeting.invited if meeting.invited else int(forum.seats.sum())
        present = coming if meeting.invited else int(meeting.departments.sum())
        meeting.quorate = asked > 0 and present >= p.quorum * asked
        _parts(now["meetings_ppm"], forum.spaces)
        if meeting.quorate:
            by_forum.setdefault(meeting.forum, []).append(meeting)
            came[:, meeting.forum] += (meeting.seniors, meeting.juniors, int(meeting.departments.sum()))
            _parts(now["quorate_ppm"], forum.spaces)
        elif not forum.ad_hoc and not forum.of_hub:
            forum.rescheduled = 1
    effort = came[0] + p.junior_effort * came[1] + p.department_effort * came[2]
    _refer(world)
    # which open problems each meeting forum could take up
    most = problems.spent.shape[1]
    rows, places, forums = [], [], []
    for space in range(world.spaces):
        in_space = np.flatnonzero((problems.space == space) & problems.open)
        for sector in np.unique(problems.sector[in_space]):
            mine = in_space[problems.sector[in_space] == sector]
            for place, forum_index in enumerate(world.problem_forums[space][sector][:most]):
                if forum_index in by_forum:
                    rows.append(mine)
                    places.append(np.full(len(mine), place))
                    forums.append(np.full(len(mine), forum_index))
    decided_in: dict[int, int] = dict.fromkeys(by_forum, 0)
    if rows:
        row, place, forum_of = np.concatenate(rows), np.concatenate(places), np.concatenate(forums)
        keys = np.array([f.key for f in world.forums], dtype=np.uint64)[forum_of]
        luck = world.draws["kept off by the agenda"].uniform(problems.key[row], keys)
        elsewhere = (problems.referred[row] >= 0) & (problems.referred[row] != forum_of) & (luck < p.refers)
        brought = world.draws["problem raised in a forum"].uniform(problems.key[row], keys) < p.raised
        kept = ~elsewhere & (brought | (problems.referred[row] == forum_of))
        row, place, forum_of, keys = row[kept], place[kept], forum_of[kept], keys[kept]
        # what a forum began it takes up again; otherwise it is chance what its members bring
        begun = problems.spent[row, place] > 0
        fancy = world.draws["put on the agenda"].uniform(world.ordinal, problems.key[row], keys)
        order = np.lexsort((fancy, ~begun, forum_of))
        row, place, forum_of = row[order], place[order], forum_of[order]
        starts = np.flatnonzero(np.concatenate([[True], forum_of[1:] != forum_of[:-1]]))
        rank = np.arange(len(row)) - np.repeat(starts, np.diff(np.concatenate([starts, [len(row)]])))
        limit = np.array([p.agenda * len(by_forum.get(f, ())) for f in range(len(world.forums))])[forum_of]
        tabled = rank < limit
        row, place, forum_of = row[tabled], place[tabled], forum_of[tabled]
        items = np.bincount(forum_of, minlength=len(world.forums))
        recent = problems.tabled[row]
        others = np.arange(most)[None, :] != place[:, None]
        handled_before = ((world.month - recent <= 3) & others).any(axis=1)
        # of several forums that take a problem up in one month, all but one repeat another's work
        first = np.zeros(len(row), np.bool_)
        first[np.unique(row, return_index=True)[1]] = True
        repeated = handled_before | ~first
        np.add.at(now["agenda_items"], problems.space[row], 1)
        np.add.at(now["agenda_repeats"], problems.space[row[repeated]], 1)
        problems.tabled[row, place] = world.month
        problems.spent[row, place] += effort[forum_of] / items[forum_of]
        enough = problems.spent[row, place] >= p.effort
        done = np.unique(row[enough])
        problems.open[done] = False
        winners = row[enough]
        chosen = np.unique(winners, return_index=True)[1]
        for forum_index in forum_of[enough][chosen]:
            decided_in[int(forum_index)] += 1
        np.add.at(now["decisions"], problems.space[done], 1)
        world.totals["problems decided"] += len(done)
    lapsing = problems.open & (world.draws["problem lapses"].uniform(world.ordinal, problems.key) < p.lapses)
    problems.open[lapsing] = False
    world.totals["problems lapsed"] += int(lapsing.sum())
    for meeting in sorted(meetings, key=lambda m: (m.forum, m.nth)):
        forum = world.forums[meeting.forum]
        useful = meeting.quorate and decided_in.get(meeting.forum, 0) > 0
        forum.useful += p.experience * (float(useful) - forum.useful)
        forum.remember(world.month, useful)
    for forum in world.forums:
        if forum.met_since(world.month - 11):
            _parts(now["forums_ppm"], forum.spaces)
            if forum.functional:
                _parts(now["functional_forums_ppm"], forum.spaces)


def _parts(counts: I64, spaces: I64) -> None:
    """Count a thing once, in equal parts over the spaces it covers (parts per million)."""
    base, rest = divmod(1_000_000, len(spaces))
    counts[spaces] += base
    counts[spaces[:rest]] += 1


def _refer(world: World) -> None:
    """Hubs refer new problems to one forum each, as far as their hours for the agenda went."""
    hub_meetings = world.params[HubWork].meetings
    replaced = world.channels_replaced()
    problems = world.problems
    for space, hub in world.hubs.items():
        if world.rules[space].joint_arena <= 0 or hub.coverage["agenda"] <= 0:
            continue
        fresh = (problems.space == space) & (problems.referred < 0) & (problems.born == world.month)
        reach = hub.coverage["agenda"] * world.rules[space].joint_arena
        taken = fresh & (world.draws["referred by the hub"].uniform(problems.key) < reach)
        waiting = problems.referred[(problems.space == space) & problems.open]
        queue = dict(zip(*np.unique(waiting[waiting >= 0], return_counts=True), strict=True))
        for problem in np.flatnonzero(taken):
            options = world.problem_forums[space][problems.sector[problem]]
            near = [
                f
                for f in options
                if world.forums[f].level == "space"
                and not world.forums[f].ad_hoc
                and not retired(world, world.forums[f], replaced[space])
            ]
            # where it would be decided soonest: many meetings, few matters waiting
            best = max(near, key=lambda f: ((world.forums[f].a_year or hub_meetings) / (1 + queue.get(f, 0)), -f))
            queue[best] = queue.get(best, 0) + 1
            problems.referred[problem] = best


def _learn_of_each_other(world: World, meetings: list[Meeting]) -> None:
    """Those who sit together in a working meeting get to know each other's plans."""
    gain = world.params[Engagement].tie_gain
    together = np.zeros(world.ties.shape, np.int64)
    peers = np.zeros(world.peer_ties.shape, np.int64)
    for meeting in meetings:
        if not meeting.quorate:
            continue
        seats = np.flatnonzero(meeting.departments)
        forum = world.forums[meeting.forum]
        if meeting.there:
            together[np.ix_(meeting.there, seats)] += 1
        if forum.level != "national":
            for space in forum.spaces:
                peers[space][np.ix_(seats, seats)] += 1
    world.ties[:] = 1 - (1 - world.ties) * (1 - gain) ** together
    world.peer_ties[:] = 1 - (1 - world.peer_ties) * (1 - gain) ** peers
