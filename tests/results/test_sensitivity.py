"""Indices of functions whose sensitivity is known; what is undefined is counted, what does nothing is not named."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from SALib.analyze import pawn as salib_pawn
from SALib.sample import morris as trajectories
from SALib.sample import sobol as saltelli

from igrsim.results.sensitivity import (
    Indices,
    TooFew,
    elementary_effects,
    luck_and_parameters,
    morris,
    pawn,
    pawn_by_lot,
    sobol,
)
from igrsim.results.variance_shares import ranks_over, shares_by_grade, to_be_measured

F64 = NDArray[np.float64]
G = np.array([0, 1, 4.5, 9, 99, 99, 99, 99.0])
"""Weights of Sobol's function G: the smaller, the more a parameter matters."""


def names(count: int) -> list[str]:
    return [f"x.{k}" for k in range(count)]


def problem(count: int) -> dict[str, object]:
    return {"num_vars": count, "names": names(count), "bounds": [[0.0, 1.0]] * count}


def ishigami(u: F64) -> F64:
    x = np.pi * (2 * u - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def sobol_g(u: F64) -> F64:
    return np.asarray(np.prod((np.abs(4 * u - 2) + G) / (1 + G), axis=1))


def blocks(count: int, n: int, seed: int = 1) -> F64:
    return np.asarray(saltelli.sample(problem(count), n, calc_second_order=False, seed=seed))


def hypercube(n: int, count: int, seed: int = 1) -> F64:
    luck = np.random.default_rng(seed)
    return (luck.permuted(np.tile(np.arange(n), (count, 1)), axis=1).T + luck.uniform(size=(n, count))) / n


def known(found: Indices | TooFew) -> Indices:
    assert isinstance(found, Indices)
    return found


def test_sobol_indices_of_ishigamis_function_lie_in_their_intervals() -> None:
    table = known(sobol(ishigami(blocks(3, 512)), names(3))).table
    for column, low, high, truth in (
        ("first", "first_low", "first_high", (0.3139, 0.4424, 0.0)),
        ("index", "low", "high", (0.5576, 0.4424, 0.2437)),
    ):
        exact = np.array(truth)
        assert np.abs(table[column] - exact).max() < 0.08
        assert ((table[low] <= exact) & (table[high] >= exact)).all()
    # the third works only together with the first
    assert table["beyond_chance"].tolist() == [True, True, False]


def test_sobol_indices_of_function_g_lie_in_their_intervals() -> None:
    alone = 1 / (3 * (1 + G) ** 2)
    truth = alone / (np.prod(1 + alone) - 1)
    table = known(sobol(sobol_g(blocks(8, 256)), names(8))).table
    assert ((table["first_low"] <= truth + 1e-9) & (truth <= table["first_high"] + 1e-9)).all()
    assert table["index"].rank(ascending=False).tolist()[:4] == [1, 2, 3, 4]


def test_a_block_with_an_undefined_result_is_left_out_and_counted() -> None:
    y = ishigami(blocks(3, 64))
    y[7] = np.nan
    found = known(sobol(y, names(3)))
    assert (found.used, found.left_out) == (63, 1)
    again = known(sobol(np.delete(y, slice(5, 10)), names(3)))
    assert found.table.equals(again.table)


def test_a_constant_result_has_indices_of_nought() -> None:
    found = known(sobol(np.full(5 * 16, 3.0), names(3)))
    assert found.table[["index", "first"]].to_numpy().tolist() == [[0, 0]] * 3
    assert shares_by_grade(found, ["assumed"] * 3) == []
    assert to_be_measured(found) is None
    flat = known(pawn(hypercube(60, 3), np.zeros(60), names(3)))
    assert flat.table["index"].tolist() == [0, 0, 0]
    still = known(morris(trajectories.sample(problem(3), 4, seed=1), np.ones(16), names(3)))
    assert still.table["index"].tolist() == [0, 0, 0]
    assert shares_by_grade(still, ["assumed"] * 3) == []


def test_too_few_say_so() -> None:
    assert isinstance(sobol(np.full(5 * 8, np.nan), names(3)), TooFew)
    few = morris(trajectories.sample(problem(3), 2, seed=1), np.array([np.nan, *range(7)]), names(3))
    assert isinstance(few, TooFew)
    assert (few.used, few.left_out) == (1, 1)
    assert isinstance(pawn(hypercube(47, 2), np.arange(47.0), names(2)), TooFew)


@pytest.mark.parametrize("levels", [4, 6])
def test_morris_is_exact_on_a_linear_function(levels: int) -> None:
    weights = np.array([3.0, -1.5, 0.0, 0.25])
    design = np.asarray(trajectories.sample(problem(4), 6, num_levels=levels, seed=2))
    found = known(morris(design, 10 + design @ weights, names(4)))
    assert found.table["mu"].to_numpy() == pytest.approx(weights)
    assert found.table["index"].to_numpy() == pytest.approx(np.abs(weights))
    assert found.table["sigma"].to_numpy() == pytest.approx(0, abs=1e-9)
    assert found.table["high"].to_numpy() == pytest.approx(np.abs(weights))
    grades = ["assumed", "measured", "assumed", "derived"]
    share = {s.of: s for s in shares_by_grade(found, grades)}
    assert share["assumed"].estimate == pytest.approx(9 / (9 + 2.25 + 0.0625))
    assert share["assumed"].low == pytest.approx(share["assumed"].high)


def test_elementary_effects_are_slopes_whatever_the_step() -> None:
    path = np.array([[[0.0, 0.5], [0.25, 0.5], [0.25, 0.0]]])
    assert elementary_effects(path, np.array([[1.0, 2.0, 0.0]])).tolist() == [[4.0, 4.0]]


def test_a_trajectory_with_an_undefined_result_is_left_out() -> None:
    design = np.asarray(trajectories.sample(problem(2), 5, seed=1))
    y = design @ np.array([1.0, 2.0])
    y[4] = np.nan
    found = known(morris(design, y, names(2)))
    assert (found.used, found.left_out) == (4, 1)
    assert found.table["index"].tolist() == pytest.approx([1, 2])


def test_pawn_is_salibs() -> None:
    design = hypercube(120, 4)
    y = np.round(2 * design[:, 0] + design[:, 1] ** 2, 1)
    mine = known(pawn(design, y, names(4))).table["index"].to_numpy()
    theirs = salib_pawn.analyze(problem(4), design, y, S=10)["median"]
    assert mine == pytest.approx(np.asarray(theirs))


def test_pawn_names_what_matters_and_seldom_what_does_not() -> None:
    design = hypercube(100, 10)
    table = known(pawn(design, 3 * design[:, 2], names(10))).table
    assert table["beyond_chance"].tolist() == [k == 2 for k in range(10)]
    luck = np.random.default_rng(5)
    false = sum(
        bool(known(pawn(hypercube(100, 10, s), luck.normal(size=100), names(10))).table["beyond_chance"].any())
        for s in range(60)
    )
    # one study in twenty may; nine of sixty are a sign that the bound is wrong
    assert false < 9
    assert pawn_by_lot(100, 8, 400) > pawn_by_lot(100, 8, 4)


def test_shares_by_grade_hold_the_truth() -> None:
    weights = np.array([3, 2, 1.5, 1, *[0.5] * 8])
    grades = ["assumed", "assumed", "measured", *["derived"] * 9]
    truth = {g: (weights**2)[[x == g for x in grades]].sum() / (weights**2).sum() for g in set(grades)}
    held = []
    for seed in range(20):
        found = known(sobol(blocks(12, 128, seed) @ weights, names(12)))
        shares = {s.of: s for s in shares_by_grade(found, grades)}
        held += [shares[g].low <= truth[g] <= shares[g].high for g in truth]
        assert abs(shares["assumed"].estimate - truth["assumed"]) < 0.15
        assert shares["interactions"].low < 0.05
    assert np.mean(held) > 0.9


def test_a_share_covers_what_an_interaction_leaves_open() -> None:
    """The product of two numbers belongs to neither alone: what comes from either lies between none and all of it."""
    design = blocks(2, 256)
    found = known(sobol((design[:, 0] - 0.5) * (design[:, 1] - 0.5), names(2)))
    shares = {s.of: s for s in shares_by_grade(found, ["assumed", "measured"])}
    assert shares["assumed"].low < 0.1
    assert shares["assumed"].high > 0.9
    assert shares["interactions"].high > 0.9


def test_the_fewest_that_halve_it() -> None:
    weights = np.array([2.0, 2.0, 1.0, 1.0, 1.0, 1.0])
    found = to_be_measured(known(sobol(blocks(6, 256) @ weights, names(6))))
    assert found is not None
    assert set(found.parameters) == {"x.0", "x.1"}
    assert found.low < 8 / 12 < found.high
    even = to_be_measured(known(sobol(blocks(16, 128) @ np.ones(16), names(16))))
    assert even is not None
    assert len(even.parameters) == 5
    assert even.high < 0.5


def test_the_best_rank_over_results() -> None:
    found = ranks_over({"a": [3.0, 2.0, 0.0], "b": [0.0, 0.1, 5.0], "flat": [0.0, 0.0, 0.0]})
    assert found.tolist() == [1, 2, 1]


def test_luck_is_told_from_parameters() -> None:
    luck = np.random.default_rng(1)
    future, world = np.linspace(0, 3, 40)[:, None], np.array([[0.0, 0.5, 1.0]])
    assert luck_and_parameters(future + 0 * world)[0] == pytest.approx(1)
    assert luck_and_parameters(world + 0 * future)[0] == pytest.approx(0)
    both = luck_and_parameters(future + 0.01 * luck.normal(size=(40, 3)))
    assert both[0] > 0.99
    assert sum(both) == pytest.approx(1)
    assert np.isnan(luck_and_parameters(future)).all()
