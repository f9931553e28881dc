"""A champion for centres in every department."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class DepartmentChampions(Lever):
    """A champion for centres in every department."""

    id = "department-champions"
    summary = "a champion in every department, who carries information and decisions"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, sections 4.2(3) and 4.2(8)"
    touches = "whether departments keep their promised presence, in years in which the champion is in place"
    costs = "champions' hours (nation)"
    limits = "what departments know of each other through champions is left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, department_champions=max(ruling.department_champions, dose))
