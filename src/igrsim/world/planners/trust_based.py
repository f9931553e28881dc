"""Trust-based planners: they give way, share and keep their word as far as they trust the other, and remember what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from igrsim.government.authority import Trusting
from igrsim.kernel.params import Params, param
from igrsim.world.planners._base import Asked, Flags, Invited, Planners, Seats, thawed
from igrsim.world.planners.forces import mean_of, trust_about, trust_between, trust_in_seats, trust_in_spaces

if TYPE_CHECKING:
    from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


class TrustBasedNumbers(Params, group="trust-based"):
    """How reciprocity goes with trust."""

    steepness: float = param(
        1.0, unit="exponent", low=0.5, high=2.0, grade="assumed", source="ostrom-1998",
        meaning="trust-based planners: how chances go with trust over that of strangers: 1 is in proportion, more is a sharper turn",
    )  # fmt: skip


class TrustBased(Planners):
    """Reciprocity, reputation and trust (Ostrom 1998; Putnam 1993).

    Whether an actor withdraws, leaves an item to who funds or owns it, lays its drafts open, tells what it knows, keeps an
    agreement or comes to a meeting is in proportion to its trust in the other: as in silos between strangers, never where there
    is none. Overlaps are experience: who is given way to trusts more, who is not trusts less. Office, duty, compacts and
    principals' attention move nobody by themselves.
    """

    id = "trust-based"
    title = "Trust-based"
    theory = "Officials return what they are given: they share, give way and keep their word as far as they trust the other, and learn from it."
    source = "ostrom-1998;putnam-1993"
    changes = (
        "what makes actors give way, share and do as agreed (trust between the two, and nothing else), what is told across ties, "
        "who comes to meetings, what moves trust (who gave way counts too)"
    )
    leaves = "how needs are ranked and plans filled, answers to requests"

    def heeds(self, world: World, base: float, asked: Asked) -> F64:
        """In proportion to trust in the other, or in those across in the space."""
        if asked.other is None:
            trust = trust_about(world, asked.space, asked.portfolio)
        else:
            trust = trust_between(world, asked.space, asked.portfolio, asked.other)
        return np.minimum(base * over_strangers(world, trust), 1.0)

    def leaves_to_funder(self, world: World, item: I64, mine: I64, theirs: I64) -> F64:
        """Who does not trust the other to build what it funds builds it too."""
        trust = trust_between(world, world.pipeline.space[item], mine, theirs)
        return np.minimum(over_strangers(world, trust), 1.0)

    def tells(self, world: World, item: I64, mine: I64, theirs: I64) -> F64:
        """In proportion to trust."""
        return over_strangers(world, trust_between(world, world.pipeline.space[item], mine, theirs))

    def municipality_comes(self, world: World, invited: Invited) -> F64:
        """In proportion to trust in those who have seats."""
        trust = trust_in_seats(world, invited.town, invited.forum, invited.seats)
        return (invited.habit + invited.law) * over_strangers(world, trust) - invited.fatigue

    def department_comes(self, world: World, seats: Seats) -> F64:
        """In proportion to trust between it and the municipalities concerned."""
        if not len(seats.spaces):
            return seats.habit
        trust = mean_of(trust_in_spaces(world)[:, :-1], seats.spaces)
        return np.minimum(seats.habit * over_strangers(world, trust), 1.0)

    def met_overlap(self, world: World, item: I64, mine: I64, theirs: I64, withdrew: Flags) -> None:
        """Giving way is a good turn between a municipality and a department; going ahead is a bad one."""
        departments, money = len(world.institutions.departments), world.portfolios
        a, b = money.actor[mine], money.actor[theirs]
        across = (a >= departments) ^ (b >= departments)
        town, seat = np.maximum(a, b) - departments, np.minimum(a, b)
        for kept in (True, False):
            which = across & (withdrew == kept)
            (world.now.kept if kept else world.now.broken).append((town[which], seat[which]))


def over_strangers(world: World, trust: F64) -> F64:
    """What trust makes of a chance, over what the trust of strangers does; nothing in the frozen world."""
    if not thawed(world):
        return np.ones(np.shape(trust))
    p = world.params[TrustBasedNumbers]
    return np.asarray((trust / world.params[Trusting].initial) ** p.steepness)
