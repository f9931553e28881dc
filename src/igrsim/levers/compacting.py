"""Negotiated alignment made into compacts, protocols and contracts."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class Compacting(Lever):
    """Negotiated alignment made into compacts, protocols and contracts."""

    id = "compacting"
    summary = "negotiated alignment made binding between the parties: compacts, implementation protocols (IGRFA s35), contracts"
    seed = "s4-harvester;s1-pcc-2019"
    passage = "alignment mechanism of 2017, processor 2; model of 2019, steps (localised compacts, protocols, sector agreements) and accountability for signed protocols"
    touches = (
        "the standing of agreements: withdrawing an overlap, leaving an item to its owner, paying by the agreed date"
    )
    costs = "hours to negotiate and renew them"
    limits = "enforcement in court is left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, compact=max(ruling.compact, dose))
