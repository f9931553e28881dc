"""Disputed powers and functions: settled by the two themselves in time, or adjudicated where a hub has hours for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.phases.honouring import inclined
from igrsim.plans.pipeline import FREE, Disputes
from igrsim.world.frozen import Frozen
from igrsim.world.world import World

I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


def settle(world: World) -> None:
    """Let some disputes end."""
    items, p = world.pipeline, world.params[Disputes]
    open_ones = np.flatnonzero(items.dispute != FREE)
    open_ones = open_ones[items.delivered_by[open_ones] > world.month]
    u = world.draws["dispute settled"].uniform(world.ordinal, items.key[open_ones])
    items.dispute[open_ones[u < p.settles]] = FREE
    capacity = np.zeros(world.spaces, np.int64)
    for space, hub in world.hubs.items():
        hub.heard += hub.done["disputes"]
        capacity[space], hub.heard = divmod(hub.heard, max(round(60 * p.hours), 1))
    if not capacity.any():
        return
    waiting = open_ones[_may_be_heard(world, open_ones)]
    # the oldest of each space first
    space = items.space[waiting]
    order = np.lexsort((items.key[waiting], items.born[waiting], space))
    turn = np.arange(len(order)) - np.searchsorted(space[order], space[order], side="left")
    mine = waiting[order[turn < capacity[space[order]]]]
    accepts = world.draws["award accepted"].uniform(world.ordinal, items.key[mine])
    slots = items.portfolio[mine]
    claims = (slots >= 0) & world.portfolios.disputed[slots]
    claimant = slots[np.arange(len(mine)), np.argmax(claims, axis=1)]
    chance = inclined(world, p.accepted, items.space[mine], claimant, compact=True) * (
        1 - world.params[Frozen].benefits
    )
    items.dispute[mine[accepts < chance]] = FREE
    items.heard[mine] = world.month


def to_hear(world: World) -> Flags:
    """Disputes that a hub may hear: not settled, and not heard in vain within the year."""
    disputed = np.flatnonzero(world.pipeline.dispute != FREE)
    found = np.zeros(len(world.pipeline), np.bool_)
    found[disputed] = _may_be_heard(world, disputed)
    return found


def _may_be_heard(world: World, item: I64) -> Flags:
    items = world.pipeline
    stands, rests = items.delivered_by[item] <= world.month, world.month - items.heard[item] < 12
    return np.asarray((items.dispute[item] != FREE) & ~stands & ~rests)
