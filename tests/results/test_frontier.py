"""The frontier: known answers by hand, and verdicts that need both a sure gain and no material loss."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.results.frontier import (
    BEATS,
    NO_WORSE,
    OPEN,
    TRADES,
    WORSE,
    Difference,
    adjusted,
    dominates,
    hypervolume,
    paired,
    spread_out,
    unbeaten,
    verdict_on,
)


def test_none_beats_those_on_the_frontier() -> None:
    losses = np.array([[1.0, 3.0], [2.0, 2.0], [2.0, 3.0], [3.0, 1.0], [2.0, 2.0]])
    assert unbeaten(losses).tolist() == [True, True, False, True, True], "of two alike neither beats the other"
    assert dominates(losses[1], losses[2])
    assert not dominates(losses[1], losses[4])


def test_the_volume_is_that_of_the_boxes_together() -> None:
    assert hypervolume(np.array([[0.0, 0.0, 0.0]]), np.full(3, 2.0)) == 8
    two = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    assert hypervolume(two, np.full(3, 2.0)) == pytest.approx(2 * (2 + 2 - 1))
    points = np.random.default_rng(3).uniform(size=(9, 3))
    lots = np.random.default_rng(4).uniform(size=(40_000, 3))
    hit = (points[None] <= lots[:, None]).all(axis=2).any(axis=1).mean()
    assert hypervolume(points, np.ones(3)) == pytest.approx(hit, abs=0.01)
    assert hypervolume(np.vstack([points, points[0] + 0.01]), np.ones(3)) == pytest.approx(
        hypervolume(points, np.ones(3))
    )
    assert hypervolume(np.full((1, 3), 3.0), np.ones(3)) == 0


def test_far_apart_ones_are_taken_first() -> None:
    points = np.array([[0.0, 0.0], [0.1, 0.0], [1.0, 1.0], [0.5, 0.5]])
    assert spread_out(points, 2, [0]) == [2, 3]
    assert sorted(spread_out(points, 9)) == [0, 1, 2, 3]


def test_a_paired_difference_is_students() -> None:
    from scipy.stats import ttest_1samp, ttest_rel

    luck = np.random.default_rng(1)
    other = luck.normal(10, 5, size=9)
    one = other + luck.normal(-0.4, 0.5, size=9)
    found = paired(one, other, 0.1)
    told = ttest_rel(one, other)
    assert found.p == pytest.approx(told.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(told.confidence_interval()))
    assert found.p_worse == pytest.approx(ttest_1samp(one - other, 0.1, alternative="less").pvalue)
    same = paired(other, other, 0.1)
    assert (same.mean, same.p, same.p_worse) == (0, 1, 0)


def difference(mean: float, p: float, p_worse: float, margin: float = 1.0) -> Difference:
    return Difference(mean, mean - 1, mean + 1, 1.0, 9, p, p_worse, margin)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([difference(-5, 0.001, 0.0), difference(0.2, 0.6, 0.01)], BEATS),
        ([difference(-5, 0.001, 0.0), difference(0.9, 0.3, 0.4)], OPEN),
        ([difference(-5, 0.001, 0.0), difference(4, 0.001, 1.0)], TRADES),
        ([difference(-0.5, 0.001, 0.0), difference(0.0, 1.0, 0.0)], NO_WORSE),
        ([difference(0.1, 0.9, 0.01), difference(4, 0.001, 1.0)], WORSE),
        ([difference(-5, 0.2, 0.01), difference(0.0, 1.0, 0.0)], NO_WORSE),
    ],
)
def test_better_takes_a_sure_gain_and_no_material_loss(found: list[Difference], expected: str) -> None:
    assert verdict_on(found, [one.p for one in found]) == expected


def test_many_comparisons_make_each_less_sure() -> None:
    many = [difference(-5, p, 0.0) for p in (0.02, 0.03, 0.04)]
    assert adjusted(many) == pytest.approx([0.06, 0.06, 0.06])
    assert verdict_on(many[:2], adjusted(many)[:2].tolist()) == NO_WORSE
