"""Budget, IDP and built-environment platforms linked: one pipeline of projects that every sphere enters its own in."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class PlatformLinkage(Lever):
    """Plans and budgets of all spheres in linked platforms, with one pipeline of projects."""

    id = "platform-linkage"
    summary = "the platforms of municipal budget, IDP and built-environment performance plan are linked, and spheres enter their projects in one pipeline"
    seed = "s4-harvester"
    passage = "alignment mechanism of 2017, action plan, 4 (products): enhanced BEPPs with an intergovernmental project pipeline, BEPP to IDP, linked Budget, IDP and BEPP platforms"
    touches = (
        "which projects are referenced, and who learns of others' committed and drafted projects through documents"
    )
    costs = "rand to link and run the platforms (nation), hours of every actor (mining companies as far as a compact is in force) for each project it drafts, and of municipalities and departments for upkeep"
    limits = (
        "benchmarks are left out; nothing in the model depends on a project of a neighbouring space, so a pipeline across boundaries has nothing to show there; "
        "an empty place in the pipeline is not read as a missing complement; dates of drafting stay as they are"
    )
    numbers = (
        "platforms.entered",
        "platforms.committed_sight",
        "platforms.draft_sight",
        "planning-hours.entering",
        "upkeep.linked_rand",
        "upkeep.linked_municipal",
        "upkeep.linked_others",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, platforms_linked=max(ruling.platforms_linked, dose))
