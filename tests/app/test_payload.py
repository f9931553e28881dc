"""What the page shows is what the command line prints."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from igrsim.app.jobs import draw_comparison
from igrsim.app.payload import as_json, payload_of, simplified, territories
from igrsim.app.scenario import Scenario
from igrsim.results.dots import counts, dots, freedoms
from igrsim.results.results import Results
from igrsim.runs.catalogue import known_names
from igrsim.views.metric import metric_of
from igrsim.views.numbers import factor
from small_study import Said

PRINTED = ("arm", "metric", "unit", "mean", "difference", "low", "high", "pairs", "verdict")


def test_the_page_shows_what_the_command_prints(asked: Scenario, compared: Said, saved: Path) -> None:
    printed = compared.table()
    done = draw_comparison(asked.document(), str(saved.parent), "key")
    assert done[0] is not None, done[1]
    shown = json.loads(done[0][1])
    assert len(printed) > 50
    assert [{key: row[key] for key in PRINTED} for row in shown["effects"]] == [
        {key: row[key] for key in PRINTED} for row in printed
    ]
    assert shown["reproduce"] == asked.command()
    # a picture that is computed and one that is read from the saved study are one
    read = json.loads(as_json(payload_of(Results(saved), asked.command(), asked.document())))
    # but for the study's name: without the cell that is computed twice it is another study
    assert shown | {"study": read["study"]} == read | {"toml": asked.toml()}


def test_maps_and_fans_hold_the_tables_means(asked: Scenario, saved: Path) -> None:
    results = Results(saved)
    payload = payload_of(results)
    for name in payload["drawn"]:
        metric, maps = metric_of(results, name), payload["by_space"][name]
        mine = results.spaces[results.spaces["arm"] == "siloed"]
        if name not in mine:
            continue
        for code, value in zip((s["code"] for s in payload["spaces"]), maps["arms"]["siloed"]["all"], strict=True):
            mean = mine[mine["space"] == code][name].mean() * factor(metric.unit)
            assert (value is None and np.isnan(mean)) or value == pytest.approx(mean, rel=1e-3)
        fans = payload["over_time"][name]["siloed"]
        assert len(fans) == len(payload["months"]) == asked.months
        for bands in fans:
            assert None in bands or bands == sorted(bands)


def test_dots_and_interval_are_one_distribution(saved: Path) -> None:
    results = Results(saved)
    freedom = freedoms(results, "district-hub-core")
    rows = [row for row in results.effects().to_dict("records") if np.isfinite(row["low"]) and row["low"] < row["high"]]
    assert rows
    for row in rows:
        # the ends of nineteen twentieths: half a dot from the ends of the twenty
        places = dots(row["difference"], row["low"], row["high"], freedom[row["metric"]])
        assert len(places) == 20
        assert places == sorted(places)
        assert places[0] == pytest.approx(row["low"])
        assert places[-1] == pytest.approx(row["high"])
        assert np.mean(places) == pytest.approx(row["difference"])
        told = counts(places, row["margin"])
        assert told is not None
        assert sum(told.values()) == 20


def test_without_an_interval_there_are_no_dots() -> None:
    assert dots(1.0, float("nan"), float("nan"), 1.0) == []
    assert counts([], 0.1) is None
    assert counts(dots(0.0, 0.0, 0.0, 3.0), 0.1) == {"lower": 0, "within": 20, "higher": 0}


def test_every_territory_keeps_its_outline() -> None:
    found = territories()
    assert set(found) == set(known_names("spaces"))
    for rings in found.values():
        assert rings
        assert all(ring[0] == ring[-1] for ring in rings)
    assert len(json.dumps(found)) < 80_000


def test_a_simplified_line_is_nowhere_farther_than_allowed() -> None:
    angle = np.linspace(0, 2 * np.pi, 400)
    ring = np.column_stack([np.cos(angle), np.sin(angle)])
    ring[-1] = ring[0]
    kept = simplified(ring, 0.01)
    assert 10 < len(kept) < 60
    assert np.abs(np.hypot(*kept.T) - 1).max() < 1e-9
    middles = (kept[1:] + kept[:-1]) / 2
    assert (1 - np.hypot(*middles.T)).max() < 0.011


def test_what_is_undefined_is_null_and_nothing_ends_the_script() -> None:
    assert as_json({"a": float("nan"), "b": np.float64(1.5)}) == '{"a":null,"b":1.5}'
    assert "<" not in as_json("</script><b>")
