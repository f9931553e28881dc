"""Provincial departments of cooperative governance repositioned and strengthened."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class ProvincialCogtaCapacity(Lever):
    """Provincial departments of cooperative governance repositioned and strengthened.

    Provincial cooperative governance is strengthened and repositioned to support the model. Here it has a multiple of
    its hours for spaces on their way to a profile or plan.
    """

    id = "provincial-cogta-capacity"
    summary = "provincial cooperative governance repositioned and strengthened to support the model"
    seed = "s1-pcc-2019"
    passage = "model of 2019, feedback of the local government MinMEC (4, 5), enablers and recommendations"
    touches = "the provincial centres' hours for spaces on their way to a profile or plan, and so when it is adopted"
    costs = "the hours themselves, as far as they are used"
    limits = "does nothing where no profile or plan is asked for; other functions of provincial cooperative governance are left out"
    numbers = (
        "centres.strengthened",
        "centres.provincial_hours",
        "roll-out.switching",
        "roll-out.lessons",
        "roll-out.consultation",
        "roll-out.launch",
        "roll-out.skills_gap",
        "hub.plan_hours",
        "hub.desk_plan",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, provincial_capacity=max(ruling.provincial_capacity, dose))
