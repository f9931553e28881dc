"""A metric is in the unit it names: sixty minutes are an hour, a hundred cents a rand, a million parts a whole."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.metrics._base import Metric, metrics

PARTS = {"minutes": 60, "metres": 1000, "ppm": 1_000_000, "cents": 100}
"""How many of what is counted make one of what is told."""
BASES = {"municipality_months", "space_months", "centres", "people", "needs_arisen", "needs_in_both"}
"""What a ratio is told per, counted one by one."""


def of_counts() -> list[Metric]:
    """Metrics that divide one count by one that is not in parts, or in the same parts."""
    return [m for _, m in metrics.items() if len(m.uses) == 2]


def part_of(count: str) -> int:
    return next((n for word, n in PARTS.items() if word in count.split("_")), 1)


def test_most_metrics_are_ratios_of_two_counts() -> None:
    assert len(of_counts()) > 35


@pytest.mark.parametrize("metric", of_counts(), ids=lambda m: m.name)
def test_one_over_one_is_one(metric: Metric) -> None:
    above, below = metric.uses
    counts = {
        above: np.array([7.0 * part_of(above)]),
        below: np.array([2.0 * part_of(below)]),
        "months": np.array([12.0]),
    }
    whole = 7 / 2
    if "year" in metric.unit.split() and below == "space_months":
        whole *= 12
    assert metric.value(counts)[0] == pytest.approx(whole), metric.unit


@pytest.mark.parametrize("name", [n for n, m in metrics.items() if m.unit == "rand million a year"])
def test_a_hundred_million_cents_a_year_are_a_million_rand_a_year(name: str) -> None:
    metric = metrics[name]
    for months, each in ((12, 1.0), (24, 0.5)):
        zero = {count: np.array([0.0]) for count in metric.uses} | {"months": np.array([float(months)])}
        for count in metric.uses:
            found = metric.value({**zero, count: np.array([1e8])})[0]
            # repeated reports are in what silos cost and in what coordination costs, and are counted once
            once = (name, count) != ("net_benefit", "repeat_report_cents")
            assert abs(found) == pytest.approx(each * once), count
