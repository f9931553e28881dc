"""Each theory's mechanism moves as the theory says, on small worlds in which what should happen is known."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from igrsim.government.authority import Trusting
from igrsim.phases.giving_way import yields
from igrsim.phases.honouring import inclined
from igrsim.phases.knowing import perceived, sight_through_ties
from igrsim.phases.need import need
from igrsim.phases.plan import eligible, others_known, pick
from igrsim.plans.calendars import DEPARTMENTS
from igrsim.plans.pipeline import Disputes, Planning, Programme
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model
from igrsim.world.frozen import Frozen
from igrsim.world.planners._base import Invited, rules
from igrsim.world.planners.garbage_can import GarbageCanNumbers, time_for_it
from igrsim.world.planners.incentive_based import IncentiveBasedNumbers
from igrsim.world.planners.incremental import IncrementalNumbers, on_the_list
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


def stocked(planners: str, scope: str | list[str] = "two-towns", inherited: float = 0.0, month: int = 0) -> World:
    """A world with its opening stock of items, none of them disputed."""
    world = small_model(scope=scope, months=40, citizens=50, planners=planners).world
    believe(world, Programme, inherited=inherited, stranded_stock=0.0, complete_stock=0.0)
    believe(world, Disputes, blocked=0.0, doubled=0.0)
    begin(world, 0)
    need(world)
    if month:
        begin(world, month)
    for centre in world.centres:
        centre.partnership = 0.5
    return world


def everyone(world: World) -> tuple[I64, I64]:
    """Every portfolio about its own space."""
    portfolio = np.arange(len(world.portfolios.cents))
    return world.portfolios.space, portfolio


def rivals(world: World) -> tuple[I64, I64, I64, I64]:
    """Items, and two portfolios that may fund each: a municipality's against a department's."""
    money, items = world.portfolios, world.pipeline
    slots = money.slots[items.municipality, items.sector]
    found = []
    for item, row in enumerate(slots.tolist()):
        towns = [p for p in row if p >= 0 and money.municipal[p]]
        departments = [p for p in row if p >= 0 and not money.municipal[p] and not money.private[p]]
        if towns and departments:
            found.append((item, row.index(departments[0]), departments[0], towns[0]))
    item, slot, mine, theirs = np.array(found, dtype=np.int64).T
    return item, slot, mine, theirs


# incremental


def division(planners: str) -> list[F64]:
    """How departments divided each sector's money over municipalities, year by year."""
    model = small_model(scope=["DC15"], months=53, citizens=50, planners=planners)
    world, years = model.world, []
    while model.month < 53:
        before = world.pipeline.funded.copy()
        model.step()
        if world.calendar_month == DEPARTMENTS.commit_month:
            items, money = world.pipeline, world.portfolios
            fresh = items.funded.copy()
            fresh[: len(before)] &= ~before if len(before) else True
            item, slot = np.nonzero(fresh)
            portfolio = money.slots[items.municipality[item], items.sector[item], slot]
            spent = np.zeros((len(money.cents), len(world.municipalities)))
            np.add.at(spent, (portfolio, items.municipality[item]), items.cents[item])
            years.append(spent[~money.municipal])
    return years[1:]


def likeness(years: list[F64]) -> float:
    """Share of departments' money that goes where it went the year before."""
    shared = whole = 0.0
    for last, this in itertools.pairwise(years):
        both = (last.sum(axis=1) > 0) & (this.sum(axis=1) > 0)
        a, b = (y[both] / y[both].sum(axis=1, keepdims=True) for y in (last, this))
        money = this[both].sum(axis=1)
        shared += float((np.minimum(a, b).sum(axis=1) * money).sum())
        whole += float(money.sum())
    return shared / whole


def test_incremental_planners_divide_their_money_as_last_year() -> None:
    assert likeness(division("incremental")) > likeness(division("need-ranked")) + 0.1


def test_incremental_planners_appraise_an_item_once() -> None:
    found = {}
    for name in ("need-ranked", "incremental"):
        world = stocked(name)
        pairs = eligible(world, DEPARTMENTS)
        found[name] = [perceived(world, pairs, year) for year in (2020, 2023)]
    assert not np.array_equal(*found["need-ranked"])
    np.testing.assert_array_equal(*found["incremental"])


