"""Conditional grants consolidated."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class GrantConsolidation(Lever):
    """Conditional grants consolidated."""

    id = "grant-consolidation"
    summary = "conditional grants consolidated: one report, and money that can move between sectors"
    seed = "s1-pcc-2019"
    passage = "model of 2019, enablers: grants consolidated against silos"
    touches = "reports that grant frameworks ask for; what is left in one sector can go where need presses more at the adjustments budget"
    costs = "departments' hours to run consolidated grants"
    limits = "equitable shares and the division between spheres stay as they are"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, grants_consolidated=max(ruling.grants_consolidated, dose))
