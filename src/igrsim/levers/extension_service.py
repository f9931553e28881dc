"""Community development workers who bring information and forms."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class ExtensionService(Lever):
    """Community development workers who bring information and forms.

    Community development workers bring information and forms to people who live far from centres, all year and not
    once. Here those whom a worker visited within the year know of visiting services and mobile units, bring the right
    papers, and ask for more.
    """

    id = "extension-service"
    summary = "extension workers (community development workers) visit households with information and forms"
    seed = "s0-wc-so10"
    passage = "strategic objective 10, section 3.3(iv)"
    touches = (
        "what people know of visiting services and mobile units, which papers they bring, needs they become aware of"
    )
    costs = "workers' pay (province)"
    limits = (
        "trips that a worker makes for people are left out; workers go to everyone alike, not first to those far away; "
        "all of them are paid for anew, though some were at work already"
    )
    numbers = (
        "reach.workers",
        "reach.worker_reaches",
        "reach.worker_helps",
        "access.missing_papers",
        "reach.worker_stirs",
        "reach.worker_rand",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, extension_service=max(ruling.extension_service, dose))
