"""Whom support reaches, and how skilled municipalities are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.skills import Staffing
from igrsim.metrics._base import Metric, announce, observe, ratio
from igrsim.world.world import World

I64 = NDArray[np.int64]


@observe("municipality")
def by_municipality(world: World) -> dict[str, I64]:
    """Places of programmes, those that share a function with another, functions in need, and skill."""
    landed = world.skills.landed.sum(axis=0)
    effective = world.skills.effective()
    need = effective < world.params[Staffing].need_below
    return {
        "support_places": landed.sum(axis=1).astype(np.int64),
        "support_places_together": np.where(landed > 1, landed, 0).sum(axis=1).astype(np.int64),
        "functions_in_need": need.sum(axis=1).astype(np.int64),
        "functions_left_alone": (need & (landed == 0)).sum(axis=1).astype(np.int64),
        "skill_ppm": np.rint(1e6 * effective.mean(axis=1)).astype(np.int64),
        "support_minutes": world.now.by_municipality["support_minutes"].copy(),
    }


announce(
    Metric(
        "support_overlap", "duplication", "share", "lower", "places of support programmes at a function of a municipality where another programme works in the same year",
        ratio("support_places_together", "support_places"), ("support_places_together", "support_places"),
        ("support", "staffing"), "municipality",
    ),
    Metric(
        "support_gap", "duplication", "share", "lower", "functions of municipalities in need that no support programme works at in the year",
        ratio("functions_left_alone", "functions_in_need"), ("functions_left_alone", "functions_in_need"),
        ("support", "staffing"), "municipality",
    ),
    Metric(
        "skills", "institutions", "index 0-1", "higher", "what municipalities can do in engineering, finance, planning and governance: skill of those in post, less vacant posts, with help from outside",
        ratio("skill_ppm", "municipality_months", 1e-6), ("skill_ppm", "municipality_months"),
        ("staffing", "support", "bursaries", "lending", "stabilising", "administration"), "municipality",
    ),
)  # fmt: skip
