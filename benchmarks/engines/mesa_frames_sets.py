"""Citizens as a mesa-frames agent set."""

from __future__ import annotations

import numpy as np
import polars
from mesa_frames import AgentSetPolars, ModelDF

from benchmarks.engines.arrays import TRAITS, Columns, MonthOfArrays, fresh_columns, outcome_of
from benchmarks.engines.case import Case, Outcome


class Citizens(AgentSetPolars):  # type: ignore[misc]
    """A data frame of everyone; the columns that a month changes are taken out, lived with, and put back."""

    def __init__(self, model: ModelDF, case: Case) -> None:
        super().__init__(model)
        self.lives = MonthOfArrays(case)
        self.calendar = 0
        self.add(polars.DataFrame({"unique_id": np.arange(case.people, dtype=np.int64), **fresh_columns(case)}))

    def columns(self) -> Columns:
        """Everyone's traits and state; the state is a copy, as a frame's columns do not change."""
        frame = self.agents
        return {
            name: frame[name].to_numpy() if name in TRAITS else np.array(frame[name].to_numpy())
            for name in frame.columns
            if name != "unique_id"
        }

    def step(self) -> None:
        """Everyone's month."""
        columns = self.columns()
        self.lives.live(columns, self.calendar)
        self.set({name: polars.Series(name, column) for name, column in columns.items() if name not in TRAITS})


class Frames:
    """A mesa-frames model of one agent set."""

    about = "the same arrays as columns of a mesa-frames agent set, taken out and put back each month"
    comparable = True
    many = 500_000

    def begin(self, case: Case) -> None:
        """Make the people."""
        self.model = ModelDF(1)
        self.citizens = Citizens(self.model, case)
        self.model.agents += self.citizens

    def live(self, month: int) -> None:
        """Let everyone live a month."""
        self.mine.calendar = month
        self.model.agents.do("step")

    @property
    def mine(self) -> Citizens:
        """The agent set that the model keeps."""
        kept: Citizens = self.model.get_agents_of_type(Citizens)
        return kept

    def outcome(self) -> Outcome:
        """What came of them."""
        return outcome_of(self.mine.lives, self.mine.columns())
