"""What a portfolio takes from its ranked list."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from igrsim.plans.calendars import CYCLES, DEPARTMENTS, MUNICIPALITIES
from igrsim.plans.pipeline import NEVER, Pipeline, select

Lists = tuple[Any, Any, Any, Any]


@st.composite
def lists(draw: Any) -> Lists:
    n, portfolios = draw(st.integers(0, 40)), draw(st.integers(1, 5))
    portfolio = draw(arrays(np.int64, n, elements=st.integers(0, portfolios - 1)))
    score = draw(arrays(np.float64, n, elements=st.sampled_from([0.0, 0.5, 1.0, 2.0])))
    cents = draw(arrays(np.int64, n, elements=st.integers(1, 50)))
    money = draw(arrays(np.int64, portfolios, elements=st.integers(0, 200)))
    return portfolio, score, cents, money


def one_by_one(portfolio: Any, score: Any, cents: Any, money: Any, tie: Any) -> Any:
    """The same list gone through item by item."""
    left = money.copy()
    taken = np.zeros(len(portfolio), bool)
    for k in sorted(range(len(portfolio)), key=lambda k: (-score[k], tie[k])):
        if cents[k] <= left[portfolio[k]]:
            left[portfolio[k]] -= cents[k]
            taken[k] = True
    return taken


@given(lists())
def test_the_list_is_gone_through_from_the_top(data: Lists) -> None:
    portfolio, score, cents, money = data
    tie = np.arange(len(portfolio))
    taken = select(portfolio, score, cents, money, tie)
    np.testing.assert_array_equal(taken, one_by_one(portfolio, score, cents, money, tie))
    spent = np.bincount(portfolio[taken], weights=cents[taken], minlength=len(money))
    assert (spent <= money).all()


@given(lists(), st.permutations(range(40)), st.integers(1, 1000))
def test_neither_order_nor_currency_matters(data: Lists, shuffle: list[int], scale: int) -> None:
    portfolio, score, cents, money = data
    tie = np.arange(len(portfolio))
    taken = select(portfolio, score, cents, money, tie)
    np.testing.assert_array_equal(select(portfolio, score, cents * scale, money * scale, tie), taken)
    order = np.array([k for k in shuffle if k < len(portfolio)], dtype=np.int64)
    np.testing.assert_array_equal(select(portfolio[order], score[order], cents[order], money, tie[order]), taken[order])


def test_what_no_longer_fits_is_passed_over() -> None:
    taken = select(
        np.zeros(4, int), np.array([4.0, 3, 2, 1]), np.array([60, 50, 30, 10]), np.array([100]), np.arange(4)
    )
    assert taken.tolist() == [True, False, True, True]


def test_nothing_is_bought_without_money() -> None:
    assert not select(np.zeros(3, int), np.ones(3), np.ones(3, int), np.array([0]), np.arange(3)).any()


def test_each_sphere_drafts_before_its_year_begins() -> None:
    assert {c.sphere for c in CYCLES} == {"departments", "municipalities"}
    assert [(c.commit_month - c.draft_month) % 12 for c in (DEPARTMENTS, MUNICIPALITIES)] == [7, 4]


@pytest.mark.parametrize("times", [1, 3])
def test_items_arise_unfunded_and_open(times: int) -> None:
    items = Pipeline(slots=2)
    for born in range(times):
        one, both = np.zeros(2, np.int64), np.zeros((2, 2), np.int64)
        items.add(one, one, one, np.ones(2), one + 7, born, np.arange(2, dtype=np.uint64), one, both, both > 0)
    assert len(items) == 2 * times
    assert items.born.tolist() == [b for b in range(times) for _ in range(2)]
    assert items.open(10**6).all()
    assert not items.funded.any()
    assert not items.drafted.any()
    assert (items.delivered_by == NEVER).all()
    for column in ("owner", "surveyed"):
        assert (getattr(items, column) == -1).all()
