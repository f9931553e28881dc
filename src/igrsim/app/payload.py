"""A finished study as the page reads it: effects as in ``effects.csv``, months, places, maps, and what its levers mean."""

from __future__ import annotations

import base64
import gzip
import json
import math
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.app.evidence import evidence_of
from igrsim.app.planner import rolled_out
from igrsim.places.outlines import load_outlines
from igrsim.results.dots import counts, dots, freedoms
from igrsim.results.results import Results
from igrsim.runs.catalogue import catalogue
from igrsim.views.metric import Metric, headlines, metrics_of
from igrsim.views.numbers import change, difference_unit, factor, level, shown_unit
from igrsim.views.tiles import load_tiles

VERSION = 1
DRAWN = 10
"""Metrics at most whose months and maps the page has; of the others it has the effects."""
BESIDE = ("gap_share", "needs_resolved_share", "km_per_need", "cost_of_coordination", "net_benefit")
"""Drawn beside the headlines: what else arms do to people, and what they cost."""
BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles over runs that a fan shows."""
ENDS = (0.02, 0.98)
"""Quantiles of all months and spaces at which a map's scale ends; what lies beyond has the colour of the end."""
EFFECT = ("arm", "metric", "unit", "mean", "difference", "low", "high", "mean_low", "mean_high", "agree", "pairs",
          "margin", "verdict", "contrast")  # fmt: skip
COARSE = 0.03
"""Degrees within which an outline is simplified: a third of a pixel of a map on a projector."""

F64 = NDArray[np.float64]


def payload_of(results: Results, command: str = "", scenario: dict[str, Any] | None = None) -> dict[str, Any]:
    """Everything the page shows of one study.

    Parameters
    ----------
    command : str
        Computes the same numbers; that of the study's own manifest without it.
    scenario : dict, optional
        The study as a scenario, where it is one.
    """
    manifest = results.manifest
    drawn = drawn_metrics(results)
    labels = sorted(str(label) for label in results.national["month"].unique())
    tiles = load_tiles()
    return {
        "version": VERSION,
        "title": manifest["title"],
        "study": str(manifest["study_hash"])[:10],
        "scope": manifest["scope"],
        "months": labels,
        **{name: manifest[name] for name in ("reference", "citizens", "population", "worlds", "futures")},
        "arms": [
            {key: arm[key] for key in ("name", "title", "describe", "rollout", "levers")} for arm in manifest["arms"]
        ],
        "spaces": [
            {key: space[key] for key in ("code", "name", "province", "kind", "population", "hub_from")}
            | {"tile": tiles.get(str(space["code"]))}
            for space in manifest["spaces"]
        ],
        "metrics": [_about(metric) for metric in metrics_of(results)],
        "drawn": [metric.name for metric in drawn],
        "effects": effects_of(results),
        "over_time": {metric.name: over_time(results, metric, labels) for metric in drawn},
        "by_space": {metric.name: by_space(results, metric, labels) for metric in drawn},
        "rollout": rolled_out(results),
        "assumed": {
            "numbers": len(manifest["params"]),
            "assumed": sum(param["grade"] == "assumed" for param in manifest["params"]),
        },
        "evidence": evidence_of(results),
        "reproduce": command or manifest["reproduce"]["command"],
        "scenario": scenario,
    }


