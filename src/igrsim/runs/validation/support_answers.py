"""Programmes of support whose choices have a known answer: blind, and with full sight of each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from igrsim.phases.support import Support, chosen
from igrsim.places.capacity import FUNCTIONS, CapacityProgramme
from igrsim.runs.validation.finding import ANSWER, Finding, exact, near
from igrsim.runs.validation.small_worlds import believe, small_model
from igrsim.world.world import World


def equal_programmes(world: World, count: int, share: float) -> None:
    """Let programmes of equal reach choose among all functions of municipalities of middling condition."""
    made = [
        CapacityProgramme(f"P{k}", "", "DCOG", "programme", FUNCTIONS, share, "", "assumption", "assumed")
        for k in range(count)
    ]
    world.skills.capacity = replace(world.skills.capacity, programmes=tuple(made))
    for town in world.municipalities:
        town.condition = 0.5


def together(landed: NDArray[np.bool_]) -> float:
    """Share of places at a function where another programme works too."""
    at = landed.sum(axis=0)
    return float(np.where(at > 1, at, 0).sum() / at.sum())


def support_answers() -> Iterator[Finding]:
    """Programmes that choose blind share a place with chance 1 - (1 - k/n)^(P-1); with full sight and room, never."""
    world = small_model(scope=["DC15"], citizens=200).world
    # one place in each municipality and four functions: k/n is a quarter
    programmes, share = 6, 0.25
    equal_programmes(world, programmes, 1.0)
    believe(world, Support, error=1e9, distance_pull=0.0)
    found = [together(chosen(world, year, np.zeros(1))) for year in range(1000, 1200)]
    yield near(
        f"{programmes} support programmes, blind, each at a quarter of all functions: places shared with another",
        ANSWER,
        [1 - (1 - share) ** (programmes - 1)],
        [float(np.mean(found))],
        [float(np.std(found)) / np.sqrt(len(found))],
    )
    equal_programmes(world, 4, 1.0)
    # a further programme for a function would teach nothing
    believe(world, Support, error=0.3, distance_pull=0.0, absorption=1e-9)
    alone = chosen(world, 2019, np.ones(1)).sum(axis=0)
    yield exact(
        "4 support programmes with full sight and room for all: functions that one of them works at, and no more",
        ANSWER,
        alone.size,
        int((alone == 1).sum()),
    )
