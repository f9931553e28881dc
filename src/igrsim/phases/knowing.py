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

    def __len__(self) -> int:
        return len(self.item)

    def those(self, which: I64 | Flags) -> Pairs:
        """Some of them."""
        return Pairs(self.item[which], self.slot[which], self.portfolio[which])

    def meeting(self, flags: Flags) -> tuple[I64, I64]:
        """Rows of pairs of which something is so in another slot of their item, and that slot; a row for each such slot.

        Parameters
        ----------
        flags : (items, slots) bool
        """
        some = np.flatnonzero(flags.any(axis=1)[self.item])
        item, slot = self.item[some], self.slot[some]
        rows = [some[flags[item, other] & (slot != other)] for other in range(flags.shape[1])]
        return np.concatenate(rows), np.repeat(np.arange(len(rows)), [len(found) for found in rows])


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
    blind = 1 - sight_through_ties(world, item, mine, theirs)
    mapped = referenced(world, item, theirs)
    table = on_the_table(world, item, mine, theirs)
    if table.any():
        blind = blind * (1 - planning.joint_sight * table * mapped)
    if drafts:
        blind = blind * (1 - read_of(world, item) * mapped * exchanged(world, item, theirs))
    else:
        blind = blind * (1 - read_of(world, item) * mapped)
        live = planning.live_sight * world.good("live_information")[world.municipality_space] * world.data_quality()
        if live.any():
            blind = blind * (1 - live[items.municipality[item]] * mapped)
    platforms = world.params[Platforms]
    shown = platforms.draft_sight if drafts else platforms.committed_sight
    there = entered(world, item, theirs)
    if there.any():
        blind = blind * (1 - shown * there)
    if site is not None:
        blind = blind * (1 - planning.site_sight * site)
    if compared is not None:
        # both of them must be on the map
        side = np.flatnonzero(compared & mapped)
        side = side[referenced(world, item[side], mine[side])]
        blind[side] = blind[side] * (1 - planning.joint_sight)
    # who carries out another's mandate is told what the other funds
    agent = money.agency[mine] | money.agency[theirs]
    blind = np.where(agent, blind * (1 - planning.agency_sight), blind)
    return np.asarray(1 - blind)


def read_of(world: World, item: I64) -> F64:
    """Chance that a planner has read of what another's plan says about an item and where it stands."""
    planning = world.params[Planning]
    told = planning.published * (1 + planning.communicated * world.good("communication"))
    return np.asarray(np.minimum(told, 1.0)[world.pipeline.space[item]])


def exchanged(world: World, item: I64, portfolio: I64) -> Flags:
    """Whether an actor's draft of an item is open to other governments before either side commits."""
    items = world.pipeline
    if not items.early.any() and not items.exchanged.any():
        return np.zeros(len(item), np.bool_)
    open_ = items.early[item] | items.exchanged[item]
    return np.asarray((open_ & (items.portfolio[item] == portfolio[:, None])).any(axis=1))


def on_the_table(world: World, item: I64, mine: I64, theirs: I64) -> Flags:
    """Whether one actor sat at the indaba at which another laid its project on the table."""
    items, money = world.pipeline, world.portfolios
    if not world.sat.any():
        return np.zeros(len(item), np.bool_)
    laid = (items.shown[item] & (items.portfolio[item] == theirs[:, None])).any(axis=1)
    return np.asarray(laid & world.sat[items.space[item], money.actor[mine]])


def sight_through_ties(world: World, item: I64, mine: I64, theirs: I64) -> F64:
    """Chance that one actor's officials know of another's project because they know each other."""
    planning, money = world.params[Planning], world.portfolios
    space = world.pipeline.space[item]
    departments = len(world.institutions.departments)
    a, b = money.actor[mine], money.actor[theirs]
    department, town = np.minimum(a, b), np.maximum(a, b) - departments
    tie = np.full(len(item), planning.district_tie)
    both = np.flatnonzero(town < 0)
    tie[both] = world.peer_ties[space[both], a[both], b[both]]
    one = np.flatnonzero((town >= 0) & (department < departments))
    tie[one] = world.ties[town[one], department[one]]
    told = world.planners.tells(world, item, mine, theirs)
    return planning.tie_sight * tie if told is None else np.minimum(planning.tie_sight * tie * told, 1.0)


