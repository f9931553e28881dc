"""Centres linked to departments' systems."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class CentreConnectivity(Lever):
    """Centres linked to departments' systems.

    Service providers at a one stop shop are linked to the electronic resources that departments have; lines go into
    centres. Here the system stands still less often at the counters of Home Affairs, social security and labour in
    centres.
    """

    id = "centre-connectivity"
    summary = "centres linked to departments' existing electronic resources"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, sections 2.3 and 2.4: links to existing electronic resources"
    touches = "outages at the counters of Home Affairs, social security and labour in centres"
    costs = "rand a month for each open centre: lines, equipment and support (nation)"
    limits = "documents issued on the spot instead of weeks later are left out, and donated computers"
    numbers = (
        "reach.sound_lines",
        "access.offline",
        "arrangements.centre_connectivity_rand_a_centre",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, centre_connectivity=max(ruling.centre_connectivity, dose))
