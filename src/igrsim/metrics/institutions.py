"""The state institutions are in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.metrics._base import Metric, announce, observe, ratio
from igrsim.world.world import World

I64 = NDArray[np.int64]


@observe("municipality")
def by_municipality(world: World) -> dict[str, I64]:
    """Data quality of each municipality, and how well it knows departments' plans."""
    return {
        "data_quality_ppm": np.array([round(1e6 * m.data_quality) for m in world.municipalities], dtype=np.int64),
        "trust_ppm": np.rint(1e6 * world.trust.mean(axis=1)).astype(np.int64),
        "ties_ppm": np.rint(1e6 * world.ties.mean(axis=1)).astype(np.int64),
    }


@observe("space")
def by_space(world: World) -> dict[str, I64]:
    """Work that lies on hubs' desks."""
    backlog = np.zeros(world.spaces, np.int64)
    for space, hub in world.hubs.items():
        backlog[space] = sum(hub.backlog.values())
    return {
        "hub_backlog_minutes": backlog,
        "salience_ppm": np.rint(1e6 * world.salience).astype(np.int64),
        "partnership_ppm": np.rint(1e6 * world.partnership()).astype(np.int64),
    }


announce(
    Metric(
        "data_quality", "institutions", "index 0-1", "higher", "how far a municipality's reports can be believed",
        ratio("data_quality_ppm", "municipality_months", 1e-6), ("data_quality_ppm", "municipality_months"),
        ("reporting", "administration", "memory"), "municipality",
    ),
    Metric(
        "ties", "institutions", "index 0-1", "higher", "how well a municipality's officials know departments' plans, over all departments",
        ratio("ties_ppm", "municipality_months", 1e-6), ("ties_ppm", "municipality_months"), ("engagement", "memory"), "municipality",
    ),
    Metric(
        "trust", "institutions", "index 0-1", "higher", "how far a municipality and a department hold that the other keeps its word, over all departments",
        ratio("trust_ppm", "municipality_months", 1e-6), ("trust_ppm", "municipality_months"), ("trust", "memory"), "municipality",
    ),
    Metric(
        "salience", "institutions", "index 0-1", "higher", "how much a space's plan is on principals' minds",
        ratio("salience_ppm", "space_months", 1e-6), ("salience_ppm", "space_months"), ("principals",),
    ),
    Metric(
        "partnership", "institutions", "index 0-1", "higher", "how well Premier's Office, cooperative governance and Treasury of a province work together",
        ratio("partnership_ppm", "space_months", 1e-6), ("partnership_ppm", "space_months"), ("centres",),
    ),
    Metric(
        "hub_backlog", "institutions", "hours per space", "lower", "hours of work that lie undone on a hub's desk",
        ratio("hub_backlog_minutes", "space_months", 1 / 60), ("hub_backlog_minutes", "space_months"), ("hub", "data-calls"),
    ),
)  # fmt: skip
