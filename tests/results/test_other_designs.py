"""Other dates, and the paths they would give."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.results.other_designs import BOTH, DESIGNS, FIVE, LOT, PLANNED, SPACED, effect_by_age, other_starts, rebuilt

pytestmark = pytest.mark.fast

STARTS = (2, 4, 4, None)


def test_other_dates() -> None:
    found = other_starts(STARTS, [3, 0, 1, 2])
    assert found[LOT] == (None, 2, 4, 4)
    assert found[SPACED] == (2, 7, 7, None)
    assert found[BOTH] == (None, 2, 7, 7)
    assert found[FIVE] == (12, 18, 24, 6)
    assert set(found) | {PLANNED} == set(DESIGNS)


def test_one_date_for_all_can_only_be_parted() -> None:
    assert set(other_starts((0, 0, 0, 0, 0), [4, 3, 2, 1, 0])) == {FIVE}
    assert other_starts((0,) * 5, [4, 3, 2, 1, 0])[FIVE] == (30, 24, 18, 12, 6)
    assert other_starts((None, None), [0, 1]) == {}


def test_the_same_dates_give_the_same_paths_again() -> None:
    luck = np.random.default_rng(1)
    without, difference = luck.normal(size=(3, 4, 8)), luck.normal(size=(3, 4, 8))
    for i, start in enumerate(STARTS):
        difference[:, i, : 8 if start is None else start] = 0
    again = rebuilt(without, effect_by_age(difference, STARTS), STARTS)
    assert again == pytest.approx(without + difference)


def test_an_effect_goes_with_its_space_and_age_and_lasts() -> None:
    difference = np.array([[0, 0, 1.0, np.nan, 3.0, 4.0]])
    ages = effect_by_age(difference, (2,))
    assert ages.tolist() == [[1.0, 1.0, 3.0, 4.0, 4.0, 4.0]]
    assert rebuilt(np.zeros((1, 6)), ages, (4,)).tolist() == [[0, 0, 0, 0, 1.0, 1.0]]
    assert rebuilt(np.zeros((1, 6)), ages, (0,)).tolist() == [[1.0, 1.0, 3.0, 4.0, 4.0, 4.0]]
    assert rebuilt(np.zeros((1, 6)), ages, (None,)).tolist() == [[0.0] * 6]
