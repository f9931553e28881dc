"""One integrated information system that shows commitments as they are made."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class LiveInformationSystem(Lever):
    """One integrated information system that shows commitments as they are made."""

    id = "live-information-system"
    summary = "a real-time integrated information system with monitoring from ward level"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, enablers and implementation plan, task 2 (monitoring from ward level); lessons of the pilots, hub roles (information management)"
    touches = "what planners know in the year of others' commitments, as good as the data fed in"
    costs = "data capture in every municipality and department, and the system itself"
    limits = "dashboards for the public are left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, live_information=max(ruling.live_information, dose))
