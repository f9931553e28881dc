"""Transaction statistics, satisfaction and evaluation of centres."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class CentreMonitoring(Lever):
    """Transaction statistics, satisfaction and evaluation of centres."""

    id = "centre-monitoring"
    summary = "transactions and satisfaction are counted, the Public Service Commission evaluates"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, sections 2.2, 2.4 (statistics of transactions, satisfaction) and 5(6)"
    touches = "how truly head offices see footfall (which can speak against a tenant), and whether presence is kept once it is published"
    costs = "hours of municipalities and of the commission"
    limits = "quality of service is left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, centre_monitoring=max(ruling.centre_monitoring, dose))
