"""When a financial year begins, overlaps that were found are withdrawn and the rest is committed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.phases.giving_way import behind, yields
from igrsim.phases.knowing import Pairs, complement_missing, knows, sight
from igrsim.phases.letting import procurement
from igrsim.phases.plan import clear_drafts, draft, eligible, mark_compared, others_known, pick, pledge
from igrsim.plans.calendars import CYCLES, Cycle
from igrsim.plans.works import Delivery
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
    drafted = items.drafted[pairs.item, pairs.slot]
    # where less was appropriated than drafts were made for, the most pressing of them are paid for
    enter(world, pairs, _affordable(world, pairs, drafted))
    clear_drafts(world, cycle)


def _affordable(world: World, pairs: Pairs, drafted: Flags) -> Flags:
    wanted = np.zeros(len(world.purses.free), np.int64)
    np.add.at(wanted, pairs.portfolio[drafted], world.pipeline.cents[pairs.item[drafted]])
    short = (wanted > world.purses.free + pledge(world))[pairs.portfolio]
    if not short.any():
        return drafted
    again = pick(world, pairs, drafted & short, np.maximum(world.purses.free, 0), pledge(world))
    return np.asarray((drafted & ~short) | again)


def enter(world: World, pairs: Pairs, taken: Flags) -> None:
    """Commit what was taken: works begin, money leaves the purse, and what is funded beyond need is counted."""
    items, purses = world.pipeline, world.purses
    item, slot, portfolio = pairs.item[taken], pairs.slot[taken], pairs.portfolio[taken]
    order = np.lexsort((slot, item))
    item, slot, portfolio = item[order], slot[order], portfolio[order]
    cents = items.cents[item]
    newly = np.bincount(item, minlength=len(items))
    touched = np.flatnonzero(newly)
    before = items.funded[touched].sum(axis=1)
    beyond = np.where(before > 0, newly[touched], newly[touched] - 1)
    now, where = world.now, items.municipality[touched]
    np.add.at(now.by_municipality["committed_cents"], where, newly[touched] * items.cents[touched])
    np.add.at(now.by_municipality["duplicate_cents"], where, beyond * items.cents[touched])
    np.add.at(now.by_municipality["duplicate_items"], where, (beyond > 0) & (before <= 1))
    _charge_duplicates(world, item, portfolio, beyond, newly, touched)
    items.funded[item, slot] = True
    world.planners.committed(world, item, slot)
    own = items.owner[item] == slot
    items.paid_in[item[own]] = world.month
    np.add.at(purses.free, portfolio, -cents)
    np.add.at(purses.committed, portfolio, cents)
    begun = np.full(len(item), world.month)
    let = begun + procurement(world, item, portfolio)
    world.works.add(item, slot, portfolio, cents, np.zeros(len(item), np.int64), begun, let, world.params[Delivery])


def _charge_duplicates(world: World, item: I64, portfolio: I64, beyond: I64, newly: I64, touched: I64) -> None:
    """Charge what was committed beyond requirement to those who committed it, in equal parts."""
    extra = np.zeros(len(newly), np.int64)
    extra[touched] = beyond * world.pipeline.cents[touched]
    order = np.lexsort((portfolio, item))
    item, portfolio = item[order], portfolio[order]
    again = extra[item] > 0
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
    items, money = world.pipeline, world.portfolios
    banned = others_known(world, pairs)
    fresh = items.drafted[pairs.item, pairs.slot]
    now = world.now.by_municipality
    settled = np.zeros_like(items.drafted)
    for turn in range(ROUNDS):
        found, leaving = _overlaps(world, pairs, fresh, settled, first=turn == 0)
        if turn == 0:
            for name, which in (("overlap_found_cents", found), ("overlap_moved_cents", leaving)):
                item = pairs.item[which]
                np.add.at(now[name], items.municipality[item], items.cents[item])
            items.unyielded[pairs.item[found & ~leaving]] = world.month
            alone = complement_missing(world, pairs, compared=True)
            banned |= alone
            leaving = leaving | (alone & fresh)
        if not leaving.any():
            break
        banned |= leaving
        items.drafted[pairs.item[leaving], pairs.slot[leaving]] = False
        freed = np.zeros(len(money.cents), np.int64)
        np.add.at(freed, pairs.portfolio[leaving], items.cents[pairs.item[leaving]])
        # only those who withdrew choose anew, and only for the money they freed
        free = ~banned & ~items.drafted[pairs.item, pairs.slot] & (freed[pairs.portfolio] > 0)
        settled = items.drafted.copy()
        fresh = pick(world, pairs, free, freed)
        items.drafted[pairs.item[fresh], pairs.slot[fresh]] = True


def _overlaps(world: World, pairs: Pairs, drafted: Flags, settled: Flags, first: bool) -> tuple[Flags, Flags]:
    """Of these drafts, those found to overlap with another's that should stay, and those withdrawn.

    Parameters
    ----------
    settled : (items, slots) bool
        Drafts of earlier rounds: who comes later gives way to them.
    first : bool
        The round in which drafts that were laid down meet: what is made of it is remembered.
    """
    items, money = world.pipeline, world.portfolios
    slots = money.slots[items.municipality, items.sector]
    found = np.zeros(len(pairs.item), np.bool_)
    leaving = np.zeros(len(pairs.item), np.bool_)
    for other in range(items.slots):
        rivals = items.drafted[pairs.item, other] | items.funded[pairs.item, other]
        about = np.flatnonzero(drafted & rivals & (pairs.slot != other))
        if len(about) == 0:
            continue
        item, mine, slot = pairs.item[about], pairs.portfolio[about], pairs.slot[about]
        theirs = slots[item, other]
        bound = items.funded[item, other]
        both = items.compared[item, slot] & items.compared[item, other]
        seen = np.zeros(len(about))
        for drafts, those in ((False, np.flatnonzero(bound)), (True, np.flatnonzero(~bound))):
            if len(those):
                pair = item[those], mine[those], theirs[those]
                site = None if drafts else items.building[pair[0], other]
                seen[those] = sight(world, *pair, drafts, both[those], site)
        # what is committed cannot move
        last = behind(world, item, mine, slot, theirs, other)
        overlap = (knows(world, item, mine, theirs) < seen) & (bound | settled[item, other] | last)
        found[about] |= overlap
        gone = overlap & yields(world, item, mine, theirs)
        leaving[about] |= gone
        if first:
            world.planners.met_overlap(world, item[overlap], mine[overlap], theirs[overlap], gone[overlap])
    return found, leaving
