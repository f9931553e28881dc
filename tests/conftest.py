"""Small worlds that several tests live in, and how to let only their people live a month."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from igrsim.model import IGRModel, Scenario
from igrsim.phases.travel import travel
from igrsim.world.world import World

MakeWorld = Callable[..., World]


def live_people(world: World, month: int) -> None:
    """Let everyone live a month, without the month of government."""
    world.month = month
    travel(world)


@pytest.fixture
def make_world() -> MakeWorld:
    """A fresh world of a scope, with as many citizens as wished and some parameters of its own."""

    def make(citizens: int, scope: str | list[str] = "two-towns", seed: int = 1, **params: Any) -> World:
        values = {name.replace("__", "."): value for name, value in params.items()}
        return IGRModel(Scenario(scope=scope, citizens=citizens, months=24, params=values), seed=seed).world

    return make
