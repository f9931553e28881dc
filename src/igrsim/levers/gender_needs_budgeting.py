"""Budgets weighed by needs, aspirations and gender."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class GenderNeedsBudgeting(Lever):
    """Budgets weighed by needs, aspirations and gender."""

    id = "gender-needs-budgeting"
    summary = "needs-, aspiration- and gender-based budgets"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, problem statement (4) and enablers; lessons of the pilots, content lessons (poverty, households headed by women)"
    touches = (
        "how departments and municipalities rank needs: poorer places, with more households headed by women, come first"
    )
    costs = "hours to weigh each drafted project"
    limits = "weights are by the share of poor people in a municipality; aspirations are left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, needs_weighting=max(ruling.needs_weighting, dose))
