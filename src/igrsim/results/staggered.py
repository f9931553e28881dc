"""Estimating the effect of a start that differs between spaces, from the comparisons that its dates leave.

- **not-yet-started** (imputation, Borusyak, Jaravel and Spiess 2024; with no covariates it uses the comparisons of Callaway
  and Sant'Anna 2021): levels of spaces and of periods are fitted to observations without a hub alone, and what they predict
  is taken from observations with one. Effects may differ by space and grow with time.
- **stepped-wedge** (Hussey and Hughes 2007, with spaces as fixed effects): one effect for all, levels of spaces and periods
  fitted to all observations. Where effects grow it also compares late starters with early ones that already have the effect
  (Goodman-Bacon 2021).
- **before-after**: each space with its own past, as most reviews of programmes do. Whatever else changed counts as effect.

Estimates of the first two are sums of observations with weights that depend on dates alone; they are tried against the same sums under dates
dealt out anew by lot (randomisation inference: Wang and De Gruttola 2017, Ji, Fink, Robyn and Small 2017), which needs no model of how a space's errors hang together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

F64 = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST = 2
"""Spaces without a hub that a period needs, to be compared with."""
METHODS = ("not-yet-started", "stepped-wedge", "before-after")
WITHOUT, CHANGING, WITH = 0.0, 0.5, 1.0


def exposure(starts: Sequence[int | None], periods: int, every: int) -> F64:
    """By space and period: `WITHOUT` a hub, `WITH` one all through, or `CHANGING`, which belongs to neither.

    Parameters
    ----------
    starts : sequence of (int or None)
        Month of the study in which each space starts.
    """
    first = np.arange(periods) * every
    found = np.zeros((len(starts), periods))
    for i, start in enumerate(starts):
        if start is not None:
            found[i] = np.where(first >= start, WITH, np.where(first + every > start, CHANGING, WITHOUT))
    return found


class Weights(NamedTuple):
    """Estimates as sums of observations.

    Attributes
    ----------
    weight : (designs, spaces, periods) float
        Nought where an observation is not used; NaN throughout where the dates leave nothing to compare.
    with_hub : (designs, spaces, periods) bool
        Observations whose mean effect is estimated.
    """

    weight: F64
    with_hub: Flags

    @property
    def known(self) -> Flags:
        """Designs that leave something to compare."""
        return np.asarray(np.isfinite(self.weight[:, 0, 0]))


def not_yet_started(seen: Flags, under: F64) -> Weights:
    """Weights of the imputation estimator.

    Parameters
    ----------
    seen : (spaces, periods) bool
        Reports in hand.
    under : (designs, spaces, periods) float
        As `exposure`, for each of several designs.
    """
    free = (under == WITHOUT) & seen
    of_space, of_period = free.sum(axis=2), free.sum(axis=1)
    used = (under == WITH) & seen & (of_space > 0)[:, :, None] & (of_period >= LEAST)[:, None, :]
    many = used.sum(axis=(1, 2))
    a, d, solved = _levels(free, used.astype(float))
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = (used - free * (a[:, :, None] + d[:, None, :])) / many[:, None, None]
    weight[(many == 0) | ~solved] = np.nan
    return Weights(weight, used)


def stepped_wedge(seen: Flags, under: F64) -> Weights:
    """Weights of the least-squares estimator with levels of spaces and periods and one effect."""
    used = (under != CHANGING) & seen
    hub = ((under == WITH) & seen).astype(float)
    a, d, solved = _levels(used, hub)
    rest = used * (hub - a[:, :, None] - d[:, None, :])
    size = (rest**2).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = rest / size[:, None, None]
    weight[(size < 1e-6) | ~solved] = np.nan
    return Weights(weight, hub > 0)


def _levels(used: Flags, target: F64) -> tuple[F64, F64, Flags]:
    """Levels of spaces and periods that fit the row and column sums of `target` on the observations used; whether they exist."""
    mask = used.astype(float)
    of_space, of_period = mask.sum(axis=2), mask.sum(axis=1)
    rows, columns = target.sum(axis=2), target.sum(axis=1)
    inverse = np.where(of_space > 0, 1 / np.maximum(of_space, 1), 0.0)
    scaled = mask * inverse[:, :, None]
    periods = mask.shape[2]
    normal = -np.matmul(mask.transpose(0, 2, 1), scaled)
    diagonal = np.arange(periods)
    normal[:, diagonal, diagonal] += of_period
    wanted = columns - np.matmul(scaled.transpose(0, 2, 1), rows[:, :, None])[:, :, 0]
    live = (of_period > 0).astype(float)
    # levels are known but for a constant between spaces and periods: any one will do, so long as there is one
    whole = normal + live[:, :, None] * live[:, None, :] / periods
    whole[:, diagonal, diagonal] += 1e-9 + (1 - live)
    d = np.linalg.solve(whole, (wanted * live)[:, :, None])[:, :, 0] * live
    off = np.abs(np.matmul(normal, d[:, :, None])[:, :, 0] - wanted * live).max(axis=1)
    a = (rows - np.matmul(mask, d[:, :, None])[:, :, 0]) * inverse
    return a, d, off < 1e-4 * np.maximum(np.abs(target).sum(axis=(1, 2)), 1.0)


class Rise(NamedTuple):
    """Mean over spaces of after less before.

    Attributes
    ----------
    mean, error : float
        The mean and its standard error; NaN where fewer than two spaces have both.
    freedom : int
    """

    mean: float
    error: float
    freedom: int

    def probability(self, against: float = 0.0) -> float:
        """Of a mean so far from `against` if it were the truth and spaces were all that varied (paired t-test)."""
        if not np.isfinite(self.error):
            return np.nan
        off = abs(self.mean - against)
        if self.error == 0:
            return float(off == 0)
        return float(2 * stdtr(self.freedom, -off / self.error))


def before_after(values: F64, seen: Flags, under: F64) -> Rise:
    """Each space against its own past.

    Parameters
    ----------
    values, under : (spaces, periods) float
    """
    after, before = (under == WITH) & seen, (under == WITHOUT) & seen
    both = after.any(axis=1) & before.any(axis=1)
    if both.sum() < 2:
        return Rise(np.nan, np.nan, 0)
    rise = np.array([values[i, after[i]].mean() - values[i, before[i]].mean() for i in np.flatnonzero(both)])
    return Rise(float(rise.mean()), float(rise.std(ddof=1)) / float(np.sqrt(len(rise))), len(rise) - 1)


def probability(found: float, drawn: F64) -> float:
    """Of an estimate so far from nought if dates had been dealt out by lot and changed nothing."""
    known = drawn[np.isfinite(drawn)]
    # a tie is no further from nought: rounding must not decide
    return float((1 + (np.abs(known) >= abs(found) * (1 - 1e-9)).sum()) / (1 + len(known)))
