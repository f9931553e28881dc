"""Easy guides to required documents, alternatives and procedures."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class RequirementGuides(Lever):
    """Easy guides to required documents, alternatives and procedures."""

    id = "requirement-guides"
    summary = "easy-to-use guides to required documents, procedures and alternatives"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, section 5(4)"
    touches = "how often a paper is missing at a counter"
    costs = "hours of departments to write them and rand to print and hand them out (nation)"
    limits = "alternatives that a guide makes known are left out: only papers brought"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, requirement_guides=max(ruling.requirement_guides, dose))
