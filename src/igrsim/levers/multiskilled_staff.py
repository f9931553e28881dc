"""Staff of a centre who serve for several departments."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class MultiskilledStaff(Lever):
    """Staff of a centre who serve for several departments.

    Officials at a centre are trained to serve for several departments. Here a centre's desks are one row for all its
    services, and colleagues who are there stand in for a tenant who stays away.
    """

    id = "multiskilled-staff"
    summary = "staff at a centre trained to serve for several departments"
    seed = "s2-mpcc-2001"
    passage = "workshop of 2001, sections 2.2 and 2.4: training to serve for several departments"
    touches = "desks of a centre become one row for all its services; colleagues stand in for a tenant who stays away"
    costs = "training hours of tenants and rand (nation)"
    limits = "mistakes of staff who serve for others, and delegations of power, are left out; whoever is present stands in equally well for any service"
    numbers = (
        "access.no_show",
        "presence.stands_in",
        "arrangements.multiskilled_staff_a_tenant",
        "arrangements.multiskilled_staff_rand_a_tenant",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, multiskilled_staff=max(ruling.multiskilled_staff, dose))
