"""What actors know: of needs, through data and profiles; of each other's plans, through ties, paper and hubs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.draws import fold_array
from igrsim.phases.bulk import bulk_known, hangs_on
from igrsim.phases.honouring import inclined
from igrsim.phases.investing import growth_first
from igrsim.phases.platforms import Platforms, entered
from igrsim.plans.pipeline import Planning
from igrsim.world.frozen import Frozen
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


def sight(
    world: World,
    item: I64,
    mine: I64,
    theirs: I64,
    drafts: bool,
    compared: Flags | None = None,
    site: Flags | None = None,
) -> F64:
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
    site : (n,) bool, optional
        Where the other is building already.
    """
    planning, money = world.params[Planning], world.portfolios
    items = world.pipeline
    space = items.space[item]
    blind = 1 - sight_through_ties(world, item, mine, theirs)
    mapped = referenced(world, item, theirs)
    blind = blind * (1 - planning.joint_sight * on_the_table(world, item, mine, theirs) * mapped)
    if drafts:
        blind = blind * (1 - read_of(world, item) * mapped * exchanged(world, item, theirs))
    else:
        live = (
            planning.live_sight * world.good("live_information")[space] * world.data_quality()[items.municipality[item]]
        )
        blind = blind * (1 - read_of(world, item) * mapped) * (1 - live * mapped)
    platforms = world.params[Platforms]
    shown = platforms.draft_sight if drafts else platforms.committed_sight
    blind = blind * (1 - shown * entered(world, item, theirs))
    if site is not None:
        blind = blind * (1 - planning.site_sight * site)
    if compared is not None:
        blind = blind * (1 - planning.joint_sight * compared * mapped * referenced(world, item, mine))
    # who carries out another's mandate is told what the other funds
    agent = money.agency[mine] | money.agency[theirs]
    blind = np.where(agent, blind * (1 - planning.agency_sight), blind)
    return np.asarray(1 - blind)


def read_of(world: World, item: I64) -> F64:
    """Chance that a planner has read of what another's plan says about an item and where it stands."""
    planning = world.params[Planning]
    told = planning.published * (1 + planning.communicated * world.good("communication")[world.pipeline.space[item]])
    return np.minimum(told, 1.0)


def exchanged(world: World, item: I64, portfolio: I64) -> Flags:
    """Whether an actor's draft of an item is open to other governments before either side commits."""
    items, money = world.pipeline, world.portfolios
    slots = money.slots[items.municipality[item], items.sector[item]]
    open_ = items.early[item] | items.exchanged[item]
    return np.asarray((open_ & (slots == portfolio[:, None])).any(axis=1))


def on_the_table(world: World, item: I64, mine: I64, theirs: I64) -> Flags:
    """Whether one actor sat at the indaba at which another laid its project on the table."""
    items, money = world.pipeline, world.portfolios
    if not world.sat.any():
        return np.zeros(len(item), np.bool_)
    slots = money.slots[items.municipality[item], items.sector[item]]
    laid = (items.shown[item] & (slots == theirs[:, None])).any(axis=1)
    return np.asarray(laid & world.sat[items.space[item], money.actor[mine]])


def sight_through_ties(world: World, item: I64, mine: I64, theirs: I64) -> F64:
    """Chance that one actor's officials know of another's project because they know each other."""
    planning, money = world.params[Planning], world.portfolios
    space = world.pipeline.space[item]
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
    told = world.planners.tells(world, item, mine, theirs)
    return planning.tie_sight * tie if told is None else np.minimum(planning.tie_sight * tie * told, 1.0)


def referenced(world: World, item: I64, portfolio: I64) -> Flags:
    """Whether an actor's plans say where its project stands."""
    planning = world.params[Planning]
    space = world.pipeline.space[item]
    further = world.good("spatial_reference")[space]
    share = planning.referenced + (1 - planning.referenced) * further
    # companies' plans lie with the regulator; government sees them where a compact brings them in
    share = np.where(world.portfolios.private[portfolio], share * world.good("private_compact")[space], share)
    u = world.draws["project referenced"].uniform(world.pipeline.key[item], world.portfolios.key[portfolio])
    # an entry in a linked pipeline says where
    return np.asarray((u < share) | entered(world, item, portfolio))


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
    own = inclined(world, planning.municipality_tables, space, portfolio, duty=True)
    chance = np.where(municipal, own, inclined(world, planning.tables_drafts, space, portfolio, duty=True))
    chance = np.where(money.private[portfolio], chance * world.rules.by_space("private_compact")[space], chance)
    return np.asarray(u < chance)


def knows(world: World, item: I64, mine: I64, theirs: I64, year: int | None = None) -> F64:
    """The luck by which two actors find out about each other's project: the same in every arm and all of a financial year."""
    key = world.portfolios.key
    low, high = np.minimum(key[mine], key[theirs]), np.maximum(key[mine], key[theirs])
    return world.draws["knows of the other"].uniform(
        year_of(world) if year is None else year, world.pipeline.key[item], fold_array(low, high)
    )


