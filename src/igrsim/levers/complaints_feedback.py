"""Complaints and needs change what a centre offers."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class ComplaintsFeedback(Lever):
    """Complaints and needs change what a centre offers.

    Centres answer to needs: what users say improves what is offered, and shows which further services are wanted. Here,
    once a year, departments heed some of it: the service people go farthest for comes weekly, and a crowded tenant
    comes more often.
    """

    id = "complaints-feedback"
    summary = "complaints and needs that people bring to a centre change what it offers"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, sections 2.4 (needs driven), 3 and 4.1(3)"
    touches = "which further services come to a centre, and who comes more often"
    costs = "hours of municipalities, and the tenants' own hours when they come"
    limits = "satisfaction is left out: what is asked for is what people go far for, or find crowded"
    numbers = (
        "feedback.heeded",
        "thusong.catchment_km",
        "arrangements.complaints_feedback_a_centre",
        "thusong.tenant_hours",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, complaints_feedback=max(ruling.complaints_feedback, dose))
