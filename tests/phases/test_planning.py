"""Drafts, overlaps, commitments, the One Plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from igrsim.phases.commit import commit
from igrsim.phases.deliver import deliver
from igrsim.phases.knowing import knows, perceived, referenced, sight
from igrsim.phases.need import need
from igrsim.phases.plan import draft, eligible, others_known, plan
from igrsim.plans.calendars import CYCLES, DEPARTMENTS, MUNICIPALITIES
from igrsim.plans.pipeline import NEVER, Disputes, Planning, Programme
from igrsim.plans.works import Delivery
from igrsim.runs.validation.known_answers import rand_committed
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model
from igrsim.world.world import World


def stocked(seed: int = 1, **numbers: float) -> World:
    """A small world with its opening stock of items."""
    world = small_model(months=40, seed=seed).world
    believe(world, Planning, **({"postpones": 0.0} | numbers))
    believe(world, Programme, inherited=0.0, stranded_stock=0.0, complete_stock=0.0)
    believe(world, Disputes, blocked=0.0, doubled=0.0)
    begin(world, 0)
    need(world)
    return world


def test_full_sight_leaves_no_duplicates_and_less_sight_leaves_more() -> None:
    seeds = range(1, 9)
    blind, half, full = (sum(rand_committed(sight=s, seed=seed)[0] for seed in seeds) for s in (0.0, 0.5, 1.0))
    assert blind > half > full == 0
    assert all(rand_committed(sight=1.0, seed=seed)[1] > 0 for seed in seeds)


@pytest.mark.parametrize("drafts", [False, True])
def test_sight_is_a_chance_and_grows_with_ties_and_maps(drafts: bool) -> None:
    world = stocked()
    pairs = eligible(world, DEPARTMENTS)
    theirs = world.portfolios.slots[world.pipeline.municipality[pairs.item], world.pipeline.sector[pairs.item], 0]
    before = sight(world, pairs.item, pairs.portfolio, theirs, drafts)
    world.ties[:] = world.peer_ties[:] = 0.7
    tied = sight(world, pairs.item, pairs.portfolio, theirs, drafts)
    decree(world, spatial_reference=1.0)
    assert referenced(world, pairs.item, theirs).all()
    mapped = sight(world, pairs.item, pairs.portfolio, theirs, drafts)
    for low, high in ((before, tied), (tied, mapped)):
        assert ((low >= 0) & (low <= high) & (high <= 1)).all()
    assert before.sum() < tied.sum()
    assert (mapped.sum() > tied.sum()) == (not drafts)


def test_finding_out_is_mutual() -> None:
    world = stocked()
    pairs = eligible(world, DEPARTMENTS)
    theirs = pairs.portfolio[::-1]
    np.testing.assert_array_equal(
        knows(world, pairs.item, pairs.portfolio, theirs), knows(world, pairs.item, theirs, pairs.portfolio)
    )


def test_severity_is_seen_more_truly_with_better_data_nearness_and_profiles() -> None:
    world = stocked()
    pairs = {c.sphere: eligible(world, c) for c in CYCLES}
    items = world.pipeline

    def error(sphere: str) -> float:
        mine = pairs[sphere]
        return float(np.abs(perceived(world, mine) - np.log(items.severity[mine.item])).mean())

    for town in world.municipalities:
        town.data_quality = 0.3
    far, local = error("departments"), error("municipalities")
    assert local < far
    for town in world.municipalities:
        town.data_quality = 0.9
    assert error("departments") < far
    plain = error("departments")
    items.surveyed[:] = 0
    fresh = error("departments")
    world.month = 48
    aged = error("departments")
    assert fresh < plain
    assert fresh < aged


def test_drafts_stay_within_money_and_mandate() -> None:
    world = stocked()
    items, money = world.pipeline, world.portfolios
    for cycle in CYCLES:
        draft(world, cycle)
    item, slot = np.nonzero(items.drafted)
    portfolio = money.slots[items.municipality[item], items.sector[item], slot]
    assert (portfolio >= 0).all()
    spent = np.bincount(portfolio, weights=items.cents[item], minlength=len(money.cents))
    # the last item of a purse may be pledged of the year after
    pledged = world.params[Delivery].outer_years * money.cents
    assert (spent <= money.cents + pledged).all()
    # what is left does not pay for any item one could still take
    for cycle in CYCLES:
        pairs = eligible(world, cycle)
        left = (money.cents - spent)[pairs.portfolio]
        free = ~items.drafted[pairs.item, pairs.slot]
        assert ((items.cents[pairs.item][free] > left[free]) | (left[free] <= 0)).all()


@pytest.mark.parametrize(
    ("cycle", "month", "municipal"), [(DEPARTMENTS, 5, False), (MUNICIPALITIES, 11, True)], ids=lambda v: str(v)[:12]
)
def test_each_sphere_drafts_in_its_month_only(cycle: object, month: int, municipal: bool) -> None:
    world = stocked()
    for early in range(month):
        begin(world, early)
        plan(world)
    world.pipeline.drafted[:] = False
    begin(world, month)
    plan(world)
    item, slot = np.nonzero(world.pipeline.drafted)
    assert len(item)
    portfolio = world.portfolios.slots[world.pipeline.municipality[item], world.pipeline.sector[item], slot]
    assert (world.portfolios.municipal[portfolio] == municipal).all()


def test_what_is_committed_stands_once_procured_and_built() -> None:
    world = stocked()
    delivery = world.params[Delivery]
    believe(world, Delivery, throughput=1000.0, procurement_spread=0.0, outer_years=0.0)
    commit(world)
    funded = world.pipeline.funded.any(axis=1)
    months = round(delivery.procurement_months + delivery.construction_months)
    assert funded.any()
    for month in range(months):
        begin(world, month)
        deliver(world)
        assert month == months - 1 or world.pipeline.open(month).all()
    assert (world.pipeline.delivered_by[funded] == months - 1).all()
    assert (world.pipeline.delivered_by[~funded] == NEVER).all()


def test_money_and_prices_scaled_together_choose_the_same_items() -> None:
    chosen = []
    for scale in (1, 7):
        world = stocked()
        world.portfolios = replace(world.portfolios, cents=world.portfolios.cents * scale)
        world.pipeline.cents *= scale
        commit(world)
        chosen.append(world.pipeline.funded.copy())
    np.testing.assert_array_equal(chosen[0], chosen[1])


def test_more_budget_leaves_less_need_unmet() -> None:
    unmet = []
    for times in (1, 2):
        world = stocked()
        world.portfolios = replace(world.portfolios, cents=world.portfolios.cents * times)
        commit(world)
        unmet.append(world.pipeline.severity[~world.pipeline.funded.any(axis=1)].sum())
    assert unmet[1] < unmet[0]


def test_a_sphere_without_money_leaves_the_other_alone() -> None:
    chosen = []
    for money in (0, 1):
        world = stocked(published=0.0)
        municipal = world.portfolios.municipal
        world.portfolios = replace(world.portfolios, cents=world.portfolios.cents * np.where(municipal, money, 1))
        commit(world)
        chosen.append(world.pipeline.funded.copy())
    np.testing.assert_array_equal(chosen[0], chosen[1])
    assert chosen[0].any()


def test_items_and_problems_are_the_same_in_every_arm() -> None:
    stocks = []
    for regime in ("siloed", "district-hub-core"):
        model = small_model(regime, months=26, rollout="all-at-once")
        model.run()
        items = model.world.pipeline
        stocks.append((items.key, items.severity, items.cents, items.born, model.world.totals["problems arisen"]))
    for silo, hub in zip(*stocks, strict=True):
        np.testing.assert_array_equal(silo, hub)


def test_a_one_plan_names_owners_within_its_years_of_money() -> None:
    model = small_model("district-hub-core", rollout="all-at-once", months=48)
    adopted = None
    while model.month < 48 and adopted is None:
        model.step()
        hub = model.world.hubs[0]
        adopted = model.month if hub.plan_adopted >= 0 else None
    assert adopted
    assert 12 <= adopted <= 36
    items, money = model.world.pipeline, model.world.portfolios
    owned = np.flatnonzero(items.owner >= 0)
    assert len(owned)
    portfolio = money.slots[items.municipality[owned], items.sector[owned], items.owner[owned]]
    assert (portfolio >= 0).all()
    agreed = np.bincount(portfolio, weights=items.cents[owned], minlength=len(money.cents))
    assert (agreed <= model.world.params[Planning].plan_years * money.cents).all()
    assert (items.agreed[owned] > model.month).all()


def test_a_profile_is_made_anew_when_it_is_old() -> None:
    model = small_model("district-hub-core", rollout="all-at-once", months=60)
    made = []
    for _ in range(60):
        model.step()
        made.append(model.world.hubs[0].profile_made)
    dates = sorted(set(made) - {-1})
    assert len(dates) >= 2
    assert np.diff(dates).min() >= 24


def test_an_owner_who_pays_puts_the_agreed_item_first() -> None:
    world = stocked(pays=2.0)
    pairs = eligible(world, DEPARTMENTS)
    before = perceived(world, pairs)
    least = int(np.argmin(before))
    world.pipeline.owner[pairs.item[least]] = pairs.slot[least]
    after = perceived(world, pairs)
    assert np.argmax(after) == least
    others = np.arange(len(before)) != least
    np.testing.assert_array_equal(after[others], before[others])
    believe(world, Planning, pays=-1.0)
    np.testing.assert_array_equal(perceived(world, pairs), before)


def test_who_defers_leaves_an_item_to_its_owner() -> None:
    world = stocked(defers=2.0, tables_drafts=2.0)
    pairs = eligible(world, DEPARTMENTS)
    assert not others_known(world, pairs).any()
    world.pipeline.owner[:] = 0
    np.testing.assert_array_equal(others_known(world, pairs), pairs.slot != 0)
    assert (pairs.slot != 0).any()
    believe(world, Planning, defers=-1.0)
    assert not others_known(world, pairs).any()


def test_a_hub_names_an_owner_for_the_severest_item_somebody_can_pay() -> None:
    model = small_model("district-hub-core", rollout="all-at-once", months=48)
    believe(model.world, Planning, error=1e-9)
    severest: list[tuple[int, bool]] = []

    def look(phase: str, world: World) -> None:
        items, money = world.pipeline, world.portfolios
        if phase != "coordinate" or severest or not (items.owner >= 0).any():
            return
        slots = money.slots[items.municipality, items.sector]
        most = np.where(slots >= 0, money.cents[np.maximum(slots, 0)], 0).max(axis=1)
        could = items.open(world.month) & ~items.funded.any(axis=1)
        could &= items.cents <= world.params[Planning].plan_years * most
        worst = int(np.argmax(np.where(could, items.severity, 0)))
        severest.append((worst, bool(items.owner[worst] >= 0)))

    model.after_phase = look
    model.run()
    assert [owned for _, owned in severest] == [True]


def mining() -> World:
    """A mining district as its departments lay down drafts."""
    world = small_model(scope=["DC36"], citizens=100, months=24).world
    begin(world, 0)
    need(world)
    begin(world, 5)
    return world


@pytest.mark.parametrize("rule", ["spatial_reference", "needs_weighting", "platforms_linked"])
def test_companies_give_hours_to_a_common_way_of_planning_as_far_as_a_compact_asks_them(rule: str) -> None:
    spent, public = [], []
    for compact in (0.0, 0.5, 1.0):
        world = mining()
        decree(world, private_compact=compact, **{rule: 1.0})
        draft(world, DEPARTMENTS)
        assert world.pipeline.drafted.any()
        spent.append(int(world.now.minutes["plans", "private"].sum()))
        public.append(int(world.now.minutes["plans", "nation"].sum()))
    assert spent[0] == 0 < spent[1]
    assert spent[1] == pytest.approx(spent[2] / 2, rel=0.2)
    assert min(public) > 0


def test_companies_weigh_needs_as_far_as_a_compact_asks_them() -> None:
    world = mining()
    pairs = eligible(world, DEPARTMENTS)
    mine = world.portfolios.private[pairs.portfolio]
    silos = perceived(world, pairs)
    decree(world, needs_weighting=1.0)
    moved = perceived(world, pairs) != silos
    assert mine.any()
    np.testing.assert_array_equal(moved, ~mine)
    decree(world, needs_weighting=1.0, private_compact=1.0)
    assert (perceived(world, pairs) != silos).all()
