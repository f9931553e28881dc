"""One person's months lived again alone by the same compiled month, and what happened in them written down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.lives import Citizens, Homes, Lives
from igrsim.citizens.month import live_month
from igrsim.citizens.reluctance import Reluctance
from igrsim.citizens.story import FIELDS
from igrsim.citizens.surge import surged
from igrsim.citizens.terms import HOURS_BINS, TALLIES, Book, Conduct, Offices, Ways, post
from igrsim.kernel.errors import ConservationError

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
    home, ordinal = citizens.home_of(citizen)
    # rows of a person who is not remembered are not there at all
    end = [column[citizen : citizen + 1] for column in citizens.lives]
    lives = Lives(*(np.zeros_like(column) for column in end))
    lives.traits[:], lives.tokens[:] = citizens.lives.traits[citizen], tokens
    one = Homes(
        first=np.array([0, 1]),
        key=citizens.homes.key[home : home + 1],
        start=np.array([ordinal]),
        cell=np.zeros(1, dtype=np.int32),
        space=np.zeros(1, dtype=np.int32),
    )
    arrivals = np.zeros(max((m.offices.key.size for m in months), default=0), dtype=np.int64)
    hours = np.zeros((1, HOURS_BINS), dtype=np.int64)
    tally = np.zeros((len(months), 1, needs, len(TALLIES)), dtype=np.int64)
    page = np.zeros((_EVENTS, len(FIELDS)), dtype=np.int64)
    told = []
    for k, lived in enumerate(months):
        surge = None if lived.surge is None else lived.surge[home : home + 1]
        hazards, hazard_of, months_book = surged(lived.hazard, book, surge, 1)
        ways = at_home(lived.ways, home)
        found = live_month(
            0,
            1,
            lived.month,
            lived.ordinal,
            keys,
            hazards,
            hazard_of,
            lived.conduct,
            months_book,
            lived.offices,
            post(lived.offices, lived.conduct),
            ways,
            Reluctance(ways, lived.conduct).options,
            one,
            lives,
            np.zeros(1, dtype=np.int32),
            tally[k],
            arrivals,
            hours,
            page,
        )
        if found > _EVENTS:
            raise ConservationError(f"{found} events in one person's month")
        told.append(page[:found].copy())
    for name, mine, theirs in zip(Lives._fields, lives, end, strict=True):
        if not np.array_equal(mine, theirs):
            raise ConservationError(f"citizen {citizen} lived again alone differs from the run in {name}")
    story = np.concatenate(told) if told else page[:0].copy()
    story[:, FIELDS.index("citizen")] = citizen
    return Again(story, tally[:, 0])


def at_home(ways: Ways, home: int) -> Ways:
    """The ways of one settlement's people."""
    return Ways(*(column[home : home + 1] if isinstance(column, np.ndarray) else column for column in ways))
