"""Adjustments budgets: what can still be moved in the year, what grants are stopped, what money is left to commit.

Departments adjust in October and November, municipalities to 28 February. What contracts have been let for cannot move.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.phases.commit import enter, purses_of
from igrsim.phases.giving_way import behind, yields
from igrsim.phases.knowing import Pairs, complement_missing, knows, perceived, sight
from igrsim.phases.plan import eligible, others_known, pick, within_means
from igrsim.plans.calendars import CYCLES, MUNICIPALITIES, Cycle
from igrsim.plans.pipeline import NEVER, select
from igrsim.plans.works import Delivery, total
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
    # the luck of the financial year that is being adjusted
    year = world.clock.date(world.month).year - (cycle.adjust_month < cycle.commit_month)
    mine = np.flatnonzero(purses_of(world, cycle)[works.portfolio] & (works.let > world.month))
    about, other = Pairs(works.item[mine], works.slot[mine], works.portfolio[mine]).meeting(items.funded)
    about = mine[about]
    theirs = items.portfolio[works.item[about], other]
    gives_way = behind(world, works.item[about], works.portfolio[about], works.slot[about], theirs, other)
    about, other, theirs = about[gives_way], other[gives_way], theirs[gives_way]
    item, slot, own = works.item[about], works.slot[about], works.portfolio[about]
    both = items.compared[item, slot] & items.compared[item, other]
    seen = sight(world, item, own, theirs, False, both, items.building[item, other])
    overlap = (knows(world, item, own, theirs, year) < seen) | items.conceded[item]
    about, item, own, theirs = about[overlap], item[overlap], own[overlap], theirs[overlap]
    gone = yields(world, item, own, theirs, year)
    world.planners.met_overlap(world, item, own, theirs, gone)
    found, leaving = np.zeros((2, len(works)), np.bool_)
    found[about] = True
    leaving[about[gone]] = True
    share = np.where(money.municipal, delivery.municipal_shift, delivery.virement)
    vote = votes(world)
    items.unyielded[works.item[found & ~leaving]] = world.month
    limit = np.floor(np.bincount(vote, weights=share * world.purses.year)).astype(np.int64)
    moved = np.zeros(len(works), np.bool_)
    rows = np.flatnonzero(leaving)
    if len(rows):
        turn = (items.key[works.item[rows]] >> np.uint64(1)).astype(np.int64)
        moved[rows] = select(vote[works.portfolio[rows]], np.zeros(len(rows)), works.cents[rows], limit, turn)
    now, towns = world.now.by_municipality, len(world.municipalities)
    for name, which in (("overlap_found_cents", found), ("overlap_moved_cents", moved)):
        now[name] += total(items.municipality[works.item[which]], works.cents[which], towns)
    take_back(world, moved)


def votes(world: World) -> I64:
    """The vote whose main division each purse is part of: a municipality's, or a department's programme in a province."""
    money, sectors, provinces = world.portfolios, len(world.institutions.sectors), len(world.centres)
    division = money.sector * provinces + world.space_province[money.space]
    whole = money.actor * (sectors * provinces + 1) + np.where(money.municipal, 0, 1 + division)
    return np.asarray(np.unique(whole, return_inverse=True)[1])


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
    uncommitted = total(works.portfolio[idle], works.cents[idle], len(purses.free))
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
        # products of cents outgrow 64 bits
        weights = purses.year[to].tolist()
        whole = sum(weights)
        parts = np.array([pot * weight // whole for weight in weights], dtype=np.int64)
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
    pairs, waits = eligible(world, MUNICIPALITIES), ~items.funded.any(axis=1)
    waiting = pairs.those(waits[pairs.item] & (owner[pairs.portfolio] == items.municipality[pairs.item]))
    place = items.municipality[waiting.item], items.sector[waiting.item]
    np.maximum.at(open_need, place, perceived(world, waiting))
    change = -loose
    rows = np.flatnonzero(money.municipal)
    m, sector = owner[rows], money.sector[rows]
    pool = total(m, loose[rows], len(open_need))
    # whoever builds for others, as districts do, has no needs of its own to choose among
    chooses = np.bincount(m, weights=money.slots[m, sector].max(axis=1) >= 0, minlength=len(open_need)) > 0
    change[rows[~chooses[m]]] = 0
    order = rows[np.lexsort((money.key[rows], -open_need[m, sector], m))]
    best = order[np.unique(owner[order], return_index=True)[1]]
    best = best[chooses[owner[best]]]
    change[best] += pool[owner[best]]
    move(world, change)


def _commit_what_is_left(world: World, cycle: Cycle) -> None:
    """Money still free is committed to what seems most pressing now."""
    free = np.maximum(world.purses.free, 0)
    pairs = within_means(world, eligible(world, cycle), free)
    if len(pairs) == 0:
        return
    banned = others_known(world, pairs) | complement_missing(world, pairs, compared=False)
    enter(world, pairs.those(pick(world, pairs, ~banned, free)))
