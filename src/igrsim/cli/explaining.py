"""What a name means and where it comes from; which lever set which rule in a finished study."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from igrsim.kernel.errors import InputError, nearest

KINDS = {"lever": "levers", "metric": "metrics", "param": "params", "regime": "regimes", "source": "sources"}


def explain_name(what: str) -> dict[str, Any]:
    """A catalogue entry, its sources written out."""
    from igrsim.runs.catalogue import catalogue

    kind, _, name = what.partition(":")
    if kind not in KINDS:
        raise InputError(f"unknown kind '{kind}'{nearest(kind, KINDS)}", code="E103")
    rows = {row["name"]: row for row in catalogue()[KINDS[kind]]}
    if name not in rows:
        raise InputError(f"unknown {kind} '{name}'{nearest(name, rows)}", code="E104")
    row = dict(rows[name])
    sources = {s["name"]: s["citation"] for s in catalogue()["sources"]}
    keys = str(row.get("source") or row.get("seed") or "")
    cited = [f"{key}: {sources[key]}" for key in keys.split(";") if key in sources]
    if cited:
        row["cited"] = " | ".join(cited)
    return row


def explain_result(folder: Path, arm: str | None, space: str | None, month: str | None) -> Any:
    """The rules in force in an arm, space and month, and which lever set each."""
    import pandas as pd

    from igrsim.results.results import Results

    results = Results(folder)
    rules = pd.read_csv(results.folder / "rules.csv", dtype={"arm": str, "month": str, "space": str})
    if arm is not None:
        if arm not in results.arms:
            raise InputError(f"unknown arm '{arm}'{nearest(arm, results.arms)}", code="E105")
        rules = rules[rules["arm"] == arm]
    if space is not None:
        codes = [s["code"] for s in results.manifest["spaces"]]
        if space not in codes:
            raise InputError(f"unknown space '{space}'{nearest(space, codes)}", code="E106")
        rules = rules[rules["space"] == space]
    if month is not None:
        if not re.fullmatch(r"\d{4}-\d{2}", month):
            raise InputError(f"--month {month}: YYYY-MM is needed", code="E107")
        rules = rules[rules["month"] <= month]
    return rules
