"""A comprehensive profile of each space."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class DistrictProfile(Lever):
    """The profile: a survey of needs and projects, which is true when made and ages."""

    id = "district-profile"
    summary = "a comprehensive profile of each space's needs, projects and budgets, renewed as it ages"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, one plan (demographic and district profile) and steps; lessons of the pilots, development profiles"
    touches = "how wrongly planners see the needs that were surveyed"
    costs = "hub hours, and data calls on every municipality of the space"
    limits = "indices (poverty, hunger, health) are not kept apart"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, profile=max(ruling.profile, dose))
