"""Transaction statistics, satisfaction and evaluation of centres."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class CentreMonitoring(Lever):
    """Transaction statistics, satisfaction and evaluation of centres.

    Transactions and satisfaction are counted, and the Public Service Commission evaluates. Here head offices see a
    tenant's footfall as it is, whether that speaks for the tenant or against it, and presence that is published is kept
    likelier.
    """

    id = "centre-monitoring"
    summary = "transactions and satisfaction are counted, the Public Service Commission evaluates"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, sections 2.2, 2.4 (statistics of transactions, satisfaction) and 5(6)"
    touches = "how truly head offices see footfall (which can speak against a tenant), and whether presence is kept once it is published"
    costs = "hours of municipalities and of the commission"
    limits = "satisfaction is asked for in those hours, but neither it nor what the commission finds changes anything: only counted footfall and published presence do; quality of service is left out"
    numbers = (
        "presence.error",
        "presence.footfall",
        "presence.half_used",
        "presence.monitored",
        "presence.on_the_day",
        "arrangements.centre_monitoring_a_centre",
        "arrangements.centre_monitoring_a_space",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, centre_monitoring=max(ruling.centre_monitoring, dose))
