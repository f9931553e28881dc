"""Every metric says what it is, looks without touching, and is finite or has nothing to divide by."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from igrsim.kernel.draws import Stream
from igrsim.kernel.params import groups
from igrsim.metrics._base import counts_now, metrics, observers, over
from igrsim.metrics.same_needs import COUNTED
from igrsim.model import IGRModel
from igrsim.runs.validation.small_worlds import small_model
from igrsim.world.world import World

LEVEL = {"space": "space", "people": "people", "municipality": "municipality", "pair": "pair"}


@pytest.fixture(scope="module")
def lived() -> IGRModel:
    model = small_model("district-hub-core", scope="pilots", months=30, citizens=3000, rollout="all-at-once")
    while model.month < 27:
        model.step()
    return model


def state(world: World) -> bytes:
    """All that a phase could notice."""
    people, hubs = world.people.citizens, world.hubs
    return pickle.dumps(
        (
            vars(people),
            vars(world.pipeline),
            vars(world.problems),
            world.ties,
            world.peer_ties,
            world.points.load,
            world.points.wait,
            [(m.load, m.data_quality, m.condition) for m in world.municipalities],
            [(f.useful, f.rescheduled, f.called, f.held.tolist(), f.fruitful.tolist()) for f in world.forums],
            [(h.minutes, h.backlog, h.done, h.brought, h.plan_adopted) for h in hubs.values()],
            dict(world.totals),
            {k: v.tolist() for k, v in sorted(world.now.by_municipality.items()) if v.any()},
            {k: v.tolist() for k, v in sorted(world.now.by_space.items()) if v.any()},
            {k: v.tolist() for k, v in sorted(world.now.minutes.items()) if v.any()},
            {k: v.tolist() for k, v in sorted(world.now.cents.items()) if v.any()},
        )
    )


def test_observing_twice_changes_nothing(lived: IGRModel) -> None:
    counts_now(lived.world)
    before = state(lived.world)
    first = counts_now(lived.world)
    again = counts_now(lived.world)
    assert state(lived.world) == before
    for level, found in first.items():
        for name, values in found.items():
            np.testing.assert_array_equal(values, again[level][name])


def test_observing_draws_nothing(lived: IGRModel, monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(*_: Any) -> None:
        raise AssertionError("an observer drew a number")

    for name in ("uniform", "one", "normal", "poisson"):
        monkeypatch.setattr(Stream, name, drawn)
    counts_now(lived.world)


def test_a_run_that_is_looked_at_is_the_run_that_is_not(lived: IGRModel) -> None:
    looked, alone = (small_model("district-hub-core", months=14, rollout="all-at-once") for _ in range(2))
    looked.record = lambda world, counts: None
    for _ in range(14):
        looked.step()
        alone.step()
    assert state(looked.world) == state(alone.world)


def test_counts_are_whole_and_none_is_negative(lived: IGRModel) -> None:
    for level, found in counts_now(lived.world).items():
        for name, values in found.items():
            assert np.issubdtype(values.dtype, np.integer), (level, name)
            assert (values >= 0).all(), (level, name)


@pytest.mark.parametrize("name", list(metrics))
def test_a_metric_says_what_it_is(name: str, lived: IGRModel) -> None:
    metric = metrics[name]
    assert metric.name == name
    assert metric.unit
    assert metric.meaning
    assert metric.family
    assert metric.better in ("lower", "higher", "neither")
    assert metric.level in LEVEL
    assert set(metric.rests_on) <= set(groups)
    found = counts_now(lived.world)
    known = set(COUNTED) if metric.level == "pair" else set(found["space"]) | {"months"}
    assert set(metric.uses) <= known


@pytest.mark.parametrize("name", list(metrics))
def test_a_metric_is_finite_or_has_nothing_to_divide_by(name: str, lived: IGRModel) -> None:
    metric = metrics[name]
    counts = {k: v.astype(float) for k, v in counts_now(lived.world)["space"].items()}
    counts |= {name: np.ones(lived.world.spaces) for name in ("months", *COUNTED)}
    assert not np.isinf(metric.value(counts)).any()
    empty = {k: np.zeros(1) for k in counts}
    assert np.isnan(metric.value(empty)).all()
    some = {k: np.ones(1) for k in counts}
    assert np.isfinite(metric.value(some)).all()


@pytest.mark.parametrize("name", list(metrics))
def test_a_metric_of_sums_does_not_hang_on_how_they_are_split(name: str, lived: IGRModel) -> None:
    metric = metrics[name]
    found = counts_now(lived.world)["space"]
    whole = {k: np.array([float(v.sum())]) for k, v in found.items()}
    whole |= {name: np.ones(1) for name in ("months", *COUNTED)}
    twice = {k: 2 * v for k, v in whole.items()}
    np.testing.assert_allclose(metric.value(whole), metric.value(twice))


def test_a_ratio_without_denominator_is_undefined() -> None:
    assert over(np.array([1.0, 0.0, 3.0]), np.array([2.0, 0.0, 0.0]), 2.0).tolist()[0] == 1.0
    assert np.isnan(over(np.array([1.0]), np.array([0.0]))).all()


def test_every_family_observes() -> None:
    assert len(metrics) > 20
    assert {level for level, _ in observers.values()} <= {"space", "municipality", "people", "need"}


def test_no_share_leaves_nought_to_one_in_any_month() -> None:
    model = small_model("district-hub", ["DC36"], months=30, citizens=200, rollout="all-at-once")
    shares = {name: m for name, m in metrics.items() if m.unit == "share" and m.level != "pair"}
    while model.month < 30:
        model.step()
        counts = {k: v.astype(float) for k, v in counts_now(model.world)["space"].items()}
        counts["months"] = np.ones(model.world.spaces)
        for name in ("duplicate_spend_share", "break_even", "gap_share", "redirected_share", "underspend_share"):
            value = shares[name].value(counts)
            assert ((value >= 0) & (value <= 1) | np.isnan(value)).all(), (name, model.month, value)
