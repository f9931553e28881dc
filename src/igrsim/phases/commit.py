"""When a financial year begins, overlaps that were found are withdrawn and the rest is committed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.phases.giving_way import behind, yields
from igrsim.phases.knowing import Pairs, complement_missing, knows, sight
from igrsim.phases.letting import procurement
from igrsim.phases.plan import clear_drafts, draft, eligible, mark_compared, others_known, pick, pledge, within_means
from igrsim.plans.calendars import CYCLES, Cycle
from igrsim.plans.works import Delivery, total
from igrsim.world.world import BEARERS, World

I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]

ROUNDS = 60
"""Rounds of withdrawing and drafting anew; more change nothing."""


def commit(world: World) -> None:
    """Close the year of a sphere whose financial year begins this month, and commit the new year's money."""
    for cycle in world.visit(CYCLES):
        if world.calendar_month == cycle.commit_month:
            close(world, cycle)
            appropriate(world, cycle)
            _commit(world, cycle)


def purses_of(world: World, cycle: Cycle) -> Flags:
    """Portfolios of a cycle's sphere."""
    return np.asarray(world.portfolios.municipal == (cycle.sphere == "municipalities"))


def close(world: World, cycle: Cycle) -> None:
    """Year-end: what is not committed is rolled over where that is approved, the rest is surrendered."""
    purses, mine = world.purses, purses_of(world, cycle)
    if world.month >= 12:
        # a year that was under way when the study began is no whole year to judge by
        world.count_by_purse("year_cents", mine, purses.year)
        world.count_by_purse("unspent_cents", mine, _unspent(world))
    left = np.maximum(purses.free, 0)
    kept = np.floor(left * world.params[Delivery].rolled_over).astype(np.int64)
    world.count_by_purse("uncommitted_cents", mine, left)
    world.count_by_purse("rolled_over_cents", mine, kept)
    world.count_by_purse("surrendered_cents", mine, left - kept)
    purses.surrendered[mine] += (left - kept)[mine]
    purses.free[mine] -= (left - kept)[mine]


def _unspent(world: World) -> I64:
    """What each till has left of a year's money, entered at the first of its purses."""
    till, purses = world.portfolios.till, world.purses
    left = np.bincount(till, weights=purses.year) - np.bincount(till, weights=purses.paid)
    first = np.unique(till, return_index=True)[1]
    found = np.zeros(len(till), np.int64)
    # what was rolled over from earlier years may be paid beside this year's
    found[first] = np.maximum(np.rint(left), 0).astype(np.int64)
    return found


def appropriate(world: World, cycle: Cycle) -> None:
    """A new year's money."""
    purses, mine = world.purses, purses_of(world, cycle)
    cents = world.appropriated
    purses.year[mine] = cents[mine]
    purses.paid[mine] = 0
    purses.free[mine] += cents[mine]
    purses.appropriated[mine] += cents[mine]
    world.planners.year_begins(world, mine)
    world.count_by_purse("appropriated_cents", mine, cents)


def _commit(world: World, cycle: Cycle) -> None:
    items = world.pipeline
    if cycle.sphere not in world.drafted_in:
        # the study begins as a financial year does: what was drafted before is drafted now
        draft(world, cycle)
    # what arose since the drafts waits for the next ones
    pairs = eligible(world, cycle, born_by=world.drafted_in[cycle.sphere])
    mark_compared(world, cycle)
    _withdraw(world, pairs)
    drafts = pairs.those(items.drafted[pairs.item, pairs.slot])
    # where less was appropriated than drafts were made for, the most pressing of them are paid for
    enter(world, drafts.those(_affordable(world, drafts)))
    clear_drafts(world, cycle)


def _affordable(world: World, drafts: Pairs) -> Flags:
    wanted = total(drafts.portfolio, world.pipeline.cents[drafts.item], len(world.purses.free))
    short = (wanted > world.purses.free + pledge(world))[drafts.portfolio]
    if not short.any():
        return ~short
    return ~short | pick(world, drafts, short, np.maximum(world.purses.free, 0), pledge(world))


def enter(world: World, taken: Pairs) -> None:
    """Commit what was taken: works begin, money leaves the purse, and what is funded beyond need is counted."""
    items, purses = world.pipeline, world.purses
    item, slot, portfolio = taken.item, taken.slot, taken.portfolio
    cents = items.cents[item]
    newly = np.bincount(item, minlength=len(items))
    touched = np.flatnonzero(newly)
    before = items.funded[touched].sum(axis=1)
    beyond = np.where(before > 0, newly[touched], newly[touched] - 1)
    now, where, towns = world.now.by_municipality, items.municipality[touched], len(world.municipalities)
    now["committed_cents"] += total(where, newly[touched] * items.cents[touched], towns)
    now["duplicate_cents"] += total(where, beyond * items.cents[touched], towns)
    now["duplicate_items"] += np.bincount(where[(beyond > 0) & (before <= 1)], minlength=towns)
    _charge_duplicates(world, item, portfolio, beyond, newly, touched)
    items.funded[item, slot] = True
    world.planners.committed(world, item, slot)
    own = items.owner[item] == slot
    items.paid_in[item[own]] = world.month
    by_purse = total(portfolio, cents, len(purses.free))
    purses.free -= by_purse
    purses.committed += by_purse
    begun = np.full(len(item), world.month)
    let = begun + procurement(world, item, portfolio)
    world.works.add(item, slot, portfolio, cents, np.zeros(len(item), np.int64), begun, let, world.params[Delivery])


