"""Centres that visit each other and share what they learned."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class CrossLearning(Lever):
    """Centres that visit each other and share what they learned.

    Centres visit each other and share experience and tools; what is learned must be fitted to each place. Here part of
    other spaces' centre-years of experience is carried over, and saves managers' hours and months of building.
    """

    id = "cross-learning"
    summary = "site visits, shared experience and tools between centres"
    seed = "s2-mpcc-2001;s4-harvester"
    passage = "workshop of 2001, sections 4.2(4), 4.2(11) and 5(1); alignment mechanism of 2017, processor 4"
    touches = "hours a manager needs to follow a tenant up (with centre management) and the time it takes to open a centre (where one is built), by the experience of other spaces"
    costs = "hours of municipalities for visits"
    limits = "staff and tools that move between centres are left out; so is what districts learn of each other in planning, and what a space learns from its own centres alone"
    numbers = (
        "arrangements.transfer",
        "arrangements.learning",
        "arrangements.hours_a_tenant",
        "thusong.lead_months",
        "arrangements.cross_learning_a_centre",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, cross_learning=max(ruling.cross_learning, dose))
