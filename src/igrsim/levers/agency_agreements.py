"""Agreements on how departments work together in centres."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class AgencyAgreements(Lever):
    """Agreements on how departments work together in centres."""

    id = "agency-agreements"
    summary = "agency agreements: tenancies rest on a policy and a signed commitment"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, recommendations: a policy on how departments work together (agency agreement)"
    touches = "whether departments keep their promised presence"
    costs = "hours of tenants and municipalities to negotiate and renew"
    limits = "enforcement and penalties are left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, agency_agreements=max(ruling.agency_agreements, dose))
