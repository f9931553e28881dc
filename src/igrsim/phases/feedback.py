"""What people ask of a centre, once a year: the service they go farthest for, and tenants who come too seldom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.thusong import CORE, FURTHER, LADDER, ThusongCentre, ThusongCosts, next_rung
from igrsim.kernel.params import Params, param
from igrsim.places.travel import great_circle_km
from igrsim.services.catalogue import SERVICES
from igrsim.world.premises import Coming, let_in
from igrsim.world.world import World

F64 = NDArray[np.float64]

ASKING_MONTH = 2
"""The month of the year in which a year's complaints are taken up, in time for April."""


class Feedback(Params, group="feedback"):
    """What comes of complaints."""

    heeded: float = param(
        0.5, unit="share", low=0.2, high=0.9, grade="assumed", source="s2-mpcc-2001",
        meaning="requests of a centre's users that a department heeds",
    )  # fmt: skip


def heed(world: World) -> None:
    """Let departments heed what a year's users of each centre asked for."""
    heard = world.good("complaints_feedback")
    if world.calendar_month != ASKING_MONTH or not heard.any():
        return
    p, points, premises = world.params[Feedback], world.points, world.premises
    chance = p.heeded * heard
    draw = world.draws["what users ask for is heeded"]
    comings = []
    calls = _calls(world)
    for index, centre in enumerate(premises.centres):
        if centre.open and heard[centre.space] > 0:
            service = asked_for(world, centre, calls[centre.space])
            if service is not None and draw.one(world.ordinal, centre.key, service) < chance[centre.space]:
                comings.append(Coming(index, service, LADDER[2]))
    tenants = premises.tenancies
    asked = premises.open_now()[tenants.centre] & (heard[tenants.space] > 0) & points.open[tenants.point]
    at, space = tenants.point[asked], tenants.space[asked]
    crowded = points.footfall[at] > points.footfall_days[at] * points.capacity_a_day[at]
    more = at[crowded & (draw.uniform(world.ordinal, points.key[at], 1) < chance[space])]
    if len(more):
        points.days[more] = next_rung(points.days[more], up=True)
        premises.days_changed = True
    let_in(world, comings)


def _calls(world: World) -> F64:
    """People who reach counters of each space in the month, by service."""
    points, kinds = world.points, len(SERVICES)
    both = points.space * kinds + points.service
    return np.bincount(both, weights=points.load, minlength=world.spaces * kinds).reshape(world.spaces, kinds)


def asked_for(world: World, centre: ThusongCentre, calls: F64 | None = None) -> int | None:
    """The service not offered that the people about a centre spend most time to reach, if any.

    Parameters
    ----------
    calls : (services,) float, optional
        People who reach counters of the centre's space in the month.
    """
    points, places = world.points, world.geography.settlements
    there = {s for s, t in centre.tenants.items() if points.open[t.point]} | centre.neighbours
    missing = [s for s in sorted({*CORE, *FURTHER}) if s not in there]
    if not missing:
        return None
    here = places.in_space[centre.space]
    km = great_circle_km(centre.lat, centre.lon, places.lat[here], places.lon[here])
    near = here[km <= world.params[ThusongCosts].catchment_km]
    minutes = world.people.ways.minutes[near][:, missing, 0]
    made = (_calls(world)[centre.space] if calls is None else calls)[missing]
    # whole minutes, so that no order of adding shows
    spent = np.rint(places.population[near][:, None] * minutes).sum(axis=0) * made
    return missing[int(np.argmax(spent))] if spent.max() > 0 else None
