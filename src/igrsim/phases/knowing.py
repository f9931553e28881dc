"""What actors know: of needs, through data and profiles; of each other's plans, through ties, paper and hubs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.draws import fold_array
from igrsim.plans.pipeline import Planning
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


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


def year_of(world: World) -> int:
    """The year that draws about plans are keyed by: that in which the money will be committed."""
    return world.clock.date(world.month).year + (world.calendar_month > 7)


def sight(world: World, item: I64, mine: I64, theirs: I64, drafts: bool, compared: Flags | None = None) -> F64:
    """Chance that one actor knows what another means to do, or does, about an item.

    Sights combine as one minus the product of their complements.

    Parameters
    ----------
    mine, theirs : (n,) int
        Portfolios; the relation is symmetrical.
    drafts : bool
        True for drafts, which are in no published plan yet.
    compared : (n,) bool, optional
        Where a hub has laid both side by side.
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
    tie[neither] = planning.district_tie
    blind = 1 - planning.tie_sight * tie
    mapped = referenced(world, item, theirs)
    if not drafts:
        blind = blind * (1 - planning.published * mapped)
    if compared is not None:
        blind = blind * (1 - planning.joint_sight * compared * mapped * referenced(world, item, mine))
    # who carries out another's mandate is told what the other funds
    agent = money.agency[mine] | money.agency[theirs]
    blind = np.where(agent, blind * (1 - planning.agency_sight), blind)
    return np.asarray(1 - blind)


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


def knows(world: World, item: I64, mine: I64, theirs: I64) -> F64:
    """The luck by which two actors find out about each other's project: the same in every arm and all year."""
    key = world.portfolios.key
    low, high = np.minimum(key[mine], key[theirs]), np.maximum(key[mine], key[theirs])
    return world.draws["knows of the other"].uniform(year_of(world), world.pipeline.key[item], fold_array(low, high))


def perceived(world: World, pairs: Pairs) -> F64:
    """Severity as an actor sees it: through data quality, its distance, and what a profile taught."""
    items, money, planning = world.pipeline, world.portfolios, world.params[Planning]
    quality = np.array([m.data_quality for m in world.municipalities])[items.municipality[pairs.item]]
    error = planning.error * (1.5 - quality)
    error = np.where(money.municipal[pairs.portfolio], error * planning.local_error, error)
    error = error * profile_clarity(world, pairs.item)
    noise = world.draws["severity perceived"].normal(year_of(world), items.key[pairs.item], money.key[pairs.portfolio])
    # what its owner pays first stands above all severities
    score = np.log(items.severity[pairs.item]) + error * noise
    mine = items.owner[pairs.item] == pairs.slot
    pays = world.draws["owner pays first"].uniform(items.key[pairs.item], money.key[pairs.portfolio]) < planning.pays
    return np.asarray(score + 10.0 * (mine & pays))


def profile_clarity(world: World, item: I64) -> F64:
    """What is left of the error about items after a profile that surveyed them; 1 where none did."""
    planning = world.params[Planning]
    surveyed = world.pipeline.surveyed[item]
    age = np.maximum(world.month - surveyed, 0)
    fresh = np.where(surveyed >= 0, 0.5 ** (age / planning.profile_half_life), 0.0)
    return np.asarray(1 - (1 - planning.profile_error) * fresh)
