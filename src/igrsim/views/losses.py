"""Who is worse off under an arm than under the reference: groups of people and spaces, as tables."""

from __future__ import annotations

import pandas as pd

from igrsim.results.effects import effect
from igrsim.results.results import Results
from igrsim.views.metric import Metric, arm_of, metric_of

DIMENSIONS = {
    "place_kind": "kind of place",
    "wealth_fifth": "wealth fifth (1 poorest)",
    "household_head": "head of household",
}
_FOUND = ["dimension", "group", "reference", "mean", "difference", "low", "high", "verdict", "worse"]


def worse(difference: float, better: str) -> bool:
    """Whether a difference is for the worse."""
    return difference > 0 if better == "lower" else difference < 0 if better == "higher" else False


def _compared(frame: pd.DataFrame, keys: list[str], metric: Metric, arm: str, results: Results) -> pd.DataFrame:
    """Paired differences by `keys`, each with its interval over worlds and futures."""
    means = frame.groupby([*keys, "world", "future", "arm"], sort=False)[metric.name].mean().unstack("arm")
    rows = []
    for key, pairs in means.groupby(level=keys, sort=False):
        found = effect(
            pairs[arm].to_numpy(float),
            pairs[results.reference].to_numpy(float),
            metric.better,
            futures=pairs.index.get_level_values("future").to_numpy(int),
            worlds=pairs.index.get_level_values("world").to_numpy(int),
            together=int(results.manifest.get("futures_together", 1)),
        )
        named = dict(zip(keys, key if isinstance(key, tuple) else (key,), strict=True))
        rows.append(
            {
                **named,
                "reference": found.mean - found.difference,
                "mean": found.mean,
                "difference": found.difference,
                "low": found.low,
                "high": found.high,
                "verdict": found.verdict,
                "worse": worse(found.difference, metric.better),
            }
        )
    return pd.DataFrame(rows)


def groups_compared(results: Results, metric: str, arm: str) -> pd.DataFrame:
    """Every group of people under an arm and the reference; no row if the metric is not about people.

    A group's value is the plain mean of its months.
    """
    known = metric_of(results, metric)
    frame = results.people
    if metric not in frame or not known.people:
        return pd.DataFrame(columns=_FOUND)
    return _compared(frame, ["dimension", "group"], known, arm_of(results, arm), results)


def spaces_compared(results: Results, metric: str, arm: str) -> pd.DataFrame:
    """Every space under an arm and the reference, in the tables' order; no row if the metric is not of spaces."""
    known = metric_of(results, metric)
    frame = results.spaces
    if metric not in frame:
        return pd.DataFrame(columns=["space", *_FOUND[2:]])
    return _compared(frame, ["space"], known, arm_of(results, arm), results)


def spaces_worse(results: Results, metric: str, arm: str, most: int = 10) -> pd.DataFrame:
    """The spaces in which an arm is worse than the reference, worst first."""
    columns = ["space", "name", "hub_from", *_FOUND[2:]]
    found = spaces_compared(results, metric, arm)
    if found.empty:
        return pd.DataFrame(columns=columns)
    lost = found[found["worse"]]
    order = lost["difference"].abs().sort_values(ascending=False, kind="stable").index
    lost = lost.loc[order].head(most).reset_index(drop=True)
    spaces = {str(space["code"]): space for space in results.manifest["spaces"]}
    lost["name"] = [str(spaces[code]["name"]) for code in lost["space"]]
    lost["hub_from"] = [(spaces[code].get("hub_from") or {}).get(arm) or "none" for code in lost["space"]]
    return lost[columns]
