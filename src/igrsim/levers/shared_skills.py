"""Skilled people shared in a district family."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class SharedSkills(Lever):
    """A district and its locals lend each other skilled people.

    Expertise that a district and its locals can share as needed, found by a skills audit. Here the hub arranges that in
    each function the strongest lends skilled work to the weakest, no more than makes them equal, less what the road
    eats.
    """

    id = "shared-skills"
    summary = "skills are lent from the strongest to the weakest in a district and its locals, arranged by the hub"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, one plan (skills audit); lessons of the pilots, objective (c), skills-gap analysis and shared services"
    touches = "effective skill of lender and borrower by function"
    costs = "hub hours, the lender's skilled work, and time on the road"
    limits = "in a metro there is nobody to share with, and without a hub's hours nothing is lent; lending across districts, shared systems and equipment are left out"
    numbers = (
        "lending.most",
        "lending.trips",
        "lending.week",
        "lending.road_limit",
        "meetings.official_speed",
        "hub.sharing_hours",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, shared_skills=max(ruling.shared_skills, dose))
