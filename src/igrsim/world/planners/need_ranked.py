"""Need-ranked planners, the usual ones: they rank by need as far as they know it, and weigh every reason to do as agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from igrsim.government.authority import Authority, Trusting
from igrsim.world.planners._base import Asked, Planners, thawed
from igrsim.world.planners.forces import trust_in_spaces

if TYPE_CHECKING:
    from igrsim.world.world import World

F64 = NDArray[np.float64]


class NeedRanked(Planners):
    """Rational within bounds (Simon 1947): the most severe need first, as far as data, distance and profiles let it be seen.

    Each year everything open is appraised anew. What is known to be another's is left to them. Whether an actor does what was
    asked or agreed has odds that principals' attention, partnership, trust, a duty and a compact move together.
    """

    id = "need-ranked"
    title = "Need-ranked"
    theory = (
        "Officials mean to do the most needed first and know too little: need is ranked with errors, and every reason to do as "
        "agreed counts for something."
    )
    source = "simon-1947"
    changes = "nothing: the usual rule, which the others are held against"
    leaves = "everything"

    def heeds(self, world: World, base: float, asked: Asked) -> F64:
        """Odds of silos, moved by all that bears on the matter."""
        space, portfolio = asked.space, asked.portfolio
        if base <= 0 or base >= 1:
            return np.full(len(space), float(base))
        p = world.params[Authority]
        spheres = [d.sphere for d in world.institutions.departments]
        # by space, and by department; municipalities stand in the last column
        near = np.array([1.0 if sphere == "provincial" else 0.5 for sphere in spheres] + [0.5])
        push = (p.salience * world.salience)[:, None]
        push = push + (p.partnership * 2 * (world.partnership() - 0.5))[:, None] * near
        push = push + p.trust * (trust_in_spaces(world) - world.params[Trusting].initial)
        if asked.duty:
            push = push + (p.duty * world.rules.by_space("duty"))[:, None]
        if asked.compact:
            push = push + (p.compact * world.rules.by_space("compact"))[:, None]
        push = push * thawed(world)
        chance = 1 / (1 + (1 / base - 1) * np.exp(-push))
        return np.asarray(chance[space, np.minimum(world.portfolios.actor[portfolio], len(spheres))])
