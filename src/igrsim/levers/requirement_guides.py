"""Easy guides to required documents, alternatives and procedures."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class RequirementGuides(Lever):
    """Easy guides to required documents, alternatives and procedures.

    Departments should make easy guides to papers, alternatives and procedures. Here people bring the right papers to
    more of their visits, at every counter.
    """

    id = "requirement-guides"
    summary = "easy-to-use guides to required documents, procedures and alternatives"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, section 5(4)"
    touches = "how often a paper is missing at any counter of the space"
    costs = "hours of national departments to write them and rand to print and hand them out (nation)"
    limits = "alternatives that a guide makes known are left out: only papers brought"
    numbers = (
        "reach.guides_help",
        "access.missing_papers",
        "arrangements.requirement_guides_a_space",
        "arrangements.requirement_guides_rand_a_space",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, requirement_guides=max(ruling.requirement_guides, dose))
