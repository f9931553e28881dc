"""Thusong zones: as leases expire, departments and post offices relocate to where related services already are."""

from __future__ import annotations

import numpy as np

from igrsim.kernel.params import Params, param
from igrsim.places.travel import great_circle_km
from igrsim.services.catalogue import SERVICES
from igrsim.world.premises import SITE_KM
from igrsim.world.world import World

LEASED = tuple(SERVICES.index(s) for s in ("home_affairs", "sassa", "labour", "post_office"))
"""Services whose offices are rented; police stations, clinics and town halls are their owners' own."""


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


def related(world: World, lat: float, lon: float, besides: int) -> int:
    """How many kinds of services other than one's own are within a walk of a place."""
    points = world.points
    km = great_circle_km(lat, lon, points.lat, points.lon)
    here = (km <= SITE_KM) & points.open & ~points.on_rounds & (points.service != points.service[besides])
    return len(np.unique(points.service[here]))


def better_place(world: World, office: int) -> int | None:
    """The point in the same town and space with the most related services about it, if there are more than here."""
    points = world.points
    km = great_circle_km(points.lat[office], points.lon[office], points.lat, points.lon)
    near = np.flatnonzero(
        (km <= world.params[Zones].zone_km) & points.open & ~points.on_rounds & (points.space == points.space[office])
    )
    about = [related(world, float(points.lat[k]), float(points.lon[k]), office) for k in near]
    now = related(world, float(points.lat[office]), float(points.lon[office]), office)
    best = max(about, default=0)
    if best <= now:
        return None
    # the nearest of the best, then the first by its key
    ranked = [(float(km[k]), int(points.key[k]), int(k)) for k, n in zip(near, about, strict=True) if n == best]
    return min(ranked)[2]
