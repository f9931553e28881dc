"""Owners sign at their dates and are held to them."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.phases.honour import honour
from igrsim.phases.need import need
from igrsim.plans.calendars import DEPARTMENTS
from igrsim.plans.pipeline import NEVER, Planning
from igrsim.runs.validation.small_worlds import begin, believe, small_model
from igrsim.world.world import World

SEPTEMBER = 5


def agreed(by: int = 8) -> tuple[World, int]:
    """A world whose One Plan holds one item, owned by a department, to be committed by a month."""
    world = small_model(months=36).world
    believe(world, Planning, signs=1.0)
    begin(world, 0)
    need(world)
    items, money = world.pipeline, world.portfolios
    slots = money.slots[items.municipality, items.sector]
    item, slot = (int(c[0]) for c in np.nonzero((slots >= 0) & ~money.municipal[np.maximum(slots, 0)]))
    items.owner[item], items.agreed[item] = slot, by
    return world, item


def counts(world: World, month: int) -> dict[str, int]:
    begin(world, month)
    honour(world)
    now = world.now.by_municipality
    return {
        name: int(now[f"joint_{name}"].sum()) for name in ("items", "items_in_plans", "cents_due", "cents_paid")
    } | {
        "kept": sum(len(m) for m, _ in world.now.kept),
        "broken": sum(len(m) for m, _ in world.now.broken),
    }


def test_an_owner_signs_when_it_drafts() -> None:
    world, item = agreed()
    for month in range(SEPTEMBER):
        assert counts(world, month)["items_in_plans"] == 0
    assert counts(world, SEPTEMBER)["items_in_plans"] == 1
    assert counts(world, SEPTEMBER + 1)["items"] == 1
    assert world.pipeline.signed[item]
    assert world.clock.calendar_month(SEPTEMBER) == DEPARTMENTS.draft_month


@pytest.mark.parametrize(("paid", "kept", "broken"), [(4, 1, 0), (8, 1, 0), (9, 0, 1), (NEVER, 0, 1)])
def test_a_date_is_kept_or_missed_once(paid: int, kept: int, broken: int) -> None:
    world, item = agreed(by=8)
    total = {"kept": 0, "broken": 0}
    for month in range(14):
        if month == paid:
            world.pipeline.paid_in[item] = paid
        found = counts(world, month)
        for name in total:
            total[name] += found[name]
        cost = int(world.pipeline.cents[item])
        assert found["cents_due"] == (cost if month >= 8 else 0)
        assert found["cents_paid"] == (cost if month >= 8 and paid <= 8 else 0)
    assert total == {"kept": kept, "broken": broken}


def test_an_owner_owes_no_more_what_another_funds() -> None:
    world, item = agreed()
    items, money = world.pipeline, world.portfolios
    items.signed[item] = True
    slots = money.slots[items.municipality[item], items.sector[item]]
    other = int(np.flatnonzero((slots >= 0) & (np.arange(items.slots) != items.owner[item]))[0])
    # what its owner has paid for stays its own, whoever else funds it
    owner = int(items.owner[item])
    items.funded[item, [owner, other]] = True
    items.paid_in[item] = 1
    assert counts(world, 2)["items"] == 1
    assert items.owner[item] == owner
    items.funded[item, owner] = False
    items.paid_in[item] = NEVER
    assert counts(world, 3)["items"] == 0
    assert (items.owner[item], items.agreed[item], bool(items.signed[item])) == (-1, NEVER, False)
    # nobody breaks a promise that nobody owes
    for month in range(4, 10):
        assert set(counts(world, month).values()) == {0}


def test_without_a_plan_there_is_nothing_to_honour() -> None:
    world, _ = agreed()
    world.pipeline.owner[:] = -1
    assert set(counts(world, SEPTEMBER).values()) == {0}
    assert not world.pipeline.signed.any()
