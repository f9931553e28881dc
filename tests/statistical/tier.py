"""The statistical tier: what must hold of chance, each claim with its share of one small chance of a false alarm."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np
from scipy.stats import binom

ALARM = 1e-3
"""Chance that any claim of the tier fails although all are true."""
Claim = Callable[[np.random.Generator], float]
CLAIMS: dict[str, Claim] = {}
"""By name: each gives the probability of as bad an outcome as was found, or a worse one, if the claim is true."""


def claim(function: Claim) -> Claim:
    """Take a claim into the tier; with every one, all have a smaller share."""
    CLAIMS[function.__name__] = function
    return function


def share() -> float:
    """A claim's part of the tier's chance of a false alarm (Bonferroni's)."""
    return ALARM / len(CLAIMS)


def luck(name: str, seed: int) -> np.random.Generator:
    """A claim's own stream: another claim more or less changes nothing for it."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def too_few(hits: int, tries: int, chance: float) -> float:
    """Probability of so few hits, or fewer, if each had at least that chance."""
    return float(binom.cdf(hits, tries, chance))


def too_many(hits: int, tries: int, chance: float) -> float:
    """Probability of so many hits, or more, if each had at most that chance."""
    return float(binom.sf(hits - 1, tries, chance))
