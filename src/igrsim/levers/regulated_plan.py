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
    """A regulated process: who takes part, what a plan contains, by when.

    From negotiated alignment to a regulated plan: the law says who takes part, what a plan contains and by when, and
    leaves powers as they are. Here it raises the odds of taking part; with the choice of binding, the plan's owners pay
    what it names.
    """

    id = "regulated-plan"
    summary = "the One Plan regulated under the Act: duty to take part, content, deadlines; no power over budgets"
    seed = "s1-pcc-2019;s3-ddm-lessons;igrfa-ddm-regs-2024"
    passage = "model of 2019, principle (a); lessons of the pilots, the One Plan regulated under the IGRF Act"
    touches = "who takes part: lays drafts before the space (where a hub compares them), leaves items to their owners, and writes agreed items into its own plan; with binding, whether it pays them first"
    costs = "hours to comply in every municipality and department"
    limits = "sanctions, exemptions and the process of making the regulations are left out; deadlines and required content take hours and change neither when a plan is made nor what it says"
    numbers = (
        "authority.duty",
        "planning.tables_drafts",
        "planning.municipality_tables",
        "planning.signs",
        "upkeep.duty_municipal",
        "upkeep.duty_others",
        "upkeep.leads",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        choices = self.params[RegulatedPlanChoices]
        return amend(ruling, duty=max(ruling.duty, dose), binding=max(ruling.binding, choices.binding * dose))
