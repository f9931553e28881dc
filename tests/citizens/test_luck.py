"""The compiled draws are the twins of the kernel's, and an exponential number is the logarithm it says it is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray

from igrsim.citizens.luck import below, exponential, fold, unit
from igrsim.kernel import draws

U64 = NDArray[np.uint64]
RIGHT_TO = 1e-11
"""Relative error of an exponential number at most."""
LOWEST, MIDDLE, HIGHEST = 0, 2**52, 2**53 - 1


def keys(many: int = 50_000) -> U64:
    """Keys from all over, and those at the ends."""
    ends = [0, 1, 2**11 - 1, 2**11, 2**63, 2**63 - 1, 2**64 - 1, 2**64 - 2**11]
    some = np.random.default_rng(1).integers(0, 2**64, many, dtype=np.uint64)
    return np.concatenate([np.array(ends, dtype=np.uint64), some])


@njit
def folded(first: U64, second: U64) -> U64:
    found = np.empty_like(first)
    for k in range(first.size):
        found[k] = fold(first[k], second[k])
    return found


@njit
def units(some: U64) -> NDArray[np.float64]:
    found = np.empty(some.size)
    for k in range(some.size):
        found[k] = unit(some[k])
    return found


@njit(error_model="numpy")
def exponentials(some: U64) -> NDArray[np.float64]:
    found = np.empty(some.size)
    for k in range(some.size):
        found[k] = exponential(some[k])
    return found


def test_folding_is_the_draws_folding() -> None:
    one, other = keys(), keys()[::-1]
    found = folded(one, other)
    np.testing.assert_array_equal(found, draws.fold_array(one, other))
    assert found[:100].tolist() == [draws.fold(int(a), int(b)) for a, b in zip(one[:100], other[:100], strict=True)]


def test_identities_may_be_joined_before_they_are_folded() -> None:
    """The month folds 0 into a key and an identity laid over each other, where it works many out at once."""
    one, other = keys(), keys()[::-1]
    np.testing.assert_array_equal(folded(one ^ other, np.zeros_like(one)), folded(one, other))


def test_numbers_in_the_unit_interval_are_the_draws_numbers() -> None:
    found = units(keys())
    np.testing.assert_array_equal(found, draws.unit_array(keys()))
    assert found[:100].tolist() == [draws.unit(int(key)) for key in keys()[:100]]
    assert found.min() == 0.0
    assert found.max() == 1 - 2.0**-53


def test_exponential_numbers_are_logarithms() -> None:
    # near a half, a root of a half, a quarter and one, the argument's parts change places
    bits = [LOWEST, 1, 2, MIDDLE - 1, MIDDLE, MIDDLE + 1, HIGHEST - 1]
    turns = [int(x * 2**53) + k for x in (math.sqrt(0.5), 0.25, math.sqrt(0.125), 2.0**-30) for k in (-1, 0, 1)]
    some = np.concatenate([np.array([*bits, *turns], dtype=np.uint64) << np.uint64(11), keys()])
    found = exponentials(some)
    expected = [-math.log(((int(key) >> 11) + 0.5) * 2.0**-53) for key in some]
    np.testing.assert_allclose(found, expected, rtol=RIGHT_TO, atol=0)
    assert (found >= 0).all()


def test_exponential_numbers_have_mean_and_spread_one() -> None:
    found = exponentials(keys(200_000))
    assert found.mean() == pytest.approx(1, abs=4.5 / math.sqrt(found.size))
    # the variance of a square deviation is 8
    assert found.var() == pytest.approx(1, abs=4.5 * math.sqrt(8 / found.size))


@pytest.mark.parametrize("chance", [-0.5, 0.0, 2.0**-54, 2.0**-53, 0.1, 1 / 3, 0.5, 1 - 2.0**-53, 1.0, 1.5])
def test_below_a_chance_is_a_number_below_it(chance: float) -> None:
    turn = min(max(int(chance * 2**53), 0), HIGHEST)
    bits = {k for k in (LOWEST, 1, turn - 2, turn - 1, turn, turn + 1, HIGHEST) if 0 <= k <= HIGHEST}
    some = np.concatenate([np.array(sorted(bits), dtype=np.uint64) << np.uint64(11), keys()])
    np.testing.assert_array_equal((some >> np.uint64(11)) < np.uint64(below(chance)), draws.unit_array(some) < chance)
