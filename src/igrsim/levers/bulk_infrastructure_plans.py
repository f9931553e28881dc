"""Bulk infrastructure support plans: a provincial master plan of needs, then a support plan for each municipality."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class BulkInfrastructurePlans(Lever):
    """A master plan of water and sanitation, individual support plans, and later other services.

    From when it stands departments know from it which bulk service is missing behind a project and what waits for it; a municipality
    does once it has its own support plan. Bulk then weighs what hangs on it, and what has no bulk is left for later. The plan ages.
    """

    id = "bulk-infrastructure-plans"
    summary = "a provincial master plan of bulk services, then a support plan for each municipality"
    seed = "s0-wc-so10"
    passage = "strategic objective 10, section 3.2(iii)"
    touches = (
        "sight of what a project depends on; rank of bulk that others wait for; in non-metropolitan municipalities"
    )
    costs = "hours of the province and every municipality for each stage, surveys and engineers"
    limits = "capacity and financing needs named in support plans bring no money or people; water and sanitation are one sector"
    numbers = ("planning.postpones",)

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, bulk_plans=max(ruling.bulk_plans, dose))
