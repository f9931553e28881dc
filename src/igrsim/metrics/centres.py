"""Thusong centres: how many stand open, how many have an anchor, how often tenants promise to come."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.thusong import ANCHORS
from igrsim.metrics._base import Metric, announce, observe, ratio
from igrsim.world.world import World

I64 = NDArray[np.int64]


@observe("space")
def by_space(world: World) -> dict[str, I64]:
    """Centres of each space and their tenants' promised days."""
    found = {
        n: np.zeros(world.spaces, np.int64) for n in ("centres", "centres_open", "centres_anchored", "tenant_days")
    }
    points = world.points
    for centre in world.premises.centres:
        if centre.opens > world.month:
            continue
        found["centres"][centre.space] += 1
        if not centre.open:
            continue
        found["centres_open"][centre.space] += 1
        there = {s for s, t in centre.tenants.items() if points.open[t.point]}
        found["centres_anchored"][centre.space] += bool((there | centre.neighbours) & set(ANCHORS))
        days = sum(float(points.days[centre.tenants[s].point]) for s in there)
        found["tenant_days"][centre.space] += round(days)
    return found


RESTS = ("presence", "thusong", "arrangements")

announce(
    Metric(
        "anchored_centre_share", "institutions", "share", "higher",
        "Thusong centres at which Home Affairs or social security can be met, over all that were opened",
        ratio("centres_anchored", "centres"), ("centres_anchored", "centres"), RESTS,
    ),
    Metric(
        "tenant_days", "institutions", "days a centre-month", "higher",
        "days that tenants promise a Thusong centre in a month, over all tenants and all centres that were opened",
        ratio("tenant_days", "centres"), ("tenant_days", "centres"), RESTS,
    ),
)  # fmt: skip
