"""A comprehensive profile of each space."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class DistrictProfile(Lever):
    """The profile: a survey of needs and projects, which is true when made and ages.

    A profile of each space says what needs, projects and budgets are there. Here it is a survey of the open needs:
    while it is fresh, planners err less about them, and so does the hub that names owners. A plan waits for it.
    """

    id = "district-profile"
    summary = "a comprehensive profile of each space's needs, projects and budgets, renewed as it ages"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, one plan (demographic and district profile) and steps; lessons of the pilots, development profiles"
    touches = "how wrongly planners, and the hub that names owners, see the needs that were surveyed; when a plan can be begun"
    costs = (
        "hours of the hub and of the national and provincial centres; data calls on every municipality and department"
    )
    limits = "indices (poverty, hunger, health) are not kept apart; it shows needs, not others' projects (that is spatial budgeting's)"
    numbers = (
        "planning.profile_error",
        "planning.profile_half_life",
        "planning.error",
        "hub.profile_hours",
        "hub.profile_months",
        "centres.national_hours",
        "centres.provincial_hours",
        "data-calls.municipality_hours",
        "data-calls.department_hours",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, profile=max(ruling.profile, dose))
