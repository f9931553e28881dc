"""Forums meet: who is called, who comes and whom they send, and who gets to know whom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.authority import Trusting
from igrsim.government.centre import Principals
from igrsim.government.municipality import JUNIOR, SENIOR, Administration, Invitation, Weighed, weigh
from igrsim.phases.decide import decide, find_quorate
from igrsim.phases.engagement import Engagement, Meetings, due, retired, sits
from igrsim.phases.indaba import lay_side_by_side
from igrsim.phases.regions import nearer
from igrsim.world.frozen import Frozen
from igrsim.world.planners._base import Invited, Seats
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


def meet(world: World) -> None:
    """Hold the month's meetings."""
    meetings = _called(world)
    _attend(world, meetings)
    find_quorate(world, meetings)
    lay_side_by_side(world, meetings)
    decide(world, meetings)
    _sit_on_plans(world, meetings)
    _learn_of_each_other(world, meetings)


def _called(world: World) -> Meetings:
    """Meetings that the rhythm asks for, that were rescheduled, or that someone calls."""
    forums, calendar = world.forums, world.calendar_month
    further = forums.further(calendar)
    beside = forums.rescheduled + forums.called
    asked = forums.due(calendar) + further + forums.of_hub + beside > 0
    asked &= sits(world) > 0
    convenes = np.zeros(world.spaces, np.int64)
    convenes[[space for space, hub in world.hubs.items() if hub.convenes]] = 1
    own = np.where(forums.of_hub, convenes[forums.home], due(world) + beside)
    forums.rescheduled[asked] = forums.called[asked] = 0
    # those for its guests come after its own, whose luck is what it would have been
    count = np.where(asked, own + further, 0)
    meets = np.flatnonzero(count)
    # what a hub replaces of a wider forum is only its own space's part in it
    gone = retired(world)
    if gone.any():
        left = forums.covers.count[meets] - _covered(world, meets, gone[meets])
        meets = meets[(left > 0) | ~(forums.local[meets] | world.framework.merged[meets].any(axis=1))]
    which = np.repeat(meets, count[meets])
    nth = np.arange(len(which)) - np.repeat(np.cumsum(count[meets]) - count[meets], count[meets])
    called_off = world.circumstances.called_off
    if called_off.any():
        luck = world.draws["meeting called off"].uniform(world.ordinal, forums.key[which], nth)
        held = luck >= forums.mean_over(called_off, which)
        which, nth = which[held], nth[held]
    return Meetings.called(which, nth, nth >= own[which], gone, forums.seats.shape[1])


def _covered(world: World, forum: I64, spaces: Flags) -> I64:
    """Of the spaces that each of some forums covers, how many are among those marked for it.

    Parameters
    ----------
    spaces : (forums, spaces) bool
    """
    number, row = world.forums.covers.rows(forum)
    marked = spaces[number, world.forums.covers.entries[row]]
    return np.bincount(number[marked], minlength=len(forum))


def _attend(world: World, meetings: Meetings) -> None:
    """Municipalities and departments decide whether to come, and whom to send."""
    each = _department_minutes(world, meetings.forum)
    _departments_come(world, meetings, each)
    forums, p = world.forums, world.params[Engagement]
    which, row = forums.members.rows(meetings.forum)
    who, way = forums.members.entries[row], forums.travel[row]
    if meetings.gone.any():
        stay = ~meetings.gone[meetings.forum[which], world.municipality_space[who]]
        which, who, way = which[stay], who[stay], way[stay]
    meetings.invited = np.bincount(which, minlength=len(meetings))
    forum = meetings.forum[which]
    way = np.rint(way * world.circumstances.journeys[world.municipality_space[who]]).astype(np.int64)
    minutes = forums.delegates[forum] * (forums.minutes[forum] + forums.preparation[forum] + way)
    statutory, useful, key = forums.statutory[forum], forums.useful[forum], forums.key[forum]
    load = np.array([m.load for m in world.municipalities])[who]
    invited = Invited(
        town=who,
        habit=p.base_attendance,
        law=p.statutory_pull * statutory,
        use=p.usefulness_pull * (useful - 0.5),
        fatigue=p.fatigue * np.minimum(load, 2.0),
        statutory=statutory,
        scheduled=~forums.ad_hoc[forum],
        forum=which,
        seats=forums.seats[meetings.forum],
    )
    pull = world.planners.municipality_comes(world, invited)
    chance = np.clip(pull, 0.02, 0.98) * world.circumstances.willing[who]
    held = forums.key[meetings.forum], meetings.nth
    willing, overrun, senior = (
        world.draws[purpose].of(world.ordinal, *held).uniform(which, world.municipality_keys[who])
        for purpose in ("delegation willing", "delegation overruns", "delegation senior")
    )
    authority = np.where(forums.provincial[forum], 1.0, 0.5)
    # a stable order among equal weights: by the forum's key, not by when it was called
    weight = 2 * statutory + authority + useful + (key >> np.uint64(11)).astype(np.float64) * 1e-22
    order = np.lexsort((which, -weight, who))
    asked = Weighed(who[order], minutes[order], (willing < chance)[order], overrun[order], senior[order])
    _send(world, meetings, which[order], weight[order], asked)
    _departments_hours(world, meetings, each)


