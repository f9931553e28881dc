"""Councils that see centres as enablers of their own services."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class MunicipalBuyIn(Lever):
    """Councils that see centres as enablers of their own services.

    Local government should see centres as helping its own services, not as competing with them. Here councils keep
    their own desk there, give sites, and close centres more seldom.
    """

    id = "municipal-buy-in"
    summary = "local government sees centres as enablers, not as competitors"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, sections 4.2(5) and 5(2)"
    touches = "the municipality's own presence, sites given (sooner open), closures"
    costs = "hours of communicators and of every municipality, whether or not it has a centre"
    limits = "rivalry over who gets the credit is left out"
    numbers = (
        "presence.buy_in",
        "presence.on_the_day",
        "thusong.site_given",
        "thusong.lead_months",
        "presence.closes",
        "arrangements.municipal_buy_in_a_space",
        "arrangements.municipal_buy_in_a_municipality",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, municipal_buy_in=max(ruling.municipal_buy_in, dose))
