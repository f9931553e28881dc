"""What it takes to run centres well: hours and rand of every arrangement, and how far managers' hours go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.thusong import ThusongCosts
from igrsim.kernel.params import Params, param
from igrsim.phases.reach import campaigns
from igrsim.world.world import BEARERS, World

F64 = NDArray[np.float64]


class Arrangements(Params, group="arrangements"):
    """Hours and rand a month, at full extent, of arrangements for centres. Rand of 2021."""

    centre_management_a_centre: float = param(
        60, unit="hours a month", low=20, high=160, grade="assumed", source="s2-mpcc-2001",
        meaning="of the municipality, for a manager's follow-up of tenants and reports to steering committees",
    )  # fmt: skip
    centre_management_a_tenant: float = param(
        1.5, unit="hours a month", low=0.5, high=4, grade="assumed", source="s2-mpcc-2001",
        meaning="of each tenant, in the local and provincial steering committees",
    )  # fmt: skip
    department_champions_a_space: float = param(
        24, unit="hours a month", low=8, high=80, grade="assumed", source="s2-mpcc-2001",
        meaning="of departments' champions together, for each space",
    )  # fmt: skip
    agency_agreements_a_tenant: float = param(
        1, unit="hours a month", low=0.3, high=4, grade="assumed", source="s2-mpcc-2001",
        meaning="of each tenant, to negotiate and renew its agreement",
    )  # fmt: skip
    agency_agreements_a_centre: float = param(
        3, unit="hours a month", low=1, high=8, grade="assumed", source="s2-mpcc-2001",
        meaning="of the municipality, for the same",
    )  # fmt: skip
    municipal_buy_in_a_space: float = param(
        6, unit="hours a month", low=2, high=20, grade="assumed", source="s2-mpcc-2001",
        meaning="of government communicators, to workshop local government",
    )  # fmt: skip
    municipal_buy_in_a_municipality: float = param(
        3, unit="hours a month", low=1, high=10, grade="assumed", source="s2-mpcc-2001",
        meaning="of each municipality, in those workshops and its council",
    )  # fmt: skip
    centre_monitoring_a_centre: float = param(
        10, unit="hours a month", low=4, high=30, grade="assumed", source="s2-mpcc-2001",
        meaning="of the municipality, to count transactions and ask users",
    )  # fmt: skip
    centre_monitoring_a_space: float = param(
        10, unit="hours a month", low=3, high=30, grade="assumed", source="s2-mpcc-2001",
        meaning="of the Public Service Commission, to evaluate and publish",
    )  # fmt: skip
    complaints_feedback_a_centre: float = param(
        10, unit="hours a month", low=3, high=30, grade="assumed", source="s2-mpcc-2001",
        meaning="of the municipality, to take in complaints and take them up",
    )  # fmt: skip
    pooled_centre_funding_a_tenant: float = param(
        2, unit="hours a month", low=0.5, high=6, grade="assumed", source="s2-mpcc-2001",
        meaning="of each tenant, to budget and account for pooled funds",
    )  # fmt: skip
    pooled_centre_funding_rand_a_tenant: float = param(
        4_000, unit="rand a month", low=1_000, high=10_000, grade="assumed", source="assumption",
        meaning="of the nation: stationery, telephone, computer and furniture of a tenancy",
    )  # fmt: skip
    multiskilled_staff_a_tenant: float = param(
        4, unit="hours a month", low=1, high=12, grade="assumed", source="s2-mpcc-2001",
        meaning="of each tenant, in training to serve for other departments",
    )  # fmt: skip
    multiskilled_staff_rand_a_tenant: float = param(
        1_500, unit="rand a month", low=500, high=5_000, grade="assumed", source="assumption",
        meaning="of the nation, for that training",
    )  # fmt: skip
    centre_connectivity_rand_a_centre: float = param(
        25_000, unit="rand a month", low=8_000, high=60_000, grade="assumed", source="assumption",
        meaning="of the nation: lines, equipment and support",
    )  # fmt: skip
    cross_learning_a_centre: float = param(
        6, unit="hours a month", low=2, high=20, grade="assumed", source="s2-mpcc-2001",
        meaning="of the municipality, for visits to and from other centres",
    )  # fmt: skip
    requirement_guides_a_space: float = param(
        16, unit="hours a month", low=4, high=60, grade="assumed", source="s2-mpcc-2001",
        meaning="of departments, to write guides and keep them true",
    )  # fmt: skip
    requirement_guides_rand_a_space: float = param(
        30_000, unit="rand a month", low=10_000, high=100_000, grade="assumed", source="assumption",
        meaning="of the nation, to print and hand them out",
    )  # fmt: skip
    awareness_campaign_a_space: float = param(
        40, unit="hours a month", low=10, high=120, grade="assumed", source="s2-mpcc-2001",
        meaning="of government communicators",
    )  # fmt: skip
    awareness_campaign_rand_a_space: float = param(
        100_000, unit="rand a month", low=30_000, high=400_000, grade="assumed", source="assumption",
        meaning="of the nation, for radio, print and loudhailers",
    )  # fmt: skip
    hours_a_tenant: float = param(
        10, unit="hours a month", low=4, high=30, grade="assumed", source="s2-mpcc-2001",
        meaning="that a manager needs to follow one tenant up: agree days, note absences, ask, report, ask again",
    )  # fmt: skip
    learning: float = param(
        0.2, unit="elasticity", low=0.0, high=0.4, grade="assumed", source="s2-mpcc-2001",
        meaning="how fast those hours, and the time to open a centre, fall with other spaces' centre-years of which visits tell; and hours of the working group on alignment, with the cases settled in other spaces; what a space learns by itself saves nothing",
    )  # fmt: skip
    transfer: float = param(
        0.3, unit="share", low=0.05, high=0.7, grade="assumed", source="s2-mpcc-2001",
        meaning="part of other spaces' experience that visits carry over; centres differ, so it must be customised",
    )  # fmt: skip


ARRANGED = (
    "centre_management",
    "department_champions",
    "agency_agreements",
    "municipal_buy_in",
    "centre_monitoring",
    "complaints_feedback",
    "pooled_centre_funding",
    "multiskilled_staff",
    "centre_connectivity",
    "cross_learning",
    "requirement_guides",
    "awareness_campaign",
)
"""Rules whose hours and rand are charged here."""


def experience(world: World, space: int) -> float:
    """Centre-years of operation that a space's people know of: their own, and what visits bring from others."""
    own = float(world.premises.experience[space])
    others = float(world.premises.experience.sum()) - own
    return own + world.good_in("cross_learning", space) * world.params[Arrangements].transfer * others


