"""Which numbers a result depends on: Morris screening, Sobol indices, PAWN; on arrays, with how sure each index is."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

F64 = NDArray[np.float64]

RESAMPLES = 500
"""Bootstrap resamples of trajectories or blocks."""
SLICES = 10
"""Slices of a parameter's range that PAWN compares, at most."""
A_SLICE = 12
"""Points that a slice needs to have a distribution worth comparing."""
FEWEST_SLICES = 4
DUMMIES = 20_000
"""Parameters that do nothing, by which PAWN's index of chance is known."""
FEWEST_TRAJECTORIES = 2
FEWEST_BLOCKS = 8
INDEX_COLUMNS = ("index", "low", "high", "first", "first_low", "first_high", "mu", "sigma", "floor", "beyond_chance")


@dataclass(frozen=True)
class Indices:
    """How much each parameter matters to one result.

    Attributes
    ----------
    method : {"morris", "sobol", "pawn"}
    table : DataFrame
        A row a parameter, in the design's order: ``parameter`` and `INDEX_COLUMNS`. ``index`` is the mean size of the
        elementary effects over the whole range (Morris), the total index (Sobol), or the median distance (PAWN).
    used, left_out : int
        Trajectories, blocks or points: those analysed, and those with a run that failed or a result that is undefined.
    main, total : (resamples, parameters) float
        Bootstrap draws of the squared elementary effect (Morris), of first-order and total indices (Sobol).
    """

    method: str
    table: pd.DataFrame
    used: int
    left_out: int
    main: F64
    total: F64


@dataclass(frozen=True)
class TooFew:
    """Why a result was not analysed, in words."""

    why: str
    used: int
    left_out: int


def morris(unit: F64, y: F64, names: list[str], seed: int = 1) -> Indices | TooFew:
    """Elementary effects of every parameter: what the result changes by when one parameter alone moves.

    Parameters
    ----------
    unit : (trajectories * (parameters + 1), parameters) float
        Trajectories one after another; values in [0, 1], one parameter moved at each step.
    y : (points,) float
        A result; a trajectory with an undefined one is left out.
    """
    size = len(names) + 1
    paths, results = unit.reshape(-1, size, len(names)), y.reshape(-1, size)
    whole = np.isfinite(results).all(axis=1)
    used, left_out = int(whole.sum()), int((~whole).sum())
    if used < FEWEST_TRAJECTORIES:
        return TooFew(f"{used} whole trajectories; at least {FEWEST_TRAJECTORIES} are needed", used, left_out)
    effects = elementary_effects(paths[whole], results[whole])
    found = _morris_statistics(paths[whole], results[whole], names, seed)
    half = np.asarray(found["mu_star_conf"], dtype=float)
    star = np.asarray(found["mu_star"], dtype=float)
    resampled = np.random.default_rng(seed).integers(used, size=(RESAMPLES, used))
    main = np.abs(effects)[resampled].mean(axis=1) ** 2
    table = _table(names, index=star, low=np.maximum(star - half, 0.0), high=star + half,
                   mu=np.asarray(found["mu"], dtype=float), sigma=np.asarray(found["sigma"], dtype=float))  # fmt: skip
    return Indices("morris", table, used, left_out, main, np.zeros_like(main))


def elementary_effects(paths: F64, results: F64) -> F64:
    """What the result changes by at each step, over the size of the step: (trajectories, parameters)."""
    steps = np.diff(paths, axis=1)
    moved = np.abs(steps).argmax(axis=2)
    slopes = np.diff(results, axis=1) / np.take_along_axis(steps, moved[:, :, None], axis=2)[:, :, 0]
    effects = np.zeros_like(slopes)
    np.put_along_axis(effects, moved, slopes, axis=1)
    return effects


