"""Pictures of an evaluation: what they draw, and what they say where there is nothing to draw."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from igrsim import views
from igrsim.results.other_designs import PLANNED
from igrsim.results.results import Results
from igrsim.results.staggered import METHODS, exposure
from igrsim.views.metric import Metric, metric_of

NAMES = ("meeting_hours", "duplicate_spend_share")


@pytest.fixture
def metrics(results: Results) -> list[Metric]:
    return [metric_of(results, name) for name in NAMES]


def table() -> pd.DataFrame:
    rows = [
        {"arm": arm, "metric": metric, "design": PLANNED, "method": method, "months": months, "truth_so_far": 2.0,
         "power": np.nan if arm == "b" else months / 24, "truth": 1.5, "false_alarms": 0.5 if metric == "meeting_hours" else 0.05,
         **dict.fromkeys(("estimate", "estimate_low", "estimate_high"), np.nan if arm == "b" else 1.0 + k)}
        for arm in "ab" for metric in NAMES for k, method in enumerate(METHODS) for months in (12, 24)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def words(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.findobj(match=lambda a: hasattr(a, "get_text")))


def test_a_plan_without_anything_to_compare_has_words_for_a_line(metrics: list[Metric]) -> None:
    figure = views.power_by_month(table(), ["a", "b"], metrics, {"a": (3, 12), "b": (0, 0)})
    first, second = figure.axes
    drawn = [line for line in first.lines if len(line.get_xdata()) == 2 and line.get_marker() != "None"]
    assert [list(line.get_ydata()) for line in drawn] == [[50, 100], [50, 100]]
    assert len({line.get_marker() for line in drawn}) == len({str(line.get_linestyle()) for line in drawn}) == 2
    assert "No line" in "".join(t.get_text() for t in second.texts)
    assert "Meeting hours*" in words(figure)
    assert "Duplicate spend share*" not in words(figure)


def test_the_design_marks_every_space_and_period_and_shades_where_both_sides_are(tmp_path: Path) -> None:
    under = exposure((0, 4, 6, None, None), 4, 3)
    for turn in ("first", "second"):
        figure = views.design_of_rollout(under, list("vwxyz"), ["m1", "m2", "m3", "m4"], "plan")
        views.save(figure, tmp_path / turn, "design")
    ax = figure.axes[0]
    marks = {line.get_marker(): len(line.get_xdata()) for line in ax.lines}
    assert marks == {"s": 4 + 2 + 2, "o": 1 + 2 + 4 + 4, "x": 1}
    assert len(ax.patches) == 4
    assert [t.get_text() for t in ax.get_yticklabels()] == list("vwxyz")
    assert (tmp_path / "first" / "design.svg").read_bytes() == (tmp_path / "second" / "design.svg").read_bytes()
    assert "No space" in words(views.design_of_rollout(under[:0], [], [], "plan"))


def test_what_methods_report_leaves_out_marks_that_are_not_known(metrics: list[Metric]) -> None:
    def marks(arm: str) -> int:
        figure = views.what_methods_report(table(), arm, metrics)
        return sum(line.get_marker() in "os^" for ax in figure.axes for line in ax.lines)

    assert marks("a") == 6
    assert marks("b") == 0
    assert "nothing" not in words(views.what_methods_report(table(), "a", metrics))
    assert "no method has anything to compare with" in words(views.what_methods_report(table(), "b", metrics))
