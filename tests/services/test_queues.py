"""Desks and queues: overflow, admission and waiting against brute force and theory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from igrsim.services.queues import admission, overflow, waiting_minutes

pytestmark = pytest.mark.fast

DAY = 450.0


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), min_size=1, max_size=50))
def test_overflow_is_exactly_what_the_desks_cannot_serve(days: list[tuple[int, int]]) -> None:
    arrivals, capacity = (np.array(column, dtype=np.int64) for column in zip(*days, strict=True))
    away = overflow(arrivals, capacity)
    for came, served, turned in zip(arrivals.tolist(), capacity.tolist(), away.tolist(), strict=True):
        assert turned == (came - served if came > served else 0)
    np.testing.assert_array_equal(away + np.minimum(arrivals, capacity), arrivals)


@pytest.mark.parametrize("mean", [0.01, 0.7, 5.0, 28.0, 140.0])
@pytest.mark.parametrize("capacity", [1, 2, 5, 28, 150])
def test_admission_is_the_expected_share_served_of_a_poisson_day(mean: float, capacity: int) -> None:
    k = np.arange(0, 600)
    served = float((np.minimum(k, capacity) * poisson.pmf(k, mean)).sum())
    share = admission(np.array([mean]), np.array([float(capacity)]))[0]
    assert share == pytest.approx(served / mean, rel=1e-9)


def test_admission_against_simulated_days() -> None:
    rng = np.random.default_rng(1)
    days = rng.poisson(20.0, 400_000)
    simulated = 1 - overflow(days, np.full(days.shape, 18)).sum() / days.sum()
    # the share of a day has a spread below 0.2; 4.5 standard errors
    assert admission(np.array([20.0]), np.array([18.0]))[0] == pytest.approx(
        simulated, abs=4.5 * 0.2 / np.sqrt(len(days))
    )


def test_part_of_a_desk_lies_between_the_whole_ones() -> None:
    lower, between, upper = admission(np.full(3, 7.0), np.array([5.0, 5.25, 6.0]))
    assert between == pytest.approx(0.75 * lower + 0.25 * upper)


def test_no_desk_serves_no_one_and_no_one_is_turned_away_from_an_empty_office() -> None:
    np.testing.assert_array_equal(admission(np.array([0.0, 1.0, 50.0]), np.zeros(3)), 0.0)
    np.testing.assert_array_equal(admission(np.zeros(3), np.array([0.5, 1.0, 50.0])), 1.0)


@given(
    st.floats(1e-6, 5_000), st.floats(0.0, 5_000), st.floats(1.0, 2.0), st.floats(0.0, 100.0)
)  # fmt: skip
def test_admission_falls_with_load_and_rises_with_desks(
    load: float, capacity: float, more_load: float, more_desks: float
) -> None:
    base, crowded, roomy = admission(
        np.array([load, load * more_load, load]), np.array([capacity, capacity, capacity + more_desks])
    )
    assert 0.0 <= base <= 1.0
    assert crowded <= base + 1e-9
    assert roomy >= base - 1e-9
    # nobody is served who does not fit or does not come
    assert base * load <= min(load, capacity) * (1 + 1e-9) + 1e-9


def test_a_crowd_beyond_all_desks_is_served_up_to_capacity() -> None:
    assert admission(np.array([10_000.0]), np.array([30.0]))[0] * 10_000 == pytest.approx(30.0, rel=1e-6)


@pytest.mark.parametrize("busy", [0.1, 0.5, 0.8, 0.9])
def test_one_desk_waits_as_theory_has_it(busy: float) -> None:
    """M/D/1: half the service time times busy / (1 - busy)."""
    per_day = 20.0
    service = DAY / per_day
    wait = waiting_minutes(np.array([busy * per_day]), np.array([1.0]), np.array([per_day]), DAY)[0]
    assert wait == pytest.approx(0.5 * service * busy / (1 - busy), rel=1e-9)


def test_one_desk_waits_as_lindley_s_recursion_has_it() -> None:
    """A simulated queue of one desk at four fifths, a million customers, within a twentieth."""
    rng = np.random.default_rng(3)
    service, busy = 10.0, 0.8
    gaps = rng.exponential(service / busy, 1_000_000)
    # waits are the walk's height above its lowest point so far
    walk = np.concatenate([[0.0], np.cumsum(service - gaps)])
    waits = walk - np.minimum.accumulate(walk)
    found = waiting_minutes(np.array([busy * 45]), np.array([1.0]), np.array([45.0]), DAY)[0]
    assert found == pytest.approx(waits.mean(), rel=0.05)


@pytest.mark.parametrize(("desks", "busy"), [(2, 0.7), (4, 0.8), (9, 0.9)])
def test_several_desks_wait_about_as_erlang_has_it(desks: int, busy: float) -> None:
    """Half of Erlang's M/M/c wait, the usual approximation for constant service, within a fifth."""
    service, a = 15.0, desks * busy
    waiting = 1.0
    blocked = 1.0
    for k in range(1, desks + 1):
        blocked = a * blocked / (k + a * blocked)
    waiting = blocked / (1 - busy * (1 - blocked))
    erlang = waiting * service / (desks * (1 - busy))
    found = waiting_minutes(np.array([a * 30.0]), np.array([float(desks)]), np.array([30.0]), DAY)[0]
    assert found == pytest.approx(0.5 * erlang, rel=0.2)


def test_waits_rise_with_load_fall_with_desks_and_are_bounded_by_half_a_day() -> None:
    load = np.linspace(0, 500, 2_001)
    for desks in (1.0, 3.0, 8.0):
        wait = waiting_minutes(load, np.full(load.shape, desks), np.full(load.shape, 28.0), DAY)
        assert wait[0] == 0.0
        assert (np.diff(wait) >= 0).all()
        assert (wait <= DAY / 2).all()
        more = waiting_minutes(load, np.full(load.shape, desks + 1), np.full(load.shape, 28.0), DAY)
        assert (more <= wait + 1e-9).all()
    assert np.isfinite(waiting_minutes(np.array([1e12]), np.array([0.0]), np.array([28.0]), DAY)).all()
