"""Thusong service centres: a house with a manager, and departments that promise to come on some days."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from igrsim.government.actor import Actor
from igrsim.kernel.params import Params, param
from igrsim.services.catalogue import SERVICES

F64 = NDArray[np.float64]

LADDER = (0.0, 2.0, 4.0, 8.0, 21.0)
"""Days a month that a department promises: none, fortnightly, weekly, twice a week, daily."""
ANCHORS = tuple(SERVICES.index(s) for s in ("home_affairs", "sassa"))
"""Services without either of which a centre is delisted."""
CORE = tuple(SERVICES.index(s) for s in ("home_affairs", "sassa", "labour", "municipal_office"))
"""Services that every centre is meant to have."""
FURTHER = tuple(SERVICES.index(s) for s in ("police", "post_office"))
"""Services that come to a centre if its people ask for them: affidavits, and payment of grants."""
MUNICIPAL = SERVICES.index("municipal_office")


class ThusongCosts(Params, group="thusong"):
    """What a centre costs and how long it takes to open. Rand are of the year named; the model's are of 2021."""

    rand_a_month: float = param(
        120_000, unit="rand a month (2001)", low=30_000, high=120_000, grade="seed", source="s2-mpcc-2001",
        meaning="running cost of a centre, that of the Northern Cape's one-stop shop in 2001, tenants' own staff apart",
    )  # fmt: skip
    since_2001: float = param(
        2.9, unit="ratio", low=2.7, high=3.1, grade="assumed", source="assumption",
        meaning="consumer prices of 2021 over those of 2001, compounded from yearly headline inflation",
    )  # fmt: skip
    building_rand: float = param(
        7_500_000, unit="rand (2018)", low=7_000_000, high=8_000_000, grade="measured", source="iol-thusong-2018",
        meaning="cost of building a centre",
    )  # fmt: skip
    since_2018: float = param(
        1.12, unit="ratio", low=1.10, high=1.14, grade="assumed", source="assumption",
        meaning="consumer prices of 2021 over those of 2018, compounded from yearly headline inflation",
    )  # fmt: skip
    refurbish: float = param(
        0.4, unit="share", low=0.1, high=0.8, grade="assumed", source="assumption",
        meaning="cost and time of opening a closed centre again, over those of building one",
    )  # fmt: skip
    lead_months: float = param(
        18, unit="months", low=9, high=36, grade="assumed", source="s2-mpcc-2001",
        meaning="from the choice of a site to a centre's launch; government was seen as very slow in setting up centres",
    )  # fmt: skip
    at_once: float = param(
        1, unit="centres", low=1, high=3, grade="derived", source="s2-mpcc-2001",
        meaning="centres under construction in a space at a time: 12 to 60 in some 20 months is about one in each space",
    )  # fmt: skip
    vast_km2: float = param(
        50_000, unit="km2", low=30_000, high=100_000, grade="assumed", source="s2-mpcc-2001",
        meaning="area from which a district is vast and has two centres planned",
    )  # fmt: skip
    dense_people: float = param(
        3_000_000, unit="people", low=1_000_000, high=4_000_000, grade="assumed", source="s2-mpcc-2001",
        meaning="population from which a space is densely peopled and has two centres planned; 60 for 52 spaces",
    )  # fmt: skip
    underserved: float = param(
        45, unit="minutes", low=30, high=90, grade="assumed", source="s0-wc-so10",
        meaning="one way to Home Affairs or to social security, beyond which people are underserved when a site is chosen",
    )  # fmt: skip
    catchment_km: float = param(
        10, unit="km", low=5, high=20, grade="assumed", source="psc-2010",
        meaning="how far a centre is held to reach when its site is chosen and its users are heard; no two are sited nearer. "
        "Most users lived in the immediate vicinity, six in ten within 5 km",
    )  # fmt: skip
    site_given: float = param(
        0.3, unit="share", low=0.1, high=0.5, grade="assumed", source="s2-mpcc-2001",
        meaning="of the time to open a centre, what a council saves that gives a site",
    )  # fmt: skip
    tenant_hours: float = param(
        9, unit="hours", low=8, high=12, grade="assumed", source="assumption",
        meaning="hours of one official of a tenant on a promised day, on the way and at the desk",
    )  # fmt: skip


