"""Community development workers who bring information and forms."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class ExtensionService(Lever):
    """Community development workers who bring information and forms."""

    id = "extension-service"
    summary = "extension workers (community development workers) visit households with information and forms"
    seed = "s0-wc-so10"
    passage = "strategic objective 10, section 3.3(iv)"
    touches = "what people know of visiting services, which papers they bring, needs they become aware of"
    costs = "workers' pay (province)"
    limits = "trips that a worker makes for people are left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, extension_service=max(ruling.extension_service, dose))
