"""One clock: monthly steps on real dates, and both financial years."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """Months of a study, counted from its start.

    Parameters
    ----------
    start : date
        First day of the first month.
    months : int
        How many months the study runs.
    """

    start: datetime.date
    months: int

    def date(self, month: int) -> datetime.date:
        """First day of a month of the study (0 is the first)."""
        ordinal = self.start.year * 12 + self.start.month - 1 + month
        return datetime.date(ordinal // 12, ordinal % 12 + 1, 1)

    def label(self, month: int) -> str:
        """A month as ``YYYY-MM``."""
        return self.date(month).strftime("%Y-%m")

    def calendar_month(self, month: int) -> int:
        """The month of the year, 1 to 12."""
        return (self.start.month - 1 + month) % 12 + 1

    def month_of(self, day: datetime.date) -> int:
        """Which month of the study a day falls in (may lie before or after it)."""
        return (day.year - self.start.year) * 12 + day.month - self.start.month

    def ordinal(self, month: int) -> int:
        """Months since year 0: the same for the same calendar month in every study."""
        return self.start.year * 12 + self.start.month - 1 + month

    def financial_year(self, month: int, first_month: int) -> int:
        """The calendar year in which the financial year of this month began.

        Parameters
        ----------
        month : int
            Month of the study.
        first_month : int
            4 for national and provincial government, 7 for municipalities.
        """
        day = self.date(month)
        return day.year if day.month >= first_month else day.year - 1
