"""Months from commitment to contract, and what the alignment mechanism takes off them."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.government.working_group import WorkingGroupWork
from igrsim.phases.letting import Letting, bound, procurement, unlike
from igrsim.phases.need import need
from igrsim.plans.works import Delivery
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model
from igrsim.world.frozen import Frozen
from igrsim.world.world import World


@pytest.fixture
def world() -> World:
    """A metro, a rural district and one that is neither, with their opening needs."""
    made = small_model(scope=["ETH", "DC15", "DC2"], citizens=100, months=12).world
    begin(made, 0)
    need(made)
    return made


def months(world: World) -> np.ndarray:
    items, money = world.pipeline, world.portfolios
    every = np.arange(len(items))
    return procurement(world, every, money.slots[items.municipality, items.sector, 0])


@pytest.mark.parametrize(
    ("given_up", "extent", "left"), [(0, 1.0, 1.0), (12, 0.0, 1.0), (6, 1.0, 0.85), (12, 0.5, 0.85), (12, 1.0, 0.7)]
)
def test_procedures_given_up_shorten_the_time_to_a_contract(
    world: World, given_up: int, extent: float, left: float
) -> None:
    believe(world, Delivery, procurement_months=100.0, procurement_spread=0.0)
    assert world.params[WorkingGroupWork].procedures == 12
    world.group.given_up = given_up
    world.group.taken_over[:] = given_up * extent
    decree(world, enabling_finance=extent)
    assert set(months(world)) == {round(100 * left)}


def test_a_standard_of_its_own_spares_waiting_where_the_norm_does_not_fit(world: World) -> None:
    believe(world, Delivery, procurement_months=9.0, procurement_spread=0.0)
    believe(world, Letting, unfit=1.0)
    before = months(world)
    decree(world, norms_differentiated=1.0)
    np.testing.assert_array_equal(months(world), before)
    world.group.differentiated[:] = bound(world)
    items = world.pipeline
    spared = bound(world)[items.sector] & unlike(world)[items.municipality]
    assert 0 < spared.sum() < len(items)
    np.testing.assert_array_equal(before - months(world), np.where(spared, 4, 0))


def test_only_so_many_wait_and_none_longer_than_procurement_takes(world: World) -> None:
    believe(world, Delivery, procurement_months=3.0, procurement_spread=0.0)
    world.group.differentiated[:] = bound(world)
    decree(world, norms_differentiated=1.0)
    items = world.pipeline
    could = bound(world)[items.sector] & unlike(world)[items.municipality]
    shorter = months(world) < 3
    assert set(months(world)) == {1, 3}
    assert not shorter[~could].any()
    assert shorter[could].mean() == pytest.approx(world.params[Letting].unfit, abs=0.06)


def test_frozen_neither_helps(world: World) -> None:
    before = months(world)
    world.group.differentiated[:] = bound(world)
    world.group.given_up = 12
    world.group.taken_over[:] = 12
    believe(world, Frozen, benefits=1.0)
    decree(world, norms_differentiated=1.0, enabling_finance=1.0)
    np.testing.assert_array_equal(months(world), before)


def test_metros_and_mostly_rural_places_are_unlike_the_norm(world: World) -> None:
    table = world.geography.municipalities
    found = unlike(world)
    for row, (category, rural) in enumerate(zip(table.categories, table.rural_share, strict=True)):
        assert found[row] == (category == "A" or rural >= 0.5)
    believe(world, Letting, mostly_rural=1.1)
    assert unlike(world).sum() == sum(c == "A" for c in table.categories)
