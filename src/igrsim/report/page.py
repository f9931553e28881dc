"""The page: figures and tables of one study put together into a report that fetches nothing."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FunctionLoader, StrictUndefined

from igrsim import views
from igrsim.places.outlines import Outlines, read_outlines
from igrsim.report.audit_in_words import parting, times
from igrsim.report.caveats import caveats
from igrsim.report.evidence import Footing, footing, grades, spread
from igrsim.report.rivals_in_words import in_sum, rivals_in_words, theories
from igrsim.report.sensitivity_in_words import sensitivity_in_words, together
from igrsim.report.wording import Finding, answer, in_short, with_unit
from igrsim.results.results import Results
from igrsim.views.ladder_in_words import how, ladder_in_words
from igrsim.views.ledger_tables import hours_a_year, rand_a_year
from igrsim.views.losers_chart import group_in_words
from igrsim.views.losses import groups_compared, spaces_worse
from igrsim.views.map_of_differences import nowhere_different
from igrsim.views.metric import Metric, headlines, metric_of, metrics_of
from igrsim.views.numbers import change, difference_unit, level, shown_unit, significant, tick, whole
from igrsim.views.phrases import capital, interval
from igrsim.views.style import MANY

BESIDE = ("gap_share", "load_share", "needs_resolved_share", "cost_of_coordination", "net_benefit", "break_even")
"""Shown beside the headlines where many arms are compared: what else they do, and what they cost."""
_OVER_TIME = 8
"""Small multiples on the page at most."""


@dataclass(frozen=True)
class Shown:
    """A figure on the page."""

    source: str
    words: str
    caption: str


def write_report(folder: Path, boundaries: Path | None = None) -> Path:
    """Write a study's figures and its self-contained ``report.html``.

    Parameters
    ----------
    folder : Path
        The study's folder.
    boundaries : Path, optional
        GeoJSON of official boundaries to draw instead of the packaged approximate outlines.

    Returns
    -------
    Path
        The report.
    """
    results = Results(folder)
    spaces = tuple(str(space["code"]) for space in results.manifest["spaces"])
    outlines = read_outlines(boundaries) if boundaries is not None else None
    page = environment().get_template("report.html.j2").render(**_content(results, spaces, outlines))
    report = results.folder / "report.html"
    report.write_text(page, encoding="utf-8", newline="\n")
    return report


def environment() -> Environment:
    """Templates, and the filters by which they write numbers."""

    def read(name: str) -> str:
        return (files("igrsim.report") / name).read_text(encoding="utf-8")

    environment = Environment(
        loader=FunctionLoader(read), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        level=level,
        change=change,
        number=significant,
        whole=whole,
        tick=tick,
        capital=capital,
        shown_unit=shown_unit,
        difference_unit=difference_unit,
    )
    environment.globals.update(
        interval=interval, with_unit=with_unit, answer=answer, spread=spread, isfinite=math.isfinite
    )
    return environment


def _content(results: Results, spaces: tuple[str, ...], outlines: Outlines | None) -> dict[str, Any]:
    manifest = results.manifest
    first = headlines(results)
    known = metrics_of(results)
    findings = _findings(results)
    others = [arm for arm in results.arms if arm != results.reference]
    names = [metric.name for metric in first]
    return {
        "manifest": manifest,
        "reference": results.reference,
        "arms": manifest["arms"],
        "events": manifest.get("events", []),
        "others": others,
        "judged": _judged(manifest),
        "several": len(others) > 1,
        "many": len(results.arms) > MANY,
        "rollouts": (results.folder / "rollout.html").exists(),
        "glance": _glance(results, findings, others, names) if len(results.arms) > MANY else [],
        "answers": {arm: [findings[arm, name] for name in names if (arm, name) in findings] for arm in others},
        "in_short": in_short,
        "caveats": caveats(results, own_boundaries=outlines is not None),
        "contrasts": _show(results, "contrasts", lambda: views.contrasts(results, names), f"{_list(first)} compared"),
        "families": _families(known),
        "findings": findings,
        "over_time": _show(
            results,
            "over_time",
            lambda: views.over_time(results, _over_time(first, known)),
            "Metrics month by month, mean and band over runs for every arm",
        ),
        "maps": {}
        if len(results.arms) > MANY
        else {arm: [_maps(results, metric, arm, outlines) for metric in first] for arm in others},
        "tiles": [_tiles(results, metric, others) for metric in first] if len(results.arms) > MANY else [],
        "ladder": _ladder(results),
        "rivals": _rivals(results),
        "sensitivity": _sensitivity(results, others),
        "ledger": _show(results, "ledger", lambda: views.ledger(results), "Official hours a year by account and arm"),
        "hours": hours_a_year(results),
        "rand": rand_a_year(results),
        "losses": {
            arm: [_losses(results, metric, arm, len(spaces), drawn=len(results.arms) <= MANY) for metric in first]
            for arm in others
        },
        "group_in_words": group_in_words,
        "footings": _footings(first, manifest["params"]),
        "grades": grades(manifest["params"]),
        "cited": pd.Series([str(param["source"]) for param in manifest["params"]], dtype=object)
        .value_counts()
        .to_dict(),
        "audit": [row | {"parting": parting(row)} for row in _table(results.folder / "audit.csv")],
        "times": times,
        "checks": _table(results.folder / "checks.csv"),
    }


def _findings(results: Results) -> dict[tuple[str, str], Finding]:
    found = {}
    known = {metric.name for metric in metrics_of(results)}
    for row in results.effects().to_dict("records"):
        arm, name = str(row["arm"]), str(row["metric"])
        if name not in known:
            continue
        numbers = {key: float(row[key]) for key in ("mean", "difference", "low", "high", "agree")}
        found[arm, name] = Finding(
            metric=metric_of(results, name),
            arm=arm,
            reference=str(row["reference"]),
            pairs=int(row["pairs"]),
            verdict=str(row["verdict"]),
            **numbers,
        )
    return found


def _judged(manifest: dict[str, Any]) -> str:
    """How verdicts count the other contrasts, in a sentence."""
    analysis = manifest.get("analysis")
    if analysis is None:
        return ""
    first = f"Named before the run: {', '.join(analysis['primary']) or 'none'}; all other metrics are exploratory."
    if analysis["adjust"] == "none":
        return f"{first} Each verdict stands by itself: with so many, chance alone gives some."
    return f"{first} Verdicts count all contrasts of their kind (Holm's method, and Benjamini's and Hochberg's)."


def _families(known: list[Metric]) -> dict[str, list[Metric]]:
    families: dict[str, list[Metric]] = {}
    for metric in known:
        families.setdefault(metric.family, []).append(metric)
    return families


def _over_time(first: list[Metric], known: list[Metric]) -> list[str]:
    """Headlines, then the first metric of every family they leave out."""
    chosen = list(first)
    for metric in known:
        if metric.family not in {each.family for each in chosen}:
            chosen.append(metric)
    return [metric.name for metric in chosen[:_OVER_TIME]]


def _list(metrics: list[Metric]) -> str:
    return ", ".join(metric.title for metric in metrics)


def _show(results: Results, name: str, draw: Callable[[], Any], words: str) -> Shown:
    """Draw a figure, write it beside the report, and carry it in the page itself."""
    file = views.save(draw(), results.folder / "figures", re.sub(r"[^A-Za-z0-9._-]", "_", name))
    source = "data:image/svg+xml;base64," + base64.b64encode(file.read_bytes()).decode("ascii")
    kind = name.split("-")[0]
    return Shown(source, words, views.pictures[kind].caption)


def _maps(results: Results, metric: Metric, arm: str, outlines: Outlines | None) -> dict[str, Any]:
    why = nowhere_different(results, metric.name, arm)
    undefined = why is not None and "not defined" in why
    stem = f"{metric.name}-{arm}"
    return {
        "metric": metric,
        "why": why,
        "pair": None
        if undefined
        else _show(
            results,
            f"maps-{stem}",
            lambda: views.maps(results, metric.name, arm, outlines),
            f"{metric.title} by space under {results.reference} and under {arm}, on one scale",
        ),
        "difference": None
        if why is not None
        else _show(
            results,
            f"difference_map-{stem}",
            lambda: views.difference_map(results, metric.name, arm, outlines),
            f"{metric.title} by space, {arm} minus {results.reference}",
        ),
    }


def _glance(
    results: Results, findings: dict[tuple[str, str], Finding], others: list[str], names: list[str]
) -> list[dict[str, Any]]:
    """Every arm in a row: its headline differences, and what it costs."""
    shown = [*names, *(name for name in BESIDE if name not in names)]
    known = {metric.name for metric in metrics_of(results)}
    return [
        {"metric": metric_of(results, name), "by_arm": {arm: findings.get((arm, name)) for arm in others}}
        for name in shown
        if name in known and any((arm, name) in findings for arm in others)
    ]


def _tiles(results: Results, metric: Metric, arms: list[str]) -> dict[str, Any]:
    """Differences by space, arm by arm, and how often a space is worse off."""
    return {
        "metric": metric,
        "difference": _show(
            results,
            f"difference_tiles-{metric.name}",
            lambda: views.difference_tiles(results, metric.name, arms),
            f"{metric.title} by space, every arm minus {results.reference}",
        ),
        "losing": None
        if metric.better == "neither"
        else _show(
            results,
            f"losing_tiles-{metric.name}",
            lambda: views.losing_tiles(results, metric.name, arms),
            f"{metric.title}: how often each space is worse off",
        ),
    }


def _ladder(results: Results) -> dict[str, Any] | None:
    shared = ladder_in_words(results)
    if not shared:
        return None
    figures = {
        one.metric.name: _show(
            results,
            f"ladder-{one.metric.name}",
            lambda name=one.metric.name: views.ladder(results, name),  # type: ignore[misc]
            f"{one.metric.title}, lever by lever",
        )
        for one in shared
        if one.why_not is None
    }
    return {"how": how(results.manifest), "shared": shared, "figures": figures}


def _rivals(results: Results) -> dict[str, Any] | None:
    """Every contrast under rival theories of how officials decide."""
    tried = rivals_in_words(results)
    if not tried:
        return None
    figures = {
        (one.arm, one.metric.name): _show(
            results,
            f"rivals-{one.metric.name}-{one.arm}",
            lambda name=one.metric.name, arm=one.arm: views.rivals(results, name, arm),  # type: ignore[misc]
            f"{one.metric.title} of {one.arm}, theory by theory",
        )
        for one in tried
    }
    told = results.manifest["rivals"]["theories"]
    return {
        "about": theories(results.manifest),
        "in_sum": in_sum(tried),
        "tried": tried,
        "figures": figures,
        "theories": told,
    }


def _sensitivity(results: Results, others: list[str]) -> list[dict[str, Any]]:
    """Metric by metric: what is said of each difference and of the level, and a figure an arm that some number changes."""
    found = []
    for name, told in together(sensitivity_in_words(results)).items():
        drawn = [arm for arm in others if any(one.drawn and one.arm == arm for one in told)]
        figures = [
            _show(
                results,
                f"sensitivity-{name}-{arm}",
                lambda name=name, arm=arm: views.sensitivity(results, name, arm),  # type: ignore[misc]
                f"{told[0].metric.title}, what the difference of {arm} depends on",
            )
            for arm in drawn
        ]
        found.append({"metric": told[0].metric, "told": told, "figures": figures})
    return found


def _losses(results: Results, metric: Metric, arm: str, spaces: int, drawn: bool) -> dict[str, Any]:
    groups = groups_compared(results, metric.name, arm)
    groups = groups[groups["difference"].notna()]
    worse = spaces_worse(results, metric.name, arm, most=spaces)
    worst = worse.head(10)
    hurt = groups[groups["worse"].astype(bool)]
    drawn = drawn and bool(len(worst) or len(hurt))
    said = [
        (group_in_words(str(row["dimension"]), str(row["group"])), "worse" in str(row["verdict"]))
        for row in hurt.to_dict("records")
    ]
    return {
        "metric": metric,
        "groups": groups.to_dict("records"),
        "hurt": [words for words, surely in said if surely],
        "slight": [words for words, surely in said if not surely],
        "worst": worst.to_dict("records"),
        "worse_count": len(worse),
        "surely": int(worse["verdict"].astype(str).str.contains("worse").sum()),
        "spaces": spaces,
        "figure": _show(
            results,
            f"losers-{metric.name}-{arm}",
            lambda: views.losers(results, metric.name, arm),
            f"Who is worse off in {metric.title.lower()} under {arm}",
        )
        if drawn
        else None,
    }


def _footings(first: list[Metric], params: list[dict[str, Any]]) -> list[Footing]:
    return [footing(metric, params) for metric in first]


def _table(file: Path) -> list[dict[str, Any]]:
    """Rows of a table that a study may lack."""
    if not file.exists():
        return []
    try:
        return [{str(key): value for key, value in row.items()} for row in pd.read_csv(file).to_dict("records")]
    except pd.errors.EmptyDataError:
        return []