def quicker(world: World, space: int) -> float:
    """What experience leaves of the time that things take; all of it where nobody visits anybody."""
    if world.good_in("cross_learning", space) <= 0:
        return 1.0
    own = float(world.premises.experience[space])
    return ((1 + own) / (1 + experience(world, space))) ** world.params[Arrangements].learning


def follow_up(world: World) -> F64:
    """Share of each centre's tenants that its manager can follow up."""
    p, premises = world.params[Arrangements], world.premises
    extent = world.good("centre_management")
    if not extent.any():
        return np.zeros(len(premises.centres))
    tenants = premises.tenancies
    counted = np.bincount(tenants.centre[world.points.open[tenants.point]], minlength=len(premises.centres))
    space = np.array([centre.space for centre in premises.centres], dtype=np.int64)
    quick = np.array([quicker(world, s) for s in range(world.spaces)])[space]
    needed = p.hours_a_tenant * np.maximum(counted, 1) * quick
    return np.minimum(extent[space] * p.centre_management_a_centre / needed, 1.0)


def run_centres(world: World) -> None:
    """Charge what centres and the arrangements about them take this month."""
    costs, p = world.params[ThusongCosts], world.params[Arrangements]
    premises, points = world.premises, world.points
    open_ = premises.open_now()
    stands = np.array([centre.space for centre in premises.centres], dtype=np.int64)
    centres = np.bincount(stands[open_], minlength=world.spaces)
    everyone = premises.tenancies
    serving = everyone.of(open_[everyone.centre] & points.open[everyone.point])
    tenants, days = {}, {}
    for bearer in ("nation", "province", "municipality"):
        theirs = serving.of(serving.bearer == BEARERS.index(bearer))
        served = points.days[theirs.point] * points.desks[theirs.point]
        tenants[bearer] = np.bincount(theirs.space, minlength=world.spaces)
        days[bearer] = np.bincount(theirs.space, weights=served, minlength=world.spaces)
    where = np.arange(world.spaces)
    month = round(100 * costs.rand_a_month * costs.since_2001)
    pooled = np.rint(world.rules.by_space("pooled_centre_funding") * month).astype(np.int64)
    world.charge("centres", "municipality", where, cents=centres * (month - pooled))
    world.charge("centres", "nation", where, cents=centres * pooled)
    for bearer, total in days.items():
        world.charge("tenancies", bearer, where, np.rint(60 * costs.tenant_hours * total).astype(np.int64))
    premises.experience += centres / 12
    members = np.bincount(world.municipality_space, minlength=world.spaces)
    for rule in ARRANGED:
        extent = campaigns(world) if rule == "awareness_campaign" else world.rules.by_space(rule)
        if not extent.any():
            continue

        def full(unit: str, rule: str = rule) -> float:
            return float(getattr(p, f"{rule}_{unit}", 0.0))

        per_space = np.rint(60 * extent * full("a_space")).astype(np.int64)
        per_centre = np.rint(60 * extent * full("a_centre")).astype(np.int64)
        per_tenant = np.rint(60 * extent * full("a_tenant")).astype(np.int64)
        per_member = np.rint(60 * extent * full("a_municipality")).astype(np.int64)
        world.charge("centre arrangements", "nation", where, per_space)
        world.charge("centre arrangements", "municipality", where, per_member * members)
        world.now.by_municipality["upkeep_minutes"] += per_member[world.municipality_space]
        # those who serve at centres give no hours that a municipality has for other spheres
        world.charge("centre staff", "municipality", where, per_centre * centres)
        for bearer, count in tenants.items():
            world.charge("centre staff", bearer, where, per_tenant * count)
        rand = full("rand_a_space") + full("rand_a_centre") * centres + full("rand_a_tenant") * sum(tenants.values())
        world.charge("centre arrangements", "nation", where, cents=np.rint(100 * extent * rand).astype(np.int64))
