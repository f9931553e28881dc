"""Needs resolved in a month: whose, when they arose, what they took; for comparing the same need in two arms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.citizens.lives import SPENT, Citizens
from igrsim.citizens.terms import Book

SAME_NEED = ["citizen", "need", "arisen"]
"""What makes a need in one arm the same as a need in another."""
RESOLVED_COLUMNS = [*SAME_NEED, "resolved", *SPENT]


def resolved_now(citizens: Citizens, book: Book, month: int) -> NDArray[np.int32]:
    """Documentary needs resolved this month, in the order of citizens and routes.

    Returns
    -------
    (needs, columns) int32
        By `RESOLVED_COLUMNS`: index of the citizen and of the need, months in which it arose and was resolved, and the
        trips, metres, minutes and cents of all trips that were made for it. Empty where more people are simulated than
        are remembered.
    """
    lives = citizens.lives
    who = np.flatnonzero(lives.solved)
    person, route = np.nonzero((lives.solved[who, None] >> np.arange(book.first_recurring)) & 1)
    who = who[person]
    need = book.route_need[route].astype(np.int64)
    cost = lives.spent[who, need]
    about = [who, need, lives.opened[who, need].astype(np.int64) - 1, np.full(len(who), month)]
    return np.column_stack([*about, cost.reshape(-1, len(SPENT))]).astype(np.int32)


def resolved_table(months: Sequence[NDArray[np.int32]]) -> pd.DataFrame:
    """The needs resolved in some months, one under the other."""
    rows = np.concatenate([np.zeros((0, len(RESOLVED_COLUMNS)), np.int32), *months])
    return pd.DataFrame({name: np.ascontiguousarray(rows[:, k]) for k, name in enumerate(RESOLVED_COLUMNS)})
