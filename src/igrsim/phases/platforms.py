"""Linked platforms: which projects of plans and budgets their actors enter in one pipeline, for the others to see."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.params import Params, param
from igrsim.phases.honouring import inclined
from igrsim.world.world import World

I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Platforms(Params, group="platforms"):
    """What is entered on linked platforms, and what planners find there."""

    entered: float = param(
        0.6, unit="share", low=0.3, high=0.9, grade="assumed", source="s4-harvester",
        meaning="projects that their actors enter on linked platforms; of a municipality's only such part as its data quality allows",
    )  # fmt: skip
    committed_sight: float = param(
        0.5, unit="share", low=0.2, high=0.8, grade="assumed", source="s4-harvester",
        meaning="chance that a planner learns of another's committed project which is entered there, beside what is published anyhow",
    )  # fmt: skip
    draft_sight: float = param(
        0.2, unit="share", low=0.05, high=0.5, grade="assumed", source="assumption",
        meaning="chance that a planner learns of another's draft which is entered there; few open a draft of another's",
    )  # fmt: skip


def entered(world: World, item: I64, portfolio: I64) -> Flags:
    """Whether an actor's project is entered on the linked platforms of its space, with its place."""
    extent = world.good("platforms_linked")
    if not extent.any():
        return np.zeros(len(item), np.bool_)
    space = world.pipeline.space[item]
    extent = extent[space]
    money, departments = world.portfolios, len(world.institutions.departments)
    town = np.maximum(money.actor[portfolio] - departments, 0)
    chance = inclined(world, world.params[Platforms].entered, space, portfolio)
    chance = np.where(money.municipal[portfolio], chance * world.data_quality()[town], chance)
    # companies' plans lie with the regulator, and come in only with a compact
    chance = np.where(money.private[portfolio], chance * world.good("private_compact")[space], chance)
    u = world.draws["project entered on platforms"].uniform(world.pipeline.key[item], money.key[portfolio])
    return np.asarray(u < chance * extent)
