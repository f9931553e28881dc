"""Plans weighed by several objectives at once: which none other beats, how much the best of them reach, and what is surely better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from igrsim.results.many import holm
from igrsim.results.verdict import LEVEL

F64 = NDArray[np.float64]
Flags = NDArray[np.bool_]

BEATS, NO_WORSE, TRADES, WORSE, OPEN = "better", "as good", "trades", "worse", "cannot tell"
"""Verdicts on a plan beside another: better on something and surely not materially worse on anything; the rest as they say."""


def dominates(one: F64, other: F64) -> bool:
    """Whether losses are nowhere larger and somewhere smaller."""
    return bool((one <= other).all() and (one < other).any())


def unbeaten(losses: F64) -> Flags:
    """Rows that no other row dominates.

    Parameters
    ----------
    losses : (plans, objectives) float
        Smaller is better.
    """
    below = (losses[:, None, :] <= losses[None, :, :]).all(axis=2)
    strictly = (losses[:, None, :] < losses[None, :, :]).any(axis=2)
    return np.asarray(~(below & strictly).any(axis=0))


def hypervolume(losses: F64, worst: F64) -> float:
    """The part of what is better than `worst` that some plan dominates, in the units of the losses multiplied.

    Parameters
    ----------
    losses : (plans, objectives) float
    worst : (objectives,) float
        A corner that is worse than what is compared; plans beyond it count for nothing.
    """
    inside = losses[(losses < worst).all(axis=1)]
    if not len(inside):
        return 0.0
    inside = inside[unbeaten(inside)]
    if losses.shape[1] == 1:
        return float(worst[0] - inside[:, 0].min())
    # slices along the last objective: each is as large as what those that reach it cover in the others
    order = np.argsort(inside[:, -1], kind="stable")
    ends = np.append(inside[order, -1][1:], worst[-1])
    total = 0.0
    for place, end in enumerate(ends):
        depth = float(end - inside[order[place], -1])
        if depth > 0:
            total += depth * hypervolume(inside[order[: place + 1], :-1], worst[:-1])
    return total


def spread_out(points: F64, count: int, first: Sequence[int] = ()) -> list[int]:
    """Rows that lie far from one another: each next one the farthest from those taken (ranges made equal).

    Parameters
    ----------
    first : sequence of int
        Rows that are taken already; not given back.
    """
    span = np.ptp(points, axis=0)
    scaled = points / np.where(span > 0, span, 1.0)
    taken, found = list(first), list[int]()
    while len(found) < min(count, len(points) - len(set(first))):
        away = -scaled[:, 0]
        if taken:
            away = np.abs(scaled[:, None, :] - scaled[None, taken, :]).sum(axis=2).min(axis=1)
        away[taken] = -np.inf
        row = int(np.argmax(away))
        taken.append(row)
        found.append(row)
    return found


@dataclass(frozen=True)
class Difference:
    """A paired difference of losses between two plans, over independent futures.

    Attributes
    ----------
    mean, low, high : float
        Mean over futures, and the 95 per cent interval of it.
    agree : float
        Share of futures in which the difference has the sign of its mean.
    p : float
        Probability of a mean so far from nought if there were no difference, two-sided.
    p_worse : float
        Probability of a mean so small if the first were worse by the margin, one-sided.
    margin : float
        What is material.
    """

    mean: float
    low: float
    high: float
    agree: float
    futures: int
    p: float
    p_worse: float
    margin: float


def paired(one: F64, other: F64, margin: float) -> Difference:
    """One plan's losses less another's in the same futures.

    Parameters
    ----------
    one, other : (futures,) float
        Those in which either is undefined are left out.
    margin : float
        What is material, in the unit of the losses.
    """
    gap = one - other
    gap = gap[np.isfinite(gap)]
    n = len(gap)
    nan = float("nan")
    if not n:
        return Difference(nan, nan, nan, nan, 0, nan, nan, margin)
    mean = float(gap.mean())
    agree = float((np.sign(gap) == np.sign(mean)).mean())
    if n == 1:
        return Difference(mean, nan, nan, agree, 1, nan, nan, margin)
    error = float(gap.std(ddof=1)) / n**0.5
    if error == 0:
        return Difference(mean, mean, mean, agree, n, float(mean == 0), float(mean >= margin), margin)
    half = float(stdtrit(n - 1, 1 - LEVEL / 2)) * error
    p = 2 * float(stdtr(n - 1, -abs(mean) / error))
    return Difference(mean, mean - half, mean + half, agree, n, p, float(stdtr(n - 1, (mean - margin) / error)), margin)


def adjusted(found: Sequence[Difference]) -> F64:
    """Probabilities of no difference with all comparisons counted (Holm)."""
    return holm(np.array([one.p for one in found], dtype=float))


def verdict_on(found: Sequence[Difference], p_adjusted: Sequence[float]) -> str:
    """One plan beside another, from the differences of all objectives.

    Better: a material improvement on at least one objective, surely no chance, all comparisons counted, and on every other
    surely not worse by what is material. As good: on every objective surely not materially worse, and no such improvement.
    Trades: a sure material improvement on one, a sure material loss on another. Worse: a sure material loss and no such
    improvement. Otherwise it cannot be told.
    """
    told = [p <= LEVEL for p in p_adjusted]
    less = [f.mean < -f.margin and sure for f, sure in zip(found, told, strict=True)]
    more = [f.mean > f.margin and sure for f, sure in zip(found, told, strict=True)]
    if all(f.p_worse <= LEVEL for f in found):
        return BEATS if any(less) else NO_WORSE
    if any(more):
        return TRADES if any(less) else WORSE
    return OPEN