def referenced(world: World, item: I64, portfolio: I64) -> Flags:
    """Whether an actor's plans say where its project stands."""
    planning, money = world.params[Planning], world.portfolios
    share = planning.referenced + (1 - planning.referenced) * world.good("spatial_reference")[money.space]
    # companies' plans lie with the regulator; government sees them where a compact brings them in
    share = np.where(money.private, share * world.good("private_compact")[money.space], share)
    u = world.draws["project referenced"].uniform(world.pipeline.key[item], money.key[portfolio])
    # an entry in a linked pipeline says where
    return np.asarray((u < share[portfolio]) | entered(world, item, portfolio))


def tables(world: World, portfolio: I64) -> Flags:
    """Whether an actor lays its drafts before the joint arena of its purse's space this year."""
    planning, money = world.params[Planning], world.portfolios
    departments = len(world.institutions.departments)
    key = np.where(
        money.municipal,
        world.municipality_keys[np.maximum(money.actor - departments, 0)],
        world.seat_keys[np.minimum(money.actor, departments - 1)],
    )
    u = world.draws["drafts tabled"].uniform(year_of(world), world.space_keys[money.space], key)
    everyone = np.arange(len(u))
    own = inclined(world, planning.municipality_tables, money.space, everyone, duty=True)
    others = inclined(world, planning.tables_drafts, money.space, everyone, duty=True)
    chance = np.where(money.municipal, own, others)
    compact = world.rules.by_space("private_compact")[money.space]
    chance = np.where(money.private, chance * compact, chance)
    return np.asarray((u < chance)[portfolio])


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
    error = (planning.error * (1.5 - _believed(world)))[items.municipality[pairs.item]]
    error = np.where(money.municipal[pairs.portfolio], error * planning.local_error, error)
    error = error * profile_clarity(world, pairs.item)
    when = world.planners.appraised_in(world, pairs.item, year_of(world) if year is None else year)
    noise = world.draws["severity perceived"].normal(when, items.key[pairs.item], money.key[pairs.portfolio])
    score = np.log(items.severity[pairs.item]) + error * noise
    score = score + growth_first(world, pairs.item, pairs.portfolio) + hangs_on(world, pairs.item, pairs.portfolio)
    space = items.space[pairs.item]
    weighing = world.good("needs_weighting")
    if weighing.any():
        # budgets weighed by need and gender put poorer places first; companies' only as far as a compact asks them to
        weighs, compact = weighing[space], world.rules.by_space("private_compact")[space]
        weighs = np.where(money.private[pairs.portfolio], weighs * compact, weighs)
        score = score + planning.need_weight * weighs * world.poverty()[items.municipality[pairs.item]]
    score = world.planners.rank(world, pairs.item, pairs.portfolio, score)
    # what it agreed before the working group to bring stands above all
    first = items.allotted[pairs.item] == pairs.slot
    # so does what its owner pays first
    mine = np.flatnonzero(owns(world, pairs.item, pairs.slot))
    if len(mine):
        item, portfolio, space = pairs.item[mine], pairs.portfolio[mine], space[mine]
        luck = world.draws["owner pays first"].uniform(items.key[item], money.key[portfolio])
        pays = luck < inclined(world, planning.pays, space, portfolio, compact=True)
        pays |= luck < world.rules.by_space("binding")[space]
        first[mine[pays]] = True
    return np.asarray(score + 10.0 * first)


def owns(world: World, item: I64, slot: I64 | int) -> Flags:
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
    # by the month of the survey, the first for those that there was none of
    surveyed = np.arange(-1, world.month + 1)
    fresh = np.where(surveyed >= 0, 0.5 ** ((world.month - surveyed) / planning.profile_half_life), 0.0)
    fresh = fresh * (1 - world.params[Frozen].benefits)
    clarity = 1 - (1 - planning.profile_error) * fresh
    return np.asarray(clarity[np.minimum(world.pipeline.surveyed[item], world.month) + 1])


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
    missing = np.zeros(len(pairs), np.bool_)
    coming = (items.delivered_by <= world.month) | items.funded.any(axis=1) | items.drafted.any(axis=1)
    needs = items.needs[pairs.item]
    about = np.flatnonzero((needs >= 0) & ~coming[needs])
    if len(about) == 0:
        return missing
    item, mine, other = pairs.item[about], pairs.portfolio[about], needs[about]
    blind = np.ones(len(about))
    for slot in range(items.slots):
        theirs = items.portfolio[other, slot]
        there = np.flatnonzero(theirs >= 0)
        theirs, asking = theirs[there], mine[there]
        known = sight_through_ties(world, item[there], asking, theirs)
        # who could fund both knows its own mind
        blind[there] *= 1 - np.where(money.actor[theirs] == money.actor[asking], 1.0, known)
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
