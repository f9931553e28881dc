"""The page on where arms lose: in which spaces, for whom, and under which assumptions; its tables beside it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from igrsim import views
from igrsim.places.geography import load_geography, two_towns
from igrsim.report.page import Shown, environment
from igrsim.results.losing import (
    FEWEST,
    losing_assumptions,
    losing_groups,
    losing_municipalities,
    losing_spaces,
    overall,
)
from igrsim.results.results import Results
from igrsim.views.ledger_tables import rand_a_year
from igrsim.views.losers_chart import group_in_words
from igrsim.views.metric import Metric, metric_of
from igrsim.views.phrases import plural

KINDS = {"A": "metropolitan", "B": "local", "C": "district"}
OFTEN = 0.5
"""Share of runs from which a space or a group is said to be worse off."""
TOLD = 6
"""Assumptions told in the text."""


def write_losing(folder: Path, metrics: Sequence[str], arms: Sequence[str]) -> tuple[Path, pd.DataFrame]:
    """Write the page ``where_it_loses.html`` and its tables and figures in ``losing/``.

    Parameters
    ----------
    folder : Path
        The study's folder.
    metrics, arms : sequence of str

    Returns
    -------
    page : Path
    whole : DataFrame
        Every arm and metric over the whole scope.
    """
    results = Results(folder)
    known = [metric_of(results, name) for name in metrics]
    known = [metric for metric in known if metric.better in ("lower", "higher")]
    names = [metric.name for metric in known]
    whole = overall(results, names)
    whole = whole[whole["arm"].isin(list(arms))].reset_index(drop=True)
    kinds = kinds_of_municipalities()
    tables: dict[str, list[pd.DataFrame]] = {"spaces": [], "people": [], "municipalities": [], "assumptions": []}
    told = []
    for metric in known:
        by_arm = {}
        for arm in arms:
            found = {
                "spaces": losing_spaces(results, metric.name, arm),
                "people": losing_groups(results, metric.name, arm),
                "municipalities": losing_municipalities(results, metric.name, arm, kinds),
                "assumptions": losing_assumptions(results, metric.name, arm),
            }
            for name, table in found.items():
                if len(table):
                    tables[name].append(table.assign(arm=arm, metric=metric.name))
            row = whole[(whole["arm"] == arm) & (whole["metric"] == metric.name)]
            by_arm[arm] = _told(metric, row, found)
        told.append({"metric": metric, "arms": by_arm, "figure": _tiles(results, metric, arms)})
    into = results.folder / "losing"
    into.mkdir(exist_ok=True)
    for name, parts in tables.items():
        if parts:
            table = pd.concat(parts, ignore_index=True)
            first = ["metric", "arm"]
            table = table[[*first, *(c for c in table.columns if c not in first)]]
            table.to_csv(into / f"{name}.csv", index=False, lineterminator="\n")
    rand = rand_a_year(results)
    content: dict[str, Any] = {
        "manifest": results.manifest,
        "reference": results.reference,
        "arms": list(arms),
        "told": told,
        "reasons": _reasons(results, known, arms),
        "enough": len(results.design["future"].unique()) >= FEWEST,
        "fewest": FEWEST,
        "bearers": paid_more(rand, results.reference, arms),
        "command": f"igrsim losses {folder}",
    }
    page = results.folder / "where_it_loses.html"
    text = environment().get_template("losing.html.j2").render(**content)
    page.write_text(text, encoding="utf-8", newline="\n")
    return page, whole


def kinds_of_municipalities() -> dict[str, str]:
    """Kind of every municipality, by its code."""
    found = {}
    for geography in (load_geography(), two_towns()):
        table = geography.municipalities
        found |= {code: KINDS[category] for code, category in zip(table.codes, table.categories, strict=True)}
    return found


def _told(metric: Metric, row: pd.DataFrame, found: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """What is said of one metric under one arm."""
    spaces, people, towns = (found[name] for name in ("spaces", "people", "municipalities"))
    often = spaces[spaces["share_worse"] >= OFTEN].sort_values("share_worse", ascending=False, kind="stable")
    hurt = people[people["share_worse"] >= OFTEN] if len(people) else people
    causes = found["assumptions"]
    causes = causes[causes["beyond"].astype(bool)].head(TOLD) if len(causes) else causes
    return {
        "whole": row.iloc[0].to_dict() if len(row) else None,
        "of_spaces": len(spaces),
        "worse_spaces": [f"{r['name']} ({r['space']}, {r['share_worse']:.0%})" for r in often.to_dict("records")],
        "groups": [
            f"{group_in_words(str(r['dimension']), str(r['group']))} ({r['share_worse']:.0%})"
            for r in hurt.to_dict("records")
        ],
        "about_people": len(people) > 0,
        "towns": [
            f"{r['kind']} {r['share_worse']:.0%} (better in {r['share_better']:.0%})" for r in towns.to_dict("records")
        ],
        "causes": causes.to_dict("records"),
    }


def _reasons(results: Results, known: Sequence[Metric], arms: Sequence[str]) -> list[tuple[str, Shown]]:
    """A figure an arm and metric for which some assumption goes beyond chance."""
    found = []
    for metric in known:
        for arm in arms:
            table = losing_assumptions(results, metric.name, arm)
            if len(table) and bool(table["beyond"].any()):
                about = f"{metric.title}: {arm}"
                found.append((about, _show(results, f"losing_reasons-{metric.name}-{arm}", "losing_reasons",
                              lambda m=metric, a=arm: views.losing_reasons(results, m.name, a), about)))  # fmt: skip
    return found


def _tiles(results: Results, metric: Metric, arms: Sequence[str]) -> Shown:
    words = f"{metric.title}: share of runs in which each space is worse off, arm by arm"
    name = f"losing_tiles-{metric.name}"
    return _show(results, name, "losing_tiles", lambda: views.losing_tiles(results, metric.name, arms), words)


def _show(results: Results, name: str, kind: str, draw: Callable[[], Any], words: str) -> Shown:
    file = views.save(draw(), results.folder / "losing", name)
    source = "data:image/svg+xml;base64," + base64.b64encode(file.read_bytes()).decode("ascii")
    return Shown(source, words, views.pictures[kind].caption)


def paid_more(rand: pd.DataFrame, reference: str, arms: Sequence[str]) -> list[dict[str, Any]]:
    """Rand million a year more or less, by who bears it; items funded twice apart, which are no new money."""
    bearer = pd.Series([str(line).partition(":")[0] for line in rand.index], index=rand.index)
    twice = rand.index.str.endswith("items funded twice")
    found = []
    for who in ("nation", "province", "municipality", "citizens", "private"):
        mine = rand[(bearer == who).to_numpy() & ~twice].sum()
        if mine.abs().sum() > 0:
            found.append({"who": who, **{arm: float(mine[arm] - mine[reference]) for arm in arms}})
    return found


def losing_in_words(row: dict[str, Any], metric: Metric) -> str:
    """One arm and metric over the whole scope, in a sentence."""
    share, pairs = float(row["share_worse"]), int(row["pairs"])
    if share == 0 and float(row["share_better"]) == 0:
        return f"{metric.title}: no material difference in any of {plural(pairs, 'run')}."
    return (
        f"{metric.title}: worse in {share:.0%} of {plural(pairs, 'run')}, better in {float(row['share_better']):.0%}, "
        f"no material difference in the others."
    )
