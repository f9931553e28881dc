"""Owners write One Plan items into their own plans; what was agreed by now was paid, or not."""

from __future__ import annotations

import numpy as np

from igrsim.phases.honouring import inclined
from igrsim.plans.calendars import DEPARTMENTS, MUNICIPALITIES
from igrsim.plans.pipeline import NEVER, Planning
from igrsim.plans.works import total
from igrsim.world.world import World


def honour(world: World) -> None:
    """Let owners sign at their next date, and hold them to their dates."""
    items, money = world.pipeline, world.portfolios
    _release(world)
    owned = np.flatnonzero(items.owner >= 0)
    if len(owned) == 0:
        return
    now, towns = world.now.by_municipality, len(world.municipalities)
    owner = items.portfolio[owned, items.owner[owned]]
    draft = np.where(money.municipal, MUNICIPALITIES.draft_month, DEPARTMENTS.draft_month)
    asked = np.flatnonzero((draft[owner] == world.calendar_month) & ~items.signed[owned])
    if len(asked):
        item = owned[asked]
        u = world.draws["owner signs"].uniform(items.key[item])
        signs = inclined(
            world, world.params[Planning].signs, items.space[item], owner[asked], duty=True, compact=True, free=True
        )
        items.signed[item] = u < signs
    paid_in, agreed, where = items.paid_in[owned], items.agreed[owned], items.municipality[owned]
    in_time = paid_in <= agreed
    now["joint_items"] += np.bincount(where, minlength=towns)
    in_plans = items.signed[owned] | (paid_in <= world.month)
    now["joint_items_in_plans"] += total(where, in_plans, towns)
    due = np.flatnonzero(agreed <= world.month)
    there, cents = where[due], items.cents[owned[due]]
    now["joint_cents_due"] += total(there, cents, towns)
    now["joint_cents_paid"] += total(there, cents * in_time[due], towns)
    fresh = (paid_in == world.month) & in_time
    missed = (agreed == world.month) & ~in_time
    world.promise(True, where[fresh], owner[fresh])
    world.promise(False, where[missed], owner[missed])


def _release(world: World) -> None:
    """Who finds an agreed item funded by another owes it no more: the plan names nobody for it."""
    items = world.pipeline
    waits = np.flatnonzero((items.owner >= 0) & (items.paid_in > world.month) & items.funded.any(axis=1))
    by_others = items.funded[waits]
    by_others[np.arange(len(waits)), items.owner[waits]] = False
    gone = waits[by_others.any(axis=1)]
    items.owner[gone] = -1
    items.agreed[gone] = NEVER
    items.signed[gone] = False
