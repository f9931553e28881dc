"""Centre managers with a clear role, and steering committees that report back."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class CentreManagement(Lever):
    """Centre managers with a clear role, and steering committees that report back."""

    id = "centre-management"
    summary = "centre managers as the point of contact, local and provincial steering committees that report back"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, sections 4.2(6), 4.2(9) and 5(5)"
    touches = "no-shows and decisions of tenants, as far as managers have hours; tenants come on the same days"
    costs = "managers' hours (municipality), tenants' hours in committees"
    limits = "the national steering committee is left out; problems other than presence too"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, centre_management=max(ruling.centre_management, dose))
