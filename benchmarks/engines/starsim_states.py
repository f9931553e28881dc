"""Citizens as the states of a starsim module."""

from __future__ import annotations

from typing import Any

import numpy as np
import starsim

from benchmarks.engines.arrays import MonthOfArrays, fresh_columns, outcome_of
from benchmarks.engines.case import Case, Outcome

MONTHS = 1_200
"""Months that a simulation may run: it is told when it is made."""


class Citizens(starsim.Module):  # type: ignore[misc]
    """A module whose states are the citizens' columns, and whose step is their month."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.month = MonthOfArrays(case)
        self.begin_with = fresh_columns(case)
        self.define_states(
            *(
                starsim.Arr(name, dtype=column.dtype, default=0, nan=0, columns=column.shape[1:] or None)
                for name, column in self.begin_with.items()
            )
        )

    def init_post(self) -> None:
        """Fill the states when the simulation has made its people."""
        super().init_post()
        for name, column in self.begin_with.items():
            self.raw(name)[:] = column
        del self.begin_with

    def raw(self, name: str) -> Any:
        """A state as the array it is kept in: nobody is born or dies here."""
        state = getattr(self, name)
        return state.raw[: state.len_used]

    def columns(self) -> dict[str, Any]:
        """All states."""
        return {name: self.raw(name) for name in self.names}

    @property
    def names(self) -> list[str]:
        """Names of the states."""
        return [state.name for state in self.state_list]

    def step(self) -> None:
        """Everyone's month."""
        self.month.live(self.columns(), int(self.ti))


class Starsim:
    """A starsim simulation of one module."""

    about = "the same arrays as states of a starsim module, its loop and people around them"
    comparable = True
    many = 500_000

    def begin(self, case: Case) -> None:
        """Make the people."""
        self.citizens = Citizens(case)
        self.sim = starsim.Sim(
            n_agents=case.people, dur=starsim.months(MONTHS), dt=starsim.month, modules=self.citizens, copy_inputs=False,
            verbose=0,
        )  # fmt: skip
        self.sim.init()

    def live(self, month: int) -> None:
        """Let everyone live a month."""
        assert int(self.citizens.ti) == month
        self.sim.run_one_step()

    def outcome(self) -> Outcome:
        """What came of them."""
        columns = {name: np.array(column) for name, column in self.citizens.columns().items()}
        return outcome_of(self.citizens.month, columns)
