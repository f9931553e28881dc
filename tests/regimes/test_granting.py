"""What money and specialists let start: nobody overtakes, nothing is granted that there is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igrsim.kernel.clock import Clock
from igrsim.regimes.granting import grant, posts_for, why_never
from igrsim.regimes.limits import Limits, limits_in_words, read_limits
from igrsim.regimes.rollout import Rollout

pytestmark = pytest.mark.fast

CLOCK = Clock(date(2019, 4, 1), 36)
RAND = 50_000.0
A_POST = RAND * 12 / 1e6
"""Million rand a year."""


def plan(start: list[int | None], limits: Limits) -> Rollout:
    return Rollout("plan", tuple(start), tuple(range(len(start))), limits=limits)


def codes(number: int) -> list[str]:
    return [f"S{n}" for n in range(number)]


@given(
    start=st.lists(st.one_of(st.none(), st.integers(0, 40)), min_size=1, max_size=8),
    posts=st.integers(1, 12),
    money=st.lists(st.floats(0, 40), min_size=1, max_size=3),
    pool=st.floats(0, 60),
    trained=st.floats(0, 30),
)
def test_nobody_starts_early_overtakes_or_takes_what_there_is_not(
    start: list[int | None], posts: int, money: list[float], pool: float, trained: float
) -> None:
    limits = Limits(tuple((2019 + n, m) for n, m in enumerate(money)), (("", pool),), trained)
    found = grant(plan(start, limits), codes(len(start)), [posts] * len(start), CLOCK, RAND)
    taken = found.of(codes(len(start)))
    for due, month in zip(start, taken, strict=True):
        assert month is None or (due is not None and month >= due)
    queue = sorted((due, n) for n, due in enumerate(start) if due is not None)
    months = [taken[n] if taken[n] is not None else CLOCK.months for _, n in queue]
    assert months == sorted(months)
    for month in range(CLOCK.months):
        running = posts * sum(m is not None and m <= month for m in taken)
        there = posts_for(limits, CLOCK, month, RAND)
        assert running * found.manned[month] <= there + 1e-5
        joined = any(m == month for m in taken)
        assert not joined or running <= there + 1e-5


def test_without_limits_all_start_as_planned() -> None:
    found = grant(plan([3, None, 0], Limits()), codes(3), [11.0] * 3, CLOCK, RAND)
    assert found.of(codes(3)) == (3, None, 0)
    assert set(found.manned) == {1.0}


def test_a_shared_hub_opens_for_all_its_spaces_or_for_none() -> None:
    limits = read_limits(None, {"2019-04": 8, "2019-10": 13, "2020-01": 24})
    shared = replace(plan([0, 0, 0, 0], limits), shared=(("S0", "S2", "S3"),))
    # 12 posts for three spaces, 4 each; the space between them waits its turn
    found = grant(shared, codes(4), [4.0, 12.0, 4.0, 4.0], CLOCK, RAND)
    assert found.of(codes(4)) == (6, 9, 6, 6)


def test_money_comes_with_the_financial_year() -> None:
    limits = read_limits({"2019/20": 11 * A_POST, "2020/21": 22 * A_POST}, None)
    found = grant(plan([0, 0, 0], limits), codes(3), [11.0] * 3, CLOCK, RAND)
    assert found.of(codes(3)) == (0, 12, None)


def test_specialists_are_trained_month_by_month() -> None:
    limits = read_limits(None, {"pool": 11, "trained": 22})
    found = grant(plan([0, 0, 0], limits), codes(3), [11.0] * 3, CLOCK, RAND)
    assert found.of(codes(3)) == (0, 6, 12)


def test_where_money_falls_all_hubs_lose_posts_alike() -> None:
    limits = read_limits({"2019": 22 * A_POST, "2020": 11 * A_POST}, None)
    found = grant(plan([0, 0], limits), codes(2), [11.0] * 2, CLOCK, RAND)
    assert found.of(codes(2)) == (0, 0)
    assert found.manned[11:13] == pytest.approx((1.0, 0.5))


@pytest.mark.parametrize(
    ("money", "specialists", "words"),
    [
        (10 * A_POST, None, "R7 million a year, there is R6 million a year: not all can ever start"),
        ({"2019/20": 99, "2021/22": 2}, None, "R2 million from 2021/22 on"),
        (None, 10, "nobody is trained: not all can ever start"),
        (None, {"2019-04": 99, "2021-04": 10}, "the pool has 10"),
    ],
)
def test_what_can_never_be_is_said(money: object, specialists: object, words: str) -> None:
    late = plan([30, None], read_limits(money, specialists))
    assert words in why_never(late, [11.0, 11.0], RAND, CLOCK)


def test_a_later_cut_makes_no_schedule_impossible() -> None:
    for money, people in (({"2019/20": 99, "2021/22": 2}, None), (None, {"2019-04": 99, "2021-04": 10})):
        limits = read_limits(money, people)
        assert why_never(plan([0, None], limits), [11.0, 11.0], RAND, CLOCK) == ""
        found = grant(plan([0, None], limits), codes(2), [11.0, 11.0], CLOCK, RAND)
        assert found.of(codes(2)) == (0, None)
        assert 0 < found.manned[-1] < 1
    # enough of each, but never in the same year
    apart = read_limits({"2019/20": 99, "2020/21": 0}, {"2019-04": 0, "2020-04": 99})
    assert "never there at once" in why_never(plan([0], apart), [11.0], RAND, CLOCK)


def test_what_only_takes_time_is_not_impossible() -> None:
    for limits in (Limits(), read_limits(11 * A_POST, {"trained": 1}), read_limits({"2030/31": 99}, None)):
        assert why_never(plan([0, None], limits), [11.0, 11.0], RAND, CLOCK) == ""
    assert why_never(plan([0], read_limits(0, None)), [0.0], RAND, CLOCK) == ""


def test_limits_in_words() -> None:
    limits = read_limits({"2019/20": 40}, {"2019-08": 33, "trained": 10})
    assert limits_in_words(limits) == [
        "for hub posts R40 million in 2019/20",
        "specialists: 33 from 2019-08, 10 trained a year",
    ]
    assert limits_in_words(Limits()) == []


def test_what_is_said_comes_before_what_a_schedule_says() -> None:
    mine, its = read_limits(40, None), read_limits(10, {"pool": 5, "trained": 1})
    assert mine.over(its) == Limits(((0, 40.0),), (("", 5.0),), 1.0)
