"""What a purse pays out, and how projects are added and finished."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import hypothesis.strategies as st
import numpy as np
from hypothesis import given
from hypothesis.extra.numpy import arrays

from igrsim.kernel.params import ParamSet
from igrsim.plans.works import Delivery, Purses, Works, pay

DELIVERY = ParamSet()[Delivery]
Bills = tuple[Any, Any, Any]


@st.composite
def bills(draw: Any) -> Bills:
    n, portfolios = draw(st.integers(0, 40)), draw(st.integers(1, 5))
    portfolio = draw(arrays(np.int64, n, elements=st.integers(0, portfolios - 1)))
    wanted = draw(arrays(np.int64, n, elements=st.integers(0, 50)))
    room = draw(arrays(np.int64, portfolios, elements=st.integers(0, 200)))
    return portfolio, wanted, room


def one_by_one(portfolio: Any, wanted: Any, room: Any, turn: Any) -> Any:
    """The same bills, paid one after the other."""
    left, paid = room.copy(), np.zeros(len(portfolio), np.int64)
    for k in np.argsort(turn, kind="stable"):
        paid[k] = min(wanted[k], left[portfolio[k]])
        left[portfolio[k]] -= paid[k]
    return paid


@given(bills())
def test_first_come_is_first_paid(data: Bills) -> None:
    portfolio, wanted, room = data
    order = np.argsort(portfolio, kind="stable")
    mine = portfolio[order], wanted[order], room
    np.testing.assert_array_equal(pay(*mine), one_by_one(*mine, np.arange(len(order))))


@given(bills())
def test_a_purse_pays_what_is_wanted_as_far_as_it_has_room(data: Bills) -> None:
    portfolio, wanted, room = data
    order = np.argsort(portfolio, kind="stable")
    portfolio, wanted = portfolio[order], wanted[order]
    paid = pay(portfolio, wanted, room)
    assert ((paid >= 0) & (paid <= wanted)).all()
    by_purse, asked = (np.bincount(portfolio, weights=c, minlength=len(room)) for c in (paid, wanted))
    np.testing.assert_array_equal(by_purse, np.minimum(asked, room))


def test_the_last_in_turn_gets_what_is_left() -> None:
    paid = pay(np.array([0, 0, 0, 1]), np.array([60, 60, 60, 5]), np.array([100, 3]))
    assert paid.tolist() == [60, 40, 0, 3]


@given(bills(), st.permutations(range(40)))
def test_a_till_pays_what_was_committed_first(data: Bills, shuffle: list[int]) -> None:
    till, begun, room = data
    item = np.array([k for k in shuffle if k < len(till)], dtype=np.int64)
    nothing = 0 * item
    works, purses, key = Works(), np.arange(len(room)), np.arange(80, dtype=np.uint64)[::-1]

    def lined_up() -> list[tuple[int, int, int]]:
        works.queue(purses, key)
        return list(zip(works.portfolio.tolist(), works.begun.tolist(), key[works.item].tolist(), strict=True))

    works.add(item, nothing, till, nothing + 1, nothing, begun, begun, DELIVERY)
    found = lined_up()
    assert found == sorted(found)
    # who leaves changes nothing of the others' turn, who joins has a turn by the same rule
    stays = works.item % 3 > 0
    works.keep(stays)
    assert lined_up() == [bill for bill, kept in zip(found, stays, strict=True) if kept]
    works.add(item[:1] + 40, nothing[:1], till[:1], nothing[:1], nothing[:1], begun[:1], begun[:1], DELIVERY)
    found = lined_up()
    assert found == sorted(found)
    assert len(found) == len(works)


def test_a_project_is_due_when_its_contract_and_construction_say() -> None:
    works = Works()
    one = np.array([7])
    works.add(one, one * 0, one * 0 + 3, one * 100, one * 0, np.array([4]), np.array([10]), DELIVERY)
    works.add(one + 1, one * 0, one * 0 + 3, one * 100, one * 0, np.array([-2]), np.array([9]), DELIVERY)
    assert works.begun.tolist() == [4, -2]
    assert works.let.tolist() == [10, 9]
    assert works.due.tolist() == [10 + DELIVERY.construction_months, 9 + DELIVERY.construction_months]
    assert not works.late.any()
    works.keep(np.array([False, True]))
    assert works.item.tolist() == [8]
    assert {len(getattr(works, f.name)) for f in fields(works)} == {1}


def test_empty_purses_are_columns_of_their_own() -> None:
    purses = Purses.empty(2)
    purses.free += 5
    assert purses.free.tolist() == [5, 5]
    assert all(getattr(purses, f.name).sum() == 0 for f in fields(purses) if f.name != "free")
