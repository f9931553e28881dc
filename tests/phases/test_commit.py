"""Year-end, appropriation, and what a financial year commits."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.phases.commit import appropriate, close, commit, purses_of
from igrsim.phases.giving_way import yields
from igrsim.phases.knowing import Pairs, perceived
from igrsim.phases.letting import procurement
from igrsim.phases.need import need
from igrsim.phases.plan import clear_drafts, draft, pledge
from igrsim.plans.calendars import CYCLES, DEPARTMENTS, MUNICIPALITIES, Cycle
from igrsim.plans.pipeline import DOUBLED, Disputes, Planning, Programme
from igrsim.plans.works import Delivery
from igrsim.runs.validation.small_worlds import begin, believe, small_model
from igrsim.world.world import World

EACH = pytest.mark.parametrize("cycle", CYCLES, ids=lambda c: c.sphere)


def world_with(month: int = 12, **delivery: float) -> World:
    world = small_model(months=60).world
    believe(world, Programme, inherited=0.0, stranded_stock=0.0, complete_stock=0.0)
    believe(world, Disputes, blocked=0.0, doubled=0.0)
    begin(world, 0)
    need(world)
    believe(world, Delivery, **delivery)
    begin(world, month)
    return world


@EACH
@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 1.0])
def test_what_is_not_committed_is_rolled_over_or_surrendered(cycle: Cycle, share: float) -> None:
    world = world_with(rolled_over=share)
    purses, mine = world.purses, purses_of(world, cycle)
    purses.free[:] = 1001
    gone = purses.surrendered.copy()
    close(world, cycle)
    kept = int(np.floor(1001 * share))
    assert (purses.free[mine] == kept).all()
    assert (purses.surrendered[mine] - gone[mine] == 1001 - kept).all()
    assert (purses.free[~mine] == 1001).all()
    np.testing.assert_array_equal(purses.surrendered[~mine], gone[~mine])
    counted = {
        name: int(world.now.by_municipality[name].sum() + world.now.by_space[f"departments_{name}"].sum())
        for name in ("uncommitted_cents", "rolled_over_cents", "surrendered_cents")
    }
    assert counted["uncommitted_cents"] == 1001 * mine.sum()
    assert counted["uncommitted_cents"] == counted["rolled_over_cents"] + counted["surrendered_cents"]


@EACH
def test_what_is_pledged_of_the_coming_year_is_neither_rolled_over_nor_surrendered(cycle: Cycle) -> None:
    world = world_with(rolled_over=0.5)
    purses, mine = world.purses, purses_of(world, cycle)
    purses.free[:] = -1001
    gone = purses.surrendered.copy()
    close(world, cycle)
    assert (purses.free == -1001).all()
    np.testing.assert_array_equal(purses.surrendered, gone)
    for name in ("uncommitted_cents", "rolled_over_cents", "surrendered_cents"):
        assert world.now.by_municipality[name].sum() + world.now.by_space[f"departments_{name}"].sum() == 0
    # and the coming year's money is so much less
    appropriate(world, cycle)
    np.testing.assert_array_equal(purses.free[mine], world.portfolios.cents[mine] - 1001)


def test_a_year_not_spent_is_counted_once_a_whole_one_has_been_lived() -> None:
    for month, whole in ((11, 0), (12, 1)):
        world = world_with(month)
        mine = purses_of(world, DEPARTMENTS)
        world.purses.year[:] = 100
        world.purses.paid[:] = 30
        world.purses.paid[np.flatnonzero(mine)[0]] = 170
        close(world, DEPARTMENTS)
        found = world.now.by_space
        assert found["departments_year_cents"].sum() == 100 * mine.sum() * whole
        # who paid out more than the year's money left none of it unspent
        assert found["departments_unspent_cents"].sum() == 70 * (mine.sum() - 1) * whole


@EACH
def test_a_new_year_begins_with_its_own_money_and_what_was_rolled_over(cycle: Cycle) -> None:
    world = world_with()
    purses, mine = world.purses, purses_of(world, cycle)
    purses.free[:], purses.year[:], purses.paid[:], purses.appropriated[:] = 7, 5, 3, 0
    appropriate(world, cycle)
    cents = world.portfolios.cents
    np.testing.assert_array_equal(purses.free, np.where(mine, 7 + cents, 7))
    np.testing.assert_array_equal(purses.year, np.where(mine, cents, 5))
    np.testing.assert_array_equal(purses.paid, np.where(mine, 0, 3))
    np.testing.assert_array_equal(purses.appropriated, np.where(mine, cents, 0))


@pytest.mark.parametrize(("month", "sphere"), [(12, "departments"), (15, "municipalities"), (13, ""), (22, "")])
def test_each_sphere_commits_when_its_year_begins(month: int, sphere: str) -> None:
    world = world_with(month)
    before = world.purses.committed.copy()
    commit(world)
    touched = world.purses.committed > before
    assert touched.any() == bool(sphere)
    assert (world.portfolios.municipal[touched] == (sphere == "municipalities")).all()
    # works begin with the commitment, and are let each in its own time
    works = world.works
    assert (works.begun == month).all()
    np.testing.assert_array_equal(works.let - month, procurement(world, works.item, works.portfolio))
    assert not sphere or len(np.unique(works.let)) > 3
    funded = world.pipeline.funded.sum()
    assert funded == len(world.works)


@pytest.mark.parametrize(("month", "cycle"), [(12, DEPARTMENTS), (15, MUNICIPALITIES)])
@pytest.mark.parametrize("outer", [0.0, 0.4, 1.0])
def test_no_purse_pledges_more_than_the_outer_years_nor_to_more_than_one_project(
    month: int, cycle: Cycle, outer: float
) -> None:
    world = world_with(month, outer_years=outer)
    commit(world)
    purses, works = world.purses, world.works
    np.testing.assert_array_equal(pledge(world), np.floor(outer * world.appropriated))
    assert (purses.free >= -np.floor(outer * world.portfolios.cents)).all()
    deep = np.flatnonzero(purses.free < 0)
    assert (len(deep) > 0) == (outer > 0)
    for k in deep:
        # but for one project there would be money left
        assert purses.free[k] + works.cents[works.portfolio == k].max() > 0
    assert purses_of(world, cycle)[deep].all()


def test_who_pledged_the_coming_year_commits_so_much_less_of_it() -> None:
    found = []
    for owed in (0.0, 0.5, 1.0, 3.0):
        world = world_with(outer_years=0.0)
        mine = purses_of(world, DEPARTMENTS)
        world.purses.free[:] = np.where(mine, -np.floor(owed * world.portfolios.cents), 0)
        draft(world, DEPARTMENTS)
        items = world.pipeline
        item, slot = np.nonzero(items.drafted)
        drafted = np.zeros(len(mine), np.int64)
        np.add.at(
            drafted, world.portfolios.slots[items.municipality[item], items.sector[item], slot], items.cents[item]
        )
        commit(world)
        committed = world.purses.committed[mine]
        for cents in (drafted[mine], committed):
            assert (cents <= np.ceil(max(1 - owed, 0) * world.portfolios.cents[mine])).all()
        found.append(int(committed.sum()))
    assert found[0] > found[1] > found[2] == found[3] == 0


@pytest.mark.parametrize(("month", "cycle"), [(12, DEPARTMENTS), (15, MUNICIPALITIES)])
def test_no_draft_outlives_its_year(month: int, cycle: Cycle) -> None:
    world = world_with(month)
    items, money = world.pipeline, world.portfolios
    draft(world, cycle)
    slots = money.slots[items.municipality, items.sector]
    mine = (slots >= 0) & purses_of(world, cycle)[np.maximum(slots, 0)]
    theirs = (slots >= 0) & ~mine
    # what stands already, or is funded, was drafted too, by everyone
    items.drafted[slots >= 0] = items.compared[slots >= 0] = True
    items.funded[0], items.delivered_by[1] = slots[0] >= 0, 0
    clear_drafts(world, cycle)
    assert not items.drafted[mine].any()
    np.testing.assert_array_equal(items.compared[mine], items.funded[mine])
    assert items.drafted[theirs].all()
    assert items.compared[theirs].all()
    items.drafted[slots >= 0] = True
    commit(world)
    assert not items.drafted[mine].any()
    assert items.drafted[theirs].all()


def test_less_money_than_was_drafted_for_pays_for_the_most_pressing() -> None:
    for outer in (0.0, 0.5):
        world = world_with(outer_years=outer, rolled_over=0.0)
        draft(world, DEPARTMENTS)
        commit(world)
        poor = world_with(outer_years=outer, rolled_over=0.0)
        # drafted in hope of a whole year's money
        draft(poor, DEPARTMENTS)
        poor.circumstances.budget_factor[:] = 0.3
        commit(poor)
        assert 0 < poor.pipeline.funded.sum() < world.pipeline.funded.sum()
        # less money, and so much less of outer years to pledge
        assert (poor.purses.committed <= np.rint(0.3 * (1 + outer) * poor.portfolios.cents) + 1).all()
        if outer == 0.0:
            assert not (poor.pipeline.funded & ~world.pipeline.funded).any()
            _most_pressing_first(poor, world)


def _most_pressing_first(poor: World, rich: World) -> None:
    """What was given up for want of money is less pressing than what was paid for, or did not fit."""
    items, money = poor.pipeline, poor.portfolios
    item, slot = np.nonzero(rich.pipeline.funded)
    portfolio = money.slots[items.municipality[item], items.sector[item], slot]
    score = perceived(poor, Pairs(item, slot, portfolio))
    paid = poor.pipeline.funded[item, slot]
    for k in np.unique(portfolio[~paid]):
        left = int(np.rint(0.3 * money.cents[k]))
        mine = np.flatnonzero(portfolio == k)
        for row in mine[np.argsort(-score[mine])]:
            assert paid[row] == (items.cents[item[row]] <= left)
            left -= int(items.cents[item[row]]) * int(paid[row])


def test_that_one_is_short_costs_nobody_else_a_project() -> None:
    funded = []
    for short in (False, True):
        world = world_with(rolled_over=1.0)
        draft(world, DEPARTMENTS)
        # something was rolled over, so that more fits than the draft thought
        world.purses.free[:] = world.portfolios.cents // 2
        departments = np.flatnonzero(purses_of(world, DEPARTMENTS))
        drafted = np.zeros(len(world.purses.free), np.int64)
        item, slot = np.nonzero(world.pipeline.drafted)
        portfolio = world.portfolios.slots[world.pipeline.municipality[item], world.pipeline.sector[item], slot]
        np.add.at(drafted, portfolio, world.pipeline.cents[item])
        poor = departments[np.argmax(drafted[departments] > 0)]
        if short:
            world.purses.free[poor] = 0
            world.circumstances.budget_factor[poor] = 0.01
        commit(world)
        others = world.works.portfolio != poor
        works = world.works
        funded.append({(int(i), int(s)) for i, s in zip(works.item[others], works.slot[others], strict=True)})
    assert funded[0] == funded[1]


def test_whose_powers_are_disputed_does_not_yield() -> None:
    world = world_with()
    believe(world, Planning, yields=1.0)
    items, money = world.pipeline, world.portfolios
    item = np.zeros(len(money.cents), np.int64)
    all_of_them = np.arange(len(money.cents))
    assert yields(world, item, all_of_them, all_of_them[::-1]).all()
    items.dispute[0] = DOUBLED
    np.testing.assert_array_equal(yields(world, item, all_of_them, all_of_them[::-1]), ~money.disputed)
    assert money.disputed.any()


def test_calendars_adjust_before_the_year_is_over() -> None:
    for cycle in (DEPARTMENTS, MUNICIPALITIES):
        assert (cycle.adjust_month - cycle.commit_month) % 12 == 7
