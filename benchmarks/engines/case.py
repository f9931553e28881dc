"""The case that every engine lives: the same people, service points, ways and months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.month import PURPOSES, TALLIES, Conduct, Offices, Ways
from igrsim.citizens.population import SPENT, Citizens
from igrsim.model import IGRModel, Scenario
from igrsim.phases.travel import offices
from igrsim.services.catalogue import LAGS, Catalogue
from igrsim.world.world import World

STATE = ("routes", "tokens", "due", "opened", "briefed", "idle", "signings", "minutes", "spent", "solved")
"""What a month changes of a person, by which engines are compared."""
SETTLING = 12
"""Months a small sample lives before, so that queues, absences and mobile units are those of a country at work."""


@dataclass
class Case:
    """Everything a citizen's month reads, and nothing of how it is computed.

    What service points publish (queues, absences, admission) is taken once, after some months, and stays as it is in all months:
    the engines differ in how people live, and institutions are measured elsewhere.

    Attributes
    ----------
    citizens : Citizens
        As they are at the start; an engine copies what it changes.
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
        return self.citizens.count


@dataclass
class Outcome:
    """What an engine's months came to: must be the same to the bit in all engines.

    Attributes
    ----------
    state : dict of str to array
        `STATE`, a row a person, in the order of the case.
    tally : (cells, needs, TALLIES) int
        Over all months.
    arrivals : (points,) int
    """

    state: dict[str, NDArray[Any]]
    tally: NDArray[np.int64]
    arrivals: NDArray[np.int64]

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
        return found


def make_case(scope: str, people: int, seed: int = 1, **params: float) -> Case:
    """The people of a scope in its settled offices."""
    values = {name.replace("__", "."): value for name, value in params.items()}
    settled = IGRModel(Scenario(scope=scope, citizens=500, months=SETTLING, params=values), seed=seed).run().world
    world = IGRModel(Scenario(scope=scope, citizens=people, months=SETTLING, params=values), seed=seed).world
    return Case(
        citizens=world.people.citizens,
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


def empty_state(case: Case, people: int) -> dict[str, NDArray[Any]]:
    """Columns of `STATE` for an engine to write its people into, without anyone in them."""
    shape: dict[str, tuple[tuple[int, ...], Any]] = {
        "routes": ((), np.uint16),
        "tokens": ((), np.uint16),
        "due": ((len(LAGS),), np.int16),
        "opened": ((len(case.catalogue.routes),), np.int16),
        "briefed": ((), np.uint32),
        "idle": ((), np.uint8),
        "signings": ((), np.uint8),
        "minutes": ((), np.uint32),
        "spent": ((sum(case.catalogue.documentary), len(SPENT)), np.int32),
        "solved": ((), np.uint16),
    }
    return {name: np.zeros((people, *rest), dtype=kind) for name, (rest, kind) in shape.items()}