def as_json(payload: Any) -> str:
    """JSON in which nothing undefined is a number, and which may stand inside HTML."""
    text = json.dumps(_plain(payload), separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def packed(content: bytes) -> str:
    """What a page carries, small: compressed, in letters."""
    # no time of packing in it: the same content is the same letters
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()


def drawn_metrics(results: Results) -> list[Metric]:
    """Headlines, what else arms do to people and cost, then the first metric of every family left out."""
    chosen = headlines(results)
    known = metrics_of(results)
    chosen += [metric for name in BESIDE for metric in known if metric.name == name and metric not in chosen]
    for metric in known:
        if metric.family not in {each.family for each in chosen}:
            chosen.append(metric)
    return chosen[:DRAWN]


def effects_of(results: Results) -> list[dict[str, Any]]:
    """The rows of ``effects.csv``, numbers as they stand there, the same in words, and twenty dots each."""
    table = results.effects()
    if not len(table):
        return []
    freedom = {arm: freedoms(results, arm) for arm in results.arms if arm != results.reference}
    found = []
    for row in table.to_dict("records"):
        one: dict[str, Any] = {name: row[name] for name in EFFECT}
        unit, mean, difference = str(row["unit"]), float(row["mean"]), float(row["difference"])
        low, high = float(row["low"]), float(row["high"])
        known = math.isfinite(low) and math.isfinite(high)
        one["words"] = {
            "arm": level(mean, unit),
            "reference": level(mean - difference, unit),
            "difference": change(difference, unit),
            "interval": f"{change(low, unit)} to {change(high, unit)}" if known else "not known",
        }
        places = dots(difference, low, high, freedom[row["arm"]].get(row["metric"], 1.0))
        one["dots"] = [_short(factor(unit) * place, 5) for place in places]
        one["counts"] = counts(places, float(row["margin"]))
        found.append(one)
    return found


def over_time(results: Results, metric: Metric, labels: list[str]) -> dict[str, list[list[float | None]]]:
    """A fan an arm: in every month, quantiles over runs of all spaces together, as shown (shares in per cent)."""
    frame = results.national
    if metric.name not in frame:
        return {}
    values = frame[["arm", "month", metric.name]].dropna()
    wide = values.groupby(["arm", "month"])[metric.name].quantile(np.array(BANDS)).unstack() * factor(metric.unit)
    every = pd.MultiIndex.from_product([results.arms, labels])
    fans = wide.reindex(index=every, columns=list(BANDS)).to_numpy(float).reshape(len(results.arms), len(labels), -1)
    return {arm: _rounded(fan) for arm, fan in zip(results.arms, fans, strict=True)}


def by_space(results: Results, metric: Metric, labels: list[str]) -> dict[str, Any]:
    """Mean over runs in every space: of all months together, and month by month; one scale for all."""
    codes = [str(space["code"]) for space in results.manifest["spaces"]]
    monthly, whole = results.monthly, results.spaces
    if metric.name not in monthly or metric.name not in whole:
        return {"scale": None, "arms": {}}
    times = factor(metric.unit)
    means = monthly.groupby(["arm", "month", "space"])[metric.name].mean() * times
    together = whole.groupby(["arm", "space"])[metric.name].mean() * times
    arms: dict[str, Any] = {}
    every: list[F64] = []
    for arm in results.arms:
        if arm not in means.index:
            continue
        months = means.loc[arm].unstack("space").reindex(index=labels, columns=codes).to_numpy(float)
        all_months = together.loc[arm].reindex(codes).to_numpy(float)
        every += [months.ravel(), all_months]
        arms[arm] = {"months": _rounded(months), "all": _rounded(all_months[None, :])[0]}
    finite = np.concatenate(every) if every else np.zeros(0)
    finite = finite[np.isfinite(finite)]
    if not len(finite):
        return {"scale": None, "arms": arms}
    low, high = (float(end) for end in np.quantile(finite, ENDS))
    if low == high:
        low, high = low - 0.5, high + 0.5
    beyond = [bool(finite.min() < low), bool(finite.max() > high)]
    return {"scale": [_short(low), _short(high)], "beyond": beyond, "arms": arms}


@cache
def about_choices() -> dict[str, Any]:
    """What may be chosen, and what it means: regimes, levers and their numbers, roll-outs, scopes, spaces, sources."""
    known = catalogue()
    of_levers = {name for lever in known["levers"] for name in lever["params"]}
    params = [param for param in known["params"] if param["name"] in of_levers]
    given = [param["source"] for param in params] + [lever["seed"] for lever in known["levers"]]
    cited = {key for keys in given for key in keys.split(";")}
    kept = {
        "regimes": ("name", "title", "mechanism", "costs", "limits", "levers", "in_part", "source", "rollout"),
        "levers": ("name", "summary", "touches", "costs", "limits", "seed", "params"),
        "rollouts": ("name", "title"),
        "scopes": ("name", "meaning"),
    }
    found: dict[str, Any] = {
        kind: [{key: row[key] for key in keys} for row in known[kind]] for kind, keys in kept.items()
    }
    tiles = load_tiles()
    found["params"] = params
    found["spaces"] = [
        {key: space[key] for key in ("name", "title", "province", "kind")} | {"tile": tiles.get(space["name"])}
        for space in known["spaces"]
    ]
    found["sources"] = {row["name"]: row["citation"] for row in known["sources"] if row["name"] in cited}
    return found


@cache
def territories() -> dict[str, list[list[list[float]]]]:
    """Outlines of all spaces, simplified for a screen: rings of [longitude, latitude]."""
    found = {}
    for code, rings in load_outlines().items():
        simple = [simplified(ring, COARSE) for ring in rings]
        # an island smaller than a dot goes; a space's largest ring never does
        largest = max(len(ring) for ring in simple)
        found[code] = [np.round(ring, 2).tolist() for ring in simple if len(ring) >= 4 or len(ring) == largest]
    return found


def simplified(line: F64, within: float) -> F64:
    """A line with the fewest of its points from which no other is farther away (Douglas and Peucker's way)."""
    keep = np.zeros(len(line), dtype=bool)
    # a ring begins where it ends: its farthest point parts it into two lines
    far = int(np.argmax(np.hypot(*(line - line[0]).T)))
    keep[[0, far, -1]] = True
    spans = [(0, far), (far, len(line) - 1)]
    while spans:
        a, b = spans.pop()
        if b - a < 2:
            continue
        along, out = line[b] - line[a], line[a + 1 : b] - line[a]
        length = float(np.hypot(*along))
        away = np.abs(along[0] * out[:, 1] - along[1] * out[:, 0]) / length if length else np.hypot(*out.T)
        worst = int(np.argmax(away))
        if away[worst] > within:
            middle = a + 1 + worst
            keep[middle] = True
            spans += [(a, middle), (middle, b)]
    return line[keep]


def _about(metric: Metric) -> dict[str, Any]:
    return {
        "name": metric.name,
        "title": metric.title,
        "family": metric.family,
        "unit": shown_unit(metric.unit),
        "difference_unit": difference_unit(metric.unit),
        "better": metric.better,
        "meaning": metric.meaning,
        "headline": metric.headline,
    }


def _short(value: float, digits: int = 4) -> float:
    return float(f"{value:.{digits}g}")


def _rounded(values: F64) -> list[list[float | None]]:
    return [[_short(v) if math.isfinite(v) else None for v in row] for row in values.tolist()]


def _plain(value: Any) -> Any:
    """The same in what JSON knows: undefined numbers are null."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value
