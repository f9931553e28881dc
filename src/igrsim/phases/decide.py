"""Problems come before the forums that meet, and are decided, come back, or lapse.

Garbage-can rules (Cohen, March and Olsen 1972): a problem is decided in a forum once the effort given to it there
has added up; effort given in one forum counts for nothing in another; undecided problems come back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.hub import HubWork
from igrsim.phases.engagement import Engagement, Meeting, retired
from igrsim.world.world import World

I64 = NDArray[np.int64]


def decide(world: World, meetings: list[Meeting]) -> None:
    """Put problems on agendas and give them what effort there is."""
    p = world.params[Engagement]
    problems = world.problems
    by_forum: dict[int, list[Meeting]] = {}
    now = world.now.by_space
    came = np.zeros((3, len(world.forums)))
    authority = world.circumstances.authority
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
            # summed in one order whatever the order of coming
            word = float(authority[sorted(meeting.there)].mean()) if meeting.there else 1.0
            came[:, meeting.forum] += (word * meeting.seniors, word * meeting.juniors, meeting.departments.sum())
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
        meeting.decisions = decided_in.get(meeting.forum, 0) if meeting.quorate else 0
        useful = meeting.decisions > 0
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
        if world.good("joint_arena")[space] <= 0 or hub.coverage["agenda"] <= 0:
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
                and (not world.forums[f].rule or world.rules.by_space(world.forums[f].rule)[space] > 0)
                and not retired(world, world.forums[f], replaced[space])
            ]
            # where it would be decided soonest: many meetings, few matters waiting
            best = max(near, key=lambda f: ((world.forums[f].a_year or hub_meetings) / (1 + queue.get(f, 0)), -f))
            queue[best] = queue.get(best, 0) + 1
            problems.referred[problem] = best