def _charge_duplicates(world: World, item: I64, portfolio: I64, beyond: I64, newly: I64, touched: I64) -> None:
    """Charge what was committed beyond requirement to those who committed it, in equal parts."""
    extra = np.zeros(len(newly), np.int64)
    extra[touched] = beyond * world.pipeline.cents[touched]
    again = np.flatnonzero(extra[item] > 0)
    again = again[np.lexsort((portfolio[again], item[again]))]
    item, actor = item[again], world.portfolios.actor[portfolio[again]]
    bearer = world.bearer_of(actor)
    part = extra[item] // newly[item]
    # the cent that does not divide goes with the first of them
    first = np.zeros(len(item), np.bool_)
    first[np.unique(item, return_index=True)[1]] = True
    part = part + np.where(first, extra[item] - part * newly[item], 0)
    for k, name in enumerate(BEARERS):
        mine = bearer == k
        world.charge("items funded twice", name, world.pipeline.space[item[mine]], 0, part[mine])


def _withdraw(world: World, pairs: Pairs) -> None:
    """Who finds an overlap before commitment settles who withdraws, and takes the next item with the freed money.

    So does who finds that the complement of an item is nobody's plan. What a hub compared is what was brought to it: a
    replacement is checked through ties and published plans only.
    """
    items = world.pipeline
    fresh = pairs.those(items.drafted[pairs.item, pairs.slot])
    now, towns = world.now.by_municipality, len(world.municipalities)
    settled = np.zeros_like(items.drafted)
    instead = pairs
    for turn in range(ROUNDS):
        found, leaving = _overlaps(world, fresh, settled, first=turn == 0)
        if turn == 0:
            for name, which in (("overlap_found_cents", found), ("overlap_moved_cents", leaving)):
                item = fresh.item[which]
                now[name] += total(items.municipality[item], items.cents[item], towns)
            items.unyielded[fresh.item[found & ~leaving]] = world.month
            leaving = leaving | complement_missing(world, fresh, compared=True)
        if not leaving.any():
            break
        gone = fresh.those(leaving)
        freed = total(gone.portfolio, items.cents[gone.item], len(world.purses.free))
        if turn == 0:
            # what stands in drafts now is asked about before any of it is withdrawn
            instead = _replacements(world, pairs, freed)
        items.drafted[gone.item, gone.slot] = False
        settled = items.drafted.copy()
        # only those who withdrew choose anew, and only for the money they freed
        taken = pick(world, instead, freed[instead.portfolio] > 0, freed)
        fresh, instead = instead.those(taken), instead.those(~taken)
        items.drafted[fresh.item, fresh.slot] = True


def _replacements(world: World, pairs: Pairs, freed: I64) -> Pairs:
    """What those who withdrew may take instead: not drafted, within the money they freed, and free as far as they know."""
    choice = within_means(world, pairs.those(~world.pipeline.drafted[pairs.item, pairs.slot]), freed)
    return choice.those(~(others_known(world, choice) | complement_missing(world, choice, compared=True)))


def _overlaps(world: World, drafts: Pairs, settled: Flags, first: bool) -> tuple[Flags, Flags]:
    """Of these drafts, those found to overlap with another's that should stay, and those withdrawn.

    Parameters
    ----------
    settled : (items, slots) bool
        Drafts of earlier rounds: who comes later gives way to them.
    first : bool
        The round in which drafts that were laid down meet: what is made of it is remembered.
    """
    items = world.pipeline
    found, leaving = np.zeros((2, len(drafts)), np.bool_)
    about, other = drafts.meeting(items.drafted | items.funded)
    met = drafts.those(about)
    theirs = items.portfolio[met.item, other]
    # what is committed cannot move
    bound = items.funded[met.item, other]
    stays = bound | settled[met.item, other] | behind(world, met.item, met.portfolio, met.slot, theirs, other)
    about, other, theirs, bound, met = about[stays], other[stays], theirs[stays], bound[stays], met.those(stays)
    item, mine, slot = met.item, met.portfolio, met.slot
    both = items.compared[item, slot] & items.compared[item, other]
    seen = np.zeros(len(about))
    for drafted, those in ((False, np.flatnonzero(bound)), (True, np.flatnonzero(~bound))):
        pair = item[those], mine[those], theirs[those]
        site = None if drafted else items.building[pair[0], other[those]]
        seen[those] = sight(world, *pair, drafted, both[those], site)
    overlap = knows(world, item, mine, theirs) < seen
    item, mine, theirs = item[overlap], mine[overlap], theirs[overlap]
    gone = yields(world, item, mine, theirs)
    found[about[overlap]] = True
    leaving[about[overlap][gone]] = True
    if first:
        world.planners.met_overlap(world, item, mine, theirs, gone)
    return found, leaving
