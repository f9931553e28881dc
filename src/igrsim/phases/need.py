"""Items of need and problems between governments arise, the same in every arm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.draws import fold_array
from igrsim.kernel.params import Params, param
from igrsim.phases.plan import inherit
from igrsim.plans.pipeline import BLOCKED, DOUBLED, FREE, USUAL_MONEY, Disputes, Planning, Programme, SectorShares
from igrsim.world.world import World

I64 = NDArray[np.int64]


class Arising(Params, group="arising"):
    """How often matters arise that governments must settle with each other."""

    problems: float = param(
        0.5, unit="problems a month", low=0.2, high=1.2, grade="assumed", source="assumption",
        meaning="coordination problems that arise in a space and sector",
    )  # fmt: skip


def need(world: World) -> None:
    """Let a month's items and problems arise."""
    # a year's items arise in April, those of the stock at the start of the study
    if world.month == 0 or world.calendar_month == 4:
        before = len(world.pipeline)
        _items(world)
        _complements(world, before)
        if world.month == 0:
            _stand_alone(world)
            inherit(world)
    _problems(world)


def _items(world: World) -> None:
    programme, parts, planning = world.params[Programme], world.params[SectorShares], world.params[Planning]
    table = world.geography.municipalities
    sectors = world.institutions.sectors
    total = sum(getattr(parts, s.code) for s in sectors)
    years = programme.opening_years if world.month == 0 else 1.0
    settled = np.flatnonzero([c != "C" for c in table.categories])
    parts_of = np.array([getattr(parts, s.code) for s in sectors], dtype=np.float64)
    # by sector and settled municipality
    money = programme.per_person * table.population[settled] * parts_of[:, None] / total
    median = programme.item_cost * (money / USUAL_MONEY) ** programme.cost_scale
    median = np.minimum(median, programme.largest * money)
    mean_cost = median * np.exp(programme.cost_spread**2 / 2)
    mean = programme.need_per_money * money * years / mean_cost * _contestable(world)[settled].T
    when = world.ordinal
    place = fold_array(world.municipality_keys[settled], world.sector_keys[:, None])
    count = world.draws["items that arise"].poisson(mean, when, place).ravel()
    rows = np.repeat(np.arange(len(count)), count)
    if len(rows) == 0:
        return
    ordinal = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    key = fold_array(fold_array(place.ravel()[rows], when), ordinal)
    z = world.draws["severity"].normal(key)
    cost = median.ravel()[rows] * np.exp(programme.cost_spread * world.draws["cost"].normal(key))
    sector, municipality = rows // len(settled), settled[rows % len(settled)]
    portfolio = world.portfolios.slots[municipality, sector]
    world.pipeline.add(
        municipality=municipality,
        sector=sector,
        space=world.municipality_space[municipality],
        severity=np.exp(planning.severity_spread * z),
        cents=np.rint(100 * cost).astype(np.int64),
        born=world.month,
        key=key,
        dispute=_disputed(world, portfolio, key),
        portfolio=portfolio,
        municipal=world.portfolios.municipal[portfolio],
    )
    world.totals["items arisen"] += len(rows)


def _contestable(world: World) -> NDArray[np.float64]:
    """Part of each sector's money, by municipality, that is not an exclusive mandate's: as large a part of needs is met here."""
    exclusive = np.zeros((2, len(world.institutions.sectors)))
    codes = [s.code for s in world.institutions.sectors]
    for m in world.institutions.mandates:
        if m.right == "exclusive":
            for metro in (0, 1):
                if m.actor not in (("metro",), ("district", "local"))[metro]:
                    exclusive[metro, codes.index(m.sector)] += m.weight
    metro = np.array([c == "A" for c in world.geography.municipalities.categories]).astype(np.int64)
    return np.asarray(1 - exclusive[metro])


def _disputed(world: World, portfolio: I64, key: NDArray[np.uint64]) -> I64:
    """Which items nobody dares to fund, and which two will whatever the other does, until that is settled."""
    disputes = world.params[Disputes]
    quarrel = ((portfolio >= 0) & world.portfolios.disputed[portfolio]).sum(axis=1) > 1
    u = world.draws["dispute over powers"].uniform(key)
    kind = np.where(u < disputes.blocked, BLOCKED, np.where(u < disputes.blocked + disputes.doubled, DOUBLED, FREE))
    return np.where(quarrel, kind, FREE)


def _complements(world: World, first: int) -> None:
    """Of the items that have just arisen, say which need which: one of the same place that depends on nothing itself."""
    items = world.pipeline
    codes = [s.code for s in world.institutions.sectors]
    fresh = np.arange(first, len(items))
    depends = np.zeros(len(fresh), np.bool_)
    luck = world.draws["depends on another"].uniform(items.key[fresh])
    for rule in world.institutions.complements:
        depends |= (items.sector[fresh] == codes.index(rule.sector)) & (luck < rule.share)
    for rule in world.institutions.complements:
        mine = fresh[depends & (items.sector[fresh] == codes.index(rule.sector))]
        theirs = fresh[~depends & (items.sector[fresh] == codes.index(rule.needs))]
        theirs = theirs[np.argsort(items.municipality[theirs], kind="stable")]
        start = np.searchsorted(items.municipality[theirs], items.municipality[mine], side="left")
        count = np.searchsorted(items.municipality[theirs], items.municipality[mine], side="right") - start
        which = world.draws["on which it depends"].uniform(items.key[mine])
        there = count > 0
        chosen = start[there] + (which[there] * count[there]).astype(np.int64)
        items.needs[mine[there]] = theirs[chosen]


def _stand_alone(world: World) -> None:
    """Some of the opening needs that depend on another stand already, with it or without."""
    items, programme = world.pipeline, world.params[Programme]
    alone = (items.needs >= 0) & (world.draws["stands alone"].uniform(items.key) < programme.stranded_stock)
    luck = world.draws["stands alone"].uniform(items.key)
    whole = (items.needs >= 0) & ~alone & (luck < programme.stranded_stock + programme.complete_stock)
    years = 5 * world.draws["stands since"].uniform(items.key)
    stood = -np.floor(12 * years).astype(np.int64)
    items.delivered_by[alone | whole] = stood[alone | whole]
    # with what it needs, which stands as long
    items.delivered_by[items.needs[whole]] = stood[whole]


def _problems(world: World) -> None:
    problems = world.problems
    rate = world.params[Arising].problems
    place = fold_array(world.space_keys[:, None], world.sector_keys[None, :])
    count = world.draws["problems that arise"].poisson(rate, world.ordinal, place).ravel()
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
