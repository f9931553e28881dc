"""The alignment mechanism of 2017: problems between governments come before one national working group.

The document pictures a harvester. Its wheat, what is fed in, are here disputes about powers and functions, overlaps found from
which neither side withdrew, and parts whose complement nobody brings. Its processor is a working group with finite hours and one
queue for all its spaces; its value are interventions in force, and the chaff are procedures given up (a lever of its own).
"""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class AlignmentAdjudication(Lever):
    """A national working group that hears alignment problems, as far as its hours go."""

    id = "alignment-adjudication"
    summary = "alignment problems are brought to one national working group, adjudicated, and what is agreed goes to the October budget platforms"
    seed = "s4-harvester"
    passage = "alignment mechanism of 2017, the proposed solution; the processor, 1 (alignment and agreements); who: a working group; action plan: platforms and timeframes"
    touches = "disputed powers and functions, overlaps from which nobody withdrew, complements nobody brings: what is agreed stands in December's circulars"
    costs = "hours of the working group (nation), of every municipality and department concerned for each case, agreed or not"
    limits = (
        "an award settles one item and is no precedent for others; whether the expenditure committee takes a proposition up is not in doubt; "
        "Budget Forum, MINMECs and MINCOMBUD are not called for it; hours of SALGA and the Cities Network count as the nation's"
    )
    numbers = (
        "working-group.hours",
        "working-group.brought",
        "working-group.dispute_hours",
        "working-group.overlap_hours",
        "working-group.complement_hours",
        "disputes.accepted",
        "working-group.worst_first",
        "working-group.members",
        "working-group.meeting_hours",
        "working-group.platform_hours",
        "working-group.party_municipal",
        "working-group.party_others",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, adjudication=max(ruling.adjudication, dose))
