"""One communication strategy for all parties."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class CommunicationStrategy(Lever):
    """One communication strategy for all parties."""

    id = "communication-strategy"
    summary = "one communication strategy, so that all parties know what is planned"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, enablers and implementation plan, task 2; lessons of the pilots, lesson 2 (communication work-stream)"
    touches = "how much of what is published planners learn"
    costs = "communicators' hours in every sphere"
    limits = "what citizens learn is left out: the strategy of the pilots addressed governments and stakeholders"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, communication=max(ruling.communication, dose))
