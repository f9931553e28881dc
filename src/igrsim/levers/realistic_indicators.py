"""Few, realistic and agreed indicators."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class RealisticIndicators(Lever):
    """Few, realistic and agreed indicators.

    Indicators should be few, realistic and agreed. Here departments give up part of what no law makes them ask, and
    most of the rest is asked under one definition.
    """

    id = "realistic-indicators"
    summary = "few, realistic, agreed indicators in place of each department's own"
    seed = "s1-pcc-2019"
    passage = "model of 2019, enablers: realistic indicators"
    touches = "how many indicators are asked, and under whose definition"
    costs = "departments' hours to keep the catalogue agreed"
    limits = "what indicators measure, and gaming of targets, is left out"
    numbers = (
        "reporting.fewer",
        "reporting.agreed",
        "reporting.own_effort",
        "reporting.common_effort",
        "reporting.reading_hours",
        "upkeep.indicators_others",
        "upkeep.leads",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, fewer_indicators=max(ruling.fewer_indicators, dose))
