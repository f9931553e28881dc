"""The One Plan regulated under the Intergovernmental Relations Framework Act."""

from __future__ import annotations

from igrsim.kernel.params import Params, param
from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class RegulatedPlanChoices(Params, group="regulated-plan"):
    """What the regulation may demand."""

    binding: float = param(
        0, unit="share", low=0, high=1, grade="assumed", source="assumption", choice=True,
        meaning="extent to which the plan binds the budgets of its owners; the regulations of 2024 leave powers and functions as they are (0)",
    )  # fmt: skip


class RegulatedPlan(Lever):
    """A regulated process: who takes part, what a plan contains, by when."""

    id = "regulated-plan"
    summary = "the One Plan regulated under the Act: duty to take part, content, deadlines; no power over budgets"
    seed = "s1-pcc-2019;s3-ddm-lessons;igrfa-ddm-regs-2024"
    passage = "model of 2019, principle (a); lessons of the pilots, the One Plan regulated under the IGRF Act"
    touches = (
        "who lays drafts before the space and writes agreed items into its own plan; with binding, whether it pays"
    )
    costs = "hours to comply in every municipality and department"
    limits = "sanctions, exemptions and the process of making the regulations are left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        choices = self.params[RegulatedPlanChoices]
        return amend(ruling, duty=max(ruling.duty, dose), binding=max(ruling.binding, choices.binding * dose))
