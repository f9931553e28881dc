"""Plans are exchanged before either side commits: municipalities say early what comes first, and drafts are open to others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.params import Params, param
from igrsim.phases.knowing import year_of
from igrsim.phases.plan import intended
from igrsim.phases.plan_hours import take_hours
from igrsim.plans.calendars import CYCLES, DEPARTMENTS, MUNICIPALITIES
from igrsim.plans.pipeline import where_slots
from igrsim.world.world import World

I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


class SynchronisedCalendar(Params, group="synchronised-calendar"):
    """What it takes to lay priorities down early and to exchange drafts; dates of adoption stay as the law has them."""

    early: float = param(
        2.0, unit="hours a project", low=0.5, high=6, grade="assumed", source="s3-ddm-lessons",
        meaning="a municipality's hours to lay down one priority ahead of its draft, costed enough to be planned by",
    )  # fmt: skip
    exchanging: float = param(
        0.5, unit="hours a project", low=0.1, high=2, grade="assumed", source="s3-ddm-lessons",
        meaning="hours to bring one project in draft into a form that others can read, and to go through theirs",
    )  # fmt: skip


def exchange(world: World) -> None:
    """In the month before departments draft municipalities lay down their priorities; each draft is exchanged when it is laid."""
    share = world.rules.by_space("synchronised")
    if not share.any() or len(world.pipeline) == 0:
        return
    p, items, money = world.params[SynchronisedCalendar], world.pipeline, world.portfolios
    if world.calendar_month == DEPARTMENTS.draft_month - 1:
        item, slot = where_slots(intended(world, MUNICIPALITIES))
        portfolio = items.portfolio[item, slot]
        space = items.space[item]
        take_hours(world, space, portfolio, (p.early + p.exchanging) * share[space])
        items.early[item, slot] = _opened(world, item, portfolio)
    for cycle in CYCLES:
        if world.calendar_month != cycle.draft_month:
            continue
        item, slot = where_slots(items.drafted & items.of_sphere(cycle.sphere == "municipalities"))
        public = ~money.private[items.portfolio[item, slot]]
        item, slot = item[public], slot[public]
        space = items.space[item]
        portfolio = items.portfolio[item, slot]
        take_hours(world, space, portfolio, p.exchanging * share[space])
        items.exchanged[item, slot] = _opened(world, item, portfolio)


def _opened(world: World, item: I64, portfolio: I64) -> Flags:
    """Which projects are among those that are opened to other governments."""
    items, money = world.pipeline, world.portfolios
    luck = world.draws["draft exchanged"].uniform(year_of(world), items.key[item], money.key[portfolio])
    return np.asarray((luck < world.good("synchronised")[items.space[item]]) & ~money.private[portfolio])
