"""Orders and dates of hubs that a search proposes: as months by space, as keys an optimiser can move, and as files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.clock import Clock

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

QUARTER = 3
"""Months between the dates on which a proposed schedule may take spaces in: what it does depends on the time of the financial
year, and a quarter is what departments report by."""


@dataclass(frozen=True)
class Proposal:
    """A schedule of hubs.

    Attributes
    ----------
    name : str
    start : tuple of int
        Month of each space's start, in the geography's order; the number of months of the study for never.
    place : tuple of int
        Each space's place in the queue.
    rollout : str
        The name under which the model knows it, or the path of its file.
    kind : str
        ``named``, ``greedy``, ``probe`` or ``found``.
    limited : bool
        Whether money and specialists bound it, where there are bounds.
    """

    name: str
    start: tuple[int, ...]
    place: tuple[int, ...]
    rollout: str
    kind: str
    limited: bool = True

    def order(self) -> list[int]:
        """Spaces in the order in which they are due."""
        return sorted(range(len(self.start)), key=lambda space: (self.start[space], self.place[space]))


def quarters(after: int, within: int) -> I64:
    """The months on which a proposed schedule may take spaces in, the first `after` the study's start."""
    return np.arange(after, max(within, after) + 1, QUARTER)


def decoded(keys: F64, dates: I64) -> tuple[I64, I64]:
    """What keys say: a key from 0 to 1 is where in the window of dates a space starts, and its place within its wave.

    Parameters
    ----------
    keys : (plans, spaces) float
    dates : (dates,) int
        Months, rising.

    Returns
    -------
    start, place : (plans, spaces) int
    """
    slots = np.minimum((keys * len(dates)).astype(np.int64), len(dates) - 1)
    place = np.argsort(np.argsort(keys, axis=1, kind="stable"), axis=1, kind="stable")
    return dates[slots], place


def encoded(start: I64, place: I64, dates: I64) -> F64:
    """Keys of a schedule; a date that is not in the window becomes the nearest that is."""
    slots = np.abs(start[:, None] - dates[None, :]).argmin(axis=1)
    keys = np.empty(len(start))
    for slot in np.unique(slots):
        mine = np.flatnonzero(slots == slot)
        mine = mine[np.argsort(place[mine], kind="stable")]
        keys[mine] = (slot + (np.arange(len(mine)) + 0.5) / len(mine)) / len(dates)
    return keys


def at_dates_of(order: Sequence[int], start: Sequence[int]) -> I64:
    """The dates of a schedule given to spaces in another order, so that as many start on each date."""
    months = np.empty(len(start), dtype=np.int64)
    months[list(order)] = np.sort(np.asarray(start, dtype=np.int64))
    return months


def write_schedule(
    folder: Path, codes: Sequence[str], start: I64, place: I64, clock: Clock, others: Sequence[tuple[str, str]] = ()
) -> Path:
    """A schedule as a CSV that is named by what it says; spaces in the order in which they are due.

    Parameters
    ----------
    others : sequence of (code, date)
        Spaces outside the scope, and when they start.
    """
    text = "\n".join(["space,start", *rows_of(codes, start, place, clock), *(f"{c},{d}" for c, d in others)]) + "\n"
    file = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.csv"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return file


def rows_of(codes: Sequence[str], start: I64, place: I64, clock: Clock) -> list[str]:
    """Lines of space and date."""
    order = sorted(range(len(codes)), key=lambda s: (start[s], place[s]))
    return [f"{codes[s]},{clock.date(int(start[s])).isoformat()}" for s in order if start[s] < clock.months]
