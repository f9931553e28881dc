"""Thusong centres where there are none, and more services in those that exist."""

from __future__ import annotations

from igrsim.kernel.params import Params, param
from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class ThusongCentreChoices(Params, group="thusong-centres"):
    """How many centres there shall be."""

    a_municipality: float = param(
        1, unit="centres", low=0, high=1, grade="seed", source="s0-wc-so10", choice=True,
        meaning="centres that each local or metropolitan municipality shall have",
    )  # fmt: skip
    further: float = param(
        0, unit="centres", low=0, high=3, grade="seed", source="s2-mpcc-2001", choice=True,
        meaning="centres that each space shall have beyond those it has, twice as many where it is vast or densely peopled",
    )  # fmt: skip


class ThusongCentres(Lever):
    """Thusong centres where there are none, and more services in those that exist.

    Centres are to be built in municipalities without one, with more services at all of them; in 2001 one for each
    district and two where it is vast or dense. Here sites follow the most underserved people, works take months, and
    departments then promise to come on some days.
    """

    id = "thusong-centres"
    summary = "Thusong centres (multi-purpose community centres, one stop shops) built where there are none; more services at those that exist"
    seed = "s0-wc-so10;s2-mpcc-2001"
    passage = "strategic objective 10, section 3.3(i); workshop of 2001, section 2.3 (12 centres, 60 by March 2003, two where a district is vast or dense) and 2.4 (R120 000 a month)"
    touches = "service points, desks and tenants of centres; what is reachable in one place on one day"
    costs = "building (nation), running (municipality), and tenants' hours on promised days"
    limits = "private and non-governmental tenants are left out; the medical and pension services of tenants too"
    numbers = (
        "presence.daily",
        "presence.weekly",
        "thusong.lead_months",
        "thusong.at_once",
        "thusong.underserved",
        "thusong.catchment_km",
        "thusong.vast_km2",
        "thusong.dense_people",
        "thusong.refurbish",
        "thusong.building_rand",
        "thusong.since_2018",
        "thusong.rand_a_month",
        "thusong.since_2001",
        "thusong.tenant_hours",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        choices = self.params[ThusongCentreChoices]
        return amend(
            ruling,
            centres_a_municipality=max(ruling.centres_a_municipality, choices.a_municipality * dose),
            centres_further=max(ruling.centres_further, choices.further * dose),
            centre_services=max(ruling.centre_services, dose),
        )
