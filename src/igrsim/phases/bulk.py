"""Plans of bulk services: a province works through its municipalities, and planners read what is missing where."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.plans.bulk import FURTHER, MASTER, STAGES, SUPPORT, BulkWork
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

FIRST = ("water",)
"""Sectors whose bulk a master plan covers first: water and sanitation are one sector; the others follow."""


def plan_bulk(world: World) -> None:
    """Each province works on, as far as its hours go: all needs first, then support plans, then the other services."""
    extent = world.rules.by_space("bulk_plans")[world.municipality_space]
    extent = extent * np.array([m.kind != "metro" for m in world.municipalities])
    if not extent.any():
        return
    p, bulk = world.params[BulkWork], world.bulk
    idle = ~bulk.pending.any(axis=0)
    old = (bulk.stands[MASTER] < 0) | (world.month - bulk.stands[MASTER] >= p.renewed)
    begins = idle & old & (extent > 0)
    hours = np.array([p.master, p.support, p.further])
    bulk.left[:, begins] = np.rint(60 * hours[:, None] * extent[begins]).astype(np.int64)
    bulk.pending[:, begins] = True
    turn = np.argsort(world.draws["turn in a bulk plan"].uniform(world.municipality_keys))
    province = world.space_province[world.municipality_space]
    for index, part in enumerate(world.part_of_province()):
        minutes = round(60 * p.province_hours * float(part))
        for stage in range(len(STAGES)):
            mine = turn[(province[turn] == index) & bulk.pending[stage, turn] & (extent[turn] > 0)]
            minutes = _work(world, stage, mine, minutes, extent)
            if bulk.left[stage, mine].any():
                break


def _work(world: World, stage: int, mine: I64, minutes: int, extent: F64) -> int:
    """Work through a stage's municipalities in their turn; the minutes that are left over."""
    p, bulk = world.params[BulkWork], world.bulk
    left = bulk.left[stage, mine]
    used = np.clip(minutes - (np.cumsum(left) - left), 0, left)
    bulk.left[stage, mine] -= used
    done = mine[(left > 0) & (used == left)]
    own = np.rint(60 * p.municipal * (p.master, p.support, p.further)[stage] * extent[done]).astype(np.int64)
    space = world.municipality_space
    world.charge("bulk plans", "province", space[mine], used)
    world.charge("bulk plans", "province", space[done], cents=np.rint(100 * p.rand * extent[done]).astype(np.int64))
    world.charge("bulk plans", "municipality", space[done], own)
    world.now.by_municipality["plan_minutes"][done] += own
    # a support plan is one municipality's; the others stand when the whole province has been gone through
    finished = bulk.left[stage, mine] == 0
    stands = mine[finished] if stage == SUPPORT or finished.all() else mine[:0]
    bulk.stands[stage, stands] = world.month
    bulk.pending[stage, stands] = False
    return minutes - int(used.sum())


def bulk_known(world: World, needed: I64, item: I64, portfolio: I64) -> F64:
    """Chance that an actor has from a plan of bulk services what is missing behind an item, or hangs on it.

    Departments read the master plan; a municipality acts on its own support plan.

    Parameters
    ----------
    needed : (n,) int
        Sector of the service that others wait for.
    item, portfolio : (n,) int
    """
    good = world.good("bulk_plans")
    if not good.any() or not len(item):
        return np.zeros(len(item))
    p, stands, items, money = world.params[BulkWork], world.bulk.stands, world.pipeline, world.portfolios
    town = items.municipality[item]
    codes = [s.code for s in world.institutions.sectors]
    first = np.isin(needed, [codes.index(code) for code in FIRST])
    since = np.where(first, stands[MASTER, town], stands[FURTHER, town])
    municipal = money.municipal[portfolio]
    own = np.where(municipal, money.actor[portfolio] - len(world.institutions.departments), 0)
    there = (since >= 0) & (~municipal | (stands[SUPPORT, own] >= 0)) & ~money.private[portfolio]
    fresh = np.where(there, 0.5 ** (np.maximum(world.month - since, 0) / p.half_life), 0.0)
    return np.asarray(p.tells * fresh * good[items.space[item]])


def hangs_on(world: World, item: I64, portfolio: I64) -> F64:
    """How much more an item weighs to those who know from a plan what waits for it: bulk comes before reticulation.

    Returns
    -------
    (n,) float
        Added log severity: what waits for an item counts as part of it.
    """
    if not world.good("bulk_plans").any():
        return np.zeros(len(item))
    items = world.pipeline
    known = bulk_known(world, items.sector[item], item, portfolio)
    waits = np.flatnonzero((items.needs >= 0) & ~items.complete(world.month))
    behind = np.bincount(items.needs[waits], weights=items.severity[waits], minlength=len(items))
    return np.log1p(known * behind[item] / items.severity[item])
