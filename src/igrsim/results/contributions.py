"""What each lever contributes to a whole difference, from the orders in which levers may join; shares that add up.

What a lever changes depends on which others are there already. So levers join one by one, in many orders, and a lever's
contribution is the mean of what it changed when it joined (its Shapley value). In every order the changes add up to the
whole difference, and so do the contributions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from igrsim.results.spread import Part, freedom_of, part, parts_of

F64 = NDArray[np.float64]
Coalition = frozenset[str]
Order = tuple[str, ...]
Units = tuple[NDArray[np.int64] | None, NDArray[np.int64] | None]
"""The future and the world of each pair of runs."""
APART: Units = (None, None)
"""Every pair a future and a world of its own."""

ALL = "all levers"
"""The row of the whole difference."""
COLUMNS = (
    "arm", "lever", "metric", "unit", "contribution", "low", "high", "share", "alone", "last", "beside_others", "orders", "pairs",
)  # fmt: skip


@dataclass(frozen=True)
class Estimate:
    """A mean and its 95 % interval, not known (NaN) where there is one pair of runs only."""

    mean: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether the interval leaves out nought."""
        return self.low > 0 or self.high < 0


def gains(orders: Sequence[Order], value: Mapping[Coalition, F64], levers: Sequence[str]) -> F64:
    """What each lever changed when it joined.

    Parameters
    ----------
    orders : sequence of tuple of str
    value : mapping of coalition to (pairs,) float
        The metric in each pair of world and future, with some of the levers.
    levers : sequence of str

    Returns
    -------
    (pairs, orders, levers) float
        Adds up, over levers, to the whole difference in each pair and order.
    """
    place = {lever: i for i, lever in enumerate(levers)}
    found = np.empty((len(value[frozenset()]), len(orders), len(levers)))
    for o, order in enumerate(orders):
        there: Coalition = frozenset()
        for lever in order:
            found[:, o, place[lever]] = value[there | {lever}] - value[there]
            there |= {lever}
    return found


def over_orders_and_pairs(gain: F64, every: bool, units: Units = APART) -> Estimate:
    """Mean over orders and pairs of runs, and its 95 % interval.

    Two things make it uncertain: which orders were drawn, and which worlds and futures. An order and its reverse are one
    draw, since their errors largely cancel; every order was tried in the same pairs, so neither orders nor pairs can be
    taken for fresh ones in each cell. The variance is that of the means of orders, over their number, plus that of the
    means of pairs, over theirs: never too small, for what both share is counted twice. Student's t has the degrees of
    freedom of Welch and Satterthwaite. Where every order was tried, none was drawn and only pairs are uncertain.

    Parameters
    ----------
    gain : (pairs, orders) float
        Each order is followed by its reverse, unless `every` order there is was tried.
    every : bool
    units : tuple
        The future and the world of each pair.
    """
    draws = gain if every else gain.reshape(len(gain), -1, 2).mean(axis=2)
    parts = parts_of(draws.mean(axis=1), *units)
    if not every:
        parts.append(part(draws.mean(axis=0)))
    return _estimate(float(draws.mean()), parts)


def over_pairs(difference: F64, units: Units = APART) -> Estimate:
    """Mean over pairs of runs, and its 95 % interval; pairs of one future, or one world, are not independent."""
    return _estimate(float(difference.mean()), parts_of(difference, *units))


def _estimate(mean: float, parts: list[Part]) -> Estimate:
    variance = sum(v for v, _ in parts)
    if not np.isfinite(variance):
        return Estimate(mean, float("nan"), float("nan"))
    if variance == 0:
        return Estimate(mean, mean, mean)
    half = float(student.ppf(0.975, freedom_of(parts))) * variance**0.5
    return Estimate(mean, mean - half, mean + half)


def beside(alone: F64, last: F64, units: Units = APART) -> str:
    """How a lever's effect beside all others compares with its effect alone, in words from a fixed scale.

    ============================  ==========================================================================
    words                         when
    ============================  ==========================================================================
    the same                      exactly so in every pair of runs
    cannot tell                   the interval of the paired difference holds nought, or there is one pair only
    less beside the others        it does less: others do part of the same work
    more beside the others        it does more: others help it
    the other way                 alone it moves the metric one way, beside the others the other way
    ============================  ==========================================================================
    """
    if np.array_equal(alone, last):
        return "the same"
    found = over_pairs(last - alone, units)
    if not found.sure:
        return "cannot tell"
    first, then = float(alone.mean()), float(last.mean())
    if first * then < 0:
        return "the other way"
    return "more beside the others" if abs(then) > abs(first) else "less beside the others"


def contributions(
    arm: str,
    metric: str,
    unit: str,
    orders: Sequence[Order],
    every: bool,
    value: Mapping[Coalition, F64],
    units: Units = APART,
) -> pd.DataFrame:
    """What each lever contributes to an arm's difference in a metric, the largest first; last the whole difference.

    Parameters
    ----------
    orders : sequence of tuple of str
        Each followed by its reverse, unless they are all there are.
    every : bool
        Whether these are all orders there are.
    value : mapping of coalition to (pairs,) float
        With each coalition that the orders go through, none and all of them, each lever alone and all but each. A pair of
        runs in which any is undefined is left out.
    units : tuple
        The future and the world of each pair.
    """
    levers = tuple(sorted(orders[0]))
    everyone = frozenset(levers)
    defined = np.logical_and.reduce([np.isfinite(v) for v in value.values()])
    pairs = int(defined.sum())
    about = {"arm": arm, "metric": metric, "unit": unit, "orders": len(orders), "pairs": pairs}
    if not pairs:
        empty = [{**about, "lever": lever, "beside_others": "undefined"} for lever in (*levers, ALL)]
        return pd.DataFrame(empty, columns=COLUMNS)
    value = {coalition: numbers[defined] for coalition, numbers in value.items()}
    units = (None if units[0] is None else units[0][defined], None if units[1] is None else units[1][defined])
    none, full = value[frozenset()], value[everyone]
    whole = over_pairs(full - none, units)
    found = gains(orders, value, levers)
    rows: list[dict[str, Any]] = []
    for i, lever in enumerate(levers):
        mine = over_orders_and_pairs(found[:, :, i], every, units)
        alone, last = value[frozenset({lever})] - none, full - value[everyone - {lever}]
        rows.append(
            {
                **about,
                **_said(lever, mine, whole.mean),
                "alone": float(alone.mean()),
                "last": float(last.mean()),
                "beside_others": beside(alone, last, units),
            }
        )
    rows.sort(key=lambda row: -abs(row["contribution"]))
    rows.append({**about, **_said(ALL, whole, whole.mean), "beside_others": ""})
    return pd.DataFrame(rows, columns=COLUMNS)


def _said(lever: str, found: Estimate, whole: float) -> dict[str, Any]:
    share = found.mean / whole if whole else float("nan")
    return {"lever": lever, "contribution": found.mean, "low": found.low, "high": found.high, "share": share}
