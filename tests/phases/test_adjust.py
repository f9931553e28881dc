"""Adjustments budgets: when, how far, and that what is moved is neither made nor lost."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from igrsim.phases.adjust import _pool_grants, _redirect, _stop_and_reallocate, adjust, move, take_back, votes
from igrsim.phases.commit import purses_of
from igrsim.phases.knowing import perceived
from igrsim.phases.need import need
from igrsim.phases.plan import eligible
from igrsim.plans.calendars import CYCLES, DEPARTMENTS, MUNICIPALITIES, Cycle
from igrsim.plans.pipeline import NEVER, Disputes, Planning, Programme
from igrsim.plans.works import Delivery
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model
from igrsim.world.frozen import Frozen
from igrsim.world.world import World

NOVEMBER, FEBRUARY = 7, 22
"""Months of a study that begins in April: the first of departments' adjustments, the second of municipalities'."""
BY_CYCLE = pytest.mark.parametrize(
    ("cycle", "month"), [(DEPARTMENTS, NOVEMBER), (MUNICIPALITIES, FEBRUARY)], ids=["departments", "municipalities"]
)


def stocked(scope: str | list[str] = "two-towns") -> World:
    """A small world with a year's money and items, none of it committed."""
    world = small_model(scope=scope, citizens=100, months=60).world
    believe(world, Programme, inherited=0.0, stranded_stock=0.0, complete_stock=0.0)
    believe(world, Disputes, blocked=0.0, doubled=0.0)
    begin(world, 0)
    need(world)
    world.purses.year[:] = world.portfolios.cents
    world.purses.free[:] = world.portfolios.cents
    world.purses.appropriated[:] = world.portfolios.cents
    world.purses.surrendered[:] = 0
    return world


def fund_everything_twice(world: World, let: int) -> None:
    """Every open item is committed by all who may, contracts to be let from a month on."""
    items, money, purses = world.pipeline, world.portfolios, world.purses
    item, slot = np.nonzero(money.slots[items.municipality, items.sector] >= 0)
    portfolio = money.slots[items.municipality[item], items.sector[item], slot]
    items.funded[item, slot] = True
    nothing = np.zeros(len(item), np.int64)
    cents = items.cents[item]
    delivery = world.params[Delivery]
    world.works.add(item, slot, portfolio, cents, nothing, nothing + world.month, nothing + let, delivery)
    # so much money that all of it fits
    np.add.at(purses.committed, portfolio, cents)
    np.add.at(purses.appropriated, portfolio, cents)


def sees_all(world: World) -> None:
    believe(world, Planning, tie_sight=2.0, district_tie=1.0, yields=1.0, postpones=0.0)
    world.ties[:] = world.peer_ties[:] = 1.0


def balanced(world: World) -> bool:
    purses, works = world.purses, world.works
    kept = purses.committed - purses.returned
    building = np.zeros(len(purses.free), np.int64)
    np.add.at(building, works.portfolio, works.cents - works.spent)
    books = purses.appropriated + purses.moved == kept + purses.free + purses.surrendered
    return bool(books.all() and (kept == purses.spent + building).all() and purses.moved.sum() == 0)


@BY_CYCLE
def test_each_sphere_adjusts_in_its_month_only(cycle: Cycle, month: int) -> None:
    for other in range(12, 24):
        world = stocked()
        begin(world, other)
        adjust(world)
        mine = purses_of(world, cycle)
        touched = np.bincount(world.works.portfolio, minlength=len(mine))[mine].sum()
        assert (touched > 0) == (other % 12 == month % 12), other
    assert (cycle.sphere, cycle.adjust_month) in {("departments", 11), ("municipalities", 2)}


