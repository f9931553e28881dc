"""The case that every engine lives: the same people, service points, ways and months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.lives import Citizens, Lives
from igrsim.citizens.terms import HOURS_BINS, PURPOSES, TALLIES, Conduct, Offices, Ways
from igrsim.model import IGRModel, Scenario
from igrsim.phases.travel import offices
from igrsim.services.catalogue import Catalogue
from igrsim.world.world import World

SETTLING = 12
"""Months a small sample lives before, so that queues, absences and mobile units are those of a country at work."""


@dataclass
class Case:
    """Everything a citizen's month reads, and nothing of how it is computed.

    What service points publish (queues, absences, admission) is taken once, after some months, and stays as it is in all months:
    the engines differ in how people live, and institutions are measured elsewhere.

    Attributes
    ----------
    traits : dict of str to array
        Of each person: key, home, band, fifth, cell, and the documents held at the start; an engine copies what it changes.
    home_space : (settlements,) int
    citizens : Citizens
        The same people as our own engine keeps them; no other reads it.
    keys : dict of str to int
        Key of each purpose's draws.
    hazard : (bands, fifths, events) float
        Monthly chances of life events, cumulated over events.
    first_month : int
        Calendar month (months since year 0) of the first month.
    cells : int
        Counting cells: space, kind of settlement, wealth fifth and head of household.
    world : World
        Where our own engine lives; no other reads it.
    """

    traits: dict[str, NDArray[Any]]
    home_space: NDArray[np.int32]
    citizens: Citizens
    catalogue: Catalogue
    conduct: Conduct
    offices: Offices
    ways: Ways
    keys: dict[str, int]
    hazard: NDArray[np.float64]
    first_month: int
    cells: int
    world: World

    @property
    def people(self) -> int:
        """How many people live it."""
        return len(self.traits["key"])

    @property
    def spaces(self) -> int:
        """How many spaces the scope has."""
        return int(self.home_space.max()) + 1


@dataclass
class Outcome:
    """What an engine's months came to: must be the same to the bit in all engines.

    Attributes
    ----------
    state : dict of str to array
        What a month changes of a person (`state_of`), a row a person, in the order of the case.
    tally : (cells, needs, TALLIES) int
        Over all months.
    arrivals : (points,) int
        Over all months.
    hours : (spaces, HOURS_BINS) int
        How many people have spent so many half hours on documentary trips.
    """

    state: dict[str, NDArray[Any]]
    tally: NDArray[np.int64]
    arrivals: NDArray[np.int64]
    hours: NDArray[np.int64]

    def differences(self, other: Outcome) -> list[str]:
        """Where two engines part, in words; empty if they agree in every person and count."""
        found = []
        for name, ours in self.state.items():
            rows = np.flatnonzero((ours != other.state[name]).reshape(len(ours), -1).any(axis=1))
            if len(rows):
                c = rows[0]
                found.append(f"{len(rows)} people in {name}, the first is {c}: {ours[c]} and {other.state[name][c]}")
        for k, what in enumerate(TALLIES):
            a, b = self.tally[..., k], other.tally[..., k]
            if not np.array_equal(a, b):
                found.append(f"{what}: {a.sum()} and {b.sum()}")
        if not np.array_equal(self.arrivals, other.arrivals):
            found.append(f"calls at points: {self.arrivals.sum()} and {other.arrivals.sum()}")
        if not np.array_equal(self.hours, other.hours):
            found.append(f"half hours by space: {(self.hours != other.hours).sum()} bins")
        return found


def make_case(scope: str, people: int, seed: int = 1, **params: float) -> Case:
    """The people of a scope in its settled offices."""
    values = {name.replace("__", "."): value for name, value in params.items()}
    settled = IGRModel(Scenario(scope=scope, citizens=500, months=SETTLING, params=values), seed=seed).run().world
    world = IGRModel(Scenario(scope=scope, citizens=people, months=SETTLING, params=values), seed=seed).world
    citizens = world.people.citizens
    return Case(
        traits={
            "key": citizens.key,
            "home": citizens.settlement,
            "band": citizens.band,
            "fifth": citizens.fifth,
            "cell": citizens.cell,
            "tokens": citizens.lives.tokens.copy(),
        },
        home_space=citizens.homes.space,
        citizens=citizens,
        catalogue=world.catalogue,
        conduct=world.people.conduct,
        offices=offices(settled),
        ways=settled.people.ways,
        keys={purpose: world.draws[purpose].key for purpose in PURPOSES},
        hazard=world.people.hazard,
        first_month=world.clock.ordinal(0),
        cells=len(world.people.tally),
        world=world,
    )


def state_of(lives: Lives) -> dict[str, NDArray[Any]]:
    """What a month changes of people, by which engines are compared; who is busy follows from it."""
    return {name: lives.state[name] for name in lives.state.dtype.names or ()} | {
        "spent": lives.spent,
        "solved": lives.solved,
    }


def empty_state(case: Case, people: int) -> dict[str, NDArray[Any]]:
    """The same columns, each by itself, for an engine to keep or write its people in."""
    columns = state_of(case.citizens.lives)
    return {name: np.zeros((people, *column.shape[1:]), dtype=column.dtype) for name, column in columns.items()}


def nobody_out_yet(case: Case) -> NDArray[np.int64]:
    """People of each space by half hours spent, before anyone has been anywhere."""
    hours = np.zeros((case.spaces, HOURS_BINS), dtype=np.int64)
    np.add.at(hours, (case.home_space[case.traits["home"]], 0), 1)
    return hours
