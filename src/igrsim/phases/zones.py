"""Thusong zones: as leases expire, departments and post offices relocate to where related services already are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.params import Params, param
from igrsim.places.travel import great_circle_km
from igrsim.services.catalogue import SERVICES
from igrsim.world.premises import SITE_KM
from igrsim.world.world import World

I64 = NDArray[np.int64]

LEASED = tuple(SERVICES.index(s) for s in ("home_affairs", "sassa", "labour", "post_office"))
"""Services whose offices are rented; police stations, clinics and town halls are their owners' own."""

KM_A_DEGREE = 90.0
"""Of longitude at the southern end of the country; elsewhere, and of latitude, it is more."""


class Zones(Params, group="zones"):
    """Leases, and what an audit of locations and a move take. Rand of 2021."""

    lease_months: float = param(
        60, unit="months", low=36, high=120, grade="assumed", source="s0-wc-so10",
        meaning="how long an office is leased; when a lease expires is luck",
    )  # fmt: skip
    audit_months: float = param(
        12, unit="months", low=6, high=24, grade="assumed", source="s0-wc-so10",
        meaning="for the audit of locations and the plan, before anyone moves",
    )  # fmt: skip
    audit_hours: float = param(
        60, unit="hours a month", low=20, high=200, grade="assumed", source="s0-wc-so10",
        meaning="of the province for each space, while the audit lasts; a fifth of it afterwards",
    )  # fmt: skip
    follows: float = param(
        0.7, unit="share", low=0.3, high=0.95, grade="assumed", source="s0-wc-so10",
        meaning="departments whose lease expires that follow the plan: they are encouraged, not bound",
    )  # fmt: skip
    zone_km: float = param(
        8, unit="km", low=3, high=20, grade="assumed", source="assumption",
        meaning="how far an office moves at most: it serves the same town",
    )  # fmt: skip
    move_rand: float = param(
        600_000, unit="rand", low=200_000, high=2_000_000, grade="assumed", source="assumption",
        meaning="fitting out and moving an office, borne by its department",
    )  # fmt: skip


def relocate(world: World) -> None:
    """Move the offices whose leases expire this month, where the rules have zones."""
    extent = world.rules.by_space("thusong_zones")
    if not extent.any():
        return
    p, points = world.params[Zones], world.points
    since = np.array(
        [world.month - world.rules.first.get((s, "thusong_zones"), world.month) for s in range(world.spaces)]
    )
    hours = np.where(since < p.audit_months, 1.0, 0.2) * p.audit_hours * extent
    world.charge("relocation", "province", np.arange(world.spaces), np.rint(60 * hours).astype(np.int64))
    rented = np.flatnonzero(np.isin(points.service, LEASED) & ~points.visiting & points.open)
    lease = round(p.lease_months)
    begun = np.floor(world.draws["lease began"].uniform(points.key[rented]) * lease).astype(np.int64)
    planned = (since[points.space[rented]] >= p.audit_months) & (extent[points.space[rented]] > 0)
    expires = rented[((world.ordinal - begun) % lease == 0) & planned]
    follows = world.draws["office follows the plan of zones"].uniform(world.ordinal, points.key[expires])
    movers = expires[follows < p.follows * extent[points.space[expires]]]
    # all look at the same town before any moves
    goals = {int(k): better_place(world, int(k)) for k in movers}
    for k, goal in goals.items():
        if goal is None:
            continue
        points.lat[k], points.lon[k] = points.lat[goal], points.lon[goal]
        world.premises.changed.add(int(points.service[k]))
        world.charge("relocation", "nation", int(points.space[k]), cents=round(100 * p.move_rand))
        world.now.by_space["offices_relocated"][points.space[k]] += 1


def related(world: World, places: I64, office: int) -> I64:
    """How many kinds of services other than an office's own are within a walk of each of some points."""
    points = world.points
    others = np.flatnonzero(points.open & ~points.on_rounds & (points.service != points.service[office]))
    lat, lon = points.lat[places], points.lon[places]
    # only what is near any of them need be measured against each
    reach = SITE_KM / KM_A_DEGREE * 2
    others = others[(points.lat[others] >= lat.min() - reach) & (points.lat[others] <= lat.max() + reach)]
    others = others[(points.lon[others] >= lon.min() - reach) & (points.lon[others] <= lon.max() + reach)]
    km = great_circle_km(lat[:, None], lon[:, None], points.lat[others], points.lon[others])
    kinds = [(km[:, points.service[others] == s] <= SITE_KM).any(axis=1) for s in range(len(SERVICES))]
    return np.asarray(np.sum(kinds, axis=0), dtype=np.int64)


def better_place(world: World, office: int) -> int | None:
    """The point in the same town and space with the most related services about it, if there are more than here."""
    points = world.points
    mine = np.flatnonzero(points.open & ~points.on_rounds & (points.space == points.space[office]))
    km = great_circle_km(points.lat[office], points.lon[office], points.lat[mine], points.lon[mine])
    near, km = mine[km <= world.params[Zones].zone_km], km[km <= world.params[Zones].zone_km]
    about = related(world, near, office)
    best = about.max()
    if best <= about[near == office][0]:
        return None
    # the nearest of the best, then the first by its key
    ranked = [(float(km[k]), int(points.key[near[k]]), int(near[k])) for k in np.flatnonzero(about == best)]
    return min(ranked)[2]
