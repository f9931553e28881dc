"""What one and the same need took in two arms: documentary needs that were resolved in both."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.citizens.lives import SPENT
from igrsim.citizens.resolved import SAME_NEED
from igrsim.metrics._base import Metric, announce, ratio

NEEDS_IN_BOTH = "needs_in_both"
COUNTED = (NEEDS_IN_BOTH, *(f"{what}_in_both" for what in SPENT))


def in_both(mine: pd.DataFrame, base: pd.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    """Counts of the needs resolved in both of two arms: what they took in the one, and in the other.

    The same need is that of the same person, of the same type, risen in the same month. Which needs are compared is
    thus decided by both arms: a need that only one of them resolves is in neither sum.

    Parameters
    ----------
    mine, base : DataFrame
        Needs resolved in each arm in the same world and future, as `resolved_now` records them.
    """
    found = _which(base).get_indexer(_which(mine))
    here = np.flatnonzero(found >= 0)
    there = found[here]

    def took(table: pd.DataFrame, rows: NDArray[np.int64]) -> dict[str, float]:
        return {f"{what}_in_both": float(table[what].to_numpy(np.int64)[rows].sum()) for what in SPENT}

    counted, against = took(mine, here), took(base, there)
    needs = {NEEDS_IN_BOTH: float(len(here))}
    return counted | needs, against | needs


def _which(resolved: pd.DataFrame) -> pd.Index:
    """Which need each is, as one number."""
    citizen, need, arisen = (resolved[name].to_numpy(np.int64) for name in SAME_NEED)
    which = pd.Index((citizen << 24) + (need << 16) + arisen)
    if not which.is_unique:
        raise ValueError("a need is resolved twice")
    return which


def _pair(name: str, unit: str, meaning: str, what: str, scale: float) -> Metric:
    top = f"{what}_in_both"
    return Metric(
        name, "travel", unit, "lower",
        f"{meaning}, of documentary needs resolved in both the arm and the reference (same person, type and month of "
        f"rising); for the whole run of an arm only (of the reference: over all it resolved), and for a million people at most",
        ratio(top, NEEDS_IN_BOTH, scale), (top, NEEDS_IN_BOTH), ("access", "needs", "travel", "desks"), "pair",
    )  # fmt: skip


announce(
    _pair("trips_per_need_both", "trips per need", "trips made for a need until it was resolved", "trips", 1.0),
    _pair("km_per_need_both", "km per need", "kilometres there and back on those trips", "metres", 1e-3),
    _pair("hours_per_need_both", "hours per need", "hours on the way, in queues and at desks", "minutes", 1 / 60),
    _pair("rand_per_need_both", "rand per need", "fares paid on those trips, rand of 2021", "cents", 1e-2),
)
