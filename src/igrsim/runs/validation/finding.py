"""One trial of the model: what was expected, what was found, whether it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ANSWER, NULL, CONSERVED, PATTERN = "known answer", "null", "conservation", "pattern"

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
    """

    name: str
    expected: str
    found: str
    passed: bool
    kind: str


def exact(name: str, kind: str, expected: float, found: float) -> Finding:
    """A trial whose answer is known to the unit."""
    return Finding(name, f"{expected:.10g}", f"{found:.10g}", bool(expected == found), kind)


def near(name: str, kind: str, expected: Sequence[float], found: Sequence[float], error: Sequence[float]) -> Finding:
    """A trial whose answer is known on average: each number within five standard errors."""
    hold = all(abs(e - f) <= SIGMAS * s for e, f, s in zip(expected, found, error, strict=True))
    return Finding(name, figures(expected), figures(found), hold, kind)


def holds(name: str, kind: str, expected: str, found: str, passed: bool) -> Finding:
    """A trial that a condition decides."""
    return Finding(name, expected, found, bool(passed), kind)


def figures(numbers: Sequence[float]) -> str:
    """Numbers to four figures, one after another."""
    return ", ".join(f"{number:.4g}" for number in numbers)
