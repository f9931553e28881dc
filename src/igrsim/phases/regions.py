"""Departments' regions follow spaces: officials stay, their journeys are short, and managers and offices are paid for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.regions import Regions
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


def keep_regions(world: World) -> None:
    """Charge regional managers and their offices to the departments' spheres."""
    extent = world.rules.by_space("regional_management")
    if not extent.any():
        return
    p, where = world.params[Regions], np.arange(world.spaces)
    for bearer, posts in (("province", p.provincial_posts), ("nation", p.national_posts)):
        minutes = np.rint(60 * p.hours_per_post * posts * extent).astype(np.int64)
        cents = np.rint(100 * (p.rand_per_post + p.office) * posts * extent).astype(np.int64)
        world.charge("regional management", bearer, where, minutes, cents)


def with_regions(world: World) -> F64:
    """How far each department has a region of its own in each space; centres of government have none.

    Returns
    -------
    (spaces, departments) float
    """
    p = world.params[Regions]
    departments = world.institutions.departments
    theirs = np.zeros(len(departments))
    for sphere, posts in (("national", p.national_posts), ("provincial", p.provincial_posts)):
        sector = np.array([d.role == "sector" and d.sphere == sphere for d in departments])
        # which departments have a manager is not said: posts are spread evenly over them
        theirs[sector] = min(posts / max(int(sector.sum()), 1), 1.0)
    return np.asarray(world.good("regional_management")[:, None] * theirs[None, :])


def leave(world: World) -> F64:
    """Part of the usual changes of departments' officials that still happens, by space and department."""
    return 1 - world.params[Regions].stay * with_regions(world)


def nearer(world: World, forum: I64) -> F64:
    """Each department's journey to a meeting of some forums over the usual one; only forums of a space are near its region.

    Returns
    -------
    (forums, departments) float
    """
    forums = world.forums
    way = 1 - (1 - world.params[Regions].way) * with_regions(world)
    return np.where(forums.local[forum][:, None], way[forums.home[forum]], 1.0)
