"""Why two arms differ, as far as a finished study shows it: rules that levers set, and from when each step of a chain differs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from igrsim.results.results import Results
from igrsim.runs.chains import DECLARED
from igrsim.runs.rules_told import everywhere_told, trail

RUN = ["future", "world"]


def causes_of(results: Results) -> dict[str, Any]:
    """What is known of causes of every arm but the reference: rules in words, and months from which metrics differ."""
    arms = [arm for arm in results.arms if arm != results.reference]
    known = [one.metric for one in DECLARED if one.metric in results.monthly]
    return {
        "metrics": known,
        "first": first_months(results, arms, known),
        "rules": {arm: rules_apart(results, arm) for arm in arms},
    }


def rules_apart(results: Results, arm: str) -> list[dict[str, str]]:
    """The rules that stand otherwise in an arm than in the reference, over all its spaces, and by which levers."""
    rows = trail(results)
    mine, base = everywhere_told(rows, arm), everywhere_told(rows, results.reference)
    found = [
        {"rule": rule, "words": told.words}
        for rule, told in mine.items()
        if rule not in base or base[rule].words != told.words
    ]
    for rule, told in base.items():
        if rule not in mine:
            words = f"{told.name} is as in silos here; in {results.reference}, {told.words}"
            found.append({"rule": rule, "words": words})
    return found


def first_months(results: Results, arms: list[str], known: list[str]) -> dict[str, list[int | None]]:
    """Of each metric, the first month (counted from 0) in which an arm differs from the reference in any space and pair of runs.

    A metric that is defined in one of the two only differs too; None where no month does.
    """
    where = [*RUN, "month", "space"]
    table = results.monthly[["arm", *where, *known]]
    base = table[table["arm"] == results.reference].drop(columns="arm").sort_values(where, ignore_index=True)
    found = {}
    for arm in arms:
        mine = table[table["arm"] == arm].drop(columns="arm").sort_values(where, ignore_index=True)
        here, there = mine, base
        if not mine[where].equals(base[where]):
            # runs that failed, or were left out, have no other side
            both = mine[where].merge(base[where])
            here, there = both.merge(mine, on=where), both.merge(base, on=where)
        found[arm] = first_apart(here, there, known)
    return found


def first_apart(here: pd.DataFrame, there: pd.DataFrame, known: list[str]) -> list[int | None]:
    """The first month in which each of some metrics differs between two tables of the same runs, months and spaces."""
    months = np.unique(here["month"].to_numpy(str), return_inverse=True)[1]
    found: list[int | None] = []
    for name in known:
        mine, base = here[name].to_numpy(float), there[name].to_numpy(float)
        apart = (mine != base) & ~(np.isnan(mine) & np.isnan(base))
        found.append(int(months[apart].min()) if apart.any() else None)
    return found


def about_chains() -> dict[str, Any]:
    """The declared chains, for a reader: every metric after those it follows from; rules by their place in a list."""
    names = sorted({rule for one in DECLARED for rule in one.rules})
    place = {name: i for i, name in enumerate(names)}
    return {
        "rules": names,
        "steps": [
            {
                "metric": one.metric,
                "after": list(one.after),
                "rules": sorted({place[rule] for rule in one.rules}),
                "because": one.because,
            }
            for one in DECLARED
        ],
    }
