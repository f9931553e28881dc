"""A champion for centres in every department."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class DepartmentChampions(Lever):
    """A champion for centres in every department.

    Every department needs a champion who carries information and decisions about centres. Here a champion, in years in
    which there is one, holds the department's presence at the centres of a province.
    """

    id = "department-champions"
    summary = "a champion in every department, who carries information and decisions"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, sections 4.2(3) and 4.2(8)"
    touches = "whether tenants other than the municipality keep their promised presence from year to year and on the day, in years in which the champion is in place"
    costs = "champions' hours (nation), for every space whether or not it has a centre"
    limits = "what departments know of each other through champions is left out"
    numbers = (
        "presence.champion",
        "presence.champion_stays",
        "presence.stay",
        "presence.on_the_day",
        "presence.grows",
        "presence.returns",
        "arrangements.department_champions_a_space",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, department_champions=max(ruling.department_champions, dose))
