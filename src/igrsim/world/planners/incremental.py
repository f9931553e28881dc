"""Routine and incremental planners: last year's plan and a little on top, by the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.params import Params, param
from igrsim.plans.pipeline import select
from igrsim.world.planners._base import Asked, Flags, Invited, Planners, Seats, turn
from igrsim.world.planners.need_ranked import NeedRanked

if TYPE_CHECKING:
    from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


class IncrementalNumbers(Params, group="incremental"):
    """How large a change a routine bears. Studied budgets kept their shares from year to year; none tells these numbers."""

    margin: float = param(
        0.15, unit="share", low=0.05, high=0.3, grade="assumed", source="wildavsky-1964",
        meaning="incremental planners: of a purse's money that is not divided as last year's was and spent on what stood on last year's list",
    )  # fmt: skip
    gives_up: float = param(
        0.3, unit="ratio", low=0.1, high=0.7, grade="assumed", source="lindblom-1959",
        meaning="incremental planners: chance to give up what stood on last year's list over the chance to give up what is new",
    )  # fmt: skip
    out_of_turn: float = param(
        0.5, unit="ratio", low=0.2, high=0.9, grade="assumed", source="assumption",
        meaning="incremental planners: willingness to come to a meeting called for the occasion over one of the calendar",
    )  # fmt: skip


class Incremental(Planners):
    """Muddling through (Lindblom 1959) and the base of last year (Wildavsky 1964).

    All but a margin of a purse is divided over municipalities as last year's money was, and goes to what stood on the list
    already; new items, and whatever a base does not pay for, come at the margin. An item is appraised once, when it comes on the
    list, and keeps its rank. At the margin planners adjust to each other as need-ranked ones do; what was on the list before is
    hardly given up. Meetings of the calendar are attended by habit, whatever came of them and however busy one is.
    """

    id = "incremental"
    title = "Routine and incremental"
    theory = (
        "Next year's plan is last year's with small changes: base shares roll over, what is new comes at the margin."
    )
    source = "lindblom-1959;wildavsky-1964"
    changes = (
        "how plans are filled (last year's division and list first, new items at the margin), when items are appraised (once), "
        "what is given up (new items, hardly old ones), which meetings are attended (those of the calendar)"
    )
    leaves = "what is seen of others, what moves actors to do as agreed, answers to requests"

    def __init__(self) -> None:
        self.last = np.zeros((0, 0, 0), np.int64)
        self.current = np.zeros((0, 0, 0), np.int64)

    def appraised_in(self, world: World, item: I64, year: int) -> I64:
        """The year of an item's first plan, if that is before this one."""
        born = world.clock.ordinal(0) + np.maximum(world.pipeline.born[item], 0)
        first = born // 12 + (born % 12 + 1 > 7)
        return np.asarray(np.minimum(first, year))

    def take(self, world: World, item: I64, slot: I64, portfolio: I64, score: F64, money: I64) -> Flags:
        """Last year's division among old items, then the rest by rank."""
        items, slots = world.pipeline, world.portfolios.slots
        base = self._base(world)
        held = slots >= 0
        whole = np.bincount(slots[held], weights=base[held], minlength=len(money))
        owner = np.maximum(slots, 0)
        share = np.where(held & (whole[owner] > 0), base / np.maximum(whole[owner], 1), 0.0)
        kept = 1 - world.params[IncrementalNumbers].margin
        firm = np.floor(kept * np.maximum(money, 0)[owner] * share).astype(np.int64).ravel()
        place = np.ravel_multi_index((items.municipality[item], items.sector[item], slot), slots.shape)
        old = on_the_list(world, item)
        order, cents = turn(world, item), items.cents[item]
        taken = np.zeros(len(item), np.bool_)
        taken[old] = select(place[old], score[old], cents[old], firm, order[old])
        left = np.asarray(money, dtype=np.int64).copy()
        np.subtract.at(left, portfolio[taken], cents[taken])
        rest = ~taken
        taken[rest] = select(portfolio[rest], score[rest], cents[rest], left, order[rest])
        return taken

    def heeds(self, world: World, base: float, asked: Asked) -> F64:
        """As need-ranked planners do, but for giving up what was on the list before."""
        chance = NeedRanked.heeds(_USUAL, world, base, asked)
        return chance if asked.item is None else chance * self._clings(world, asked.item)

    def leaves_to_funder(self, world: World, item: I64, mine: I64, theirs: I64) -> F64:
        """What was on the list before is hardly left even to who funds it already."""
        return self._clings(world, item)

    def municipality_comes(self, world: World, invited: Invited) -> F64:
        """By the calendar: neither experience nor load counts."""
        habit = invited.habit + invited.law
        return np.where(invited.scheduled, habit, world.params[IncrementalNumbers].out_of_turn * habit)

    def department_comes(self, world: World, seats: Seats) -> F64:
        """By the calendar."""
        part = np.where(seats.scheduled, 1.0, world.params[IncrementalNumbers].out_of_turn)
        return seats.habit * part[:, None]

    def year_begins(self, world: World, purses: Flags) -> None:
        """What was committed in the year that ends is the base of the next."""
        slots = world.portfolios.slots
        self._base(world)
        mine = (slots >= 0) & purses[np.maximum(slots, 0)]
        self.last[mine] = self.current[mine]
        self.current[mine] = 0

    def committed(self, world: World, item: I64, slot: I64) -> None:
        """Note which municipality a purse's money went to."""
        self._base(world)
        items = world.pipeline
        np.add.at(self.current, (items.municipality[item], items.sector[item], slot), items.cents[item])

    def _base(self, world: World) -> I64:
        """What the purse of each slot committed to each municipality in its running year, or before anything was, in its last."""
        slots = world.portfolios.slots
        if self.current.shape != slots.shape:
            self.last, self.current = np.zeros(slots.shape, np.int64), np.zeros(slots.shape, np.int64)
        held = slots >= 0
        purses = len(world.portfolios.cents)
        begun = np.bincount(slots[held], weights=self.current[held], minlength=purses) > 0
        return np.where(begun[np.maximum(slots, 0)], self.current, self.last)

    def _clings(self, world: World, item: I64) -> F64:
        return np.where(on_the_list(world, item), world.params[IncrementalNumbers].gives_up, 1.0)


def on_the_list(world: World, item: I64) -> Flags:
    """Items that stood there when last year's plans were made, or before the study."""
    born = world.pipeline.born[item]
    return np.asarray((born <= 0) | (world.month - born >= 12))


_USUAL = NeedRanked()