def test_old_items_go_before_new_ones_however_severe() -> None:
    new = {}
    for name in ("need-ranked", "incremental"):
        world = stocked(name, inherited=1.0, month=17)
        pairs = eligible(world, DEPARTMENTS)
        world.pipeline.born[world.draws["made up: new"].uniform(world.pipeline.key) < 0.5] = 12
        fresh = ~on_the_list(world, pairs.item)
        # with a fifth of a year's money there are old items enough to take all but the margin
        few = (world.portfolios.cents * 0.2).astype(np.int64)
        severe = np.where(fresh, 9.0, 0.0)
        taken = world.planners.take(world, pairs.item, pairs.slot, pairs.portfolio, severe, few)
        new[name] = fresh[taken].mean()
    assert new["incremental"] < 0.7 * new["need-ranked"]


def test_incremental_planners_hardly_give_up_what_was_on_the_list() -> None:
    world = stocked("incremental", month=12)
    item, _, mine, theirs = rivals(world)
    space = world.pipeline.space[item]
    world.pipeline.born[item[::2]] = 12
    chance = inclined(world, 0.7, space, mine, item=item, other=theirs)
    p = world.params[IncrementalNumbers]
    old = on_the_list(world, item)
    assert old.any()
    assert not old.all()
    np.testing.assert_allclose(chance, np.where(old, 0.7 * p.gives_up, 0.7))
    # what is asked of them otherwise goes by the usual odds
    np.testing.assert_allclose(inclined(world, 0.7, space, mine), 0.7)


# garbage can


def drawn_to_need(planners: str, energy: float | None = None, minds: float = 0.0) -> float:
    """Correlation of log severity with being chosen, where needs are seen truly."""
    found = []
    for seed in range(1, 5):
        world = small_model(scope=["DC15"], months=12, citizens=50, planners=planners, seed=seed).world
        believe(world, Planning, error=1e-9)
        believe(world, Programme, inherited=0.0)
        if energy is not None:
            believe(world, GarbageCanNumbers, energy=energy)
        begin(world, 0)
        need(world)
        begin(world, 5)
        world.salience[:] = minds
        pairs = eligible(world, DEPARTMENTS)
        taken = pick(world, pairs, np.ones(len(pairs.item), np.bool_), world.portfolios.cents)
        found.append(np.corrcoef(np.log(world.pipeline.severity[pairs.item]), taken)[0, 1])
    return float(np.mean(found))


def test_garbage_can_planners_choose_less_by_need_the_less_time_they_have() -> None:
    usual = drawn_to_need("need-ranked")
    none, some, all_ = (drawn_to_need("garbage-can", energy) for energy in (0.0, 0.4, 1.0))
    assert all_ == pytest.approx(usual, abs=1e-12)
    assert none < some < usual
    assert abs(none) < 0.1 < usual


def test_principals_attention_brings_time_for_a_matter_and_load_takes_it() -> None:
    assert drawn_to_need("garbage-can", 0.0, minds=1.0) == pytest.approx(drawn_to_need("need-ranked"), abs=1e-12)
    world = stocked("garbage-can")
    space, portfolio = everyone(world)
    idle = time_for_it(world, space, portfolio)
    for m in world.municipalities:
        m.load = 1.0
    busy = time_for_it(world, space, portfolio)
    municipal = world.portfolios.municipal
    np.testing.assert_allclose(busy[municipal], idle[municipal] / 2)
    np.testing.assert_array_equal(busy[~municipal], idle[~municipal])
    believe(world, Frozen, benefits=1.0)
    np.testing.assert_array_equal(time_for_it(world, space, portfolio), idle)


def test_what_lies_on_the_table_changes_from_month_to_month_and_new_items_lie_on_top() -> None:
    world = stocked("garbage-can", month=5)
    believe(world, GarbageCanNumbers, energy=0.0)
    pairs = eligible(world, DEPARTMENTS)
    may = perceived(world, pairs)
    world.month = 6
    june = perceived(world, pairs)
    assert abs(np.corrcoef(may, june)[0, 1]) < 0.3
    world.pipeline.born[::2] = 6
    fresh = world.pipeline.born[pairs.item] == 6
    again = perceived(world, pairs)
    assert (again[fresh] > june[fresh]).all()
    np.testing.assert_array_equal(again[~fresh], june[~fresh])


