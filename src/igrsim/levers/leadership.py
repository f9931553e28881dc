"""Ministers, premiers and mayors who own the model and keep roles clear."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class Leadership(Lever):
    """Ministers, premiers and mayors who own the model and keep roles clear."""

    id = "leadership"
    summary = "political leadership: the inter-ministerial committee, premiers' ownership, a clear partnership of Premier's Office, cooperative governance and Treasury"
    seed = "s2-mpcc-2001;s3-ddm-lessons"
    passage = "workshop of 2001, section 4.1(1) and recommendations; lessons of the pilots, lessons 1 and 3"
    touches = "principals' attention; how fast a province's partnership grows"
    costs = "principals' hours, divided over however many spaces are led at once"
    limits = "party politics and coalitions are left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, leadership=max(ruling.leadership, dose))
