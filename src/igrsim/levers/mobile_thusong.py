"""Mobile units that reach every resident at least once a year."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class MobileThusong(Lever):
    """Mobile units that reach every resident at least once a year."""

    id = "mobile-thusong"
    summary = "mobile Thusong units: rounds that call at every settlement far from offices once a year"
    seed = "s0-wc-so10"
    passage = "strategic objective 10, section 3.3(iii)"
    touches = "desks of Home Affairs and social security in a settlement on some days of one month; people learn that they come"
    costs = "units with their crews and kilometres (nation); what they drive is lost to the people"
    limits = "information, schools and health services on board are left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, mobile_rounds=max(ruling.mobile_rounds, dose))