def test_neither_duty_compact_nor_trust_moves_a_garbage_can() -> None:
    world = stocked("garbage-can")
    space, portfolio = everyone(world)
    before = inclined(world, 0.5, space, portfolio, duty=True, compact=True)
    decree(world, duty=1.0, compact=1.0)
    world.trust[:] = 1.0
    np.testing.assert_array_equal(inclined(world, 0.5, space, portfolio, duty=True, compact=True), before)
    np.testing.assert_allclose(before, 0.5 * world.params[GarbageCanNumbers].energy)


# trust-based


def test_giving_way_rises_with_trust_and_is_nothing_without() -> None:
    world = stocked("trust-based")
    item, _, mine, theirs = rivals(world)
    world.pipeline.conceded[:] = False
    gone = []
    for level in (0.0, 0.2, world.params[Trusting].initial, 0.8, 1.0):
        world.trust[:] = level
        gone.append(float(yields(world, item, mine, theirs).mean()))
    assert gone[0] == 0
    assert (np.diff(gone) >= 0).all()
    assert gone[-1] == 1
    assert gone[2] == pytest.approx(world.params[Planning].yields, abs=0.1)


def test_trust_in_the_one_concerned_counts_not_that_in_others() -> None:
    world = stocked("trust-based")
    item, _, mine, theirs = rivals(world)
    departments = len(world.institutions.departments)
    seat, town = int(world.portfolios.actor[mine[0]]), int(world.portfolios.actor[theirs[0]]) - departments
    space = world.pipeline.space[item]
    before = inclined(world, 0.5, space, mine, item=item, other=theirs)
    world.trust[town, seat] = 0.0
    after = inclined(world, 0.5, space, mine, item=item, other=theirs)
    theirs_too = (world.portfolios.actor[mine] == seat) & (world.portfolios.actor[theirs] - departments == town)
    assert theirs_too.any()
    assert (after[theirs_too] == 0).all()
    np.testing.assert_array_equal(after[~theirs_too], before[~theirs_too])


def test_among_the_distrusting_nothing_is_told() -> None:
    world = stocked("trust-based")
    item, _, mine, theirs = rivals(world)
    world.ties[:] = 0.8
    assert (sight_through_ties(world, item, mine, theirs) > 0).all()
    strangers = sight_through_ties(world, item, mine, theirs)
    world.trust[:] = 0.0
    assert not sight_through_ties(world, item, mine, theirs).any()
    believe(world, Frozen, benefits=1.0)
    np.testing.assert_array_equal(sight_through_ties(world, item, mine, theirs), strangers)


def test_who_is_given_way_to_trusts_more_and_who_is_not_less() -> None:
    world = stocked("trust-based")
    item, _, mine, theirs = rivals(world)
    world.planners.met_overlap(world, item, mine, theirs, np.arange(len(item)) % 2 == 0)
    kept, broken = (sum(len(town) for town, _ in noted) for noted in (world.now.kept, world.now.broken))
    assert kept == (len(item) + 1) // 2
    assert broken == len(item) // 2
    # the usual planners draw no such lesson
    usual = stocked("need-ranked")
    usual.planners.met_overlap(usual, item, mine, theirs, np.ones(len(item), np.bool_))
    assert not usual.now.kept


def test_neither_duty_compact_nor_principals_move_trust_based_planners() -> None:
    world = stocked("trust-based")
    space, portfolio = everyone(world)
    before = inclined(world, 0.5, space, portfolio, duty=True, compact=True)
    decree(world, duty=1.0, compact=1.0)
    world.salience[:] = 1.0
    np.testing.assert_array_equal(inclined(world, 0.5, space, portfolio, duty=True, compact=True), before)


# incentive-based


def test_without_a_principal_or_a_saving_nobody_gives_way() -> None:
    world = stocked("incentive-based")
    item, _, mine, theirs = rivals(world)
    world.purses.free[:] = world.portfolios.cents
    world.trust[:] = 1.0
    assert not yields(world, item, mine, theirs).any()
    world.salience[:] = 1.0
    looked = yields(world, item, mine, theirs)
    assert looked.any()


def test_a_short_purse_gives_way_as_in_silos() -> None:
    world = stocked("incentive-based")
    item, slot, mine, theirs = rivals(world)
    world.purses.free[:] = world.portfolios.cents
    world.pipeline.drafted[item, slot] = True
    world.purses.free[mine] = -(10**15)
    chance = inclined(world, 0.7, world.pipeline.space[item], mine, item=item, other=theirs)
    np.testing.assert_allclose(chance, 0.7)
    # a saving is no reason to do what one was asked for nothing
    assert not inclined(world, 0.7, world.pipeline.space[item], mine).any()


