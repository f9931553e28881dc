"""A made-up study whose results are a known function of the numbers its futures vary."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tomli_w
from numpy.typing import NDArray

from igrsim.kernel.params import all_params
from igrsim.runs.futures import design, unit_design
from igrsim.runs.study import FuturesPart
from made_up_study import METRICS, write_study

VARIED = ["trust.initial", "travel.fare_per_km", "engagement.fatigue", "planning.error"]
GRADES = {"trust.initial": "measured"}
"""Graded anew, so that more than one grade is there."""


def write_futures(
    folder: Path,
    method: str,
    n: int,
    difference: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    worlds: int = 1,
    pairing: str = "crossed",
    luck: float = 0.0,
) -> Path:
    """Write a study of two arms; meeting hours differ by a function of the numbers' places in their ranges."""
    write_study(folder)
    part = FuturesPart.model_validate({"method": method, "n": n, "pairing": pairing, "vary": VARIED})
    _, places = unit_design(part, 1)
    futures = design(part, 1)
    of_world = np.random.default_rng(3).normal(size=(len(futures), worlds)) * luck
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    arms = [arm["name"] for arm in manifest["arms"]]
    rows, runs = [], []
    by = difference(places)
    for arm in arms:
        for future in range(len(futures)):
            for world in range(worlds):
                key = {"cell": len(rows), "arm": arm, "future": future, "world": world}
                rows.append({**key, "hash": "", "seed": 1, "status": "done", **futures[future]})
                hours = 100 + places[future, 0] + (by[future] + of_world[future, world]) * (arm != arms[0])
                runs.append({**key, **{str(m["name"]): 1.0 for m in METRICS}, "meeting_hours": hours})
    pd.DataFrame(rows).to_parquet(folder / "design.parquet")
    pd.DataFrame(runs).to_parquet(folder / "runs.parquet")
    pd.DataFrame({"cell": [], "arm": [], "future": [], "world": []}).to_parquet(folder / "pairs.parquet")
    known = all_params()
    manifest["params"] = [about(known[name], GRADES.get(name, "assumed")) for name in [*VARIED, "trust.kept"]]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    resolved = {
        "title": manifest["title"],
        "futures": part.model_dump(exclude_none=True, exclude={"values"}),
        "replication": {"worlds": worlds, "seed": 1},
    }
    (folder / "resolved.toml").write_text(tomli_w.dumps(resolved), encoding="utf-8")
    return folder


def about(p: Any, grade: str) -> dict[str, Any]:
    """A number as the manifest has it."""
    names = ("name", "unit", "default", "low", "high", "source", "meaning", "choice")
    return {**{name: getattr(p, name) for name in names}, "grade": grade}
