"""One communication strategy for all parties."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class CommunicationStrategy(Lever):
    """One communication strategy for all parties.

    One communication strategy for what is done in the 52 spaces; in the pilots a work-stream of its own. Here planners
    learn more of what others publish: of commitments whose place is given, not of drafts.
    """

    id = "communication-strategy"
    summary = "one communication strategy, so that all parties know what is planned"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, enablers and implementation plan, task 2; lessons of the pilots, lesson 2 (communication work-stream)"
    touches = "how much planners learn of others' published commitments, where these say where the project stands"
    costs = "communicators' hours in every sphere"
    limits = "what citizens learn is left out: the strategy of the pilots addressed governments and stakeholders"
    numbers = (
        "planning.communicated",
        "planning.published",
        "planning.referenced",
        "upkeep.communication_municipal",
        "upkeep.communication_others",
        "upkeep.leads",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, communication=max(ruling.communication, dose))
