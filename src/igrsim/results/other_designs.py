"""Other dates for the same roll-out, and the paths they would give: paths without hubs, plus what hubs did in each space as long after its start."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Starts = tuple[int | None, ...]

PLANNED = "as planned"
LOT = "order by lot"
SPACED = "three months more between waves"
BOTH = "by lot, three months more between waves"
FIVE = "five waves half a year apart, by lot"
DESIGNS = {
    PLANNED: "the dates of the plan",
    LOT: "the same dates, dealt out to the spaces by lot",
    SPACED: "the same waves in the same order, each three months further behind the one before",
    BOTH: "both: dealt out by lot, and each wave three months further behind the one before",
    FIVE: "the spaces dealt out by lot to five waves of one size, half a year apart, the first no sooner than in the plan and no sooner than after half a year",
}
"""Each design in words. All but the first are not simulated again."""
MORE, APART, WAVES = 3, 6, 5


def other_starts(starts: Starts, order: Sequence[int]) -> dict[str, Starts]:
    """Dates under each other design that differs from the plan's.

    Parameters
    ----------
    starts : tuple of (int or None)
        Month in which each space starts.
    order : sequence of int
        The spaces by lot.
    """
    dates = sorted({s for s in starts if s is not None})
    if not dates:
        return {}
    later: dict[int | None, int | None] = {date: date + MORE * k for k, date in enumerate(dates)}
    later[None] = None
    found: dict[str, Starts] = {}
    if len(set(starts)) > 1:
        found[LOT] = tuple(starts[i] for i in order)
    if len(dates) > 1:
        found[SPACED] = tuple(later[s] for s in starts)
        found[BOTH] = tuple(later[starts[i]] for i in order)
    first, place = max(dates[0], APART), {space: rank for rank, space in enumerate(order)}
    found[FIVE] = tuple(first + APART * (place[i] * WAVES // len(starts)) for i in range(len(starts)))
    return found


def effect_by_age(difference: F64, starts: Starts) -> F64:
    """What hubs did in each space, month by month since its start: (…, spaces, months).

    A month in which the metric is not defined has the effect of the last one in which it was; beyond what was simulated the
    last known effect lasts. A space that never started has none.
    """
    months = difference.shape[-1]
    found = np.zeros_like(difference)
    for i, start in enumerate(starts):
        if start is None or start >= months:
            continue
        part = difference[..., i, start:]
        known = np.isfinite(part)
        last = np.maximum.accumulate(np.where(known, np.arange(part.shape[-1]), -1), axis=-1)
        held = np.where(last >= 0, np.take_along_axis(np.where(known, part, 0.0), np.maximum(last, 0), axis=-1), 0.0)
        found[..., i, : months - start] = held
        found[..., i, months - start :] = held[..., -1:]
    return found


def rebuilt(without: F64, by_age: F64, starts: Starts) -> F64:
    """Paths under other dates: (…, spaces, months)."""
    found = without.copy()
    months = without.shape[-1]
    for i, start in enumerate(starts):
        if start is not None and start < months:
            found[..., i, start:] += by_age[..., i, : months - start]
    return found
