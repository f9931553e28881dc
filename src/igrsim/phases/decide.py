"""Problems come before the forums that meet, and are decided, come back, or lapse.

Garbage-can rules (Cohen, March and Olsen 1972): a problem is decided in a forum once the effort given to it there
has added up; effort given in one forum counts for nothing in another; undecided problems come back.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from igrsim.government.forum import Forum
from igrsim.government.hub import HubWork
from igrsim.phases.engagement import Engagement, Meeting, due, mean_over, replaced, retired, shared_out, sits
from igrsim.world.frozen import Frozen
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


def decide(world: World, meetings: list[Meeting]) -> None:
    """Put problems on agendas and give them what effort there is."""
    p = world.params[Engagement]
    problems = world.problems
    forums = [world.forums[m.forum] for m in meetings]
    held = quorate(world, meetings)
    now = world.now.by_space
    _count(now["meetings_ppm"], forums)
    _count(now["quorate_ppm"], [world.forums[m.forum] for m in held])
    for meeting, forum in zip(meetings, forums, strict=True):
        by_itself = not forum.ad_hoc and not forum.of_hub
        if not meeting.quorate and by_itself and not meeting.further and meeting.nth < due(world, forum):
            # called once more; if that fails too, its next date stands
            forum.rescheduled = 1
    # a meeting does as much whatever its length: what a host gains are its guests' departments and further meetings
    can = _deciding(world, held)
    those = {id(m) for m in can}
    effort = _effort(world, can)
    times = np.bincount([m.forum for m in can], minlength=len(world.forums)) if can else np.zeros(len(world.forums))
    _refer(world)
    # which open problems each meeting forum could take up
    most = problems.spent.shape[1]
    open_ = np.flatnonzero(problems.open)
    options = _options(world, most)[problems.space[open_], problems.sector[open_]]
    row, place = np.nonzero((options >= 0) & (times[options] > 0))
    row, forum_of = open_[row], options[row, place]
    decided_in = np.zeros(len(world.forums), np.int64)
    if len(row):
        keys = np.array([f.key for f in world.forums], dtype=np.uint64)[forum_of]
        luck = world.draws["kept off by the agenda"].uniform(problems.key[row], keys)
        elsewhere = (problems.referred[row] >= 0) & (problems.referred[row] != forum_of) & (luck < p.refers)
        brought = world.draws["problem raised in a forum"].uniform(problems.key[row], keys) < p.raised
        brought |= _brought_by_guests(world, row, forum_of)
        kept = ~elsewhere & (brought | (problems.referred[row] == forum_of))
        row, place, forum_of, keys = row[kept], place[kept], forum_of[kept], keys[kept]
        # what a forum began it takes up again; otherwise it is chance what its members bring
        begun = problems.spent[row, place] > 0
        fancy = world.draws["put on the agenda"].uniform(world.ordinal, problems.key[row], keys)
        order = np.lexsort((fancy, ~begun, forum_of))
        row, place, forum_of = row[order], place[order], forum_of[order]
        starts = np.flatnonzero(np.concatenate([[True], forum_of[1:] != forum_of[:-1]]))
        rank = np.arange(len(row)) - np.repeat(starts, np.diff(np.concatenate([starts, [len(row)]])))
        tabled = rank < p.agenda * times[forum_of]
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
        np.add.at(decided_in, forum_of[enough][chosen], 1)
        np.add.at(now["decisions"], problems.space[done], 1)
        world.totals["problems decided"] += len(done)
    lapsing = problems.open & (world.draws["problem lapses"].uniform(world.ordinal, problems.key) < p.lapses)
    problems.open[lapsing] = False
    world.totals["problems lapsed"] += int(lapsing.sum())
    for meeting in sorted(meetings, key=lambda m: (m.forum, m.nth)):
        forum = world.forums[meeting.forum]
        meeting.decisions = int(decided_in[meeting.forum]) if id(meeting) in those else 0
        useful = meeting.decisions > 0 or meeting.showed
        if meeting.quorate:
            forum.heard[meeting.departments] = world.month
        forum.useful += p.experience * (float(useful) - forum.useful)
        forum.remember(world.month, useful)
    met = [forum for forum in world.forums if forum.recent and forum.met_since(world.month - 11)]
    _count(now["forums_ppm"], met)
    _count(now["functional_forums_ppm"], [forum for forum in met if forum.functional])


def _brought_by_guests(world: World, row: I64, forum_of: I64) -> NDArray[np.bool_]:
    """Whether a problem comes before a forum because one that was merged into it would have had it."""
    problems, framework = world.problems, world.framework
    brought = np.zeros(len(row), np.bool_)
    # what a hub replaced would have met no longer
    merged = framework.merged & ~replaced(world, world.channels_replaced())
    for guest in np.flatnonzero(merged.any(axis=1)):
        forum = world.forums[guest]
        at = np.flatnonzero(forum_of == framework.host[guest])
        at = at[merged[guest, problems.space[row[at]]] & forum.sectors[problems.sector[row[at]]]]
        luck = world.draws["problem raised in a forum"].uniform(problems.key[row[at]], forum.key)
        brought[at] |= luck < world.params[Engagement].raised
    return brought


def quorate(world: World, meetings: list[Meeting]) -> list[Meeting]:
    """Meetings to which enough of those invited came: municipalities, or departments where none is invited.

    In the frozen world departments that a host has in for its guests do not count.
    """
    quorum, frozen = world.params[Engagement].quorum, world.params[Frozen].benefits > 0
    for meeting in meetings:
        assert meeting.departments is not None
        if meeting.invited:
            asked, present = meeting.invited, meeting.seniors + meeting.juniors
        else:
            forum = world.forums[meeting.forum]
            seats = forum.own_seats if frozen else forum.seats
            asked, present = int(np.count_nonzero(seats)), int(np.count_nonzero(meeting.departments & seats))
        meeting.quorate = asked > 0 and present >= quorum * asked
    return [m for m in meetings if m.quorate]


def _deciding(world: World, held: list[Meeting]) -> list[Meeting]:
    """Meetings that can decide: in the frozen world those that silos would hold too, and no other."""
    if not world.params[Frozen].benefits:
        return held
    forums = [world.forums[m.forum] for m in held]
    return [m for m, f in zip(held, forums, strict=True) if not (m.further or f.of_hub or f.rule)]


def _effort(world: World, held: list[Meeting]) -> F64:
    """Effort that those who came to quorate meetings can give to problems, by forum."""
    p, authority = world.params[Engagement], world.circumstances.authority
    came = np.zeros((3, len(world.forums)))
    if held:
        forum = np.array([m.forum for m in held])
        # summed in one order whatever the order of coming
        there = [np.array(sorted(m.there or []), dtype=np.int64) for m in held]
        word = np.ones(len(held))
        with_towns = [k for k, towns in enumerate(there) if len(towns)]
        word[with_towns] = mean_over(authority, [there[k] for k in with_towns])
        np.add.at(came[0], forum, word * [m.seniors for m in held])
        np.add.at(came[1], forum, word * [m.juniors for m in held])
        sat = np.array([m.departments for m in held])
        if world.params[Frozen].benefits:
            sat &= np.array([world.forums[m.forum].own_seats for m in held])
        np.add.at(came[2], forum, sat.sum(axis=1))
    return np.asarray(came[0] + p.junior_effort * came[1] + p.department_effort * came[2])


def _options(world: World, most: int) -> I64:
    """Forums that could take up a problem of a space and sector, in the order of their places; -1 beyond the last."""
    table = np.full((world.spaces, len(world.sector_keys), most), -1, np.int64)
    for space, by_sector in enumerate(world.problem_forums):
        for sector, forums in enumerate(by_sector):
            table[space, sector, : len(forums)] = forums[:most]
    return table


def _count(counts: I64, forums: Sequence[Forum]) -> None:
    """Count a thing of each forum once, in equal parts over the spaces it covers (parts per million)."""
    np.add.at(counts, *shared_out(np.full(len(forums), 1_000_000), forums))


def _refer(world: World) -> None:
    """Hubs refer new problems to one forum each, as far as their hours for the agenda went."""
    hub_meetings = world.params[HubWork].meetings
    gone, joint = retired(world), world.good("joint_arena")
    problems = world.problems
    luck = world.draws["referred by the hub"].uniform(problems.key)
    for space, hub in world.hubs.items():
        if joint[space] <= 0 or hub.coverage["agenda"] <= 0:
            continue
        here = problems.space == space
        reach = hub.coverage["agenda"] * world.rules[space].joint_arena
        taken = here & (problems.referred < 0) & (problems.born == world.month) & (luck < reach)
        waiting = problems.referred[here & problems.open]
        queue = dict(zip(*np.unique(waiting[waiting >= 0], return_counts=True), strict=True))
        stands: dict[int, bool] = {}
        for problem in np.flatnonzero(taken):
            options = world.problem_forums[space][problems.sector[problem]]
            for f in options:
                if f not in stands:
                    stands[f] = _stands(world, world.forums[f]) and not gone[f, space]
            # where it would be decided soonest: many meetings, few matters waiting
            best = max(
                (f for f in options if stands[f]),
                key=lambda f: (
                    (sits(world, world.forums[f]) * world.forums[f].a_year or hub_meetings) / (1 + queue.get(f, 0)),
                    -f,
                ),
            )
            queue[best] = queue.get(best, 0) + 1
            problems.referred[problem] = best


def _stands(world: World, forum: Forum) -> bool:
    """Whether a forum is one of the space itself that meets by its rhythm."""
    return forum.level == "space" and not forum.ad_hoc and sits(world, forum) > 0
