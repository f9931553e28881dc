"""What may bear on an actor that was asked to do something: principals' attention, partnership, trust, duty, compacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from igrsim.government.authority import Trusting
from igrsim.plans.pipeline import Planning
from igrsim.world.planners._base import thawed

if TYPE_CHECKING:
    from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


def trust_in_spaces(world: World) -> F64:
    """Mean trust of a space's municipalities in each department, and over all departments in the last column."""
    counts = np.bincount(world.municipality_space, minlength=world.spaces)[:, None]
    seats = world.trust.shape[1]
    place = world.municipality_space[:, None] * seats + np.arange(seats)
    sums = np.bincount(place.ravel(), weights=world.trust.ravel(), minlength=world.spaces * seats)
    sums = sums.reshape(world.spaces, seats)
    by_seat = sums / np.maximum(counts, 1)
    return np.concatenate([by_seat, by_seat.mean(axis=1, keepdims=True)], axis=1)


def trust_about(world: World, space: I64, portfolio: I64) -> F64:
    """Trust between the owner of a portfolio and those across from it in a space."""
    # municipalities stand in the last column
    column = np.minimum(world.portfolios.actor[portfolio], len(world.institutions.departments))
    return np.asarray(trust_in_spaces(world)[space, column])


def trust_between(world: World, space: I64, mine: I64, theirs: I64) -> F64:
    """Trust between the owners of two portfolios.

    Between a municipality and a department it is their own. Two departments go by each other's name among the space's
    municipalities; a district and its locals know each other.
    """
    departments, money = len(world.institutions.departments), world.portfolios
    a, b = money.actor[mine], money.actor[theirs]
    a_town, b_town = a >= departments, b >= departments
    seat = np.where(a_town, b, a)
    town = np.where(a_town, a, b) - departments
    own = world.trust[np.clip(town, 0, None), np.minimum(seat, departments - 1)]
    named = trust_in_spaces(world)
    name = 0.5 * (named[space, np.minimum(a, departments - 1)] + named[space, np.minimum(b, departments - 1)])
    strangers = world.params[Trusting].initial
    near = strangers + (1 - strangers) * world.params[Planning].district_tie
    return np.where(a_town & b_town, near, np.where(a_town | b_town, own, name))


def trust_in_seats(world: World, town: I64, forum: I64, seats: Flags) -> F64:
    """Mean trust of municipalities in the departments that have seats in a forum; that of strangers where none has."""
    there = seats[forum]
    whole = (world.trust[town] * there).sum(axis=1)
    return np.where(there.any(axis=1), whole / np.maximum(there.sum(axis=1), 1), world.params[Trusting].initial)


def mean_of(values: F64, spaces: Sequence[I64]) -> F64:
    """Means of a property of spaces over what each of several meetings is about."""
    return np.array([values[where].mean(axis=0) for where in spaces])


def attention(world: World) -> F64:
    """How much each space is on principals' minds, as far as anything may come of it."""
    return np.asarray(world.salience * thawed(world))
