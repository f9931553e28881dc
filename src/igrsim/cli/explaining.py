"""What a name means and where it comes from; which lever set which rule in a finished study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from igrsim.kernel.errors import InputError, nearest

KINDS = {
    "lever": "levers",
    "metric": "metrics",
    "param": "params",
    "planners": "planners",
    "regime": "regimes",
    "source": "sources",
}


NUMBER = ("name", "default", "unit", "low", "high", "grade", "source", "meaning")
"""What is told of each number on which a lever turns."""


def explain_name(what: str) -> dict[str, Any]:
    """A catalogue entry, its sources written out, and what it names: a lever's numbers, a regime's levers."""
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
    if kind == "lever":
        params = {p["name"]: p for p in catalogue()["params"]}
        rules, names = row.pop("rules"), [*row.pop("params"), *row.pop("numbers")]
        # a regime's way of working is called the same
        row = {"mechanism" if name == "touches" else name: value for name, value in row.items()}
        row["rules"] = rules
        row["numbers"] = [{column: params[name][column] for column in NUMBER} for name in names]
        for number, name in zip(row["numbers"], names, strict=True):
            number["meaning"] += " (a choice)" if params[name]["choice"] else ""
    if kind == "planners":
        params = {p["name"]: p for p in catalogue()["params"]}
        row["numbers"] = [{column: params[name][column] for column in NUMBER} for name in row.pop("params")]
    if kind == "regime":
        summaries = {lever["name"]: lever["summary"] for lever in catalogue()["levers"]}
        row["levers"] = [{"name": name, "summary": summaries[name]} for name in row.pop("levers")]
    return row


def explain_result(
    folder: Path,
    arm: str | None,
    space: str | None,
    month: str | None,
    page: Path | None = None,
    out: Path | None = None,
) -> tuple[list[dict[str, Any]], list[str]]:
    """Which lever set which rule: with a space and a month every rule in force, else the trail of changes.

    Returns
    -------
    rows : list of dict
    words : list of str
        The same in sentences, and where a page was written.
    """
    from igrsim.results.results import Results
    from igrsim.runs.rules_told import rule_rows, rules_told, trail

    results = Results(folder)
    arms = results.arms if arm is None else [arm]
    if arm is not None and arm not in results.arms:
        raise InputError(f"unknown arm '{arm}'{nearest(arm, results.arms)}", code="E105")
    spaces = {str(s["code"]): str(s["name"]) for s in results.manifest["spaces"]}
    if space is not None and space not in spaces:
        raise InputError(f"unknown space '{space}'{_nearest_space(space, spaces)}", code="E106")
    if month is not None:
        _check_month(results.manifest, month)
    if space is None or month is None:
        if page is not None or out is not None:
            raise InputError("a page tells of one space and month: --space and --month are needed", code="E109")
        found = trail(results)
        found = found[found["arm"].isin(arms)]
        found = found if space is None else found[found["space"] == space]
        found = found if month is None else found[found["month"] <= month]
        rows: list[dict[str, Any]] = found.to_dict("records")
        return rows, [] if rows else [f"no lever changed a rule: {', '.join(arms)} as in silos"]
    told = {name: rules_told(results, name, space, month) for name in arms}
    rows = [row for name, rules in told.items() for row in rule_rows(name, space, month, rules)]
    words = []
    for name, rules in told.items():
        untouched = [rule.rule.replace("_", " ") for rule in rules if not rule.settings]
        words.append(f"{name}, {spaces[space]} ({space}), {month}:")
        words += [f"  {rule.words}" for rule in rules if rule.settings]
        words += [f"  as in silos: {', '.join(untouched)}."] if untouched else []
    file = page or (out / f"rules-{space}-{month}.html" if out is not None else None)
    if file is not None:
        from igrsim.report.projector import write_page
        from igrsim.report.rules_page import rules_page

        about = {a["name"]: a["describe"] or a["title"] for a in results.manifest["arms"]}
        chosen = f" --arm {arm}" if arm is not None else ""
        command = f"igrsim explain {folder}{chosen} --space {space} --month {month} --page {file}"
        kicker = f"{spaces[space]} ({space}); {results.manifest['title']}"
        write_page(rules_page(told, about, spaces[space], month, kicker, command), file)
        words.append(f"page: {file}")
    return rows, words


def _check_month(manifest: dict[str, Any], month: str) -> None:
    """Whether a month is one of the study's."""
    from datetime import date

    from igrsim.kernel.clock import Clock
    from igrsim.runs.chosen import month_in

    month_in(Clock(date.fromisoformat(f"{manifest['start']}-01"), int(manifest["months"])), month, "--month")


def _nearest_space(given: str, spaces: dict[str, str]) -> str:
    """The nearest right code, found by code or by name."""
    for code, name in spaces.items():
        if name.casefold() == given.casefold():
            return f" (did you mean '{code}'?)"
    return nearest(given, spaces)