@BY_CYCLE
def test_no_more_moves_than_the_share_of_a_year(cycle: Cycle, month: int) -> None:
    world = stocked()
    sees_all(world)
    begin(world, month)
    fund_everything_twice(world, let=month + 1)
    moved = np.zeros(len(world.purses.free), np.int64)
    limits = {}
    for share in (0.08, 20.0):
        believe(world, Delivery, virement=share, municipal_shift=share)
        before = world.purses.returned.copy()
        _redirect(world, cycle)
        moved = world.purses.returned - before
        assert moved[purses_of(world, cycle)].sum() > 0 or share == 0.08
        # a main division is a vote's, which may be several purses'
        vote = votes(world)
        by_vote, a_year = (np.bincount(vote, weights=c) for c in (moved, world.purses.year))
        assert (by_vote <= np.floor(share * a_year)).all()
        assert (moved[~purses_of(world, cycle)] == 0).all()
        limits[share] = int(moved.sum())
        assert balanced(world)
    assert limits[0.08] < limits[20.0]


@BY_CYCLE
def test_what_contracts_are_let_for_cannot_move(cycle: Cycle, month: int) -> None:
    world = stocked()
    sees_all(world)
    believe(world, Delivery, virement=1.0, municipal_shift=1.0)
    begin(world, month)
    fund_everything_twice(world, let=month)
    _redirect(world, cycle)
    assert world.purses.returned.sum() == 0
    world.works.let[:] = month + 1
    _redirect(world, cycle)
    assert world.purses.returned.sum() > 0


def test_a_vote_is_a_municipalitys_or_a_departments_programme_in_a_province() -> None:
    # the first two districts are of one province, the third is of another
    world = stocked(["DC15", "DC12", "DC36"])
    money, vote = world.portfolios, votes(world)
    province = world.space_province[money.space]
    assert province[money.space == 0][0] == province[money.space == 1][0] != province[money.space == 2][0]
    of: dict[int, set[tuple[int, ...]]] = {}
    for k, mine in enumerate(vote.tolist()):
        actor, sector = int(money.actor[k]), int(money.sector[k])
        of.setdefault(mine, set()).add((actor,) if money.municipal[k] else (actor, sector, int(province[k])))
    assert all(len(whose) == 1 for whose in of.values())
    assert len({next(iter(whose)) for whose in of.values()}) == len(of)
    purses = np.bincount(vote)
    assert purses[vote[money.municipal]].max() > 5
    assert purses[vote[~money.municipal]].max() == 2


def test_one_purse_may_move_what_its_whole_vote_may() -> None:
    world = stocked()
    sees_all(world)
    begin(world, FEBRUARY)
    fund_everything_twice(world, let=FEBRUARY + 1)
    believe(world, Delivery, municipal_shift=0.5)
    world.purses.year[:] = world.works.cents.sum()
    vote = votes(world)
    one = np.flatnonzero(purses_of(world, MUNICIPALITIES) & (np.bincount(vote)[vote] > 1))
    # all of a vote's money is another programme's: what leaves is still within the vote
    leaves = [k for k in one if (world.works.portfolio == k).sum() > 1]
    first = {int(vote[k]): k for k in leaves}
    for mine, k in first.items():
        rest = (vote == mine) & (np.arange(len(vote)) != k)
        world.purses.year[k], world.purses.year[rest] = 0, 10**13
    _redirect(world, MUNICIPALITIES)
    assert world.purses.returned[list(first.values())].sum() > 0


@BY_CYCLE
def test_a_site_is_seen_by_those_whom_nobody_told(cycle: Cycle, month: int) -> None:
    for sight, building, seen in ((0.0, True, False), (1.0, True, True), (1.0, False, False)):
        world = stocked()
        believe(
            world, Planning, tie_sight=0.0, published=0.0, agency_sight=0.0, site_sight=sight, yields=1.0, postpones=0.0
        )
        believe(world, Delivery, virement=1000.0, municipal_shift=1000.0)
        begin(world, month)
        fund_everything_twice(world, let=month + 1)
        world.pipeline.building[:] = building
        _redirect(world, cycle)
        assert (world.purses.returned.sum() > 0) == seen


