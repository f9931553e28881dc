"""When a financial year begins, overlaps that were found are withdrawn and the rest is committed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.phases.knowing import Pairs, knows, sight, year_of
from igrsim.phases.plan import draft, eligible, mark_compared, others_known, pick
from igrsim.plans.calendars import CYCLES, Cycle
from igrsim.plans.pipeline import Planning, Programme
from igrsim.world.world import BEARERS, World

I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]

ROUNDS = 12
"""Rounds of withdrawing and drafting anew; more change nothing."""


def commit(world: World) -> None:
    """Commit the money of a sphere whose financial year begins this month."""
    for cycle in world.visit(CYCLES):
        if world.calendar_month == cycle.commit_month:
            _commit(world, cycle)


def _commit(world: World, cycle: Cycle) -> None:
    items, money = world.pipeline, world.portfolios
    if cycle.sphere not in world.drafted_in:
        # the study begins as a financial year does: what was drafted before is drafted now
        draft(world, cycle)
    # what arose since the drafts waits for the next ones
    pairs = eligible(world, cycle, born_by=world.drafted_in[cycle.sphere])
    mark_compared(world, cycle)
    _fit_to_money(world, pairs)
    _withdraw(world, pairs)
    taken = items.drafted[pairs.item, pairs.slot]
    item, slot = pairs.item[taken], pairs.slot[taken]
    newly = np.zeros(len(items), np.int64)
    np.add.at(newly, item, 1)
    touched = np.flatnonzero(newly)
    before = items.funded[touched].sum(axis=1)
    beyond = np.where(before > 0, newly[touched], newly[touched] - 1)
    now = world.now
    where = items.municipality[touched]
    np.add.at(now.by_municipality["committed_cents"], where, newly[touched] * items.cents[touched])
    np.add.at(now.by_municipality["duplicate_cents"], where, beyond * items.cents[touched])
    np.add.at(now.by_municipality["duplicate_items"], where, (beyond > 0) & (before <= 1))
    _charge_duplicates(world, item, pairs.portfolio[taken], beyond, newly, touched)
    items.funded[item, slot] = True
    own = items.owner[item] == slot
    items.paid_in[item[own]] = world.month
    items.drafted[item, slot] = False
    ready = world.month + round(world.params[Programme].delivery_months)
    items.delivered_by[touched] = np.minimum(items.delivered_by[touched], ready)
    sphere = money.municipal == (cycle.sphere == "municipalities")
    appropriated = np.bincount(money.space[sphere], weights=world.appropriated[sphere], minlength=world.spaces)
    committed = np.bincount(items.space[item], weights=items.cents[item], minlength=world.spaces)
    now.by_space["appropriated_cents"] += np.rint(appropriated).astype(np.int64)
    now.by_space["spent_cents"] += np.rint(committed).astype(np.int64)


def _fit_to_money(world: World, pairs: Pairs) -> None:
    """Where money changed since the drafts, keep the most pressing that it pays for, then what more it pays for."""
    items, money = world.pipeline, world.appropriated
    changed = (money != world.drafted_money)[pairs.portfolio]
    if not changed.any():
        return
    drafted = items.drafted[pairs.item, pairs.slot]
    kept = pick(world, pairs, drafted & changed, money)
    left = money.copy()
    np.subtract.at(left, pairs.portfolio[kept], items.cents[pairs.item[kept]])
    more = pick(world, pairs, changed & ~drafted & ~others_known(world, pairs), left)
    items.drafted[pairs.item[changed], pairs.slot[changed]] = (kept | more)[changed]
    items.compared[pairs.item[more], pairs.slot[more]] = False


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

    What a hub compared is what was brought to it: a replacement is checked through ties and published plans only.
    """
    items, money = world.pipeline, world.portfolios
    banned = others_known(world, pairs)
    fresh = items.drafted[pairs.item, pairs.slot]
    now = world.now.by_municipality
    for turn in range(ROUNDS):
        found, leaving = _overlaps(world, pairs, fresh)
        if turn == 0:
            for name, which in (("overlap_found_cents", found), ("overlap_moved_cents", leaving)):
                item = pairs.item[which]
                np.add.at(now[name], items.municipality[item], items.cents[item])
        if not leaving.any():
            break
        banned |= leaving
        items.drafted[pairs.item[leaving], pairs.slot[leaving]] = False
        freed = np.zeros(len(money.cents), np.int64)
        np.add.at(freed, pairs.portfolio[leaving], items.cents[pairs.item[leaving]])
        # only those who withdrew choose anew, and only for the money they freed
        free = ~banned & ~items.drafted[pairs.item, pairs.slot] & (freed[pairs.portfolio] > 0)
        fresh = pick(world, pairs, free, freed)
        items.drafted[pairs.item[fresh], pairs.slot[fresh]] = True


def _overlaps(world: World, pairs: Pairs, drafted: Flags) -> tuple[Flags, Flags]:
    """Of these drafts, those found to overlap with another's that should stay, and those withdrawn."""
    items, money, planning = world.pipeline, world.portfolios, world.params[Planning]
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
        seen = np.where(
            bound, sight(world, item, mine, theirs, False, both), sight(world, item, mine, theirs, True, both)
        )
        # what is committed cannot move; of two drafts the owner stays, else the larger mandate
        rank = money.weight[mine] + 10 * (items.owner[item] == slot)
        rival = money.weight[theirs] + 10 * (items.owner[item] == other)
        behind = (rank < rival) | ((rank == rival) & (money.key[mine] < money.key[theirs]))
        overlap = (knows(world, item, mine, theirs) < seen) & (bound | behind)
        low, high = np.minimum(money.key[mine], money.key[theirs]), np.maximum(money.key[mine], money.key[theirs])
        u = world.draws["withdraws"].uniform(year_of(world), items.key[item], low, high)
        found[about] |= overlap
        leaving[about] |= overlap & (u < planning.yields)
    return found, leaving
