"""Planners' hours on projects, borne by whoever means to do them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.world.world import BEARERS, World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


def take_hours(world: World, space: I64, portfolio: I64, hours: F64) -> None:
    """Charge hours on each of some projects to its sphere; a municipality's own count in its load.

    Parameters
    ----------
    space, portfolio : (n,) int
    hours : (n,) float
    """
    actor = world.portfolios.actor[portfolio]
    bearer = world.bearer_of(actor)
    minutes = np.rint(60 * hours).astype(np.int64)
    for k, name in enumerate(BEARERS):
        mine = bearer == k
        world.charge("plans", name, space[mine], minutes[mine])
    own = bearer == BEARERS.index("municipality")
    town = actor[own] - len(world.institutions.departments)
    np.add.at(world.now.by_municipality["plan_minutes"], town, minutes[own])
