"""How little people are drawn by each way, for its length and fare; kept up to date where points come, go or move."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.terms import Conduct, Ways

F64 = NDArray[np.float64]

LIMIT = 600.0
"""Log-odds beyond which nothing is likelier still: numbers end."""


class Options(NamedTuple):
    """What people choose among, service by service: whoever goes through many people on one errand reads on and on.

    Attributes
    ----------
    point, metres : (services, settlements, nearest) int32
    minutes : (services, settlements, nearest) float
        As `Ways` has them.
    odds : (services, settlements, fifths, nearest) float
        Of staying at home against the way, before the queue.
    """

    point: NDArray[np.int32]
    metres: NDArray[np.int32]
    minutes: F64
    odds: F64


class Reluctance:
    """What is options, and what keeps people from it.

    Attributes
    ----------
    options : Options
        Changed in place where ways change.
    ways, conduct : Ways, Conduct
        What it was last worked out from.
    """

    def __init__(self, ways: Ways, conduct: Conduct) -> None:
        self._begin(ways, conduct)

    def _begin(self, ways: Ways, conduct: Conduct) -> None:
        self.ways, self.conduct = ways, conduct
        columns = [np.ascontiguousarray(c.swapaxes(0, 1)) for c in (ways.point, ways.metres, ways.minutes)]
        self.options = Options(*columns, _odds(columns[1], columns[2], ways, conduct))

    def follow(self, ways: Ways, conduct: Conduct) -> Options:
        """Take in what has changed: only settlements and services whose ways are others are worked out anew."""
        old, self.ways = self.ways, ways
        if conduct is not self.conduct or ways.point.shape != old.point.shape:
            self._begin(ways, conduct)
        elif not all(a is b for a, b in zip(old[POINTS], ways[POINTS], strict=True)):
            other = np.zeros(ways.point.shape[:2], dtype=np.bool_)
            for before, now in zip(old[POINTS], ways[POINTS], strict=True):
                other |= (before != now).any(axis=2)
            home, service = np.nonzero(other)
            for kept, now in zip(self.options, ways[POINTS], strict=False):
                kept[service, home] = now[home, service]
            metres, minutes = ways.metres[home, service], ways.minutes[home, service]
            self.options.odds[service, home] = _odds(metres, minutes, ways, conduct)
        return self.options


POINTS = slice(Ways._fields.index("point"), Ways._fields.index("minutes") + 1)
"""Of the ways: where to, how far, how long."""


def _odds(metres: NDArray[np.int32], minutes: F64, ways: Ways, conduct: Conduct) -> F64:
    cents = np.floor(ways.boarding_cents + ways.per_km_cents * metres / 1000.0 + 0.5)
    rand = np.where(metres <= ways.walk_metres, 0.0, cents) / 100.0
    worth = (conduct.going + conduct.per_minute * minutes)[..., None, :]
    return np.asarray(np.exp(-np.clip(worth + conduct.per_rand[:, None] * rand[..., None, :], -LIMIT, LIMIT)))
