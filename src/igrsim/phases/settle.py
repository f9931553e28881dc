"""Disputed powers and functions: settled by the two themselves in time, or adjudicated where a hub has hours for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.phases.honouring import inclined
from igrsim.plans.pipeline import FREE, Disputes
from igrsim.world.frozen import Frozen
from igrsim.world.world import World


def settle(world: World) -> None:
    """Let some disputes end."""
    items, p = world.pipeline, world.params[Disputes]
    open_ones = np.flatnonzero((items.dispute != FREE) & items.open(world.month))
    u = world.draws["dispute settled"].uniform(world.ordinal, items.key[open_ones])
    items.dispute[open_ones[u < p.settles]] = FREE
    for space in world.visit(sorted(world.hubs)):
        hub = world.hubs[space]
        hub.heard += hub.done["disputes"]
        heard, hub.heard = divmod(hub.heard, max(round(60 * p.hours), 1))
        if heard <= 0:
            continue
        mine = np.flatnonzero((items.space == space) & to_hear(world))
        # the oldest first
        mine = mine[np.lexsort((items.key[mine], items.born[mine]))][:heard]
        accepts = world.draws["award accepted"].uniform(world.ordinal, items.key[mine])
        slots = world.portfolios.slots[items.municipality[mine], items.sector[mine]]
        claimant = np.array(
            [row[row >= 0][world.portfolios.disputed[row[row >= 0]]][0] for row in slots], dtype=np.int64
        )
        chance = inclined(world, p.accepted, items.space[mine], claimant, compact=True) * (
            1 - world.params[Frozen].benefits
        )
        items.dispute[mine[accepts < chance]] = FREE
        items.heard[mine] = world.month


def to_hear(world: World) -> NDArray[np.bool_]:
    """Disputes that a hub may hear: not settled, and not heard in vain within the year."""
    items = world.pipeline
    return np.asarray((items.dispute != FREE) & items.open(world.month) & (world.month - items.heard >= 12))
