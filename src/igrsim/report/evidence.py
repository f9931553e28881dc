"""How well the numbers behind a result are known: shares by grade, and the widest assumptions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from igrsim.kernel.params import GRADES
from igrsim.views.metric import Metric


@dataclass(frozen=True)
class Grades:
    """Numbers counted by evidence grade."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many numbers."""
        return sum(self.counts.values())

    def share(self, grade: str) -> float:
        """A grade's share of all, 0 if there are none."""
        return self.counts.get(grade, 0) / self.total if self.total else 0.0


def grades(params: Iterable[Mapping[str, Any]]) -> Grades:
    """Count parameters by grade, best known first."""
    found = [str(param["grade"]) for param in params]
    return Grades({grade: found.count(grade) for grade in GRADES})


def spread(param: Mapping[str, Any]) -> float:
    """Width of a number's range as a multiple of its default; infinite if that is zero."""
    width = float(param["high"]) - float(param["low"])
    default = abs(float(param["default"]))
    return width / default if default else math.inf if width else 0.0


@dataclass(frozen=True)
class Footing:
    """What one metric rests on."""

    metric: Metric
    grades: Grades
    widest: Sequence[Mapping[str, Any]]


def footing(metric: Metric, params: Iterable[Mapping[str, Any]], most: int = 5) -> Footing:
    """The numbers a metric rests on, by grade, and the assumed ones of widest range against their default."""
    mine = [param for param in params if str(param["name"]).split(".")[0] in metric.rests_on]
    assumed = [param for param in mine if param["grade"] == "assumed" and not param.get("choice")]
    assumed.sort(key=lambda param: (-spread(param), str(param["name"])))
    return Footing(metric, grades(mine), assumed[:most])
