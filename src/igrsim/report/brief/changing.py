"""What would change the answer: worlds that go the other way, numbers it hangs on, theories; and what was not looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence

from igrsim.report.brief.measures import Measure
from igrsim.report.brief.scale import AVERAGE, LEANING, NONE, OPEN, SURE
from igrsim.report.brief.traced import Line, Name, Told, joined, told
from igrsim.results.agreement import ALL
from igrsim.results.results import Results

NAMED = 3
"""Numbers of the model named for one measure."""
METHODS = {"sobol": "Sobol’s indices", "morris": "Morris’s screening", "pawn": "PAWN indices"}


def what_would_change(results: Results, measures: Sequence[Measure], arm: str) -> list[Line]:
    """From the effects, sensitivity and rivals tables; the last line says what this study did not look at."""
    lines = [*_weights(measures), *_worlds(measures), *_spread(measures, int(results.manifest["futures"]))]
    missing = []
    for found, otherwise in (
        (_numbers(results, measures, arm), "which numbers of the model decide it"),
        (_theories(results, measures, arm), "rival theories of how officials decide"),
    ):
        lines += found
        if not found:
            missing.append(told(otherwise))
    missing.append(told("futures in which the arm loses, sought on purpose (", Name("igrsim challenge"), ")"))
    return [*lines, Line("Not looked at here", told(joined(missing), "."))]


def _weights(measures: Sequence[Measure]) -> list[Line]:
    """That gains are not weighed against losses, where there are both."""
    by = {side: [told(Name(one.called)) for one in measures if one.judged.side == side] for side in ("better", "worse")}
    if not all(by.values()):
        return []
    return [Line("What weighs more", told("this page does not weigh ", joined(by["better"]), " against ", joined(by["worse"]), ". Whoever signs does."))]  # fmt: skip


def _worlds(measures: Sequence[Measure]) -> list[Line]:
    """In how many pairs of runs a measure does not go the way of the mean."""
    open_ones = [one for one in measures if one.judged.step in (OPEN, AVERAGE, LEANING)]
    if not open_ones:
        firm = any(one.judged.side for one in measures) and all(_firm(one) for one in measures)
        said = "at most one plausible world in twenty would say otherwise on any one of these measures."
        return [Line("Another world", told(said))] if firm else []
    parts = []
    for one in open_ones:
        against = one.table.level(1 - float(one.row["agree"]), "share", "agree", how="one less the share")
        parts.append(told(Name(one.called), " in ", against))
    return [Line("Another world", told("goes the other way than the mean, or nowhere, on ", joined(parts), " of pairs of runs."))]  # fmt: skip


def _firm(one: Measure) -> bool:
    """Whether the whole interval says the same."""
    words = ("no material difference", "probably no material difference")
    return one.judged.step in (SURE, NONE) or one.judged.words in words


def _spread(measures: Sequence[Measure], futures: int) -> list[Line]:
    """Luck or ignorance, where the study can tell them apart."""
    parts = [
        told(Name(one.called), " ", one.table.level(float(one.row["futures_share"]), "share", "futures_share"))
        for one in measures
        if math.isfinite(float(one.row.get("futures_share", math.nan))) and one.judged.step is not NONE
    ]
    if not parts or futures < 2:
        return []
    return [Line("Luck or ignorance", told("of the spread between runs, what is not known of the model’s numbers makes ", joined(parts), "; luck, or both together, the rest."))]  # fmt: skip


def _numbers(results: Results, measures: Sequence[Measure], arm: str) -> list[Line]:
    """Measure by measure, the numbers its difference depends on most, with their grades."""
    found = results.sensitivity()
    if found is None:
        return []
    table, _ = found
    lines = []
    for one in measures:
        rows = table[(table["metric"] == one.metric.name) & (table["arm"] == arm) & (table["of"] == "difference")]
        rows = rows[rows["index"] > 0].sort_values("rank", kind="stable")
        if rows.empty:
            continue
        method = str(rows["method"].iloc[0])
        if method != "morris":
            rows = rows[rows["beyond_chance"].astype(bool)]
        named = [told(Name(f"{row['parameter']} ({row['grade']})")) for row in rows.head(NAMED).to_dict("records")]
        by = told(" (by ", METHODS.get(method, method), ").")
        if not named:
            said = told(Name(one.called), ": no number moves it more than chance would", by)
        else:
            said = told(Name(one.called), " hangs most on ", joined(named), by)
        lines.append(Line("Numbers", said))
    return lines


def _theories(results: Results, measures: Sequence[Measure], arm: str) -> list[Line]:
    table = results.rivals()
    if table is None:
        return []
    shown = {one.metric.name: one.called for one in measures}
    mine = table[(table["arm"] == arm) & (table["planners"] == ALL) & table["metric"].isin(list(shown))]
    parts: list[Told] = [
        told(Name(shown[str(row["metric"])]), ": ", Name(str(row["verdict"]))) for row in mine.to_dict("records")
    ]
    return [Line("Rival theories of officials", told(joined(parts, last="; ", between="; "), "."))] if parts else []
