"""Worlds lived for some months, and whether the people of two of them came out alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.lives import STATE, Citizens, Lives
from igrsim.citizens.terms import HOURS_BINS, HOURS_WIDTH
from igrsim.phases.travel import travel
from igrsim.world.world import World

Counts = dict[str, NDArray[np.int64]]


def lived(world: World, months: int, month_of: Callable[[World], object] = travel) -> list[Counts]:
    """Live some months; what was counted in each."""
    found = []
    for month in range(months):
        world.month = month
        month_of(world)
        people = world.people
        found.append({name: getattr(people, name).copy() for name in ("tally", "arrivals", "hours")})
    return found


def assert_same_counts(one: list[Counts], other: list[Counts]) -> None:
    """The same was counted in every month."""
    for month, (mine, theirs) in enumerate(zip(one, other, strict=True)):
        for name, count in mine.items():
            np.testing.assert_array_equal(count, theirs[name], err_msg=f"{name}, month {month}")


def columns(lives: Lives) -> dict[str, NDArray[Any]]:
    """What people are and carry, by name."""
    apart = {name: column for name, column in lives._asdict().items() if name != "state"}
    return apart | {name: lives.state[name] for name in STATE.names or ()}


def assert_same_lives(one: Citizens, other: Citizens, mine: Any = slice(None), theirs: Any = slice(None)) -> None:
    """People came out alike in every column."""
    others = columns(other.lives)
    for name, column in columns(one.lives).items():
        np.testing.assert_array_equal(column[mine], others[name][theirs], err_msg=name)


def hours_of(world: World) -> NDArray[np.int64]:
    """How many people of each space have spent how many half hours on documentary trips, by their own minutes."""
    people = world.people
    space = people.settlement_space[people.citizens.settlement]
    spent = np.minimum(people.citizens.lives.minutes // HOURS_WIDTH, HOURS_BINS - 1).astype(np.int64)
    flat = np.bincount(space * HOURS_BINS + spent, minlength=world.spaces * HOURS_BINS)
    return np.asarray(flat.reshape(world.spaces, HOURS_BINS))
