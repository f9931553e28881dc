"""The page of a challenge: where the preferred arm loses, under which rules, the worst future, regret of every arm."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from igrsim.report.challenge_in_words import about_box, about_few, counted, how_often, in_words
from igrsim.report.page import Shown, environment
from igrsim.results.scenario_discovery import Box
from igrsim.runs.challenge import ALONE, FEW, LOT, SEARCH, Challenge
from igrsim.runs.challenge_tables import Found
from igrsim.views import save
from igrsim.views.challenge_charts import FUTURES_CAPTION, RULES_CAPTION, futures_in_order, rules_as_ranges
from igrsim.views.numbers import plain, tick
from igrsim.views.phrases import capital

SHOWN = 15
"""Numbers of the worst future in the table; the CSV holds all."""


def told(found: Challenge, tables: Found) -> dict[str, list[str]]:
    """Every sentence of a challenge: the answer, the rules, the worst future."""
    rows = {str(row["metric"]): row for row in tables.summary.to_dict("records")}
    row, unit = rows[found.metric], found.metrics[0].unit
    few = found.sign * found.worse_by(ALONE)
    by_lot = tables.boxes[tables.boxes["sample"] == LOT]
    pooled = tables.boxes[tables.boxes["sample"] != LOT]
    every = [] if tables.all_box is None else about_box(tables.all_box, pooled, tables.all_box.lost, 0, found.arm)
    if every and tables.on_lot is not None and tables.on_lot.inside:
        every.append(f"Of futures by lot, {tables.on_lot.lost} of the {tables.on_lot.inside} in this box are lost.")
    return {
        "answer": [*how_often(row, found.study.reference), *([_picked(found)] if found.picked else [])],
        "rules": about_box(tables.lost_box, by_lot, int(row["lost"]), int(row["futures"]), found.arm),
        "rules_with_search": every,
        "worst": about_few(tables.worst, list(zip(FEW, few.tolist(), strict=True)), unit, found.sign),
        "again": [_again(found.same_bytes)],
    }


def _picked(found: Challenge) -> str:
    return (
        f"{capital(found.arm)} was chosen because it does best on average in these same futures, which makes its losses look rarer "
        "than they are: name an arm beforehand (--arm) for a share that is free of this."
    )


def _again(same: bool | None) -> str:
    if same is None:
        return "Its cells could not be computed, so they were not computed again."
    return f"Computed again, its cells came out {'the same to the byte' if same else 'DIFFERENT: do not rely on this'}."


def write_challenge(found: Challenge, tables: Found, folder: Path, command: str) -> Path:
    """Write ``challenge.html``, which fetches nothing.

    Returns
    -------
    Path
        The page.
    """
    metric, reference = found.metrics[0], found.study.reference
    drawn = futures_in_order(
        found.tried.of(found.arm, found.metric, LOT), found.tried.of(found.arm, found.metric, SEARCH), metric.better,
        found.margin(), metric.unit, f"{plain(metric.name)}: {found.arm} minus {reference}",
    )  # fmt: skip
    content: dict[str, Any] = {
        "title": found.study.title,
        "arm": found.arm,
        "reference": reference,
        "metric": metric,
        "plain": plain,
        "worlds": found.worlds,
        "counted": counted,
        "varied": len(found.params),
        "told": told(found, tables),
        "futures": _shown(drawn, folder, "futures_in_order", f"{plain(metric.name)} in every future tried", FUTURES_CAPTION),
        "boxes": [
            _box(box, tables, sample, title, folder)
            for box, sample, title in (
                (tables.lost_box, LOT, f"Where {found.arm} loses, from futures by lot"),
                (tables.all_box, "by lot and search", f"Where {found.arm} loses, the search's futures among them"),
            )
            if box is not None
        ],
        "summary": tables.summary.to_dict("records"),
        "worst": tables.worst.head(SHOWN).to_dict("records"),
        "worst_differences": [
            {"metric": m, "difference": float(tables.futures.loc[tables.futures["worst"], m.name].iloc[0])}
            for m in found.metrics
        ],
        "regret": {m.name: tables.regret[tables.regret["metric"] == m.name].to_dict("records") for m in found.metrics},
        "units": {m.name: m.unit for m in found.metrics},
        "satisficing": tables.satisficing.to_dict("records"),
        "failures": len(found.tried.failures),
        "command": command,
        "rerun": f"igrsim run {(folder / 'worst_case.toml').as_posix()}",
        "tick": tick,
    }  # fmt: skip
    page = folder / "challenge.html"
    page.write_text(environment().get_template("challenge.html.j2").render(**content), encoding="utf-8", newline="\n")
    return page


def _box(box: Box, tables: Found, sample: str, title: str, folder: Path) -> Shown:
    rows = tables.boxes[tables.boxes["sample"] == sample].to_dict("records")
    rules = [
        (
            str(row["parameter"]), row["place_low"], row["place_high"],
            f"{tick(row['low'])}" if row["place_low"] > 0 else "", f"{tick(row['high'])}" if row["place_high"] < 1 else "",
            f"p {row['quasi_p']:.2g}",
        )
        for row in rows
    ]  # fmt: skip
    name = "rules_by_lot" if sample == LOT else "rules_with_search"
    words = f"{title}: " + "; ".join(in_words(row) for row in rows)
    return _shown(rules_as_ranges(rules, title), folder, name, words, RULES_CAPTION)


def _shown(figure: Any, folder: Path, name: str, words: str, caption: str) -> Shown:
    file = save(figure, folder / "figures", name)
    source = "data:image/svg+xml;base64," + base64.b64encode(file.read_bytes()).decode("ascii")
    return Shown(source, words, caption)
