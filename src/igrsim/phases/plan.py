"""Departments in September and municipalities in March lay down which items they mean to fund."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.hub import HubWork
from igrsim.kernel.draws import fold_array
from igrsim.kernel.params import Params, param
from igrsim.plans.calendars import CYCLES, Cycle
from igrsim.plans.pipeline import Planning, select
from igrsim.world.world import World

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


def plan(world: World) -> None:
    """Lay down drafts where the calendar says so."""
    for cycle in world.visit(CYCLES):
        if world.calendar_month == cycle.draft_month:
            draft(world, cycle)


def draft(world: World, cycle: Cycle) -> None:
    """Rank what each mandate allows by perceived severity, less what others are known to fund, and pick."""
    if len(world.pipeline) == 0:
        return
    pairs = eligible(world, cycle)
    known = others_known(world, pairs, drafts=False)
    choose(world, cycle, pairs, banned=known)
    _bring_to_hubs(world, cycle)


class Pairs:
    """Open items and the slots of one sphere on them.

    Attributes
    ----------
    item, slot, portfolio : (n,) int
    """

    def __init__(self, item: I64, slot: I64, portfolio: I64) -> None:
        self.item = item
        self.slot = slot
        self.portfolio = portfolio


def eligible(world: World, cycle: Cycle) -> Pairs:
    """Every open item that a portfolio of the cycle's sphere may fund and has not funded."""
    items, money = world.pipeline, world.portfolios
    slots = money.slots[items.municipality, items.sector]
    fits = (slots >= 0) & items.open(world.month)[:, None] & ~items.funded
    fits &= money.municipal[np.maximum(slots, 0)] == (cycle.sphere == "municipalities")
    item, slot = np.nonzero(fits)
    if world.reverse:
        item, slot = item[::-1], slot[::-1]
    return Pairs(item, slot, slots[item, slot])


def year_of(world: World) -> int:
    """The year that draws about plans are keyed by: that in which the money will be committed."""
    return world.clock.date(world.month).year + (world.calendar_month > 7)


def sight(world: World, item: I64, mine: I64, theirs: I64, drafts: bool) -> F64:
    """Chance that one actor knows what another means to do, or does, about an item.

    Sights combine as one minus the product of their complements.

    Parameters
    ----------
    mine, theirs : (n,) int
        Portfolios; the relation is symmetrical.
    drafts : bool
        True for drafts, which are in no published plan yet.
    """
    planning, money = world.params[Planning], world.portfolios
    items = world.pipeline
    space = items.space[item]
    departments = len(world.institutions.departments)
    a, b = money.actor[mine], money.actor[theirs]
    a_dept, b_dept = a < departments, b < departments
    tie = np.zeros(len(item))
    both = a_dept & b_dept
    tie[both] = world.peer_ties[space[both], a[both], b[both]]
    one = a_dept ^ b_dept
    department = np.where(a_dept, a, b)[one]
    municipality = np.where(a_dept, b, a)[one] - departments
    tie[one] = world.ties[municipality, department]
    neither = ~a_dept & ~b_dept
    # a district and its local sit in one intergovernmental forum: their ties to it stand for the tie between them
    tie[neither] = 0.5
    blind = 1 - planning.tie_sight * tie
    mapped = referenced(world, item, theirs)
    if not drafts:
        blind = blind * (1 - planning.published * mapped)
    arena = world.rules.by_space("joint_arena")[space]
    compared = _compared(world, space, money.municipal[mine] | money.municipal[theirs])
    both_table = tables(world, space, mine) & tables(world, space, theirs)
    joint = planning.joint_sight * arena * compared * both_table * mapped * referenced(world, item, mine)
    return np.asarray(1 - blind * (1 - joint))


def referenced(world: World, item: I64, portfolio: I64) -> Flags:
    """Whether an actor's plans say where its project stands."""
    planning = world.params[Planning]
    further = world.rules.by_space("spatial_reference")[world.pipeline.space[item]]
    share = planning.referenced + (1 - planning.referenced) * further
    u = world.draws["project referenced"].uniform(world.pipeline.key[item], world.portfolios.key[portfolio])
    return np.asarray(u < share)


def tables(world: World, space: I64, portfolio: I64) -> Flags:
    """Whether an actor lays its drafts before the space's joint arena this year."""
    planning, money = world.params[Planning], world.portfolios
    municipal = money.municipal[portfolio]
    departments = len(world.institutions.departments)
    actor = money.actor[portfolio]
    key = np.where(
        municipal,
        world.municipality_keys[np.maximum(actor - departments, 0)],
        world.seat_keys[np.minimum(actor, departments - 1)],
    )
    u = world.draws["drafts tabled"].uniform(year_of(world), world.space_keys[space], key)
    return np.asarray(u < np.where(municipal, planning.municipality_tables, planning.tables_drafts))


def _compared(world: World, space: I64, municipal: Flags) -> F64:
    share = np.zeros((world.spaces, 2))
    for index, hub in world.hubs.items():
        for k, cycle in enumerate(CYCLES):
            task = f"comparing {cycle.sphere}' drafts"
            if hub.brought[task]:
                share[index, k] = 1 - hub.backlog[task] / hub.brought[task]
    return np.asarray(share[space, municipal.astype(int)])