def _send(world: World, meetings: Meetings, number: I64, weight: F64, asked: Weighed) -> None:
    """Each municipality answers its invitations; hours are charged and meetings know who is there.

    Parameters
    ----------
    number : (n,) int
        Which meeting each invitation is to.
    weight : (n,) float
    """
    p, seniority = world.params[Engagement], world.params[Administration].seniority
    now, n = world.now.by_municipality, len(world.municipalities)
    # what must be done anyway comes before meetings: this month's, and planning and support as they were last month
    standing = now["report_minutes"] + now["imbizo_minutes"] + now["upkeep_minutes"]
    hours, engaged, leads = (
        np.array([getattr(m, name) for m in world.municipalities]) for name in ("minutes", "engaged", "condition")
    )
    left = np.maximum(hours - standing - engaged, 0)
    came, displaced = weigh(asked, left, leads + seniority, p.overrun, p.junior)
    minutes = np.where(came > 0, asked.minutes, 0)
    if world.witness is not None:
        mine = np.flatnonzero(asked.town == world.witness.municipality)
        columns = (number, weight, asked.minutes, asked.willing, asked.overrun, asked.senior)
        letters = list(map(Invitation, *(column[mine].tolist() for column in columns)))
        answers = list(zip(*(column[mine].tolist() for column in (number, came, minutes)), strict=True))
        world.witness.invited(world, meetings, letters, answers, int(displaced[world.witness.municipality]))
    spent = np.zeros(n, np.int64)
    np.add.at(spent, asked.town, minutes)
    now["displaced_minutes"] += displaced
    now["invited"] += np.bincount(asked.town, minlength=n)
    now["attended"] += np.bincount(asked.town[came > 0], minlength=n)
    now["meeting_minutes"] += spent
    world.charge("meetings", "municipality", world.municipality_space, spent)
    meetings.seniors, meetings.juniors = (
        np.bincount(number[came == rank], minlength=len(meetings)) for rank in (SENIOR, JUNIOR)
    )
    there = np.flatnonzero(came > 0)
    there = there[np.argsort(number[there], kind="stable")]
    meetings.attended, meetings.town = number[there], asked.town[there]


def _departments_come(world: World, meetings: Meetings, each: I64) -> None:
    """Departments come to the meetings they have seats in, as far as habit and their hours go.

    Parameters
    ----------
    each : (meetings, departments) int
        Minutes that a meeting takes of each.
    """
    p, forums, which = world.params[Engagement], world.forums, meetings.forum
    national = np.array([d.sphere == "national" for d in world.institutions.departments])
    near = np.where(national, p.national_attendance, p.department_attendance)
    habit = np.where(forums.national[which][:, None], p.department_attendance, near)
    luck = world.draws["department attends"].uniform(
        world.ordinal, forums.key[which][:, None], meetings.nth[:, None], world.seat_keys
    )
    habit = world.planners.department_comes(
        world,
        Seats(
            habit=habit,
            statutory=forums.statutory[which],
            scheduled=~forums.ad_hoc[which],
            spaces=list(map(forums.places.__getitem__, which.tolist())),
        ),
    )
    seats = forums.seats[which]
    come = seats & (luck < habit * _departments_attention(world, which, seats * each, national, near))
    called = np.flatnonzero(forums.convener[which] >= 0)
    come[called, forums.convener[which][called]] = True
    meetings.departments = come


def _departments_attention(world: World, forum: I64, minutes: I64, national: Flags, near: F64) -> F64:
    """How far departments' hours for meetings go: the share of what they would attend that they can.

    Parameters
    ----------
    forum : (meetings,) int
        Whose each meeting is.
    minutes : (meetings, departments) int
        What attending would take of each.

    Returns
    -------
    (meetings, departments) float
        1 where there are hours for every meeting a department would go to.
    """
    p, forums = world.params[Engagement], world.forums
    about, alike, kind = _provinces_of(world)
    far = forums.national[forum]
    # in floats, where products of matrices are quick and whole numbers of this size exact
    wanted = about[forums.area[forum]].T.astype(np.float64) @ minutes.astype(np.float64)
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
    mean = np.array([reach[where].mean(axis=0) for where in alike]).reshape(len(alike), len(national))
    return mean[kind[forums.area[forum]]]


def _provinces_of(world: World) -> tuple[Flags, Flags, I64]:
    """Which provinces each of the sets of spaces that forums cover has a part in, each kind of these once, and which kind it is."""
    forums, found = world.calendars.get("provinces of forums", (None, None))
    if forums is not world.forums:
        about = np.zeros((len(world.forums.areas), len(world.geography.provinces.codes)), np.bool_)
        for number, area in enumerate(world.forums.areas):
            about[number, world.space_province[area]] = True
        alike, kind = np.unique(about, axis=0, return_inverse=True)
        found = about, alike, kind.ravel()
        world.calendars["provinces of forums"] = world.forums, found
    kept: tuple[Flags, Flags, I64] = found
    return kept


