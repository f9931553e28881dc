"""How fast cells are computed, and so how long the rest will take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from igrsim.runs.layout import Cell

RECENT = 40
"""Finished cells from which the pace is taken."""


class Pace:
    """Tells of cells done and time left; cells that were there before count as done, and not as fast.

    Parameters
    ----------
    total : int
        Cells of the study.
    todo : int
        Those to compute.
    tell : callable, optional
        Told cells done, cells in all, and the seconds left, where they are known.
    """

    def __init__(self, total: int, todo: int, tell: Callable[[int, int, float | None], None] | None) -> None:
        self.total, self.left, self._tell = total, todo, tell
        self._ends = deque([time.monotonic()], maxlen=RECENT)
        if tell:
            tell(total - todo, total, None)

    def done(self, cell: Cell, seconds: float) -> None:
        """Note that a cell is finished, or has failed for good."""
        self.left -= 1
        self._ends.append(time.monotonic())
        if self._tell:
            self._tell(self.total - self.left, self.total, self.seconds_left())

    def seconds_left(self) -> float:
        """What is left to compute, at the pace of the last cells."""
        return self.left * (self._ends[-1] - self._ends[0]) / (len(self._ends) - 1)
