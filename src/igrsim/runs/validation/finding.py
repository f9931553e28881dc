"""One trial of the model: what was expected, what was found, whether it holds, and how far off it is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

ANSWER, NULL, CONSERVED, PATTERN = "known answer", "null", "conservation", "pattern"

Values = Mapping[str, float]
"""Parameters that differ from their defaults."""
USUAL: Values = MappingProxyType({})
"""None does."""
LEAST = 1e-9
"""How far off a trial is at least that does not hold: a strict bound is missed even where it is met."""

SIGMAS = 5.0
"""Tolerance of a mean, in standard errors: under two hundred such trials raise one false alarm in 10 000 seeds."""


@dataclass(frozen=True)
class Finding:
    """One row of the validation table.

    Attributes
    ----------
    name, expected, found : str
    passed : bool
    kind : {"known answer", "null", "conservation", "pattern"}
    off : float
        How far what was found lies outside what is expected: 0 where it holds, infinite where nobody measured it.
    """

    name: str
    expected: str
    found: str
    passed: bool
    kind: str
    off: float = 0.0


def exact(name: str, kind: str, expected: float, found: float) -> Finding:
    """A trial whose answer is known to the unit."""
    return Finding(name, f"{expected:.10g}", f"{found:.10g}", bool(expected == found), kind)


def near(name: str, kind: str, expected: Sequence[float], found: Sequence[float], error: Sequence[float]) -> Finding:
    """A trial whose answer is known on average: each number within five standard errors."""
    hold = all(abs(e - f) <= SIGMAS * s for e, f, s in zip(expected, found, error, strict=True))
    return Finding(name, figures(expected), figures(found), hold, kind)


def holds(name: str, kind: str, expected: str, found: str, passed: bool, off: float = math.inf) -> Finding:
    """A trial that a condition decides; how far off it is counts only where it does not hold."""
    missed = max(off, LEAST) if math.isfinite(off) else math.inf
    return Finding(name, expected, found, bool(passed), kind, 0.0 if passed else missed)


def outside(found: float, low: float = -math.inf, high: float = math.inf) -> float:
    """How far a number lies outside its bounds, over the bound that it misses (plainly, where that is 0)."""
    bound = low if found < low else high
    return max(low - found, found - high, 0.0) / (abs(bound) if math.isfinite(bound) and bound else 1.0)


def rising(numbers: Sequence[float]) -> float:
    """How far numbers rise that should fall, over the first of them."""
    up = sum(max(b - a, 0.0) for a, b in pairwise(numbers))
    return up / abs(numbers[0]) if numbers[0] else up


def figures(numbers: Sequence[float]) -> str:
    """Numbers to four figures, one after another."""
    return ", ".join(f"{number:.4g}" for number in numbers)
