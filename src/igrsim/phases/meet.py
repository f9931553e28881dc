"""Forums meet: who is called, who comes and whom they send, and who gets to know whom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.authority import Trusting
from igrsim.government.centre import Principals
from igrsim.government.forum import Forum
from igrsim.government.municipality import JUNIOR, SENIOR, Administration, Invitation
from igrsim.phases.decide import decide
from igrsim.phases.engagement import Engagement, Meeting, covered, due, mean_over, retired, shared_out, sits
from igrsim.phases.indaba import lay_side_by_side
from igrsim.phases.regions import nearer
from igrsim.world.frozen import Frozen
from igrsim.world.planners._base import Invited, Seats
from igrsim.world.world import World

I64 = NDArray[np.int64]


def meet(world: World) -> None:
    """Hold the month's meetings."""
    meetings = _called(world)
    _attend(world, meetings)
    lay_side_by_side(world, meetings)
    decide(world, meetings)
    _sit_on_plans(world, meetings)
    _learn_of_each_other(world, meetings)


def _called(world: World) -> list[Meeting]:
    """Meetings that the rhythm asks for, that were rescheduled, or that someone calls."""
    gone = retired(world)
    called_off = world.circumstances.called_off
    usual = not called_off.any()
    meetings = []
    calendar = world.calendar_month
    for index in world.visit(range(len(world.forums))):
        forum = world.forums[index]
        dated = forum.due(calendar) or forum.further(calendar) or forum.of_hub
        if not (dated or forum.rescheduled or forum.called) or sits(world, forum) <= 0:
            continue
        if forum.of_hub:
            hub = world.hubs.get(int(forum.spaces[0]))
            count = int(hub is not None and hub.convenes)
        else:
            count = due(world, forum) + forum.rescheduled + forum.called
        # those for its guests come after its own, whose luck is what it would have been
        own, count = count, count + forum.further(calendar)
        forum.rescheduled = forum.called = 0
        if not count:
            continue
        # what a hub replaces of a wider forum is only its own space's part in it
        if gone[index, forum.spaces].all() and (forum.level == "space" or world.framework.merged[index].any()):
            continue
        off = 0.0 if usual else float(called_off[forum.spaces].mean())
        luck = world.draws["meeting called off"].uniform(world.ordinal, forum.key, np.arange(count)) if off else None
        meetings.extend(Meeting(index, nth, nth >= own) for nth in range(count) if luck is None or luck[nth] >= off)
    return meetings


def _attend(world: World, meetings: list[Meeting]) -> None:
    """Municipalities and departments decide whether to come, and whom to send."""
    _departments_come(world, meetings)
    p = world.params[Engagement]
    gone = retired(world)
    who_, ways_ = [], []
    for meeting in meetings:
        forum = world.forums[meeting.forum]
        asked_for, way = forum.municipalities, forum.travel
        if forum.retirable and forum.level != "space" and len(asked_for):
            stay = ~gone[meeting.forum, world.municipality_space[asked_for]]
            asked_for, way = asked_for[stay], way[stay]
        meeting.invited = len(asked_for)
        who_.append(asked_for)
        ways_.append(way)
    forums = [world.forums[m.forum] for m in meetings]
    which = np.repeat(np.arange(len(meetings)), np.array([m.invited for m in meetings], dtype=np.int64))
    who, way = (np.concatenate([np.zeros(0, np.int64), *parts]) for parts in (who_, ways_))
    delegates, sitting = _of(forums, "delegates", which), _of(forums, "minutes", which)
    way = np.rint(way * world.circumstances.journeys[world.municipality_space[who]]).astype(np.int64)
    minutes = delegates * (sitting + _of(forums, "preparation", which) + way)
    statutory, useful = _of(forums, "statutory", which), _of(forums, "useful", which)
    keys = np.array([f.key for f in forums], dtype=np.uint64)[which]
    nth = np.array([m.nth for m in meetings], dtype=np.int64)[which]
    load = np.array([m.load for m in world.municipalities])[who]
    invited = Invited(
        town=who,
        habit=p.base_attendance,
        law=p.statutory_pull * statutory,
        use=p.usefulness_pull * (useful - 0.5),
        fatigue=p.fatigue * np.minimum(load, 2.0),
        statutory=statutory,
        scheduled=~_of(forums, "ad_hoc", which).astype(np.bool_),
        forum=which,
        seats=_seats(forums, world),
    )
    pull = world.planners.municipality_comes(world, invited)
    chance = np.clip(pull, 0.02, 0.98) * world.circumstances.willing[who]
    willing, overrun, senior = (
        world.draws[purpose].uniform(world.ordinal, keys, nth, world.municipality_keys[who])
        for purpose in ("delegation willing", "delegation overruns", "delegation senior")
    )
    authority = np.array([1.0 if f.level == "province" else 0.5 for f in forums])[which]
    # a stable order among equal weights: by the forum's key, not by when it was called
    weight = 2 * statutory + authority + useful + (keys >> np.uint64(11)).astype(np.float64) * 1e-22
    columns = (which, weight, minutes, willing < chance, overrun, senior)
    by_town = np.argsort(who, kind="stable")
    invitations = list(map(Invitation, *(column[by_town].tolist() for column in columns)))
    ends = np.cumsum(np.bincount(who, minlength=len(world.municipalities)))
    asked = [invitations[a:b] for a, b in zip([0, *ends], ends, strict=False)]
    _send(world, meetings, asked)
    _departments_hours(world, meetings)


