"""One long-term plan for each space, made by all spheres and harmonising the IDPs."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class OnePlan(Lever):
    """The One Plan: a joint pipeline of projects with an agreed owner for each.

    One long-term plan of all spheres for each space, which harmonises IDPs and guides investment. Here it is a joint
    pipeline: after consultation, profile, launch and skills-gap analysis it is made in six phases, and names an owner
    and a year for the most severe items.
    """

    id = "one-plan"
    summary = "one intergovernmental plan per space: a joint pipeline that names an owner and a year for each project"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, one plan; lessons of the pilots, phases of the One Plan from diagnostic to review"
    touches = "which items have an agreed owner: others leave them to it, it writes them into its own plan, pays them first and stays where two overlap"
    costs = "hours of the hub and of the national and provincial centres to make it, monthly meetings of the hub's forum meanwhile, and the hours of every municipality and department that takes part"
    limits = "vision, strategy and spatial restructuring are left out: the pipeline is what is modelled; no phase ends before a forum of the space that can decide has sat, and while a partial plan is made the hub's forum meets as often as for a whole one"
    numbers = (
        "planning.plan_years",
        "planning.tables_drafts",
        "planning.municipality_tables",
        "planning.defers",
        "planning.signs",
        "planning.pays",
        "centres.national_hours",
        "centres.provincial_hours",
        "roll-out.consultation",
        "roll-out.launch",
        "roll-out.skills_gap",
        "hub.plan_hours",
        "hub.desk_plan",
        "hub.phase_municipal",
        "hub.phase_department",
        "hub.review_hours",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, one_plan=max(ruling.one_plan, dose))
