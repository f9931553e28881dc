"""Agreements on how departments work together in centres."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class AgencyAgreements(Lever):
    """Agreements on how departments work together in centres.

    The workshop recommends a policy that says how departments work together, with agreements to show for it. Here an
    agreement holds every tenant of a centre, the municipality too: it keeps its promised days likelier, is missing on
    them more seldom, comes more often where its desk is crowded, and comes back sooner where it left.
    """

    id = "agency-agreements"
    summary = "agency agreements: tenancies rest on a policy and a signed commitment"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, recommendations: a policy on how departments work together (agency agreement)"
    touches = "whether tenants of centres, the municipality among them, keep their promised presence from year to year and on the day; whether crowded ones come more often and those who left come back"
    costs = "hours of tenants and municipalities to negotiate and renew"
    limits = "enforcement and penalties are left out; every tenant signs as soon as the lever is in force"
    numbers = (
        "presence.agreement",
        "presence.stay",
        "presence.on_the_day",
        "presence.grows",
        "presence.returns",
        "arrangements.agency_agreements_a_tenant",
        "arrangements.agency_agreements_a_centre",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, agency_agreements=max(ruling.agency_agreements, dose))
