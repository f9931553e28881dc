"""Contributions of levers in games whose answer is known beforehand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, permutations

import numpy as np
import pytest
from numpy.typing import NDArray

from igrsim.results.contributions import ALL, Coalition, beside, contributions, gains, over_orders_and_pairs

pytestmark = pytest.mark.fast
F64 = NDArray[np.float64]
Game = Callable[[Coalition], F64]
FOUR = ("a", "b", "c", "d")
DRAWN = [("c", "a", "d", "b"), ("b", "d", "a", "c"), ("a", "b", "d", "c"), ("c", "d", "b", "a")]
"""Two orders, each followed by its reverse."""


def every_value(game: Game, levers: tuple[str, ...] = FOUR) -> dict[Coalition, F64]:
    sets = [frozenset(s) for n in range(len(levers) + 1) for s in combinations(levers, n)]
    return {coalition: game(coalition) for coalition in sets}


def shared(game: Game, levers: tuple[str, ...] = FOUR, orders: list[tuple[str, ...]] | None = None) -> dict:
    drawn = list(permutations(levers)) if orders is None else orders
    table = contributions("arm", "m", "hours", drawn, orders is None, every_value(game, levers))
    return table.set_index("lever").to_dict("index")


WEIGHTS = dict(zip(FOUR, (-4.0, 2.0, 0.5, 0.0), strict=True))


def additive(coalition: Coalition) -> F64:
    return np.full(3, 100.0 + sum(WEIGHTS[lever] for lever in coalition))


def test_levers_that_do_not_touch_each_other_contribute_what_they_do() -> None:
    for orders in (None, DRAWN):
        found = shared(additive, orders=orders)
        for lever, weight in WEIGHTS.items():
            row = found[lever]
            assert (row["contribution"], row["low"], row["high"]) == (weight, weight, weight)
            assert (row["alone"], row["last"], row["beside_others"]) == (weight, weight, "the same")
            assert row["share"] == weight / -1.5
        assert found[ALL]["contribution"] == -1.5
        assert list(found) == ["a", "b", "c", "d", ALL]


def test_two_levers_that_do_the_same_share_it() -> None:
    found = shared(lambda s: np.array([8.0, 8.0, 8.0]) if s else np.zeros(3), ("a", "b"))
    for lever in ("a", "b"):
        assert (found[lever]["contribution"], found[lever]["share"]) == (4.0, 0.5)
        assert (found[lever]["alone"], found[lever]["last"]) == (8.0, 0.0)
        assert found[lever]["beside_others"] == "less beside the others"


def test_two_levers_that_need_each_other_share_it() -> None:
    found = shared(lambda s: np.full(3, 8.0 * (len(s) == 2)), ("a", "b"))
    for lever in ("a", "b"):
        assert found[lever]["contribution"] == 4.0
        assert (found[lever]["alone"], found[lever]["last"]) == (0.0, 8.0)
        assert found[lever]["beside_others"] == "more beside the others"


def test_a_glove_game_has_its_textbook_answer() -> None:
    """One left glove, two right gloves: 2/3, 1/6, 1/6."""
    found = shared(lambda s: np.full(2, 1.0 * ("left" in s and len(s) > 1)), ("left", "right-1", "right-2"))
    assert [found[g]["contribution"] for g in ("left", "right-1", "right-2")] == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_in_every_pair_and_order_changes_add_up_to_the_whole_to_the_bit() -> None:
    luck = np.random.default_rng(3)
    # numbers with few binary digits: sums of them are exact
    numbers = {c: luck.integers(-(2**20), 2**20, 5) / 2**10 for c in every_value(additive)}
    found = gains(DRAWN, numbers, FOUR).sum(axis=2)
    whole = numbers[frozenset(FOUR)] - numbers[frozenset()]
    np.testing.assert_array_equal(found, np.broadcast_to(whole[:, None], found.shape))
    table = contributions("arm", "m", "hours", DRAWN, False, numbers)
    parts = table[table.lever != ALL].contribution.sum()
    assert parts == pytest.approx(table[table.lever == ALL].contribution.item(), rel=1e-12)


def test_an_order_and_its_reverse_are_one_draw() -> None:
    """Where two levers only touch each other in pairs, an order and its reverse have the answer without error."""

    def pairwise(coalition: Coalition) -> F64:
        return np.full(4, sum(WEIGHTS[lever] for lever in coalition) + 3.0 * ({"a", "c"} <= coalition))

    found = shared(pairwise, orders=DRAWN)
    for lever, weight in WEIGHTS.items():
        row = found[lever]
        assert row["contribution"] == row["low"] == row["high"] == weight + 1.5 * (lever in "ac")


def test_errors_of_orders_and_of_pairs_are_both_counted() -> None:
    gain = np.array([[0.0, 0.0, 4.0, 4.0], [2.0, 2.0, 6.0, 6.0]])
    found = over_orders_and_pairs(gain, every=False)
    # means of pairs 2 and 4, of orders 1 and 5: variances of the mean 1 and 4, with one degree of freedom each
    freedom = 5**2 / (1**2 + 4**2)
    from scipy.stats import t

    assert found.mean == 3.0
    assert found.high - found.mean == pytest.approx(t.ppf(0.975, freedom) * 5**0.5)
    alone = over_orders_and_pairs(gain, every=True)
    assert alone.high - alone.mean == pytest.approx(t.ppf(0.975, 1) * 1.0)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """Threshold games with luck by pair: 95 in 100 hold the Shapley value of the mean game, never far fewer."""
    levers = tuple("abcdef")
    luck = np.random.default_rng(11)
    worth = luck.uniform(0, 1, len(levers))
    truth = _exact(levers, worth, 1.0)
    hits = trials = 0
    for _ in range(150):
        scale = luck.normal(1.0, 0.2, 5)
        sets = every_value(lambda s, k=scale: k * _threshold(s, levers, worth), levers)
        orders = []
        for _ in range(8):
            order = tuple(luck.permutation(levers).tolist())
            orders += [order, order[::-1]]
        table = contributions("arm", "m", "hours", orders, False, sets).set_index("lever")
        for i, lever in enumerate(levers):
            hits += bool(table.low[lever] <= truth[i] <= table.high[lever])
            trials += 1
    assert 0.92 <= hits / trials <= 1.0


def _threshold(coalition: Coalition, levers: tuple[str, ...], worth: F64) -> float:
    return float(min(sum(worth[levers.index(lever)] for lever in coalition), 1.2) ** 2)


def _exact(levers: tuple[str, ...], worth: F64, scale: float) -> F64:
    sets = every_value(lambda s: np.array([scale * _threshold(s, levers, worth)]), levers)
    return gains(list(permutations(levers)), sets, levers).mean(axis=(0, 1))


def test_one_pair_of_runs_has_no_interval() -> None:
    found = contributions("arm", "m", "hours", DRAWN, False, every_value(lambda s: additive(s)[:1]))
    assert found.low.isna().all()
    assert found.contribution.notna().all()


def test_a_pair_in_which_something_is_undefined_is_left_out() -> None:
    def holed(coalition: Coalition) -> F64:
        values = additive(coalition)
        values[1] = np.nan if "b" in coalition else values[1]
        return values

    found = shared(holed)
    assert {row["pairs"] for row in found.values()} == {2}
    assert found["a"]["contribution"] == -4.0
    nowhere = shared(lambda s: additive(s) * (np.nan if not s else 1.0))
    assert {row["beside_others"] for row in nowhere.values()} == {"undefined"}
    assert all(np.isnan(row["contribution"]) for row in nowhere.values())


def test_beside_the_others_in_words() -> None:
    luck = np.array([-0.1, 0.0, 0.1])
    assert beside(luck + 5, luck[::-1] + 5) == "cannot tell"
    assert beside(luck - 5, luck[::-1] - 2) == "less beside the others"
    assert beside(luck - 2, luck[::-1] - 5) == "more beside the others"
    assert beside(luck - 2, luck[::-1] + 2) == "the other way"
    assert beside(luck[:1] - 2, luck[:1]) == "cannot tell"


def test_pairs_of_one_future_are_not_independent() -> None:
    """Four pairs of two futures are as sure as two pairs, one of each."""
    scale = np.array([1.0, 1.0, 2.0, 2.0])
    numbers = every_value(lambda s: scale * sum(WEIGHTS[lever] for lever in s))
    units = np.array([0, 0, 1, 1]), np.arange(4)
    four = contributions("arm", "m", "hours", DRAWN, False, numbers, units)
    two = contributions("arm", "m", "hours", DRAWN, False, {c: v[::2] for c, v in numbers.items()})
    for name in ("contribution", "low", "high"):
        assert list(four[name]) == pytest.approx(list(two[name]))
    assert (beside(scale, scale + scale, units), beside(scale, scale + scale)) == (
        "cannot tell",
        "more beside the others",
    )