def _morris_statistics(paths: F64, results: F64, names: list[str], seed: int) -> dict[str, F64]:
    from SALib.analyze import morris as salib

    # SALib knows steps by the number of levels only: its unit step takes the place of the design's own
    levels, step = 4, 2 / 3
    # and takes whatever differs in its last digit for a step
    paths = np.round(paths, 9)
    drawn = float(np.abs(np.diff(paths, axis=1)).max())
    found = salib.analyze(
        _problem(names), paths.reshape(-1, len(names)), results.ravel() * (step / drawn), num_levels=levels,
        num_resamples=RESAMPLES, seed=seed,
    )  # fmt: skip
    return {name: np.asarray(found[name]) for name in ("mu", "mu_star", "sigma", "mu_star_conf")}


def sobol(y: F64, names: list[str], seed: int = 1) -> Indices | TooFew:
    """First-order and total indices: a parameter's share of the variance alone, and with all its interactions.

    Parameters
    ----------
    y : (blocks * (parameters + 2),) float
        A result along Saltelli's design, block by block: A, A with each parameter of B, B. A block with an undefined result
        is left out.
    """
    d = len(names)
    blocks = y.reshape(-1, d + 2)
    whole = np.isfinite(blocks).all(axis=1)
    used, left_out = int(whole.sum()), int((~whole).sum())
    if used < FEWEST_BLOCKS:
        return TooFew(f"{used} whole blocks; at least {FEWEST_BLOCKS} are needed", used, left_out)
    blocks = blocks[whole]
    if np.ptp(blocks[:, [0, -1]]) <= 1e-12 * max(1.0, float(np.abs(blocks).max())):
        # the same result in every future: nothing varies it, and no share of nothing can be told
        none = np.zeros(d)
        table = _table(names, index=none, low=none, high=none, first=none, first_low=none, first_high=none)
        table["beyond_chance"] = False
        draws = np.zeros((RESAMPLES, d))
        return Indices("sobol", table, used, left_out, draws, draws)
    from SALib.analyze import sobol as salib

    with warnings.catch_warnings():
        # a resample may hold one value only: its indices are nought
        warnings.simplefilter("ignore", UserWarning)
        found = salib.analyze(
            _problem(names), blocks.ravel(), calc_second_order=False, num_resamples=RESAMPLES, keep_resamples=True,
            seed=seed,
        )  # fmt: skip
    first, total = np.asarray(found["S1"]), np.asarray(found["ST"])
    of_first, of_total = np.asarray(found["S1_conf"]), np.asarray(found["ST_conf"])
    table = _table(
        names, index=total, low=np.maximum(total - of_total, 0.0), high=total + of_total,
        first=first, first_low=first - of_first, first_high=first + of_first, floor=first_by_lot(blocks, seed),
    )  # fmt: skip
    table["beyond_chance"] = table["first"] > table["floor"]
    return Indices("sobol", table, used, left_out, np.asarray(found["S1_conf_all"]), np.asarray(found["ST_conf_all"]))


def first_by_lot(blocks: F64, seed: int) -> F64:
    """How large a first-order index each parameter would reach by chance, if what it changes had no direction.

    A dummy for each parameter: its changes, in random pairings with the results of B. The bound is one that the strongest
    of all dummies keeps in 19 of 20 pairings.
    """
    y = (blocks - blocks[:, [0, -1]].mean()) / blocks[:, [0, -1]].std()
    changes, b = y[:, 1:-1] - y[:, [0]], y[:, -1]
    luck = np.random.default_rng(seed)
    drawn = np.stack([luck.permutation(b) @ changes for _ in range(RESAMPLES)]) / len(b)
    size = drawn.std(axis=0)
    strongest = np.divide(drawn, size, out=np.zeros_like(drawn), where=size > 0).max(axis=1)
    return np.asarray(size * np.quantile(strongest, 0.95))


