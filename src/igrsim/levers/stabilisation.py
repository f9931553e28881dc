"""Local government stabilisation."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class Stabilise(Lever):
    """Dysfunctional municipalities get specialists and fill their posts sooner.

    Dysfunctional municipalities are stabilised while plans are made. Here those whose skills are below a bound get
    specialists, by what their functions lack, and fill vacant posts sooner.
    """

    id = "stabilisation"
    summary = "stabilisation of dysfunctional municipalities (Back to Basics): posts filled sooner, specialists sent"
    seed = "s1-pcc-2019;s3-ddm-lessons;b2b-2014"
    passage = (
        "model of 2019, resourcing implications (1); lessons of the pilots, stabilisation in parallel with the phases"
    )
    touches = "filling of vacant posts, specialists' work in the functions that lack most"
    costs = "specialists (nation), monthly reports and steering (municipality)"
    limits = "administrators under section 139, councils and political stability are left out; the national pool of specialists has no limit"
    numbers = (
        "stabilising.below",
        "stabilising.quicker",
        "stabilising.specialists",
        "stabilising.specialist_skill",
        "stabilising.rand_per_specialist",
        "stabilising.municipal_hours",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, stabilisation=max(ruling.stabilisation, dose))
