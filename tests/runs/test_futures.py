"""Futures: one value a slice, triangular about the default, no parameter touched by another."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import triang

import igrsim.model  # noqa: F401  every parameter announces itself
from igrsim.kernel.params import Param, all_params
from igrsim.runs.futures import design, pairs, triangular, varied
from igrsim.runs.study import FuturesPart

pytestmark = pytest.mark.fast


def some() -> list[str]:
    return [p.name for p in all_params().values() if not p.choice and p.low < p.default < p.high][:4]


def shares(name: str, values: list[float]) -> np.ndarray:
    p = all_params()[name]
    scale = p.high - p.low
    return np.asarray(triang.cdf(values, (p.default - p.low) / scale, loc=p.low, scale=scale))


@pytest.mark.parametrize("n", [1, 2, 7, 50])
def test_each_slice_of_a_parameter_holds_one_future(n: int) -> None:
    names = some()
    futures = design(FuturesPart(n=n, vary=names), seed=5)
    for name in names:
        slices = np.floor(shares(name, [f[name] for f in futures]) * n).astype(int)
        assert sorted(slices) == list(range(n))


def test_parameters_are_not_moved_together() -> None:
    names = some()
    futures = design(FuturesPart(n=200, vary=names), seed=5)
    ranks = np.corrcoef([shares(name, [f[name] for f in futures]) for name in names])
    assert np.abs(ranks - np.eye(len(names))).max() < 0.25


def test_adding_a_parameter_leaves_the_others_alone() -> None:
    *few, more = some()
    before, after = (design(FuturesPart(n=9, vary=v), seed=3) for v in (few, [more, *few]))
    assert [{k: f[k] for k in few} for f in after] == before


def test_another_seed_gives_other_futures() -> None:
    first, second = (design(FuturesPart(n=9, vary=some()), seed=s) for s in (3, 4))
    assert first != second


def test_all_means_every_uncertain_number_and_no_choice() -> None:
    known = all_params()
    names = {p.name for p in varied(FuturesPart())}
    assert names == {p.name for p in known.values() if not p.choice and p.low < p.high}
    for future in design(FuturesPart(n=3), seed=1):
        assert set(future) == names
        assert all(known[name].low <= value <= known[name].high for name, value in future.items())


def test_no_method_is_one_future_of_defaults() -> None:
    part = FuturesPart(method="none", n=9)
    assert design(part, 1) == [{}]
    assert pairs(part, 2) == [(0, 0), (0, 1)]


@pytest.mark.parametrize(("low", "mode", "high"), [(0.0, 0.25, 1.0), (2.0, 2.0, 6.0), (-1.0, 3.0, 3.0)])
def test_triangular_inverse(low: float, mode: float, high: float) -> None:
    p = Param("g", "f", mode, "x", low, high, "assumed", "assumption", "a number")
    u = np.linspace(0, 1, 21)
    expected = triang.ppf(u, (mode - low) / (high - low), loc=low, scale=high - low)
    assert triangular(u, p) == pytest.approx(list(expected))


def test_pairings() -> None:
    assert pairs(FuturesPart(n=2), 3) == [(0, 0), (1, 1), (0, 2)]
    assert pairs(FuturesPart(n=2, pairing="crossed"), 2) == [(0, 0), (0, 1), (1, 0), (1, 1)]
