"""Adjustments budgets: what can still be moved in the year, what grants are stopped, what money is left to commit.

Departments adjust in October and November, municipalities to 28 February. What contracts have been let for cannot move.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.phases.commit import enter, purses_of
from igrsim.phases.giving_way import behind, yields
from igrsim.phases.knowing import complement_missing, knows, perceived, sight
from igrsim.phases.plan import eligible, others_known, pick
from igrsim.plans.calendars import CYCLES, MUNICIPALITIES, Cycle
from igrsim.plans.pipeline import NEVER, select
from igrsim.plans.works import Delivery
from igrsim.world.world import World

I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


def adjust(world: World) -> None:
    """Move what may be moved, where the calendar says so."""
    for cycle in world.visit(CYCLES):
        if world.calendar_month == cycle.adjust_month:
            _redirect(world, cycle)
            if cycle.sphere == "municipalities":
                _stop_and_reallocate(world)
                _pool_grants(world)
            _commit_what_is_left(world, cycle)


def _redirect(world: World, cycle: Cycle) -> None:
    """Take back projects without a contract that turn out to be another's as well, within what virement allows."""
    items, money, works = world.pipeline, world.portfolios, world.works
    delivery = world.params[Delivery]
    mine = purses_of(world, cycle)[works.portfolio] & (works.let > world.month)
    slots = money.slots[items.municipality, items.sector]
    # the luck of the financial year that is being adjusted
    year = world.clock.date(world.month).year - (cycle.adjust_month < cycle.commit_month)
    found = np.zeros(len(works), np.bool_)
    leaving = np.zeros(len(works), np.bool_)
    for other in range(items.slots):
        about = np.flatnonzero(mine & items.funded[works.item, other] & (works.slot != other))
        if len(about) == 0:
            continue
        item, own = works.item[about], works.portfolio[about]
        theirs = slots[item, other]
        both = items.compared[item, works.slot[about]] & items.compared[item, other]
        overlap = behind(world, item, own, works.slot[about], theirs, other) & (
            (
                knows(world, item, own, theirs, year)
                < sight(world, item, own, theirs, False, both, items.building[item, other])
            )
            | items.conceded[item]
        )
        found[about] |= overlap
        gone = overlap & yields(world, item, own, theirs, year)
        leaving[about] |= gone
        world.planners.met_overlap(world, item[overlap], own[overlap], theirs[overlap], gone[overlap])
    share = np.where(money.municipal, delivery.municipal_shift, delivery.virement)
    vote = votes(world)
    items.unyielded[works.item[found & ~leaving]] = world.month
    limit = np.floor(np.bincount(vote, weights=share * world.purses.year)).astype(np.int64)
    moved = np.zeros(len(works), np.bool_)
    rows = np.flatnonzero(leaving)
    if len(rows):
        turn = (items.key[works.item[rows]] >> np.uint64(1)).astype(np.int64)
        moved[rows] = select(vote[works.portfolio[rows]], np.zeros(len(rows)), works.cents[rows], limit, turn)
    now = world.now.by_municipality
    for name, which in (("overlap_found_cents", found), ("overlap_moved_cents", moved)):
        np.add.at(now[name], items.municipality[works.item[which]], works.cents[which])
    take_back(world, moved)


def votes(world: World) -> I64:
    """The vote whose main division each purse is part of: a municipality's, or a department's programme in a province."""
    money = world.portfolios
    sector = np.where(money.municipal, -1, money.sector)
    place = np.where(money.municipal, -1, world.space_province[money.space])
    return np.asarray(np.unique(np.stack([money.actor, sector, place]), axis=1, return_inverse=True)[1]).reshape(-1)


def take_back(world: World, which: Flags) -> None:
    """Projects without a contract are given up; their money is free again."""
    items, works, purses = world.pipeline, world.works, world.purses
    item, slot, portfolio, cents = (c[which] for c in (works.item, works.slot, works.portfolio, works.cents))
    touched, row = np.unique(item, return_inverse=True)
    before = np.maximum(items.funded[touched].sum(axis=1) - 1, 0)
    items.funded[item, slot] = False
    items.building[item, slot] = False
    own = items.owner[item] == slot
    items.paid_in[item[own]] = NEVER
    fewer = before - np.maximum(items.funded[touched].sum(axis=1) - 1, 0)
    # what was doubled before the study was never counted, so taking it back undoes nothing that was
    ours = np.minimum(np.bincount(row, weights=works.begun[which] >= 0, minlength=len(touched)).astype(np.int64), fewer)
    for whose, count in (("duplicates", ours), ("inherited", fewer - ours)):
        undone = count * items.cents[touched]
        np.add.at(world.now.by_municipality[f"{whose}_undone_cents"], items.municipality[touched], undone)
    np.add.at(purses.returned, portfolio, cents)
    np.add.at(purses.free, portfolio, cents)
    np.add.at(world.now.by_municipality["returned_cents"], items.municipality[item], cents)
    works.keep(~which)


