"""What makes actors do what was asked or agreed: duty, standing of the agreement, attention, partnership, trust."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.authority import Authority, Trusting
from igrsim.world.frozen import Frozen
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


def inclined(
    world: World, base: float, space: I64, portfolio: I64, *, duty: bool = False, compact: bool = False
) -> F64:
    """Chance that actors do what was asked or agreed about a space.

    Parameters
    ----------
    base : float
        The chance in silos: middling partnership, trust as between strangers, nobody's attention, nothing binding.
    space, portfolio : (n,) int
        Where, and whose money.
    duty, compact : bool
        Whether a duty to take part, or the standing of a compact, bears on it.
    """
    if base <= 0 or base >= 1:
        return np.full(len(space), float(base))
    p = world.params[Authority]
    departments = len(world.institutions.departments)
    actor = world.portfolios.actor[portfolio]
    municipal = actor >= departments
    seat = np.minimum(actor, departments - 1)
    provincial = np.array([d.sphere == "provincial" for d in world.institutions.departments])[seat] & ~municipal
    push = p.salience * world.salience[space]
    push = push + p.partnership * 2 * (world.partnership()[space] - 0.5) * np.where(provincial, 1.0, 0.5)
    push = push + p.trust * (
        _trusted(world)[space, np.where(municipal, departments, seat)] - world.params[Trusting].initial
    )
    if duty:
        push = push + p.duty * world.rules.by_space("duty")[space]
    if compact:
        push = push + p.compact * world.rules.by_space("compact")[space]
    push = push * (1 - world.params[Frozen].benefits)
    return np.asarray(1 / (1 + (1 / base - 1) * np.exp(-push)))


def _trusted(world: World) -> F64:
    """Mean trust of a space's municipalities in each department, and over all departments in the last column."""
    counts = np.bincount(world.municipality_space, minlength=world.spaces)[:, None]
    sums = np.zeros((world.spaces, world.trust.shape[1]))
    np.add.at(sums, world.municipality_space, world.trust)
    by_seat = sums / np.maximum(counts, 1)
    return np.concatenate([by_seat, by_seat.mean(axis=1, keepdims=True)], axis=1)
