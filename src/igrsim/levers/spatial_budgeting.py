"""Programmes and budgets mapped to places."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class SpatialBudgeting(Lever):
    """Departments say where each project is, so that others can find it.

    Projects and budgets of all spheres are mapped, for in the pilots some were not. Here every project says where it
    stands: published commitments can be found, and drafts that are tabled can be compared.
    """

    id = "spatial-budgeting"
    summary = "national, provincial and municipal projects and budgets are mapped to places"
    seed = "s1-pcc-2019;s3-ddm-lessons;s4-harvester"
    passage = "model of 2019, steps (mapping possibly to ward level); lessons of the pilots, content lessons; alignment mechanism of 2017, processor 3"
    touches = "which projects are referenced, and so can be seen in published plans and compared"
    costs = "mapping hours of every department and municipality for each project it drafts; of mining companies too, as far as a compact is in force"
    limits = "ward-level precision and map systems are left out"
    numbers = (
        "planning.referenced",
        "planning.published",
        "planning.joint_sight",
        "planning-hours.mapping",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, spatial_reference=max(ruling.spatial_reference, dose))
