"""Integrated funding of centres."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class PooledCentreFunding(Lever):
    """Integrated funding of centres."""

    id = "pooled-centre-funding"
    summary = "integrated funding: departments pool equipment and running costs and budget for what they use at centres"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, sections 2.4 (self-funding), 4.2(7) and 5(3)"
    touches = "who pays for centres, closures, whether tenants stay"
    costs = "departments' hours and rand; running costs move from municipalities to the nation"
    limits = "virement rules and asset registers are left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, pooled_centre_funding=max(ruling.pooled_centre_funding, dose))
