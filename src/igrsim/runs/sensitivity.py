"""Which numbers a study's results depend on: indices of every difference and of the reference's level, from its tables alone."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tomli_w
from numpy.typing import NDArray

from igrsim.kernel.errors import InputError
from igrsim.results.sensitivity import INDEX_COLUMNS, Indices, TooFew, luck_and_parameters, morris, pawn, sobol
from igrsim.results.variance_shares import ranks_over, shares_by_grade, to_be_measured

F64 = NDArray[np.float64]

TABLE, SHARES = "sensitivity.csv", "sensitivity_shares.csv"
ENOUGH_FUTURES = 48
"""Futures of a Latin hypercube from which PAWN is worth it: four slices of twelve."""
UNITS = {"morris": "trajectories", "sobol": "blocks", "pawn": "futures"}


@dataclass(frozen=True)
class Studied:
    """A study's tables, as far as sensitivity needs them.

    Attributes
    ----------
    futures : dict
        The study's part: method, n, vary.
    worlds : int
    manifest : dict
    design, runs, pairs : DataFrame
    """

    folder: Path
    futures: dict[str, Any]
    worlds: int
    manifest: dict[str, Any]
    design: pd.DataFrame
    runs: pd.DataFrame
    pairs: pd.DataFrame

    @property
    def names(self) -> list[str]:
        """The parameters that were varied, in the design's order."""
        known = {str(p["name"]) for p in self.manifest["params"]}
        return [str(name) for name in self.design.columns if name in known]

    def places(self) -> F64:
        """Where each future stands in the ranges of its parameters: (futures, parameters), from 0 to 1."""
        known = {str(p["name"]): p for p in self.manifest["params"]}
        calibrated = (self.manifest.get("calibration") or {}).get("set", {})
        values = self.design.groupby("future", sort=True)[self.names].first()
        columns = []
        for name in self.names:
            p = known[name]
            mode = float(calibrated.get(name, p["default"]))
            columns.append(place_in_range(values[name].to_numpy(float), float(p["low"]), mode, float(p["high"])))
        return np.column_stack(columns)

    def of_futures(self, metric: str, arm: str | None) -> F64:
        """A metric in every future and world: an arm's difference from the reference, or with None the reference's level."""
        reference = str(self.manifest["reference"])
        worlds, futures = sorted(self.design["world"].unique()), sorted(self.design["future"].unique())

        def spread(rows: pd.DataFrame, column: str) -> pd.DataFrame:
            # the futures and worlds of the design, whether their runs came out or not
            wide = rows.pivot(index="future", columns="world", values=column)
            return wide.reindex(index=futures, columns=worlds).astype(float)

        base = spread(self.runs[self.runs["arm"] == reference], metric)
        if arm is None:
            return base.to_numpy()
        beside = f"{metric}_reference"
        if beside in self.pairs:
            base = spread(self.pairs[self.pairs["arm"] == arm], beside)
        return (spread(self.runs[self.runs["arm"] == arm], metric) - base).to_numpy()


def place_in_range(values: F64, low: float, mode: float, high: float) -> F64:
    """The share of plausible values that lie below, where plausibility is triangular: what `triangular` was made from."""
    width = high - low
    left = (values - low) ** 2 / (width * (mode - low)) if mode > low else np.zeros(len(values))
    right = 1 - (high - values) ** 2 / (width * (high - mode)) if high > mode else np.ones(len(values))
    return np.asarray(np.clip(np.where(values < mode, left, right), 0.0, 1.0))


def open_studied(folder: Path, manifest: dict[str, Any] | None = None) -> Studied:
    """A finished study's tables; with `manifest` one that is about to be finished."""
    try:
        resolved = tomllib.loads((folder / "resolved.toml").read_text(encoding="utf-8"))
        about = manifest or json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        design, runs, pairs = (pd.read_parquet(folder / f"{name}.parquet") for name in ("design", "runs", "pairs"))
    except (OSError, ValueError):
        raise InputError(
            "has no finished study's tables: run the study again, what was computed is kept",
            file=str(folder), code="E260",
        ) from None  # fmt: skip
    return Studied(folder, resolved["futures"], int(about["worlds"]), about, design, runs, pairs)


