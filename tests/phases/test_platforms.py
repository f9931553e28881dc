"""Linked platforms: what is entered, by whom, and who sees it."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.phases.honouring import inclined
from igrsim.phases.knowing import referenced, sight
from igrsim.phases.need import need
from igrsim.phases.plan import PlanningHours, draft
from igrsim.phases.platforms import Platforms, entered
from igrsim.plans.calendars import DEPARTMENTS, MUNICIPALITIES
from igrsim.plans.pipeline import Planning
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model
from igrsim.world.frozen import Frozen
from igrsim.world.world import World


@pytest.fixture
def world() -> World:
    """A mining district with its opening needs."""
    made = small_model(scope=["DC36"], citizens=100, months=24).world
    begin(made, 0)
    need(made)
    return made


def of_all(world: World) -> tuple[np.ndarray, np.ndarray]:
    items, money = world.pipeline, world.portfolios
    slots = money.slots[items.municipality, items.sector]
    item, slot = np.nonzero(slots >= 0)
    return item, slots[item, slot]


@pytest.mark.parametrize("extent", [0.0, 0.5, 1.0])
def test_departments_enter_as_they_are_inclined_and_municipalities_as_their_data_allow(
    world: World, extent: float
) -> None:
    decree(world, platforms_linked=extent)
    item, portfolio = of_all(world)
    found = entered(world, item, portfolio)
    money, p = world.portfolios, world.params[Platforms]
    departments = len(world.institutions.departments)
    theirs = ~money.municipal[portfolio] & ~money.private[portfolio]
    chance = inclined(world, p.entered, world.pipeline.space[item], portfolio)
    assert found[theirs].mean() == pytest.approx(extent * chance[theirs].mean(), abs=0.05)
    town = money.municipal[portfolio]
    quality = world.data_quality()[money.actor[portfolio[town]] - departments]
    assert found[town].mean() == pytest.approx(extent * (chance[town] * quality).mean(), abs=0.05)
    # no company does, without a compact
    assert money.private[portfolio].any()
    assert not found[money.private[portfolio]].any()
    decree(world, platforms_linked=extent, private_compact=1.0)
    assert entered(world, item, portfolio)[money.private[portfolio]].any() == (extent > 0)


def test_an_entry_says_where_and_shows_commitments_and_some_drafts(world: World) -> None:
    item, portfolio = of_all(world)
    believe(world, Planning, referenced=0.0, published=0.0, tie_sight=0.0, district_tie=0.0, agency_sight=0.0)
    assert not referenced(world, item, portfolio).any()
    assert not sight(world, item, portfolio, portfolio, False).any()
    decree(world, platforms_linked=1.0)
    there = entered(world, item, portfolio)
    np.testing.assert_array_equal(referenced(world, item, portfolio), there)
    p = world.params[Platforms]
    for drafts, shown in ((False, p.committed_sight), (True, p.draft_sight)):
        np.testing.assert_allclose(sight(world, item, portfolio, portfolio, drafts), shown * there)
    believe(world, Frozen, benefits=1.0)
    assert not entered(world, item, portfolio).any()


@pytest.mark.parametrize("cycle", [DEPARTMENTS, MUNICIPALITIES], ids=lambda c: c.sphere)
def test_every_drafted_project_is_entered_at_its_actors_hours(world: World, cycle: object) -> None:
    spent = []
    for extent in (0.0, 1.0):
        begin(world, 0)
        decree(world, platforms_linked=extent)
        believe(world, Frozen, benefits=1.0)
        draft(world, cycle)  # type: ignore[arg-type]
        now = world.now
        spent.append(sum(int(v.sum()) for (account, _), v in now.minutes.items() if account == "plans"))
        load = int(now.by_municipality["plan_minutes"].sum())
    assert spent[0] == 0
    items, money = world.pipeline, world.portfolios
    item, slot = np.nonzero(items.drafted)
    companies = money.private[money.slots[items.municipality[item], items.sector[item], slot]]
    # companies enter nothing where no compact asks it of them
    drafted = int((~companies).sum())
    assert drafted > 10
    assert spent[1] == drafted * round(60 * world.params[PlanningHours].entering)
    assert load == (spent[1] if cycle is MUNICIPALITIES else 0)
