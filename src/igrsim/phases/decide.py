"""Problems come before the forums that meet, and are decided, come back, or lapse.

Garbage-can rules (Cohen, March and Olsen 1972): a problem is decided in a forum once the effort given to it there
has added up; effort given in one forum counts for nothing in another; undecided problems come back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.forums import means
from igrsim.government.hub import HubWork
from igrsim.phases.engagement import Engagement, Meetings, due, replaced, sits
from igrsim.world.frozen import Frozen
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


def decide(world: World, meetings: Meetings) -> None:
    """Put problems on agendas and give them what effort there is."""
    forums, problems = world.forums, world.problems
    now, which = world.now.by_space, meetings.forum
    now["meetings_ppm"] += forums.count(which, world.spaces)
    now["quorate_ppm"] += forums.count(which[meetings.quorate], world.spaces)
    own_date = ~meetings.further & (meetings.nth < due(world)[which]) & ~forums.ad_hoc[which] & ~forums.of_hub[which]
    # called once more; if that fails too, its next date stands
    forums.rescheduled[which[~meetings.quorate & own_date]] = 1
    # a meeting does as much whatever its length: what a host gains are its guests' departments and further meetings
    can = _deciding(world, meetings)
    _refer(world, meetings)
    decided_in = _take_up(world, _effort(world, meetings, can), np.bincount(which[can], minlength=len(forums)))
    open_ = np.flatnonzero(problems.open)
    lapses = world.params[Engagement].lapses
    lapsing = open_[world.draws["problem lapses"].uniform(world.ordinal, problems.key[open_]) < lapses]
    problems.open[lapsing] = False
    world.totals["problems lapsed"] += len(lapsing)
    meetings.decisions = np.where(can, decided_in[which], 0)
    _remember(world, meetings)
    met = forums.met()
    now["forums_ppm"] += forums.count(np.flatnonzero(met), world.spaces)
    now["functional_forums_ppm"] += forums.count(np.flatnonzero(met & forums.functional()), world.spaces)


def _take_up(world: World, effort: F64, times: I64) -> I64:
    """Let forums work on the problems that come before them.

    Parameters
    ----------
    effort : (forums,) float
        That can be given in each this month.
    times : (forums,) int
        Meetings of each that can decide.

    Returns
    -------
    (forums,) int
        Problems decided in each.
    """
    p, problems, now = world.params[Engagement], world.problems, world.now.by_space
    row, place, forum = _before(world, times > 0)
    # what a forum began it takes up again; otherwise it is chance what its members bring
    begun = problems.spent[row, place] > 0
    fancy = world.draws["put on the agenda"].uniform(world.ordinal, problems.key[row], world.forums.key[forum])
    order = np.lexsort((fancy, ~begun, forum))
    row, place, forum = row[order], place[order], forum[order]
    many = np.bincount(forum, minlength=len(times))
    rank = np.arange(len(row)) - (np.cumsum(many) - many)[forum]
    tabled = rank < p.agenda * times[forum]
    row, place, forum = row[tabled], place[tabled], forum[tabled]
    items = np.bincount(forum, minlength=len(times))
    recent = problems.tabled >= world.month - 3
    handled_before = np.count_nonzero(recent, axis=1)[row] > recent[row, place]
    # of several forums that take a problem up in one month, all but one repeat another's work
    first = np.zeros(len(problems.open), np.int64)
    first[row[::-1]] = np.arange(len(row))[::-1]
    repeated = handled_before | (first[row] < np.arange(len(row)))
    now["agenda_items"] += np.bincount(problems.space[row], minlength=world.spaces)
    now["agenda_repeats"] += np.bincount(problems.space[row[repeated]], minlength=world.spaces)
    problems.tabled[row, place] = world.month
    problems.spent[row, place] += effort[forum] / items[forum]
    enough = problems.spent[row, place] >= p.effort
    done, chosen = np.unique(row[enough], return_index=True)
    problems.open[done] = False
    now["decisions"] += np.bincount(problems.space[done], minlength=world.spaces)
    world.totals["problems decided"] += len(done)
    return np.bincount(forum[enough][chosen], minlength=len(times))


def _before(world: World, sits: Flags) -> tuple[I64, I64, I64]:
    """What comes before the forums that sit: open problems, the place of the forum among those of the problem, and the forum."""
    p, problems = world.params[Engagement], world.problems
    options = _options(world)
    table = options.reshape(-1, options.shape[2])
    matter, place = np.nonzero((table >= 0) & sits[table])
    forum = table[matter, place]
    many = np.bincount(matter, minlength=len(table))
    # every open problem before each of the forums for its space and sector
    open_ = np.flatnonzero(problems.open)
    its = problems.space[open_] * options.shape[1] + problems.sector[open_]
    row, count = np.repeat(open_, many[its]), np.cumsum(many[its])
    which = np.arange(len(row)) + np.repeat((np.cumsum(many) - many)[its] - (count - many[its]), many[its])
    place, forum = place[which], forum[which]
    key, referred = world.forums.key[forum], problems.referred[row]
    brought = world.draws["problem raised in a forum"].uniform(problems.key[row], key) < p.raised
    brought |= _brought_by_guests(world, row, forum)
    elsewhere = np.flatnonzero(brought & (referred >= 0) & (referred != forum))
    luck = world.draws["kept off by the agenda"].uniform(problems.key[row[elsewhere]], key[elsewhere])
    brought[elsewhere[luck < p.refers]] = False
    kept = brought | (referred == forum)
    return row[kept], place[kept], forum[kept]


def _remember(world: World, meetings: Meetings) -> None:
    """Members keep in mind whether a meeting was of use, and departments what they heard there."""
    forums, which = world.forums, meetings.forum
    useful = (meetings.decisions > 0) | meetings.showed
    meeting, department = np.nonzero(meetings.departments & meetings.quorate[:, None])
    forums.heard[which[meeting], department] = world.month
    # one meeting after the other
    experience = world.params[Engagement].experience
    for nth in np.unique(meetings.nth):
        now = meetings.nth == nth
        forums.useful[which[now]] += experience * (useful[now] - forums.useful[which[now]])
    forums.remember(world.month, which, useful)


def _brought_by_guests(world: World, row: I64, forum: I64) -> Flags:
    """Whether a problem comes before a forum because one that was merged into it would have had it."""
    problems, framework, forums = world.problems, world.framework, world.forums
    brought = np.zeros(len(row), np.bool_)
    if not framework.merged.any():
        return brought
    # what a hub replaced would have met no longer
    guest, space = np.nonzero(framework.merged & ~replaced(world, world.channels_replaced()))
    # guests of one host in one space stand side by side
    host = framework.host[guest] * world.spaces + space
    order = np.argsort(host, kind="stable")
    guest, host = guest[order], host[order]
    mine = forum * world.spaces + problems.space[row]
    first, last = np.searchsorted(host, mine, side="left"), np.searchsorted(host, mine, side="right")
    count = last - first
    at = np.repeat(np.arange(len(row)), count)
    guest = guest[np.arange(len(at)) + np.repeat(first - (np.cumsum(count) - count), count)]
    theirs = forums.sectors[guest, problems.sector[row[at]]]
    at, guest = at[theirs], guest[theirs]
    luck = world.draws["problem raised in a forum"].uniform(problems.key[row[at]], forums.key[guest])
    brought[at[luck < world.params[Engagement].raised]] = True
    return brought


def find_quorate(world: World, meetings: Meetings) -> None:
    """Note to which meetings enough of those invited came: municipalities, or departments where none is invited.

    In the frozen world departments that a host has in for its guests do not count.
    """
    quorum, forums = world.params[Engagement].quorum, world.forums
    asked, present = meetings.invited.copy(), meetings.seniors + meetings.juniors
    among = np.flatnonzero(asked == 0)
    seats = (forums.own_seats if world.params[Frozen].benefits > 0 else forums.seats)[meetings.forum[among]]
    asked[among], present[among] = seats.sum(axis=1), (meetings.departments[among] & seats).sum(axis=1)
    meetings.quorate = (asked > 0) & (present >= quorum * asked)


def _deciding(world: World, meetings: Meetings) -> Flags:
    """Which meetings can decide: in the frozen world those that silos would hold too, and no other."""
    if not world.params[Frozen].benefits:
        return meetings.quorate
    forums, which = world.forums, meetings.forum
    return meetings.quorate & ~(meetings.further | forums.of_hub[which] | forums.ruled[which])


def _effort(world: World, meetings: Meetings, can: Flags) -> F64:
    """Effort that those who came to meetings that can decide can give to problems, by forum."""
    p, authority, forums = world.params[Engagement], world.circumstances.authority, world.forums
    word = np.ones(len(meetings))
    if not (authority == 1.0).all():
        ends = np.cumsum(np.bincount(meetings.attended, minlength=len(meetings)))
        there = np.split(meetings.town, ends[:-1])
        with_towns = [k for k, towns in enumerate(there) if len(towns)]
        word[with_towns] = means(authority, [there[k] for k in with_towns])
    which = meetings.forum[can]
    seats = meetings.departments[can]
    if world.params[Frozen].benefits:
        seats = seats & forums.own_seats[which]
    seniors, juniors, sat = (
        np.bincount(which, weights=came, minlength=len(forums))
        for came in (
            word[can] * meetings.seniors[can],
            word[can] * meetings.juniors[can],
            np.count_nonzero(seats, axis=1),
        )
    )
    return np.asarray(seniors + p.junior_effort * juniors + p.department_effort * sat)


def _options(world: World) -> I64:
    """Forums that could take up a problem of a space and sector, in the order of their places; -1 beyond the last."""
    known, table = world.calendars.get("forums of problems", (None, None))
    if known is not world.problem_forums:
        most = world.problems.spent.shape[1]
        table = np.full((world.spaces, len(world.sector_keys), most), -1, np.int64)
        for space, by_sector in enumerate(world.problem_forums):
            for sector, forums in enumerate(by_sector):
                table[space, sector, : len(forums)] = forums[:most]
        world.calendars["forums of problems"] = world.problem_forums, table
    found: I64 = table
    return found


def _refer(world: World, meetings: Meetings) -> None:
    """Hubs refer new problems to one forum each, as far as their hours for the agenda went."""
    forums, problems = world.forums, world.problems
    # where nobody keeps the agenda any more, a referral holds nobody off
    problems.referred[world.rules.by_space("joint_arena")[problems.space] <= 0] = -1
    covered = np.zeros(world.spaces)
    for space, hub in world.hubs.items():
        covered[space] = max(hub.coverage["agenda"], 0.0)
    covered *= world.good("joint_arena") > 0
    if not covered.any():
        return
    reach = covered * world.rules.by_space("joint_arena")
    new = np.flatnonzero((problems.referred < 0) & (problems.born == world.month))
    new = new[world.draws["referred by the hub"].uniform(problems.key[new]) < reach[problems.space[new]]]
    waiting = problems.referred[problems.open & (problems.referred >= 0)]
    queue = np.bincount(waiting, minlength=len(forums))
    kept = sits(world)
    rhythm = kept * forums.a_year
    rhythm[rhythm == 0] = world.params[HubWork].meetings
    # forums of the space itself that meet by their rhythm
    stands = forums.local & ~forums.ad_hoc & (kept > 0) & ~meetings.gone[np.arange(len(forums)), forums.home]
    # the first new problem of every space, then the second ...
    many = np.bincount(problems.space[new], minlength=world.spaces)
    order = np.argsort(problems.space[new], kind="stable")
    turn = np.empty(len(new), np.int64)
    turn[order] = np.arange(len(new)) - np.repeat(np.cumsum(many) - many, many)
    options = _options(world)
    for nth in range(int(many.max(initial=0))):
        problem = new[turn == nth]
        could = options[problems.space[problem], problems.sector[problem]]
        # where it would be decided soonest: many meetings, few matters waiting
        soon = np.where((could >= 0) & stands[could], rhythm[could] / (1 + queue[could]), -1.0)
        best = could[np.arange(len(could)), soon.argmax(axis=1)]
        queue[best] += 1
        problems.referred[problem] = best