class Presence(Params, group="presence"):
    """How a department decides, each year, whether to keep a promised presence at a centre."""

    stay: float = param(
        2.0, unit="log-odds", low=1.2, high=3.0, grade="derived", source="pmg-nw3446",
        meaning="odds of keeping a promised presence for a year where nothing holds it and the desk is half used; "
        "72 of 197 centres stood without function after some 24 years",
    )  # fmt: skip
    footfall: float = param(
        0.7, unit="log-odds", low=0.2, high=1.5, grade="assumed", source="psc-2010",
        meaning="what 2.7 times the people a promised day add",
    )  # fmt: skip
    budget: float = param(
        0.8, unit="log-odds", low=0.2, high=1.5, grade="assumed", source="s2-mpcc-2001",
        meaning="what a year's luck with a department's own budget (one standard deviation) moves, everywhere in a province",
    )  # fmt: skip
    error: float = param(
        0.5, unit="log ratio", low=0.0, high=1.0, grade="assumed", source="assumption",
        meaning="how wrongly a head office sees a desk's footfall where no transaction statistics are kept",
    )  # fmt: skip
    champion: float = param(
        0.8, unit="log-odds", low=0.2, high=1.6, grade="assumed", source="s2-mpcc-2001",
        meaning="what a champion in the department adds, while there is one",
    )  # fmt: skip
    champion_stays: float = param(
        0.8, unit="share", low=0.5, high=0.95, grade="assumed", source="assumption",
        meaning="years in which a department's champion for a province is in place",
    )  # fmt: skip
    agreement: float = param(
        1.2, unit="log-odds", low=0.4, high=2.5, grade="assumed", source="s2-mpcc-2001",
        meaning="what an agency agreement on tenancy adds",
    )  # fmt: skip
    follow_up: float = param(
        0.8, unit="log-odds", low=0.2, high=1.6, grade="assumed", source="s2-mpcc-2001",
        meaning="what a manager and a steering committee add who follow every absence up and report back",
    )  # fmt: skip
    instruction: float = param(
        0.8, unit="log-odds", low=0.2, high=2.0, grade="assumed", source="s2-mpcc-2001",
        meaning="what directives to line departments add where principals give the space their full attention",
    )  # fmt: skip
    funding: float = param(
        0.8, unit="log-odds", low=0.2, high=1.6, grade="assumed", source="s2-mpcc-2001",
        meaning="what a tenancy adds whose desk, equipment and stationery come from pooled funds",
    )  # fmt: skip
    pooled_keeps: float = param(
        0.8, unit="share", low=0.5, high=1.0, grade="assumed", source="assumption",
        meaning="of closures, that are prevented where running costs of centres are pooled: what is left has other causes than money",
    )  # fmt: skip
    stands_in: float = param(
        0.8, unit="share", low=0.5, high=1.0, grade="assumed", source="assumption",
        meaning="of what a tenant who stays away would have served, that multi-skilled colleagues who are there do in its stead",
    )  # fmt: skip
    monitored: float = param(
        0.3, unit="log-odds", low=0.0, high=0.8, grade="assumed", source="s2-mpcc-2001",
        meaning="what it adds that presence is counted and published",
    )  # fmt: skip
    buy_in: float = param(
        1.0, unit="log-odds", low=0.3, high=2.0, grade="assumed", source="s2-mpcc-2001",
        meaning="what it adds to a municipality's own presence that its council sees centres as enablers",
    )  # fmt: skip
    on_the_day: float = param(
        0.5, unit="ratio", low=0.2, high=1.0, grade="assumed", source="assumption",
        meaning="how far what holds a presence for the year also holds it on the day: no-shows fall by exp(-this x log-odds)",
    )  # fmt: skip
    grows: float = param(
        0.5, unit="share a year", low=0.1, high=0.8, grade="assumed", source="assumption",
        meaning="tenants with more people than their desk can serve who come more often the next year, where everything that can hold them is in force",
    )  # fmt: skip
    returns: float = param(
        0.5, unit="share a year", low=0.1, high=0.9, grade="assumed", source="assumption",
        meaning="withdrawn tenants who promise to come again, fortnightly, where everything that can hold them is in force",
    )  # fmt: skip
    daily: float = param(
        0.50, unit="share", low=0.40, high=0.60, grade="assumed", source="psc-2010",
        meaning="departments that promise a new centre to come daily",
    )  # fmt: skip
    weekly: float = param(
        0.33, unit="share", low=0.25, high=0.40, grade="assumed", source="psc-2010",
        meaning="departments that promise to come weekly; the others fortnightly",
    )  # fmt: skip
    closes: float = param(
        0.015, unit="share a year", low=0.0, high=0.04, grade="assumed", source="pmg-nw3446",
        meaning="centres that a municipality of middling condition cannot keep open",
    )  # fmt: skip
    no_anchor: float = param(
        2, unit="ratio", low=1, high=4, grade="assumed", source="psc-2010",
        meaning="how much likelier a municipality gives up a centre without an anchor",
    )  # fmt: skip
    half_used: float = param(
        0.5, unit="people per place at the desk", low=0.3, high=0.8, grade="assumed", source="assumption",
        meaning="footfall that neither holds nor loosens a presence",
    )  # fmt: skip
    crowded: float = param(
        1, unit="people per place at the desk", low=0.8, high=1.3, grade="assumed", source="assumption",
        meaning="footfall from which a department may come more often",
    )  # fmt: skip


