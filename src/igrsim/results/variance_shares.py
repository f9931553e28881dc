"""What the uncertainty of a result comes from: by how well numbers are known, and what measuring a few would take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from igrsim.results.sensitivity import Indices

F64 = NDArray[np.float64]

MOST_MEASURED = 5
"""Numbers whose measuring is proposed, at most."""
INTERVAL = (0.025, 0.975)


@dataclass(frozen=True)
class Share:
    """A share of the uncertainty, and between which bounds it lies.

    Attributes
    ----------
    of : str
        A grade, ``interactions``, or ``measured``: what fixing `parameters` at their true values would take away.
    estimate, low, high : float
        Bounds cover interactions that cannot be put to one side, and chance (95 %).
    parameters : tuple of str
    """

    of: str
    estimate: float
    low: float
    high: float
    parameters: tuple[str, ...] = ()


def shares_by_grade(found: Indices, grades: Sequence[str]) -> list[Share]:
    """Each grade's share, best known first; with Sobol's indices, that of interactions too.

    For Sobol, a group's share lies between what it makes alone and what it makes with all its interactions: at least
    what the total indices of all others leave, at most its own total indices. Morris gives a screening share: the squared
    elementary effects of a grade, of those of all.
    """
    kept = [g for g in ("seed", "measured", "derived", "assumed") if g in grades]
    mine = {g: np.array([x == g for x in grades]) for g in kept}
    if found.method == "morris":
        weights = found.table["index"].to_numpy(float) ** 2
        return [_screened(g, weights, found.main, mine[g]) for g in kept] if weights.sum() > 0 else []
    if found.method != "sobol" or not found.total.any():
        return []
    told = [_between(g, found, mine[g]) for g in kept]
    # an interaction is in no first-order index, and in the total index of each of its two or more parameters
    least, most = 1 - found.table["first"].sum(), found.table["index"].sum() - 1
    low, high = _interval(1 - found.main.sum(axis=1), found.total.sum(axis=1) - 1)
    estimate = _clip((_clip(least) + _clip(most)) / 2)
    return [*told, Share("interactions", estimate, min(low, estimate), max(high, estimate))]


def to_be_measured(found: Indices, share: float = 0.5) -> Share | None:
    """The fewest numbers whose measuring would take away that share of the variance; with what they would at the end.

    Numbers are taken by their total index, the largest first, up to `MOST_MEASURED`: the share is that of the fewest
    that reach it, or of all of them where none do. None where nothing varies, and where variance was not split (only
    Sobol's indices split it).
    """
    if found.method != "sobol" or not found.total.any():
        return None
    names = found.table["parameter"].tolist()
    order = np.argsort(-found.table["index"].to_numpy(float), kind="stable")[:MOST_MEASURED]
    one = None
    for count in range(1, len(order) + 1):
        chosen = np.zeros(len(names), dtype=bool)
        chosen[order[:count]] = True
        taken = _between("measured", found, chosen)
        one = Share("measured", taken.estimate, taken.low, taken.high, tuple(names[k] for k in order[:count]))
        if one.estimate >= share:
            break
    return one


def _screened(grade: str, weights: F64, draws: F64, mine: NDArray[np.bool_]) -> Share:
    total = draws.sum(axis=1)
    drawn = draws[:, mine].sum(axis=1)[total > 0] / total[total > 0]
    low, high = _interval(drawn, drawn)
    return Share(grade, float(weights[mine].sum() / weights.sum()), low, high)


def _between(of: str, found: Indices, mine: NDArray[np.bool_]) -> Share:
    """A group's share of the variance: bounds that hold whatever the interactions, and chance.

    First-order indices would bound it too; those of a few dozen blocks are so blurred that the intervals missed the truth.
    """
    total = found.table["index"].to_numpy(float)
    if not (total[mine].any() and total[~mine].any()):
        # one side does everything: nothing is estimated
        everything = float(total[mine].any())
        return Share(of, everything, everything, everything)
    at_least, at_most = 1 - total[~mine].sum(), total[mine].sum()
    low, high = _interval(1 - found.total[:, ~mine].sum(axis=1), found.total[:, mine].sum(axis=1))
    # where next to nothing interacts the bounds meet, and chance may let them cross
    low, high = min(low, high), max(low, high)
    return Share(of, min(max((at_least + at_most) / 2, low), high), low, high)


def _interval(least: F64, most: F64) -> tuple[float, float]:
    return _clip(float(np.quantile(least, INTERVAL[0]))), _clip(float(np.quantile(most, INTERVAL[1])))


def _clip(value: float) -> float:
    return float(min(max(value, 0.0), 1.0))


def ranks_over(tables: Mapping[str, Sequence[float]]) -> F64:
    """The best rank of each parameter in any of several results; equal ones share the lower rank.

    Parameters
    ----------
    tables : mapping of str to (parameters,) float
        Indices by result.
    """
    from scipy.stats import rankdata

    ranked = [rankdata(-np.asarray(values, dtype=float), method="max") for values in tables.values() if any(values)]
    return np.min(ranked, axis=0) if ranked else np.full(len(next(iter(tables.values()))), np.inf)