def why_not(studied: Studied) -> str | None:
    """Why a study's design cannot tell numbers apart, in words; None if it can."""
    method, count = str(studied.futures["method"]), int(studied.design["future"].nunique())
    if not studied.names:
        return "no number was varied (futures.method = 'lhs', 'morris' or 'sobol' varies them)"
    if method not in ("lhs", "morris", "sobol"):
        return f"futures of method '{method}' do not cover the ranges; 'lhs', 'morris' or 'sobol' do"
    if method != "lhs" and str(studied.futures["pairing"]) != "crossed":
        return f"each future has worlds of its own, so that luck looks like sensitivity: '{method}' needs pairing = 'crossed'"
    if method == "lhs" and count < ENOUGH_FUTURES:
        return f"{count} futures of a Latin hypercube; PAWN needs at least {ENOUGH_FUTURES}"
    return None


def write_sensitivity(studied: Studied) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write ``sensitivity.csv`` and ``sensitivity_shares.csv`` into the study's folder.

    Returns
    -------
    table : DataFrame
        A row a primary metric, arm, what of it (its difference from the reference, or the reference's level), method
        and parameter: the indices.
    shares : DataFrame
        What they say of grades of evidence, of measuring, of luck; and what was left out.
    """
    why = why_not(studied)
    if why is not None:
        raise InputError(f"cannot tell which numbers matter: {why}", file=str(studied.folder), code="E261")
    names, places = studied.names, studied.places()
    known = {str(p["name"]): p for p in studied.manifest["params"]}
    grades = [str(known[name]["grade"]) for name in names]
    rows: list[pd.DataFrame] = []
    shares: list[dict[str, Any]] = []
    for metric, arm in _results_asked_for(studied):
        head = {
            "metric": metric["name"],
            "arm": arm or studied.manifest["reference"],
            "of": "difference" if arm else "level",
        }
        values = studied.of_futures(str(metric["name"]), arm)
        crossed = str(studied.futures["pairing"]) == "crossed"
        # a future that lacks a world is no mean over the same worlds
        means = values.mean(axis=1) if crossed else _mean_of_own(values)
        parts, luck = luck_and_parameters(values) if crossed else (float("nan"), float("nan"))
        for method, found in _analysed(studied, places, means, names):
            about = {**head, "method": method}
            if isinstance(found, Indices):
                rows.append(_tidy(found, about, known, str(metric["unit"])))
            shares += _shares(found, about, grades, luck if np.isfinite(parts) else None)
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=list(COLUMNS))
    told = pd.DataFrame(shares, columns=list(SHARE_COLUMNS))
    table.to_csv(studied.folder / TABLE, index=False, lineterminator="\n")
    told.to_csv(studied.folder / SHARES, index=False, lineterminator="\n")
    return table, told


COLUMNS = ("metric", "arm", "of", "method", "parameter", "grade", "source", "unit", *INDEX_COLUMNS, "rank")
SHARE_COLUMNS = (
    "metric", "arm", "of", "method", "share_of", "estimate", "low", "high", "parameters", "used", "left_out", "counted_in",
    "note",
)  # fmt: skip


def _results_asked_for(studied: Studied) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Every primary metric: the difference of each arm, then the reference's level."""
    reference = studied.manifest["reference"]
    for metric in studied.manifest["metrics"]:
        if metric["headline"]:
            for arm in studied.manifest["arms"]:
                if arm["name"] != reference:
                    yield metric, str(arm["name"])
            yield metric, None


def _mean_of_own(values: F64) -> F64:
    """Mean over the worlds that each future has, where futures have different ones; undefined if it has none."""
    there = np.isfinite(values)
    total = np.where(there, values, 0.0).sum(axis=1)
    return np.asarray(np.divide(total, there.sum(axis=1), out=np.full(len(values), np.nan), where=there.any(axis=1)))


def _analysed(studied: Studied, places: F64, means: F64, names: list[str]) -> Iterator[tuple[str, Indices | TooFew]]:
    method = str(studied.futures["method"])
    if method == "morris":
        yield "morris", morris(places, means, names)
    elif method == "sobol":
        yield "sobol", sobol(means, names)
    else:
        # only these futures are independent of each other: in the blocks of the others values recur
        yield "pawn", pawn(places, means, names)


def _tidy(found: Indices, about: dict[str, Any], known: dict[str, Any], unit: str) -> pd.DataFrame:
    table = found.table.assign(**about)
    table["grade"] = [known[name]["grade"] for name in table["parameter"]]
    table["source"] = [known[name]["source"] for name in table["parameter"]]
    table["unit"] = {"morris": f"{unit}, over the whole range", "sobol": "share of the variance"}.get(
        found.method, "distance of distributions, 0 to 1"
    )
    table["rank"] = table["index"].rank(ascending=False, method="min").astype(int)
    return table[list(COLUMNS)].sort_values("rank", kind="stable")


def _shares(
    found: Indices | TooFew, about: dict[str, Any], grades: list[str], luck: float | None
) -> list[dict[str, Any]]:
    about = {**about, "used": found.used, "left_out": found.left_out, "counted_in": UNITS[str(about["method"])]}
    if isinstance(found, TooFew):
        return [{**about, "share_of": "not analysed", "note": found.why}]
    told = [{**about, "share_of": "analysed", "note": ""}]
    if not found.table["index"].any():
        told[0]["note"] = "the same in every future"
    best = to_be_measured(found)
    for share in [*shares_by_grade(found, grades), *([best] if best else [])]:
        told.append({**about, "share_of": share.of if share is not best else "measuring", "estimate": share.estimate,
                     "low": share.low, "high": share.high, "parameters": ";".join(share.parameters)})  # fmt: skip
    # steps of a screening are no sample: what they vary is not the numbers' variance
    if luck is not None and found.method == "sobol":
        told.append({**about, "share_of": "luck of worlds", "estimate": luck})
    return told


def that_matter(table: pd.DataFrame, count: int) -> list[str]:
    """The parameters that matter most to any difference: by their best rank over all of them, then by their mean rank."""
    method = "morris" if (table["method"] == "morris").any() else str(table["method"].iloc[0])
    mine = table[(table["of"] == "difference") & (table["method"] == method)]
    wide = mine.pivot(index="parameter", columns=["metric", "arm"], values="index")
    if wide.empty:
        return []
    best = ranks_over({str(column): wide[column].tolist() for column in wide.columns})
    order = pd.DataFrame({"best": best, "mean": wide.rank(ascending=False).mean(axis=1).to_numpy()}, index=wide.index)
    order = order[wide.max(axis=1) > 0].sort_values(["best", "mean"], kind="stable")
    return [str(name) for name in order.index[:count]]


def write_screened(studied: Studied, names: list[str], blocks: int, file: Path) -> Path:
    """Write the study that goes on from a screening: Sobol's design over the numbers that matter, all else as it was.

    Parameters
    ----------
    blocks : int
        Base points, a power of two: each makes as many futures as there are numbers, and two.
    """
    if not names:
        raise InputError("no number changes any difference: there is nothing to go on with", code="E262")
    check_blocks(blocks)
    study = tomllib.loads((studied.folder / "resolved.toml").read_text(encoding="utf-8"))
    for part in ("ladder", "rivals", "exclude"):
        study.pop(part, None)
    study["title"] = f"{study['title']}: the {len(names)} that matter"
    study["futures"] = {"method": "sobol", "n": blocks, "pairing": "crossed", "vary": names}
    try:
        file.write_text(tomli_w.dumps(study), encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", file=str(file), code="E264") from None
    return file


def check_blocks(blocks: int) -> None:
    """Refuse a number of base points that Sobol's design does not have."""
    if blocks < 8 or blocks & (blocks - 1):
        raise InputError(f"--blocks {blocks}: a power of two is needed, 8 or more", code="E263")
