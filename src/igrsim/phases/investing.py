"""A provincial investment plan: departments put places of economic potential first, beyond a basic package."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.params import Params, param
from igrsim.places.geography import country_of
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]

BASIC = ("water", "energy", "health", "education", "social")
"""Sectors of the basic package that every place gets as its needs are: potential does not count."""
LINKS = ("roads",)
"""Sectors that link places to growth centres: potential does not count either."""
CLASSES = ("B4", "B3", "B2", "B1", "A")
"""Classes of municipalities from the least to the greatest economic potential, in even steps; districts build where their locals are."""


class InvestmentPlan(Params, group="investment-plan"):
    """What a place's potential is, how much it counts, and what the plan takes."""

    weight: float = param(
        1.5, unit="log severity", low=0.5, high=3.0, grade="assumed", source="s0-wc-so10",
        meaning="how far departments put a place of the highest potential before one of none, outside the basic package and links",
    )  # fmt: skip
    class_part: float = param(
        0.5, unit="share", low=0.0, high=1.0, grade="assumed", source="assumption",
        meaning="part of a place's potential that is its class (metro, secondary city, large town, small town, rural); the rest is its rank by population",
    )  # fmt: skip
    province_hours: float = param(
        30, unit="hours a month", low=10, high=100, grade="assumed", source="s0-wc-so10",
        meaning="of the province for each space, to make the investment plan and keep it",
    )  # fmt: skip
    appraising: float = param(
        1.0, unit="hours a project", low=0.25, high=4, grade="assumed", source="assumption",
        meaning="a department's hours to appraise one drafted project by the plan",
    )  # fmt: skip


def keep_investment_plan(world: World) -> None:
    """Charge what making and keeping the plan takes of provinces."""
    extent = world.rules.by_space("investment_plan")
    if extent.any():
        hours = world.params[InvestmentPlan].province_hours
        world.charge("plans", "province", np.arange(world.spaces), np.rint(60 * hours * extent).astype(np.int64))


def potential(world: World) -> F64:
    """Economic potential of each municipality, 0 to 1, over the whole country: half its class, half its rank by population."""
    everyone = country_of(world.geography).municipalities
    part = world.params[InvestmentPlan].class_part
    steps = np.linspace(0.0, 1.0, len(CLASSES))
    settled = np.array([c != "C" for c in everyone.categories])
    grade = np.array([steps[CLASSES.index(c)] if c in CLASSES else 0.0 for c in everyone.miif])
    smaller = np.searchsorted(np.sort(everyone.population[settled]), everyone.population)
    rank = smaller / max(int(settled.sum()) - 1, 1)
    found = np.where(settled, part * grade + (1 - part) * rank, 0.0)
    return np.asarray(found[[everyone.index[code] for code in world.geography.municipalities.codes]])


def directed(world: World, item: I64, portfolio: I64) -> Flags:
    """Whether a project falls under the plan: a department's, of a sector beyond the basic package and links."""
    money = world.portfolios
    apart = [k for k, s in enumerate(world.institutions.sectors) if s.code in BASIC + LINKS]
    theirs = ~money.municipal[portfolio] & ~money.private[portfolio]
    return np.asarray(theirs & ~np.isin(world.pipeline.sector[item], apart))


def growth_first(world: World, item: I64, portfolio: I64) -> F64:
    """Log severity that departments add to projects where the plan sees potential."""
    good = world.good("investment_plan")
    if not good.any():
        return np.zeros(len(item))
    items = world.pipeline
    pull = world.params[InvestmentPlan].weight * good[items.space[item]] * potential(world)[items.municipality[item]]
    return np.where(directed(world, item, portfolio), pull, 0.0)


def appraisal(world: World, item: I64, portfolio: I64) -> F64:
    """Hours that each project in draft takes its department to appraise by the plan."""
    extent = world.rules.by_space("investment_plan")[world.pipeline.space[item]]
    return np.where(directed(world, item, portfolio), world.params[InvestmentPlan].appraising * extent, 0.0)