def pawn(unit: F64, y: F64, names: list[str]) -> Indices | TooFew:
    """How far the distribution of a result moves when one parameter is known to a slice of its range.

    The points are to be independent of each other, as a Latin hypercube's are and Saltelli's, in which values recur, are
    not. The bound of chance is what the strongest of as many parameters without effect would reach, in
    19 of 20 studies.
    """
    defined = np.isfinite(y)
    used, left_out = int(defined.sum()), int((~defined).sum())
    fewest = FEWEST_SLICES * A_SLICE
    if used < fewest:
        return TooFew(f"{used} futures with a result; PAWN needs at least {fewest}", used, left_out)
    unit, y = unit[defined], y[defined]
    slices = min(SLICES, used // A_SLICE)
    if not np.ptp(y):
        none = np.zeros(len(names))
        return Indices(
            "pawn",
            _table(names, index=none).assign(beyond_chance=False),
            used,
            left_out,
            *(np.zeros((1, len(names))),) * 2,
        )
    # a slice starts at each of these values of the parameter; its largest value is in none, as in SALib
    starts = np.quantile(unit, np.arange(slices + 1) / slices, axis=0)
    of_slice = np.stack([np.searchsorted(starts[:, k], unit[:, k], side="right") for k in range(len(names))]) - 1
    index = _median_distances(of_slice, y, slices)
    table = _table(names, index=index, floor=pawn_by_lot(used, slices, len(names)))
    table["beyond_chance"] = table["index"] > table["floor"]
    return Indices("pawn", table, used, left_out, *(np.zeros((1, len(names))),) * 2)


@cache
def pawn_by_lot(points: int, slices: int, parameters: int) -> float:
    """The median distance that the strongest of as many parameters without effect keeps within, in 19 of 20 studies.

    Distances of ranks do not depend on what the result is: dummy parameters are dealt to slices by lot.
    """
    luck, deal = np.random.default_rng(points), np.arange(points) * slices // points
    dealt = luck.permuted(np.tile(deal, (DUMMIES, 1)), axis=1)
    medians = _median_distances(dealt, np.arange(points, dtype=float), slices)
    return float(np.quantile(medians, 0.95 ** (1 / parameters)))


def _median_distances(of_slice: NDArray[np.int64], y: F64, slices: int) -> F64:
    """Median over slices of how far the distribution in a slice is from that of all (Kolmogorov and Smirnov's distance).

    The same as SALib's, which takes a hundred times as long because it finds a p-value for each of them.
    """
    order = np.argsort(y, kind="stable")
    ends = np.append(np.diff(y[order]) > 0, True)
    whole = np.arange(1, len(y) + 1)[ends] / len(y)
    medians = np.empty(len(of_slice))
    for at in range(0, len(of_slice), 500):
        ordered = of_slice[at : at + 500, order]
        distances = np.empty((len(ordered), slices))
        for one in range(slices):
            mine = np.cumsum(ordered == one, axis=1)
            distances[:, one] = np.abs(mine[:, ends] / np.maximum(mine[:, -1:], 1) - whole).max(axis=1)
        medians[at : at + 500] = np.median(distances, axis=1)
    return medians


def _problem(names: list[str]) -> dict[str, object]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _table(names: list[str], **columns: F64 | float) -> pd.DataFrame:
    table = pd.DataFrame({"parameter": names})
    for name in INDEX_COLUMNS:
        table[name] = columns.get(name, np.nan)
    table["beyond_chance"] = pd.array([None] * len(names), dtype="boolean")
    return table


def luck_and_parameters(values: F64) -> tuple[float, float]:
    """Of the variance of a result over futures and worlds: the futures' part, and the worlds' with what goes with both.

    Parameters
    ----------
    values : (futures, worlds) float
        Every world in every future.

    Returns
    -------
    parameters, luck : float
        Shares of the variance; undefined with a single world.
    """
    whole = values[np.isfinite(values).all(axis=1)]
    futures, worlds = whole.shape
    if worlds < 2 or futures < 2:
        return float("nan"), float("nan")
    by_future, by_world, mean = whole.mean(axis=1), whole.mean(axis=0), whole.mean()
    rest = ((whole - by_future[:, None] - by_world[None, :] + mean) ** 2).sum() / ((futures - 1) * (worlds - 1))
    parameters = max(float(by_future.var(ddof=1)) - float(rest) / worlds, 0.0)
    world = max(float(by_world.var(ddof=1)) - float(rest) / futures, 0.0)
    total = parameters + world + float(rest)
    return (parameters / total, 1 - parameters / total) if total > 0 else (float("nan"), float("nan"))
