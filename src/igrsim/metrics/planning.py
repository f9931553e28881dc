"""Whether plans and money meet what was agreed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.metrics._base import Metric, announce, observe, ratio
from igrsim.world.world import World

I64 = NDArray[np.int64]
MUNICIPAL = ("joint_items", "joint_items_in_plans", "joint_cents_due", "joint_cents_paid")


@observe("municipality")
def by_municipality(world: World) -> dict[str, I64]:
    """One Plan items where they stand."""
    return {name: world.now.by_municipality[name].copy() for name in MUNICIPAL}


@observe("space")
def by_space(world: World) -> dict[str, I64]:
    """One Plans adopted, and how long they took."""
    adopted = np.zeros(world.spaces, np.int64)
    months = np.zeros(world.spaces, np.int64)
    for space, hub in world.hubs.items():
        if hub.plan_adopted == world.month:
            adopted[space] = 1
            months[space] = world.month - hub.opened + 1
    return {"plans_adopted": adopted, "plan_months": months}


RESTS = ("planning", "hub", "programme", "sector-shares")

announce(
    Metric(
        "plan_alignment", "planning", "share", "higher",
        "One Plan items that stand in their owner's own plan; undefined before there is a One Plan",
        ratio("joint_items_in_plans", "joint_items"), ("joint_items_in_plans", "joint_items"), RESTS, "municipality",
    ),
    Metric(
        "budget_alignment", "planning", "share", "higher",
        "rand of One Plan items that their owner committed by the agreed date over rand agreed by then",
        ratio("joint_cents_paid", "joint_cents_due"), ("joint_cents_paid", "joint_cents_due"), RESTS, "municipality",
    ),
    Metric(
        "months_to_one_plan", "planning", "months", "lower", "from a hub's date to the adoption of its One Plan",
        ratio("plan_months", "plans_adopted"), ("plan_months", "plans_adopted"), RESTS,
    ),
    Metric(
        "redirected_share", "planning", "share", "higher", "rand moved before commitment over rand in overlaps found",
        ratio("overlap_moved_cents", "overlap_found_cents"), ("overlap_moved_cents", "overlap_found_cents"), RESTS,
    ),
)  # fmt: skip
