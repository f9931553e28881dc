"""Councils that see centres as enablers of their own services."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class MunicipalBuyIn(Lever):
    """Councils that see centres as enablers of their own services."""

    id = "municipal-buy-in"
    summary = "local government sees centres as enablers, not as competitors"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, sections 4.2(5) and 5(2)"
    touches = "the municipality's own presence, sites given (sooner open), closures"
    costs = "hours of communicators and of every municipality"
    limits = "rivalry over who gets the credit is left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, municipal_buy_in=max(ruling.municipal_buy_in, dose))
