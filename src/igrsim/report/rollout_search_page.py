"""The page of a search for schedules: the frontier, what beats what on futures held out, why, and who starts when."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np

from igrsim.regimes.limits import limits_in_words
from igrsim.report.page import Shown, environment
from igrsim.report.rollout_search_in_words import WORDS, against, robust, rows_of, short, why
from igrsim.results.frontier import paired
from igrsim.runs.rollout_search.search import HELD_OUT, TRAINING, Search
from igrsim.runs.rollout_search.tables import Found, pairs, shown
from igrsim.views import save
from igrsim.views.frontier_chart import FRONTIER_CAPTION, SIDE_CAPTION, Mark, Row, frontier, side_by_side
from igrsim.views.numbers import significant
from igrsim.views.phrases import listed

HEAD, TAIL = 12, 6
"""Spaces at the head and the end of the greedy order that the page shows; the CSV holds all."""


SHORT = {
    "benefit": "Benefit",
    "wait": "Wait of poor people",
    "benefit_poorest_fifth": "Benefit, poorest fifth",
    "cost": "Cost",
}
"""What the objectives are called where there is little room."""


def write_search(found: Search, tables: Found, folder: Path, command: str, books: list[Path]) -> Path:
    """Write ``rollout_search.html``, which fetches nothing.

    Returns
    -------
    Path
        The page.
    """
    base = found.named[0]
    unit = found.objectives.metric.unit
    chart = frontier(_marks(found, tables, base), unit, base, f"Benefit and cost beside {base}, futures held out")
    beside = side_by_side(
        _rows(found, tables), [(SHORT[one.name], one.better == "higher") for one in shown(found)],
        "Found or reordered schedules beside the named ones",
    )  # fmt: skip
    order = tables.order.to_dict("records")
    cut = len(order) > HEAD + TAIL
    starts = list(dict.fromkeys(found.rivals.values()))
    content: dict[str, Any] = {
        "title": found.study.title,
        "regime": found.regime,
        "objectives": shown(found),
        "objective_words": WORDS,
        "in_short": SHORT,
        "meaning": found.objectives.metric.meaning,
        "equity": found.objectives.equity,
        "design": found.design,
        "window": found.window,
        "months": found.objectives.months,
        "limits": limits_in_words(found.study.arms[found.regime].limits),
        "named": found.named,
        "spaces": len(order),
        "short": short(found, tables),
        "against": against(found, tables),
        "why": why(found, tables),
        "robust": robust(found, tables),
        "chart": _picture(chart, folder, "frontier", "Benefit and cost of every schedule tried", FRONTIER_CAPTION),
        "beside": _picture(beside, folder, "held_out", "Differences objective by objective", SIDE_CAPTION),
        "frontier": tables.frontier.to_dict("records"),
        "held_out": [
            (one, other, contrast, rows_of(tables, one, other))
            for one, other, contrast in pairs(found)
            if contrast != "looked at too"
        ],
        "head": order[:HEAD] if cut else order,
        "tail": order[-TAIL:] if cut else [],
        "left_out": len(order) - HEAD - TAIL if cut else 0,
        "starts": starts,
        "hypervolume": tables.hypervolume.to_dict("records"),
        "forecast": tables.forecast.to_dict("records"),
        "books": [book.name for book in books],
        "command": command,
        "listed": listed,
    }
    page = folder / "rollout_search.html"
    page.write_text(
        environment().get_template("rollout_search.html.j2").render(**content), encoding="utf-8", newline="\n"
    )
    return page


def _marks(found: Search, tables: Found, base: str) -> list[Mark]:
    """Every schedule tried on futures held out, as differences from one of them."""
    lived, objectives = found.lived, shown(found)
    tried = [n for n in tables.frontier["schedule"] if (n, HELD_OUT) in lived.losses]
    losses = {name: lived.losses[name, HELD_OUT] for name in tried}
    equity = np.array([lived.mean(name, HELD_OUT)[1] for name in tried])
    span = float(np.ptp(equity)) or 1.0
    still = dict(zip(tables.frontier["schedule"], tables.frontier["unbeaten_held_out"], strict=True))
    marks = []
    for name, bad in zip(tried, equity, strict=True):
        gaps = [paired(losses[name][:, k], losses[base][:, k], 0.0) for k in range(3)]
        ends = [(g.mean, g.low, g.high) for g in gaps]
        tuned = lived.mean(name, TRAINING) - lived.mean(base, TRAINING)
        benefit = -ends[0][0], -ends[0][2], -ends[0][1]
        said = objectives[1].sign * float(bad)
        words = (
            f"waits {significant(said, 2)} months"
            if objectives[1].name == "wait"
            else f"poorest fifth {significant(said, 2)}"
        )
        marks.append(
            Mark(name, lived.plans[name].kind, ends[2], benefit, (float(tuned[2]), -float(tuned[0])), words,
                 float((bad - equity.min()) / span), bool(still[name]))
        )  # fmt: skip
    return marks


def _rows(found: Search, tables: Found) -> list[Row]:
    """Pairs that were made beforehand, in per cent of the named schedule's level."""
    rows = []
    for one, other, contrast in pairs(found):
        if contrast == "looked at too":
            continue
        cells = []
        by = rows_of(tables, one, other)
        for objective in shown(found):
            row = by[objective.name]
            level = abs(float(row["level_of_other"])) or float("nan")
            cells.append(tuple(100 * float(row[name]) / level for name in ("held_out", "low", "high", "training")))
        label = f"{one}\nbeside {other}" if contrast == "search" else f"greedy order\non {other}'s dates"
        rows.append(Row(label, tuple(cells), str(by["benefit"]["verdict"]), found.lived.plans[one].kind))  # type: ignore[arg-type]
    return rows


def _picture(figure: Any, folder: Path, name: str, words: str, caption: str) -> Shown:
    file = save(figure, folder / "figures", name)
    source = "data:image/svg+xml;base64," + base64.b64encode(file.read_bytes()).decode("ascii")
    return Shown(source, words, caption)
