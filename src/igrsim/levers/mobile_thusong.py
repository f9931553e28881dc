"""Mobile units that reach every resident at least once a year."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class MobileThusong(Lever):
    """Mobile units that reach every resident at least once a year.

    Mobile Thusong centres should reach all residents at least once a year. Here units with a desk of Home Affairs and
    one of social security go round the settlements without those near by, as fast as roads, crews and breakdowns allow.
    """

    id = "mobile-thusong"
    summary = "mobile Thusong units: rounds that call at every settlement far from offices once a year"
    seed = "s0-wc-so10"
    passage = "strategic objective 10, section 3.3(iii)"
    touches = "desks of Home Affairs and social security in a settlement on some days of one month; people learn that they come"
    costs = "units with their crews and kilometres (nation); what they drive is lost to the people"
    limits = "information, schools and health services on board are left out; who lives near offices is not called at; a round is laid out once, and does not follow new centres"
    numbers = (
        "rounds.near_km",
        "rounds.people_a_day",
        "rounds.days_a_year",
        "rounds.speed",
        "rounds.stands_still",
        "knowing.new",
        "rounds.learns",
        "rounds.crew",
        "rounds.rand_a_month",
        "rounds.rand_a_km",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, mobile_rounds=max(ruling.mobile_rounds, dose))