def _of(forums: list[Forum], name: str, which: I64) -> NDArray[np.float64]:
    """A property of forums, for each of their invitations."""
    return np.array([getattr(f, name) for f in forums])[which]


def _seats(forums: list[Forum], world: World) -> NDArray[np.bool_]:
    """Who has a seat in each of these forums, by department."""
    return np.array([f.seats for f in forums], dtype=np.bool_).reshape(len(forums), len(world.institutions.departments))


def _send(world: World, meetings: list[Meeting], asked: list[list[Invitation]]) -> None:
    """Each municipality answers its invitations; hours are charged and meetings know who is there."""
    p, seniority = world.params[Engagement], world.params[Administration].seniority
    now, n = world.now.by_municipality, len(world.municipalities)
    # what must be done anyway comes before meetings: this month's, and planning and support as they were last month
    standing = now["report_minutes"] + now["imbizo_minutes"] + now["upkeep_minutes"]
    busy = (standing + np.array([m.engaged for m in world.municipalities], dtype=np.int64)).tolist()
    said: list[tuple[int, int, int]] = []
    towns: list[int] = []
    for municipality in world.visit(world.municipalities):
        m = municipality.index
        answers, displaced = municipality.answer(asked[m], busy[m], p.overrun, p.junior, seniority)
        if world.witness is not None and world.witness.municipality == m:
            world.witness.invited(world, meetings, asked[m], answers, displaced)
        said += answers
        towns += [m] * len(answers)
        now["displaced_minutes"][m] += displaced
    number, came, minutes = np.array(said, dtype=np.int64).reshape(-1, 3).T
    town = np.array(towns, dtype=np.int64)
    spent = np.zeros(n, np.int64)
    np.add.at(spent, town, minutes)
    now["invited"] += np.bincount(town, minlength=n)
    now["attended"] += np.bincount(town[came > 0], minlength=n)
    now["meeting_minutes"] += spent
    world.charge("meetings", "municipality", world.municipality_space, spent)
    seniors, juniors = (np.bincount(number[came == rank], minlength=len(meetings)) for rank in (SENIOR, JUNIOR))
    order = np.lexsort((town, number))
    order = order[came[order] > 0]
    ends = np.cumsum(seniors + juniors)
    there = town[order].tolist()
    for k, (meeting, a, b) in enumerate(zip(meetings, [0, *ends], ends, strict=False)):
        meeting.seniors, meeting.juniors, meeting.there = int(seniors[k]), int(juniors[k]), there[a:b]


def _departments_come(world: World, meetings: list[Meeting]) -> None:
    """Departments come to the meetings they have seats in, as far as habit and their hours go."""
    p = world.params[Engagement]
    forums = [world.forums[m.forum] for m in meetings]
    national = np.array([d.sphere == "national" for d in world.institutions.departments])
    near = np.where(national, p.national_attendance, p.department_attendance)
    seats = _seats(forums, world)
    far = np.array([f.level == "national" for f in forums], dtype=np.bool_)
    habit = np.where(far[:, None], p.department_attendance, near)
    keys = np.array([f.key for f in forums], dtype=np.uint64)
    nth = np.array([m.nth for m in meetings], dtype=np.int64)
    luck = world.draws["department attends"].uniform(world.ordinal, keys[:, None], nth[:, None], world.seat_keys)
    habit = world.planners.department_comes(
        world,
        Seats(
            habit=habit,
            statutory=np.array([f.statutory for f in forums], dtype=np.float64),
            scheduled=np.array([not f.ad_hoc for f in forums], dtype=np.bool_),
            spaces=[f.spaces for f in forums],
        ),
    )
    come = seats & (luck < habit * _departments_attention(world, forums, seats, far, national, near))
    convener = np.array([f.convener for f in forums], dtype=np.int64)
    come[np.flatnonzero(convener >= 0), convener[convener >= 0]] = True
    for meeting, departments in zip(meetings, come, strict=True):
        meeting.departments = departments


