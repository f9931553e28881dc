"""Whether plans and money meet what was agreed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.metrics._base import Counts, Metric, announce, observe, over, ratio
from igrsim.world.world import World

I64 = NDArray[np.int64]
MUNICIPAL = ("joint_items", "joint_items_in_plans", "joint_cents_due", "joint_cents_paid", "spent_cents")
BY_PURSE = (
    "year_cents",
    "unspent_cents",
    "appropriated_cents",
    "uncommitted_cents",
    "rolled_over_cents",
    "surrendered_cents",
    "stopped_cents",
)


@observe("municipality")
def by_municipality(world: World) -> dict[str, I64]:
    """One Plan items where they stand, and municipalities' own purses."""
    found = {name: world.now.by_municipality[name].copy() for name in MUNICIPAL}
    return found | {f"municipal_{name}": world.now.by_municipality[name].copy() for name in BY_PURSE}


@observe("space")
def by_space(world: World) -> dict[str, I64]:
    """One Plans adopted, and how long they took."""
    adopted = np.zeros(world.spaces, np.int64)
    months = np.zeros(world.spaces, np.int64)
    for space, hub in world.hubs.items():
        if hub.plan_adopted == world.month:
            adopted[space] = 1
            months[space] = world.month - hub.opened + 1
    standing = np.array([s in world.hubs and world.hubs[s].plan_adopted >= 0 for s in range(world.spaces)])
    found = {"plans_adopted": adopted, "plan_months": months, "spaces_with_plan": standing.astype(np.int64)}
    return found | {f"departments_{name}": world.now.by_space[f"departments_{name}"].copy() for name in BY_PURSE}


def _unspent(c: Counts) -> NDArray[np.float64]:
    return over(
        c["municipal_unspent_cents"] + c["departments_unspent_cents"],
        c["municipal_year_cents"] + c["departments_year_cents"],
    )


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
        "months_to_one_plan", "planning", "months", "lower", "from a space's date to the adoption of its One Plan, of the plans adopted: read it beside one_plan_share",
        ratio("plan_months", "plans_adopted"), ("plan_months", "plans_adopted"), RESTS,
    ),
    Metric(
        "one_plan_share", "planning", "share", "higher", "spaces with an adopted One Plan over all spaces, mean over months",
        ratio("spaces_with_plan", "space_months"), ("spaces_with_plan", "space_months"), RESTS,
    ),
    Metric(
        "redirected_share", "planning", "share", "higher", "rand moved, before commitment or at an adjustments budget, over rand in overlaps found",
        ratio("overlap_moved_cents", "overlap_found_cents"), ("overlap_moved_cents", "overlap_found_cents"), RESTS,
    ),
    Metric(
        "underspend_share", "planning", "share", "lower",
        "of a whole financial year's contestable money of all spheres, what was not paid out by its end; companies' plans included",
        _unspent, ("municipal_unspent_cents", "departments_unspent_cents", "municipal_year_cents", "departments_year_cents"),
        ("delivery", "administration"),
    ),
    Metric(
        "municipal_underspend_share", "planning", "share", "lower", "the same of municipalities' own",
        ratio("municipal_unspent_cents", "municipal_year_cents"), ("municipal_unspent_cents", "municipal_year_cents"),
        ("delivery", "administration"), "municipality",
    ),
)  # fmt: skip
