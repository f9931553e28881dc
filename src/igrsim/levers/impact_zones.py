"""The 44 districts and 8 metros as the arena in which plans are laid side by side."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class ImpactZones(Lever):
    """Every sphere's drafts are sorted by space, so that they can be compared there.

    The 44 districts and 8 metros are the arena in which the plans of all spheres are aligned. Here actors lay their
    drafts before the space; a hub compares them, keeps one agenda of matters between governments and hears disputes
    over powers, as far as its hours go.
    """

    id = "impact-zones"
    summary = "the 52 spaces become the arena in which the plans of all spheres are laid side by side"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, visualising the model: 44 districts and 8 metros as impact zones; lessons of the pilots, introduction"
    touches = "which drafts can be compared before commitment, for overlaps and for missing complements; which forum has a matter on its agenda; disputes over powers that are heard: each where a hub has hours for it"
    costs = "hours of every actor to lay its drafts before the space; comparing, the agenda and disputes cost hub hours"
    limits = "sub-district zones, nodes and corridors are left out; without a hub it only costs"
    numbers = (
        "planning.tables_drafts",
        "planning.municipality_tables",
        "planning.joint_sight",
        "planning.postpones",
        "engagement.refers",
        "disputes.accepted",
        "planning-hours.tabling",
        "hub.draft_hours",
        "hub.agenda_hours",
        "disputes.hours",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, joint_arena=max(ruling.joint_arena, dose))
