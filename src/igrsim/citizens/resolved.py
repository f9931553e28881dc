"""Needs resolved in a month: whose, when they arose, what they took; for comparing the same need in two arms."""

from __future__ import annotations

import numpy as np
import pandas as pd

from igrsim.citizens.month import Book
from igrsim.citizens.population import SPENT, Citizens

SAME_NEED = ["citizen", "need", "arisen"]
"""What makes a need in one arm the same as a need in another."""
RESOLVED_COLUMNS = [*SAME_NEED, "resolved", *SPENT]


def resolved_now(citizens: Citizens, book: Book, month: int) -> pd.DataFrame:
    """Documentary needs resolved this month, in the order of citizens and routes.

    Returns
    -------
    DataFrame
        Integer columns `RESOLVED_COLUMNS`: index of the citizen and of the need, months in which it arose and was
        resolved, and the trips, metres, minutes and cents of all trips that were made for it. Empty where more people
        are simulated than are remembered.
    """
    who = np.flatnonzero(citizens.solved)
    person, route = np.nonzero((citizens.solved[who, None] >> np.arange(book.first_recurring)) & 1)
    who = who[person]
    need = book.route_need[route].astype(np.int64)
    cost = citizens.spent[who, need]
    columns = [who, need, citizens.opened[who, route].astype(np.int64) - 1, np.full(len(who), month)]
    return pd.DataFrame(
        dict(zip(RESOLVED_COLUMNS, [*columns, *cost.reshape(-1, len(SPENT)).T], strict=True)), dtype=np.int32
    )
