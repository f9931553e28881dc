"""How much worse each arm is than the best one in the same future, and in how many futures it is good enough."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.kernel.errors import InputError, nearest

F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Threshold:
    """What is good enough: a metric at most, or at least, a value."""

    metric: str
    at_most: bool
    value: float

    def words(self) -> str:
        """As it was asked for."""
        return f"{self.metric} {'<=' if self.at_most else '>='} {self.value:g}"


def read_threshold(text: str, metrics: Sequence[str]) -> Threshold:
    """A threshold from ``metric<=value`` or ``metric>=value``."""
    found = re.fullmatch(r"\s*(\w+)\s*(<=|>=)\s*(\S+)\s*", text)
    try:
        value = float(found.group(3)) if found else float("nan")
    except ValueError:
        value = float("nan")
    if found is None or not np.isfinite(value):
        raise InputError(f"--satisfy '{text}': write metric<=value or metric>=value", code="E270")
    if found.group(1) not in metrics:
        raise InputError(f"--satisfy: unknown metric '{found.group(1)}'{nearest(found.group(1), metrics)}", code="E271")
    return Threshold(found.group(1), found.group(2) == "<=", value)


def regrets(values: Mapping[str, F64], better: str) -> tuple[pd.DataFrame, int]:
    """Regret of each arm in each future: how much worse it is than the best arm there.

    Parameters
    ----------
    values : mapping of str to (futures,) float
        A metric by arm, in the same futures.
    better : {"lower", "higher"}

    Returns
    -------
    table : DataFrame
        A row an arm: mean, 90th percentile and largest regret, and in what share of futures it is the best (shared first
        places count for each).
    futures : int
        Futures in which every arm has a value; the others are left out.
    """
    sign = 1.0 if better == "lower" else -1.0
    cost = sign * np.stack([np.asarray(found, dtype=float) for found in values.values()])
    cost = cost[:, np.isfinite(cost).all(axis=0)]
    futures = cost.shape[1]
    columns = ["arm", "mean_regret", "p90_regret", "max_regret", "best_in"]
    if not futures:
        return pd.DataFrame([{"arm": arm} for arm in values], columns=columns), 0
    regret = cost - cost.min(axis=0)
    return pd.DataFrame(
        {
            "arm": list(values),
            "mean_regret": regret.mean(axis=1),
            "p90_regret": np.quantile(regret, 0.9, axis=1),
            "max_regret": regret.max(axis=1),
            "best_in": (regret == 0).mean(axis=1),
        },
        columns=columns,
    ), futures


def satisficing(values: F64, threshold: Threshold) -> tuple[float, int]:
    """In what share of futures a metric is good enough, and in how many it is defined."""
    known = values[np.isfinite(values)]
    if not len(known):
        return float("nan"), 0
    enough = known <= threshold.value if threshold.at_most else known >= threshold.value
    return float(enough.mean()), len(known)


def better_share(differences: F64, better: str) -> tuple[float, int]:
    """In what share of futures an arm is better than the reference, and in how many that is defined."""
    known = differences[np.isfinite(differences)]
    if not len(known):
        return float("nan"), 0
    return float((known < 0).mean() if better == "lower" else (known > 0).mean()), len(known)
