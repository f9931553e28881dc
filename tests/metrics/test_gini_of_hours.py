"""The Gini coefficient of hours from how many people have spent so many, against the one of every pair of people."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.citizens.terms import HOURS_BINS
from igrsim.metrics.travel import gini_of_hours


def plain_gini(spent: list[float]) -> float:
    """Half the mean difference of all pairs over the mean."""
    differences = sum(abs(a - b) for a in spent for b in spent) / len(spent) ** 2
    return differences / (2 * sum(spent) / len(spent))


def binned(*spaces: list[int]) -> np.ndarray:  # type: ignore[type-arg]
    """How many people of each space stand in each bin."""
    return np.array([np.bincount(people, minlength=HOURS_BINS) for people in spaces], dtype=np.int64)


def middles(bins: list[int]) -> list[float]:
    """What people of a bin have spent, in bins: its middle; of the first, nothing."""
    return [k + 0.5 if k else 0.0 for k in bins]


FEW = [[0, 1], [1, 1, 2], [0, 0, 0, 7], [3, 5, 1999, 0, 0, 12, 12], [0, 4, 9, 1, 1, 2, 30, 30, 31, 1998]]


@pytest.mark.parametrize("people", FEW)
def test_it_is_that_of_all_pairs(people: list[int]) -> None:
    assert gini_of_hours(binned(people))[0] == pytest.approx(plain_gini(middles(people)), abs=1e-12)


def test_spaces_have_each_their_own() -> None:
    np.testing.assert_array_equal(
        gini_of_hours(binned(*FEW)), np.concatenate([gini_of_hours(binned(people)) for people in FEW])
    )


def test_equals_have_none_and_one_who_bears_it_all_has_all() -> None:
    everyone, one, nobody, empty = gini_of_hours(binned([9] * 50, [0] * 99 + [9], [0] * 20, []))
    assert everyone == pytest.approx(0, abs=1e-12)
    assert one == pytest.approx(0.99)
    assert (nobody, empty) == (0, 0)
