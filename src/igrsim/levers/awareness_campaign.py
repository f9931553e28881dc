"""Centres marketed as government in full."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class AwarenessCampaign(Lever):
    """Centres marketed as government in full."""

    id = "awareness-campaign"
    summary = "a campaign that makes centres known as fully fledged government institutions"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, sections 1.2 and 4.2(2)"
    touches = "how many people near a centre know of its tenants; needs that people become aware of (demand)"
    costs = "hours of communicators and rand for radio, print and loudhailers (nation)"
    limits = "language and what people think of government are left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, awareness_campaign=max(ruling.awareness_campaign, dose))
