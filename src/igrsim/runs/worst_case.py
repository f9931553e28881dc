"""The search for futures in which an arm does worst: points near the worst so far, keyed by turn, so that it may resume."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from igrsim.kernel.draws import Draws

F64 = NDArray[np.float64]

PARENTS = 6
"""The worst futures so far, near which the next are sought."""
MOVED = 0.7
"""Share of the numbers that a new future has from the mix of its parents; the others are those of the first parent."""
STRIDE = 0.6
"""How far along the difference of two parents a number is moved."""
LEADING = 4
"""Of the new futures of a turn, every so many goes where the numbers that tell point."""
SHUFFLES = 400
"""Random pairings from which the bound of chance is taken."""


def leanings(unit: F64, worse: F64) -> tuple[F64, float]:
    """Which numbers go with how much worse the arm does.

    Returns
    -------
    leaning : (parameters,) float
        Rank correlation; 0 within what chance gives one number alone, so that some of many are there by chance.
    bound : float
        What the strongest of all reaches by chance, in 19 of 20 random pairings of numbers and results.
    """
    known = np.isfinite(worse)
    if known.sum() < 5 or not np.ptp(worse[known]):
        return np.zeros(unit.shape[1]), float("inf")
    a, b = rankdata(unit[known], axis=0), rankdata(worse[known])
    a, b = a - a.mean(axis=0), b - b.mean()
    size = np.sqrt((a**2).sum(axis=0) * (b**2).sum())

    def correlation(results: F64) -> F64:
        return np.asarray(np.divide(a.T @ results, size, out=np.zeros(len(size)), where=size > 0))

    luck = np.random.default_rng(0)
    bound = float(np.quantile([np.abs(correlation(luck.permutation(b))).max() for _ in range(SHUFFLES)], 0.95))
    rho = correlation(b)
    return np.where(np.abs(rho) > 2 / np.sqrt(known.sum()), rho, 0.0), bound


def next_points(unit: F64, worse: F64, leaning: F64, draws: Draws, turn: int, count: int) -> F64:
    """Futures to try next: mixtures of the worst so far (differential evolution), and the worst pushed where losing lies.

    Parameters
    ----------
    unit : (tried, parameters) float
        Places of the futures tried.
    worse : (tried,) float
        How much worse the arm did in each; undefined ones are no parents.
    leaning : (parameters,) float
        From the unbiased futures alone.
    turn : int
        Which turn of the search: its draws are keyed by it.

    Returns
    -------
    (count, parameters) float
    """
    order = np.argsort(-np.where(np.isfinite(worse), worse, -np.inf), kind="stable")[:PARENTS]
    best = unit[order]
    which = np.arange(count)
    numbers = np.arange(unit.shape[1])
    first = (draws["worst future to start from"].uniform(turn, which) ** 2 * len(best)).astype(int)
    second = (draws["future to move from"].uniform(turn, which) * len(best)).astype(int)
    third = (draws["future to move to"].uniform(turn, which) * len(best)).astype(int)
    taken = draws["number moved"].uniform(turn, which[:, None], numbers[None, :]) < MOVED
    jitter = draws["stride"].uniform(turn, which[:, None], numbers[None, :]) - 0.5
    move = STRIDE * (best[third] - best[second]) + 0.1 * jitter
    points = np.where(taken, best[first] + move, best[first])
    # every so many: the worst of all, its telling numbers further towards where losing lies, the further the later
    ends = np.where(leaning > 0, 0.98, 0.02)
    step = min(0.5 + 0.25 * turn, 1.0)
    leading = np.arange(0, count, LEADING)
    if leaning.any():
        pushed = best[0] + step * (ends - best[0]) * (leaning != 0)
        points[leading] = pushed
        # no two alike
        points[leading] += 0.05 * jitter[leading] * (leaning == 0)
    return reflected(points)


def reflected(points: F64) -> F64:
    """Places beyond an end of the range, turned back into it."""
    points = np.abs(points)
    return np.asarray(np.clip(np.where(points > 1, 2 - points, points), 0.0, 1.0))
