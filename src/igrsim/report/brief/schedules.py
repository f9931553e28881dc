"""Several schedules of one regime: each beside the one advised on, in the same worlds and futures, on the same scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from igrsim.report.brief.losing import PAIRED
from igrsim.report.brief.measures import Measure
from igrsim.report.brief.naming import arm_called
from igrsim.report.brief.scale import NONE, SMALL, Judged, on_scale
from igrsim.report.brief.traced import Line, Name, Number, Table, Told, joined, told
from igrsim.results.results import Results
from igrsim.results.schedules_apart import other_schedules, schedules_apart
from igrsim.views.numbers import difference_unit

SHOWN = 8
"""Schedules beside the one advised on that have room, in the study's order."""
SAID = 2
"""Of those that differ, the ones told in the answer."""
ONE_PLAN = "One Plan"
"""The milestone that a schedule is for."""


@dataclass(frozen=True)
class Beside:
    """One schedule beside the one advised on.

    Attributes
    ----------
    arm : Name
    cells : tuple of (Number or None, Judged)
        A cell a measure; None where nothing can be compared.
    """

    arm: Name
    cells: tuple[tuple[Number | None, Judged], ...]


@dataclass(frozen=True)
class Schedules:
    """The schedules of a study.

    Attributes
    ----------
    heads : tuple of Told
        Each measure with its unit.
    rows : tuple of Beside
    note : Told
    """

    heads: tuple[Told, ...]
    rows: tuple[Beside, ...]
    note: Told

    @property
    def differ(self) -> bool:
        """Whether any of those shown is told from the one advised on."""
        return any(judged.side for row in self.rows for _, judged in row.cells)


def schedules_of(results: Results, measures: Sequence[Measure], arm: str) -> Schedules | None:
    """Every other schedule of the arm's regime beside it; None if there is none."""
    others = other_schedules(results, arm)
    if not others:
        return None
    metrics = [(one.metric.name, one.metric.unit, one.metric.better) for one in measures]
    found = schedules_apart(results, metrics, arm, others)
    rows = tuple(
        Beside(arm_called(results, other), tuple(_cell(found, one, arm, other) for one in measures)) for other in others
    )
    more = len(others) - SHOWN
    count = Table("manifest.json").count(more, "arms", "schedules beyond those shown")
    tail = told(" Without room: ", count, " more.") if more > 0 else told()
    note = told(
        "Each schedule less ", arm_called(results, arm), ", mean over pairs of runs (", Name("runs.parquet"),
        "); the words are those of the scale, with all of these comparisons counted.", tail,
    )  # fmt: skip
    heads = tuple(told(Name(one.called), " (", Name(difference_unit(one.metric.unit)), ")") for one in measures)
    return Schedules(heads, rows[:SHOWN], note)


def _cell(found: pd.DataFrame, one: Measure, arm: str, other: str) -> tuple[Number | None, Judged]:
    rows = found[(found["arm"] == other) & (found["metric"] == one.metric.name)] if len(found) else found
    if rows.empty or not math.isfinite(float(rows["difference"].iloc[0])):
        return None, on_scale("undefined")
    table = Table("runs.parquet", {"arm": other, "against": arm})
    difference = float(rows["difference"].iloc[0])
    number = table.change(difference, one.metric.unit, one.metric.name, PAIRED)
    return number, on_scale(str(rows["verdict"].iloc[0]))


def beside(found: Schedules, measures: Sequence[Measure], reference: Name) -> Told:
    """How the others differ from the schedule advised on, a sentence of its own: worse than it is not worse than the reference."""
    differ, alike, open_ = [], [], []
    for row in found.rows:
        name = row.arm
        phrases: dict[str, list[Told]] = {}
        for (_, judged), one in zip(row.cells, measures, strict=True):
            if judged.side:
                phrases.setdefault(judged.phrase, []).append(told(Name(one.called)))
        if phrases:
            parts = [told(*_around(phrase, names)) for phrase, names in phrases.items()]
            differ.append(told(name, " ", joined(parts)))
        elif {judged.step for _, judged in row.cells} <= {NONE, SMALL}:
            alike.append(told(name))
        else:
            open_.append(told(name))
    said = differ[:SAID]
    if len(differ) > SAID:
        said.append(told("others differ as shown below"))
    if alike:
        differs = "differs" if len(alike) == 1 else "differ"
        said.append(told(_few(alike), f" {differs} too little to matter, surely or probably"))
    if open_:
        differs = "differs" if len(open_) == 1 else "differ"
        said.append(told("how ", _few(open_), f" {differs} cannot be told"))
    return told("Held against that schedule, not against ", reference, ": ", joined(said, last=", and "), ".")


def _around(phrase: str, names: list[Told]) -> tuple[str, Told, str]:
    before, _, after = phrase.partition("{}")
    return before, joined(names), after


def _few(names: list[Told]) -> Told:
    return joined(names) if len(names) <= 3 else told(joined(names[:2], last=", "), " and others")


def who_waits(results: Results, arm: str) -> list[Line]:
    """How much later than planned One Plans come, and how often they do not come at all; nothing where no table says."""
    table = results.milestones
    if table.empty:
        return []
    mine = table[(table["arm"] == arm) & (table["milestone"] == ONE_PLAN) & (table["planned"] <= _last_month(results))]
    if mine.empty:
        return []
    where = Table("milestones.parquet", {"arm": arm, "milestone": ONE_PLAN})
    come = mine[mine["reached"].notna()]
    missing = where.count(len(mine) - len(come), "reached", "planned within the study and not reached")
    of = where.count(len(mine), "planned", "planned within the study")
    never = told("not adopted in the months simulated in ", missing, " of the ", of, " spaces and runs that plan it")
    if come.empty:
        return [Line("Waiting for One Plans", told(never, "."))]
    late = float(come["months_late"].astype(float).mean())
    mean = where.change(late, "", "months_late", "mean of those planned within the study and reached")
    said = told("where adopted, ", mean, " months against the schedule on average; ", never, ".")
    return [Line("Waiting for One Plans", said)]


def _last_month(results: Results) -> str:
    year, month = (int(part) for part in str(results.manifest["start"]).split("-")[:2])
    last = year * 12 + month - 1 + int(results.manifest["months"]) - 1
    return f"{last // 12:04d}-{last % 12 + 1:02d}"