def others_known(world: World, pairs: Pairs, drafts: bool) -> Flags:
    """Pairs whose actor knows that another funds the item, or leaves it to the owner of the One Plan."""
    items, money = world.pipeline, world.portfolios
    known = np.zeros(len(pairs.item), np.bool_)
    taken = items.drafted if drafts else items.funded
    slots = money.slots[items.municipality, items.sector]
    for other in range(items.slots):
        about = np.flatnonzero(taken[pairs.item, other] & (pairs.slot != other))
        if len(about) == 0:
            continue
        item, mine = pairs.item[about], pairs.portfolio[about]
        theirs = slots[item, other]
        known[about] |= knows(world, item, mine, theirs) < sight(world, item, mine, theirs, drafts)
    owned = np.flatnonzero((items.owner[pairs.item] >= 0) & (items.owner[pairs.item] != pairs.slot))
    if len(owned):
        planning = world.params[Planning]
        leaves = world.draws["left to the owner"].uniform(
            items.key[pairs.item[owned]], money.key[pairs.portfolio[owned]]
        )
        taking_part = tables(world, items.space[pairs.item[owned]], pairs.portfolio[owned])
        known[owned] |= taking_part & (leaves < planning.defers)
    return known


def knows(world: World, item: I64, mine: I64, theirs: I64) -> F64:
    """The luck by which two actors find out about each other's project: the same in every arm and all year."""
    key = world.portfolios.key
    low, high = np.minimum(key[mine], key[theirs]), np.maximum(key[mine], key[theirs])
    return world.draws["knows of the other"].uniform(year_of(world), world.pipeline.key[item], fold_array(low, high))


def choose(world: World, cycle: Cycle, pairs: Pairs, banned: Flags) -> None:
    """Draft: each portfolio picks from the top while its money lasts."""
    items, money = world.pipeline, world.portfolios
    score = perceived(world, pairs)
    free = ~banned
    taken = np.zeros(len(pairs.item), np.bool_)
    order = (items.key[pairs.item] >> np.uint64(1)).astype(np.int64)
    taken[free] = select(pairs.portfolio[free], score[free], items.cents[pairs.item[free]], money.cents, order[free])
    items.drafted[pairs.item, pairs.slot] = taken


def perceived(world: World, pairs: Pairs) -> F64:
    """Severity as an actor sees it: through data quality, its distance, and what a profile taught."""
    items, money, planning = world.pipeline, world.portfolios, world.params[Planning]
    quality = np.array([m.data_quality for m in world.municipalities])[items.municipality[pairs.item]]
    error = planning.error * (1.5 - quality)
    error = np.where(money.municipal[pairs.portfolio], error * planning.local_error, error)
    surveyed = items.surveyed[pairs.item]
    age = world.month - surveyed
    fresh = np.where(surveyed >= 0, 0.5 ** (np.maximum(age, 0) / planning.profile_half_life), 0.0)
    error = error * (1 - (1 - planning.profile_error) * fresh)
    noise = world.draws["severity perceived"].normal(year_of(world), items.key[pairs.item], money.key[pairs.portfolio])
    score = np.log(items.severity[pairs.item]) + error * noise
    mine = items.owner[pairs.item] == pairs.slot
    pays = world.draws["owner pays first"].uniform(items.key[pairs.item], money.key[pairs.portfolio]) < planning.pays
    return np.asarray(score + 10.0 * (mine & pays))


def _bring_to_hubs(world: World, cycle: Cycle) -> None:
    """Actors map and table what they drafted; hubs find it on their desks."""
    items, money = world.pipeline, world.portfolios
    hours, work = world.params[PlanningHours], world.params[HubWork]
    slots = money.slots[items.municipality, items.sector]
    fits = items.drafted & (money.municipal[np.maximum(slots, 0)] == (cycle.sphere == "municipalities"))
    item, slot = np.nonzero(fits)
    portfolio = slots[item, slot]
    space = items.space[item]
    departments = world.institutions.departments
    national = np.array([d.sphere == "national" for d in departments])
    actor = money.actor[portfolio]
    bearer = np.where(actor >= len(departments), 2, np.where(national[np.minimum(actor, len(departments) - 1)], 0, 1))
    mapping = world.rules.by_space("spatial_reference")
    arena = world.rules.by_space("joint_arena")
    tabled = tables(world, space, portfolio)
    task = f"comparing {cycle.sphere}' drafts"
    for k, name in enumerate(("nation", "province", "municipality")):
        drafted = np.bincount(space[bearer == k], minlength=world.spaces)
        laid = np.bincount(space[(bearer == k) & tabled], minlength=world.spaces)
        minutes = np.rint(60 * (hours.mapping * mapping * drafted + hours.tabling * arena * laid)).astype(np.int64)
        world.charge("plans", name, np.arange(world.spaces), minutes)
    laid = np.bincount(space[tabled], minlength=world.spaces)
    for index, hub in world.hubs.items():
        minutes = round(60 * work.draft_hours * arena[index] * int(laid[index]))
        hub.backlog[task] = minutes
        hub.brought[task] = minutes
