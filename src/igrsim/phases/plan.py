"""Departments in September and municipalities in March lay down which items they mean to fund."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.hub import HubWork
from igrsim.kernel.params import Params, param
from igrsim.phases.honouring import inclined
from igrsim.phases.investing import appraisal
from igrsim.phases.knowing import Pairs, complement_missing, knows, perceived, sight, tables, year_of
from igrsim.phases.letting import procurement
from igrsim.phases.plan_hours import take_hours
from igrsim.phases.seen_drafts import others_mean
from igrsim.plans.calendars import CYCLES, Cycle
from igrsim.plans.pipeline import BLOCKED, DOUBLED, NEVER, Planning, Programme, by_turn, where_slots
from igrsim.plans.works import Delivery, total
from igrsim.world.frozen import Frozen
from igrsim.world.planners._base import turn
from igrsim.world.world import BEARERS, World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


class PlanningHours(Params, group="planning-hours"):
    """What planning together takes of those who plan."""

    mapping: float = param(
        3.0, unit="hours a project", low=0.5, high=8, grade="assumed", source="assumption",
        meaning="a department's hours to map one drafted project, under spatial budgeting",
    )  # fmt: skip
    tabling: float = param(
        1.0, unit="hours a project", low=0.25, high=4, grade="assumed", source="assumption",
        meaning="hours to lay one drafted project before a space's joint arena",
    )  # fmt: skip
    weighing: float = param(
        1.5, unit="hours a project", low=0.5, high=5, grade="assumed", source="assumption",
        meaning="hours to weigh one drafted project by need and gender, under needs and gender budgeting",
    )  # fmt: skip
    entering: float = param(
        1.5, unit="hours a project", low=0.5, high=5, grade="assumed", source="assumption",
        meaning="an actor's hours to enter one drafted project on linked platforms and keep the entry true",
    )  # fmt: skip


def plan(world: World) -> None:
    """Lay down drafts where the calendar says so."""
    for cycle in world.visit(CYCLES):
        if world.calendar_month == cycle.draft_month:
            draft(world, cycle)


def draft(world: World, cycle: Cycle) -> None:
    """Rank what each mandate allows by perceived severity, less what others are known to fund, and pick."""
    if len(world.pipeline) == 0:
        return
    pairs = within_means(world, eligible(world, cycle), coming(world), pledge(world))
    # what was exchanged or shown is read before it gives way to what is laid down now
    left = others_mean(world, pairs)
    items = world.pipeline
    shown = items.shown.copy()
    clear_drafts(world, cycle)
    choose(world, pairs, banned=left | others_known(world, pairs) | complement_missing(world, pairs, compared=False))
    # what was shown as meant and is drafted now is known of still
    items.shown |= shown & items.drafted
    world.drafted_in[cycle.sphere] = world.month
    _bring_to_hubs(world, cycle)


def clear_drafts(world: World, cycle: Cycle) -> None:
    """Last year's drafts of a sphere are no plan any more, and what a hub compared of them tells nothing of new ones."""
    items = world.pipeline
    others = ~items.of_sphere(cycle.sphere == "municipalities")
    items.drafted &= others
    items.early &= others
    items.exchanged &= others
    kept = others | items.funded
    items.compared &= kept
    items.shown &= kept


def eligible(world: World, cycle: Cycle, born_by: int = NEVER) -> Pairs:
    """Every open item, arisen by a month, that a portfolio of the cycle's sphere may fund and has not funded."""
    items = world.pipeline
    waits = items.open(world.month) & (items.born <= born_by) & (items.dispute != BLOCKED)
    fits = items.of_sphere(cycle.sphere == "municipalities") & ~items.funded & waits[:, None]
    item, slot = where_slots(fits)
    if world.reverse:
        item, slot = item[::-1], slot[::-1]
    return Pairs(item, slot, items.portfolio[item, slot])


def others_known(world: World, pairs: Pairs) -> Flags:
    """Pairs whose actor knows that another funds the item, or leaves it to the owner of the One Plan."""
    items, money = world.pipeline, world.portfolios
    known = np.zeros(len(pairs), np.bool_)
    about, other = pairs.meeting(items.funded)
    item, mine = pairs.item[about], pairs.portfolio[about]
    theirs = items.portfolio[item, other]
    told = knows(world, item, mine, theirs) < sight(
        world, item, mine, theirs, drafts=False, site=items.building[item, other]
    )
    heeded = world.planners.leaves_to_funder(world, item, mine, theirs)
    if heeded is not None:
        luck = world.draws["heeds another's commitment"].uniform(
            year_of(world), items.key[item], money.key[mine], money.key[theirs]
        )
        told &= luck < heeded
    known[about[told]] = True
    owner = items.owner[pairs.item]
    owned = np.flatnonzero((owner >= 0) & (owner != pairs.slot) & ~known)
    if len(owned):
        item, mine = pairs.item[owned], pairs.portfolio[owned]
        leaves = world.draws["left to the owner"].uniform(items.key[item], money.key[mine])
        defers = inclined(
            world, world.params[Planning].defers, items.space[item], mine,
            compact=True, item=item, other=items.portfolio[item, owner[owned]],
        )  # fmt: skip
        defers = defers * (1 - world.params[Frozen].benefits)
        known[owned] = tables(world, mine) & (leaves < defers)
    # who disputes another's powers goes ahead whatever the other does
    stubborn = (items.dispute[pairs.item] == DOUBLED) & money.disputed[pairs.portfolio]
    return known & ~stubborn


