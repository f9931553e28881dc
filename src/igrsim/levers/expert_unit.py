"""A dedicated unit of experts, with retired professionals and the development bank."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class ExpertUnit(Lever):
    """A dedicated unit of experts, with retired professionals and the development bank.

    A dedicated unit of experts, with retired professionals and the development bank, helps spaces make profiles and
    plans. Here it adds hours to the national centre's; shared over the spaces on their way, they shorten the steps to a
    plan.
    """

    id = "expert-unit"
    summary = "a dedicated unit of national experts (infrastructure support agency, retired professionals, development bank) for profiles and plans"
    seed = "s1-pcc-2019"
    passage = "model of 2019, enablers (dedicated unit, technical team) and resourcing (retired professionals, development bank)"
    touches = "the nation's hours for spaces on their way to a profile or plan, and so when it is adopted"
    costs = "the experts' hours, borne by the nation, as far as they are used"
    limits = "does nothing where no profile or plan is asked for; engineers lent to municipalities to build are part of support and shared skills"
    numbers = (
        "centres.expert_hours",
        "centres.national_hours",
        "roll-out.switching",
        "roll-out.lessons",
        "roll-out.consultation",
        "roll-out.launch",
        "roll-out.skills_gap",
        "hub.plan_hours",
        "hub.desk_plan",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, expert_unit=max(ruling.expert_unit, dose))
