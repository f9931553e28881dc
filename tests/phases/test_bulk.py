"""Plans of bulk services: the order of the work, who reads what, how it ages, and what it takes."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.phases.bulk import bulk_known, hangs_on, plan_bulk
from igrsim.phases.knowing import complement_missing, perceived
from igrsim.phases.need import need
from igrsim.phases.plan import eligible
from igrsim.plans.bulk import FURTHER, MASTER, SUPPORT, BulkWork
from igrsim.plans.calendars import CYCLES, DEPARTMENTS, MUNICIPALITIES
from igrsim.plans.pipeline import Planning
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model
from igrsim.world.frozen import Frozen
from igrsim.world.world import World


def world_of(extent: float = 1.0, scope: tuple[str, ...] = ("DC36",), **work: float) -> World:
    world = small_model(scope=list(scope), months=90, citizens=50).world
    believe(world, BulkWork, **work)
    begin(world, 0)
    need(world)
    decree(world, bulk_plans=extent)
    return world


def go_on(world: World, months: int) -> list[np.ndarray]:
    """The months from which plans stand, after each month."""
    found = []
    for month in range(world.month, world.month + months):
        begin(world, month)
        plan_bulk(world)
        found.append(world.bulk.stands.copy())
    return found


def standing(**work: float) -> World:
    """A world in which every plan stands since this month, and tells whatever it knows."""
    world = world_of(**({"tells": 1.0} | work))
    world.bulk.stands[:] = 0
    return world


def test_a_province_of_so_many_hours_takes_the_time_its_municipalities_take() -> None:
    world = world_of(renewed=1e9)
    p, n = world.params[BulkWork], len(world.municipalities)
    hours = p.province_hours * float(world.part_of_province().sum())
    found = go_on(world, 60)
    master = int(found[-1][MASTER].max())
    assert abs((master + 1) - n * p.master / hours) < 1
    # all of a province at once: it is one plan
    assert (found[-1][MASTER] == master).all()
    # support plans follow, one after another, then the other services
    support, further = found[-1][SUPPORT], found[-1][FURTHER]
    assert (support >= master).all()
    assert len(np.unique(support)) > 2
    assert (further == further[0]).all()
    assert further[0] >= support.max()
    assert abs((further[0] + 1) - n * (p.master + p.support + p.further) / hours) < 1
    assert 9 <= master + 1 <= 18


def test_metros_have_none_and_others_are_not_waited_for() -> None:
    world = world_of(scope=("DC36", "ETH", "DC15"), renewed=1e9)
    found = go_on(world, 60)[-1]
    metro = np.array([m.kind == "metro" for m in world.municipalities])
    assert (found[:, metro] == -1).all()
    assert (found[:, ~metro] >= 0).all()
    assert len(np.unique(found[MASTER][~metro])) == 2


def test_hours_and_rand_add_up_whatever_it_is_good_for() -> None:
    for frozen in (0.0, 1.0):
        for extent in (1.0, 0.5):
            world = world_of(extent, renewed=1e9)
            believe(world, Frozen, benefits=frozen)
            p, n = world.params[BulkWork], len(world.municipalities)
            spent = dict.fromkeys(("province", "municipality", "rand", "load"), 0)
            for month in range(60):
                begin(world, month)
                plan_bulk(world)
                for bearer in ("province", "municipality"):
                    spent[bearer] += int(world.now.minutes["bulk plans", bearer].sum())
                spent["rand"] += int(world.now.cents["bulk plans", "province"].sum())
                spent["load"] += int(world.now.by_municipality["plan_minutes"].sum())
            each = [round(60 * h * extent) for h in (p.master, p.support, p.further)]
            assert spent["province"] == n * sum(each)
            assert spent["municipality"] == spent["load"] == n * sum(round(p.municipal * minutes) for minutes in each)
            assert spent["rand"] == 3 * n * round(100 * p.rand * extent)


def test_no_month_takes_more_hours_than_there_are() -> None:
    world = world_of(province_hours=37.0)
    for month in range(30):
        begin(world, month)
        plan_bulk(world)
        limit = round(60 * 37.0 * float(world.part_of_province().sum()))
        assert 0 < world.now.minutes["bulk plans", "province"].sum() <= limit


def test_an_old_plan_is_made_anew() -> None:
    world = world_of(renewed=20, province_hours=4000.0)
    stands = [int(s[MASTER][0]) for s in go_on(world, 70)]
    dates = sorted(set(stands) - {-1})
    assert len(dates) == 4
    # twenty months after it stood the work begins again, and takes the time it took
    assert (np.diff(dates) == 20 + dates[0]).all()


def test_water_first_other_services_once_the_plan_is_extended() -> None:
    world = world_of(tells=1.0)
    codes = [s.code for s in world.institutions.sectors]
    item = np.flatnonzero(world.pipeline.sector >= 0)
    portfolio = np.full(len(item), np.flatnonzero(~world.portfolios.municipal & ~world.portfolios.private)[0])
    world.bulk.stands[MASTER] = 0
    for sector, known in (("water", 1.0), ("roads", 0.0), ("energy", 0.0)):
        needed = np.full(len(item), codes.index(sector))
        np.testing.assert_array_equal(bulk_known(world, needed, item, portfolio), known)
    world.bulk.stands[FURTHER] = 0
    np.testing.assert_array_equal(bulk_known(world, np.full(len(item), codes.index("roads")), item, portfolio), 1.0)
    # and what a plan tells is out of date by halves
    world.month = round(world.params[BulkWork].half_life)
    np.testing.assert_allclose(bulk_known(world, np.full(len(item), codes.index("water")), item, portfolio), 0.5)
    believe(world, Frozen, benefits=1.0)
    assert not bulk_known(world, needed, item, portfolio).any()


def test_a_municipality_acts_on_its_own_support_plan() -> None:
    world = standing()
    pairs = eligible(world, MUNICIPALITIES)
    needed = world.pipeline.sector[pairs.item]
    owner = world.portfolios.actor[pairs.portfolio] - len(world.institutions.departments)
    world.bulk.stands[SUPPORT] = -1
    assert not bulk_known(world, needed, pairs.item, pairs.portfolio).any()
    one = owner[0]
    world.bulk.stands[SUPPORT, one] = 0
    np.testing.assert_array_equal(bulk_known(world, needed, pairs.item, pairs.portfolio), owner == one)
    departments = eligible(world, DEPARTMENTS)
    private = world.portfolios.private[departments.portfolio]
    known = bulk_known(world, world.pipeline.sector[departments.item], departments.item, departments.portfolio)
    np.testing.assert_array_equal(known, ~private)


@pytest.mark.parametrize("cycle", CYCLES, ids=lambda c: c.sphere)
def test_what_has_no_bulk_is_left_for_later(cycle: object) -> None:
    found = []
    for extent in (0.0, 1.0):
        world = standing()
        decree(world, bulk_plans=extent)
        believe(world, Planning, postpones=1.0, tie_sight=0.0)
        # nobody plans what others wait for
        world.pipeline.funded[:] = world.pipeline.drafted[:] = False
        found.append(complement_missing(world, eligible(world, cycle), compared=False))  # type: ignore[arg-type]
    assert found[0].sum() < found[1].sum()
    assert (found[1] >= found[0]).all()
    pairs = eligible(world, cycle)  # type: ignore[arg-type]
    items = world.pipeline
    needs = items.needs[pairs.item]
    waits = (needs >= 0) & (items.delivered_by[np.maximum(needs, 0)] > world.month)
    public = ~world.portfolios.private[pairs.portfolio]
    np.testing.assert_array_equal(found[1][public], waits[public])


def test_bulk_weighs_what_hangs_on_it() -> None:
    world = standing()
    items = world.pipeline
    pairs = eligible(world, DEPARTMENTS)
    public = ~world.portfolios.private[pairs.portfolio]
    decree(world)
    before = perceived(world, pairs)
    decree(world, bulk_plans=1.0)
    change = perceived(world, pairs) - before
    waits = (items.needs >= 0) & ~items.complete(world.month)
    behind = np.bincount(items.needs[waits], weights=items.severity[waits], minlength=len(items))[pairs.item]
    expected = np.log((items.severity[pairs.item] + behind) / items.severity[pairs.item])
    np.testing.assert_allclose(change[public], expected[public], atol=1e-12)
    assert not change[~public].any()
    assert (behind > 0).any()
    assert not hangs_on(world, pairs.item, pairs.portfolio)[behind == 0].any()
