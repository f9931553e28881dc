"""Centres marketed as government in full."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class AwarenessCampaign(Lever):
    """Centres marketed as government in full.

    Centres should be advertised as government institutions in their own right; the workshop also found departments
    unaware of them. Here the campaign speaks to people: more of them know of tenants, sooner, and some ask for what
    they are entitled to.
    """

    id = "awareness-campaign"
    summary = "a campaign that makes centres known as fully fledged government institutions"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, sections 1.2 and 4.2(2)"
    touches = "how many people know of the tenants of centres, and how soon; further needs that arise all over a space with an open centre, where people hear what they are entitled to (demand)"
    costs = "hours of communicators and rand for radio, print and loudhailers (nation), in spaces with an open centre"
    limits = "that departments are told of centres (section 1.2) is left out, as are language and what people think of government"
    numbers = (
        "reach.campaign_tells",
        "reach.campaign_learns",
        "knowing.daily",
        "access.knows_visiting",
        "reach.campaign_stirs",
        "arrangements.awareness_campaign_a_space",
        "arrangements.awareness_campaign_rand_a_space",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, awareness_campaign=max(ruling.awareness_campaign, dose))
