"""Paired differences between arms, with intervals that cover luck and plausible parameter values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from igrsim.results.many import benjamini_hochberg, holm
from igrsim.results.spread import Apart, Part, apart, freedom_of, part, parts_of
from igrsim.results.verdict import LEVEL, direction, verdict

F64 = NDArray[np.float64]
Ids = NDArray[np.int64]

MARGIN = 0.02
"""A difference within this share of the reference's level is no material difference, where a study does not say otherwise."""
NAN = float("nan")
NOT_JUDGED = "not judged"
SCREENED, ONE_UNIT = f"{NOT_JUDGED}: a screening design", f"{NOT_JUDGED}: all futures were drawn together"
"""Of futures that are no sample of plausible ones, or a single draw of them: a mean and no more."""


@dataclass(frozen=True)
class Analysis:
    """How effects are judged, fixed before the run.

    Attributes
    ----------
    primary : tuple of str or None
        Metrics whose contrasts are tested together; all others are exploratory. None: all are primary.
    margin : mapping of str to float
        Material difference of a metric, in its unit; of the others, `MARGIN` of the reference's level.
    adjust : {"holm", "none"}
    looks : int
        How often the study may look at its primary contrasts before it ends; each look has its part of the level.
    together : int
        As for `effect`.
    """

    primary: tuple[str, ...] | None = None
    margin: Mapping[str, float] = field(default_factory=dict)
    adjust: str = "holm"
    looks: int = 1
    together: int = 1


@dataclass(frozen=True)
class Effect:
    """The difference an arm makes to one metric.

    Attributes
    ----------
    low, high : float
        Where the difference of one more plausible world would lie.
    mean_low, mean_high : float
        Where the mean over all plausible worlds lies.
    agree : float
        Share of pairs that have the sign of the mean.
    units : int
        Independent units that the intervals rest on.
    margin : float
        Material difference, in the metric's unit.
    p : float
        Probability of a mean so far from nought if there were no difference.
    p_equal : float
        Probability of a mean so far within the margin if it were at the margin: the larger of two one-sided tests.
    verdict : str
        In words, this effect taken by itself.
    """

    mean: float
    difference: float
    low: float
    high: float
    mean_low: float
    mean_high: float
    agree: float
    pairs: int
    verdict: str
    units: int = 0
    margin: float = NAN
    p: float = NAN
    p_equal: float = NAN


