"""Owners write One Plan items into their own plans; what was agreed by now was paid, or not."""

from __future__ import annotations

import numpy as np

from igrsim.phases.honouring import inclined
from igrsim.plans.calendars import DEPARTMENTS, MUNICIPALITIES
from igrsim.plans.pipeline import NEVER, Planning
from igrsim.world.world import World


def honour(world: World) -> None:
    """Let owners sign at their next date, and hold them to their dates."""
    items, money = world.pipeline, world.portfolios
    _release(world)
    owned = np.flatnonzero(items.owner >= 0)
    if len(owned) == 0:
        return
    now = world.now.by_municipality
    slot = items.owner[owned]
    owner = money.slots[items.municipality[owned], items.sector[owned], slot]
    space = items.space[owned]
    draft = np.where(money.municipal[owner], MUNICIPALITIES.draft_month, DEPARTMENTS.draft_month)
    u = world.draws["owner signs"].uniform(items.key[owned])
    signs = inclined(world, world.params[Planning].signs, space, owner, duty=True, compact=True, free=True)
    items.signed[owned] |= (world.calendar_month == draft) & (u < signs)
    paid = items.paid_in[owned] <= world.month
    in_time = items.paid_in[owned] <= items.agreed[owned]
    due = items.agreed[owned] <= world.month
    where, cents = items.municipality[owned], items.cents[owned]
    np.add.at(now["joint_items"], where, 1)
    np.add.at(now["joint_items_in_plans"], where, items.signed[owned] | paid)
    np.add.at(now["joint_cents_due"], where[due], cents[due])
    np.add.at(now["joint_cents_paid"], where[due], (cents * in_time)[due])
    fresh = (items.paid_in[owned] == world.month) & in_time
    missed = (items.agreed[owned] == world.month) & ~in_time
    world.promise(True, where[fresh], owner[fresh])
    world.promise(False, where[missed], owner[missed])


def _release(world: World) -> None:
    """Who finds an agreed item funded by another owes it no more: the plan names nobody for it."""
    items = world.pipeline
    owned = np.flatnonzero(items.owner >= 0)
    by_others = items.funded[owned].copy()
    by_others[np.arange(len(owned)), items.owner[owned]] = False
    gone = owned[by_others.any(axis=1) & (items.paid_in[owned] > world.month)]
    items.owner[gone] = -1
    items.agreed[gone] = NEVER
    items.signed[gone] = False
