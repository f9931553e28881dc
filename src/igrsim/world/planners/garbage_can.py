"""Garbage-can planners: what gets done is what is on the table when the window closes, if anyone has time for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.params import Params, param
from igrsim.world.planners._base import Asked, Invited, Planners, thawed
from igrsim.world.planners.forces import attention

if TYPE_CHECKING:
    from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


class GarbageCanNumbers(Params, group="garbage-can"):
    """How much time those with a say have, and how long a problem stays fresh."""

    energy: float = param(
        0.4, unit="share", low=0.15, high=0.75, grade="assumed", source="cohen-march-olsen-1972",
        meaning="garbage-can planners: chance that somebody with a say has time for a matter when it must be decided, where meetings and reports take none of it; in the simulated cans most decisions solve no problem",
    )  # fmt: skip
    fresh: float = param(
        0.5, unit="places of the table", low=0.0, high=1.0, grade="assumed", source="assumption",
        meaning="garbage-can planners: how far up an item that has just arisen lies on a table on which the others lie by chance between 0 and 1",
    )  # fmt: skip
    stale: float = param(
        9, unit="months", low=3, high=18, grade="assumed", source="assumption",
        meaning="garbage-can planners: time in which half of that is gone",
    )  # fmt: skip


class GarbageCan(Planners):
    """Problems, choices and people meet by timing (Cohen, March and Olsen 1972; Fioretti and Lomi 2008).

    A plan is a choice opportunity with a date. If those with a say have time, it is decided by weighing needs (resolution);
    otherwise items are taken as they lie on the table that month (oversight), what arose lately nearer the top. An overlap or an
    agreement is dealt with only if someone has time for it then; otherwise both go ahead, or it moves on (flight). Time for it
    is what a municipality's meetings and reports leave, and what principals' attention brings. Who comes to a meeting depends
    on what else is on, not on the law or on what came of earlier ones.
    """

    id = "garbage-can"
    title = "Garbage can"
    theory = "Problems, choices and people's time meet by timing: most is decided by oversight or flight, little by weighing needs."
    source = "cohen-march-olsen-1972;fioretti-lomi-2008"
    changes = (
        "how plans are filled (as items lie on the table, unless somebody has time to weigh them), what makes actors do as agreed "
        "(time for it, which load takes and principals' attention brings; nothing else), whether known commitments of others are "
        "heeded, who comes to meetings (who has nothing else on)"
    )
    leaves = "what is seen of others, departments' habits at meetings, answers to requests"

    def rank(self, world: World, item: I64, portfolio: I64, need: F64) -> F64:
        """By need in the purses whose plan somebody has time to weigh, else as items lie on the table this month."""
        p, money, items = world.params[GarbageCanNumbers], world.portfolios, world.pipeline
        weighed = world.draws["plan decided by resolution"].uniform(world.ordinal, money.key[portfolio])
        lies = world.draws["on the table when the window closes"].uniform(
            world.ordinal, items.key[item], money.key[portfolio]
        )
        age = np.maximum(world.month - items.born[item], 0)
        table = lies + p.fresh * 0.5 ** (age / p.stale)
        return np.where(weighed < time_for_it(world, money.space[portfolio], portfolio), need, table)

    def heeds(self, world: World, base: float, asked: Asked) -> F64:
        """As often as in silos, if someone has time."""
        return base * time_for_it(world, asked.space, asked.portfolio)

    def leaves_to_funder(self, world: World, item: I64, mine: I64, theirs: I64) -> F64:
        """What is known of others counts if someone has time to think of it."""
        return time_for_it(world, world.pipeline.space[item], mine)

    def municipality_comes(self, world: World, invited: Invited) -> F64:
        """Who has nothing else on."""
        return invited.habit / (1 + _load(world)[invited.town])


def time_for_it(world: World, space: I64, portfolio: I64) -> F64:
    """Chance that somebody with a say has time for a matter of an actor about a space."""
    departments = len(world.institutions.departments)
    actor = world.portfolios.actor[portfolio]
    town = np.maximum(actor - departments, 0)
    # in the frozen world a municipality's time is that of one without meetings, whatever it has
    load = np.where(actor >= departments, _load(world)[town], 0.0) * thawed(world)
    own = world.params[GarbageCanNumbers].energy / (1 + load)
    return np.asarray(own + (1 - own) * attention(world)[space])


def _load(world: World) -> F64:
    return np.array([m.load for m in world.municipalities])