def perceived(world: World, pairs: Pairs, year: int | None = None) -> F64:
    """Severity as an actor sees it: through data quality, its distance, and what a profile taught.

    Parameters
    ----------
    year : int, optional
        Year in which the money will be committed, where it is not that of drafts laid down now.
    """
    items, money, planning = world.pipeline, world.portfolios, world.params[Planning]
    quality = _believed(world)[items.municipality[pairs.item]]
    error = planning.error * (1.5 - quality)
    error = np.where(money.municipal[pairs.portfolio], error * planning.local_error, error)
    error = error * profile_clarity(world, pairs.item)
    when = world.planners.appraised_in(world, pairs.item, year_of(world) if year is None else year)
    noise = world.draws["severity perceived"].normal(when, items.key[pairs.item], money.key[pairs.portfolio])
    score = np.log(items.severity[pairs.item]) + error * noise
    score = score + growth_first(world, pairs.item, pairs.portfolio) + hangs_on(world, pairs.item, pairs.portfolio)
    space = items.space[pairs.item]
    # budgets weighed by need and gender put poorer places first; companies' only as far as a compact asks them to
    weighs = world.good("needs_weighting")[space]
    weighs = np.where(money.private[pairs.portfolio], weighs * world.rules.by_space("private_compact")[space], weighs)
    score = score + planning.need_weight * weighs * world.poverty()[items.municipality[pairs.item]]
    score = world.planners.rank(world, pairs.item, pairs.portfolio, score)
    # what its owner pays first stands above all
    mine = owns(world, pairs.item, pairs.slot)
    luck = world.draws["owner pays first"].uniform(items.key[pairs.item], money.key[pairs.portfolio])
    pays = luck < inclined(world, planning.pays, space, pairs.portfolio, compact=True)
    pays |= luck < world.rules.by_space("binding")[space]
    # so does what it agreed before the working group to bring
    mine &= pays
    mine |= items.allotted[pairs.item] == pairs.slot
    return np.asarray(score + 10.0 * mine)


def owns(world: World, item: I64, slot: I64) -> Flags:
    """Whether a slot is the owner agreed in the One Plan, as far as anybody heeds it."""
    return np.asarray((world.pipeline.owner[item] == slot) & (world.params[Frozen].benefits < 1))


def _believed(world: World) -> F64:
    """Data quality that planners rank by; in the frozen world what a municipality's own condition gives, whatever its load."""
    if world.params[Frozen].benefits:
        return np.array([m.condition for m in world.municipalities])
    return world.data_quality()


def profile_clarity(world: World, item: I64) -> F64:
    """What is left of the error about items after a profile that surveyed them; 1 where none did."""
    planning = world.params[Planning]
    surveyed = world.pipeline.surveyed[item]
    age = np.maximum(world.month - surveyed, 0)
    fresh = np.where(surveyed >= 0, 0.5 ** (age / planning.profile_half_life), 0.0)
    fresh = fresh * (1 - world.params[Frozen].benefits)
    return np.asarray(1 - (1 - planning.profile_error) * fresh)


def complement_missing(world: World, pairs: Pairs, compared: bool) -> Flags:
    """Pairs whose actor knows that what the item depends on is nobody's plan, and leaves it for later.

    A map shows what is there, not what is missing: that is learnt only from those who would have to bring it, or where
    drafts lie side by side.

    Parameters
    ----------
    compared : bool
        Whether a hub's comparison of drafts counts.
    """
    items, money, planning = world.pipeline, world.portfolios, world.params[Planning]
    missing = np.zeros(len(pairs.item), np.bool_)
    needs = items.needs[pairs.item]
    coming = (items.delivered_by <= world.month) | items.funded.any(axis=1) | items.drafted.any(axis=1)
    about = np.flatnonzero((needs >= 0) & ~coming[needs])
    if len(about) == 0:
        return missing
    item, mine, other = pairs.item[about], pairs.portfolio[about], needs[about]
    slots = money.slots[items.municipality[other], items.sector[other]]
    blind = np.ones(len(about))
    for slot in range(items.slots):
        theirs = slots[:, slot]
        there = theirs >= 0
        known = sight_through_ties(world, item, mine, np.maximum(theirs, 0))
        # who could fund both knows its own mind
        known = np.where(money.actor[np.maximum(theirs, 0)] == money.actor[mine], 1.0, known)
        blind = np.where(there, blind * (1 - known), blind)
    # a plan of bulk services says what is missing as long as it is true
    blind = blind * (1 - bulk_known(world, items.sector[needs[about]], item, mine))
    if compared:
        # whether an empty place in the joint pipeline is really empty is as sure as an overlap found there
        seen = items.compared[item, pairs.slot[about]] & (world.params[Frozen].benefits < 1)
        blind = blind * (1 - planning.joint_sight * seen)
    u = world.draws["asks after the complement"].uniform(year_of(world), items.key[item], money.key[mine])
    later = world.draws["leaves it for later"].uniform(items.key[item], money.key[mine])
    missing[about] = (u < 1 - blind) & (later < planning.postpones)
    return missing
