"""Zones in which related services stand together."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class ThusongZones(Lever):
    """Zones in which related services stand together."""

    id = "thusong-zones"
    summary = "an audit of locations and a plan: as leases expire, departments and post offices relocate to zones"
    seed = "s0-wc-so10"
    passage = "strategic objective 10, section 3.3(ii)"
    touches = "where offices of Home Affairs, social security, labour and post offices stand, over years"
    costs = "hours of the audit (province) and moves (nation)"
    limits = "banks are no service points of the model; police, clinics and municipal offices stay where they are"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, thusong_zones=max(ruling.thusong_zones, dose))
