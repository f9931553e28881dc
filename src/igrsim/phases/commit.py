"""When a financial year begins, overlaps that were found are withdrawn and the rest is committed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.phases.plan import Pairs, choose, draft, eligible, knows, others_known, sight
from igrsim.plans.calendars import CYCLES, Cycle
from igrsim.plans.pipeline import Planning, Programme
from igrsim.world.world import World

I64 = NDArray[np.int64]

ROUNDS = 12
"""Rounds of withdrawing and drafting anew; more change nothing."""


def commit(world: World) -> None:
    """Commit the money of a sphere whose financial year begins this month."""
    for cycle in world.visit(CYCLES):
        if world.calendar_month == cycle.commit_month:
            _commit(world, cycle)


def _commit(world: World, cycle: Cycle) -> None:
    items, money = world.pipeline, world.portfolios
    pairs = eligible(world, cycle)
    if not items.drafted[pairs.item, pairs.slot].any():
        draft(world, cycle)
    _withdraw(world, cycle, pairs)
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
    items.drafted[item, slot] = False
    ready = world.month + round(world.params[Programme].delivery_months)
    items.delivered_by[touched] = np.minimum(items.delivered_by[touched], ready)
    sphere = money.municipal == (cycle.sphere == "municipalities")
    appropriated = np.bincount(money.space[sphere], weights=money.cents[sphere], minlength=world.spaces)
    committed = np.bincount(items.space[item], weights=items.cents[item], minlength=world.spaces)
    now.by_space["appropriated_cents"] += np.rint(appropriated).astype(np.int64)
    now.by_space["spent_cents"] += np.rint(committed).astype(np.int64)


def _charge_duplicates(world: World, item: I64, portfolio: I64, beyond: I64, newly: I64, touched: I64) -> None:
    """Charge what was committed beyond requirement to those who committed it, in equal parts."""
    extra = np.zeros(len(newly), np.int64)
    extra[touched] = beyond * world.pipeline.cents[touched]
    order = np.lexsort((portfolio, item))
    item, portfolio = item[order], portfolio[order]
    again = extra[item] > 0
    item, actor = item[again], world.portfolios.actor[portfolio[again]]
    departments = world.institutions.departments
    national = np.array([d.sphere == "national" for d in departments])
    bearer = np.where(actor >= len(departments), 2, np.where(national[np.minimum(actor, len(departments) - 1)], 0, 1))
    part = extra[item] // newly[item]
    # the cent that does not divide goes with the first of them
    first = np.zeros(len(item), np.bool_)
    first[np.unique(item, return_index=True)[1]] = True
    part = part + np.where(first, extra[item] - part * newly[item], 0)
    for k, name in enumerate(("nation", "province", "municipality")):
        mine = bearer == k
        world.charge("items funded twice", name, world.pipeline.space[item[mine]], 0, part[mine])


def _withdraw(world: World, cycle: Cycle, pairs: Pairs) -> None:
    """Those who find an overlap before commitment settle who withdraws, and draft anew with the freed money."""
    items, money, planning = world.pipeline, world.portfolios, world.params[Planning]
    slots = money.slots[items.municipality, items.sector]
    banned = others_known(world, pairs, drafts=False) & ~items.drafted[pairs.item, pairs.slot]
    moved = np.zeros(len(pairs.item), np.bool_)
    now = world.now.by_municipality
    for turn in range(ROUNDS):
        drafted = items.drafted[pairs.item, pairs.slot]
        leaving = np.zeros(len(pairs.item), np.bool_)
        for other in range(items.slots):
            rivals = items.drafted[pairs.item, other] | items.funded[pairs.item, other]
            about = np.flatnonzero(drafted & rivals & (pairs.slot != other) & ~moved)
            if len(about) == 0:
                continue
            item, mine = pairs.item[about], pairs.portfolio[about]
            theirs = slots[item, other]
            bound = items.funded[item, other]
            seen = np.where(bound, sight(world, item, mine, theirs, False), sight(world, item, mine, theirs, True))
            found = knows(world, item, mine, theirs) < seen
            # what is committed cannot move; of two drafts the owner stays, else the larger mandate
            rank = money.weight[mine] + 10 * (items.owner[item] == pairs.slot[about])
            rival = money.weight[theirs] + 10 * (items.owner[item] == other)
            behind = (rank < rival) | ((rank == rival) & (money.key[mine] < money.key[theirs]))
            u = world.draws["withdraws"].uniform(items.key[item], np.minimum(money.key[mine], money.key[theirs]))
            goes = found & (bound | behind) & (u < planning.yields)
            if turn == 0:
                overlap = item[found & (bound | behind)]
                np.add.at(now["overlap_found_cents"], items.municipality[overlap], items.cents[overlap])
            leaving[about] |= goes
        if not leaving.any():
            break
        if turn == 0:
            left = pairs.item[leaving]
            np.add.at(now["overlap_moved_cents"], items.municipality[left], items.cents[left])
        moved |= leaving
        banned = (banned | leaving) & ~(drafted & ~leaving)
        choose(world, cycle, pairs, banned)
