"""Items of need and problems between governments arise, the same in every arm."""

from __future__ import annotations

import numpy as np

from igrsim.kernel.draws import fold_array
from igrsim.kernel.params import Params, param
from igrsim.plans.pipeline import USUAL_MONEY, Planning, Programme, SectorShares
from igrsim.world.world import World


class Arising(Params, group="arising"):
    """How often matters arise that governments must settle with each other."""

    problems: float = param(
        0.5, unit="problems a month", low=0.2, high=1.2, grade="assumed", source="assumption",
        meaning="coordination problems that arise in a space and sector",
    )  # fmt: skip


def need(world: World) -> None:
    """Let a month's items and problems arise."""
    _items(world)
    _problems(world)


def _items(world: World) -> None:
    # a year's items arise in April, those of the stock at the start of the study
    first = world.month == 0
    if not first and world.calendar_month != 4:
        return
    programme, parts, planning = world.params[Programme], world.params[SectorShares], world.params[Planning]
    table = world.geography.municipalities
    sectors = world.institutions.sectors
    total = sum(getattr(parts, s.code) for s in sectors)
    years = programme.opening_years if first else 1.0
    settled = np.flatnonzero([c != "C" for c in table.categories])
    for k, sector in enumerate(sectors):
        money = programme.per_person * table.population[settled] * getattr(parts, sector.code) / total
        median = programme.item_cost * (money / USUAL_MONEY) ** programme.cost_scale
        mean_cost = median * np.exp(programme.cost_spread**2 / 2)
        mean = programme.need_per_money * money * years / mean_cost
        when = world.ordinal
        place = fold_array(world.municipality_keys[settled], world.sector_keys[k])
        count = world.draws["items that arise"].poisson(mean, when, place)
        rows = np.repeat(np.arange(len(settled)), count)
        if len(rows) == 0:
            continue
        ordinal = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
        key = fold_array(fold_array(place[rows], when), ordinal)
        z = world.draws["severity"].normal(key)
        cost = median[rows] * np.exp(programme.cost_spread * world.draws["cost"].normal(key))
        municipality = settled[rows]
        world.pipeline.add(
            municipality=municipality,
            sector=np.full(len(rows), k),
            space=world.municipality_space[municipality],
            severity=np.exp(planning.severity_spread * z),
            cents=np.rint(100 * cost).astype(np.int64),
            born=world.month,
            key=key,
        )
        world.totals["items arisen"] += len(rows)


def _problems(world: World) -> None:
    problems = world.problems
    rate = world.params[Arising].problems
    place = fold_array(world.space_keys[:, None], world.sector_keys[None, :])
    count = world.draws["problems that arise"].poisson(np.full(place.shape, rate), world.ordinal, place).ravel()
    total = int(count.sum())
    world.totals["problems arisen"] += total
    rows = np.repeat(np.arange(place.size), count)
    ordinal = np.arange(total) - np.repeat(np.cumsum(count) - count, count)
    most = problems.spent.shape[1]
    keep = problems.open
    problems.space = np.concatenate([problems.space[keep], rows // place.shape[1]])
    problems.sector = np.concatenate([problems.sector[keep], rows % place.shape[1]])
    problems.born = np.concatenate([problems.born[keep], np.full(total, world.month)])
    problems.key = np.concatenate(
        [problems.key[keep], fold_array(fold_array(place.ravel()[rows], world.ordinal), ordinal)]
    )
    problems.spent = np.concatenate([problems.spent[keep], np.zeros((total, most))])
    problems.tabled = np.concatenate([problems.tabled[keep], np.full((total, most), -99)])
    problems.referred = np.concatenate([problems.referred[keep], np.full(total, -1)])
    problems.open = np.ones(len(problems.key), np.bool_)
