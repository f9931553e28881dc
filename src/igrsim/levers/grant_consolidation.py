"""Conditional grants consolidated."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class GrantConsolidation(Lever):
    """Conditional grants consolidated.

    Conditional grants are consolidated against silos. Here grant frameworks ask for an indicator once, and what
    municipalities have left of grants in February may go to the sector where what seems to them the worst need stands unfunded.
    """

    id = "grant-consolidation"
    summary = "conditional grants consolidated: one report, and money that can move between sectors"
    seed = "s1-pcc-2019"
    passage = "model of 2019, enablers: grants consolidated against silos"
    touches = "reports that grant frameworks ask for; what metros and local municipalities have left of a grant can go where need seems to press more at the adjustments budget"
    costs = "departments' hours to run consolidated grants"
    limits = "equitable shares and the division between spheres stay as they are; district municipalities' grants are not pooled, and no money moves between municipalities"
    numbers = (
        "planning.error",
        "planning.local_error",
        "reporting.own_effort",
        "reporting.common_effort",
        "reporting.reading_hours",
        "upkeep.grants_others",
        "upkeep.leads",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, grants_consolidated=max(ruling.grants_consolidated, dose))
