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
    centres, points = world.premises.centres, world.points
    space = np.array([centre.space for centre in centres], dtype=np.int64)
    made = np.array([centre.opens <= world.month for centre in centres], dtype=np.bool_)
    there = made & world.premises.open_now()
    everyone = world.premises.tenancies
    serving = everyone.of(there[everyone.centre] & points.open[everyone.point])
    anchored = np.array([bool(centre.neighbours & set(ANCHORS)) for centre in centres], dtype=np.bool_)
    anchored[serving.centre[np.isin(serving.service, ANCHORS)]] = True
    days = np.bincount(serving.centre, weights=points.days[serving.point], minlength=len(centres))

    def by(which: NDArray[np.bool_]) -> I64:
        return np.bincount(space[which], minlength=world.spaces).astype(np.int64)

    return {
        "centres": by(made),
        "centres_open": by(there),
        "centres_anchored": by(there & anchored),
        "tenant_days": np.bincount(space, weights=np.rint(days), minlength=world.spaces).astype(np.int64),
    }


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
