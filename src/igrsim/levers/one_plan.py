"""One long-term plan for each space, made by all spheres and harmonising the IDPs."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class OnePlan(Lever):
    """The One Plan: a joint pipeline of projects with an agreed owner for each."""

    id = "one-plan"
    summary = "one intergovernmental plan per space: a joint pipeline that names an owner and a year for each project"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, one plan; lessons of the pilots, phases of the One Plan from diagnostic to review"
    touches = "which items have an agreed owner; what the others see of it"
    costs = "hub hours to make it, and the hours of every municipality and department that takes part"
    limits = "vision, strategy and spatial restructuring are left out: the pipeline is what is modelled"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, one_plan=max(ruling.one_plan, dose))
