"""One joint planning space for the spheres: a yearly indaba of departments and municipalities on their plans."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class IdpIndaba(Lever):
    """One joint planning space: once a year those who come lay drafts, commitments and intentions side by side.

    What is there to see hangs on the month: before departments draft (September) they see what municipalities have adopted and
    mean to do; once both have committed nothing of that year can move any more. It only shows. It has no staff that compares, so it
    shows as many projects as its hours allow, the largest first, to those who came.
    """

    id = "idp-indaba"
    summary = "a single joint planning space: departments and municipalities lay their plans side by side once a year"
    seed = "s0-wc-so10"
    passage = "strategic objective 10, section 3.1(i)"
    touches = "one forum a year in each space, in a month of policy's choice; sight of what was laid on its table, among those who sat there"
    costs = "hours, preparation and travel of every member, convening by provincial cooperative governance, hours to make each project ready"
    limits = (
        "one indaba a space and year, held and paid in full at any dose: below full only fewer projects are shown; "
        "who is to fund what is not agreed there; priorities are shown as projects only"
    )
    numbers = (
        "planning.yields",
        "engagement.convening",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, idp_indaba=max(ruling.idp_indaba, dose))
