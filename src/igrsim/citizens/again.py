"""One person's months lived again alone by the same compiled month, and what happened in them written down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.month import TALLIES, Book, Conduct, Offices, Ways, live_month
from igrsim.citizens.population import Citizens
from igrsim.citizens.story import FIELDS
from igrsim.citizens.surge import surged
from igrsim.kernel.errors import ConservationError

STATE = ("routes", "tokens", "due", "opened", "briefed", "idle", "signings", "minutes", "spent", "solved")
"""Columns of a citizen that a month changes."""
_EVENTS = 2_048
"""More than can happen to one person in a month."""


@dataclass
class Lived:
    """What a month's people lived by, kept so that any of them can live it again.

    Attributes
    ----------
    surge : (settlements, events) float, optional
        What an event of the world brings to each life event's usual rate.
    """

    month: int
    ordinal: int
    hazard: NDArray[np.float64]
    surge: NDArray[np.float64] | None
    conduct: Conduct
    offices: Offices
    ways: Ways


@dataclass
class Again:
    """A person's months, told and counted.

    Attributes
    ----------
    story : (events, FIELDS) int64
    tally : (months, needs, TALLIES) int64
        What the kernel counted of this person alone.
    """

    story: NDArray[np.int64]
    tally: NDArray[np.int64]


def live_again(
    citizens: Citizens,
    citizen: int,
    tokens: int,
    months: list[Lived],
    book: Book,
    keys: NDArray[np.uint64],
    needs: int,
) -> Again:
    """Let one citizen live the months of a run again.

    Nobody else's life enters a month, so the person alone comes out as in the run: it is checked that they do.

    Parameters
    ----------
    citizens : Citizens
        As the run left them.
    tokens : int
        Documents the person held when the run began; nothing else was open then.
    months : list of Lived
        All months of the run, from the first.

    Raises
    ------
    ConservationError
        The person does not come out as in the run.
    """
    here = slice(citizen, citizen + 1)
    traits = {name: getattr(citizens, name)[here] for name in ("settlement", "key", "band", "fifth")}
    end = {name: getattr(citizens, name)[here] for name in STATE}
    state = {name: np.zeros_like(column) for name, column in end.items()}
    state["tokens"][:] = tokens
    arrivals = np.zeros(max((m.offices.key.size for m in months), default=0), dtype=np.int64)
    tally = np.zeros((len(months), 1, needs, len(TALLIES)), dtype=np.int64)
    page = np.zeros((_EVENTS, len(FIELDS)), dtype=np.int64)
    told = []
    for k, lived in enumerate(months):
        more = None if lived.surge is None else lived.surge[int(traits["settlement"][0])]
        hazard, months_book = surged(lived.hazard, book, more)
        found = live_month(
            0,
            1,
            lived.month,
            lived.ordinal,
            keys,
            hazard,
            lived.conduct,
            months_book,
            lived.offices,
            lived.ways,
            traits["settlement"],
            traits["key"],
            traits["band"],
            traits["fifth"],
            np.zeros(1, dtype=np.int32),
            *(state[name] for name in STATE),
            tally[k],
            arrivals,
            page,
        )
        if found > _EVENTS:
            raise ConservationError(f"{found} events in one person's month")
        told.append(page[:found].copy())
    for name in STATE:
        if not np.array_equal(state[name], end[name]):
            raise ConservationError(f"citizen {citizen} lived again alone differs from the run in {name}")
    story = np.concatenate(told) if told else page[:0].copy()
    story[:, FIELDS.index("citizen")] = citizen
    return Again(story, tally[:, 0])
