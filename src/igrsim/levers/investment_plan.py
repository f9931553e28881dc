"""A provincial investment plan: money goes to places of economic potential, elsewhere to the basic package and links."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class InvestmentPlan(Lever):
    """National and provincial money is directed to areas of economic potential.

    Departments rank projects beyond the basic package (water, energy, health, education, social development) and links (roads) by the
    potential of the place as well as by need; municipalities rank as they did. Whether all ranking alike doubles more, and what poor
    places lose, is left to come out.
    """

    id = "investment-plan"
    summary = (
        "national and provincial money goes to places of economic potential, elsewhere to a basic package and links"
    )
    seed = "s0-wc-so10"
    passage = "strategic objective 10, section 3.1(iii)"
    touches = "how departments rank projects outside the basic package and roads, within each space"
    costs = (
        "hours of the province to make and keep the plan, hours of departments to appraise each drafted project by it"
    )
    limits = "money is not moved between spaces; potential is class and size of a municipality, and does not change; growth itself is left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, investment_plan=max(ruling.investment_plan, dose))
