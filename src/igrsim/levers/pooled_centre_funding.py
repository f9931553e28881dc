"""Integrated funding of centres."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class PooledCentreFunding(Lever):
    """Integrated funding of centres.

    Integrated services need integrated funding: departments share desks, lines and furniture and budget for what they
    use. Here tenancies paid from a pool are kept likelier, and centres' running costs move from municipalities to the
    nation.
    """

    id = "pooled-centre-funding"
    summary = "integrated funding: departments pool equipment and running costs and budget for what they use at centres"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, sections 2.4 (self-funding), 4.2(7) and 5(3)"
    touches = "who pays for centres, whether tenants stay and come on the day, closures (fewer)"
    costs = "every tenant's hours, and rand of the nation for equipment; running costs move from municipalities to the nation"
    limits = "virement rules and asset registers are left out"
    numbers = (
        "presence.funding",
        "presence.stay",
        "presence.on_the_day",
        "presence.grows",
        "presence.returns",
        "presence.closes",
        "presence.pooled_keeps",
        "thusong.rand_a_month",
        "arrangements.pooled_centre_funding_a_tenant",
        "arrangements.pooled_centre_funding_rand_a_tenant",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, pooled_centre_funding=max(ruling.pooled_centre_funding, dose))
