"""The page on what an evaluation of a roll-out could see, with its tables and figures."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from igrsim import views
from igrsim.places.institutions import load_institutions
from igrsim.report.evaluation_in_words import (
    COLLECTED,
    order_by_need,
    percent,
    plan_in_words,
    power_in_words,
    scale_in_words,
    trap_in_words,
)
from igrsim.report.page import Shown, environment
from igrsim.results.other_designs import DESIGNS, PLANNED
from igrsim.results.reporting_window import Window
from igrsim.results.results import Results
from igrsim.results.rollout_evaluation import ORDERS, Paths
from igrsim.results.seeable import unmeasurable
from igrsim.results.staggered import METHODS, exposure
from igrsim.views.metric import Metric, metric_of

CITED = (
    "hussey-hughes-2007",
    "borusyak-2024",
    "callaway-2021",
    "goodman-bacon-2021",
    "wang-degruttola-2017",
    "ji-2017",
    "bloom-1995",
)
"""Where the methods come from."""
FOLDER = "rollout_evaluation"


def write_evaluation(
    results: Results,
    table: pd.DataFrame,
    rows: pd.DataFrame,
    plans: dict[str, Paths],
    metrics: Sequence[str],
    window: Window,
    units: int,
    command: str,
) -> Path:
    """Write ``rollout_evaluation.csv``, its summary, figures, and the page ``rollout_evaluation.html``.

    Parameters
    ----------
    table, rows : DataFrame
        As `igrsim.results.rollout_evaluation.evaluation` and `igrsim.results.seeable.seeable` make them.
    plans : dict of str to Paths
        By arm.
    """
    folder = results.folder
    for name, part in (("rollout_evaluation", table), ("rollout_evaluation_summary", rows)):
        part.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    known = {name: metric_of(results, name) for name in metrics}
    shown = list(known.values())
    sources = {s.key: s.citation for s in load_institutions().sources}
    assumed = window.table()
    names = {str(s["code"]): str(s["name"]) for s in results.manifest["spaces"]}
    content = {
        "manifest": results.manifest,
        "arms": [_arm(results, arm, paths, table, rows, known, window, names) for arm, paths in plans.items()],
        "lost": unmeasurable(rows),
        "metrics": known,
        "power": _show(
            folder,
            "power_by_month",
            "power_by_month",
            lambda: views.power_by_month(table, list(plans), shown, {arm: _span(p) for arm, p in plans.items()}),
            "Power by month, a panel a plan, a line a metric",
        ),
        "designs": {name: words for name, words in DESIGNS.items() if name != PLANNED},
        "others": _others(table, known),
        "assumed": assumed,
        "collected": {f: words for f, words in COLLECTED.items() if any(m.family == f for m in shown)},
        "titles": {f: ", ".join(m.title.lower() for m in shown if m.family == f) for f in COLLECTED},
        "scale": scale_in_words(int(rows["runs"].max()), units),
        "units": units,
        "every": window.every,
        "orders": ORDERS,
        "by_lot": _alarms_by_lot(table),
        "cited": {key: sources[key] for key in (*CITED, *dict.fromkeys(a["source"] for a in assumed))},
        "command": command,
        "percent": percent,
        "power_in_words": power_in_words,
    }
    page = folder / f"{FOLDER}.html"
    text = environment().get_template("evaluation.html.j2").render(**content)
    page.write_text(text, encoding="utf-8", newline="\n")
    return page


def _span(paths: Paths) -> tuple[int, int]:
    begun = [s for s in paths.starts if s is not None]
    return min(begun), max(begun)


def _arm(
    results: Results,
    arm: str,
    paths: Paths,
    table: pd.DataFrame,
    rows: pd.DataFrame,
    known: dict[str, Metric],
    window: Window,
    names: dict[str, str],
) -> dict[str, Any]:
    mine = rows[rows["arm"] == arm]
    periods = len(paths.months) // window.every
    first, last = _span(paths)
    labels = [paths.months[p * window.every] for p in range(periods)]
    dates = len({s for s in paths.starts if s is not None})
    return {
        "name": arm,
        "words": plan_in_words(arm, mine, known, order_by_need(paths), window.every, paths.slipped),
        "rows": [
            row
            | {
                "told": known[str(row["metric"])],
                "seen_month": paths.months[int(row["seen_from"]) - 1] if row["seen_from"] == row["seen_from"] else "",
            }
            for row in mine.to_dict("records")
        ],
        "first": paths.months[first],
        "last": paths.months[last],
        "dates": dates,
        "spaces": sum(s is not None for s in paths.starts),
        "never": sum(s is None for s in paths.starts),
        "trap": trap_in_words(mine, known),
        "design": _show(
            results.folder,
            "design_of_rollout",
            f"design_of_rollout-{arm}",
            lambda: views.design_of_rollout(
                exposure(paths.starts, periods, window.every), [names[c] for c in paths.codes], labels, arm
            ),
            f"{arm}: spaces with a hub and without, report by report",
        ),
        "methods": _show(
            results.folder,
            "what_methods_report",
            f"what_methods_report-{arm}",
            lambda: views.what_methods_report(table, arm, list(known.values())),
            f"{arm}: what each method would report",
        ),
        "by_method": _by_method(table, arm, known),
    }


def _by_method(table: pd.DataFrame, arm: str, known: dict[str, Metric]) -> list[tuple[Metric, list[dict[str, Any]]]]:
    """Metric by metric, the methods that have something to compare."""
    mine = table[(table["arm"] == arm) & (table["design"] == PLANNED) & table["estimate"].notna()]
    mine = mine[mine["months"] == table["months"].max()]
    return [
        (known[str(metric)], [{str(k): v for k, v in row.items()} for row in part.to_dict("records")])
        for metric, part in mine.groupby("metric", sort=False)
    ]


def _others(table: pd.DataFrame, known: dict[str, Metric]) -> list[dict[str, Any]]:
    """Power at the last look under each design, a row an arm and metric."""
    mine = table[(table["method"] == METHODS[0]) & (table["months"] == table["months"].max())]
    found = []
    for (arm, metric), part in mine.groupby(["arm", "metric"], sort=False):
        by = {str(row["design"]): row for row in part.to_dict("records")}
        if any(row["power"] == row["power"] for row in by.values()):
            found.append({"arm": arm, "told": known[str(metric)], "by": by})
    return found


def _alarms_by_lot(table: pd.DataFrame) -> tuple[float, float, float]:
    """False alarms under orders by lot: mean, least and most over plans, metrics and looks."""
    alarms = table[(table["design"] == PLANNED) & (table["method"] != METHODS[2])]["false_alarms_by_lot"].dropna()
    return (float(alarms.mean()), float(alarms.min()), float(alarms.max())) if len(alarms) else (float("nan"),) * 3


def _show(folder: Path, kind: str, name: str, draw: Callable[[], Any], words: str) -> Shown:
    file = views.save(draw(), folder / FOLDER, name)
    source = "data:image/svg+xml;base64," + base64.b64encode(file.read_bytes()).decode("ascii")
    return Shown(source, words, views.pictures[kind].caption)
