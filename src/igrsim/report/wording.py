"""Findings in sentences: what differs, by how much, how surely."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from igrsim.results.effects import NOT_JUDGED
from igrsim.views.metric import Metric
from igrsim.views.numbers import (
    THIN,
    UNDEFINED,
    difference_unit,
    level,
    significant,
    tick,
)
from igrsim.views.phrases import interval, listed


@dataclass(frozen=True)
class Finding:
    """One metric under one arm against the reference, as the effects table has it."""

    metric: Metric
    arm: str
    reference: str
    mean: float
    difference: float
    low: float
    high: float
    agree: float
    pairs: int
    verdict: str

    @property
    def base(self) -> float:
        """The reference's level."""
        return self.mean - self.difference

    @property
    def same(self) -> bool:
        """Whether every pair of runs agrees to the last digit."""
        return self.difference == 0 and self.low == 0 and self.high == 0

    @property
    def interval(self) -> str:
        """The 95 % interval in the metric's own unit of difference."""
        return interval(self.low, self.high, self.metric.unit)


def with_unit(value: float, unit: str) -> str:
    """A level and its unit."""
    said = level(value, unit)
    return said if unit == "share" or said == UNDEFINED else f"{said} {unit}"


def answer(found: Finding) -> str:
    """What an arm does to a metric, in one or two sentences; the verdict stands elsewhere."""
    unit = found.metric.unit
    if not math.isfinite(found.difference):
        return "There was nothing to measure in this study."
    if found.same:
        return (
            f"{with_unit(found.mean, unit)} under both, in each of {found.pairs} pairs of runs. "
            f"No lever of {found.arm} touches it within the months simulated."
        )
    way = "higher" if found.difference > 0 else "lower"
    size = significant(abs(found.difference) * (100 if unit == "share" else 1))
    said = (
        f"{with_unit(found.mean, unit)} under {found.arm}, {level(found.base, unit)} under {found.reference}: "
        f"{size} {difference_unit(unit)} {way}{_relative(found)}"
    )
    if found.verdict.startswith(NOT_JUDGED):
        return f"{said}. That is the mean over the futures tried, {found.verdict}."
    if not math.isfinite(found.low):
        return f"{said}. A single pair of runs cannot say how surely."
    said += f" (95 % interval {found.interval})"
    if found.low <= 0 <= found.high:
        said += f". {tick(round(100 * found.agree))}{THIN}% of {found.pairs} pairs of runs are {way}"
    return f"{said}."


def _relative(found: Finding) -> str:
    if found.metric.unit == "share" or found.base <= 0:
        return ""
    return f", {significant(abs(found.difference) / found.base * 100, 2)}{THIN}% of its level"


def in_short(findings: Iterable[Finding]) -> str:
    """What an arm does to the headline metrics, in one sentence a minister can repeat."""
    said: dict[str, list[str]] = {}
    arm = reference = ""
    for found in findings:
        arm, reference = found.arm, found.reference
        said.setdefault(_effect(found), []).append(found.metric.title.lower())
    parts = [effect.format(listed(names)) for effect, names in said.items()]
    return f"Against {reference}, {arm} {listed(parts)}."


def _effect(found: Finding) -> str:
    verdict = found.verdict
    if verdict.startswith("exactly"):
        return "leaves {} exactly as it was"
    if verdict.startswith(NOT_JUDGED):
        return "is not judged on {}"
    ever = " on average" if "on average" in verdict else ""
    if "no material" in verdict:
        return f"{'probably ' if verdict.startswith('probably') else ''}makes no material difference to {{}}{ever}"
    way = "raises" if found.difference > 0 else "lowers"
    if verdict.startswith("probably"):
        return f"probably {way} {{}}"
    if verdict.startswith(("higher", "lower")):
        return f"{way} {{}}{ever}"
    return "leaves open what happens to {}"
