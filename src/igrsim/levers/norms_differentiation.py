"""Policy norms and standards differentiated: a space negotiates how national norms, say for schools, apply to it.

One norm for the whole country fits dense metros and sparse rural places badly: some items built to it wait for leave to deviate. That
wait is held to be part of the time that procurement takes today, so silos know it too. A space's own standard makes it needless.
"""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class NormsDifferentiation(Lever):
    """National norms and standards negotiated for spaces that they do not fit."""

    id = "norms-differentiation"
    summary = "policy norms and standards are differentiated: negotiated for spaces that the national ones do not fit"
    seed = "s4-harvester"
    passage = "alignment mechanism of 2017, the problem: policy differentiation (norms and standards, e.g. schools); the processor, 1 (policy alignment, negotiation, revision)"
    touches = "months that items built to a national norm wait for leave to deviate, in metros and mostly rural places"
    costs = "hours of the working group to negotiate each norm in each space, and of its municipalities and departments"
    limits = (
        "that a norm which does not fit makes items dearer or the wrong ones is left out; "
        "so is the quality that a lower standard may cost, and inequality between places"
    )
    numbers = (
        "letting.unfit",
        "letting.deviation_months",
        "letting.mostly_rural",
        "working-group.norm_agreed",
        "working-group.norm_hours",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, norms_differentiated=max(ruling.norms_differentiated, dose))
