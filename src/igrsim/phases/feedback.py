"""What people ask of a centre, once a year: the service they go farthest for, and tenants who come too seldom."""

from __future__ import annotations

import numpy as np

from igrsim.government.thusong import CORE, FURTHER, LADDER, ThusongCentre, ThusongCosts, next_rung
from igrsim.kernel.params import Params, param
from igrsim.places.travel import great_circle_km
from igrsim.services.catalogue import SERVICES
from igrsim.world.premises import let_in
from igrsim.world.world import World

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
    p, points = world.params[Feedback], world.points
    for index, centre in enumerate(world.premises.centres):
        if not centre.open or heard[centre.space] <= 0:
            continue
        chance = p.heeded * heard[centre.space]
        service = asked_for(world, centre)
        if service is not None:
            key = (world.ordinal, centre.key, service)
            if world.draws["what users ask for is heeded"].one(*key) < chance:
                let_in(world, centre, index, service, LADDER[2])
        for _, tenant in sorted(centre.tenants.items()):
            if not points.open[tenant.point]:
                continue
            crowded = tenant.load > tenant.days * points.capacity_a_day[tenant.point]
            key = (world.ordinal, int(points.key[tenant.point]), 1)
            if crowded and world.draws["what users ask for is heeded"].one(*key) < chance:
                points.days[tenant.point] = next_rung(float(points.days[tenant.point]), up=True)
                world.premises.days_changed = True


def asked_for(world: World, centre: ThusongCentre) -> int | None:
    """The service not offered that the people about a centre spend most time to reach, if any."""
    points, places = world.points, world.geography.settlements
    there = {s for s, t in centre.tenants.items() if points.open[t.point]} | centre.neighbours
    missing = [s for s in sorted({*CORE, *FURTHER}) if s not in there]
    if not missing:
        return None
    near = great_circle_km(centre.lat, centre.lon, places.lat, places.lon) <= world.params[ThusongCosts].catchment_km
    near &= places.space_row == centre.space
    minutes = world.people.ways.minutes[near][:, missing, 0]
    here = points.space == centre.space
    calls = np.bincount(points.service[here], weights=points.load[here], minlength=len(SERVICES))[missing]
    # whole minutes, so that no order of adding shows
    spent = np.rint(places.population[near][:, None] * minutes).sum(axis=0) * calls
    return missing[int(np.argmax(spent))] if spent.max() > 0 else None
