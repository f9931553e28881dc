"""What a challenge found, as tables: futures tried, how often the arm loses, rules, regret, what is good enough, the worst future."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tomli_w
from numpy.typing import NDArray

from igrsim.kernel.params import Param
from igrsim.results.regret import Threshold, better_share, regrets, satisficing
from igrsim.results.scenario_discovery import Box, find_box, share_of_all, tried_on
from igrsim.results.sensitivity import luck_and_parameters
from igrsim.runs.challenge import LOT, SEARCH, Challenge, place_of_default
from igrsim.runs.futures import triangular
from igrsim.runs.tables import slug

F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Found:
    """The tables of a challenge.

    Attributes
    ----------
    summary : DataFrame
        How often the arm loses on each metric: in futures by lot, and on the one that was searched, in the search.
    futures : DataFrame
        A row a future: where it is from, each metric's difference, whether the arm loses.
    boxes : DataFrame
        A row a rule of each box.
    regret, satisficing : DataFrame
    worst : DataFrame
        The numbers of the worst future, those that tell most first.
    lost_box, all_box : Box or None
        Of futures by lot; and of those and the search's together, which says nothing of plausible futures.
    on_lot : Box or None
        The rules of `all_box` on futures by lot alone.
    """

    summary: pd.DataFrame
    futures: pd.DataFrame
    boxes: pd.DataFrame
    regret: pd.DataFrame
    satisficing: pd.DataFrame
    worst: pd.DataFrame
    lost_box: Box | None
    all_box: Box | None
    on_lot: Box | None


def tables_of(found: Challenge, thresholds: Sequence[Threshold] = ()) -> Found:
    """Every table of a challenge."""
    names = [p.name for p in found.params]
    by_lot, places = found.worse_by(LOT), found.tried.places(LOT)
    known = np.isfinite(by_lot)
    lost_box = find_box(places[known], by_lot[known] > 0, names)
    both, all_places = found.worse_by(LOT, SEARCH), found.tried.places(LOT, SEARCH)
    defined = np.isfinite(both)
    # the search placed its futures near losses: shuffling losses would compare with nothing
    all_box = find_box(all_places[defined], both[defined] > 0, names, shuffles=0) if len(both) > len(by_lot) else None
    on_lot = tried_on(all_box, places[known], by_lot[known] > 0, names) if all_box else None
    return Found(
        _summary(found), _futures(found), _boxes(found, lost_box, all_box, on_lot), _regret(found),
        _satisficing(found, thresholds), _worst(found), lost_box, all_box, on_lot,
    )  # fmt: skip


def _summary(found: Challenge) -> pd.DataFrame:
    rows = []
    for metric in found.metrics:
        if metric.better == "neither":
            continue
        sign = 1.0 if metric.better == "lower" else -1.0
        values = sign * found.tried.of(found.arm, metric.name, LOT)
        worse = values.mean(axis=1)
        worse = worse[np.isfinite(worse)]
        margin = found.margin(metric.name)
        low, high = share_of_all(int((worse > 0).sum()), len(worse))
        parameters, luck = luck_and_parameters(values)
        row: dict[str, Any] = {
            "arm": found.arm, "metric": metric.name, "unit": metric.unit, "better": metric.better,
            "worlds": found.worlds, "futures": len(worse), "undefined": len(values) - len(worse),
            "lost": int((worse > 0).sum()), "materially_lost": int((worse > margin).sum()),
            "share_low": low, "share_high": high, "mean_difference": sign * float(worse.mean()) if len(worse) else np.nan,
            "worst_by_lot": sign * float(worse.max()) if len(worse) else np.nan,
            "variance_of_numbers": parameters, "variance_of_luck": luck,
        }  # fmt: skip
        if metric.name == found.metric:
            sought = found.worse_by(SEARCH)
            sought = sought[np.isfinite(sought)]
            fresh = found.fresh[metric.name]
            row |= {
                "searched": len(sought), "search_lost": int((sought > 0).sum()),
                "search_materially_lost": int((sought > margin).sum()),
                "worst": sign * float(found.worse_by(LOT, SEARCH)[found.worst]),
                "fresh_worlds": int(np.isfinite(fresh).sum()), "fresh_lost": int((sign * fresh > 0).sum()),
            }  # fmt: skip
        rows.append(row)
    return pd.DataFrame(rows)


def _futures(found: Challenge) -> pd.DataFrame:
    table = pd.DataFrame({"future": range(len(found.tried.unit)), "sample": found.tried.sample})
    samples = tuple(dict.fromkeys(found.tried.sample))
    for metric in found.metrics:
        table[metric.name] = found.tried.of(found.arm, metric.name, *samples).mean(axis=1)
    each = found.sign * found.tried.of(found.arm, found.metric, *samples)
    means = each.mean(axis=1)
    table["lost"] = pd.Series([bool(m > 0) if np.isfinite(m) else None for m in means], dtype="boolean")
    table["worlds_lost"] = (each > 0).sum(axis=1)
    table["worst"] = table["future"] == found.worst
    return table


def _boxes(found: Challenge, lost_box: Box | None, all_box: Box | None, on_lot: Box | None) -> pd.DataFrame:
    columns = [
        "sample", "parameter", "unit", "low", "high", "place_low", "place_high", "quasi_p", "coverage", "density", "inside",
        "lost", "by_lot", "density_on_futures_by_lot",
    ]  # fmt: skip
    known = {p.name: p for p in found.params}
    rows = []
    for box, sample in ((lost_box, "by lot"), (all_box, "by lot and search")):
        if box is None:
            continue
        for rule in box.rules:
            p = known[rule.parameter]
            low, high = value_at(found, p, rule.low), value_at(found, p, rule.high)
            rows.append({
                "sample": sample, "parameter": p.name, "unit": p.unit, "low": low, "high": high, "place_low": rule.low,
                "place_high": rule.high, "quasi_p": rule.quasi_p, "coverage": box.coverage, "density": box.density,
                "inside": box.inside, "lost": box.lost, "by_lot": box.by_lot,
                "density_on_futures_by_lot": on_lot.density if box is all_box and on_lot else box.density,
            })  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def value_at(found: Challenge, p: Param, place: float) -> float:
    """A number's value at a place in its range."""
    return triangular(np.array([place]), p, found.study.calibrated.get(p.name, p.default))[0]


