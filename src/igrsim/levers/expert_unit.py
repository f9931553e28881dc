"""A dedicated unit of experts, with retired professionals and the development bank."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class ExpertUnit(Lever):
    """A dedicated unit of experts, with retired professionals and the development bank."""

    id = "expert-unit"
    summary = "a dedicated unit of national experts (infrastructure support agency, retired professionals, development bank) for profiles and plans"
    seed = "s1-pcc-2019"
    passage = "model of 2019, enablers (dedicated unit, technical team) and resourcing (retired professionals, development bank)"
    touches = "specialists' hours for spaces on their way to a plan"
    costs = "the experts' hours, borne by the nation, as far as they are used"
    limits = "engineers lent to municipalities to build are part of support and shared skills"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, expert_unit=max(ruling.expert_unit, dose))
