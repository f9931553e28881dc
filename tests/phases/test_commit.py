"""Year-end, appropriation, and what a financial year commits."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.phases.commit import appropriate, close, commit, purses_of, yields
from igrsim.phases.need import need
from igrsim.plans.calendars import CYCLES, DEPARTMENTS, MUNICIPALITIES, Cycle
from igrsim.plans.pipeline import DOUBLED, Disputes, Planning, Programme
from igrsim.plans.works import Delivery
from igrsim.runs.validation.small_worlds import begin, believe, small_model
from igrsim.world.world import World

EACH = pytest.mark.parametrize("cycle", CYCLES, ids=lambda c: c.sphere)


def world_with(month: int = 12, **delivery: float) -> World:
    world = small_model(months=60).world
    believe(world, Programme, inherited=0.0, stranded_stock=0.0)
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
    # works begin with the commitment, and no purse pays more than it has
    assert (world.works.begun == month).all()
    assert (world.purses.free >= 0).all()
    funded = world.pipeline.funded.sum()
    assert funded == len(world.works)


def test_less_money_than_was_drafted_for_pays_for_the_most_pressing() -> None:
    world = world_with()
    believe(world, Delivery, rolled_over=0.0)
    world.circumstances.budget_factor[:] = 1.0
    before = world.pipeline.funded.sum()
    commit(world)
    whole = world.pipeline.funded.sum() - before
    poor = world_with()
    poor.circumstances.budget_factor[:] = 0.3
    commit(poor)
    assert 0 < poor.pipeline.funded.sum() < whole
    committed = np.zeros(len(poor.purses.free), np.int64)
    np.add.at(committed, poor.works.portfolio, poor.works.cents)
    assert (committed <= np.rint(0.3 * poor.portfolios.cents)).all()


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
