"""Citizens as numpy columns."""

from __future__ import annotations

from benchmarks.engines.arrays import MonthOfArrays, fresh_columns, outcome_of
from benchmarks.engines.case import Case, Outcome


class Arrays:
    """A structure of arrays, and nothing else."""

    about = "structure of arrays, vectorised over those who have something to do"
    comparable = True
    many = 500_000

    def begin(self, case: Case) -> None:
        """Make the people."""
        self.month = MonthOfArrays(case)
        self.columns = fresh_columns(case)

    def live(self, month: int) -> None:
        """Let everyone live a month."""
        self.month.live(self.columns, month)

    def outcome(self) -> Outcome:
        """What came of them."""
        return outcome_of(self.month, self.columns)