@pytest.mark.parametrize("base", [0.05, 0.35, 0.9, 1.0])
def test_each_hold_moves_an_agent_and_none_leaves_it_idle(base: float) -> None:
    world = stocked("incentive-based")
    space, portfolio = everyone(world)

    def chance() -> F64:
        return inclined(world, base, space, portfolio, duty=True, compact=True)

    assert not chance().any()
    found = []
    for level in (0.2, 0.6, 1.0):
        decree(world, duty=level)
        found.append(chance())
    decree(world, duty=1.0, compact=1.0)
    found.append(chance())
    world.salience[:] = 1.0
    found.append(chance())
    assert ((np.array(found) > 0) & (np.array(found) <= 1)).all()
    if base < 1:
        assert (np.diff(found, axis=0) > 0).all()
    believe(world, Frozen, benefits=1.0)
    assert not chance().any()


def test_signing_costs_nothing_and_is_done_as_in_silos() -> None:
    world = stocked("incentive-based")
    space, portfolio = everyone(world)
    assert (inclined(world, 0.85, space, portfolio, duty=True, compact=True, free=True) == 0.85).all()


def test_large_items_come_first_where_no_principal_looks() -> None:
    world = stocked("incentive-based")
    believe(world, IncentiveBasedNumbers, principal=1.0)
    pairs = eligible(world, DEPARTMENTS)
    usual = stocked("need-ranked")
    size = np.log(world.pipeline.cents[pairs.item])
    drift = perceived(world, pairs) - perceived(usual, pairs)
    np.testing.assert_allclose(np.diff(drift), world.params[IncentiveBasedNumbers].size * np.diff(size), atol=1e-9)
    world.salience[:] = 1.0
    np.testing.assert_allclose(perceived(world, pairs), perceived(usual, pairs))


def test_agents_attend_what_the_law_demands_and_leave_other_requests() -> None:
    world = stocked("incentive-based")
    n = len(world.municipalities)
    town, none = np.arange(n), np.zeros(n)
    asked = Invited(
        town=town, habit=0.6, law=none, use=none, fatigue=none, statutory=none,
        scheduled=np.ones(n, np.bool_), forum=np.zeros(n, np.int64), seats=np.ones((1, 3), np.bool_),
    )  # fmt: skip
    voluntary = world.planners.municipality_comes(world, asked)
    law = world.planners.municipality_comes(world, replace(asked, statutory=none + 1))
    np.testing.assert_allclose(voluntary, law * world.params[IncentiveBasedNumbers].voluntary)
    assert (world.planners.unanswered(world, none) > 0).all()
    world.salience[:] = 1.0
    assert (world.planners.municipality_comes(world, asked) > voluntary).all()


# what is known of another's commitment


@pytest.mark.parametrize(
    ("planners", "heeded"),
    [("need-ranked", "all"), ("incentive-based", "all"), ("incremental", "some"), ("garbage-can", "some"), ("trust-based", "all")],
)  # fmt: skip
def test_how_far_a_known_commitment_of_anothers_is_heeded(planners: str, heeded: str) -> None:
    world = stocked(planners)
    believe(world, Planning, site_sight=1.0)
    item, _, _mine, theirs = rivals(world)
    slots = world.portfolios.slots[world.pipeline.municipality, world.pipeline.sector]
    funder = (slots[item] == theirs[:, None]).argmax(axis=1)
    world.pipeline.funded[item, funder] = world.pipeline.building[item, funder] = True
    pairs = eligible(world, DEPARTMENTS)
    about = np.isin(pairs.item, item)
    left = others_known(world, pairs)[about]
    assert left.any()
    assert left.all() == (heeded == "all")
    if planners == "trust-based":
        # strangers are believed as in silos, the distrusted not at all
        world.trust[:] = 0.0
        assert not others_known(world, pairs)[about & ~world.portfolios.municipal[pairs.portfolio]].all()


def test_the_usual_rule_is_one_of_five() -> None:
    assert sorted(rules) == ["garbage-can", "incentive-based", "incremental", "need-ranked", "trust-based"]
