"""The measures a brief answers: which they are, in words a reader knows, each with its difference and its step of the scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from igrsim.kernel.errors import InputError, nearest
from igrsim.report.brief.scale import NONE, Judged, on_scale
from igrsim.report.brief.traced import Name, Table, Told, told
from igrsim.results.results import Results
from igrsim.views.metric import Metric, headlines, metric_of, metrics_of
from igrsim.views.numbers import difference_unit

MOST = 4
"""Measures on the page."""
PRICE = "cost_of_coordination"
"""Always among them where the study has it, unless measures are named: no one signs without the price."""
THEN = (PRICE, "load_share", "gap_share", "duplicate_spend_share", "hours_per_need", "meeting_hours", "report_hours")
"""Where a study has fewer primary metrics than there is room for."""
CALLED = {
    "break_even": "redirection that would pay for it",
    "cost_of_coordination": "what coordinating costs",
    "displaced_hours": "hours meetings take from delivery",
    "duplicate_spend_share": "money spent twice on the same item",
    "gap_share": "need left unfunded",
    "hours_per_need": "citizens’ hours for one need",
    "load_share": "officials’ time that coordination takes",
    "meeting_hours": "municipal hours in meetings",
    "needs_resolved_share": "citizens’ needs resolved",
    "official_hours_all": "official hours of all spheres",
    "one_plan_share": "spaces with an adopted One Plan",
    "rand_per_need": "citizens’ fares for one need",
    "repeat_request_share": "requests asked again",
    "report_hours": "municipal hours for reports",
    "stranded_share": "capital that stands unused",
    "ties": "officials’ knowledge of others’ plans",
    "trips_per_need": "citizens’ trips for one need",
    "wasted_trip_share": "trips that settle nothing",
}
"""Metrics in plain words; the others go by their name."""
EFFECTS = "effects.csv"


@dataclass(frozen=True)
class Measure:
    """One of the numbers of the page.

    Attributes
    ----------
    metric : Metric
    row : dict
        The arm's row in the effects table.
    judged : Judged
    """

    metric: Metric
    row: dict[str, Any]
    judged: Judged

    @property
    def called(self) -> str:
        """What it is called in a sentence."""
        return called(self.metric)

    @property
    def difference(self) -> Told:
        """The mean difference."""
        if not self._known("difference"):
            return told("not measured")
        return told(self._table.change(float(self.row["difference"]), self.metric.unit, "difference"))

    @property
    def unit(self) -> Told:
        """The unit of the difference."""
        return told(Name(difference_unit(self.metric.unit)))

    @property
    def levels(self) -> Told:
        """The reference's level and the arm's."""
        if not self._known("difference"):
            return told("nothing to compare")
        mean, unit = float(self.row["mean"]), self.metric.unit
        base = self._table.level(mean - float(self.row["difference"]), unit, "mean", how="mean less difference")
        return told("from ", base, " to ", self._table.level(mean, unit, "mean"))

    @property
    def interval(self) -> Told:
        """Where one more plausible world would lie."""
        if self.judged.step is NONE:
            return told("the same in every pair of runs")
        if not (self._known("low") and self._known("high")):
            return told("interval: not known")
        low, high = (self._table.change(float(self.row[name]), self.metric.unit, name) for name in ("low", "high"))
        return told("interval ", low, " to ", high)

    @property
    def table(self) -> Table:
        """The effects table at this measure's row."""
        return self._table

    @property
    def _table(self) -> Table:
        return Table(EFFECTS, {"arm": str(self.row["arm"]), "metric": self.metric.name})

    def _known(self, column: str) -> bool:
        return math.isfinite(float(self.row[column]))


def called(metric: Metric) -> str:
    """What a metric is called in a sentence."""
    return CALLED.get(metric.name, metric.title[:1].lower() + metric.title[1:])


def advised_on(results: Results, asked: str | None) -> str:
    """The arm the brief is about: the one asked for, or the first the study names beside its reference.

    Raises
    ------
    InputError
        If there is no such arm, it is the reference, or none of its cells was computed.
    """
    others = [arm for arm in results.arms if arm != results.reference]
    if not others:
        raise InputError("the study has one arm: there is nothing to advise between", code="E340")
    if asked is not None and asked not in results.arms:
        raise InputError(f"--arm {asked}: the study has no such arm{nearest(asked, others)}", code="E341")
    if asked == results.reference:
        raise InputError(
            f"--arm {asked} is the reference, which the others are compared with: name one of {', '.join(others)}",
            code="E342",
        )
    arm = asked or others[0]
    lost = results.lost_arms()
    if arm in lost or results.reference in lost:
        gone = arm if arm in lost else results.reference
        raise InputError(f"no brief can be made: every cell of {gone} failed", code="E343")
    return arm


def measured(results: Results, arm: str, asked: Sequence[str] | None) -> list[Measure]:
    """The measures of the page: those asked for, or by a rule that never looks at a result.

    Raises
    ------
    InputError
        If one is unknown, named twice, not compared in this study, or there are none or too many.
    """
    known = {metric.name for metric in metrics_of(results)}
    rows = {
        str(row["metric"]): {str(key): value for key, value in row.items()}
        for row in results.effects().to_dict("records")
        if row["arm"] == arm and str(row["metric"]) in known
    }
    if asked is not None:
        return [_one(results, rows, name) for name in _checked(asked, rows, arm)]
    return [_one(results, rows, name) for name in by_rule(results, list(rows))]


def by_rule(results: Results, compared: Sequence[str]) -> list[str]:
    """Primary metrics in the study's order, then a fixed list, then the study's others; the price always has a seat."""
    primary = [metric.name for metric in headlines(results)]
    order = list(dict.fromkeys([*primary, *THEN, *(metric.name for metric in metrics_of(results))]))
    order = [name for name in order if name in compared]
    seats = order[:MOST]
    if PRICE in order and PRICE not in seats:
        seats = [*seats[: MOST - 1], PRICE]
    return seats


def _checked(asked: Sequence[str], rows: dict[str, dict[str, Any]], arm: str) -> Sequence[str]:
    if not 1 <= len(asked) <= MOST:
        raise InputError(f"--metrics names {len(asked)}: from one to {MOST} have room on the page", code="E344")
    if len(set(asked)) < len(asked):
        raise InputError(f"--metrics {','.join(asked)}: one is named twice", code="E345")
    for name in asked:
        if name not in rows:
            raise InputError(
                f"--metrics: '{name}' is no metric that {arm} is compared on{nearest(name, rows)}", code="E346"
            )
    return asked


def _one(results: Results, rows: dict[str, dict[str, Any]], name: str) -> Measure:
    return Measure(metric_of(results, name), rows[name], on_scale(str(rows[name]["verdict"])))
