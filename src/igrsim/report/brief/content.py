"""All that a brief says, put together once; the page and the print only set it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from igrsim.report.audit_in_words import failed_checks
from igrsim.report.brief.answer import answer
from igrsim.report.brief.changing import what_would_change
from igrsim.report.brief.drawing import Map, map_of
from igrsim.report.brief.losing import who_loses
from igrsim.report.brief.measures import PRICE, Measure, advised_on, measured
from igrsim.report.brief.naming import arm_called
from igrsim.report.brief.scale import SCALE
from igrsim.report.brief.schedules import Schedules, beside, schedules_of, who_waits
from igrsim.report.brief.traced import (
    AS_IT_STANDS,
    LONG_NAME,
    Line,
    Name,
    Number,
    Piece,
    Table,
    Told,
    clipped,
    counted,
    joined,
    numbers_of,
    told,
)
from igrsim.report.evidence import grades
from igrsim.results.results import Results
from igrsim.results.schedules_apart import other_schedules
from igrsim.views.metric import headlines
from igrsim.views.tiles import load_tiles

MANIFEST = "manifest.json"
LONG_TITLE, LONG_COMMAND, LONG_LIST = 150, 600, 4
"""Characters, and names, that have room on one page; what is cut ends in dots, and the manifest has it whole."""


@dataclass(frozen=True)
class Brief:
    """The content of the page, in the order in which it is read.

    Attributes
    ----------
    warnings : tuple of Line
        What forbids to use the numbers; stands first.
    chosen : Told
        How what is advised on and the measures were chosen.
    beside : Told
        How other schedules differ from the one advised on, in words; nothing where there is none.
    """

    arm: str
    reference: str
    title: Told
    setting: Told
    warnings: tuple[Line, ...]
    answer: Told
    chosen: Told
    measures: tuple[Measure, ...]
    scale: tuple[tuple[str, str, str], ...]
    interval: Told
    schedules: Schedules | None
    beside: Told
    map: Map
    losing: tuple[Line, ...]
    changing: tuple[Line, ...]
    evidence: tuple[Line, ...]
    reproduce: tuple[Line, ...]
    sign: tuple[str, ...]
    kicker: str = "Brief. A model’s answer, not a forecast."

    def pieces(self) -> Iterator[Piece]:
        """Every piece of the page in reading order, headings apart."""
        yield from (*self.title, *self.setting)
        for line in self.warnings:
            yield from line.said
        yield from self.answer
        for measure in self.measures:
            yield from (*measure.difference, *measure.levels, *measure.interval)
        yield from self.chosen
        if self.schedules:
            yield from self.beside
            for row in self.schedules.rows:
                yield from (number for number, _ in row.cells if number is not None)
            yield from self.schedules.note
        yield from self.map.title
        if self.map.drawing:
            yield from (word.piece for word in self.map.drawing.words)
        yield from self.map.note
        for line in (*self.evidence, *self.losing, *self.changing, *self.reproduce):
            yield from line.said

    def numbers(self) -> list[Number]:
        """Every number of the page in reading order."""
        return numbers_of(self.pieces())


HEADINGS = {
    "measures": "What it does",
    "scale": "How sure: the scale of this page.",
    "schedules": "Beside the other schedules",
    "losing": "Who loses",
    "changing": "What would change this answer",
    "evidence": "How well the numbers are known",
    "reproduce": "How to reproduce it",
}


def brief_of(results: Results, arm: str | None = None, metrics: Sequence[str] | None = None) -> Brief:
    """Put a brief together from a study's tables.

    Parameters
    ----------
    results : Results
    arm : str, optional
        What the advice is about; the first the study names beside its reference.
    metrics : sequence of str, optional
        Up to four; without them a rule that never looks at a result.
    """
    chosen = advised_on(results, arm)
    measures = measured(results, chosen, metrics)
    schedules = schedules_of(results, measures, chosen)
    return Brief(
        arm=chosen,
        reference=results.reference,
        title=told(Name(clipped(str(results.manifest["title"]), LONG_TITLE))),
        setting=_setting(results, chosen),
        warnings=tuple(_warnings(results)),
        answer=answer(
            measures,
            arm_called(results, chosen),
            arm_called(results, results.reference),
            schedules is not None and schedules.differ,
        ),
        chosen=_chosen(results, chosen, arm, measures, metrics),
        measures=tuple(measures),
        scale=tuple((step.mark, step.words, step.means) for step in SCALE),
        interval=told(
            " Interval: where the difference of one more plausible world would lie, nineteen times in twenty. A share’s "
            "difference is in percentage points."
        ),
        schedules=schedules,
        beside=beside(schedules, measures, arm_called(results, results.reference)) if schedules else (),
        map=map_of(results, measures, chosen),
        losing=(*who_loses(results, measures, chosen), *who_waits(results, chosen)),
        changing=tuple(what_would_change(results, measures, chosen)),
        evidence=tuple(_evidence(results, measures, chosen)),
        reproduce=tuple(_reproduce(results, arm, metrics)),
        sign=("Read and considered:", "Name", "Signature", "Date"),
    )


def _setting(results: Results, arm: str) -> Told:
    about = results.manifest
    table = Table(MANIFEST)
    titles = {str(each["name"]): str(each.get("title", each["name"])) for each in about["arms"]}
    pairs = int(results.effects().query("arm == @arm")["pairs"].max())
    return told(
        Name(_titled(arm, titles)), " against ", Name(_titled(results.reference, titles)), ". ",
        "Scope ", Name(clipped(str(about["scope"]), 40)), ": ",
        counted(table.count(len(about["spaces"]), "spaces", "how many"), "space"), "; ",
        counted(table.count(about["months"], "months", AS_IT_STANDS), "month"), " from ", Name(str(about["start"])), "; ",
        counted(table.count(about["worlds"], "worlds", AS_IT_STANDS), "world"), " of luck, ",
        counted(table.count(about["futures"], "futures", AS_IT_STANDS), "future"), " of plausible numbers, ",
        counted(Table("effects.csv", {"arm": arm}).count(pairs, "pairs", "most of any metric"), "pair"), " of runs.",
    )  # fmt: skip


def _titled(arm: str, titles: dict[str, str]) -> str:
    title = titles.get(arm, arm)
    name = clipped(arm, LONG_NAME)
    return name if title.lower() == arm.lower() else f"{name} ({clipped(title, LONG_NAME)})"


def _warnings(results: Results) -> list[Line]:
    found = []
    if broken := failed_checks(results):
        names = [told(Name(clipped(name, 90))) for name in broken[:2]]
        more = " and others" if len(broken) > 2 else ""
        found.append(Line("Do not sign: a check failed", told(joined(names), more, " (checks.csv). The numbers are not to be used before it is known why.")))  # fmt: skip
    status = results.design["status"]
    if failed := int((status != "done").sum()):
        table = Table("design.parquet")
        found.append(
            Line("Failed runs", told(table.count(failed, "status", "cells not done"), " of ", table.count(len(status), "status", "cells"), " are left out (failures.csv)."))
        )  # fmt: skip
    return found


def _chosen(
    results: Results, arm: str, asked: str | None, measures: Sequence[Measure], metrics: Sequence[str] | None
) -> Told:
    """How arm and measures were chosen: a rule fixed beforehand, or by whoever asked."""
    others = [name for name in results.arms if name not in (arm, results.reference)]
    said: list[Told] = []
    if asked is not None:
        said.append(told("What is advised on was named by whoever asked for this page."))
    elif others:
        said.append(
            told("What is advised on is the first the study names beside its reference: a rule, not the best-looking.")
        )
    beside_it = other_schedules(results, arm)
    others = [name for name in others if name not in beside_it]
    if others:
        names = [told(arm_called(results, name)) for name in others[:LONG_LIST]]
        more = len(others) - LONG_LIST
        tail = (
            told(" and ", Table(MANIFEST).count(more, "arms", "arms beyond those named"), " more")
            if more > 0
            else told()
        )
        said.append(told("No advice here on ", joined(names, last=", " if more > 0 else " and "), tail, "."))
    if metrics is not None:
        said.append(told("The measures were named by whoever asked for this page."))
    else:
        shown = {measure.metric.name for measure in measures}
        out = [metric.title.lower() for metric in headlines(results) if metric.name not in shown]
        rule = "The measures are the study’s primary ones in its order, then a fixed list"
        price = ", one of them always the price" if PRICE in shown else ""
        left = told("; primary and without room: ", joined([told(Name(title)) for title in out])) if out else told()
        said.append(told(rule, price, left, "."))
    parts: list[Piece] = []
    for i, part in enumerate(said):
        parts.extend([" ", *part] if i else part)
    return told(parts)


def _evidence(results: Results, measures: Sequence[Measure], arm: str) -> list[Line]:
    params: list[dict[str, Any]] = results.manifest["params"]
    table = Table(MANIFEST)
    every = grades(params)
    groups = {group for measure in measures for group in measure.metric.rests_on}
    mine = grades([param for param in params if str(param["name"]).split(".")[0] in groups])
    on = "rests_on=" + ",".join(measure.metric.name for measure in measures)

    def count(number: int, grade: str, of_all: bool) -> Number:
        return table.count(number, "params", "numbers of a grade", grade=grade, of="all" if of_all else on)

    lines = [
        Line(
            "Assumed",
            told(
                count(mine.counts["assumed"], "assumed", False), " of the ", count(mine.total, "any", False),
                " numbers these measures rest on: no published figure was found. Derived: ",
                count(mine.counts["derived"], "derived", False),
                "; measured: ",
                count(mine.counts["measured"], "measured", False),
                "; from policy documents: ",
                count(mine.counts["seed"], "seed", False),
                ". Assumed in the whole model: ",
                count(every.counts["assumed"], "assumed", True), " of ", count(every.total, "any", True), ".",
            ),
        )
    ]  # fmt: skip
    varied = len({str(param["name"]) for param in params} & set(results.design.columns))
    design = Table("design.parquet")
    if varied and int(results.manifest["futures"]) > 1:
        lines.append(Line("Varied", told(design.count(varied, "*", "columns that are parameters"), " numbers, together, over the futures; the intervals do not cover the others.")))  # fmt: skip
    else:
        lines.append(Line("Varied", told("no number: the intervals hold luck alone and understate what is not known.")))
    lines += _that_matter(results, measures, arm)
    real = all(str(space["code"]) in load_tiles() for space in results.manifest["spaces"])
    census = told("Demography is the Census of ", Name("2011"), "; service points are synthetic.")
    place = census if real else told("The place is invented, for teaching and tests.")
    lines.append(
        Line(
            "No forecast",
            told("A model says what follows from its rules and numbers; it foretells no year and no district, and nothing here has been observed. ", place),
        )
    )  # fmt: skip
    return lines


def _that_matter(results: Results, measures: Sequence[Measure], arm: str) -> list[Line]:
    """How many of the numbers that move these differences are assumed, where the study found out."""
    found = results.sensitivity()
    if found is None:
        return []
    table, _ = found
    names = [measure.metric.name for measure in measures]
    rows = table[table["metric"].isin(names) & (table["arm"] == arm) & (table["of"] == "difference")]
    rows = rows[rows["beyond_chance"].astype(str) == "True"].drop_duplicates("parameter")
    if rows.empty:
        return []
    sheet = Table("sensitivity.csv", {"arm": arm, "metric": ",".join(names)})
    assumed = sheet.count(int((rows["grade"] == "assumed").sum()), "grade", "assumed, of those that matter")
    of = sheet.count(len(rows), "parameter", "numbers that move a difference beyond chance")
    return [Line("Of those that matter", told(assumed, " of ", of, " are assumed (beyond chance, sensitivity.csv)."))]


def _reproduce(results: Results, arm: str | None, metrics: Sequence[str] | None) -> list[Line]:
    about = results.manifest
    versions = {key: str(value) for key, value in about["versions"].items()}
    page = f"igrsim brief {results.folder.resolve().name}"
    page += f" --arm {_quoted(arm)}" if arm is not None else ""
    page += f" --metrics {','.join(metrics)}" if metrics is not None else ""
    command = clipped(str(about["reproduce"]["command"]), LONG_COMMAND)
    shown = [f"{key} {value[:12] if key == 'model' else value}" for key, value in versions.items() if key != "machine"]
    return [
        Line("The study", told(Name(command), "; or, in its folder, ", Name("igrsim run resolved.toml"))),
        Line("This page", told(Name(clipped(page, LONG_COMMAND)))),
        Line(
            "Seed",
            told(Name(str(about["reproduce"]["seed"])), "; study ", Name(str(about.get("study_hash", "not kept"))), "; ", Name(", ".join(shown))),
        ),
        Line("Numbers", told("each is looked up in brief_numbers.csv: table, row, column, rounding.")),
    ]  # fmt: skip


def _quoted(word: str) -> str:
    return word if all(c.isalnum() or c in "-_." for c in word) else f'"{word}"'
