"""A district and its locals lend each other skilled people, as far as the hub arranges it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.params import Params, param
from igrsim.places.capacity import FUNCTIONS
from igrsim.places.travel import Travel, great_circle_km
from igrsim.world.convening import Meetings
from igrsim.world.frozen import Frozen
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


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
    if not ruling.any():
        return
    extent, arranged = np.zeros(world.spaces), np.zeros(world.spaces, np.bool_)
    members = np.bincount(world.municipality_space, minlength=world.spaces)
    for space, hub in world.hubs.items():
        extent[space] = ruling[space] * hub.coverage["shared skills"]
        arranged[space] = ruling[space] > 0 and hub.filled > 0 and members[space] > 1
    own = skills.own()
    space = np.flatnonzero(arranged)
    family = _families(world)[space]
    there = family[:, :, None] >= 0
    # of equals the first
    strongest = np.where(there, own[family], -np.inf).argmax(axis=1)
    weakest = np.where(there, own[family], np.inf).argmin(axis=1)
    rows, f = np.arange(len(space))[:, None], np.arange(len(FUNCTIONS))[None, :]
    a, b = family[rows, strongest], family[rows, weakest]
    road = road_share(world, a, b)
    even = (own[a, f] - own[b, f]) / (1 / skills.posts[a] + (1 - road) / skills.posts[b])
    lent = extent[space][:, None] * np.minimum(p.most * own[a, f] * skills.posts[a], even)
    skills.lent[a, f] = lent
    skills.borrowed[b, f] = lent * (1 - road)
    # who is lent is gone from the lender's hours anyway: the road is a cost, and no further load
    minutes = np.rint(60 * p.week * WEEKS * lent * road).astype(np.int64)
    world.charge("shared skills", "municipality", space, minutes.sum(axis=1))
    if world.params[Frozen].benefits:
        skills.lent[:] = skills.borrowed[:] = 0.0


def _families(world: World) -> I64:
    """Municipalities of each space, side by side; -1 beyond the last."""
    many = np.bincount(world.municipality_space, minlength=world.spaces)
    order = np.argsort(world.municipality_space, kind="stable")
    space = world.municipality_space[order]
    found = np.full((world.spaces, int(many.max())), -1, np.int64)
    found[space, np.arange(len(space)) - (np.cumsum(many) - many)[space]] = order
    return found


def road_share(world: World, a: I64, b: I64) -> F64:
    """Share of the time lent by some municipalities to others that goes on the road."""
    p, table = world.params[Lending], world.geography.municipalities
    km = world.params[Travel].detour * great_circle_km(table.lat[a], table.lon[a], table.lat[b], table.lon[b])
    hours = 2 * p.trips * km / world.params[Meetings].official_speed
    return np.minimum(hours / p.week, p.road_limit)
