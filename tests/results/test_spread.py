"""What makes a mean unsure, told apart by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from igrsim.results.spread import Apart, apart

pytestmark = pytest.mark.fast

FUTURE, WORLD = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 0, 1, 0, 1])
VALUES = np.array([1.0, 3.0, 4.0, 6.0, 10.0, 12.0])


def test_every_future_with_every_world() -> None:
    # means of worlds 5 and 7, of futures 2, 5 and 11; nothing is left over
    told = apart(VALUES, FUTURE, WORLD)
    assert told.worlds == (pytest.approx(2 / 2), 1)
    assert told.futures == (pytest.approx(21 / 3), 2)
    assert told.share == pytest.approx(21 / (21 + 2))
    assert told.why_not == ""
    # pairs in any order
    shuffled = np.array([4, 0, 3, 5, 1, 2])
    again = apart(VALUES[shuffled], FUTURE[shuffled] + 7, WORLD[shuffled] + 3)
    assert (again.worlds, again.futures) == (told.worlds, told.futures)


def test_worlds_of_one_future_tell_of_luck_alone() -> None:
    # each world 1 from its future's mean: variance within 6 / 3 = 2, of the mean 2 / 6
    told = apart(VALUES, FUTURE, np.arange(6))
    assert told.worlds == (pytest.approx(2 / 6), 3)
    assert told.futures is None
    # means of futures: variance 21, of which 2 / 2 is luck
    assert told.share == pytest.approx(20 / 22)
    assert "only luck" in told.why_not


@pytest.mark.parametrize(
    ("futures", "worlds", "known", "words"),
    [
        (np.zeros(6, int), np.arange(6), "worlds", "one future only"),
        (np.arange(6), np.zeros(6, int), "futures", "one world only"),
        (np.arange(6), np.arange(6), "", "of its own"),
        (FUTURE, np.array([0, 1, 0, 1, 0, 2]), "", "missing"),
    ],
)
def test_what_a_design_cannot_tell_apart(futures: np.ndarray, worlds: np.ndarray, known: str, words: str) -> None:
    told = apart(VALUES, futures, worlds)
    assert (told.worlds is not None, told.futures is not None) == (known == "worlds", known == "futures")
    assert words in told.why_not
    for one in (told.worlds, told.futures):
        assert one is None or one == (pytest.approx(VALUES.var(ddof=1) / 6), 5)


def test_one_pair_tells_nothing() -> None:
    assert apart(VALUES[:1], FUTURE[:1], WORLD[:1]).why_not == "fewer than two pairs of runs"
    assert apart(VALUES[:0], FUTURE[:0], WORLD[:0]).worlds is None
    assert math.isnan(Apart().share)
