"""Citizens as this project lives them: columns, and the compiled month."""

from __future__ import annotations

import copy

from benchmarks.engines.case import STATE, Case, Outcome
from igrsim.phases.travel import live


class Ours:
    """The compiled month over everyone's columns."""

    about = "columns and the compiled month"
    comparable = True
    many = 1_000_000

    def begin(self, case: Case) -> None:
        """Make the people."""
        self.case, self.world = case, case.world
        people = self.world.people
        people.citizens = copy.deepcopy(case.citizens)
        people.ways = case.ways
        people.tally[:] = 0
        people.arrivals[:] = 0

    def live(self, month: int) -> None:
        """Let everyone live a month."""
        self.world.month = month
        live(self.world, 0, self.case.people, self.case.offices)

    def outcome(self) -> Outcome:
        """What came of them."""
        people = self.world.people
        state = {name: getattr(people.citizens, name).copy() for name in STATE}
        return Outcome(state, people.tally.copy(), people.arrivals.copy())
