"""A provincial investment plan: departments put potential first, beyond the basic package; municipalities rank as ever."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.kernel.params import ParamSet
from igrsim.phases.investing import BASIC, LINKS, InvestmentPlan, keep_investment_plan, potential
from igrsim.phases.knowing import perceived
from igrsim.phases.need import need
from igrsim.phases.plan import draft, eligible
from igrsim.plans.calendars import DEPARTMENTS, MUNICIPALITIES
from igrsim.plans.pipeline import Planning
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model
from igrsim.world.frozen import Frozen
from igrsim.world.world import World


def world_of(extent: float = 1.0, scope: tuple[str, ...] = ("DC36",)) -> World:
    world = small_model(scope=list(scope), months=20, citizens=50).world
    begin(world, 0)
    need(world)
    decree(world, investment_plan=extent)
    return world


def test_potential_goes_by_class_and_size_whatever_the_scope() -> None:
    world = world_of(scope=("DC15", "DC36", "ETH"))
    found, table = potential(world), world.geography.municipalities
    assert ((found >= 0) & (found <= 1)).all()
    assert found[table.index["ETH"]] > 0.95
    assert (found[[c == "C" for c in table.categories]] == 0).all()
    small = world_of()
    for code in small.geography.municipalities.codes:
        assert potential(small)[small.geography.municipalities.index[code]] == found[table.index[code]]
    believe(world, InvestmentPlan, class_part=1.0)
    by_class = {m: potential(world)[k] for k, m in enumerate(table.miif)}
    assert by_class["A"] == 1.0
    assert by_class["B4"] == 0.0
    assert by_class["B4"] < by_class["B3"] < by_class["A"]


def test_only_departments_and_only_beyond_the_basic_package_and_links() -> None:
    world = world_of(0.0)
    before = {c.sphere: perceived(world, eligible(world, c)) for c in (DEPARTMENTS, MUNICIPALITIES)}
    decree(world, investment_plan=1.0)
    np.testing.assert_array_equal(perceived(world, eligible(world, MUNICIPALITIES)), before["municipalities"])
    pairs = eligible(world, DEPARTMENTS)
    change = perceived(world, pairs) - before["departments"]
    codes = np.array([s.code for s in world.institutions.sectors])[world.pipeline.sector[pairs.item]]
    apart = np.isin(codes, BASIC + LINKS) | world.portfolios.private[pairs.portfolio]
    assert not change[apart].any()
    expected = world.params[InvestmentPlan].weight * potential(world)[world.pipeline.municipality[pairs.item]]
    np.testing.assert_allclose(change[~apart], expected[~apart])
    assert expected[~apart].std() > 0
    believe(world, Frozen, benefits=1.0)
    plain = world_of(0.0)
    believe(plain, Frozen, benefits=1.0)
    np.testing.assert_array_equal(perceived(world, pairs), perceived(plain, pairs))


def test_money_leaves_places_of_little_potential() -> None:
    where = []
    for extent in (0.0, 1.0):
        world = world_of(extent, ("DC36", "DC15"))
        draft(world, DEPARTMENTS)
        items, money = world.pipeline, world.portfolios
        item, slot = np.nonzero(items.drafted)
        portfolio = money.slots[items.municipality[item], items.sector[item], slot]
        codes = np.array([s.code for s in world.institutions.sectors])[items.sector[item]]
        directed = ~np.isin(codes, BASIC + LINKS) & ~money.private[portfolio]
        rand = items.cents[item].astype(float)
        there = potential(world)[items.municipality[item]]
        where.append([float(np.average(there[w], weights=rand[w])) for w in (directed, ~directed)])
    assert where[1][0] > where[0][0] + 0.03
    assert where[1][1] == where[0][1]


def test_ranking_alike_departments_pick_the_same_more_often() -> None:
    """The stronger the plan over their own errors, the more two departments that cannot see each other choose alike."""
    alike = []
    for weight in (0.0, 50.0):
        world = world_of(1.0, ("DC36", "DC15"))
        believe(world, InvestmentPlan, weight=weight)
        believe(world, Planning, tie_sight=0.0, published=0.0, site_sight=0.0, agency_sight=0.0, error=3.0)
        draft(world, DEPARTMENTS)
        alike.append(int((world.pipeline.drafted.sum(axis=1) > 1).sum()))
    assert alike[1] > alike[0]


@pytest.mark.parametrize("extent", [1.0, 0.5])
@pytest.mark.parametrize("frozen", [0.0, 1.0])
def test_the_plan_takes_hours_of_provinces_and_each_directed_project_its_departments(
    extent: float, frozen: float
) -> None:
    p = ParamSet()[InvestmentPlan]
    world = world_of(extent)
    believe(world, Frozen, benefits=frozen)
    keep_investment_plan(world)
    assert world.now.minutes["plans", "province"].tolist() == [round(60 * p.province_hours * extent)]
    begin(world, 5)
    draft(world, DEPARTMENTS)
    items, money = world.pipeline, world.portfolios
    item, slot = np.nonzero(items.drafted)
    portfolio = money.slots[items.municipality[item], items.sector[item], slot]
    codes = np.array([s.code for s in world.institutions.sectors])[items.sector[item]]
    directed = ~np.isin(codes, BASIC + LINKS) & ~money.private[portfolio]
    spent = sum(int(v.sum()) for v in world.now.minutes.values())
    assert directed.any()
    assert spent == directed.sum() * round(60 * p.appraising * extent)
    assert not world.now.by_municipality["plan_minutes"].any()
