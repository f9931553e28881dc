"""What arrangements take each month: the parameters' hours and rand, whoever bears them."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.kernel.params import ParamSet
from igrsim.phases.keep_up import FED, Upkeep, keep_up
from igrsim.runs.validation.small_worlds import begin, believe, decree, small_model
from igrsim.world.frozen import Frozen
from igrsim.world.ruling import Ruling
from igrsim.world.world import BEARERS, World

UPKEEP = ParamSet()[Upkeep]


@pytest.fixture
def world() -> World:
    made = small_model(scope=["DC15", "DC36"], citizens=100).world
    begin(made, 0)
    return made


@pytest.mark.parametrize("rule", FED)
@pytest.mark.parametrize("extent", [1.0, 0.25])
@pytest.mark.parametrize("frozen", [0.0, 1.0])
def test_exactly_what_the_parameters_say_by_whom(world: World, rule: str, extent: float, frozen: float) -> None:
    believe(world, Frozen, benefits=frozen)
    decree(world, **{rule: extent})
    keep_up(world)
    name = FED[rule]
    others, each, rand = (getattr(UPKEEP, f"{name}_{what}", 0.0) for what in ("others", "municipal", "rand"))
    members = np.bincount(world.municipality_space)
    minutes = {
        "nation": [60 * others * UPKEEP.leads * extent] * 2,
        "province": [60 * others * (1 - UPKEEP.leads) * extent] * 2,
        "municipality": [60 * each * extent * n for n in members],
    }
    for bearer in BEARERS:
        found = world.now.minutes.get(("upkeep", bearer), np.zeros(2))
        np.testing.assert_allclose(found, minutes.get(bearer, [0, 0]), atol=0.5 * members.max())
        cents = world.now.cents.get(("upkeep", bearer), np.zeros(2))
        assert cents.tolist() == [100 * rand * extent * (bearer == "nation")] * 2
    assert others > 0
    np.testing.assert_array_equal(world.now.by_municipality["upkeep_minutes"], round(60 * each * extent))


def test_several_arrangements_add_up(world: World) -> None:
    decree(world, **dict.fromkeys(FED, 1.0))
    keep_up(world)
    whole = sum(getattr(UPKEEP, f"{name}_others") for name in FED.values())
    asked = sum(int(world.now.minutes["upkeep", b][0]) for b in ("nation", "province"))
    assert asked == round(60 * whole)


def test_only_where_it_is_in_force(world: World) -> None:
    world.rules.rulings = (Ruling(), Ruling(live_information=1.0))
    keep_up(world)
    for table in (world.now.minutes, world.now.cents):
        for (account, _), values in table.items():
            assert account == "upkeep"
            assert values[0] == 0
    assert world.now.minutes["upkeep", "nation"][1] > 0


def test_silos_keep_nothing_up(world: World) -> None:
    keep_up(world)
    assert not world.now.minutes
    assert not world.now.cents


def test_every_number_of_upkeep_is_of_some_arrangement() -> None:
    names = {n.rsplit("_", 1)[0] for n in vars(UPKEEP) if n != "leads"}
    assert names == set(FED.values())
    assert set(FED) <= set(vars(Ruling()))
