"""Conditions that authors write: what they mean, where they go wrong, and that they are never run as code."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igrsim.kernel.errors import InputError
from igrsim.runs.study.condition import DEEPEST, LONGEST, Condition, parse, parse_claim

pytestmark = pytest.mark.fast

VALUES = {
    "x": np.array([1.0, 2.0, 3.0]),
    "y": 2.0,
    "travel.fare_per_km": 0.5,
    "district-hub.posts": 11.0,
    "u": math.nan,
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("x < 2", [True, False, False]),
        ("x <= y", [True, True, False]),
        ("x == 1 or x == 3", [True, False, True]),
        ("not x == 1 and x < 3", [False, True, False]),
        ("not (x == 1 or x == 2)", [False, False, True]),
        ("x == 1 or x == 2 and x == 3", [True, False, False]),
        ("1 < x <= 3", [False, True, True]),
        ("x - 1 - 1 == 0", [False, True, False]),
        ("8 / x / 2 == 4", [True, False, False]),
        ("2 + x * 2 == 6", [False, True, False]),
        ("(2 + x) * 2 == 8", [False, True, False]),
        ("-x < -2.5", [False, False, True]),
        ("abs(x - 2) == 1", [True, False, True]),
        ("min(x, y) == 2", [False, True, True]),
        ("max(x, y, 2.5) == 3", [False, False, True]),
        ("x > travel.fare_per_km * 5", [False, False, True]),
        ("x < district-hub.posts - 8.5", [True, True, False]),
        ("u == u", False),
        ("u != 1", True),
        ("1 / 0 > 1e300", True),
        ("1_000 == 1e3", True),
    ],
)  # fmt: skip
def test_what_a_condition_means(text: str, holds: object) -> None:
    condition = parse(text, VALUES)
    assert condition.holds(VALUES).tolist() == holds
    assert condition.text == text
    assert condition.names <= set(VALUES)


def test_a_condition_is_as_wide_as_what_it_speaks_of() -> None:
    assert parse("x == x or 1 == 1").holds(VALUES).tolist() == [True] * 3
    assert parse("1 == 1").holds({}).tolist() is True
    table = {"x": np.zeros((3, 1)), "y": np.zeros(2)}
    assert parse("x == y").holds(table).shape == (3, 2)


def test_a_claim_may_be_made_for_a_while() -> None:
    claim, during = parse_claim("abs(diff) == 0 while month < first_wave")
    assert (claim.text, claim.names) == ("abs(diff) == 0", {"diff"})
    assert during is not None
    assert (during.text, during.names) == ("month < first_wave", {"month", "first_wave"})
    assert parse_claim("diff < 0")[1] is None


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "a number or a name is needed here"),
        ("x", 1, "a comparison is needed"),
        ("x + 1", 1, "a comparison is needed"),
        ("x <", 4, "a number or a name is needed here"),
        ("x < 1 and", 10, "a number or a name is needed here"),
        ("x < 1 and y", 11, "a comparison is needed"),
        ("x < < 1", 5, "needed, not '<'"),
        ("x = 1", 3, "'==' compares"),
        ("x < 1 && y < 1", 7, "'and' joins"),
        ("x < 5%", 6, "a share is written 0.05"),
        ("x ^ 2 < 5", 3, "powers are not known"),
        ("x == 'hub'", 6, "only numbers are compared"),
        ("x < 1 y", 7, "'y' is not expected here"),
        ("x 1 < 1", 3, "'1' is not expected here"),
        ("(x < 1", 7, "')' is missing"),
        ("x < 1)", 6, "')' is not expected here"),
        ("(x < 1) + 1 < 2", 1, "a number is needed, not a comparison"),
        ("x < 1e400", 5, "too large a number"),
        ("x < 1__0", 5, "is no number"),
        ("abs(x, y) < 1", 8, "abs() takes one number"),
        ("min() < 1", 5, "needed, not ')'"),
        ("fare < 1", 1, "unknown name 'fare' (known: district-hub.posts"),
        ("x < 1 and z > 2", 11, "unknown name 'z'"),
        ("x-y < 1", 1, "a minus sign stands between spaces"),
        ("x < 1 while y < 1", 7, "'while' is not expected here"),
        ("__import__('os').system('true')", 12, "only numbers are compared"),
        ("x < 1; y", 6, "';' is not understood"),
        ("x\u00a0< \u00e9", 2, "is not understood"),
        ("x < y.", 6, "is not understood"),
        ("9" * (LONGEST + 1), LONGEST, f"at most {LONGEST} characters"),
        ("(" * 200 + "x < 1" + ")" * 200, DEEPEST + 2, f"nested deeper than {DEEPEST}"),
        ("not " * 100 + "x < 1", None, "nested deeper"),
        ("-" * 200 + "x < 1", None, "nested deeper"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_said_with_its_column(text: str, column: int | None, words: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(text, VALUES)
    assert words in refused.value.message
    assert "\n" not in refused.value.message
    if column is not None:
        assert refused.value.column == column, refused.value.message


def test_long_but_allowed_conditions_are_read() -> None:
    for text in ("x" + "+1" * 240 + " > 0", " or ".join(["x<1"] * 60), "(" * DEEPEST + "x < 1" + ")" * DEEPEST):
        assert len(text) <= LONGEST
        parse(text, VALUES).holds(VALUES)


def test_nothing_known_of_a_name() -> None:
    with pytest.raises(InputError, match="nothing is known of 'z'"):
        parse("z < 1").holds({"x": 1.0})


@given(st.text(alphabet="xy.12 +-*/()<>=!,andortwhilebsm_", max_size=40) | st.text(max_size=30))
def test_any_text_is_a_condition_or_refused_in_one_line(text: str) -> None:
    try:
        read: tuple[object, ...] = parse_claim(text, VALUES)
    except InputError as error:
        read = (error,)
    for one in read:
        if isinstance(one, InputError):
            assert 1 <= (one.column or 0) <= len(text) + 1
        elif isinstance(one, Condition):
            assert one.holds(VALUES).dtype == bool
