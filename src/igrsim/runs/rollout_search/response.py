"""What each space brings when its hub starts in a given month, from runs of the model; added up, a forecast of any schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from igrsim.metrics._base import Metric

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

COST = "coordination_cents"
FIFTH = 0.2
"""Part of the spaces, the poorest, whose benefit is the other measure of equity."""


@dataclass(frozen=True)
class Objectives:
    """What a schedule is judged by, all as losses: smaller is better.

    Attributes
    ----------
    metric : Metric
        Of the benefit: silos' value less the schedule's, or the other way round where higher is better.
    equity : str
        ``wait``: months that a person below the poverty line waits for a running hub, on average; ``poorest-fifth``: the
        benefit of the poorest fifth of spaces.
    poor : (spaces,) float
        People below the poverty line.
    poorest : (spaces,) bool
    months : int
    """

    metric: Metric
    equity: str
    poor: F64
    poorest: NDArray[np.bool_]
    months: int

    @property
    def columns(self) -> tuple[str, ...]:
        """The counts that are needed, the cost first."""
        return (COST, *(name for name in self.metric.uses if name != COST))

    def wait(self, running: I64) -> F64:
        """Months that a poor person waits, on average: (plans,) from (plans, spaces)."""
        return np.asarray((running * self.poor).sum(axis=-1) / max(self.poor.sum(), 1.0))

    def value(self, counts: Mapping[str, F64]) -> F64:
        """The benefit's metric from counts, with more being better."""
        sign = 1.0 if self.metric.better == "higher" else -1.0
        return np.asarray(sign * self.metric.value({**counts, "months": np.asarray(float(self.months))}))

    def losses(self, counts: F64, base: F64, running: I64) -> F64:
        """Minus benefit, equity's loss and cost of schedules in one future.

        Parameters
        ----------
        counts : (plans, columns, spaces) float
        base : (columns, spaces) float
            Of silos.
        running : (plans, spaces) int
            Month in which each space's hub runs.
        """
        benefit = self._gain(counts.sum(axis=-1), base.sum(axis=-1))
        cost = (counts[:, 0].sum(axis=-1) - base[0].sum()) / 1e8
        if self.equity == "wait":
            equity = self.wait(running)
        else:
            equity = -self._gain(counts[..., self.poorest].sum(axis=-1), base[:, self.poorest].sum(axis=-1))
        return np.column_stack([-benefit, equity, cost])

    def _gain(self, mine: F64, base: F64) -> F64:
        named = {name: mine[:, k] for k, name in enumerate(self.columns)}
        return self.value(named) - self.value({name: base[k] for k, name in enumerate(self.columns)})


@dataclass(frozen=True)
class Seen:
    """What one run counted, by space.

    Attributes
    ----------
    counts : (columns, spaces) float
    running : (spaces,) int
        First month in which the hub's posts are paid; the number of months where it never is.
    """

    counts: F64
    running: I64


@dataclass(frozen=True)
class Response:
    """What starting a hub changes: by space in full, and the share of it that is left when it starts later.

    Attributes
    ----------
    base : (futures, columns, spaces) float
        Counts under silos.
    whole : (futures, columns, spaces) float
        What changes when all hubs start in the first month and run to the end.
    share : (columns, months + 1) float
        Of it that a hub changes which starts in each month; nothing where it never does.
    seen : (columns, months + 1) int
        Spaces and futures from which each share is known; 0 where it lies between its neighbours.
    """

    base: F64
    whole: F64
    share: F64
    seen: I64

    def forecast(self, objectives: Objectives, running: I64) -> F64:
        """Losses of schedules, mean over futures: (plans, objectives).

        Parameters
        ----------
        running : (futures or 1, plans, spaces) int
            Month in which each space's hub starts.
        """
        total = np.zeros((running.shape[1], 3))
        for future, (base, whole) in enumerate(zip(self.base, self.whole, strict=True)):
            when = running[future if len(running) > 1 else 0]
            counts = base[None] + whole[None] * self.share[:, when].transpose(1, 0, 2)
            total += objectives.losses(counts, base, when)
        return np.asarray(total / len(self.base))

    def by_space(self, objectives: Objectives, dates: I64) -> F64:
        """What one space alone changes, if its hub starts on a date and no other ever does: (dates, spaces, objectives)."""
        spaces, months = self.base.shape[2], objectives.months
        found = np.empty((len(dates), spaces, 3))
        nobody = self.forecast(objectives, np.full((1, 1, spaces), months, dtype=np.int64))
        for k, month in enumerate(dates):
            alone = np.full((spaces, spaces), months, dtype=np.int64)
            np.fill_diagonal(alone, month)
            found[k] = self.forecast(objectives, alone[None]) - nobody
        return found


def response_from(
    base: Sequence[Seen], at_once: Sequence[Seen], others: Sequence[Sequence[Seen]], months: int
) -> Response:
    """Read the response from runs.

    The share that is left after a later start is a ratio of sums over spaces and futures, the same for every space: what
    schedules that were run say about each month. Months in which no space started lie on a line between their neighbours.

    Parameters
    ----------
    base, at_once : sequence of Seen
        Silos, and all hubs in the first month without limits, by future.
    others : sequence of sequence of Seen
        Further schedules, each in the first of the same futures, or all.
    """
    silos = np.stack([one.counts for one in base])
    whole = np.stack([one.counts for one in at_once]) - silos
    columns = silos.shape[1]
    changed, possible = np.zeros((columns, months + 1)), np.zeros((columns, months + 1))
    seen = np.zeros((columns, months + 1), dtype=np.int64)
    for runs in (at_once, *others):
        for future, one in enumerate(runs):
            for column in range(columns):
                np.add.at(changed[column], one.running, one.counts[column] - silos[future, column])
                np.add.at(possible[column], one.running, whole[future, column])
                np.add.at(seen[column], one.running, 1)
    share = np.zeros((columns, months + 1))
    axis = np.arange(months + 1)
    for column in range(columns):
        known = (seen[column] > 0) & (possible[column] != 0) & (axis < months)
        at, value = axis[known], changed[column][known] / possible[column][known]
        share[column] = np.interp(axis, np.append(at, months), np.append(value, 0.0)) if known.any() else 0.0
    return Response(silos, whole, share, seen)
