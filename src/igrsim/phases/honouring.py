"""What makes actors do what was asked or agreed, by how officials decide in this run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.world.planners._base import Asked
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


def inclined(
    world: World,
    base: float,
    space: I64,
    portfolio: I64,
    *,
    duty: bool = False,
    compact: bool = False,
    free: bool = False,
    item: I64 | None = None,
    other: I64 | None = None,
) -> F64:
    """Chance that actors do what was asked or agreed about a space.

    Parameters
    ----------
    base : float
        The chance in silos: middling partnership, trust as between strangers, nobody's attention, nothing binding.
    space, portfolio : (n,) int
        Where, and whose money.
    duty, compact : bool
        Whether a duty to take part, or the standing of a compact, bears on it.
    free : bool
        It takes nothing but a signature.
    item, other : (n,) int, optional
        The project they would leave to another, and that other's portfolio.
    """
    asked = Asked(space, portfolio, duty=duty, compact=compact, free=free, item=item, other=other)
    return world.planners.heeds(world, base, asked)
