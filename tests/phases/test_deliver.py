"""From commitment to what stands: months, throughput, promises, parts without their complement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from igrsim.metrics._base import counts_now
from igrsim.phases.deliver import STRANDED_AFTER, deliver, throughput
from igrsim.phases.knowing import complement_missing
from igrsim.phases.letting import procurement
from igrsim.phases.need import need
from igrsim.phases.plan import eligible
from igrsim.plans.calendars import DEPARTMENTS
from igrsim.plans.pipeline import NEVER, Disputes, Pipeline, Planning, Programme
from igrsim.plans.works import Delivery
from igrsim.runs.validation.small_worlds import Settled, begin, believe, decree, small_model
from igrsim.world.world import World

MILLION = 10**8


def building(cents: Sequence[int] = (12 * MILLION,), month: int = 0, year: int = 10**12, **numbers: float) -> World:
    """A small world in which one department has just committed some items, and nothing else is built."""
    world = small_model(months=60).world
    believe(world, Programme, inherited=0.0, stranded_stock=0.0, complete_stock=0.0)
    believe(world, Disputes, blocked=0.0, doubled=0.0)
    begin(world, 0)
    need(world)
    believe(world, Delivery, **({"throughput": 1000.0, "procurement_spread": 0.0} | numbers))
    begin(world, month)
    commit_blindly(world, cents)
    # nobody else's money, and none of its department's other programmes
    world.purses.year[:] = 0
    world.purses.year[world.works.portfolio[0]] = year
    return world


def commit_blindly(world: World, cents: Sequence[int]) -> None:
    """Let one department's purse have committed items of these costs this month."""
    pairs = eligible(world, DEPARTMENTS)
    item = np.flatnonzero(pairs.portfolio == pairs.portfolio[0])[: len(cents)]
    assert len(item) == len(cents)
    which = pairs.item[item]
    world.pipeline.cents[which] = cents
    world.pipeline.funded[which, pairs.slot[item]] = True
    nothing = np.zeros(len(item), np.int64)
    let = world.month + procurement(world, which, pairs.portfolio[item])
    world.works.add(
        which, pairs.slot[item], pairs.portfolio[item], world.pipeline.cents[which], nothing, nothing + world.month,
        let, world.params[Delivery],
    )  # fmt: skip


def live(world: World, months: int) -> list[int]:
    """Cents paid in each of so many months, from this one on."""
    paid = []
    for month in range(world.month, world.month + months):
        begin(world, month)
        deliver(world)
        paid.append(int(world.now.by_municipality["spent_cents"].sum()))
    return paid