def test_of_all_who_fund_an_item_one_stays() -> None:
    world = stocked()
    sees_all(world)
    believe(world, Delivery, virement=1000.0, municipal_shift=1000.0)
    begin(world, NOVEMBER)
    fund_everything_twice(world, let=NOVEMBER + 1)
    assert (world.pipeline.funded.sum(axis=1) > 1).any()
    for cycle in CYCLES:
        _redirect(world, cycle)
    assert (world.pipeline.funded.sum(axis=1) == 1).all()
    # and that is the largest mandate of them
    items, money = world.pipeline, world.portfolios
    slots = money.slots[items.municipality, items.sector]
    weight = np.where(slots >= 0, money.weight[np.maximum(slots, 0)], -1)
    stays = items.funded.argmax(axis=1)
    np.testing.assert_array_equal(weight[np.arange(len(items)), stays], weight.max(axis=1))


def test_who_sees_nothing_moves_nothing() -> None:
    world = stocked()
    believe(world, Planning, tie_sight=0.0, district_tie=0.0, published=0.0, agency_sight=0.0)
    begin(world, NOVEMBER)
    fund_everything_twice(world, let=NOVEMBER + 1)
    for cycle in CYCLES:
        _redirect(world, cycle)
    assert world.purses.returned.sum() == 0


def test_taking_back_undoes_a_commitment() -> None:
    world = stocked()
    fund_everything_twice(world, let=9)
    items, works, purses = world.pipeline, world.works, world.purses
    item, free = works.item[0], purses.free.copy()
    portfolio, cents = works.portfolio[0], works.cents[0]
    twice = int(items.funded[item].sum() - 1)
    which = np.arange(len(works)) == 0
    take_back(world, which)
    assert not items.funded[item, 0]
    assert purses.free[portfolio] == free[portfolio] + cents
    now = world.now.by_municipality
    assert now["returned_cents"].sum() == cents
    assert now["duplicates_undone_cents"].sum() == (cents if twice else 0)
    assert balanced(world)


def test_what_was_doubled_before_the_study_was_never_counted_as_doubled() -> None:
    undone = []
    for begun in (-1, 0):
        world = stocked()
        fund_everything_twice(world, let=9)
        world.works.begun[:] = begun
        twice = np.flatnonzero(world.pipeline.funded[world.works.item].sum(axis=1) > 1)[0]
        cents = int(world.works.cents[twice])
        take_back(world, np.arange(len(world.works)) == twice)
        assert world.now.by_municipality["returned_cents"].sum() == cents
        undone.append(int(world.now.by_municipality["duplicates_undone_cents"].sum()))
    assert undone == [0, cents]


def test_an_owner_who_takes_its_money_back_has_not_paid() -> None:
    world = stocked()
    fund_everything_twice(world, let=9)
    items, works = world.pipeline, world.works
    item = works.item[0]
    items.owner[item], items.paid_in[item], items.agreed[item] = works.slot[0], 0, 30
    take_back(world, np.arange(len(works)) == 0)
    assert items.paid_in[item] == NEVER


def reallocating(able: bool = True) -> World:
    """Municipalities of two districts, of which the first has paid out nothing by February and the others half."""
    world = stocked(["DC15", "DC36"])
    begin(world, FEBRUARY)
    purses, money = world.purses, world.portfolios
    purses.paid[:] = purses.year // 2 if able else 0
    purses.paid[money.space == 0] = 0
    return world


def test_money_of_those_who_hardly_spend_goes_to_those_of_the_sector_who_do() -> None:
    world = reallocating()
    money, purses = world.portfolios, world.purses
    free, year = purses.free.copy(), purses.year.copy()
    _stop_and_reallocate(world)
    moved = purses.free - free
    assert moved.sum() == 0
    # who got it may pay it out, who lost it may not
    np.testing.assert_array_equal(purses.year - year, moved)
    slow = money.municipal & (money.space == 0)
    np.testing.assert_array_equal(moved[slow], -np.floor(world.params[Delivery].stopped * free[slow]))
    assert (moved[money.municipal & (money.space == 1)] >= 0).all()
    assert (moved[~money.municipal] == 0).all()
    for sector in np.unique(money.sector):
        assert moved[money.sector == sector].sum() == 0
    assert world.now.by_municipality["stopped_cents"].sum() == -moved[slow].sum() > 0
    assert balanced(world)


