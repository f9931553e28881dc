"""Ministers and premiers who own the model and keep roles clear."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class Leadership(Lever):
    """Ministers and premiers who own the model and keep roles clear.

    Ownership at the highest level: directives to departments in the one stop shops of 2001; an inter-ministerial
    committee, an active minister and clear roles of Premier's Office, cooperative governance and Treasury in the
    pilots. Here a fixed number of ministers' and premiers' hours brings spaces to mind, the fewer spaces the more, and
    keeps partnerships in provinces; mayors give none.
    """

    id = "leadership"
    summary = "political leadership: the inter-ministerial committee, premiers' ownership, a clear partnership of Premier's Office, cooperative governance and Treasury"
    seed = "s2-mpcc-2001;s3-ddm-lessons"
    passage = "workshop of 2001, section 4.1(1) and recommendations; lessons of the pilots, lessons 1 and 3"
    touches = "principals' attention, and so what actors do of what was asked or agreed; how far and how fast a province's partnership grows, and with it the pace of plans; directives to tenants (where centres are extended or managed)"
    costs = "principals' hours (nation, province), a fixed number divided over however many spaces are led at once"
    limits = "mayors' hours and what they add are left out, as are party politics and coalitions"
    numbers = (
        "principals.minister_hours",
        "principals.premier_hours",
        "principals.gain",
        "principals.fades",
        "authority.salience",
        "centres.roles_clear",
        "authority.partnership",
        "presence.instruction",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, leadership=max(ruling.leadership, dose))
