"""Where an arm is worse than the reference: in which spaces and municipalities, for which people, under which assumptions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from igrsim.results.effects import MARGIN
from igrsim.results.results import Results

F64 = NDArray[np.float64]

PAIR = ["world", "future"]
SHUFFLES = 400
"""Random pairings of parameters and differences, from which the bound of chance is taken."""
FEWEST = 30
"""Pairs of runs from which assumptions are told apart; with fewer, chance looks like a cause."""


def losing(frame: pd.DataFrame, keys: list[str], metric: str, better: str, arm: str, reference: str) -> pd.DataFrame:
    """How often, and by how much, an arm is worse than the reference, by `keys`.

    Parameters
    ----------
    frame : DataFrame
        Columns `keys`, arm, world, future, and the metric.
    better : {"lower", "higher"}

    Returns
    -------
    DataFrame
        A row a key: level of the reference, mean difference, share of pairs of runs in which the arm is worse and in
        which it is better by more than the margin of what is material, and the number of pairs.
    """
    wide = frame.pivot_table(index=[*keys, *PAIR], columns="arm", values=metric, aggfunc="mean", sort=False)
    if arm not in wide or reference not in wide:
        return pd.DataFrame(columns=[*keys, "reference", "difference", "share_worse", "share_better", "pairs"])
    wide = wide.dropna(subset=[arm, reference])
    difference = wide[arm] - wide[reference]
    sign = 1.0 if better == "lower" else -1.0
    level = wide[reference].abs().groupby(level=keys, sort=False).transform("mean")
    found = pd.DataFrame(
        {
            "reference": wide[reference],
            "difference": difference,
            "share_worse": (sign * difference > MARGIN * level).astype(float),
            "share_better": (-sign * difference > MARGIN * level).astype(float),
            "pairs": 1.0,
        }
    )
    each = found.groupby(level=keys, sort=False)
    table = each[["reference", "difference", "share_worse", "share_better"]].mean()
    return table.assign(pairs=each.size()).reset_index()


def losing_spaces(results: Results, metric: str, arm: str) -> pd.DataFrame:
    """Every space: how often it is worse off."""
    found = losing(results.spaces, ["space"], metric, _better(results, metric), arm, results.reference)
    spaces = {str(space["code"]): space for space in results.manifest["spaces"]}
    found.insert(1, "name", [str(spaces[code]["name"]) for code in found["space"]])
    return found


def losing_groups(results: Results, metric: str, arm: str) -> pd.DataFrame:
    """Every group of people: how often it is worse off; no row where the metric is not about people."""
    if metric not in results.people:
        return pd.DataFrame(
            columns=["dimension", "group", "reference", "difference", "share_worse", "share_better", "pairs"]
        )
    better = _better(results, metric)
    return losing(results.people, ["dimension", "group"], metric, better, arm, results.reference)


def losing_municipalities(results: Results, metric: str, arm: str, kinds: dict[str, str]) -> pd.DataFrame:
    """Municipalities by kind: how often one of each is worse off; no row where the metric is not of municipalities.

    Parameters
    ----------
    kinds : dict of str to str
        Kind of each municipality.
    """
    if metric not in results.municipalities:
        return pd.DataFrame(
            columns=["kind", "municipalities", "reference", "difference", "share_worse", "share_better"]
        )
    better = _better(results, metric)
    each = losing(results.municipalities, ["municipality"], metric, better, arm, results.reference)
    each = each.assign(kind=each["municipality"].map(kinds))
    by_kind = each.groupby("kind", sort=True)
    table = by_kind[["reference", "difference", "share_worse", "share_better"]].mean()
    table.insert(0, "municipalities", by_kind.size())
    return table.reset_index()


def losing_assumptions(results: Results, metric: str, arm: str) -> pd.DataFrame:
    """Which uncertain numbers decide whether an arm is worse: rank correlation with the difference, and what chance gives.

    The bound is what the strongest of all parameters reaches by chance, in 19 of 20 random pairings of parameters with
    differences: a single parameter beyond it is unlikely to be luck although many were tried.

    Returns
    -------
    DataFrame
        A row a varied parameter, strongest first: correlation (above 0: the larger, the worse the arm does), bound,
        beyond, share of pairs worse overall, in the parameter's lowest third and in its highest. No row where fewer
        than `FEWEST` futures were run.
    """
    columns = [
        "parameter",
        "correlation",
        "bound",
        "beyond",
        "share_worse",
        "in_lowest_third",
        "in_highest_third",
        "pairs",
    ]
    names = [str(p["name"]) for p in results.manifest["params"] if str(p["name"]) in results.design]
    wide = results.runs.pivot(index=PAIR, columns="arm", values=metric)
    if not names or arm not in wide or results.reference not in wide:
        return pd.DataFrame(columns=columns)
    wide = wide.dropna(subset=[arm, results.reference])
    sign = 1.0 if _better(results, metric) == "lower" else -1.0
    worse_by = sign * (wide[arm] - wide[results.reference])
    values = results.design[results.design["arm"] == arm].set_index(PAIR).loc[worse_by.index, names]
    # one value a future: its worlds are no further futures
    worse_by = worse_by.groupby(level="future").mean()
    values = values.groupby(level="future").first().loc[worse_by.index]
    known = values.columns[values.nunique() > 1]
    if len(worse_by) < FEWEST or worse_by.nunique() < 2:
        return pd.DataFrame(columns=columns)
    x, y = values[known].to_numpy(float), worse_by.to_numpy(float)
    rho = _rank_correlations(x, y)
    shuffled = np.random.default_rng(0)
    most = [np.abs(_rank_correlations(x, shuffled.permutation(y))).max() for _ in range(SHUFFLES)]
    bound = float(np.quantile(most, 0.95))
    worse = y > MARGIN * float(wide[results.reference].abs().mean())
    ranks = np.argsort(np.argsort(x, axis=0, kind="stable"), axis=0) / len(y)
    rows = [
        {
            "parameter": name,
            "correlation": float(rho[k]),
            "bound": bound,
            "beyond": bool(abs(rho[k]) > bound),
            "share_worse": float(worse.mean()),
            "in_lowest_third": float(worse[ranks[:, k] < 1 / 3].mean()),
            "in_highest_third": float(worse[ranks[:, k] >= 2 / 3].mean()),
            "pairs": len(y),
        }
        for k, name in enumerate(known)
    ]
    found = pd.DataFrame(rows, columns=columns)
    order = found["correlation"].abs().sort_values(ascending=False, kind="stable").index
    return found.loc[order].reset_index(drop=True)


def overall(results: Results, metrics: Sequence[str]) -> pd.DataFrame:
    """Every arm and metric over the whole scope: in what share of pairs of runs the arm is worse, and better."""
    rows = []
    for arm in (a for a in results.arms if a != results.reference):
        for metric in metrics:
            frame = results.runs.assign(all="all")
            found = losing(frame, ["all"], metric, _better(results, metric), arm, results.reference)
            if len(found):
                row = found.iloc[0].to_dict()
                rows.append({"arm": arm, "metric": metric, **{k: v for k, v in row.items() if k != "all"}})
    return pd.DataFrame(rows)


def _rank_correlations(x: F64, y: F64) -> F64:
    """Spearman's correlation of each column with a vector."""
    a, b = rankdata(x, axis=0), rankdata(y)
    a, b = a - a.mean(axis=0), b - b.mean()
    return np.asarray(a.T @ b / np.sqrt((a**2).sum(axis=0) * (b**2).sum()))


def _better(results: Results, metric: str) -> str:
    table = results.metrics
    return str(table.loc[table["name"] == metric, "better"].iloc[0])
