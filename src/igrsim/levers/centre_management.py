"""Centre managers with a clear role, and steering committees that report back."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class CentreManagement(Lever):
    """Centre managers with a clear role, and steering committees that report back.

    The centre manager is the point of contact and must have a clear role; steering committees must report back. Here a
    manager follows absences up with as many tenants as the hours allow, which holds those tenants, and gets tenants to
    come on the same days.
    """

    id = "centre-management"
    summary = "centre managers as the point of contact, local and provincial steering committees that report back"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, sections 4.2(6), 4.2(9) and 5(5)"
    touches = "tenants' no-shows and yearly decisions, and whether they come on the same days, as far as managers' hours go round the tenants; directives of principals reach centres (with leadership)"
    costs = "managers' hours (municipality), tenants' hours in committees"
    limits = "the national steering committee is left out; problems other than presence too"
    numbers = (
        "presence.follow_up",
        "presence.stay",
        "presence.on_the_day",
        "presence.grows",
        "presence.returns",
        "arrangements.hours_a_tenant",
        "arrangements.centre_management_a_centre",
        "arrangements.centre_management_a_tenant",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, centre_management=max(ruling.centre_management, dose))
