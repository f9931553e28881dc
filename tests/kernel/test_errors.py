"""What a user did wrong, in one line with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igrsim.kernel.errors import InputError, nearest

pytestmark = pytest.mark.fast


def test_the_place_comes_first_and_the_code_is_stable() -> None:
    assert str(InputError("no such thing")) == "error E100: no such thing"
    assert str(InputError("bad", file="study.toml", code="E203")) == "study.toml: error E203: bad"
    assert str(InputError("bad", file="study.toml", line=7, code="E203")) == "study.toml:7: error E203: bad"
    assert str(InputError("bad", file="study.toml", line=7, column=2)) == "study.toml:7:2: error E100: bad"
    assert str(InputError("bad", file="study.toml", column=2)) == "study.toml: error E100: bad"
    assert isinstance(InputError("bad"), ValueError)


def test_the_nearest_spelling_or_the_few_options_or_nothing() -> None:
    assert nearest("siloe", ["siloed", "one-stop"]) == " (did you mean 'siloed'?)"
    assert nearest("zzzzz", ["b", "a"]) == " (known: a, b)"
    assert nearest("zzzzz", [f"option {k}" for k in range(13)]) == ""
    assert nearest("zzzzz", []) == ""


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=20), max_size=20))
def test_the_answer_depends_on_neither_order_nor_repeats(word: str, options: list[str]) -> None:
    assert nearest(word, options) == nearest(word, [*reversed(options), *options])
    if word in options:
        assert nearest(word, options) == f" (did you mean '{word}'?)"