@pytest.mark.parametrize(
    ("able", "month", "stopped"), [(False, FEBRUARY, 0), (True, 6, 0), (True, 7, 1), (True, 10, 1)]
)
def test_nothing_is_stopped_where_nobody_can_take_it_or_of_a_year_begun_before_the_study(
    able: bool, month: int, stopped: int
) -> None:
    """A February within seven months of the start is of a municipal year that began before it."""
    world = reallocating(able)
    begin(world, month)
    free = world.purses.free.copy()
    _stop_and_reallocate(world)
    assert (world.purses.free != free).any() == bool(stopped)


def test_what_was_rolled_over_is_not_stopped() -> None:
    world = reallocating()
    believe(world, Delivery, stopped=1.0)
    world.purses.free[:] += 3 * world.purses.year
    world.purses.appropriated[:] += 3 * world.purses.year
    slow = world.portfolios.municipal & (world.portfolios.space == 0)
    year, free = world.purses.year.copy(), world.purses.free.copy()
    _stop_and_reallocate(world)
    assert (world.purses.year[slow] == 0).all()
    np.testing.assert_array_equal(free[slow] - world.purses.free[slow], year[slow])
    assert balanced(world)


def test_what_is_pledged_of_the_coming_year_is_not_there_to_be_stopped() -> None:
    world = reallocating()
    world.purses.surrendered += world.purses.free + 1000
    world.purses.free[:] = -1000
    year = world.purses.year.copy()
    _stop_and_reallocate(world)
    assert (world.purses.free == -1000).all()
    np.testing.assert_array_equal(world.purses.year, year)
    decree(world, grants_consolidated=1.0)
    _pool_grants(world)
    assert (world.purses.free == -1000).all()


def test_who_spends_enough_keeps_its_money() -> None:
    world = reallocating()
    stop = world.params[Delivery].stop_below
    world.purses.paid[:] = np.ceil(stop * world.purses.year)
    free = world.purses.free.copy()
    _stop_and_reallocate(world)
    np.testing.assert_array_equal(world.purses.free, free)


def test_what_contracts_are_let_for_is_not_stopped() -> None:
    gone = []
    for let in (FEBRUARY, FEBRUARY + 1):
        world = reallocating()
        world.purses.free[:] = 0
        world.purses.appropriated[:] = 0
        fund_everything_twice(world, let=let)
        before = len(world.works)
        _stop_and_reallocate(world)
        gone.append(before - len(world.works))
        assert balanced(world)
    assert gone[0] == 0 < gone[1]


def test_transfers_add_up_and_leave_the_years_allocation_where_it_was() -> None:
    world = stocked()
    change = np.zeros(len(world.purses.free), np.int64)
    change[:2] = 5, -5
    year, free = world.purses.year.copy(), world.purses.free.copy()
    move(world, change)
    np.testing.assert_array_equal(world.purses.year, year)
    np.testing.assert_array_equal(world.purses.free, free + change)
    assert balanced(world)


def test_no_year_falls_below_nothing_when_grants_are_stopped() -> None:
    world = reallocating()
    believe(world, Delivery, stopped=1.0)
    _stop_and_reallocate(world)
    assert world.purses.year.min() == 0
    assert world.purses.free.min() == 0
    assert balanced(world)


def pooling(extent: float, benefits: float = 0.0, error: float = 0.5) -> tuple[World, np.ndarray]:
    world = stocked(["DC15"])
    believe(world, Frozen, benefits=benefits)
    believe(world, Planning, error=error)
    decree(world, grants_consolidated=extent)
    free = world.purses.free.copy()
    _pool_grants(world)
    return world, world.purses.free - free


