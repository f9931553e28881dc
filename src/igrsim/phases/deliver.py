"""What was committed is procured and built, as far as skill and luck go, and comes to stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.plans.works import Delivery, pay
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

STRANDED_AFTER = 24
"""Months after which a part that stands without its complement counts as stranded."""


def deliver(world: World) -> None:
    """Pay for works, let items come to stand, note promises kept and broken, and count the state of needs."""
    works, purses, items = world.works, world.purses, world.pipeline
    delivery = world.params[Delivery]
    if len(works):
        till = world.portfolios.till
        room = np.floor(np.bincount(till, weights=throughput(world) * purses.year) / 12).astype(np.int64)
        step = np.ceil(works.cents / max(delivery.construction_months, 1.0)).astype(np.int64)
        let = works.let <= world.month
        items.building[works.item[let], works.slot[let]] = True
        wanted = np.where(works.let <= world.month, np.minimum(works.cents - works.spent, step), 0)
        due = np.flatnonzero(wanted)
        turn = np.lexsort((items.key[works.item[due]], works.begun[due])).argsort()
        paid = np.zeros(len(works), np.int64)
        paid[due] = pay(till[works.portfolio[due]], wanted[due], room, turn)
        works.spent += paid
        np.add.at(purses.paid, works.portfolio, paid)
        np.add.at(purses.spent, works.portfolio, paid)
        np.add.at(world.now.by_municipality["spent_cents"], items.municipality[works.item], paid)
        stands = works.spent == works.cents
        done = works.item[stands]
        items.delivered_by[done] = np.minimum(items.delivered_by[done], world.month)
        late = ~stands & ~works.late & (world.month > works.due + round(delivery.late_after))
        # what was begun before the study was promised by others
        ours = works.begun >= 0
        kept = stands & ~works.late & ours
        world.promise(True, items.municipality[works.item[kept]], works.portfolio[kept])
        world.promise(False, items.municipality[works.item[late & ours]], works.portfolio[late & ours])
        works.late |= late
        works.keep(~stands)
    _count_needs(world)


def throughput(world: World) -> F64:
    """Share of a year's money of each purse that its till can pay out: skill, and the luck of its actor's year."""
    p, money = world.params[Delivery], world.portfolios
    departments = len(world.institutions.departments)
    town = np.maximum(money.actor - departments, 0)
    municipal = world.delivery_skill(p.finance_part)[town]
    skill = np.where(money.municipal, municipal, p.department_skill)
    luck = np.exp(p.luck * _years_luck(world, town))
    return np.asarray(1 - np.exp(-p.throughput * skill * luck))


def _years_luck(world: World, town: I64) -> F64:
    """How each purse's actor fares in its financial year, in standard deviations; drawn when a year begins."""
    years = tuple(_year_of(world, first) for first in (7, 4))
    kept: dict[tuple[int, ...], F64] = world.calendars.setdefault("luck of the year", {})
    if years not in kept:
        money, departments = world.portfolios, len(world.institutions.departments)
        homes = np.array([c.key for c in world.centres[1:]], dtype=np.uint64)[world.space_province[money.space]]
        seat = np.minimum(money.actor, departments - 1)
        year = np.where(money.municipal, *years)
        z_town = world.draws["a municipality's year"].normal(year, world.municipality_keys[town])
        z_department = world.draws["a department's year"].normal(year, homes, world.seat_keys[seat])
        kept[years] = np.where(money.municipal, z_town, z_department)
    return kept[years]


def _year_of(world: World, first: int) -> int:
    """The financial year, by the year in which it begins."""
    return world.clock.date(world.month).year - (world.calendar_month < first)


def _count_needs(world: World) -> None:
    items, now = world.pipeline, world.now.by_municipality
    standing = items.open(world.month)
    ppm = np.rint(1e6 * items.severity).astype(np.int64)
    unfunded = standing & ~items.funded.any(axis=1)
    np.add.at(now["severity_open"], items.municipality[standing], ppm[standing])
    np.add.at(now["severity_unfunded"], items.municipality[unfunded], ppm[unfunded])
    parts = (items.needs >= 0) & (items.delivered_by <= world.month - STRANDED_AFTER)
    alone = parts & ~items.complete(world.month)
    np.add.at(now["parts_cents"], items.municipality[parts], items.cents[parts])
    np.add.at(now["stranded_cents"], items.municipality[alone], items.cents[alone])
    disputed = standing & (items.dispute > 0)
    np.add.at(now["disputed_items"], items.municipality[disputed], 1)
