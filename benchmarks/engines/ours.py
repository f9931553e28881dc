"""Citizens as this project lives them: columns, and the compiled month."""

from __future__ import annotations

import copy
import itertools

import numpy as np

from benchmarks.engines.case import Case, Outcome, nobody_out_yet, state_of
from igrsim.phases.travel import live


class Ours:
    """The compiled month over everyone's columns."""

    about = "columns and the compiled month, one thread"
    comparable = True
    many = 1_000_000
    threads = 1

    def begin(self, case: Case) -> None:
        """Make the people."""
        self.case, self.world = case, case.world
        people = self.world.people
        people.threads = self.threads
        people.citizens = copy.deepcopy(case.citizens)
        people.ways = case.ways
        people.tally[:] = 0
        people.arrivals[:] = 0
        people.hours[:] = nobody_out_yet(case)

    def live(self, month: int) -> None:
        """Let everyone live a month, divided among threads as a run divides them."""
        self.world.month = month
        parts = 1 if self.threads == 1 else 8 * self.threads
        ends = np.linspace(0, self.case.people, parts + 1).astype(np.int64).tolist()
        live(self.world, list(itertools.pairwise(ends)), self.case.offices)

    def outcome(self) -> Outcome:
        """What came of them."""
        people = self.world.people
        state = {name: column.copy() for name, column in state_of(people.citizens.lives).items()}
        return Outcome(state, people.tally.copy(), people.arrivals.copy(), people.hours.copy())


class OursOnTwoThreads(Ours):
    """The same on two threads."""

    about = "the same on two threads"
    threads = 2
