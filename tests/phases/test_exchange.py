"""Plans exchanged before either side commits: who reads what, when, and what it takes."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.phases.exchange import SynchronisedCalendar, exchange
from igrsim.phases.knowing import exchanged, sight
from igrsim.phases.need import need
from igrsim.phases.plan import draft, eligible, intended
from igrsim.phases.seen_drafts import others_mean
from igrsim.plans.calendars import CYCLES, DEPARTMENTS, MUNICIPALITIES
from igrsim.plans.pipeline import Disputes, Planning, Programme
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model
from igrsim.world.frozen import Frozen
from igrsim.world.world import World

AUGUST, SEPTEMBER, MARCH = 4, 5, 11


def world_of(share: float = 1.0, month: int = AUGUST, scope: str = "DC36", **planning: float) -> World:
    world = small_model(scope=[scope], months=40, citizens=50).world
    believe(world, Planning, **({"tie_sight": 0.0, "yields": 1.0, "postpones": 0.0} | planning))
    believe(world, Programme, inherited=0.0)
    believe(world, Disputes, blocked=0.0, doubled=0.0)
    begin(world, 0)
    need(world)
    decree(world, synchronised=share)
    begin(world, month)
    return world


def test_municipalities_lay_their_priorities_down_in_time_for_departments_drafts() -> None:
    world = world_of()
    expected = intended(world, MUNICIPALITIES)
    for month in (AUGUST - 1, AUGUST + 1):
        begin(world, month)
        exchange(world)
        assert not world.pipeline.early.any()
    begin(world, AUGUST)
    exchange(world)
    np.testing.assert_array_equal(world.pipeline.early, expected)
    # no draft budget is tabled, and nothing committed, for that
    assert not world.pipeline.drafted.any()
    assert not world.pipeline.funded.any()
    begin(world, MARCH)
    draft(world, MUNICIPALITIES)
    assert not world.pipeline.early.any()
    assert world.pipeline.drafted.any()


def test_departments_leave_to_municipalities_what_these_put_first_and_the_other_way_round() -> None:
    for early, late, month in ((MUNICIPALITIES, DEPARTMENTS, SEPTEMBER), (DEPARTMENTS, MUNICIPALITIES, MARCH)):
        world = world_of(published=1.0, referenced=1.0)
        items = world.pipeline
        if early is MUNICIPALITIES:
            exchange(world)
        else:
            begin(world, SEPTEMBER)
            draft(world, early)
            exchange(world)
        meant = (items.early | items.drafted).copy()
        begin(world, month)
        pairs = eligible(world, late)
        left = others_mean(world, pairs)
        assert left.any()
        assert meant[pairs.item[left]].any(axis=1).all()
        # only the smaller mandate gives way
        money = world.portfolios
        slots = money.slots[items.municipality, items.sector]
        largest = np.where(meant, money.weight[slots], 0.0).max(axis=1)
        assert (money.weight[pairs.portfolio[left]] <= largest[pairs.item[left]]).all()
        draft(world, late)
        assert not items.drafted[pairs.item[left], pairs.slot[left]].any()


@pytest.mark.parametrize("planning", [{"published": 0.0}, {"referenced": 0.0}, {"yields": 0.0}])
def test_who_does_not_read_find_or_yield_drafts_as_ever(planning: dict[str, float]) -> None:
    world = world_of(**planning)
    exchange(world)
    assert world.pipeline.early.any()
    begin(world, SEPTEMBER)
    assert not others_mean(world, eligible(world, DEPARTMENTS)).any()


def test_drafts_are_read_with_the_chance_of_any_published_plan() -> None:
    world = world_of(referenced=1.0, published=0.3)
    world.pipeline.exchanged[:] = _of_governments(world)
    pairs = eligible(world, DEPARTMENTS)
    slots = world.portfolios.slots[world.pipeline.municipality[pairs.item], world.pipeline.sector[pairs.item]]
    theirs = np.where(slots[:, 0] == pairs.portfolio, slots[:, 1], slots[:, 0])
    there = (theirs >= 0) & ~world.portfolios.agency[pairs.portfolio] & ~world.portfolios.agency[theirs]
    item, mine, theirs = pairs.item[there], pairs.portfolio[there], theirs[there]
    open_ = exchanged(world, item, theirs)
    seen = sight(world, item, mine, theirs, drafts=True)
    np.testing.assert_allclose(seen, 0.3 * open_)
    np.testing.assert_array_equal(open_, ~world.portfolios.private[theirs])


def _of_governments(world: World) -> np.ndarray:
    items, money = world.pipeline, world.portfolios
    slots = money.slots[items.municipality, items.sector]
    return np.asarray((slots >= 0) & ~money.private[slots])


@pytest.mark.parametrize("frozen", [0.0, 1.0])
def test_a_share_of_projects_is_exchanged(frozen: float) -> None:
    world = world_of(0.3, SEPTEMBER, scope="ETH")
    believe(world, Frozen, benefits=frozen)
    items = world.pipeline
    draft(world, DEPARTMENTS)
    exchange(world)
    public = items.drafted & _of_governments(world)
    assert not (items.exchanged & ~public).any()
    assert items.exchanged[public].mean() == pytest.approx(0.3 * (1 - frozen), abs=0.1)


def test_drafts_that_nobody_spent_hours_on_opening_are_closed() -> None:
    world = world_of()
    items, money = world.pipeline, world.portfolios
    # as in the first April: drafted on the spot
    draft(world, DEPARTMENTS)
    item, slot = np.nonzero(items.drafted)
    portfolio = money.slots[items.municipality[item], items.sector[item], slot]
    assert len(item)
    assert not exchanged(world, item, portfolio).any()
    begin(world, SEPTEMBER)
    exchange(world)
    np.testing.assert_array_equal(exchanged(world, item, portfolio), ~money.private[portfolio])
    draft(world, DEPARTMENTS)
    assert not items.exchanged.any()


@pytest.mark.parametrize("share", [1.0, 0.4])
@pytest.mark.parametrize("frozen", [0.0, 1.0])
def test_hours_go_by_the_project(share: float, frozen: float) -> None:
    world = world_of(share)
    believe(world, Frozen, benefits=frozen)
    p = world.params[SynchronisedCalendar]
    early = int(intended(world, MUNICIPALITIES).sum())
    exchange(world)
    assert early > 0
    each = round(60 * (p.early + p.exchanging) * share)
    assert world.now.minutes["plans", "municipality"].sum() == early * each
    assert world.now.by_municipality["plan_minutes"].sum() == early * each
    assert set(world.now.minutes) == {("plans", "municipality")}
    for cycle in CYCLES:
        month = (cycle.draft_month - 4) % 12
        begin(world, month)
        draft(world, cycle)
        before = sum(int(v.sum()) for v in world.now.minutes.values())
        exchange(world)
        items, money = world.pipeline, world.portfolios
        slots = money.slots[items.municipality, items.sector]
        public = items.drafted & ~money.private[slots]
        public &= money.municipal[slots] == (cycle.sphere == "municipalities")
        spent = sum(int(v.sum()) for v in world.now.minutes.values()) - before
        assert spent == public.sum() * round(60 * p.exchanging * share)


def test_silos_exchange_nothing() -> None:
    world = world_of(0.0)
    exchange(world)
    assert not world.pipeline.early.any()
    assert not world.now.minutes
