"""Who gives way where two governments know that they mean to do the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.phases.honouring import inclined
from igrsim.phases.knowing import owns, year_of
from igrsim.plans.pipeline import DOUBLED, Planning
from igrsim.world.world import World

I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


def behind(world: World, item: I64, mine: I64, slot: I64, theirs: I64, other: I64 | int) -> Flags:
    """Whether a draft is the one to withdraw of two: the agreed owner stays, else the larger mandate.

    Parameters
    ----------
    mine, theirs : (n,) int
        Portfolios.
    slot, other : (n,) int
        Their slots on the items; the other's may be one for all.
    """
    money = world.portfolios
    rank = money.weight[mine] + 10 * owns(world, item, slot)
    rival = money.weight[theirs] + 10 * owns(world, item, other)
    return np.asarray((rank < rival) | ((rank == rival) & (money.key[mine] < money.key[theirs])))


def yields(world: World, item: I64, mine: I64, theirs: I64, year: int | None = None) -> Flags:
    """Whether one of two who know of an overlap withdraws; who disputes the other's powers does not.

    What was conceded before the working group on alignment is withdrawn without more ado.
    """
    items, money = world.pipeline, world.portfolios
    low, high = np.minimum(money.key[mine], money.key[theirs]), np.maximum(money.key[mine], money.key[theirs])
    u = world.draws["withdraws"].uniform(year_of(world) if year is None else year, items.key[item], low, high)
    chance = inclined(
        world, world.params[Planning].yields, items.space[item], mine, compact=True, item=item, other=theirs
    )
    stubborn = (items.dispute[item] == DOUBLED) & money.disputed[mine]
    return np.asarray(((u < chance) | items.conceded[item]) & ~stubborn)
