"""The metrics of single cells, from the store: what a search needs without the tables of a study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from igrsim.metrics._base import Metric, metrics
from igrsim.metrics.same_needs import in_both
from igrsim.runs.store import Store


@dataclass(frozen=True)
class Measured:
    """A metric in one run, and what it differs from the reference in the same world and future."""

    value: float
    difference: float


def known_metrics(names: list[str]) -> list[Metric]:
    """Metrics by their names."""
    known = dict(metrics.items())
    return [known[name] for name in names]


def measured(store: Store, digest: str, base: str, wanted: list[Metric], months: int) -> dict[str, Measured]:
    """Each metric of a cell over all months and spaces, beside the reference's cell.

    Parameters
    ----------
    digest, base : str
        Of the cell, and of the reference's.
    """
    mine, theirs = ((_whole(store, cell, months)) for cell in (digest, base))
    found = {}
    paired = None
    for metric in wanted:
        if metric.level == "pair":
            paired = paired or in_both(store.get(digest, "resolved"), store.get(base, "resolved"))
            value, other = (float(metric.value({k: np.array([v]) for k, v in side.items()})[0]) for side in paired)
        else:
            value, other = (float(metric.value(side)[0]) for side in (mine, theirs))
        found[metric.name] = Measured(value, value - other)
    return found


def _whole(store: Store, digest: str, months: int) -> dict[str, np.ndarray]:
    counts = store.get(digest, "space").drop(columns=["month", "place"]).sum()
    return {str(name): np.array([float(value)]) for name, value in counts.items()} | {
        "months": np.array([float(months)])
    }
