"""Negotiated alignment made into compacts, protocols and contracts."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class Compacting(Lever):
    """Negotiated alignment made into compacts, protocols and contracts.

    What was negotiated is made into compacts, protocols and contracts, for whose keeping the signatories account. Here
    an agreement's standing raises the odds that actors do what was agreed; it works beside attention, partnership and
    trust.
    """

    id = "compacting"
    summary = "negotiated alignment made binding between the parties: compacts, implementation protocols (IGRFA s35), contracts"
    seed = "s4-harvester;s1-pcc-2019"
    passage = "alignment mechanism of 2017, processor 2; model of 2019, steps (localised compacts, protocols, sector agreements) and accountability for signed protocols"
    touches = "the standing of agreements: withdrawing an overlap, leaving an item to its owner, writing it into the owner's own plan, paying it first, accepting a hub's award in a dispute"
    costs = "hours of municipalities and departments to negotiate and renew them"
    limits = (
        "enforcement in court is left out; which matters a compact covers, too: it stands for all agreements of a space"
    )
    numbers = (
        "authority.compact",
        "planning.yields",
        "planning.defers",
        "planning.signs",
        "planning.pays",
        "disputes.accepted",
        "upkeep.compact_municipal",
        "upkeep.compact_others",
        "upkeep.leads",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, compact=max(ruling.compact, dose))
