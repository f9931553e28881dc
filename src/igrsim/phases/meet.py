"""Forums meet: who is called, who comes and whom they send, and who gets to know whom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.authority import Trusting
from igrsim.government.centre import Principals
from igrsim.government.forum import Forum
from igrsim.government.municipality import ABSENT, JUNIOR, SENIOR, Administration, Invitation
from igrsim.phases.decide import decide
from igrsim.phases.engagement import Engagement, Meeting, retired
from igrsim.world.frozen import Frozen
from igrsim.world.world import World

I64 = NDArray[np.int64]


def meet(world: World) -> None:
    """Hold the month's meetings."""
    meetings = _called(world)
    _attend(world, meetings)
    decide(world, meetings)
    _sit_on_plans(world, meetings)
    _learn_of_each_other(world, meetings)


def _called(world: World) -> list[Meeting]:
    """Meetings that the rhythm asks for, that were rescheduled, or that someone calls."""
    replaced = world.channels_replaced()
    meetings = []
    for index in world.visit(range(len(world.forums))):
        forum = world.forums[index]
        if forum.rule and world.rules.by_space(forum.rule)[forum.spaces[0]] <= 0:
            continue
        if forum.of_hub:
            hub = world.hubs.get(int(forum.spaces[0]))
            count = int(hub is not None and hub.convenes)
        else:
            count = forum.due(world.calendar_month) + forum.rescheduled + forum.called
        forum.rescheduled = forum.called = 0
        if count and forum.retirable and forum.level == "space":
            if retired(world, forum, replaced[forum.spaces[0]]):
                continue
        off = float(world.circumstances.called_off[forum.spaces].mean())
        luck = world.draws["meeting called off"].uniform(world.ordinal, forum.key, np.arange(count)) if off else None
        meetings.extend(Meeting(index, nth) for nth in range(count) if luck is None or luck[nth] >= off)
    return meetings


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
            travel = np.rint(travel * world.circumstances.journeys[world.municipality_space[invited]]).astype(np.int64)
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
        willing = (
            world.draws["delegation willing"].uniform(world.ordinal, keys, nth, world.municipality_keys[who])
            < np.clip(
                p.base_attendance
                + p.statutory_pull * statutory
                + p.usefulness_pull * (useful - 0.5)
                - p.fatigue * np.minimum(load, 2.0),
                0.02,
                0.98,
            )
            * world.circumstances.willing[who]
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
        if world.witness is not None and world.witness.municipality == m:
            world.witness.invited(world, meetings, invitations[m], answers, displaced)
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
    far = np.zeros(len(national), np.int64)
    local = np.zeros(len(national), np.int64)
    places = [np.unique(home[world.forums[meeting.forum].spaces]) for meeting in meetings]
    for meeting, where in zip(meetings, places, strict=True):
        forum = world.forums[meeting.forum]
        each = _department_minutes(world, forum)
        wanted[np.ix_(where, forum.seats)] += each
        # a national department sends one delegation to a meeting, however many provinces it is about
        (far if forum.level == "national" else local)[forum.seats] += each
    # national departments have one set of officials for all provinces; a part of the country has its part of them
    own = 60 * p.provincial_hours
    share = world.spaces / max(world.spaces_in_country, 1)
    whole = np.maximum(near * wanted, 1.0)
    provincial = np.minimum(own / whole, 1.0)
    whole_nation = np.maximum(p.department_attendance * far + near * local, 1.0)
    everywhere = np.minimum(60 * p.national_hours * share / whole_nation, 1.0)
    reach = np.where(national[None, :], everywhere[None, :], provincial)
    return np.array([reach[where].mean(axis=0) for where in places]).reshape(len(meetings), len(national))


def _department_minutes(world: World, forum: Forum) -> int:
    """A department's minutes for one meeting, the way there included as far as it is travelled."""
    way = 60 * world.params[Engagement].department_travel * world.circumstances.journeys[forum.spaces].mean()
    return forum.minutes + forum.preparation + round(way)


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
        each = _department_minutes(world, forum)
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


def _sit_on_plans(world: World, meetings: list[Meeting]) -> None:
    """Where a forum for all of a space's matters could decide, the work on its plan may go on."""
    for hub in world.hubs.values():
        hub.sat = False
    for meeting in meetings:
        forum = world.forums[meeting.forum]
        if forum.level == "space" and not forum.rule and meeting.quorate and forum.sectors.all():
            hub = world.hubs.get(int(forum.spaces[0]))
            if hub is not None:
                hub.sat = True


def _learn_of_each_other(world: World, meetings: list[Meeting]) -> None:
    """Those who sit together in a working meeting get to know each other's plans."""
    gain = world.params[Engagement].tie_gain
    if world.params[Frozen].benefits:
        return
    follow_up = world.params[Principals].follow_up
    together = np.zeros(world.ties.shape, np.int64)
    fruitful = np.zeros(world.ties.shape, np.int64)
    peers = np.zeros(world.peer_ties.shape, np.int64)
    for meeting in meetings:
        forum = world.forums[meeting.forum]
        if not meeting.quorate:
            continue
        seats = np.flatnonzero(meeting.departments)
        if meeting.there:
            together[np.ix_(meeting.there, seats)] += 1
            fruitful[np.ix_(meeting.there, seats)] += meeting.decisions > 0
        if forum.rule == "task_teams":
            world.salience[forum.spaces] += follow_up * (1 - world.salience[forum.spaces])
        if forum.level != "national":
            for space in forum.spaces:
                peers[space][np.ix_(seats, seats)] += 1
    world.ties[:] = 1 - (1 - world.ties) * (1 - gain) ** together
    world.trust[:] = 1 - (1 - world.trust) * (1 - world.params[Trusting].meeting) ** fruitful
    world.peer_ties[:] = 1 - (1 - world.peer_ties) * (1 - gain) ** peers