def within_means(world: World, pairs: Pairs, cents: I64, outer: I64 | int = 0) -> Pairs:
    """Those pairs that so much money could pay for: the others nobody needs to look at."""
    most = np.where(cents > 0, cents + outer, 0)
    return pairs.those(world.pipeline.cents[pairs.item] <= most[pairs.portfolio])


def choose(world: World, pairs: Pairs, banned: Flags) -> None:
    """Draft: each portfolio picks from the top while its money lasts."""
    world.pipeline.drafted[pairs.item, pairs.slot] = pick(world, pairs, ~banned, coming(world), pledge(world))


def coming(world: World) -> I64:
    """Cents that each purse has to draft for: what was pledged of the coming year is spoken for."""
    return np.maximum(world.appropriated + np.minimum(world.purses.free, 0), 0)


def intended(world: World, cycle: Cycle) -> Flags:
    """What a sphere would draft if it had to now: what it means to do with the coming year's money.

    Returns
    -------
    (items, slots) bool
    """
    date = world.clock.date(world.month)
    pairs = within_means(world, eligible(world, cycle), coming(world), pledge(world))
    banned = others_known(world, pairs) | complement_missing(world, pairs, compared=False)
    year = date.year + (date.month >= cycle.commit_month)
    found = np.zeros_like(world.pipeline.drafted)
    found[pairs.item, pairs.slot] = pick(world, pairs, ~banned, coming(world), pledge(world), year)
    return found


def pledge(world: World) -> I64:
    """Cents that each purse may commit against the outer years of the medium-term framework."""
    return np.floor(world.appropriated * world.params[Delivery].outer_years).astype(np.int64)


def pick(
    world: World, pairs: Pairs, free: Flags, cents: I64, outer: I64 | None = None, year: int | None = None
) -> Flags:
    """What portfolios take from what is free to them, for so much money each.

    Parameters
    ----------
    outer : (portfolios,) int, optional
        Cents of outer years that the first item which the rest of the money does not pay for may be pledged.
    year : int, optional
        For which the money is, where it is not that of drafts laid down now.
    """
    items = world.pipeline
    open_ = np.flatnonzero(free)
    rest = pairs.those(open_)
    score = perceived(world, rest, year)
    taken = np.zeros(len(pairs), np.bool_)
    took = world.planners.take(world, rest.item, rest.slot, rest.portfolio, score, cents)
    if outer is not None:
        cost = items.cents[rest.item]
        left = (cents - total(rest.portfolio[took], cost[took], len(cents)))[rest.portfolio]
        could = np.flatnonzero(~took & (left > 0) & (cost <= left + outer[rest.portfolio]))
        most = np.full(len(cents), -np.inf)
        np.maximum.at(most, rest.portfolio[could], score[could])
        could = could[score[could] == most[rest.portfolio[could]]]
        best = could[by_turn(rest.portfolio[could], score[could], turn(world, rest.item[could]))]
        took[best[np.unique(rest.portfolio[best], return_index=True)[1]]] = True
    taken[open_[took]] = True
    return taken


