"""What is spent, asked and discussed twice, while other needs go unmet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.metrics._base import Counts, Metric, announce, observe, over, ratio
from igrsim.world.world import World

I64 = NDArray[np.int64]
MUNICIPAL = (
    "committed_cents",
    "duplicate_cents",
    "duplicate_items",
    "severity_open",
    "severity_unfunded",
    "asks",
    "repeats",
    "overlap_found_cents",
    "overlap_moved_cents",
    "duplicates_undone_cents",
    "returned_cents",
    "parts_cents",
    "stranded_cents",
    "disputed_items",
)


@observe("municipality")
def by_municipality(world: World) -> dict[str, I64]:
    """Money, need and requests where they fall."""
    return {name: world.now.by_municipality[name].copy() for name in MUNICIPAL}


@observe("space")
def by_space(world: World) -> dict[str, I64]:
    """Agendas of the forums of each space."""
    return {name: world.now.by_space[name].copy() for name in ("agenda_items", "agenda_repeats")}


def _duplicated(c: Counts) -> NDArray[np.float64]:
    """What was funded twice, less what was taken back at an adjustments budget; in a month that takes back more, nothing."""
    return over(np.maximum(c["duplicate_cents"] - c["duplicates_undone_cents"], 0), c["committed_cents"])


RESTS = ("planning", "programme", "sector-shares", "hub", "engagement", "memory")
TALK = ("engagement", "reporting", "administration", "hub")

announce(
    Metric(
        "duplicate_spend_share", "duplication", "share", "lower",
        "rand committed beyond an item's requirement, because two or more actors funded it unawares, or knew and neither withdrew, over contestable programme rand committed; less what an adjustments budget takes back of it",
        _duplicated, ("duplicate_cents", "duplicates_undone_cents", "committed_cents"), RESTS, "municipality", True,
    ),
    Metric(
        "duplicate_items", "duplication", "items per space and year", "lower", "items that two or more actors funded, as committed: what is taken back later stays counted here and in the ledger",
        ratio("duplicate_items", "space_months", 12), ("duplicate_items", "space_months"), RESTS,
    ),
    Metric(
        "gap_share", "duplication", "share", "lower", "needs nobody funded, weighted by severity, over needs not yet met",
        ratio("severity_unfunded", "severity_open"), ("severity_unfunded", "severity_open"), RESTS, "municipality",
    ),
    Metric(
        "stranded_share", "duplication", "share", "lower",
        "capital in parts that have stood for 24 months without what they depend on, over capital in parts that have stood so long",
        ratio("stranded_cents", "parts_cents"), ("stranded_cents", "parts_cents"), (*RESTS, "delivery"), "municipality",
    ),
    Metric(
        "disputed_items", "duplication", "items per space", "lower",
        "needs that stand still, or are met twice, because two spheres dispute powers and functions",
        ratio("disputed_items", "space_months"), ("disputed_items", "space_months"), ("disputes", "hub", "authority"),
    ),
    Metric(
        "repeat_request_share", "duplication", "share", "lower", "indicators asked again for the same period over indicators asked",
        ratio("repeats", "asks"), ("repeats", "asks"), TALK, "municipality",
    ),
    Metric(
        "repeat_agenda_share", "duplication", "share", "lower",
        "agenda items that another forum had handled in the quarter over agenda items",
        ratio("agenda_repeats", "agenda_items"), ("agenda_repeats", "agenda_items"), TALK,
    ),
)  # fmt: skip
