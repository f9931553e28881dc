"""Futures: sets of plausible parameter values, spread evenly over every parameter's range."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.draws import Draws, code_key
from igrsim.kernel.params import Param, all_params
from igrsim.runs.study.parts import FuturesPart


def varied(part: FuturesPart) -> list[Param]:
    """The parameters a study varies: those it names, or every one that is no choice and has a range."""
    known = all_params()
    if part.method == "none":
        return []
    if part.vary == "all":
        return [p for p in known.values() if not p.choice and p.low < p.high]
    return [known[name] for name in part.vary]


def design(part: FuturesPart, seed: int, calibrated: Mapping[str, float] | None = None) -> list[dict[str, float]]:
    """Latin hypercube over the parameters' ranges, triangular about their defaults.

    Each parameter's range is cut into as many slices of equal probability as there are futures, and each future has
    one slice of each. A parameter's values do not change when another parameter is added.

    Parameters
    ----------
    calibrated : mapping of str to float
        Values that take the place of defaults.
    """
    n = 1 if part.method == "none" else part.n
    futures: list[dict[str, float]] = [{} for _ in range(n)]
    for p in varied(part):
        mode = (calibrated or {}).get(p.name, p.default)
        for future, value in zip(futures, triangular(spread(p.name, n, seed), p, mode), strict=True):
            future[p.name] = value
    return futures


def spread(name: str, n: int, seed: int) -> NDArray[np.float64]:
    """A parameter's places in a Latin hypercube: one in each of `n` slices of the unit interval, in an order of its own."""
    draws, key, index = Draws(seed), code_key(name), np.arange(n)
    slices = np.argsort(draws["future slice"].uniform(key, index), kind="stable")
    return np.asarray((slices + draws["place in future slice"].uniform(key, index)) / n)


def triangular(u: NDArray[np.float64], p: Param, mode: float | None = None) -> list[float]:
    """Inverse of the triangular distribution from low over the mode, which is the default unless given, to high."""
    low, mode, high = p.low, p.default if mode is None else mode, p.high
    split = (mode - low) / (high - low)
    left = low + np.sqrt(u * (high - low) * (mode - low))
    right = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return [float(np.clip(v, low, high)) for v in np.where(u < split, left, right)]


def pairs(part: FuturesPart, worlds: int) -> list[tuple[int, int]]:
    """Which future and world make a pair of runs: all with all, or world i with future i mod n."""
    n = 1 if part.method == "none" else part.n
    if part.pairing == "crossed":
        return [(future, world) for future in range(n) for world in range(worlds)]
    return [(world % n, world) for world in range(worlds)]
