"""One framework for support to municipalities."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class SupportFramework(Lever):
    """Programmes of support lay their choices side by side before they choose.

    One framework targets the efforts to build capacity on one agenda. Here programmes that see each other's choices in
    a space avoid teaching the same function of the same municipality twice.
    """

    id = "support-framework"
    summary = "support programmes of all spheres choose by one agenda for each space"
    seed = "s0-wc-so10;s3-ddm-lessons"
    passage = "strategic objective 10, sections 2.2 and 3.2(ii); lessons of the pilots, objective (b)"
    touches = "whether programmes see each other's choices before they choose, as far as a hub or the provincial centre prepared an agenda"
    costs = "hours of the hub and the provincial centre, of every programme, and of each municipality for its skills-gap analysis"
    limits = "places are dealt to spaces as before: the framework moves support within a space, not between spaces; how the effect of support is assessed is left out"
    numbers = (
        "support.framework_sight",
        "support.absorption",
        "support.lift",
        "hub.support_hours",
        "support.centre_hours",
        "support.agenda_hours",
        "support.statement_hours",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, support_framework=max(ruling.support_framework, dose))
