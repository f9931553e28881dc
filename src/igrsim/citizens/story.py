"""What the compiled month writes down of a person, if it is asked to: one row an event, in the order of events."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.compiled import compiled

KINDS = (
    "arises",
    "joins",
    "loses",
    "issued",
    "stays",
    "sets_out",
    "calls",
    "goes_on",
    "given",
    "resolved",
    "returns",
    "trip",
    "abandons",
)
"""A need arises, or joins one of its kind that is open; the identity document is found lost; a document applied for is
issued; an office is not worth the way this month; the way out; a call at a counter; the way on to another; what a
counter gave; a need is resolved; the way home; the day's trip in sum; a need is given up."""
(
    ARISES,
    JOINS,
    LOSES,
    ISSUED,
    STAYS,
    SETS_OUT,
    CALLS,
    GOES_ON,
    GIVEN,
    RESOLVES,
    RETURNS,
    TRIP,
    ABANDONS,
) = range(len(KINDS))

FIELDS = ("citizen", "month", "kind", "route", "step", "point", "detail", "metres", "minutes", "cents")
"""``detail`` is: of a document issued, its bits; of a call or a trip, why it failed (an index of `TALLIES`, 0 if it
did not); of a document given, the months until it is issued; of a need resolved, the months it took; of a need
given up, one of the reasons below."""

LAPSED, WASTED, WAITED = range(3)
"""Why a need is given up: a recurring one lapses with its month; after a wasted trip; after months at home."""


@compiled
def write(
    story: NDArray[np.int64],
    at: int,
    citizen: int,
    month: int,
    kind: int,
    route: int,
    step: int,
    point: int,
    detail: int,
    metres: int,
    minutes: float,
    cents: int,
) -> int:
    """Write an event down, if there is room; returns how many there are now."""
    if at < story.shape[0]:
        row = story[at]
        row[0] = citizen
        row[1] = month
        row[2] = kind
        row[3] = route
        row[4] = step
        row[5] = point
        row[6] = detail
        row[7] = metres
        row[8] = np.int64(minutes + 0.5)
        row[9] = cents
    return at + 1
