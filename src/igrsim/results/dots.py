"""A difference as twenty dots, each an equal chance: what an interval says, for who reads no intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from igrsim.results.effects import side_by_side
from igrsim.results.results import Results
from igrsim.results.spread import freedom_of, part, parts_of
from igrsim.results.verdict import LEVEL

DOTS = 20


def dots(difference: float, low: float, high: float, freedom: float) -> list[float]:
    """Twenty equally likely places of the difference of one more plausible world; none where its interval is not known.

    They are quantiles of the distribution of which ``low`` and ``high`` hold the middle 95 %.

    Parameters
    ----------
    freedom : float
        Degrees of freedom that the interval rests on.
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return []
    if low == high:
        return [difference] * DOTS
    scale = (high - low) / 2 / float(stdtrit(freedom, 1 - LEVEL / 2))
    middles = (np.arange(DOTS) + 0.5) / DOTS
    return [difference + scale * float(t) for t in stdtrit(freedom, middles)]


def counts(places: Sequence[float], margin: float) -> dict[str, int] | None:
    """How many dots lie below, within and above what makes no material difference."""
    if not places:
        return None
    edge = margin if math.isfinite(margin) else 0.0
    lower, higher = sum(place < -edge for place in places), sum(place > edge for place in places)
    return {"lower": lower, "within": len(places) - lower - higher, "higher": higher}


def freedoms(results: Results, arm: str) -> dict[str, float]:
    """Degrees of freedom of an arm's intervals by metric, as `igrsim.results.effects.effect` has them."""
    mine, theirs = side_by_side(results.runs, arm, results.reference)
    pairs = results.pairs
    together = int(results.manifest.get("futures_together", 1))
    of_arm = pairs[pairs["arm"] == arm].set_index(["world", "future"]).reindex(theirs.index)
    futures, worlds = (theirs.index.get_level_values(name).to_numpy(int) for name in ("future", "world"))
    found: dict[str, float] = {}
    for name in (str(metric) for metric in results.metrics["name"]):
        if name not in mine:
            continue
        beside = f"{name}_reference"
        base = of_arm[beside] if beside in of_arm else theirs[name]
        differences = mine[name].to_numpy(float) - base.to_numpy(float)
        there = np.isfinite(differences)
        found[name] = _freedom(differences[there], futures[there] // max(together, 1), worlds[there])
    return found


def _freedom(differences: NDArray[np.float64], futures: NDArray[np.int64], worlds: NDArray[np.int64]) -> float:
    if len(differences) < 2:
        return 1.0
    parts = parts_of(differences, futures, worlds)
    return float(len(differences) - 1) if parts == [part(differences)] else float(freedom_of(parts))
