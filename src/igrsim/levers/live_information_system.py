"""One integrated information system that shows commitments as they are made."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class LiveInformationSystem(Lever):
    """One integrated information system that shows commitments as they are made.

    One real-time information system shows what is committed where. Here planners may learn of others' commitments
    within the year, where these say where the project stands, and only as far as the municipality's data are good.
    """

    id = "live-information-system"
    summary = "a real-time integrated information system with monitoring from ward level"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, enablers and implementation plan, task 2 (monitoring from ward level); lessons of the pilots, hub roles (information management)"
    touches = "what planners know in the year of others' commitments that are mapped, as good as the data fed in"
    costs = "data capture in every municipality and department, and the system itself"
    limits = "monitoring from ward level changes nothing and is left out: commitments are shown, not what becomes of them; dashboards for the public are left out"
    numbers = (
        "planning.live_sight",
        "planning.referenced",
        "upkeep.live_municipal",
        "upkeep.live_others",
        "upkeep.live_rand",
        "upkeep.leads",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, live_information=max(ruling.live_information, dose))