def test_consolidated_grants_go_where_need_presses_most() -> None:
    world, moved = pooling(1.0, error=0.0)
    money, items = world.portfolios, world.pipeline
    departments = len(world.institutions.departments)
    assert moved.sum() == 0
    assert (moved[~money.municipal] == 0).all()
    for m in np.unique(money.actor[money.municipal]) - departments:
        mine = np.flatnonzero(money.actor == m + departments)
        assert moved[mine].sum() == 0
        got = mine[moved[mine] > 0]
        if world.municipalities[m].kind == "district":
            assert (moved[mine] == 0).all()
            continue
        assert len(got) == 1
        worst = {
            s: items.severity[(items.municipality == m) & (items.sector == s)].max(initial=0)
            for s in money.sector[mine]
        }
        assert money.sector[got[0]] == max(worst, key=lambda s: worst[s])
        # all that came as grants went there, what is its own revenue stays
        grants = np.floor(money.cents[mine] * money.granted[mine]).astype(np.int64)
        np.testing.assert_array_equal(moved[mine], np.where(moved[mine] > 0, grants.sum() - grants, -grants))
        assert 0 < grants.sum() < money.cents[mine].sum()
    assert balanced(world)


def test_the_need_that_presses_is_the_one_a_municipality_sees() -> None:
    """The sector that grants go to follows its view of needs, as its own drafts do, however wrong that is."""
    world, moved = pooling(1.0, error=5.0)
    money, items = world.portfolios, world.pipeline
    owner = money.actor - len(world.institutions.departments)
    pairs = eligible(world, MUNICIPALITIES)
    own = owner[pairs.portfolio] == items.municipality[pairs.item]
    seen = np.where(own, perceived(world, pairs), -np.inf)
    mistaken = 0
    for m in np.unique(owner[moved > 0]):
        got = money.sector[(owner == m) & (moved > 0)]
        mine = items.municipality[pairs.item] == m
        assert got.tolist() == [items.sector[pairs.item[np.argmax(np.where(mine, seen, -np.inf))]]]
        worst = np.argmax(np.where(mine, items.severity[pairs.item], 0))
        mistaken += int(got[0] != items.sector[pairs.item[worst]])
    assert mistaken > 0


@pytest.mark.parametrize(("extent", "benefits", "share"), [(0.0, 0.0, 0.0), (1.0, 1.0, 0.0), (0.5, 0.0, 0.5)])
def test_as_far_as_grants_are_consolidated(extent: float, benefits: float, share: float) -> None:
    world, moved = pooling(extent, benefits=benefits)
    whole_world, whole = pooling(1.0)
    given, all_of_it = -moved[moved < 0].sum(), -whole[whole < 0].sum()
    assert given == pytest.approx(share * all_of_it, abs=len(moved))
    assert len(world.works) == len(whole_world.works) == 0


@BY_CYCLE
@pytest.mark.parametrize("hide", [False, True])
def test_what_is_left_is_committed(cycle: Cycle, month: int, hide: bool) -> None:
    world = stocked()
    believe(world, Planning, postpones=0.0)
    begin(world, month)
    items, money = world.pipeline, world.portfolios
    if hide:
        items.delivered_by[:] = 0
    mine, before = purses_of(world, cycle), world.purses.free.copy()
    adjust(world)
    committed = world.purses.committed
    assert (committed[~mine] == 0).all()
    if hide:
        assert committed.sum() == 0
        return
    # nothing is left that would pay for an item still open to its purse
    slots = money.slots[items.municipality, items.sector]
    for k in np.flatnonzero(mine):
        item, _ = np.nonzero((slots == k) & ~items.funded)
        waiting = item[~items.funded[item].any(axis=1)]
        assert (items.cents[waiting] > world.purses.free[k]).all() or (before[k] == 0)
    assert balanced(world)


def test_each_of_these_leaves_the_books_balanced_in_reverse_too() -> None:
    ends: list[list[np.ndarray]] = []
    steps: tuple[Callable[[World], None], ...] = (adjust, _stop_and_reallocate, _pool_grants)
    for reverse in (False, True):
        world = reallocating()
        world.reverse = reverse
        decree(world, grants_consolidated=1.0)
        for step in steps:
            step(world)
        assert balanced(world)
        ends.append([world.purses.free, world.purses.year, world.purses.moved, world.pipeline.funded])
    for one, other in zip(*ends, strict=True):
        np.testing.assert_array_equal(one, other)
