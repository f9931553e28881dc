"""How sure the mean over pairs of runs is: pairs that share a future, or a world, are not independent of each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
Part = tuple[float, int]
"""A part of the variance of a mean, and its degrees of freedom."""


def parts_of(
    values: F64, futures: NDArray[np.int64] | None = None, worlds: NDArray[np.int64] | None = None
) -> list[Part]:
    """The parts of the variance of the mean over pairs.

    Where every pair has a future and a world of its own, or all share one of them, pairs are independent: one part, their
    variance over their number. Where futures have several worlds, futures are the independent units; where worlds return
    in several futures, so are they, and both parts count (never too small: what a pair has of its own is in both).

    Parameters
    ----------
    values : (pairs,) float
    futures, worlds : (pairs,) int, optional
        Which future and world each pair is of; without them pairs count as independent.
    """
    known = [np.unique(ids, return_inverse=True)[1] for ids in (futures, worlds) if ids is not None and len(ids)]
    shared = [ids for ids in known if 1 < ids.max() + 1 < len(values)]
    return [_by_unit(values, ids) for ids in shared] if shared else [part(values)]


def part(means: F64) -> Part:
    """The variance of the mean of independent numbers."""
    freedom = len(means) - 1
    return (float(means.var(ddof=1)) / len(means) if freedom else float("nan")), freedom


def _by_unit(values: F64, ids: NDArray[np.int64]) -> Part:
    """The variance of the mean where numbers of one unit go together; units may have different numbers of them."""
    totals = np.bincount(ids, weights=values - values.mean())
    freedom = len(totals) - 1
    return float((totals**2).sum()) / len(values) ** 2 * len(totals) / freedom, freedom


def freedom_of(parts: list[Part]) -> float:
    """Degrees of freedom of a sum of variances, after Welch and Satterthwaite; the fewest of any where there is no variance."""
    variance = sum(v for v, _ in parts)
    if variance == 0:
        return float(min(n for _, n in parts))
    return float(variance**2 / sum(v**2 / n for v, n in parts))
