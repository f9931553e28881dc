"""How sure the mean over pairs of runs is: pairs that share a future, or a world, are not independent of each other."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    known = [_numbered(ids) for ids in (futures, worlds) if ids is not None and len(ids)]
    shared = [ids for ids in known if 1 < ids.max() + 1 < len(values)]
    return [_by_unit(values, ids) for ids in shared] if shared else [part(values)]


def _numbered(ids: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(np.unique(ids, return_inverse=True)[1])


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


@dataclass(frozen=True)
class Apart:
    """What makes the mean over pairs unsure, told apart as far as the design allows.

    Attributes
    ----------
    worlds : Part or None
        Of luck alone: other worlds in the same futures.
    futures : Part or None
        Of parameter values alone: other futures with the same worlds.
    share : float
        Of the variance between pairs, the part that is between futures.
    why_not : str
        Why one or both are not known.
    """

    worlds: Part | None = None
    futures: Part | None = None
    share: float = float("nan")
    why_not: str = ""


def apart(
    values: F64, futures: NDArray[np.int64], worlds: NDArray[np.int64], units: NDArray[np.int64] | None = None
) -> Apart:
    """What the mean over pairs would do with other worlds in the same futures, and with other futures and the same worlds.

    Where every future has every world, the means of worlds are independent with the futures as they are, and the means of
    futures with the worlds as they are. Where each future has worlds of its own, only luck can be told apart: the
    variance within futures, pooled.

    Parameters
    ----------
    values : (pairs,) float
    futures, worlds : (pairs,) int
        Which future and world each pair is of.
    units : (pairs,) int, optional
        Which independent unit the future of each pair is of, where that is not the future itself.
    """
    if units is not None:
        found = apart(values, futures, worlds)
        if found.futures is None:
            return found
        return replace(found, futures=_by_unit(values, _numbered(units)) if np.ptp(units) else None)
    n = len(values)
    of_future, of_world = _numbered(futures), _numbered(worlds)
    future_count, world_count = int(of_future.max(initial=-1)) + 1, int(of_world.max(initial=-1)) + 1
    if n < 2:
        return Apart(why_not="fewer than two pairs of runs")
    if future_count == 1:
        return Apart(worlds=part(values), share=0.0, why_not="one future only")
    if world_count == 1:
        return Apart(futures=part(values), share=1.0, why_not="one world only")
    if n == future_count * world_count:
        table = np.empty((future_count, world_count))
        table[of_future, of_world] = values
        return Apart(worlds=part(table.mean(axis=0)), futures=part(table.mean(axis=1)), share=_share(table))
    if world_count == n and future_count == n:
        return Apart(why_not="every pair has a world and a future of its own")
    if world_count < n:
        return Apart(why_not="some pairs of world and future are missing")
    counts = np.bincount(of_future)
    within = values - (np.bincount(of_future, weights=values) / counts)[of_future]
    freedom = n - future_count
    luck = float((within**2).sum()) / freedom
    means = np.bincount(of_future, weights=values) / counts
    # the number of worlds a future has, averaged as unequal groups ask for
    each = (n - (counts**2).sum() / n) / (future_count - 1)
    between = float((counts * (means - values.mean()) ** 2).sum()) / (future_count - 1)
    return Apart(
        worlds=(luck / n, freedom),
        share=_ratio(max((between - luck) / each, 0.0), luck),
        why_not="each future has worlds of its own: only luck can be told apart",
    )


def _share(table: F64) -> float:
    """The part of variance between futures in a table of futures by worlds, from its mean squares."""
    futures, worlds = table.shape
    by_future, by_world = table.mean(axis=1), table.mean(axis=0)
    rest = table - by_future[:, None] - by_world + table.mean()
    own = float((rest**2).sum()) / ((futures - 1) * (worlds - 1))
    of_futures = max(float(by_future.var(ddof=1)) - own / worlds, 0.0)
    of_worlds = max(float(by_world.var(ddof=1)) - own / futures, 0.0)
    return _ratio(of_futures, of_worlds + own)


def _ratio(of_futures: float, rest: float) -> float:
    whole = of_futures + rest
    return of_futures / whole if whole > 0 else float("nan")
