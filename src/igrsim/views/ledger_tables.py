"""The ledger a year: official hours by account, rand by who bears them."""

from __future__ import annotations

import pandas as pd

from igrsim.results.results import Results


def _a_year(results: Results, frame: pd.DataFrame, by: str, amount: str) -> pd.DataFrame:
    """Amounts a year, mean over cells; one row each of `by`, one column an arm."""
    cells = results.runs[["cell", "arm"]].drop_duplicates().groupby("arm")["cell"].size()
    years = float(results.manifest["months"]) / 12
    sums = frame.groupby([by, "arm"])[amount].sum().unstack("arm").reindex(columns=results.arms).fillna(0.0)
    table = sums / (cells.reindex(results.arms) * years)
    table = table[table.max(axis=1) > 0]
    return table.loc[table.max(axis=1).sort_values(ascending=False, kind="stable").index]


def hours_a_year(results: Results) -> pd.DataFrame:
    """Official hours a year by account, largest first, one column an arm; citizens' hours stay out."""
    ledger = results.ledger
    return _a_year(results, ledger[ledger["bearer"] != "citizens"], "account", "hours")


def rand_a_year(results: Results) -> pd.DataFrame:
    """Rand million a year by who bears it and for what, one column an arm; citizens included."""
    ledger = results.ledger
    lines = ledger.assign(line=ledger["bearer"] + ": " + ledger["account"])
    return _a_year(results, lines, "line", "rand") / 1e6
