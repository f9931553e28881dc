"""A district and its locals lend each other skilled people, as far as the hub arranges it."""

from __future__ import annotations

import numpy as np

from igrsim.kernel.params import Params, param
from igrsim.places.capacity import FUNCTIONS
from igrsim.places.travel import Travel, great_circle_km
from igrsim.world.convening import Meetings
from igrsim.world.frozen import Frozen
from igrsim.world.world import World


class Lending(Params, group="lending"):
    """How much skill can be lent, and what the road takes of it."""

    most: float = param(
        0.2, unit="share", low=0.05, high=0.4, grade="assumed", source="assumption",
        meaning="most of a function's skilled work that a municipality lends",
    )  # fmt: skip
    trips: float = param(
        3, unit="trips a week", low=1, high=5, grade="assumed", source="assumption",
        meaning="journeys of someone who is lent, there and back",
    )  # fmt: skip
    week: float = param(
        40, unit="hours a week", low=38, high=45, grade="assumed", source="assumption",
        meaning="working week of an official",
    )  # fmt: skip
    road_limit: float = param(
        0.5, unit="share", low=0.3, high=0.8, grade="assumed", source="assumption",
        meaning="most of the lent time that travel may eat",
    )  # fmt: skip


WEEKS = 52 / 12


def lend(world: World) -> None:
    """Lend in each family and function from the strongest to the weakest, but no more than makes them equal.

    What is lent is work of full skill, in posts: what the lender gives up is what the borrower gets and what is lost
    on the road.
    """
    p, skills = world.params[Lending], world.skills
    skills.lent[:] = skills.borrowed[:] = 0.0
    ruling = world.rules.by_space("shared_skills")
    own = skills.own()
    for space in np.flatnonzero(ruling > 0):
        hub = world.hubs.get(int(space))
        family = np.flatnonzero(world.municipality_space == space)
        if hub is None or hub.filled <= 0 or len(family) < 2:
            continue
        extent = float(ruling[space]) * hub.coverage["shared skills"]
        for f in range(len(FUNCTIONS)):
            a, b = family[own[family, f].argmax()], family[own[family, f].argmin()]
            road = road_share(world, int(a), int(b))
            even = (own[a, f] - own[b, f]) / (1 / skills.posts[a] + (1 - road) / skills.posts[b])
            lent = extent * min(p.most * own[a, f] * skills.posts[a], even)
            skills.lent[a, f] = lent
            skills.borrowed[b, f] = lent * (1 - road)
            # who is lent is gone from the lender's hours anyway: the road is a cost, and no further load
            minutes = round(60 * p.week * WEEKS * lent * road)
            world.charge("shared skills", "municipality", int(space), minutes)
    if world.params[Frozen].benefits:
        skills.lent[:] = skills.borrowed[:] = 0.0


def road_share(world: World, a: int, b: int) -> float:
    """Share of the time lent by one municipality to another that goes on the road."""
    p, table = world.params[Lending], world.geography.municipalities
    km = world.params[Travel].detour * float(great_circle_km(table.lat[a], table.lon[a], table.lat[b], table.lon[b]))
    hours = 2 * p.trips * km / world.params[Meetings].official_speed
    return min(hours / p.week, p.road_limit)
