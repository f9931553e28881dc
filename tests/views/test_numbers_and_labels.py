"""Numbers are written as a reader expects them; labels keep their distance."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igrsim.views.labels import apart
from igrsim.views.numbers import change, level, significant, tick, whole


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (1.0, "1.00"),
        (0.12345, "0.123"),
        (9.996, "10.0"),
        (12345.6, "12\u202f300"),
        (-118.49, "\u2212118"),
        (0.0000123, "1.23 × 10⁻⁵"),
        (math.nan, "not defined"),
        (math.inf, "not defined"),
    ],
)
def test_three_significant_digits(value: float, said: str) -> None:
    assert significant(value) == said


def test_shares_are_per_cent_and_their_differences_points() -> None:
    assert level(0.1234, "share") == "12.3\u202f%"
    assert change(-0.01234, "share") == "\u22121.23"
    assert change(2.5, "months") == "+2.50"
    assert level(math.nan, "share") == "not defined"


def test_ticks_have_no_idle_noughts() -> None:
    assert [tick(value) for value in (0, 0.5, 20, 1500)] == ["0", "0.5", "20", "1\u202f500"]


def test_counts_keep_every_digit() -> None:
    assert whole(200_001) == "200\u202f001"


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.floats(0.01, 0.5))
def test_labels_keep_their_distance_and_their_order(wanted: list[float], gap: float) -> None:
    placed = apart(wanted, gap, 0.0, 1.0)
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], placed[i]))
    steps = [placed[b] - placed[a] for a, b in pairwise(order)]
    room = min(gap, 1.0 / max(len(wanted) - 1, 1))
    assert all(step >= room - 1e-9 for step in steps)
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in placed)


def test_labels_that_fit_stay_where_they_want_to_be() -> None:
    assert apart([0.9, 0.1, 0.5], 0.1, 0.0, 1.0) == pytest.approx([0.9, 0.1, 0.5])