def effect(
    arm: F64,
    reference: F64,
    better: str,
    margin: float = MARGIN,
    futures: Ids | None = None,
    worlds: Ids | None = None,
    material: float | None = None,
    looks: int = 1,
    together: int = 1,
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
    material : float, optional
        Material difference in the metric's unit, in place of the share.
    looks : int
        At how many looks the interval of the mean is to hold at once.
    together : int
        Futures that were drawn together, one after another, and are one independent unit (a block of Saltelli's design);
        0 where they are no sample of plausible futures (trajectories of a screening), so that nothing is concluded.
    """
    mine = arm[np.isfinite(arm)]
    defined = np.isfinite(arm) & np.isfinite(reference)
    arm, reference = arm[defined], reference[defined]
    pairs = len(arm)
    if pairs == 0:
        level = float(mine.mean()) if len(mine) else NAN
        words = "only in this arm: nothing to compare with" if len(mine) else "undefined: nothing to measure here"
        return Effect(level, NAN, NAN, NAN, NAN, NAN, NAN, 0, words)
    material = margin * abs(float(reference.mean())) if material is None else material
    differences = arm - reference
    level, mean = float(arm.mean()), float(differences.mean())
    agree = float((np.sign(differences) == np.sign(mean)).mean())
    drawn = futures if futures is None or together < 2 else futures // together
    ids = (None if one is None else one[defined] for one in (drawn, worlds))
    parts = parts_of(differences, *ids) if pairs > 1 else []
    if not differences.any():
        words, units = "exactly no difference", round(freedom_of(parts)) + 1 if parts else 1
        return Effect(level, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, pairs, words, units, material, 1.0, 0.0)
    if pairs == 1:
        words = f"one pair only: {direction(mean)}, not known how surely"
        return Effect(level, mean, NAN, NAN, NAN, NAN, 1.0, 1, words, 1, material)
    if not together or (together > 1 and drawn is not None and np.ptp(drawn[defined]) == 0):
        words = ONE_UNIT if together else SCREENED
        return Effect(level, mean, NAN, NAN, NAN, NAN, agree, pairs, words, 1, material)
    half, units = _one_more(differences, parts)
    mean_half = reach(parts, looks)
    return Effect(
        mean=level,
        difference=mean,
        low=mean - half,
        high=mean + half,
        mean_low=mean - mean_half,
        mean_high=mean + mean_half,
        agree=agree,
        pairs=pairs,
        verdict=verdict(mean, mean - half, mean + half, agree, material, better, units),
        units=units,
        margin=material,
        p=2 * beyond(abs(mean), parts),
        p_equal=beyond(material - abs(mean), parts),
    )


def _one_more(differences: F64, parts: list[Part]) -> tuple[float, int]:
    """Half of the prediction interval, and how many independent units it rests on."""
    pairs = len(differences)
    if parts == [part(differences)]:
        spread = float(differences.std(ddof=1))
        return float(stdtrit(pairs - 1, 1 - LEVEL / 2)) * spread * np.sqrt(1 + 1 / pairs), pairs
    variance, freedom = sum(v for v, _ in parts), freedom_of(parts)
    # pairs lie about their own mean closer than about the true one, by as much as the mean is uncertain
    one_more = float(differences.var()) + 2 * variance
    return float(stdtrit(freedom, 1 - LEVEL / 2)) * one_more**0.5, round(freedom) + 1


def reach(parts: list[Part], looks: int = 1) -> float:
    """Half of the interval of a mean, that holds at so many looks at once."""
    variance = sum(v for v, _ in parts)
    return float(stdtrit(freedom_of(parts), 1 - LEVEL / looks / 2) * variance**0.5)


def beyond(distance: float, parts: list[Part]) -> float:
    """Probability that chance alone carries a mean so far to one side."""
    variance = sum(v for v, _ in parts)
    if variance == 0:
        return 0.0 if distance > 0 else 1.0
    return float(stdtr(freedom_of(parts), -distance / variance**0.5))


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
    analysis: Analysis | None = None,
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
    analysis : Analysis, optional
        Without it every contrast is primary.
    """
    analysis = analysis or Analysis()
    rows: list[dict[str, Any]] = []
    found: list[Effect] = []
    for arm in arms:
        if arm == reference:
            continue
        mine, theirs = side_by_side(runs, arm, reference, against)
        futures, worlds = (theirs.index.get_level_values(name).to_numpy(int) for name in ("future", "world"))
        for name, unit, better in zip(metrics["name"], metrics["unit"], metrics["better"], strict=True):
            values = mine[name].to_numpy(float), theirs[name].to_numpy(float)
            one = effect(
                *values,
                str(better),
                futures=futures,
                worlds=worlds,
                material=analysis.margin.get(str(name)),
                looks=analysis.looks,
                together=analysis.together,
            )
            found.append(one)
            first = analysis.primary is None or name in analysis.primary
            rows.append(
                {"arm": arm, "reference": reference, "metric": name, "unit": unit, "better": better}
                | vars(one)
                | {"contrast": "primary" if first else "exploratory"}
                | _by_source(one, values[0] - values[1], futures, worlds, analysis)
            )
    return _judged(pd.DataFrame(rows), found, analysis).drop(columns="better") if rows else pd.DataFrame()


def _by_source(found: Effect, differences: F64, futures: Ids, worlds: Ids, analysis: Analysis) -> dict[str, Any]:
    """Intervals of the mean due to worlds alone and to futures alone, and why they are not known."""
    defined = np.isfinite(differences)
    units = futures[defined] // analysis.together if analysis.together > 1 else None
    if found.verdict.startswith(NOT_JUDGED):
        told = Apart(why_not=found.verdict)
    else:
        told = apart(differences[defined], futures[defined], worlds[defined], units)
    row: dict[str, Any] = {"futures_share": told.share, "not_told_apart": told.why_not}
    for name, one in (("worlds", told.worlds), ("futures", told.futures)):
        half = NAN if one is None else reach([one], analysis.looks)
        row |= {f"{name}_low": found.difference - half, f"{name}_high": found.difference + half}
    return row


def adjusted(p: F64, primary: NDArray[np.bool_], analysis: Analysis) -> F64:
    """Probabilities with all contrasts of their family, and all looks, counted."""
    found = p.copy()
    if analysis.adjust != "none":
        found[primary], found[~primary] = holm(p[primary]), benjamini_hochberg(p[~primary])
    return np.minimum(found * analysis.looks, 1.0)


def judged(found: Effect, better: str, different: float, equal: float) -> str:
    """The verdict on an effect, by its adjusted probabilities."""
    if not np.isfinite(found.p) or found.verdict.startswith("exactly"):
        return found.verdict
    interval = found.difference, found.low, found.high, found.agree
    return verdict(*interval, found.margin, better, found.units, different, equal)


def _judged(table: pd.DataFrame, found: list[Effect], analysis: Analysis) -> pd.DataFrame:
    """Effects with the probabilities of each family adjusted, and verdicts by them."""
    primary = (table["contrast"] == "primary").to_numpy()
    different, equal = (adjusted(table[name].to_numpy(float), primary, analysis) for name in ("p", "p_equal"))
    words = [
        judged(one, str(better), float(p), float(q))
        for one, better, p, q in zip(found, table["better"], different, equal, strict=True)
    ]
    return table.assign(p_adjusted=different, p_equal_adjusted=equal, verdict=words)