def _stop_and_reallocate(world: World) -> None:
    """Grants of municipalities that hardly spend are stopped and given to those of the same sector that do (DoRA s18, s19)."""
    money, purses, works, delivery = world.portfolios, world.purses, world.works, world.params[Delivery]
    if world.month < MUNICIPALITIES.adjust_month + 12 - MUNICIPALITIES.commit_month:
        # the year under way had begun before the study
        return
    slow = money.municipal & (purses.year > 0) & (purses.paid < delivery.stop_below * purses.year)
    idle = (works.let > world.month) & slow[works.portfolio]
    uncommitted = np.zeros(len(purses.free), np.int64)
    np.add.at(uncommitted, works.portfolio[idle], works.cents[idle])
    target = np.where(slow, np.floor(delivery.stopped * (np.maximum(purses.free, 0) + uncommitted)), 0).astype(np.int64)
    short = np.maximum(target - purses.free, 0)
    rows = np.flatnonzero(idle)
    if len(rows):
        given_up = np.zeros(len(works), np.bool_)
        turn = (world.pipeline.key[works.item[rows]] >> np.uint64(1)).astype(np.int64)
        # the latest commitments go first
        given_up[rows] = select(works.portfolio[rows], works.begun[rows].astype(float), works.cents[rows], short, turn)
        take_back(world, given_up)
    # what was rolled over from earlier years is no part of this year's allocation
    taken = np.where(slow, np.clip(np.minimum(target, purses.free), 0, purses.year), 0)
    able = money.municipal & (purses.paid >= 2 * delivery.stop_below * purses.year) & (purses.year > 0)
    given = np.zeros(len(taken), np.int64)
    for sector in np.unique(money.sector):
        to = np.flatnonzero(able & (money.sector == sector))
        pot = int(taken[money.sector == sector].sum())
        if len(to) == 0:
            # nobody can take it: it stays where it is
            taken[money.sector == sector] = 0
            continue
        weight = purses.year[to].astype(object)
        parts = np.array([pot * int(w) // int(weight.sum()) for w in weight], dtype=np.int64)
        parts[np.argmin(money.key[to])] += pot - int(parts.sum())
        given[to] += parts
    move(world, given - taken)
    purses.year += given - taken
    world.count_by_purse("stopped_cents", money.municipal, taken)


def move(world: World, cents: I64) -> None:
    """Transfers between purses, which add up to nothing."""
    purses = world.purses
    purses.free += cents
    purses.moved += cents


def _pool_grants(world: World) -> None:
    """Where grants are consolidated, what is left in a municipality's sectors may go to the one where need seems to press most."""
    money, purses, items = world.portfolios, world.purses, world.pipeline
    # only what came as a grant; own revenue stays where the council voted it
    pooled = world.good("grants_consolidated")[money.space] * money.municipal * money.granted
    loose = np.floor(np.maximum(purses.free, 0) * pooled).astype(np.int64)
    if not loose.any():
        return
    owner = money.actor - len(world.institutions.departments)
    # the sector with what seems to the municipality the most severe need that nobody funds
    open_need = np.full((len(world.municipalities), len(world.institutions.sectors)), -np.inf)
    pairs = eligible(world, MUNICIPALITIES)
    waiting = ~items.funded[pairs.item].any(axis=1) & (owner[pairs.portfolio] == items.municipality[pairs.item])
    place = items.municipality[pairs.item[waiting]], items.sector[pairs.item[waiting]]
    np.maximum.at(open_need, place, perceived(world, pairs)[waiting])
    change = -loose
    for m in np.unique(owner[loose > 0]):
        rows = np.flatnonzero(owner == m)
        if money.slots[m, money.sector[rows]].max() < 0:
            change[rows] = 0
            continue
        best = rows[np.lexsort((money.key[rows], -open_need[m, money.sector[rows]]))[0]]
        change[best] += int(loose[rows].sum())
    move(world, change)


def _commit_what_is_left(world: World, cycle: Cycle) -> None:
    """Money still free is committed to what seems most pressing now."""
    pairs = eligible(world, cycle)
    if len(pairs.item) == 0:
        return
    banned = others_known(world, pairs) | complement_missing(world, pairs, compared=False)
    enter(world, pairs, pick(world, pairs, ~banned, np.maximum(world.purses.free, 0)))
