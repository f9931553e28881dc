"""Paired differences between arms, with intervals that cover luck and plausible parameter values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from igrsim.results.spread import freedom_of, part, parts_of

MARGIN = 0.02
"""A difference within this share of the reference's level is no material difference."""
ENOUGH = 6
"""Independent pairs of runs from which it says something that nine in ten agree: by chance six do so once in thirty."""


@dataclass(frozen=True)
class Effect:
    """The difference an arm makes to one metric."""

    mean: float
    difference: float
    low: float
    high: float
    mean_low: float
    mean_high: float
    agree: float
    pairs: int
    verdict: str


def effect(
    arm: NDArray[np.float64],
    reference: NDArray[np.float64],
    better: str,
    margin: float = MARGIN,
    futures: NDArray[np.int64] | None = None,
    worlds: NDArray[np.int64] | None = None,
) -> Effect:
    """The paired difference of runs that share world and future.

    The interval ``low`` to ``high`` is where the difference of one more plausible world would lie (Student's
    prediction interval over the pairs), so it does not shrink to nothing as worlds are added: paired luck cancels,
    ignorance of the parameters does not. ``mean_low`` to ``mean_high`` is the interval of the mean alone. Where a future
    has several worlds, or a world returns in several futures, they and not the pairs are the independent units.

    Parameters
    ----------
    arm, reference : (pairs,) float
        A metric's value in each run; pairs in which either is undefined are left out.
    better : {"lower", "higher", "neither"}
    margin : float
        Material difference, as a share of the reference's level.
    futures, worlds : (pairs,) int, optional
        Which future and world each pair is of; without them pairs count as independent.
    """
    mine = arm[np.isfinite(arm)]
    defined = np.isfinite(arm) & np.isfinite(reference)
    arm, reference = arm[defined], reference[defined]
    pairs = len(arm)
    if pairs == 0:
        nan = float("nan")
        level = float(mine.mean()) if len(mine) else nan
        words = "only in this arm: nothing to compare with" if len(mine) else "undefined: nothing to measure here"
        return Effect(level, nan, nan, nan, nan, nan, nan, 0, words)
    differences = arm - reference
    mean = float(differences.mean())
    if not differences.any():
        return Effect(float(arm.mean()), 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, pairs, "exactly no difference")
    if pairs == 1:
        nan = float("nan")
        return Effect(
            float(arm.mean()),
            mean,
            nan,
            nan,
            nan,
            nan,
            1.0,
            1,
            f"one pair only: {_direction(mean)}, not known how surely",
        )
    half, mean_half, units = _reach(differences, *(None if ids is None else ids[defined] for ids in (futures, worlds)))
    agree = float((np.sign(differences) == np.sign(mean)).mean())
    low, high = mean - half, mean + half
    material = margin * abs(float(reference.mean()))
    return Effect(
        mean=float(arm.mean()),
        difference=mean,
        low=low,
        high=high,
        mean_low=mean - mean_half,
        mean_high=mean + mean_half,
        agree=agree,
        pairs=pairs,
        verdict=verdict(mean, low, high, agree, material, better, units),
    )


def _reach(
    differences: NDArray[np.float64], futures: NDArray[np.int64] | None, worlds: NDArray[np.int64] | None
) -> tuple[float, float, int]:
    """Half of the prediction interval and of the mean's, and how many independent units they rest on."""
    pairs = len(differences)
    parts = parts_of(differences, futures, worlds)
    if parts == [part(differences)]:
        spread = float(differences.std(ddof=1))
        reach = float(student.ppf(0.975, pairs - 1))
        return reach * spread * np.sqrt(1 + 1 / pairs), reach * spread / np.sqrt(pairs), pairs
    variance, freedom = sum(v for v, _ in parts), freedom_of(parts)
    reach = float(student.ppf(0.975, freedom))
    # pairs lie about their own mean closer than about the true one, by as much as the mean is uncertain
    one_more = float(differences.var()) + 2 * variance
    return reach * one_more**0.5, reach * variance**0.5, round(freedom) + 1


def _direction(difference: float) -> str:
    return "higher" if difference > 0 else "lower"


def verdict(
    difference: float, low: float, high: float, agree: float, material: float, better: str, pairs: int = ENOUGH
) -> str:
    """A difference in words, from a fixed scale.

    ============================  =====================================================================
    words                         when
    ============================  =====================================================================
    no material difference        the whole interval lies within the margin
    higher / lower                the whole interval lies on one side of zero
    probably higher / lower       it does not, but nine pairs in ten agree, of six or more
    cannot tell                   otherwise
    ============================  =====================================================================
    """
    if max(abs(low), abs(high)) <= material:
        return "no material difference"
    word = _direction(difference)
    if better in ("lower", "higher"):
        word += ", better" if word == better else ", worse"
    if low > 0 or high < 0:
        return word
    if agree >= 0.9 and pairs >= ENOUGH:
        return f"probably {word}"
    return "cannot tell"


def side_by_side(
    runs: pd.DataFrame, arm: str, reference: str, against: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """An arm's runs and the reference's, matched by world and future; every run of the reference has a row.

    Parameters
    ----------
    runs, against : DataFrame
        As for `effects_table`.
    """

    def of(frame: pd.DataFrame, name: str) -> pd.DataFrame:
        return frame[frame["arm"] == name].set_index(["world", "future"]).drop(columns="arm").sort_index()

    theirs = of(runs, reference)
    # an arm whose every cell failed has no runs, and so no pairs
    mine = of(runs, arm).reindex(theirs.index)
    if against is not None:
        beside = of(against, arm)
        theirs = theirs.assign(**{str(name): beside[name].reindex(theirs.index) for name in beside.columns})
    return mine, theirs


def effects_table(
    runs: pd.DataFrame,
    metrics: pd.DataFrame,
    reference: str,
    arms: list[str],
    against: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Effects of every arm against the reference, metric by metric.

    Parameters
    ----------
    runs : DataFrame
        One row a run: arm, future, world, and one column a metric.
    metrics : DataFrame
        Columns name, unit, better.
    reference : str
    arms : list of str
        In the study's order.
    against : DataFrame, optional
        Metrics whose value in the reference depends on the arm it is compared with: arm, future, world, and a
        column a metric with the reference's value.
    """
    rows = []
    for arm in arms:
        if arm == reference:
            continue
        mine, theirs = side_by_side(runs, arm, reference, against)
        for name, unit, better in zip(metrics["name"], metrics["unit"], metrics["better"], strict=True):
            found = effect(
                mine[name].to_numpy(float),
                theirs[name].to_numpy(float),
                str(better),
                futures=theirs.index.get_level_values("future").to_numpy(int),
                worlds=theirs.index.get_level_values("world").to_numpy(int),
            )
            rows.append(
                {
                    "arm": arm,
                    "reference": reference,
                    "metric": name,
                    "unit": unit,
                    "mean": found.mean,
                    "difference": found.difference,
                    "low": found.low,
                    "high": found.high,
                    "pairs": found.pairs,
                    "verdict": found.verdict,
                    "mean_low": found.mean_low,
                    "mean_high": found.mean_high,
                    "agree": found.agree,
                }
            )
    return pd.DataFrame(rows)
