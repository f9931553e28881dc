"""A province's one entry point for what is asked of municipalities, with its database and its queue."""

from __future__ import annotations

from typing import Any

from igrsim.government.actor import Actor
from igrsim.kernel.params import Params, param


class ChannelWork(Params, group="reporting-channel"):
    """What the single reporting channel of a province takes, and what waiting in its queue does."""

    hours: float = param(
        16, unit="hours a month", low=2, high=60, grade="assumed", source="assumption", choice=True,
        meaning="of the provincial department of cooperative governance, for each municipality whose information goes through it",
    )  # fmt: skip
    entry_minutes: float = param(
        20, unit="minutes an indicator", low=5, high=60, grade="assumed", source="assumption",
        meaning="to take one indicator of one municipality in, check it and enter it in the database",
    )  # fmt: skip
    answer_minutes: float = param(
        10, unit="minutes a request", low=2, high=40, grade="assumed", source="assumption",
        meaning="to answer one more department's request for it from the database",
    )  # fmt: skip
    patience: float = param(
        2, unit="months", low=0.5, high=6, grade="assumed", source="assumption",
        meaning="wait after which all but 37 of 100 departments ask the municipality directly after all",
    )  # fmt: skip
    staleness: float = param(
        0.15, unit="share a month", low=0.02, high=0.4, grade="assumed", source="assumption",
        meaning="what an answer loses of its worth to those who asked for each month that it waits",
    )  # fmt: skip
    setup_months: float = param(
        9, unit="months", low=0, high=24, grade="assumed", source="assumption",
        meaning="from the decision to a database that answers; the province's plans of 2010 name no date",
    )  # fmt: skip
    setup_rand: float = param(
        4_000_000, unit="rand", low=1_000_000, high=20_000_000, grade="assumed", source="assumption",
        meaning="of a province, for the central database",
    )  # fmt: skip
    running_rand: float = param(
        60_000, unit="rand a month", low=15_000, high=250_000, grade="assumed", source="assumption",
        meaning="of a province, to run the database",
    )  # fmt: skip


class ReportingChannel(Actor):
    """The provincial department's desk through which requests to municipalities go.

    Attributes
    ----------
    code : str
        The province.
    decided : int
        Month in which it was first in force anywhere in the province, -1 before.
    built : dict of int to float
        How far the database has been paid for, by space.
    backlog : int
        Minutes of work that wait.
    wait : float
        Months that what comes in now waits.
    """

    def __init__(self, model: Any, *, code: str) -> None:
        super().__init__(model)
        self.code = code
        self.decided = -1
        self.built: dict[int, float] = {}
        self.backlog = 0
        self.wait = 0.0

    def answers(self, month: int, work: ChannelWork) -> bool:
        """Whether its database answers yet."""
        return self.decided >= 0 and month - self.decided >= work.setup_months

    def work(self, brought: int, minutes: int) -> int:
        """Work through what waits and what came in, first come first served.

        Parameters
        ----------
        brought : int
            Minutes of new work.
        minutes : int
            That its officials have this month.

        Returns
        -------
        int
            Minutes worked.
        """
        wanted = self.backlog + brought
        done = min(wanted, minutes)
        self.backlog = wanted - done
        self.wait = self.backlog / max(minutes, 1)
        return done
