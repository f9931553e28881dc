"""Zones in which related services stand together."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class ThusongZones(Lever):
    """Zones in which related services stand together.

    After an audit of locations, departments are encouraged to move, as leases expire, to where related services are.
    Here an office whose lease ends may move within its town to the place with the most other services about it.
    """

    id = "thusong-zones"
    summary = "an audit of locations and a plan: as leases expire, departments and post offices relocate to zones"
    seed = "s0-wc-so10"
    passage = "strategic objective 10, section 3.3(ii)"
    touches = "where rented offices of Home Affairs, social security, labour and post offices stand, over years"
    costs = "hours of the audit (province) and moves (nation)"
    limits = "banks are no service points of the model; police, clinics and municipal offices stay where they are"
    numbers = (
        "zones.lease_months",
        "zones.audit_months",
        "zones.follows",
        "zones.zone_km",
        "zones.audit_hours",
        "zones.move_rand",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, thusong_zones=max(ruling.thusong_zones, dose))
