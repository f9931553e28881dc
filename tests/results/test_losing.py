"""Where an arm loses: shares of runs, by place and group, and the assumptions that decide it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from igrsim.results.losing import FEWEST, losing, losing_assumptions, losing_municipalities, losing_spaces, overall

WORLDS = 4


def frame(arm: list[float], reference: list[float], **keys: str) -> pd.DataFrame:
    rows = []
    for world, (mine, theirs) in enumerate(zip(arm, reference, strict=True)):
        for name, value in (("hub", mine), ("silo", theirs)):
            rows.append({**keys, "arm": name, "world": world, "future": world, "hours": value})
    return pd.DataFrame(rows)


def test_a_run_is_worse_only_beyond_the_margin() -> None:
    found = losing(frame([103, 101, 97, 100], [100] * 4, space="A"), ["space"], "hours", "lower", "hub", "silo")
    row = found.iloc[0]
    assert (row["share_worse"], row["share_better"], row["pairs"]) == (0.25, 0.25, 4)
    assert row["difference"] == pytest.approx(0.25)
    assert row["reference"] == 100


def test_which_way_is_worse_is_the_metrics() -> None:
    data = frame([110, 110, 110, 90], [100] * 4, space="A")
    lower = losing(data, ["space"], "hours", "lower", "hub", "silo").iloc[0]
    higher = losing(data, ["space"], "hours", "higher", "hub", "silo").iloc[0]
    assert (lower["share_worse"], higher["share_worse"]) == (0.75, 0.25)


def test_undefined_runs_are_left_out() -> None:
    found = losing(frame([np.nan, 110], [100, 100], space="A"), ["space"], "hours", "lower", "hub", "silo")
    assert (found.iloc[0]["share_worse"], found.iloc[0]["pairs"]) == (1.0, 1)
    none = losing(frame([1.0], [1.0], space="A").query("arm == 'silo'"), ["space"], "hours", "lower", "hub", "silo")
    assert none.empty


def results(n: int, weight: float, seed: int = 1) -> Any:
    """Runs in which the arm does worse by `weight` times a parameter, and by luck."""
    luck = np.random.default_rng(seed)
    a, b = luck.uniform(size=n), luck.uniform(size=n)
    worse = weight * (a - 0.5) + 0.05 * luck.normal(size=n)
    index = {"world": range(n), "future": range(n)}
    runs = pd.concat(
        [
            pd.DataFrame({**index, "arm": "silo", "hours": 1.0}),
            pd.DataFrame({**index, "arm": "hub", "hours": 1.0 + worse}),
        ]
    )
    design = pd.concat([pd.DataFrame({**index, "arm": arm, "x.a": a, "x.b": b}) for arm in ("silo", "hub")])
    metrics = pd.DataFrame([{"name": "hours", "better": "lower"}])
    params = [{"name": "x.a"}, {"name": "x.b"}, {"name": "x.fixed"}]
    return SimpleNamespace(
        runs=runs, design=design, metrics=metrics, reference="silo", arms=["silo", "hub"], manifest={"params": params}
    )


def test_the_assumption_that_decides_is_told_and_its_direction() -> None:
    found = losing_assumptions(results(80, 1.0), "hours", "hub").set_index("parameter")
    assert list(found.index) == ["x.a", "x.b"]
    assert found.loc["x.a", "beyond"]
    assert found.loc["x.a", "correlation"] > 0.9
    assert not found.loc["x.b", "beyond"]
    assert found.loc["x.a", "in_lowest_third"] == 0
    assert found.loc["x.a", "in_highest_third"] == 1
    flipped = losing_assumptions(results(80, -1.0), "hours", "hub").set_index("parameter")
    assert flipped.loc["x.a", "correlation"] < -0.9


def test_luck_alone_is_seldom_called_a_cause() -> None:
    """One study in twenty may name a cause where there is none; of sixty, nine or more are a sign that the bound is wrong."""
    named = sum(losing_assumptions(results(40, 0.0, seed), "hours", "hub")["beyond"].any() for seed in range(60))
    assert named < 9


def test_too_few_futures_tell_nothing() -> None:
    assert losing_assumptions(results(FEWEST - 1, 1.0), "hours", "hub").empty


def test_spaces_are_named_and_municipalities_pooled_by_kind() -> None:
    data = pd.concat([frame([110] * 4, [100] * 4, space="A"), frame([90] * 4, [100] * 4, space="B")])
    made = results(4, 0.0)
    made.spaces = data
    made.manifest["spaces"] = [{"code": "A", "name": "Alpha"}, {"code": "B", "name": "Beta"}]
    found = losing_spaces(made, "hours", "hub")
    assert found[["name", "share_worse"]].to_numpy().tolist() == [["Alpha", 1.0], ["Beta", 0.0]]
    made.municipalities = data.rename(columns={"space": "municipality"})
    pooled = losing_municipalities(made, "hours", "hub", {"A": "local", "B": "local"})
    assert pooled[["kind", "municipalities", "share_worse"]].to_numpy().tolist() == [["local", 2, 0.5]]


def test_overall_has_a_row_an_arm_and_metric() -> None:
    found = overall(results(12, 1.0), ["hours"])
    assert found[["arm", "metric", "pairs"]].to_numpy().tolist() == [["hub", "hours", 12]]
