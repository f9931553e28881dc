"""What an evaluator finds where the truth is known: nothing, an effect, a trend, spill-over, and dates that leave nothing to compare."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from igrsim.kernel.errors import InputError
from igrsim.places.geography import load_geography
from igrsim.results.other_designs import FIVE, LOT, PLANNED
from igrsim.results.reporting_window import Window
from igrsim.results.results import Results
from igrsim.results.rollout_evaluation import (
    COLUMNS,
    NO_CONTROLS,
    NOTHING,
    UNDEFINED,
    Paths,
    arms_with_hubs,
    evaluation,
    looks_of,
    paths_of,
    units_of,
    wilson,
)
from igrsim.results.seeable import CONFOUNDED, MISSED, SEEN, UNMEASURABLE, alarming, seeable, unmeasurable
from igrsim.results.staggered import METHODS

sys.path.insert(0, str(Path(__file__).parents[1]))

from made_up_study import write_study

METRIC = "meeting_hours"
CODES = load_geography().spaces.codes[:24]
MONTHS = tuple(f"{2019 + m // 12}-{m % 12 + 1:02d}" for m in range(30))
RUNS = tuple((world, world) for world in range(6))
WAVES = tuple(6 + 6 * (i * 4 // 24) for i in range(24))
CLEAR = Window(due=0, late=0, never=0, noise=0.01, noise_unreliable=0.01)
"""Reports with hardly a fault."""


@cache
def luck() -> np.ndarray:
    drawn = np.random.default_rng(5)
    return (
        100
        + 10 * drawn.normal(size=(6, 24, 1))
        + 3 * drawn.normal(size=(6, 1, 30)).cumsum(axis=2)
        + 2 * drawn.normal(size=(6, 24, 30))
    )


@cache
def plan(effect: float = 0.0, starts: tuple[int | None, ...] = WAVES, trend: float = 0.0, spill: float = 0.0) -> Paths:
    """Paths with a known effect; with a trend in spaces that start early, or a change in all spaces once the first has started."""
    early = np.array([1.0 if s is not None and s <= 12 else 0.0 for s in starts])
    without = luck() + trend * early[None, :, None] * np.arange(30)
    month = np.arange(30)
    hub = np.array([month >= (99 if s is None else s) for s in starts])
    first = min(s for s in starts if s is not None)
    under = without + effect * hub + spill * (~hub & (month >= first))
    return Paths("hubs", tuple(CODES), MONTHS, starts, RUNS, {METRIC: without}, {METRIC: under})


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return Results(write_study(tmp_path_factory.mktemp("study"), worlds=2, months=12))


@cache
def found(study: Results, paths: Paths, window: Window = CLEAR, draws: int = 1) -> pd.DataFrame:
    return evaluation(study, {"hubs": paths}, [METRIC], window, draws)


def at_the_end(table: pd.DataFrame, method: str = METHODS[0], design: str = PLANNED) -> pd.Series:
    mine = table[(table["method"] == method) & (table["design"] == design)]
    return mine.sort_values("months").iloc[-1]


def test_a_large_effect_is_seen_and_measured_without_bias(study: Results) -> None:
    table = found(study, plan(effect=8.0))
    assert list(table.columns) == list(COLUMNS)
    end = at_the_end(table)
    assert end["power"] == 1.0
    assert end["truth"] == pytest.approx(8.0)
    assert abs(end["bias"]) < 1.0
    assert end["bias"] == pytest.approx(end["bias_trend"] + end["bias_comparison"], abs=0.05)
    assert end["smallest_seen"] < 4.0
    assert end["coverage"] >= 0.7
    assert end["unit"] == "hours per municipality and month"
    row = seeable(table, {"hubs": 6}, 6).iloc[0]
    assert row["verdict"] == SEEN
    assert row["seen_from"] in looks_of(30, 3)
    assert (table[table["months"] == 6]["note"] == NO_CONTROLS).all()


def test_a_small_one_is_missed_and_faulty_reports_miss_more(study: Results) -> None:
    small = seeable(found(study, plan(effect=0.3)), {"hubs": 6}, 6).iloc[0]
    assert small["verdict"] == MISSED
    clear, faulty = (at_the_end(found(study, plan(effect=8.0), w)) for w in (CLEAR, Window(never=0.3)))
    assert faulty["reports"] < 0.85 < clear["reports"] == 1.0
    assert faulty["smallest_seen"] > 2 * clear["smallest_seen"]
    assert faulty["power"] < clear["power"]


def test_where_hubs_do_nothing_nothing_is_said_to_be_seen(study: Results) -> None:
    table = found(study, plan(), Window())
    assert set(table[table["months"] == 30]["note"]) == {NOTHING}
    assert table["power"].isna().all()
    row = seeable(table, {"hubs": 6}, 6).iloc[0]
    assert row["verdict"] == NOTHING
    # 6 runs with 20 orders each, at the last look: one false failure in ten thousand on either side
    alarms = at_the_end(table)["false_alarms_by_lot"]
    assert binom.ppf(1e-4, 120, 0.05) / 120 <= alarms <= binom.ppf(1 - 1e-4, 120, 0.05) / 120


def test_a_trend_that_goes_with_the_dates_is_told(study: Results) -> None:
    table = found(study, plan(effect=3.0, trend=1.0))
    end = at_the_end(table)
    assert end["false_alarms"] == 1.0
    assert end["bias_trend"] > 3.0
    assert end["false_alarms_by_lot"] < 0.15
    row = seeable(table, {"hubs": 6}, 6).iloc[0]
    assert row["trend"]
    assert row["verdict"] == CONFOUNDED
    assert np.isnan(row["seen_from"])
    assert not seeable(found(study, plan(effect=3.0)), {"hubs": 6}, 6).iloc[0]["trend"]
    # dealt out by lot, the same trend is noise
    assert at_the_end(table, design=LOT)["false_alarms"] < 0.5
    assert alarming(1.0, 8)
    assert not alarming(0.1, 8)


def test_spill_over_is_told_and_lowers_the_estimate(study: Results) -> None:
    table = found(study, plan(effect=8.0, spill=4.0))
    end = at_the_end(table)
    assert end["waiting"] == pytest.approx(4.0)
    assert end["bias_comparison"] < -1.0
    assert seeable(table, {"hubs": 6}, 6).iloc[0]["spill_over"] == pytest.approx(0.5)


@pytest.mark.parametrize("starts", [(0,) * 24, (9,) * 24, tuple(9 + i % 3 for i in range(24))])
def test_a_plan_without_controls_cannot_be_measured_and_says_so(study: Results, starts: tuple[int, ...]) -> None:
    table = found(study, plan(effect=8.0, starts=starts))
    mine = table[(table["design"] == PLANNED) & (table["method"] != METHODS[2])]
    assert set(mine["note"]) == {NO_CONTROLS}
    assert mine["power"].isna().all()
    rows = seeable(table, {"hubs": min(starts)}, 6)
    assert rows.iloc[0]["verdict"] == UNMEASURABLE
    assert unmeasurable(rows) == ["hubs"]
    assert rows.iloc[0]["better_dates"] == FIVE
    assert at_the_end(table, design=FIVE)["power"] == 1.0


def test_before_and_after_takes_the_course_of_things_for_an_effect(study: Results) -> None:
    table = found(study, plan(effect=0.5))
    naive, careful = (at_the_end(table, method) for method in (METHODS[2], METHODS[0]))
    assert naive["false_alarms"] > 0.5 > careful["false_alarms"]
    assert naive["coverage"] < 0.5 < careful["coverage"]


def test_the_last_spaces_without_a_hub_keep_a_comparison_alive(study: Results) -> None:
    never = tuple(None if i % 2 else 6 for i in range(24))
    end = at_the_end(found(study, plan(effect=8.0, starts=never)))
    assert end["spaces_without"] == 12
    assert end["periods_compared"] == 8
    assert end["power"] == 1.0


def test_a_metric_that_needs_a_hub_is_not_compared(study: Results) -> None:
    paths = plan(effect=8.0)
    paths = replace(paths, without={METRIC: np.full_like(paths.without[METRIC], np.nan)})
    table = found(study, paths)
    assert list(table["note"]) == [UNDEFINED]
    assert seeable(table, {"hubs": 6}, 6).iloc[0]["verdict"] == UNDEFINED


def test_the_same_numbers_again(study: Results) -> None:
    first, again = (found.__wrapped__(study, plan(effect=8.0, starts=(9,) * 24)) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)


def test_paths_are_read_space_by_space(study: Results) -> None:
    arm = arms_with_hubs(study)[0]
    paths = paths_of(study, arm, [METRIC])
    table = study.monthly
    for run, (future, world) in enumerate(paths.runs):
        row = table[(table["arm"] == arm) & (table["future"] == future) & (table["world"] == world)]
        row = row[(row["month"] == paths.months[7]) & (row["space"] == paths.codes[2])]
        assert paths.under[METRIC][run, 2, 7] == row[METRIC].item()
    assert paths.starts == (11,) * 6


def test_a_reference_with_hubs_is_refused(tmp_path: Path) -> None:
    results = Results(write_study(tmp_path, worlds=1, months=6))
    for space in results.manifest["spaces"]:
        space["hub_from"]["siloed"] = "2019-05"
    with pytest.raises(InputError, match="paths without any are needed") as caught:
        paths_of(results, "district-hub-core", [METRIC])
    assert caught.value.code == "E352"


def test_intervals_and_units() -> None:
    low, high = wilson(0.5, 10)
    assert (low, high) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(1.0, 8)[1] == 1.0
    assert units_of([(0, 0), (1, 1), (0, 2)]) == 2
    assert units_of([(0, 0), (0, 1), (0, 2)]) == 3
    assert looks_of(20, 3) == [6, 12, 18, 20]
