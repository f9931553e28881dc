"""Small worlds that several tests live in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

from igrsim.model import IGRModel, Scenario
from igrsim.world.world import Month, World

# the same examples in every run; a first call may compile for seconds
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

MakeWorld = Callable[..., World]


@pytest.fixture
def make_world() -> MakeWorld:
    """A fresh world of a scope, with as many citizens as wished and some parameters of its own."""

    def make(
        citizens: int, scope: str | list[str] = "two-towns", seed: int = 1, alone: str | None = None, **params: Any
    ) -> World:
        values = {name.replace("__", "."): value for name, value in params.items()}
        scenario = Scenario(scope=scope, citizens=citizens, months=24, params=values, alone=alone)
        world = IGRModel(scenario, seed=seed).world
        world.now = Month.begin(
            len(world.municipalities), world.spaces
        )  # an account, so that phases can be lived alone
        return world

    return make
