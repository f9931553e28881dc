"""Procurement and regulation that enable: procedures held to be unhelpful are reviewed, and given up where they can be.

The document calls them the chaff. Each review takes hours of the national working group, in the same queue as its other cases; some
procedures stay because the law wants them. Letting sooner is no good by itself: what skill cannot build is paid no
sooner, and what is let can no longer be taken back at an adjustments budget when it turns out to be another's as well.
"""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class FinanceEnablement(Lever):
    """Unhelpful procedures of procurement and regulation are reviewed and retired."""

    id = "finance-enablement"
    summary = "an enabling procurement and regulatory environment: unhelpful procedures are reviewed one by one and given up where they can be"
    seed = "s4-harvester"
    passage = "alignment mechanism of 2017, the proposed solution: the chaff; the processor, 3 (finance system enablement: procurement and regulatory environment)"
    touches = "months from commitment to contract"
    costs = "hours of the working group for each review; of each municipality and of departments to change what they do"
    limits = "corruption and audit findings that looser procedures may bring are left out; so are procedures that citizens meet; spatialised budgeting is a lever of its own"
    numbers = (
        "letting.unhelpful",
        "delivery.procurement_months",
        "working-group.procedures",
        "working-group.given_up",
        "working-group.procedure_hours",
        "working-group.change_municipal",
        "working-group.change_others",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, enabling_finance=max(ruling.enabling_finance, dose))
