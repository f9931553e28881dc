"""One clock: months, dates and both financial years."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igrsim.kernel.clock import Clock

pytestmark = pytest.mark.fast

STARTS = st.dates(date(1994, 1, 1), date(2050, 12, 31)).map(lambda d: d.replace(day=1))


def test_a_study_that_starts_in_april() -> None:
    clock = Clock(date(2019, 4, 1), 24)
    assert clock.date(0) == date(2019, 4, 1)
    assert clock.date(9) == date(2020, 1, 1)
    assert clock.label(23) == "2021-03"
    assert [clock.calendar_month(m) for m in (0, 8, 9, 12)] == [4, 12, 1, 4]
    assert clock.ordinal(0) == 2019 * 12 + 3
    assert clock.month_of(date(2020, 2, 29)) == 10
    assert clock.month_of(date(2019, 3, 31)) == -1


def test_both_financial_years() -> None:
    clock = Clock(date(2019, 4, 1), 24)
    national = [clock.financial_year(m, 4) for m in (0, 11, 12)]
    municipal = [clock.financial_year(m, 7) for m in (0, 2, 3, 14, 15)]
    assert national == [2019, 2019, 2020]
    assert municipal == [2018, 2018, 2019, 2019, 2020]


@given(STARTS, st.integers(-600, 600))
def test_months_and_dates_are_each_other_s_inverse(start: date, month: int) -> None:
    clock = Clock(start, 12)
    day = clock.date(month)
    assert clock.month_of(day) == month
    assert clock.calendar_month(month) == day.month
    assert clock.label(month) == f"{day.year:04d}-{day.month:02d}"
    assert clock.date(month + 12) == day.replace(year=day.year + 1)
    assert clock.financial_year(month, 1) == day.year


@given(STARTS, st.integers(0, 200))
def test_a_calendar_month_has_one_ordinal_whatever_the_study(start: date, shift: int) -> None:
    one = Clock(start, 12)
    other = Clock(one.date(shift), 12)
    assert one.ordinal(shift) == other.ordinal(0)
    assert one.ordinal(shift + 1) == one.ordinal(shift) + 1
