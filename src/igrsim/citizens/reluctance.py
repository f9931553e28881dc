"""How little people are drawn by each way, for its length and fare; kept up to date where points come, go or move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.terms import Conduct, Ways

F64 = NDArray[np.float64]

LIMIT = 600.0
"""Log-odds beyond which nothing is likelier still: numbers end."""


@dataclass(frozen=True)
class Reluctance:
    """The odds of staying at home against each way, before the queue.

    Attributes
    ----------
    odds : (settlements, services, fifths, nearest) float
    ways, conduct : Ways, Conduct
        What they were worked out from.
    """

    odds: F64
    ways: Ways
    conduct: Conduct


def reluctance(ways: Ways, conduct: Conduct, known: Reluctance | None = None) -> Reluctance:
    """Work the odds out, anew only for the settlements and services whose ways are others than those known."""
    if known is None or known.conduct is not conduct or known.ways.metres.shape != ways.metres.shape:
        return Reluctance(_odds(ways.metres, ways.minutes, ways, conduct), ways, conduct)
    if known.ways.metres is ways.metres and known.ways.minutes is ways.minutes:
        return known
    other = ((known.ways.metres != ways.metres) | (known.ways.minutes != ways.minutes)).any(axis=2)
    odds = known.odds.copy()
    odds[other] = _odds(ways.metres[other], ways.minutes[other], ways, conduct)
    return Reluctance(odds, ways, conduct)


def _odds(metres: NDArray[np.int32], minutes: F64, ways: Ways, conduct: Conduct) -> F64:
    cents = np.floor(ways.boarding_cents + ways.per_km_cents * metres / 1000.0 + 0.5)
    rand = np.where(metres <= ways.walk_metres, 0.0, cents) / 100.0
    worth = (conduct.going + conduct.per_minute * minutes)[..., None, :]
    return np.asarray(np.exp(-np.clip(worth + conduct.per_rand[:, None] * rand[..., None, :], -LIMIT, LIMIT)))
