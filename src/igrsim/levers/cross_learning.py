"""Centres that visit each other, and spaces that learn from each other's settled cases, and share what they learned."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class CrossLearning(Lever):
    """Centres and spaces that visit each other and share what they learned.

    Centres visit each other and share experience and tools; what is learned must be fitted to each place. Here part of
    other spaces' centre-years of experience is carried over, and saves managers' hours and months of building; cases that
    the working group on alignment settled elsewhere save it hours.
    """

    id = "cross-learning"
    summary = (
        "site visits, shared experience and tools between centres, and between spaces that settle alignment problems"
    )
    seed = "s2-mpcc-2001;s4-harvester"
    passage = "workshop of 2001, sections 4.2(4), 4.2(11) and 5(1); alignment mechanism of 2017, processor 4"
    touches = (
        "hours a manager needs to follow a tenant up, the time it takes to open a centre, and hours of the working group on alignment "
        "for a case, by the experience of others"
    )
    numbers = (
        "arrangements.transfer",
        "arrangements.learning",
        "arrangements.hours_a_tenant",
        "thusong.lead_months",
        "arrangements.cross_learning_a_centre",
        "working-group.visit_hours",
    )
    costs = "hours of municipalities for visits: for each centre, and where the working group serves them"
    limits = "staff and tools that move between centres are left out; so is what districts learn of each other in planning, beyond cases settled"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, cross_learning=max(ruling.cross_learning, dose))
