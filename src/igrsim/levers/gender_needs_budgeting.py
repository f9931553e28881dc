"""Budgets weighed by needs, aspirations and gender."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class GenderNeedsBudgeting(Lever):
    """Budgets weighed by needs, aspirations and gender.

    Budgets follow needs, aspirations and gender. Here those who plan for several municipalities of a space put items of
    its poorer municipalities first.
    """

    id = "gender-needs-budgeting"
    summary = "needs-, aspiration- and gender-based budgets"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, problem statement (4) and enablers; lessons of the pilots, content lessons (poverty, households headed by women)"
    touches = "how departments, district municipalities and (as far as a compact is in force) mining companies rank needs between the municipalities of a space: those with more poor people come first"
    costs = "hours to weigh each drafted project, of departments and of every municipality; of mining companies as far as a compact is in force"
    limits = "only the share of poor people is weighed: households headed by women are taken to be where the poor are, and aspirations are left out; within one municipality all items shift alike, so a local municipality's own budget and all of a metro's do not change and it only costs there; no money moves between spaces"
    numbers = (
        "planning.need_weight",
        "planning-hours.weighing",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, needs_weighting=max(ruling.needs_weighting, dose))
