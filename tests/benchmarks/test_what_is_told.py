"""What the benchmarks make of measurements; the measurements here are made up."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from benchmarks.alone import alone
from benchmarks.tables import figure, markdown

from benchmarks import bandwidth, phases, scaling, side_by_side


def measured(rate: float, wall: float, size: float = 100.0) -> dict[str, Any]:
    return {
        "comparable": True, "about": "made up", "per_processor_second": rate, "per_wall_second": wall, "bytes": size,
        "peak_bytes": 2 * size, "people": 1_000,
    }  # fmt: skip


def test_a_ratio_is_taken_within_rounds() -> None:
    """A machine that halves its speed in a round halves both; medians of each alone would not see it."""
    rounds = {
        "mesa do": [measured(10, 10), measured(5, 5), measured(10, 10)],
        "igrsim": [measured(100, 100), measured(50, 50), measured(300, 300)],
    }
    rows = {row["engine"]: row for row in side_by_side.summary(rounds, {"igrsim": measured(200, 200, 40.0)})}
    assert rows["igrsim"]["wall_ratio"] == 10
    assert rows["mesa do"]["wall_ratio"] == 1
    assert rows["igrsim"]["bytes"] == 40
    assert rows["mesa do"]["bytes"] is None


def test_a_line_is_found_through_linear_costs() -> None:
    line = scaling.line([1, 10, 100], [2 + 0.5 * 1, 2 + 0.5 * 10, 2 + 0.5 * 100])
    assert line["once"] == pytest.approx(2)
    assert line["each"] == pytest.approx(0.5)
    assert line["off"] == pytest.approx(0, abs=1e-9)
    assert scaling.line([1, 2, 4, 8], [1, 4, 16, 64])["off"] > 0.5


def test_the_country_grows_province_by_province() -> None:
    scopes = scaling.growing_country()
    assert len(scopes[-1]) == 52
    assert all(set(small) < set(large) for small, large in itertools.pairwise(scopes))


def test_tables_read_well() -> None:
    assert [figure(x) for x in (None, "word", 7, 1234567, 0.012345, 123.4)] == [
        "–",
        "word",
        "7",
        "1 234 567",
        "0.0123",
        "123",
    ]
    assert markdown(("a", "b"), [("x", 1), ("longer", 22)]).splitlines() == [
        "| a      |   b |",
        "|--------|----:|",
        "| x      |   1 |",
        "| longer |  22 |",
    ]


def test_every_part_tells_its_figures() -> None:
    rounds = {"mesa do": [measured(1e5, 1e5)], "igrsim": [measured(1e7, 1e7)]}
    large = {"igrsim": measured(2e7, 2e7, 150.0)}
    engines = {
        "case": {"scope": "pilots", "people": 1_000, "months": 24, "rounds": 1},
        "agreement": {"agree": ["igrsim", "mesa do"], "differ": {}, "skipped": {"agentpy": "not installed here"}},
        "measured": rounds, "large": large, "beyond": measured(2e7, 2e7, 150.0), "summary": side_by_side.summary(rounds, large),
    }  # fmt: skip
    text = side_by_side.told(engines)
    assert "| igrsim " in text
    assert "agentpy: skipped, not installed here." in text
    text = bandwidth.told({"megabytes": 256, "bytes_per_second": {"1": 15e9, "2": 25e9}}, engines)
    assert "100 million citizen-months a second" in text
    assert "20 % of that" in text
    text = phases.told(
        {"scope": "x", "citizens": None, "months": 2, "rounds": 1, "seconds": {"a": {"meet": 1.0, "plan": 3.0}}}
    )
    assert text.index("plan") < text.index("meet")
    run = {"processor_seconds": 1.0, "wall_seconds": 1.0, "peak_megabytes": 100.0}
    rows = [{"size": 1_000, **run}, {"size": 2_000, **run, "processor_seconds": 2.0}]
    series = {"citizens": {"about": "made up", "rows": rows, "line": scaling.line([1_000, 2_000], [1.0, 2.0])}}
    text = scaling.told({"regime": "siloed", "rounds": 1, "series": series})
    assert "0.00 s once and 1e+03 µs each" in text


def test_a_measurement_alone_answers_or_says_what_went_wrong() -> None:
    found = alone("bandwidth:measure", megabytes=1, times=1)
    assert json.dumps(found)
    assert all(rate > 0 for rate in found["bytes_per_second"].values())
    with pytest.raises(RuntimeError, match="no_such"):
        alone("bandwidth:no_such")
