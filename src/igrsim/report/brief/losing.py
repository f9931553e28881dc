"""Who loses: measures, spaces, groups of people and spheres of government for which the arm is worse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from igrsim.report.brief.measures import EFFECTS, Measure, called
from igrsim.report.brief.scale import SURE, on_scale
from igrsim.report.brief.traced import Line, Name, Number, Piece, Table, Told, counted, joined, told
from igrsim.report.losing_page import paid_more
from igrsim.results.results import Results
from igrsim.views.ledger_tables import rand_a_year
from igrsim.views.losers_chart import group_in_words
from igrsim.views.losses import groups_compared, spaces_compared
from igrsim.views.metric import Metric, metrics_of
from igrsim.views.numbers import difference_unit

NAMED = 3
"""Losers named in a line."""
USUAL = "hours_per_need"
"""The measure of people that is looked at where the page has none."""
PAIRED = "mean paired difference"
"""How a difference by space or group is taken from its table."""
WHO = {
    "nation": "the nation",
    "province": "provinces",
    "municipality": "municipalities",
    "citizens": "citizens",
    "private": "mining companies",
}


def who_loses(results: Results, measures: Sequence[Measure], arm: str) -> list[Line]:
    """What is worse in the study, where, for whom, and who pays more; that nobody is found is said too."""
    spaces = [line for measure in measures if (line := _spaces(results, measure, arm))]
    if not spaces:
        spaces = [Line("Spaces", told("none is found worse off on these measures."))]
    return [*_elsewhere(results, measures, arm), *spaces, *_people(results, measures, arm), *_spheres(results, arm)]


def _worse(verdict: object) -> bool:
    return on_scale(str(verdict)).side == "worse"


def _surely(verdicts: Iterable[object]) -> int:
    """How many of them are on the scale's surest step."""
    return sum(on_scale(str(verdict)).step is SURE for verdict in verdicts)


def _elsewhere(results: Results, measures: Sequence[Measure], arm: str) -> list[Line]:
    """Measures of the page that are worse, and how many others of the study are, the first in its order named."""
    found = []
    shown = {measure.metric.name for measure in measures}
    here = [measure for measure in measures if measure.judged.side == "worse"]
    if here:
        parts = [told(Name(one.called), " (", one.judged.words, ")") for one in here]
        found.append(Line("On this page", told(joined(parts), ".")))
    rows = results.effects()
    rows = rows[(rows["arm"] == arm) & ~rows["metric"].isin(shown)]
    worse = {str(row["metric"]): row["verdict"] for row in rows.to_dict("records") if _worse(row["verdict"])}
    others = [metric for metric in metrics_of(results) if metric.name in set(rows["metric"])]
    table = Table(EFFECTS, {"arm": arm})
    of = table.count(len(others), "metric", "metrics not shown")
    named = [metric for metric in others if metric.name in worse]
    if not named:
        return [*found, Line("Other metrics", told("of the study’s ", of, " others it is worse on none."))]
    count = table.count(len(named), "verdict", "metrics not shown whose verdict is worse")
    sure = table.count(_surely(worse.values()), "verdict", "metrics not shown whose verdict is worse, surely")
    names = _and_more([_name(metric) for metric in named])
    said = told("of the study’s ", of, " others it is worse on ", count, " (", sure, " surely): ", names, ".")
    return [*found, Line("Other metrics", said)]


def _name(metric: Metric) -> Told:
    return told(Name(called(metric)))


def _and_more(names: Sequence[Told]) -> Told:
    """The first few, and that there are more."""
    if len(names) <= NAMED:
        return joined(names)
    return told(joined(names[:NAMED], last=", "), " and others")