def _departments_attention(
    world: World,
    forums: list[Forum],
    seats: NDArray[np.bool_],
    far: NDArray[np.bool_],
    national: NDArray[np.bool_],
    near: NDArray[np.float64],
) -> NDArray[np.float64]:
    """How far departments' hours for meetings go: the share of what they would attend that they can.

    Returns
    -------
    (meetings, departments) float
        1 where there are hours for every meeting a department would go to.
    """
    p = world.params[Engagement]
    about = np.zeros((len(forums), len(world.geography.provinces.codes)), np.bool_)
    number, space = covered(forums)
    about[number, world.space_province[space]] = True
    minutes = seats * _department_minutes(world, forums)
    wanted = about.T.astype(np.int64) @ minutes
    # a national department sends one delegation to a meeting, however many provinces it is about
    away, local = minutes[far].sum(axis=0), minutes[~far].sum(axis=0)
    # national departments have one set of officials for all provinces; a part of the country has its part of them
    own = 60 * p.provincial_hours * world.part_of_province()[:, None]
    share = world.spaces / max(world.spaces_in_country, 1)
    whole = np.maximum(near * wanted, 1.0)
    provincial = np.minimum(own / whole, 1.0)
    whole_nation = np.maximum(p.department_attendance * away + near * local, 1.0)
    everywhere = np.minimum(60 * p.national_hours * share / whole_nation, 1.0)
    reach = np.where(national[None, :], everywhere[None, :], provincial)
    alike, kind = np.unique(about, axis=0, return_inverse=True)
    return np.array([reach[where].mean(axis=0) for where in alike]).reshape(len(alike), len(national))[kind.ravel()]


def _department_minutes(world: World, forums: list[Forum]) -> I64:
    """Minutes of each department for one meeting of each forum, the way there included as far as it is travelled."""
    journeys = mean_over(world.circumstances.journeys, [f.spaces for f in forums])
    way = np.rint(60 * world.params[Engagement].department_travel * journeys[:, None] * nearer(world, forums))
    sitting = np.array([f.minutes + f.preparation for f in forums], dtype=np.int64)
    return np.asarray(sitting[:, None] + way.astype(np.int64))


def _departments_hours(world: World, meetings: list[Meeting]) -> None:
    """Departments' hours, borne by their spheres and shared over the spaces a forum covers."""
    forums = [world.forums[m.forum] for m in meetings]
    if not forums:
        return
    national = np.array([d.sphere == "national" for d in world.institutions.departments])
    come = np.array([m.departments for m in meetings])
    each = _department_minutes(world, forums)
    for sphere, those in (("nation", national), ("province", ~national)):
        # departments of a type come from every province a national forum covers; one is counted
        world.charge("meetings", sphere, *shared_out((come * each)[:, those].sum(axis=1), forums))
    convening = round(60 * world.params[Engagement].convening)
    # what a hub convenes is in its posts' hours
    conveners = [
        "" if f.of_hub else "municipality" if f.convener < 0 else "nation" if national[f.convener] else "province"
        for f in forums
    ]
    for bearer in ("nation", "province", "municipality"):
        called = [f for f, convener in zip(forums, conveners, strict=True) if convener == bearer]
        world.charge("convening", bearer, *shared_out(np.full(len(called), convening), called))


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
    working = [m for m in meetings if m.quorate]
    if not working:
        return
    forums = [world.forums[m.forum] for m in working]
    # counted in floats, where products of matrices are quick and whole numbers of this size exact
    seats = np.array([m.departments for m in working]).astype(np.float64)
    towns = np.zeros((len(working), len(world.municipalities)))
    for row, meeting in zip(towns, working, strict=True):
        row[meeting.there] = 1.0
    decided = np.array([m.decisions > 0 for m in working])
    together = (towns.T @ seats).astype(np.int64)
    fruitful = (towns[decided].T @ seats[decided]).astype(np.int64)
    peers = np.zeros(world.peer_ties.shape, np.int64)
    near = np.array([forum.level != "national" for forum in forums])
    number, where = covered(forums)
    for space in range(world.spaces):
        here = seats[number[(where == space) & near[number]]]
        peers[space] = (here.T @ here).astype(np.int64)
    for forum in forums:
        if forum.rule == "task_teams":
            world.salience[forum.spaces] += follow_up * (1 - world.salience[forum.spaces])
    world.ties[:] = 1 - (1 - world.ties) * _left(1 - gain, together)
    world.trust[:] = 1 - (1 - world.trust) * _left(1 - world.params[Trusting].meeting, fruitful)
    world.peer_ties[:] = 1 - (1 - world.peer_ties) * _left(1 - gain, peers)


def _left(part: float, times: I64) -> NDArray[np.float64]:
    """What is left after taking such a part so many times."""
    return np.asarray((part ** np.arange(times.max() + 1))[times])
