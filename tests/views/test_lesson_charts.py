"""Charts and tables for a room: every mark is told apart without colour, nothing is left unsaid."""

from __future__ import annotations

import pandas as pd
import pytest

import igrsim as igr

TABLE = pd.DataFrame({"silos": [3.0, 0.5], "hub": [1.0, float("nan")]}, index=["trips", "hours"])
COUNTS = pd.DataFrame({"twice": [54, 1], "once": [0, 30]}, index=["silos", "hub"])


def texts(ax: object) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_bars_say_their_number_or_that_there_is_none() -> None:
    ax = igr.views.bars(TABLE, "trips", "A title", missing="still waiting")
    assert texts(ax) == ["3.00", "0.500", "1.00", "still waiting"]
    assert len({(bars[0].get_hatch(), bars[0].get_facecolor()) for bars in ax.containers}) == len(TABLE.columns)


def test_counts_are_written_whole_and_parts_add_up() -> None:
    ax = igr.views.stacked(COUNTS, "projects", "A title")
    assert {"54", "31"} <= set(texts(ax))
    assert not any("." in word for word in texts(ax))


def test_lines_that_are_one_line_are_named_together() -> None:
    months = pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 2.0], "c": [0.0, 1.0]}, index=["2019-04", "2019-05"])
    ax = igr.views.lines(months, "km", "A title")
    assert texts(ax) == ["a =\nb", "c"]
    assert len({line.get_linestyle() for line in ax.lines}) == 2


def test_intervals_carry_the_verdict_of_each() -> None:
    rows = pd.DataFrame(
        {
            "difference": [1.0, 2.0],
            "low": [-1.0, float("nan")],
            "high": [3.0, float("nan")],
            "verdict": ["so", "one pair"],
        },
        index=["three", "one"],
    )
    ax = igr.views.intervals(rows, "hours", "A title")
    assert texts(ax) == ["so", "one pair"]


def test_a_timeline_marks_what_happened_by_shape() -> None:
    told = pd.DataFrame(
        [
            ("silos", "2022-03", "A", "drafts"),
            ("silos", "2022-07", "A", "commits"),
            ("hub", "", "", "nobody drafts it"),
        ],
        columns=["arm", "month", "who", "what"],
    )
    ax = igr.views.timeline(told, "A title")
    marks = {line.get_marker() for line in ax.lines if line.get_marker() not in ("None", "", None)}
    assert marks == {"o", "s"}


def test_a_picture_is_the_same_bytes_twice_and_says_what_it_shows() -> None:
    first, second = (igr.views.show(igr.views.bars(TABLE, "trips", "A title"), "Bars.") for _ in range(2))
    assert first._repr_png_() == second._repr_png_()
    assert repr(first) == "Picture: Bars."


@pytest.mark.parametrize(
    ("value", "word"), [(None, ""), (float("nan"), ""), (3.0, "+3"), (-0.1234, "\u22120.123"), ("<b>", "&lt;b&gt;")]
)
def test_a_table_writes_numbers_and_nothing_where_there_is_none(value: object, word: str) -> None:
    found = igr.views.table(pd.DataFrame({"difference": [value]}))
    assert f">{word}</td>" in found._repr_html_()
