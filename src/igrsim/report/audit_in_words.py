"""How closely arms follow the reference, in sentences: what it helps that they share their luck, and where they part."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from igrsim.results.results import Results
from igrsim.views.metric import metric_of
from igrsim.views.numbers import significant
from igrsim.views.phrases import listed


def audit_in_words(results: Results) -> list[str]:
    """One or two sentences an arm; none where the study has no audit table."""
    if not (results.folder / "audit.csv").exists():
        return []
    table = results.audit()
    return [
        _said(results, str(arm), rows.to_dict("records"))  # type: ignore[arg-type]
        for arm, rows in table.groupby("arm", sort=False)
    ]


def failed_checks(results: Results) -> list[str]:
    """What had to hold in a study and did not."""
    checks = results.checks()
    return [str(name) for name in checks["name"][~checks["passed"].astype(bool)]]


def _said(results: Results, arm: str, rows: list[dict[str, Any]]) -> str:
    parts = []
    for row in rows:
        title = metric_of(results, str(row["metric"])).title.lower()
        if row["pairs"] and math.isfinite(row["correlation"]):
            parts.append(f"{row['correlation']:.2f} for {title} ({times(row['variance_reduction'])})")
    reference = results.reference
    said = f"{arm} beside {reference}: "
    if parts:
        said += (
            f"their runs of the same world and future correlate by {listed(parts)}; in brackets how many times more runs "
            f"would be as sure without pairs. "
        )
    else:
        said += "their runs do not vary enough to say how closely they go together. "
    return said + parting(rows[0])


def times(reduction: float) -> str:
    """By how much pairing reduces variance."""
    return f"{significant(reduction, 2)} times" if math.isfinite(reduction) else "no spread left"


def parting(row: dict[str, Any]) -> str:
    """Where and when the first pair's runs part."""
    if pd.isna(row["first_month"]):
        return "The first pair's runs never differ."
    return (
        f"The first pair's runs first differ in {row['first_month']} ({row['first_table']} {row['first_place']}, "
        f"{row['first_count']}; {int(row['first_figures'])} figures in that month)."
    )