@pytest.mark.parametrize(("procurement", "construction"), [(6, 12), (3, 6), (9, 1)])
def test_a_project_takes_procurement_and_construction(procurement: int, construction: int) -> None:
    world = building(procurement_months=procurement, construction_months=construction)
    item = int(world.works.item[0])
    paid = live(world, procurement + construction)
    assert paid[:procurement] == [0] * procurement
    assert paid[procurement:] == [12 * MILLION // construction] * construction
    assert world.pipeline.delivered_by[item] == procurement + construction - 1
    assert len(world.works) == 0


def test_a_site_is_there_to_see_once_contracts_are_let() -> None:
    world = building(procurement_months=3)
    items, item, slot = world.pipeline, int(world.works.item[0]), int(world.works.slot[0])
    live(world, 3)
    assert not items.building.any()
    begin(world, 3)
    deliver(world)
    assert np.argwhere(items.building).tolist() == [[item, slot]]


def test_projects_are_let_each_in_its_own_time() -> None:
    world = building()
    believe(world, Delivery, procurement_spread=0.5)
    p = world.params[Delivery]
    item, slot = np.nonzero(world.portfolios.slots[world.pipeline.municipality, world.pipeline.sector] >= 0)
    portfolio = world.portfolios.slots[world.pipeline.municipality[item], world.pipeline.sector[item], slot]
    months = procurement(world, item, portfolio)
    assert months.min() >= 1
    assert np.median(months) == pytest.approx(p.procurement_months, abs=1)
    # rounding to whole months, and at least one, widens the spread a little
    assert np.log(months).std() == pytest.approx(p.procurement_spread, rel=0.15)
    # two who build the same wait for different things
    first = np.unique(item, return_index=True)[1]
    second = np.minimum(first + 1, len(item) - 1)
    both = item[first] == item[second]
    assert (months[first[both]] != months[second[both]]).mean() > 0.5
    # whoever asks, and whenever
    world.month = 30
    np.testing.assert_array_equal(procurement(world, item[::-1], portfolio[::-1])[::-1], months)
    believe(world, Delivery, procurement_months=0.1)
    assert procurement(world, item, portfolio).min() == 1


def test_cents_that_do_not_divide_are_paid_all_the_same() -> None:
    world = building(cents=(1001,))
    assert sum(live(world, 20)) == 1001
    assert len(world.works) == 0


def test_what_a_purse_pays_out_follows_skill_and_luck() -> None:
    world = building(throughput=4.0, luck=0.0)
    p, money = world.params[Delivery], world.portfolios
    departments = len(world.institutions.departments)
    skill = world.delivery_skill(p.finance_part)
    expected = [
        1 - np.exp(-4 * (skill[actor - departments] if municipal else p.department_skill))
        for actor, municipal in zip(money.actor, money.municipal, strict=True)
    ]
    np.testing.assert_allclose(throughput(world), expected)
    believe(world, Delivery, luck=0.5)
    lucky = throughput(world)
    assert ((lucky > 0) & (lucky < 1)).all()
    # an actor's year is the same for all of its money, and another one than last year's
    for actor in np.unique(money.actor):
        assert np.ptp(lucky[money.actor == actor]) < 1e-12
    world.month = 11
    np.testing.assert_array_equal(throughput(world)[~money.municipal], lucky[~money.municipal])
    world.month = 12
    assert not np.isclose(throughput(world)[~money.municipal], lucky[~money.municipal]).any()


def test_a_month_pays_a_twelfth_of_what_the_year_can() -> None:
    world = building(cents=(100 * MILLION,), year=12 * MILLION, throughput=np.log(2), luck=0.0, department_skill=1.0)
    assert live(world, 8)[6:] == [MILLION // 2] * 2
    assert world.purses.paid.sum() == world.purses.spent.sum() == MILLION


def test_one_till_pays_for_all_of_its_purses() -> None:
    world = building(year=0, cents=(100 * MILLION,), throughput=np.log(2), luck=0.0, department_skill=1.0)
    till, mine = world.portfolios.till, int(world.works.portfolio[0])
    # a department in a space, and a municipality, have several purses and one till each
    sizes = np.bincount(till)
    assert (sizes > 1).any()
    for k in range(len(till)):
        assert (till[k] == till[mine]) == (
            world.portfolios.actor[k] == world.portfolios.actor[mine]
            and world.portfolios.space[k] == world.portfolios.space[mine]
        )
    sister, stranger = int(np.flatnonzero(sizes[till] > 1)[0]), int(np.flatnonzero(till != till[mine])[0])
    twin = int(np.flatnonzero((till == till[sister]) & (np.arange(len(till)) != sister))[0])
    for payer, works, paid in ((stranger, mine, 0), (sister, twin, 1)):
        world.purses.year[:] = 0
        world.purses.year[payer] = 12 * MILLION
        world.works.portfolio[:], world.works.spent[:] = works, 0
        share = float(throughput(world)[payer])
        begin(world, 6)
        deliver(world)
        assert world.now.by_municipality["spent_cents"].sum() == paid * int(np.floor(share * 12 * MILLION) // 12)
        assert world.purses.paid[works] == paid * int(np.floor(share * 12 * MILLION) // 12)


def test_a_purse_without_money_builds_nothing() -> None:
    world = building(year=0)
    assert sum(live(world, 40)) == 0
    assert (world.pipeline.delivered_by == NEVER).all()


def test_a_slower_purse_delivers_later() -> None:
    stands = []
    for speed in (1000.0, 1.0, 0.5):
        world = building(cents=(10 * MILLION, 10 * MILLION), year=24 * MILLION, throughput=speed, luck=0.0)
        items = world.works.item.copy()
        live(world, 60)
        stands.append(sorted(world.pipeline.delivered_by[items]))
    assert stands[0] < stands[1] < stands[2]
    assert stands[0] == [17, 17]
    assert stands[1][0] < stands[1][1]


def test_a_promise_is_kept_or_broken_once() -> None:
    late = building(year=0)
    broken, kept = [], []
    for month in range(40):
        begin(late, month)
        deliver(late)
        broken += [month] * sum(len(where) for where, _ in late.now.broken)
        kept += [month] * sum(len(where) for where, _ in late.now.kept)
    p = late.params[Delivery]
    assert broken == [round(p.procurement_months + p.construction_months + p.late_after) + 1]
    assert kept == []
    late.purses.year[:] = 10**12
    for month in range(40, 60):
        begin(late, month)
        deliver(late)
        # what came too late is no promise kept, nor broken again
        assert sum(len(where) for where, _ in (*late.now.kept, *late.now.broken)) == 0
    assert len(late.works) == 0


def test_what_stands_in_time_is_a_promise_kept() -> None:
    world = building()
    works = world.works
    where, who = int(world.pipeline.municipality[works.item[0]]), int(world.portfolios.actor[works.portfolio[0]])
    live(world, 17)
    assert sum(len(m) for m, _ in world.now.kept) == 0
    begin(world, 17)
    deliver(world)
    assert [(m.tolist(), d.tolist()) for m, d in world.now.kept if len(m)] == [([where], [who])]


def test_what_was_begun_before_the_study_is_nobodys_promise() -> None:
    for year in (0, 10**12):
        world = building(year=year)
        world.works.begun[:] = -1
        for month in range(40):
            begin(world, month)
            deliver(world)
            assert sum(len(m) for m, _ in (*world.now.kept, *world.now.broken)) == 0


def parts(delivered: Sequence[int], needs: Sequence[int]) -> Pipeline:
    items = Pipeline(slots=1)
    n = len(delivered)
    zero, slot = np.zeros(n, np.int64), np.zeros((n, 1), np.int64)
    items.add(zero, zero, zero, np.ones(n), zero + 7, 0, np.arange(n, dtype=np.uint64), zero, slot, slot > 0)
    items.delivered_by[:], items.needs[:] = delivered, needs
    return items


def test_an_item_serves_once_it_and_its_complement_stand() -> None:
    items = parts([3, NEVER, 5, 9, 4], [-1, 0, 0, -1, 3])
    for month, serving in ((2, []), (3, [0]), (5, [0, 2]), (8, [0, 2]), (9, [0, 2, 3, 4])):
        assert np.flatnonzero(items.complete(month)).tolist() == serving
        assert set(serving) <= set(np.flatnonzero(~items.open(month)))


def test_a_part_alone_for_two_years_is_stranded() -> None:
    world = building()
    items = world.pipeline
    items.needs[:] = -1
    part, whole = 0, 1
    items.needs[part], items.delivered_by[part] = whole, 0
    world.works.keep(np.zeros(len(world.works), bool))
    found = []
    for month in range(STRANDED_AFTER + 4):
        if month == STRANDED_AFTER + 2:
            items.delivered_by[whole] = month
        begin(world, month)
        deliver(world)
        now = world.now.by_municipality
        found.append((int(now["parts_cents"].sum()), int(now["stranded_cents"].sum())))
    cost = int(items.cents[part])
    assert found == [(0, 0)] * STRANDED_AFTER + [(cost, cost)] * 2 + [(cost, 0)] * 2


def test_counts_of_delivery_reach_the_metrics() -> None:
    world = building()
    items = world.pipeline
    items.needs[:] = -1
    items.needs[0], items.delivered_by[0] = 1, 0
    begin(world, STRANDED_AFTER)
    deliver(world)
    counts = counts_now(world)["municipality"]
    assert counts["stranded_cents"].sum() == items.cents[0]


@pytest.fixture(scope="module")
def stock() -> World:
    world = small_model(scope=["DC15", "ETH"], citizens=100, months=14).world
    begin(world, 0)
    need(world)
    begin(world, 12)
    need(world)
    return world


def test_a_complement_is_of_the_same_place_and_as_the_rules_say(stock: World) -> None:
    items, codes = stock.pipeline, [s.code for s in stock.institutions.sectors]
    mine = np.flatnonzero(items.needs >= 0)
    other = items.needs[mine]
    assert len(mine) > 50
    np.testing.assert_array_equal(items.municipality[mine], items.municipality[other])
    np.testing.assert_array_equal(items.born[mine], items.born[other])
    found = {(codes[a], codes[b]) for a, b in zip(items.sector[mine], items.sector[other], strict=True)}
    assert found <= {(rule.sector, rule.needs) for rule in stock.institutions.complements}
    assert (mine != other).all()


def test_what_others_depend_on_depends_on_nothing(stock: World) -> None:
    needs = stock.pipeline.needs
    assert (needs[needs[needs >= 0]] == -1).all()


def test_as_many_depend_on_another_as_the_rules_say(stock: World) -> None:
    items, codes = stock.pipeline, [s.code for s in stock.institutions.sectors]
    for rule in stock.institutions.complements:
        mine = items.sector == codes.index(rule.sector)
        share = (items.needs[mine] >= 0).mean()
        # where nothing of the other sector has arisen there is nothing to depend on
        assert 0.4 * rule.share <= share <= rule.share + 3 * np.sqrt(rule.share / mine.sum())


def asking() -> tuple[World, object]:
    """A world in which every item of one department needs another that is nobody's plan, of other actors."""
    world = building()
    items, money = world.pipeline, world.portfolios
    believe(world, Planning, postpones=1.0)
    world.draws = Settled(world.draws, "asks after the complement", "leaves it for later")
    items.funded[:] = False
    pairs = eligible(world, DEPARTMENTS)
    items.needs[:] = -1
    mine, portfolio = int(pairs.item[0]), int(pairs.portfolio[0])
    slots = money.slots[items.municipality, items.sector]
    actors = np.where(slots >= 0, money.actor[np.maximum(slots, 0)], -1)
    strangers = np.flatnonzero(~(actors == money.actor[portfolio]).any(axis=1))
    assert len(strangers)
    items.needs[mine] = strangers[0]
    pairs.item, pairs.slot, pairs.portfolio = pairs.item[:1], pairs.slot[:1], pairs.portfolio[:1]
    return world, pairs


def test_maps_and_systems_do_not_show_what_is_missing() -> None:
    world, pairs = asking()
    rules = {"spatial_reference": 1.0, "live_information": 1.0, "communication": 1.0}
    for ruling in ({}, rules):
        decree(world, **ruling)
        assert not complement_missing(world, pairs, compared=True).any()
    world.ties[:] = world.peer_ties[:] = 1.0
    assert complement_missing(world, pairs, compared=False).all()


def test_a_comparison_shows_what_is_missing_and_a_plan_ends_the_lack() -> None:
    world, pairs = asking()
    items = world.pipeline
    items.compared[pairs.item, pairs.slot] = True
    assert complement_missing(world, pairs, compared=True).all()
    assert not complement_missing(world, pairs, compared=False).any()
    other = items.needs[pairs.item]
    for state in ("drafted", "funded"):
        getattr(items, state)[other, 0] = True
        assert not complement_missing(world, pairs, compared=True).any()
        getattr(items, state)[other, 0] = False
    items.delivered_by[other] = world.month
    assert not complement_missing(world, pairs, compared=True).any()


def test_who_could_fund_both_knows_its_own_mind() -> None:
    world, pairs = asking()
    items, money = world.pipeline, world.portfolios
    believe(world, Planning, district_tie=0.0)
    same = eligible(world, DEPARTMENTS)
    twin = same.item[(same.portfolio == pairs.portfolio[0]) & (same.item != pairs.item[0])]
    items.needs[pairs.item] = twin[0]
    assert money.actor[pairs.portfolio[0]] < len(world.institutions.departments)
    assert complement_missing(world, pairs, compared=False).all()
    believe(world, Planning, postpones=0.0)
    assert not complement_missing(world, pairs, compared=False).any()