def _department_minutes(world: World, forum: I64) -> I64:
    """Minutes of each department for one meeting of some forums, the way there included as far as it is travelled."""
    forums = world.forums
    journeys = forums.mean_over(world.circumstances.journeys, forum)
    way = np.rint(60 * world.params[Engagement].department_travel * journeys[:, None] * nearer(world, forum))
    sitting = forums.minutes[forum] + forums.preparation[forum]
    return np.asarray(sitting[:, None] + way.astype(np.int64))


def _departments_hours(world: World, meetings: Meetings, each: I64) -> None:
    """Departments' hours, borne by their spheres and shared over the spaces a forum covers."""
    forums, which = world.forums, meetings.forum
    national = np.array([d.sphere == "national" for d in world.institutions.departments])
    # in floats, where products of matrices are quick and whole numbers of this size exact
    taken = (meetings.departments * each).astype(np.float64) @ np.stack([national, ~national], axis=1)
    for sphere, minutes in zip(("nation", "province"), taken.astype(np.int64).T, strict=True):
        # departments of a type come from every province a national forum covers; one is counted
        world.charge("meetings", sphere, *forums.shared_out(minutes, which))
    convening = round(60 * world.params[Engagement].convening)
    convener = forums.convener[which]
    of_nation = (convener >= 0) & national[convener]
    # what a hub convenes is in its posts' hours
    others = ~forums.of_hub[which]
    for bearer, theirs in (
        ("nation", of_nation),
        ("province", (convener >= 0) & ~of_nation),
        ("municipality", convener < 0),
    ):
        called = which[theirs & others]
        world.charge("convening", bearer, *forums.shared_out(np.full(len(called), convening), called))


def _sit_on_plans(world: World, meetings: Meetings) -> None:
    """Where a forum for all of a space's matters could decide, the work on its plan may go on."""
    forums = world.forums
    sat = meetings.forum[meetings.quorate]
    sat = sat[(forums.local & ~forums.ruled & forums.general)[sat]]
    spaces = set(forums.home[sat].tolist())
    for space, hub in world.hubs.items():
        hub.sat = space in spaces


def _learn_of_each_other(world: World, meetings: Meetings) -> None:
    """Those who sit together in a working meeting get to know each other's plans."""
    gain = world.params[Engagement].tie_gain
    if world.params[Frozen].benefits or not meetings.quorate.any():
        return
    _follow_up(world, meetings)
    forums, departments = world.forums, meetings.departments.shape[1]
    seats = (meetings.departments & meetings.quorate[:, None]).astype(np.int64)
    decided = seats * (meetings.decisions > 0)[:, None]
    order = np.argsort(meetings.town, kind="stable")
    with_whom, town = meetings.attended[order], meetings.town[order]
    begins = np.flatnonzero(np.diff(town, prepend=-1))
    together, fruitful = (np.zeros(world.ties.shape, np.int64) for _ in range(2))
    if len(begins):
        together[town[begins]] = np.add.reduceat(seats[with_whom], begins, axis=0)
        fruitful[town[begins]] = np.add.reduceat(decided[with_whom], begins, axis=0)
    near = np.flatnonzero(meetings.quorate & ~forums.national[meetings.forum])
    number, row = forums.covers.rows(meetings.forum[near])
    space = forums.covers.entries[row]
    order = np.argsort(space, kind="stable")
    space = space[order]
    many = np.bincount(space, minlength=world.spaces)
    # each space's meetings side by side, in floats, where products of matrices are quick and these exact
    there = np.zeros((world.spaces, int(many.max()), departments))
    there[space, np.arange(len(space)) - (np.cumsum(many) - many)[space]] = seats[near[number[order]]]
    peers = (there.transpose(0, 2, 1) @ there).astype(np.int64)
    _grow(world.ties, 1 - gain, together)
    _grow(world.trust, 1 - world.params[Trusting].meeting, fruitful)
    _grow(world.peer_ties, 1 - gain, peers)


def _follow_up(world: World, meetings: Meetings) -> None:
    """Task teams that could decide bring their space to principals' minds."""
    forums = world.forums
    if "task_teams" not in forums.rules:
        return
    team = meetings.quorate & (forums.rule[meetings.forum] == forums.rules.index("task_teams"))
    follow_up = world.params[Principals].follow_up
    for nth in np.unique(meetings.nth[team]):
        space = forums.home[meetings.forum[team & (meetings.nth == nth)]]
        world.salience[space] += follow_up * (1 - world.salience[space])


def _grow(index: F64, left: float, times: I64) -> None:
    """Move an index towards 1: of what is missing such a part is left, so many times over."""
    np.subtract(1, index, out=index)
    index *= (left ** np.arange(times.max() + 1))[times]
    np.subtract(1, index, out=index)
