"""The page of a comparison of roll-outs, its tables as CSV and as a workbook, and its pictures."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from igrsim import views
from igrsim.report.caveats import caveats
from igrsim.report.page import Shown, environment
from igrsim.report.rollout_in_words import (
    answer_in_words,
    limits_in_words,
    stages_in_words,
    surely_worse,
    who_waits,
)
from igrsim.report.rollout_tables import RolloutsCompared, compare_rollouts
from igrsim.report.workbook import write_workbook
from igrsim.results.results import Results
from igrsim.results.rollouts import label
from igrsim.runs.rollout_study import BENEFIT
from igrsim.views.gantt_chart import GANTT_CAPTION, gantt
from igrsim.views.hub_budget import BUDGET_CAPTION, hub_budget
from igrsim.views.numbers import difference_unit, factor
from igrsim.views.plans_chart import PLANS_CAPTION, Placed, PlanPlaced, plans_chart
from igrsim.views.rollout_maps import MAPS_CAPTION, rollout_maps
from igrsim.views.specialist_load import LOAD_CAPTION, specialist_load
from igrsim.views.style import looks

PAGE, BOOK, FOLDER = "rollout.html", "rollout.xlsx", "rollout"


def write_rollouts(folder: Path, benefit: str = BENEFIT) -> RolloutsCompared:
    """Write ``rollout.html``, ``rollout.xlsx``, and pictures and tables in ``rollout/``, into a study's folder.

    Parameters
    ----------
    folder : Path
        The study's folder.
    benefit : str
        Metric by which roll-outs are held against each other first.
    """
    results = Results(folder)
    found = compare_rollouts(results, benefit)
    into = results.folder / FOLDER
    into.mkdir(exist_ok=True)
    sheets = tables_of(found)
    for name, (_, table) in sheets.items():
        if name != "read me":
            _safe(table).to_csv(into / f"{name.replace(' ', '_')}.csv", index=False, lineterminator="\n")
    write_workbook(results.folder / BOOK, sheets)
    page = environment().get_template("rollout.html.j2").render(**_content(found, into))
    (results.folder / PAGE).write_text(page, encoding="utf-8", newline="\n")
    return found


def _safe(table: pd.DataFrame) -> pd.DataFrame:
    """Text that a spreadsheet would take for a formula gets a mark before it."""

    def inert(value: Any) -> Any:
        return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "@", "-") else value

    return table.apply(
        lambda column: column.map(inert) if column.dtype == object or str(column.dtype) == "str" else column
    )


def tables_of(found: RolloutsCompared) -> dict[str, tuple[str, pd.DataFrame]]:
    """Every table with what it is, by the name of its sheet."""
    unit = difference_unit(found.benefit.unit)
    effects = found.effects[
        [
            "arm",
            "reference",
            "metric",
            "unit",
            "mean",
            "difference",
            "low",
            "high",
            "mean_low",
            "mean_high",
            "pairs",
            "verdict",
        ]
    ].rename(columns={"arm": "plan"})
    regret = pd.concat([table.assign(metric=name) for name, table in found.regret.items()], ignore_index=True)
    plan = {"arm": "plan"}
    known = found.reached.assign(
        **{name: found.reached[name].map(label) for name in ("planned", "p10", "median", "p90")}
    )
    sheets = {
        "summary": ("A row a plan: starts, how far it gets by the end, months late, hours, rand million over the study.", found.summary),
        "effects": (f"Every plan against {found.results.reference}; shares from 0 to 1; low to high: one more plausible world.", effects),
        "plan against best": (
            "Every plan against the plan that does best in other runs than those it is judged on; interval of the mean.",
            found.against_best.rename(columns=plan),
        ),
        "regret": (f"How much worse than the best arm in the same future, over {found.futures} futures.", regret),
        "dates": ("When each space reaches each milestone: planned, and 10th, 50th, 90th percentile over runs.", known.rename(columns=plan)),
        "slippage": ("Months late by milestone; 'at least' where some had not reached it by the end.", found.slippage.rename(columns=plan)),
        "waiting": (
            f"Months each space waits after the plan's first, and what it loses in {found.benefit.name} ({unit} as a share if so) "
            "against the plan that serves it best.",
            found.waits.rename(columns=plan),
        ),
        "lost by slipping": (f"What late One Plans cost in {found.benefit.name}: reckoned, not run.", found.lost.rename(columns=plan)),
        "fairness": (f"What the poorest third of spaces gains more than the others in {found.benefit.name}.", found.equity.rename(columns=plan)),
        "specialists": ("Specialists' hours, posts and spaces month by month; mean over runs.", found.load.rename(columns=plan)),
        "money": ("Rand million for hub posts by financial year, and its limit.", found.money.rename(columns=plan)),
    }  # fmt: skip
    about = pd.DataFrame(
        {
            "sheet": list(sheets),
            "what it is": [words for words, _ in sheets.values()],
        }
    )
    title = str(found.results.manifest["title"])
    first = {"read me": (f"{title}. Made by: {found.results.manifest['reproduce']['command']}", about)}
    return first | sheets


def _content(found: RolloutsCompared, into: Path) -> dict[str, Any]:
    results, plans = found.results, found.plans
    codes = [str(space["code"]) for space in results.manifest["spaces"]]
    span = (found.first, found.last)
    shown = [found.benefit, *found.metrics[1:2]]
    charts = {}
    for arm in plans:
        _show(
            into,
            f"gantt_slide-{arm}",
            lambda arm=arm: gantt(found.reached, arm, found.names, *span, slide=True),
            "",
            "",
        )  # type: ignore[misc]
        charts[arm] = {
            "gantt": _show(
                into, f"gantt-{arm}", lambda arm=arm: gantt(found.reached, arm, found.names, *span),  # type: ignore[misc]
                f"Every space's way to its One Plan under {arm}", GANTT_CAPTION,
            ),
            "maps": _show(
                into, f"maps-{arm}", lambda arm=arm: rollout_maps(found.reached, arm, codes, *span),  # type: ignore[misc]
                f"Where {arm} stands at the end of each quarter", MAPS_CAPTION,
            ),
        }  # fmt: skip
    best = {
        metric.name: found.against_best[found.against_best["metric"] == metric.name].set_index("arm").to_dict("index")
        for metric in found.metrics
    }
    effects = {
        (str(row["arm"]), str(row["metric"])): row for row in found.effects.to_dict("records")
    }  # fmt: skip
    return {
        "manifest": results.manifest,
        "reference": results.reference,
        "plans": plans,
        "benefit": found.benefit,
        "metrics": found.metrics,
        "answer": answer_in_words(found),
        "summary": found.summary.to_dict("records"),
        "names": found.names,
        "effects": effects,
        "best": best,
        "surely_worse": surely_worse,
        "caveats": caveats(results),
        "plans_chart": _show(into, "plans", lambda: _plans(found), "Roll-outs by gain, cost and fairness", PLANS_CAPTION),
        "over_time": _show(
            into, "over_time", lambda: views.over_time(results, [metric.name for metric in found.metrics]),
            "Month by month, every plan and the reference", views.pictures["over_time"].caption,
        ),
        "tiles": [
            (metric, _show(
                into, f"difference_tiles-{metric.name}",
                lambda metric=metric: views.difference_tiles(results, metric.name, plans),  # type: ignore[misc]
                f"{metric.title} by district and metro, every plan minus {results.reference}",
                views.pictures["difference_tiles"].caption,
            ))
            for metric in shown
        ],
        "budget": _show(into, "budget", lambda: hub_budget(found.money, plans, not any(arm.get("limits") for arm in results.manifest["arms"])), "Money for hub posts by financial year", BUDGET_CAPTION),
        "load": _show(into, "specialists", lambda: specialist_load(found.load, plans), "Specialists' hours, available and used", LOAD_CAPTION),
        "charts": charts,
        "slippage": {arm: found.slippage[found.slippage["arm"] == arm].to_dict("records") for arm in plans},
        "stages": {arm: stages_in_words(found, arm) for arm in plans},
        "limits": {arm: limits_in_words(found, arm) for arm in plans},
        "waits": {arm: who_waits(found, arm) for arm in plans},
        "lost": found.lost.to_dict("records"),
        "equity": found.equity.to_dict("records"),
        "regret": {metric.name: found.regret[metric.name].to_dict("records") for metric in found.metrics},
        "futures": found.futures,
        "command": results.manifest["reproduce"]["command"],
        "book": BOOK,
        "folder": FOLDER,
    }  # fmt: skip


def _plans(found: RolloutsCompared) -> Any:
    """Gain upwards, in the better direction; intervals of the means."""
    results, metric = found.results, found.benefit
    sign = -1.0 if metric.better == "lower" else 1.0
    gain = f"{metric.title}: better than {results.reference}, {difference_unit(metric.unit)}"
    fair = f"poorest third gains more than others, {difference_unit(metric.unit)}"
    by = {(str(row["arm"]), str(row["metric"])): row for row in found.effects.to_dict("records")}
    equity = {str(row["arm"]): row for row in found.equity.to_dict("records")}
    placed = []
    for arm in found.plans:
        cost = by.get((arm, found.cost.name)) if found.cost else None
        placed.append(
            PlanPlaced(
                arm,
                _placed(by[arm, metric.name], sign * factor(metric.unit), "mean_low", "mean_high"),
                _placed(cost, 1.0, "mean_low", "mean_high") if cost else Placed(*[float("nan")] * 3),
                _placed(equity[arm], factor(metric.unit), "low", "high"),
            )
        )
    unit = found.cost.unit if found.cost else ""
    return plans_chart(
        placed, looks(results), gain, f"coordination costs more than under {results.reference}, {unit}", fair
    )


def _placed(row: dict[Any, Any], times: float, low: str, high: str) -> Placed:
    ends = sorted((times * float(row[low]), times * float(row[high])))
    return Placed(times * float(row["difference"]), ends[0], ends[1])


def _show(into: Path, name: str, draw: Callable[[], Any], words: str, caption: str) -> Shown:
    file = views.save(draw(), into, re.sub(r"[^A-Za-z0-9._-]", "_", name))
    source = "data:image/svg+xml;base64," + base64.b64encode(file.read_bytes()).decode("ascii")
    return Shown(source, words, caption)
