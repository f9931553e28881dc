"""Incentive-based planners: they spend their own budget, and do for others what they are held to or what saves them money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.params import Params, param
from igrsim.plans.works import Delivery
from igrsim.world.planners._base import Asked, Flags, Invited, Planners, Seats
from igrsim.world.planners.forces import attention, mean_of

if TYPE_CHECKING:
    from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


class IncentiveBasedNumbers(Params, group="incentive-based"):
    """What holds an agent, and how far it goes its own way where nothing does."""

    principal: float = param(
        0.7, unit="share", low=0.3, high=1.0, grade="assumed", source="moe-1984",
        meaning="incentive-based planners: how far full attention of principals holds an agent; they never see all it does",
    )  # fmt: skip
    duty: float = param(
        0.4, unit="share", low=0.1, high=0.8, grade="assumed", source="moe-1984",
        meaning="incentive-based planners: how far a regulated duty to take part does, which is audited",
    )  # fmt: skip
    compact: float = param(
        0.3, unit="share", low=0.1, high=0.7, grade="assumed", source="moe-1984",
        meaning="incentive-based planners: how far a compact does, whose sanctions are few",
    )  # fmt: skip
    size: float = param(
        0.5, unit="log severity per log cost", low=0.0, high=1.0, grade="assumed", source="niskanen-1971",
        meaning="incentive-based planners: how far a large item, which takes up a budget with less work, is put before a small one where nobody looks",
    )  # fmt: skip
    voluntary: float = param(
        0.5, unit="ratio", low=0.2, high=0.9, grade="assumed", source="assumption",
        meaning="incentive-based planners: willingness to come to a meeting that no law demands and no principal looks at over that to come to one",
    )  # fmt: skip
    ignores: float = param(
        0.3, unit="share", low=0.1, high=0.6, grade="assumed", source="assumption",
        meaning="incentive-based planners: of requests that no law demands, and that a municipality would have answered, those left unanswered where no principal looks",
    )  # fmt: skip


class IncentiveBased(Planners):
    """Agents with ends of their own (Niskanen 1971 on bureaus; Moe 1984 on principals and agents).

    A budget is to be spent, on large items before small ones unless principals look. An agent withdraws, lays its drafts open,
    leaves an item to another or pays what was agreed only as far as it is held to it: by principals' attention, a duty that is
    audited, a compact with sanctions; or where its purse is short, so that what another pays for it saves. Signing costs nothing
    and is done as in silos. What is already another's public commitment is left alone, since doubling it is wasteful
    expenditure that auditors find. It attends what the law demands; the rest as far as principals look. Trust and good
    partnership move nobody.
    """

    id = "incentive-based"
    title = "Incentive-based"
    theory = (
        "Officials spend their own budgets, and do for others what someone holds them to or what saves their own money."
    )
    source = "niskanen-1971;moe-1984"
    changes = (
        "how items are ranked (large ones first where no principal looks), what makes actors give way, lay drafts open, and do as "
        "agreed (being held to it, or a short purse), which meetings and requests are attended to (those the law demands)"
    )
    leaves = "what is seen of others, signing, that others' known commitments are left alone"

    def rank(self, world: World, item: I64, portfolio: I64, need: F64) -> F64:
        """Large items first, as far as principals do not look."""
        p, items = world.params[IncentiveBasedNumbers], world.pipeline
        unseen = 1 - p.principal * attention(world)[items.space[item]]
        return np.asarray(need + p.size * unseen * np.log(np.maximum(items.cents[item], 1) / USUAL_COST))

    def heeds(self, world: World, base: float, asked: Asked) -> F64:
        """Odds of what it takes, times odds of being held to it; certain of nothing where nothing holds."""
        if asked.free:
            return np.full(len(asked.space), float(base))
        held = held_to_it(world, asked)
        yes, no = base * held, (1 - base) * (1 - held)
        chance = np.where(yes > 0, yes / np.maximum(yes + no, 1e-300), 0.0)
        if asked.item is None:
            return chance
        return np.where(short_of_money(world)[asked.portfolio], np.maximum(chance, base), chance)

    def municipality_comes(self, world: World, invited: Invited) -> F64:
        """To what the law demands; to the rest as far as principals look."""
        looked = (
            world.params[IncentiveBasedNumbers].principal * attention(world)[world.municipality_space[invited.town]]
        )
        return (invited.habit + invited.law) * self._bound(world, invited.statutory, looked) - invited.fatigue

    def department_comes(self, world: World, seats: Seats) -> F64:
        """The same of departments."""
        looked = world.params[IncentiveBasedNumbers].principal * mean_of(attention(world), seats.spaces)
        return seats.habit * self._bound(world, seats.statutory, looked)[:, None]

    def unanswered(self, world: World, silent: F64) -> F64:
        """What no law demands waits until a principal looks."""
        p = world.params[IncentiveBasedNumbers]
        looked = p.principal * attention(world)[world.municipality_space]
        return silent + (1 - silent) * p.ignores * (1 - looked)

    def _bound(self, world: World, statutory: F64, looked: F64) -> F64:
        voluntary = world.params[IncentiveBasedNumbers].voluntary
        return np.asarray(statutory + (1 - statutory) * (voluntary + (1 - voluntary) * looked))


USUAL_COST = 1e9
"""Cents of an item that is neither large nor small; which one decides nothing, since only differences count."""


def held_to_it(world: World, asked: Asked) -> F64:
    """How surely an actor is held to what was asked: any of its principals, the law or a compact may do it."""
    p = world.params[IncentiveBasedNumbers]
    loose = 1 - p.principal * attention(world)[asked.space]
    if asked.duty:
        loose = loose * (1 - p.duty * world.good("duty")[asked.space])
    if asked.compact:
        loose = loose * (1 - p.compact * world.good("compact")[asked.space])
    return np.asarray(1 - loose)


def short_of_money(world: World) -> Flags:
    """Purses that have drafted or committed more than they will have, the outer years' pledge included."""
    items, money, purses = world.pipeline, world.portfolios, world.purses
    slots = money.slots[items.municipality, items.sector]
    item, slot = np.nonzero(items.drafted)
    wanted = np.zeros(len(purses.free), np.int64)
    np.add.at(wanted, slots[item, slot], items.cents[item])
    pledge = np.floor(world.appropriated * world.params[Delivery].outer_years).astype(np.int64)
    return np.asarray(wanted > purses.free + pledge)
