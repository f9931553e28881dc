"""What meetings and reports take of officials, and what meetings achieve."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.metrics._base import Metric, announce, observe, ratio
from igrsim.world.world import LOAD, World

I64 = NDArray[np.int64]
MUNICIPAL = (
    "meeting_minutes",
    "report_minutes",
    "displaced_minutes",
    "invited",
    "attended",
)


@observe("municipality")
def by_municipality(world: World) -> dict[str, I64]:
    """Minutes and meetings of each municipality."""
    now = world.now.by_municipality
    found = {name: now[name].copy() for name in MUNICIPAL}
    found["load_minutes"] = sum((now[name] for name in LOAD), np.zeros(len(world.municipalities), np.int64))
    found["coordination_minutes"] = np.array([m.minutes for m in world.municipalities], dtype=np.int64)
    found["municipality_months"] = np.ones(len(world.municipalities), np.int64)
    return found


@observe("space")
def by_space(world: World) -> dict[str, I64]:
    """Meetings and what came of them, and the hours of every sphere."""
    now = world.now.by_space
    found = {
        name: now[name].copy()
        for name in ("meetings_ppm", "quorate_ppm", "decisions", "forums_ppm", "functional_forums_ppm")
    }
    total = np.zeros(world.spaces, np.int64)
    for (_, bearer), minutes in world.now.minutes.items():
        if bearer != "citizens":
            total += minutes
    found["official_minutes"] = total
    found["space_months"] = np.ones(world.spaces, np.int64)
    return found


RESTS = ("engagement", "reporting", "administration", "meetings", "memory", "hub")
EACH = "hours per municipality and month"

announce(
    Metric(
        "meeting_hours", "load", EACH, "lower", "municipal officials' hours in intergovernmental meetings, preparation and travel included",
        ratio("meeting_minutes", "municipality_months", 1 / 60), ("meeting_minutes", "municipality_months"), RESTS, "municipality", True,
    ),
    Metric(
        "report_hours", "load", EACH, "lower", "municipal officials' hours to answer requests for information",
        ratio("report_minutes", "municipality_months", 1 / 60), ("report_minutes", "municipality_months"), RESTS, "municipality",
    ),
    Metric(
        "load_share", "load", "share", "lower", "hours that meetings, reports, joint planning, imbizos, support and standing arrangements take, over the hours municipalities have for coordination",
        ratio("load_minutes", "coordination_minutes"), ("load_minutes", "coordination_minutes"), RESTS, "municipality",
    ),
    Metric(
        "displaced_hours", "load", EACH, "lower", "hours of meetings taken from delivery, because coordination hours were gone",
        ratio("displaced_minutes", "municipality_months", 1 / 60), ("displaced_minutes", "municipality_months"), RESTS, "municipality",
    ),
    Metric(
        "attendance_rate", "load", "share", "higher", "invitations that a municipality took up, with a senior or a junior",
        ratio("attended", "invited"), ("attended", "invited"), RESTS, "municipality",
    ),
    Metric(
        "decisions_per_meeting", "load", "decisions per meeting", "higher", "problems decided over meetings held, inquorate ones included",
        ratio("decisions", "meetings_ppm", 1e6), ("decisions", "meetings_ppm"), RESTS,
    ),
    Metric(
        "functional_forum_share", "load", "share", "higher", "forums at least half of whose meetings in the past year decided something",
        ratio("functional_forums_ppm", "forums_ppm"), ("functional_forums_ppm", "forums_ppm"), RESTS,
    ),
    Metric(
        "official_hours_all", "load", "hours per space and month", "lower", "hours of every sphere that coordination and support to municipalities take, hubs included",
        ratio("official_minutes", "space_months", 1 / 60), ("official_minutes", "space_months"), RESTS,
    ),
)  # fmt: skip
