"""What was committed is procured and built, as far as skill and luck go, and comes to stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.plans.works import Delivery, pay, total
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
        works.queue(till, items.key)
        let = np.flatnonzero(works.let <= world.month)
        item, portfolio, cents, before = (c[let] for c in (works.item, works.portfolio, works.cents, works.spent))
        # what was paid for before is being built for all to see already
        fresh = before == 0
        items.building[item[fresh], works.slot[let[fresh]]] = True
        step = np.ceil(cents / max(delivery.construction_months, 1.0)).astype(np.int64)
        paid = pay(till[portfolio], np.minimum(cents - before, step), room)
        works.spent[let] += paid
        by_purse = total(portfolio, paid, len(purses.paid))
        purses.paid += by_purse
        purses.spent += by_purse
        where = items.municipality[item]
        world.now.by_municipality["spent_cents"] += total(where, paid, len(world.municipalities))
        stands = works.spent == works.cents
        done = works.item[stands]
        items.delivered_by[done] = np.minimum(items.delivered_by[done], world.month)
        late = ~stands & ~works.late & (world.month > works.due + round(delivery.late_after))
        # what was begun before the study was promised by others
        ours = works.begun >= 0
        kept, broken = stands & ~works.late & ours, late & ours
        for whole, which in ((True, kept), (False, broken)):
            world.promise(whole, items.municipality[works.item[which]], works.portfolio[which])
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
    items, now, towns = world.pipeline, world.now.by_municipality, len(world.municipalities)
    waiting = np.flatnonzero(items.open(world.month))
    # side by side: what somebody funds, and what nobody does
    place = 2 * items.municipality[waiting] + ~items.funded.any(axis=1)[waiting]
    ppm = total(place, np.rint(1e6 * items.severity[waiting]), 2 * towns).reshape(towns, 2)
    now["severity_open"] += ppm.sum(axis=1)
    now["severity_unfunded"] += ppm[:, 1]
    disputed = np.flatnonzero(items.dispute > 0)
    disputed = disputed[items.delivered_by[disputed] > world.month]
    now["disputed_items"] += np.bincount(items.municipality[disputed], minlength=towns)
    stood = np.flatnonzero(items.delivered_by <= world.month - STRANDED_AFTER)
    parts = stood[items.needs[stood] >= 0]
    where, cents = items.municipality[parts], items.cents[parts]
    now["parts_cents"] += total(where, cents, towns)
    now["stranded_cents"] += total(where, cents * (items.delivered_by[items.needs[parts]] > world.month), towns)
