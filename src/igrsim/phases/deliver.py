"""What was committed comes into use after its time; plans are written and signed."""

from __future__ import annotations

import numpy as np

from igrsim.plans.calendars import DEPARTMENTS, MUNICIPALITIES
from igrsim.plans.pipeline import Planning
from igrsim.world.world import World


def deliver(world: World) -> None:
    """Count the state of needs, and let owners write One Plan items into their own plans at their next date."""
    items, money = world.pipeline, world.portfolios
    now = world.now.by_municipality
    standing = items.open(world.month)
    ppm = np.rint(1e6 * items.severity).astype(np.int64)
    unfunded = standing & ~items.funded.any(axis=1)
    np.add.at(now["severity_open"], items.municipality[standing], ppm[standing])
    np.add.at(now["severity_unfunded"], items.municipality[unfunded], ppm[unfunded])

    planning = world.params[Planning]
    owned = items.owner >= 0
    if owned.any():
        slots = money.slots[items.municipality, items.sector]
        owner = slots[np.arange(len(items)), np.maximum(items.owner, 0)]
        municipal = money.municipal[owner]
        writes = np.where(
            municipal,
            world.calendar_month == MUNICIPALITIES.draft_month,
            world.calendar_month == DEPARTMENTS.draft_month,
        )
        u = world.draws["owner signs"].uniform(items.key)
        items.signed |= owned & writes & (u < planning.signs)
        place = np.arange(len(items))
        paid = items.funded[place, np.maximum(items.owner, 0)]
        in_time = items.paid_in <= items.agreed
        due = owned & (items.agreed <= world.month)
        np.add.at(now["joint_items"], items.municipality[owned], 1)
        np.add.at(now["joint_items_in_plans"], items.municipality[owned], (items.signed | paid)[owned])
        np.add.at(now["joint_cents_due"], items.municipality[due], items.cents[due])
        np.add.at(now["joint_cents_paid"], items.municipality[due], (items.cents * in_time)[due])
