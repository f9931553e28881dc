"""From commitment to contract: how long it takes, and what retired procedures and differentiated norms take off it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.working_group import WorkingGroupWork
from igrsim.kernel.params import Params, param
from igrsim.places.norms import load_norms
from igrsim.plans.works import Delivery
from igrsim.world.frozen import Frozen
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Letting(Params, group="letting"):
    """What of the time to a contract is no use to anybody. It is part of today's time, not on top of it."""

    unhelpful: float = param(
        0.3, unit="share", low=0.1, high=0.5, grade="assumed", source="s4-harvester",
        meaning="of the time from commitment to contract that all unhelpful procedures together take; the rest is what fair, open and costed procurement needs",
    )  # fmt: skip
    unfit: float = param(
        0.25, unit="share", low=0.05, high=0.5, grade="assumed", source="s4-harvester",
        meaning="items built to a national norm, in places unlike the norm, that wait for leave to deviate from it",
    )  # fmt: skip
    deviation_months: float = param(
        4, unit="months", low=1, high=9, grade="assumed", source="assumption",
        meaning="that such leave takes, as part of the time to a contract",
    )  # fmt: skip
    mostly_rural: float = param(
        0.5, unit="share", low=0.3, high=0.8, grade="assumed", source="assumption",
        meaning="of people in traditional and farm areas from which a place counts as sparse, and so unlike the norm; metros count as dense",
    )  # fmt: skip


def procurement(world: World, item: I64, portfolio: I64) -> I64:
    """Months from commitment to contract of each project: some are ready, others wait for studies, land or a second tender."""
    p = world.params[Delivery]
    z = world.draws["procurement"].normal(world.pipeline.key[item], world.portfolios.key[portfolio])
    months = p.procurement_months * np.exp(p.procurement_spread * z)
    months = months * (1 - _without_procedures(world)[world.pipeline.space[item]])
    months = months - _deviation_spared(world, item, months)
    return np.maximum(np.rint(months), 1).astype(np.int64)


def _without_procedures(world: World) -> F64:
    """Share of the time to a contract that procedures given up took, by space."""
    among = max(round(world.params[WorkingGroupWork].procedures), 1)
    group = world.group
    gone = np.minimum(group.taken_over, group.given_up * world.rules.by_space("enabling_finance"))
    return world.params[Letting].unhelpful * gone / among * (1 - world.params[Frozen].benefits)


def _deviation_spared(world: World, item: I64, months: F64) -> F64:
    """Months of waiting for leave to deviate that a standard of the space's own makes needless."""
    items, p = world.pipeline, world.params[Letting]
    own = world.group.differentiated
    if not own.any():
        return np.zeros(len(item))
    space = items.space[item]
    waits = (
        world.draws["norm does not fit"].uniform(items.key[item]) < p.unfit * world.good("norms_differentiated")[space]
    )
    waits &= own[space, items.sector[item]] & unlike(world)[items.municipality[item]]
    return np.where(waits, np.clip(months - 1, 0.0, p.deviation_months), 0.0)


def unlike(world: World) -> Flags:
    """Municipalities that national norms, written for a middling town, do not fit: dense metros and sparse rural places."""
    table = world.geography.municipalities
    metro = np.array([c == "A" for c in table.categories])
    return np.asarray(metro | (table.rural_share >= world.params[Letting].mostly_rural))


def bound(world: World) -> Flags:
    """Sectors that build to a national norm."""
    codes = {norm.sector for norm in load_norms()}
    return np.array([s.code in codes for s in world.institutions.sectors])
