"""Under which values of which numbers an arm loses: one box of simple rules, found by peeling (PRIM), and how far it is to be believed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, binom

F64 = NDArray[np.float64]
Flags = NDArray[np.bool_]

PEEL = 0.1
"""Share of the points in the box that one step takes away."""
FEWEST_INSIDE = 5
FEWEST_CASES = 5
"""Futures lost from which rules are sought; fewer can be told one by one."""
UNLIKELY = 0.05
SHUFFLES = 100


@dataclass(frozen=True)
class Rule:
    """One number between bounds: places in its range, 0 to 1, where a bound that does not bind stands at its end.

    Attributes
    ----------
    quasi_p : float
        How likely as many losses would be in the box, were this rule without effect (Bryant and Lempert 2010).
    """

    parameter: str
    low: float
    high: float
    quasi_p: float = float("nan")


@dataclass(frozen=True)
class Box:
    """Rules under which an arm loses.

    Attributes
    ----------
    coverage : float
        Share of all lost futures that lie in the box.
    density : float
        Share of the box's futures that are lost.
    inside, lost : int
        Futures in the box, and those of them that are lost.
    by_lot : float
        How likely peeling and pruning would find as good a box, were losses dealt by lot: from shufflings, this one among them.
    """

    rules: tuple[Rule, ...]
    coverage: float
    density: float
    inside: int
    lost: int
    by_lot: float


def find_box(unit: F64, lost: Flags, names: list[str], shuffles: int = SHUFFLES) -> Box | None:
    """The box that covers most of the lost futures with fewest others, as a harmonic mean of coverage and density.

    Parameters
    ----------
    unit : (futures, parameters) float
        Places in the ranges, 0 to 1.
    lost : (futures,) bool
    shuffles : int
        0 leaves `by_lot` unknown, as it must be where futures were placed by what came out: such are not exchangeable.

    Returns
    -------
    Box or None
        None with fewer than `FEWEST_CASES` lost or not lost, or where no rule does better than none.
    """
    if min(int(lost.sum()), int((~lost).sum())) < FEWEST_CASES:
        return None
    low, high, score = _found(unit, lost)
    bound = np.flatnonzero((low > 0) | (high < 1))
    if not len(bound):
        return None
    luck = np.random.default_rng(0)
    as_good = sum(_found(unit, luck.permutation(lost))[2] >= score for _ in range(shuffles))
    by_lot = (as_good + 1) / (shuffles + 1) if shuffles else float("nan")
    inside = _inside(unit, low, high)
    rules = [Rule(names[k], float(low[k]), float(high[k]), _quasi_p(unit, lost, low, high, int(k))) for k in bound]
    rules.sort(key=lambda rule: rule.quasi_p)
    found = int(lost[inside].sum())
    return Box(tuple(rules), found / int(lost.sum()), found / int(inside.sum()), int(inside.sum()), found, by_lot)


def tried_on(box: Box, unit: F64, lost: Flags, names: list[str]) -> Box:
    """The same rules on other futures: their coverage and density there."""
    low, high = np.zeros(len(names)), np.ones(len(names))
    for rule in box.rules:
        low[names.index(rule.parameter)], high[names.index(rule.parameter)] = rule.low, rule.high
    inside = _inside(unit, low, high)
    found = int(lost[inside].sum())
    nan = float("nan")
    return replace(
        box, coverage=found / int(lost.sum()) if lost.any() else nan, density=found / int(inside.sum()) if inside.any() else nan,
        inside=int(inside.sum()), lost=found, by_lot=nan,
    )  # fmt: skip


def _inside(unit: F64, low: F64, high: F64) -> Flags:
    return np.asarray(((unit >= low) & (unit <= high)).all(axis=1))


def _found(unit: F64, lost: Flags) -> tuple[F64, F64, float]:
    """Bounds of the box that is told, peeled and pruned, and its harmonic mean of coverage and density."""
    low, high = _pruned(unit, lost, *_peel(unit, lost))
    inside = _inside(unit, low, high)
    return low, high, _score(lost[inside].sum(), int(inside.sum()), lost.sum())


def _peel(unit: F64, lost: Flags) -> tuple[F64, F64]:
    """Bounds of the best box on the way from all futures to the densest, by the harmonic mean of coverage and density."""
    parameters = unit.shape[1]
    low, high = np.zeros(parameters), np.ones(parameters)
    here, mine = unit, lost
    best, best_score = (low.copy(), high.copy()), _score(lost.sum(), len(lost), lost.sum())
    while mine.mean() < 1:
        away = max(int(PEEL * len(here)), 1)
        if len(here) - away < FEWEST_INSIDE:
            break
        order = np.argsort(here, axis=0, kind="stable")
        cases = mine[order]
        density = np.stack([cases[away:].mean(axis=0), cases[:-away].mean(axis=0)])
        side, k = np.unravel_index(int(density.argmax()), density.shape)
        if density[side, k] <= mine.mean():
            break
        if side == 0:
            low[k] = (here[order[away - 1, k], k] + here[order[away, k], k]) / 2
        else:
            high[k] = (here[order[-away, k], k] + here[order[-away - 1, k], k]) / 2
        kept = (here[:, k] >= low[k]) & (here[:, k] <= high[k])
        here, mine = here[kept], mine[kept]
        score = _score(mine.sum(), len(mine), lost.sum())
        if score > best_score:
            best, best_score = (low.copy(), high.copy()), score
    return best


def _score(found: int, inside: int, lost: int) -> float:
    return float(2 * found / (inside + lost)) if inside + lost else 0.0


def _pruned(unit: F64, lost: Flags, low: F64, high: F64) -> tuple[F64, F64]:
    """The box without rules that chance explains: the least needed first."""
    low, high = low.copy(), high.copy()
    while True:
        bound = np.flatnonzero((low > 0) | (high < 1))
        quasi = [_quasi_p(unit, lost, low, high, int(k)) for k in bound]
        if not quasi or max(quasi) <= UNLIKELY:
            return low, high
        k = bound[int(np.argmax(quasi))]
        low[k], high[k] = 0.0, 1.0


def _quasi_p(unit: F64, lost: Flags, low: F64, high: F64, k: int) -> float:
    """How likely as many losses are in the box, if they were as frequent there as in the box without rule `k`."""
    wide_low, wide_high = low.copy(), high.copy()
    wide_low[k], wide_high[k] = 0.0, 1.0
    inside, without = _inside(unit, low, high), _inside(unit, wide_low, wide_high)
    return float(binom.sf(int(lost[inside].sum()) - 1, int(inside.sum()), float(lost[without].mean())))


def share_of_all(lost: int, tried: int, confidence: float = 0.95) -> tuple[float, float]:
    """Between which shares of all plausible futures the lost ones lie (Clopper and Pearson); with none lost, the rule of three.

    With none lost the bound is one-sided: at that confidence the share is smaller than 1 - (1 - confidence) ** (1 / tried),
    about 3 in `tried` at 95 %.
    """
    if tried == 0:
        return 0.0, 1.0
    if lost == 0:
        return 0.0, 1 - (1 - confidence) ** (1 / tried)
    if lost == tried:
        return (1 - confidence) ** (1 / tried), 1.0
    tail = (1 - confidence) / 2
    return float(beta.ppf(tail, lost, tried - lost + 1)), float(beta.ppf(1 - tail, lost + 1, tried - lost))
