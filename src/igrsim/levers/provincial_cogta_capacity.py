"""Provincial departments of cooperative governance repositioned and strengthened."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class ProvincialCogtaCapacity(Lever):
    """Provincial departments of cooperative governance repositioned and strengthened."""

    id = "provincial-cogta-capacity"
    summary = "provincial cooperative governance repositioned and strengthened to support the model"
    seed = "s1-pcc-2019"
    passage = "model of 2019, feedback of the local government MinMEC (4, 5), enablers and recommendations"
    touches = "the provincial centres' hours for spaces on their way to a plan"
    costs = "the hours themselves, as far as they are used"
    limits = "other functions of provincial cooperative governance are left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, provincial_capacity=max(ruling.provincial_capacity, dose))
