"""Decentralised delivery: departments' regions follow municipal boundaries and have managers of their own."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class RegionalManagement(Lever):
    """Departments are organised by region, so that a municipality deals with one official who stays."""

    id = "regional-management"
    summary = "departments' regions follow municipal boundaries, with regional managers"
    seed = "s0-wc-so10"
    passage = "strategic objective 10, section 3.1(ii), with the problem stated in section 2.1"
    touches = "how often departments' officials for a space change, taking ties and trust with them; how far departments travel to meetings there"
    costs = "regional managers with their offices: provinces for their departments, the nation for its own"
    limits = "services are not moved nearer to people; posts are spread evenly over departments; data by region are not made comparable"
    numbers = ("memory.officials_change",)

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, regional_management=max(ruling.regional_management, dose))