def _regret(found: Challenge) -> pd.DataFrame:
    frames = []
    for metric in found.metrics:
        if metric.better != "neither":
            values = {a: found.tried.of(a, metric.name, LOT, level=True).mean(axis=1) for a in found.study.arms}
            table, futures = regrets(values, metric.better)
            frames.append(table.assign(metric=metric.name, unit=metric.unit, futures=futures))
    table = pd.concat(frames, ignore_index=True)
    return table[["metric", "unit", *(c for c in table.columns if c not in ("metric", "unit"))]]


def _satisficing(found: Challenge, thresholds: Sequence[Threshold]) -> pd.DataFrame:
    rows = []
    by_name = {metric.name: metric for metric in found.metrics}
    for arm in found.study.arms:
        for metric in found.metrics:
            if metric.better != "neither" and arm != found.study.reference:
                share, futures = better_share(found.tried.of(arm, metric.name, LOT).mean(axis=1), metric.better)
                words = f"better than {found.study.reference}"
                rows.append({"arm": arm, "metric": metric.name, "threshold": words, "share": share, "futures": futures})
        for asked in thresholds:
            share, futures = satisficing(
                found.tried.of(arm, by_name[asked.metric].name, LOT, level=True).mean(axis=1), asked
            )
            rows.append(
                {"arm": arm, "metric": asked.metric, "threshold": asked.words(), "share": share, "futures": futures}
            )
        if len(thresholds) > 1:
            met = [_met(found, arm, asked) for asked in thresholds]
            known = np.all([np.isfinite(one) for one in met], axis=0)
            every = np.min(met, axis=0)[known]
            share = float(every.mean()) if len(every) else np.nan
            rows.append({"arm": arm, "metric": "", "threshold": "all of these", "share": share, "futures": len(every)})
    return pd.DataFrame(rows, columns=["arm", "metric", "threshold", "share", "futures"])


def _met(found: Challenge, arm: str, asked: Threshold) -> F64:
    values = found.tried.of(arm, asked.metric, LOT, level=True).mean(axis=1)
    met = values <= asked.value if asked.at_most else values >= asked.value
    return np.where(np.isfinite(values), met.astype(float), np.nan)


def _worst(found: Challenge) -> pd.DataFrame:
    place = found.tried.unit[found.worst]
    rows = []
    for k, p in enumerate(found.params):
        mode = found.study.calibrated.get(p.name, p.default)
        usual = place_of_default(p, mode)
        rows.append({
            "parameter": p.name, "unit": p.unit, "grade": p.grade, "default": mode, "value": value_at(found, p, float(place[k])),
            "low": p.low, "high": p.high, "moved": float(place[k]) - usual, "leaning": float(found.leaning[k]),
            "beyond_chance": abs(float(found.leaning[k])) > found.bound,
            "meaning": p.meaning,
        })  # fmt: skip
    table = pd.DataFrame(rows)
    weight = table["moved"].abs() * (table["leaning"].abs() if found.leaning.any() else 1.0)
    return table.assign(weight=weight).sort_values(["weight", "parameter"], ascending=[False, True], kind="stable").drop(columns="weight")  # fmt: skip


def folder_of(found: Challenge, out: Path) -> Path:
    """Where a challenge's page and tables stand: by what was asked, so that another one does not overwrite it."""
    asked = [
        found.study.resolved(), found.arm, found.metric, found.worlds, found.budget, [m.name for m in found.metrics],
        *(["picked"] if found.picked else []),
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
    return out / f"challenge-{slug(found.study.title)}-{digest[:10]}"


def write_tables(found: Challenge, tables: Found, folder: Path) -> None:
    """Write ``challenge/*.csv``, the numbers of every future tried, and the worst future as a study to run again."""
    into = folder / "challenge"
    into.mkdir(parents=True, exist_ok=True)
    for name in ("summary", "futures", "boxes", "regret", "satisficing", "worst"):
        getattr(tables, name).to_csv(into / f"{name}.csv", index=False, lineterminator="\n")
    names = [p.name for p in found.params]
    values = [
        [value_at(found, p, float(u)) for p, u in zip(found.params, row, strict=True)] for row in found.tried.unit
    ]
    every = pd.DataFrame(values, columns=names)
    every.to_csv(into / "numbers.csv", index=False, lineterminator="\n")
    every.iloc[[found.worst]].to_csv(folder / "worst_case.csv", index=False, lineterminator="\n")
    study = found.study.resolved()
    for part in ("ladder", "rivals", "exclude"):
        study.pop(part, None)
    study["title"] = f"{found.study.title}: the worst future"
    study["futures"] = {"method": "table", "table": (folder / "worst_case.csv").as_posix(), "pairing": "crossed"}
    study["replication"] = {**study["replication"], "worlds": found.worlds}
    study["arms"] = {name: study["arms"][name] for name in (found.study.reference, found.arm)}
    (folder / "worst_case.toml").write_text(tomli_w.dumps(study), encoding="utf-8", newline="\n")
