"""What a metric is: counts observed each month, and a value made from their sums.

Counts are integers and add up over months and spaces; a metric's value is computed from summed counts, so a
national figure is never a mean of ratios. A value whose denominator is zero is undefined (NaN), never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.population import FIFTHS, HEADS, KINDS
from igrsim.kernel.registry import Registry
from igrsim.world.world import World

F64 = NDArray[np.float64]
Counts = Mapping[str, F64]
Observer = Callable[[World], dict[str, NDArray[np.int64]]]


@dataclass(frozen=True)
class Metric:
    """One number we look at.

    Attributes
    ----------
    name, family, unit, meaning : str
    better : {"lower", "higher", "neither"}
    value : callable
        From summed counts to the metric.
    uses : tuple of str
        The counts it needs.
    rests_on : tuple of str
        Groups of parameters that drive it.
    level : {"space", "people", "municipality", "pair"}
        ``people``: also by groups of people; ``municipality``: also by municipality; ``pair``: only for an arm beside
        its reference, from what both counted of the same needs.
    headline : bool
    """

    name: str
    family: str
    unit: str
    better: str
    meaning: str
    value: Callable[[Counts], F64]
    uses: tuple[str, ...]
    rests_on: tuple[str, ...]
    level: str = "space"
    headline: bool = False


metrics: Registry[Metric] = Registry("metric", "igrsim.metrics")
observers: dict[str, tuple[str, Observer]] = {}


def announce(*found: Metric) -> None:
    """Register metrics."""
    for metric in found:
        metrics.add(metric.name, metric)


def observe(level: str) -> Callable[[Observer], Observer]:
    """Register a function that counts, by ``space``, ``municipality``, ``people`` (group) or ``need``."""

    def register(function: Observer) -> Observer:
        observers[f"{function.__module__}.{function.__name__}"] = (level, function)
        return function

    return register


def counts_now(world: World) -> dict[str, Any]:
    """All counts of the month, by level."""
    len(metrics)  # the families announce themselves when first asked
    found: dict[str, dict[str, NDArray[np.int64]]] = {
        "space": {},
        "municipality": {},
        "people": {},
        "need": {},
    }
    for name in sorted(observers):
        level, function = observers[name]
        for count, values in function(world).items():
            if count in found[level]:
                raise RuntimeError(f"two observers count {count!r}")
            found[level][count] = values
    by_space = np.zeros((world.spaces, len(found["municipality"])), np.int64)
    np.add.at(by_space, world.municipality_space, np.stack(list(found["municipality"].values()), axis=1))
    found["space"] |= dict(zip(found["municipality"], by_space.T, strict=True))
    return found


def documentary(world: World) -> NDArray[np.int64]:
    """Tallies of documentary needs by cell of people, counted once a month."""
    if world.now.documentary is None:
        needs = np.flatnonzero(world.catalogue.documentary)
        total = world.people.tally[:, needs[0]].copy()
        for need in needs[1:]:
            total += world.people.tally[:, need]
        world.now.documentary = total
    return world.now.documentary


def over(top: F64, bottom: F64, scale: float = 1.0) -> F64:
    """A ratio, undefined where there is nothing to divide by."""
    top, bottom = np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(bottom > 0, scale * top / np.where(bottom > 0, bottom, 1.0), np.nan))


def ratio(top: str, bottom: str, scale: float = 1.0) -> Callable[[Counts], F64]:
    """The value of a plain ratio of two counts."""
    return lambda c: over(c[top], c[bottom], scale)


GROUPS = tuple(
    [("place_kind", k) for k in KINDS]
    + [("wealth_fifth", str(f + 1)) for f in range(FIFTHS)]
    + [("household_head", h) for h in HEADS]
)
"""Groups of people, dimension by dimension: the rows of people tables."""