class Tenant(NamedTuple):
    """A department at a centre.

    Attributes
    ----------
    point : int
        Its row among the service points.
    bearer : str
        Whose officials come.
    """

    service: int
    point: int
    bearer: str


class ThusongCentre(Actor):
    """One centre.

    Attributes
    ----------
    code : str
    key : int
    settlement, municipality, space : int
        Rows of the geography's tables.
    lat, lon : float
    opens : int
        Month in which it opens or opened; below 0 before the study.
    open : bool
    neighbours : frozenset of int
        Services that have an office of their own within a walk: no tenant of theirs is needed.
    tenants : dict of int to Tenant
        By service, those who left included.
    cost_cents, lead : int
        Of the works under way, a month; how many months they take, 0 where there are none.
    further : bool
        Built beyond one for each municipality.
    """

    def __init__(
        self,
        model: Any,
        *,
        code: str,
        key: int,
        name: str,
        settlement: int,
        municipality: int,
        space: int,
        lat: float,
        lon: float,
        opens: int,
        open: bool,
        neighbours: frozenset[int],
    ) -> None:
        super().__init__(model)
        self.code = code
        self.key = key
        self.name = name
        self.settlement = settlement
        self.municipality = municipality
        self.space = space
        self.lat, self.lon = lat, lon
        self.opens = opens
        self.open = open
        self.neighbours = neighbours
        self.tenants: dict[int, Tenant] = {}
        self.cost_cents = 0
        self.lead = 0
        self.further = False

    @property
    def under_way(self) -> bool:
        """Being built, or made ready to open again."""
        return self.lead > 0


def promised(u: float, presence: Presence) -> float:
    """Days a month that a department promises, by its luck."""
    return LADDER[-1] if u < presence.daily else LADDER[2] if u < presence.daily + presence.weekly else LADDER[1]


def next_rung(days: F64 | float, up: bool) -> F64:
    """One rung up or down the ladder of promised days."""
    rung = np.searchsorted(LADDER, days) + (1 if up else -1)
    return np.asarray(LADDER)[np.clip(rung, 0, len(LADDER) - 1)]
