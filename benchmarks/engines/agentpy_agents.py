"""Citizens as agentpy agents."""

from __future__ import annotations

import agentpy

from benchmarks.engines.case import Case, Outcome
from benchmarks.engines.person import Country, Person, outcome_of


class Citizen(Person, agentpy.Agent):  # type: ignore[misc]
    """A person as an agentpy agent."""

    def setup(self, country: Country) -> None:
        """Take a place; agentpy numbers its objects from 1, and the model is the first of them."""
        self.settle_in(country, self.id - 1)


class AgentPy:
    """An `AgentList` that is told to live."""

    about = "agentpy agents, `AgentList`"
    comparable = True
    many = 50_000

    def begin(self, case: Case) -> None:
        """Make the people."""
        self.model = agentpy.Model()
        self.country = Country(case)
        self.citizens = agentpy.AgentList(self.model, case.people, Citizen, country=self.country)

    def live(self, month: int) -> None:
        """Let everyone live a month."""
        self.country.turn(month)
        self.citizens.live()

    def outcome(self) -> Outcome:
        """What came of them."""
        return outcome_of(self.country, list(self.citizens))