def _spaces(results: Results, measure: Measure, arm: str) -> Line | None:
    """The spaces judged worse on one measure; None if none is, or the measure goes neither way."""
    found = spaces_compared(results, measure.metric.name, arm)
    worse = found[[_worse(verdict) for verdict in found["verdict"]]] if len(found) else found
    if not len(worse):
        return None
    names = {str(space["code"]): str(space["name"]) for space in results.manifest["spaces"]}
    order = worse["difference"].abs().sort_values(ascending=False, kind="stable").index[:NAMED]
    table = Table("spaces.parquet", {"arm": arm})
    column, unit = measure.metric.name, measure.metric.unit
    worst = [
        told(Name(names[str(row["space"])]), " ", table.change(float(row["difference"]), unit, column, PAIRED, 2, space=str(row["space"])))
        for row in worse.loc[order].to_dict("records")
    ]  # fmt: skip
    count = table.count(len(worse), column, "spaces judged worse, each by itself")
    sure = table.count(_surely(worse["verdict"]), column, "spaces judged surely worse, each by itself")
    of = table.count(len(found), column, "spaces compared")
    tail = _and_more([*worst, *[told("") for _ in range(len(worse) - len(worst))]])
    return Line("Spaces", told(count, " of ", of, " worse off (", sure, " surely) on ", Name(measure.called), ": ", tail, " ", Name(difference_unit(unit)), "."))  # fmt: skip


def _people(results: Results, measures: Sequence[Measure], arm: str) -> list[Line]:
    """Groups judged worse on the page's measures of people, or on the study's first where the page has none."""
    about = [measure.metric for measure in measures if measure.metric.people]
    others = [metric for metric in metrics_of(results) if metric.people]
    about = about or [metric for metric in others if metric.name == USUAL] or others[:1]
    found = []
    for metric in about:
        groups = groups_compared(results, metric.name, arm)
        groups = groups[groups["difference"].notna()]
        if groups.empty:
            found.append(Line("People", told("nothing to measure by group in ", _name(metric), ".")))
            continue
        hurt = [
            {str(key): value for key, value in row.items()}
            for row in groups.to_dict("records")
            if _worse(row["verdict"])
        ]
        found.append(Line("People", _groups(metric, groups, hurt, arm)))
    return found or [Line("People", told("no metric of this study is about people."))]


def _groups(metric: Metric, groups: pd.DataFrame, hurt: list[dict[str, Any]], arm: str) -> Told:
    if not hurt:
        same = not groups["difference"].to_numpy(float).any()
        ends = "; it is exactly the same for every group." if same else "."
        return told("no group is found worse off in ", _name(metric), ends)
    table = Table("people.parquet", {"arm": arm})
    hurt = sorted(hurt, key=lambda row: -abs(float(row["difference"])))
    count = table.count(len(hurt), metric.name, "groups judged worse, each by itself")
    sure = table.count(
        _surely(row["verdict"] for row in hurt), metric.name, "groups judged surely worse, each by itself"
    )
    said = [told(Name(group_in_words(str(row["dimension"]), str(row["group"]))), " ", _by(table, metric, row)) for row in hurt]  # fmt: skip
    return told(
        counted(count, "group"),
        " worse off (",
        sure,
        " surely) in ",
        _name(metric),
        ": ",
        _and_more(said),
        " ",
        Name(difference_unit(metric.unit)),
        ".",
    )


def _by(table: Table, metric: Metric, row: dict[str, Any]) -> Number:
    keys = {"dimension": str(row["dimension"]), "group": str(row["group"])}
    return table.change(float(row["difference"]), metric.unit, metric.name, PAIRED, 2, **keys)


def _spheres(results: Results, arm: str) -> list[Line]:
    """Who pays more, in rand a year."""
    table = Table("ledger.parquet", {"arm": arm})
    how = "rand million a year more than the reference, mean over runs, items funded twice left out"
    more: list[Told] = []
    for row in paid_more(rand_a_year(results), results.reference, [arm]):
        if row[arm] > 0:
            amount: Piece = table.change(row[arm], "", "rand", how, bearer=row["who"])
            more.append(told(WHO[row["who"]], " ", amount))
    if not more:
        return [Line("Who pays more", told("nobody, in the mean over runs."))]
    return [Line("Who pays more", told(joined(more), " rand million a year, in the mean over runs."))]
