"""Citizens as plain Mesa agents."""

from __future__ import annotations

from collections.abc import Callable

import mesa

from benchmarks.engines.case import Case, Outcome
from benchmarks.engines.person import Country, Person, keyed, outcome_of


class Citizen(Person, mesa.Agent):  # type: ignore[misc]
    """A person as a Mesa agent."""

    def __init__(self, model: mesa.Model, country: Country, c: int) -> None:
        super().__init__(model)
        self.settle_in(country, c)


class Do:
    """`AgentSet.do`: everyone in turn."""

    about = "Mesa agents, `AgentSet.do`"
    comparable = True
    many = 50_000

    def begin(self, case: Case) -> None:
        """Make the people."""
        self.model = mesa.Model(rng=1)
        self.country = Country(case, self.luck())
        self.citizens = Citizen.create_agents(self.model, case.people, self.country, list(range(case.people)))

    def luck(self) -> Callable[..., float]:
        """Where draws come from."""
        return keyed

    def live(self, month: int) -> None:
        """Let everyone live a month."""
        self.country.turn(month)
        self.citizens.do("live")

    def outcome(self) -> Outcome:
        """What came of them."""
        return outcome_of(self.country, sorted(self.citizens, key=lambda agent: agent.unique_id))


class ShuffleDo(Do):
    """`AgentSet.shuffle_do`: everyone, in a new order each month."""

    about = "Mesa agents, `AgentSet.shuffle_do`"

    def live(self, month: int) -> None:
        """Let everyone live a month."""
        self.country.turn(month)
        self.citizens.shuffle_do("live")


class OwnLuck(Do):
    """`AgentSet.do` with the model's own generator: what keyed draws cost in plain Python; other people's lives."""

    about = "the same, with Mesa's own random numbers: other lives, not compared"
    comparable = False

    def luck(self) -> Callable[..., float]:
        """Where draws come from: the next number, whatever it is about."""
        random: Callable[[], float] = self.model.random.random
        return lambda key, *identities: random()