def inherit(world: World) -> None:
    """What was committed blindly before the study, as far as it has come: the incomplete projects everyone starts with."""
    items, money, delivery = world.pipeline, world.portfolios, world.params[Delivery]
    purses = world.purses
    purses.year += money.cents
    purses.appropriated += money.cents
    purses.free += money.cents
    for cycle in world.visit(CYCLES):
        mine = money.municipal == (cycle.sphere == "municipalities")
        ago = (world.calendar_month - cycle.commit_month) % 12 or 12
        part = world.params[Programme].inherited
        whole, outer = (np.floor(c * part).astype(np.int64) for c in (money.cents, pledge(world)))
        pairs = within_means(world, eligible(world, cycle), whole, outer)
        taken = pick(world, pairs, np.ones(len(pairs), np.bool_), whole, outer)
        item, slot, portfolio = (column[taken] for column in (pairs.item, pairs.slot, pairs.portfolio))
        if world.reverse:
            item, slot, portfolio = item[::-1], slot[::-1], portfolio[::-1]
        cents = items.cents[item]
        built = np.clip((ago - procurement(world, item, portfolio)) / delivery.construction_months, 0.0, 0.99)
        spent = np.floor(cents * built).astype(np.int64)
        begun = np.full(len(item), world.month - ago)
        world.works.add(
            item, slot, portfolio, cents, spent, begun, begun + procurement(world, item, portfolio), delivery
        )
        items.funded[item, slot] = True
        world.planners.committed(world, item, slot)
        items.building[item, slot] = begun + procurement(world, item, portfolio) <= world.month
        for column, amounts in ((purses.committed, cents), (purses.spent, spent), (purses.free, -cents)):
            np.add.at(column, portfolio, amounts)
        # what was not committed then was surrendered then; what was pledged then is owed now
        left = np.where(mine, np.maximum(purses.free, 0), 0)
        purses.surrendered += left
        purses.free -= left


def _bring_to_hubs(world: World, cycle: Cycle) -> None:
    """Actors map and table what they drafted; hubs find it on their desks."""
    items, money = world.pipeline, world.portfolios
    hours, work = world.params[PlanningHours], world.params[HubWork]
    fits = items.drafted & items.of_sphere(cycle.sphere == "municipalities")
    item, slot = where_slots(fits)
    portfolio = items.portfolio[item, slot]
    space = items.space[item]
    actor = money.actor[portfolio]
    bearer = world.bearer_of(actor)
    mapping = world.rules.by_space("spatial_reference")
    arena = world.rules.by_space("joint_arena")
    weighing = world.rules.by_space("needs_weighting")
    entering = world.rules.by_space("platforms_linked")
    tabled = tables(world, portfolio)
    task = f"comparing {cycle.sphere}' drafts"
    # companies' plans lie with the regulator: nobody asks them to do more with them than a compact brings in
    asked = {"private": world.rules.by_space("private_compact")}
    for k, name in enumerate(BEARERS):
        drafted = np.bincount(space[bearer == k], minlength=world.spaces)
        laid = np.bincount(space[(bearer == k) & tabled], minlength=world.spaces)
        each = (hours.mapping * mapping + hours.weighing * weighing + hours.entering * entering) * drafted
        each = each * asked.get(name, 1.0) + hours.tabling * arena * laid
        minutes = np.rint(60 * each).astype(np.int64)
        world.charge("plans", name, np.arange(world.spaces), minutes)
    _municipal_hours(world, cycle, actor, space, tabled)
    if world.rules.by_space("investment_plan").any():
        take_hours(world, space, portfolio, appraisal(world, item, portfolio))
    laid = np.bincount(space[tabled], minlength=world.spaces)
    items.compared &= ~fits
    for index, hub in world.hubs.items():
        minutes = round(60 * work.draft_hours * arena[index] * int(laid[index]))
        hub.backlog[task] = minutes
        hub.brought[task] = minutes


def _municipal_hours(world: World, cycle: Cycle, actor: I64, space: I64, tabled: Flags) -> None:
    """Municipalities' own hours to map and table count in their load."""
    hours = world.params[PlanningHours]
    departments = len(world.institutions.departments)
    mine = actor >= departments
    spent = 60 * (
        hours.mapping * world.rules.by_space("spatial_reference")[space]
        + hours.weighing * world.rules.by_space("needs_weighting")[space]
        + hours.entering * world.rules.by_space("platforms_linked")[space]
        + hours.tabling * world.rules.by_space("joint_arena")[space] * tabled
    )
    total = np.bincount(actor[mine] - departments, weights=np.rint(spent[mine]), minlength=len(world.municipalities))
    world.now.by_municipality["plan_minutes"] += total.astype(np.int64)


def mark_compared(world: World, cycle: Cycle) -> None:
    """Note which of the drafts brought to it each hub has laid side by side by now."""
    items, money = world.pipeline, world.portfolios
    share = np.zeros(world.spaces)
    task = f"comparing {cycle.sphere}' drafts"
    for index, hub in world.hubs.items():
        if hub.brought[task]:
            share[index] = 1 - hub.backlog[task] / hub.brought[task]
    item, slot = where_slots(items.drafted & items.of_sphere(cycle.sphere == "municipalities"))
    portfolio = items.portfolio[item, slot]
    space = items.space[item]
    luck = world.draws["draft compared"].uniform(year_of(world), items.key[item], money.key[portfolio])
    reach = (world.good("joint_arena") * share)[space]
    items.compared[item, slot] = tables(world, portfolio) & (luck < reach)
