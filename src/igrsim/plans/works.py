"""Projects under way and the purses that pay for them: commitments, outlays, roll-overs, what is surrendered or moved."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.params import Params, param
from igrsim.plans.pipeline import sorted_on

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Delivery(Params, group="delivery"):
    """How money that was committed becomes something that stands, and what becomes of money that does not."""

    procurement_months: float = param(
        6, unit="months", low=3, high=12, grade="assumed", source="s4-harvester",
        meaning="from commitment to the first payment, in the middle of projects: specification, tender, adjudication, award",
    )  # fmt: skip
    procurement_spread: float = param(
        0.5, unit="log standard deviation", low=0.2, high=0.8, grade="assumed", source="assumption",
        meaning="spread of that time between projects",
    )  # fmt: skip
    construction_months: float = param(
        12, unit="months", low=6, high=24, grade="assumed", source="assumption",
        meaning="from the first payment to the last where nothing holds it up",
    )  # fmt: skip
    throughput: float = param(
        6.0, unit="ratio", low=4, high=8, grade="derived", source="pmg-22549",
        meaning="how far skill goes: with skill s, luck l and this t a purse pays out 1 - exp(-t s l) of a year's money; 6 leaves a tenth unspent at skill 0.45 and 2 per cent at 0.9, as infrastructure grants did in North West, Limpopo and KwaZulu-Natal",
    )  # fmt: skip
    luck: float = param(
        0.5, unit="log standard deviation", low=0.2, high=0.8, grade="assumed", source="psam-makana-2023",
        meaning="spread from year to year and actor to actor beyond skill: late transfers, unready projects, political instability",
    )  # fmt: skip
    department_skill: float = param(
        0.75, unit="index 0-1", low=0.5, high=0.95, grade="assumed", source="assumption",
        meaning="skill of departments, state-owned and mining companies to deliver",
    )  # fmt: skip
    finance_part: float = param(
        0.4, unit="share", low=0.2, high=0.6, grade="assumed", source="assumption",
        meaning="part of a municipality's skill to deliver that is finance and procurement; the rest is engineering",
    )  # fmt: skip
    virement: float = param(
        0.08, unit="share", low=0.04, high=0.08, grade="measured", source="pfma-1999",
        meaning="most of a main division that a department may move in the year (s43)",
    )  # fmt: skip
    municipal_shift: float = param(
        0.08, unit="share", low=0.03, high=0.15, grade="assumed", source="mbrr-2009",
        meaning="most of a vote that a municipality moves in its adjustments budget; its own virement policy sets it",
    )  # fmt: skip
    rolled_over: float = param(
        0.5, unit="share", low=0.2, high=0.8, grade="assumed", source="dora",
        meaning="uncommitted money at year-end whose roll-over is approved; the rest is surrendered",
    )  # fmt: skip
    stop_below: float = param(
        0.15, unit="share", low=0.05, high=0.3, grade="assumed", source="dora",
        meaning="of the year's money paid out by February, below which a municipality's grants may be stopped",
    )  # fmt: skip
    stopped: float = param(
        0.3, unit="share", low=0.1, high=0.5, grade="assumed", source="dora",
        meaning="of what such a municipality has not let a contract for, stopped and given to others that spend",
    )  # fmt: skip
    outer_years: float = param(
        1.0, unit="years", low=0.5, high=2.0, grade="assumed", source="pfma-1999",
        meaning="of money of the medium-term framework's outer years that may be pledged to a project which a year's money does not pay for",
    )  # fmt: skip
    late_after: float = param(
        6, unit="months", low=3, high=12, grade="assumed", source="assumption",
        meaning="behind its planned end, after which a project is held to be a broken promise",
    )  # fmt: skip


@dataclass
class Purses:
    """What portfolios have and did, in cents; a financial year each.

    Attributes
    ----------
    year : (n,) int
        Appropriated or transferred in this financial year.
    free : (n,) int
        Not committed yet, rolled-over money included; below nought, what is pledged of the coming year's money.
    paid : (n,) int
        Paid out in this financial year.
    appropriated, committed, returned, spent, surrendered : (n,) int
        Since the start; returned is what was committed and taken back. Money of before the start counts as appropriated and
        committed then.
    moved : (n,) int
        Received from other purses less given to them.
    """

    year: I64
    free: I64
    paid: I64
    appropriated: I64
    committed: I64
    returned: I64
    spent: I64
    surrendered: I64
    moved: I64

    @classmethod
    def empty(cls, n: int) -> Purses:
        """Purses before the first appropriation."""
        return cls(*(np.zeros(n, np.int64) for _ in fields(cls)))


def _none() -> I64:
    return np.zeros(0, np.int64)


@dataclass
class Works:
    """Projects committed and not yet paid in full.

    Attributes
    ----------
    item, slot, portfolio : (n,) int
    cents, spent : (n,) int
        Committed, and paid so far.
    begun : (n,) int
        Month of commitment; negative before the study.
    let : (n,) int
        Month from which contracts are let and payments made.
    due : (n,) int
        Month in which it should stand.
    late : (n,) bool
        Held to be a broken promise already.
    """

    item: I64 = field(default_factory=_none)
    slot: I64 = field(default_factory=_none)
    portfolio: I64 = field(default_factory=_none)
    cents: I64 = field(default_factory=_none)
    spent: I64 = field(default_factory=_none)
    begun: I64 = field(default_factory=_none)
    let: I64 = field(default_factory=_none)
    due: I64 = field(default_factory=_none)
    late: Flags = field(default_factory=lambda: np.zeros(0, np.bool_))

    def __post_init__(self) -> None:
        self._in_turn = False

    def __len__(self) -> int:
        return len(self.item)

    def add(
        self, item: I64, slot: I64, portfolio: I64, cents: I64, spent: I64, begun: I64, let: I64, p: Delivery
    ) -> None:
        """Projects are committed, to be let from a month on."""
        due = let + round(p.construction_months)
        new = (item, slot, portfolio, cents, spent, begun, let, due, np.zeros(len(item), np.bool_))
        for column, values in zip(fields(self), new, strict=True):
            setattr(self, column.name, np.concatenate([getattr(self, column.name), values]))
        self._in_turn = False

    def keep(self, which: Flags) -> None:
        """Keep these; the others are finished or taken back."""
        self._pick(np.flatnonzero(which))

    def _pick(self, rows: I64) -> None:
        for column in fields(self):
            setattr(self, column.name, getattr(self, column.name)[rows])

    def queue(self, till: I64, key: NDArray[np.uint64]) -> None:
        """Line projects up till by till, in the order in which each pays for them: what was committed first comes first.

        They are lined up when others have joined; who leaves does not change the order.

        Parameters
        ----------
        till : (portfolios,) int
        key : (items,) uint64
            The order among what was committed in one month.
        """
        if not self._in_turn:
            order = np.argsort(key[self.item])
            for first in (self.begun - self.begun.min(initial=0), till[self.portfolio]):
                order = sorted_on(order, first)
            self._pick(order)
            self._in_turn = True


def total(row: I64, amounts: I64 | F64 | Flags, n: int) -> I64:
    """Sums of whole amounts by row, of so many rows."""
    # sums of doubles are exact up to nine million billion, which no account in cents comes near
    return np.bincount(row, weights=amounts, minlength=n).astype(np.int64)


def pay(till: I64, wanted: I64, room: I64) -> I64:
    """What each project is paid: first come, first paid, as far as its till's throughput goes.

    Parameters
    ----------
    till, wanted : (n,) int
        Who pays, and cents wanted this month; till by till, in the order in which each pays.
    room : (tills,) int
        Cents that each can pay out this month.
    """
    if len(till) == 0:
        return np.zeros(0, np.int64)
    running = np.cumsum(wanted)
    starts = np.flatnonzero(np.concatenate([[True], till[1:] != till[:-1]]))
    before_till = np.repeat((running - wanted)[starts], np.diff(np.concatenate([starts, [len(till)]])))
    return np.clip(room[till] - (running - wanted - before_till), 0, wanted)
