"""Estimators against least squares done by hand, effects that are known, and false alarms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, ttest_1samp

from igrsim.results.reporting_window import shuffles
from igrsim.results.staggered import (
    CHANGING,
    WITH,
    WITHOUT,
    before_after,
    exposure,
    not_yet_started,
    probability,
    stepped_wedge,
)

pytestmark = pytest.mark.fast

STARTS = (3, 3, 6, 6, 9, 9, 13, None)
PERIODS = 6
LUCK = np.random.default_rng(3)
SEEN = np.random.default_rng(4).random((8, PERIODS)) < 0.85
UNDER = exposure(STARTS, PERIODS, 3)
LEVELS = LUCK.normal(size=(8, 1)) + LUCK.normal(size=(1, PERIODS))


def by_hand(values: np.ndarray, used: np.ndarray, hub: np.ndarray | None = None) -> np.ndarray:
    """Least squares with a column a space, a column a period, and perhaps one for the hub."""
    rows = [(s, p) for s in range(8) for p in range(PERIODS) if used[s, p]]
    table = np.zeros((len(rows), 8 + PERIODS + (hub is not None)))
    for i, (s, p) in enumerate(rows):
        table[i, s] = table[i, 8 + p] = 1
        if hub is not None:
            table[i, -1] = hub[s, p]
    return np.linalg.lstsq(table, np.array([values[row] for row in rows]), rcond=None)[0]


def test_a_period_in_which_a_hub_starts_belongs_to_neither_side() -> None:
    assert exposure((0, 3, 4, 100, None), 3, 3).tolist() == [
        [WITH, WITH, WITH],
        [WITHOUT, WITH, WITH],
        [WITHOUT, CHANGING, WITH],
        [WITHOUT, WITHOUT, WITHOUT],
        [WITHOUT, WITHOUT, WITHOUT],
    ]


def test_not_yet_started_takes_from_observations_what_those_without_a_hub_predict() -> None:
    values = LUCK.normal(size=(8, PERIODS))
    found = not_yet_started(SEEN, UNDER[None])
    fitted = by_hand(values, (UNDER == WITHOUT) & SEEN)
    used = found.with_hub[0]
    assert 4 < used.sum() < ((UNDER == WITH) & SEEN).sum() + 1
    expected = np.mean([values[s, p] - fitted[s] - fitted[8 + p] for s, p in zip(*np.nonzero(used), strict=True)])
    assert (found.weight[0] * values).sum() == pytest.approx(expected)


def test_a_stepped_wedge_is_least_squares_with_one_effect() -> None:
    values = LUCK.normal(size=(8, PERIODS))
    used = (UNDER != CHANGING) & SEEN
    expected = by_hand(values, used, (UNDER == WITH).astype(float))[-1]
    assert (stepped_wedge(SEEN, UNDER[None]).weight[0] * values).sum() == pytest.approx(expected)


def test_one_effect_for_all_is_found_exactly_and_one_that_grows_only_by_those_not_yet_started() -> None:
    hub = UNDER == WITH
    grown = np.where(hub, np.cumsum(hub, axis=1), 0) * 1.0
    for estimator in (not_yet_started, stepped_wedge):
        weights = estimator(SEEN, UNDER[None])
        assert (weights.weight[0] * (LEVELS + 2.0 * hub)).sum() == pytest.approx(2.0)
    weights = not_yet_started(SEEN, UNDER[None])
    truth = grown[weights.with_hub[0]].mean()
    assert (weights.weight[0] * (LEVELS + grown)).sum() == pytest.approx(truth)
    weights = stepped_wedge(SEEN, UNDER[None])
    truth = grown[weights.with_hub[0]].mean()
    assert (weights.weight[0] * (LEVELS + grown)).sum() < truth - 0.3


@pytest.mark.parametrize("starts", [(0,) * 8, (6,) * 8, (3, 4, 3, 4, 3, 5, 5, 3), (None,) * 8])
def test_dates_without_a_space_to_compare_with_give_no_estimate(starts: tuple[int | None, ...]) -> None:
    under = exposure(starts, PERIODS, 3)[None]
    assert not not_yet_started(SEEN, under).known[0]
    assert not stepped_wedge(SEEN, under).known[0]


def test_before_and_after_is_a_paired_test_that_takes_any_trend_for_an_effect() -> None:
    full = np.ones((8, PERIODS), dtype=bool)
    values = LUCK.normal(size=(8, PERIODS)) + 0.4 * np.arange(PERIODS)
    rise = before_after(values, full, UNDER)
    each = [values[i, UNDER[i] == WITH].mean() - values[i, UNDER[i] == WITHOUT].mean() for i in range(7)]
    assert rise.mean == pytest.approx(np.mean(each))
    assert rise.probability() == pytest.approx(ttest_1samp(each, 0).pvalue)
    assert rise.probability(0.5) == pytest.approx(ttest_1samp(each, 0.5).pvalue)
    trend = before_after(np.tile(np.arange(PERIODS) * 1.0, (8, 1)) + 1e-3 * LEVELS, full, UNDER)
    assert trend.probability() < 1e-3
    assert np.isnan(before_after(values, full, exposure((0,) * 8, PERIODS, 3)).probability())


def test_orders_by_lot_raise_false_alarms_one_time_in_twenty() -> None:
    # reports missing, errors that hang together in a space, spaces of different spread, and no effect at all
    trials, alarms = 300, 0
    luck = np.random.default_rng(11)
    starts = tuple(3 * (1 + i // 4) for i in range(20))
    under = exposure(starts, PERIODS, 3)
    codes = [f"S{i}" for i in range(20)]
    for trial in range(trials):
        seen = luck.random((20, PERIODS)) < 0.8
        values = luck.normal(size=(20, PERIODS)).cumsum(axis=1) * luck.gamma(1.0, size=(20, 1)) + luck.normal(
            size=PERIODS
        )
        orders = shuffles(trial, codes, 100)
        weights = not_yet_started(seen, under[orders]).weight
        sums = (weights * np.where(seen, values, 0.0)).sum(axis=(1, 2))
        alarms += probability(float(sums[0]), sums[1:]) <= 0.05
    # one false failure in ten thousand on either side
    assert binom.ppf(1e-4, trials, 0.05) <= alarms <= binom.ppf(1 - 1e-4, trials, 0.05)
