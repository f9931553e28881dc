"""Futures: one value a slice, triangular about the default, no parameter touched by another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import triang

import igrsim.model  # noqa: F401  every parameter announces itself
from igrsim.kernel.errors import InputError
from igrsim.kernel.params import Param, all_params
from igrsim.runs.futures import count, design, pairs, triangular, unit_design, varied
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


def test_sobol_futures_are_a_design_of_saltelli() -> None:
    part = FuturesPart(method="sobol", n=8, vary=some()[:3])
    names, places = unit_design(part, seed=5)
    assert names == some()[:3]
    assert places.shape == (8 * (3 + 2), 3)
    assert count(part) == len(design(part, seed=5)) == 40
    for first in range(0, 40, 5):
        base, *crossed, other = places[first : first + 5]
        for k, row in enumerate(crossed):
            # one parameter from the second point, the others from the first
            assert row.tolist() == [other[j] if j == k else base[j] for j in range(3)]


def test_morris_futures_differ_in_one_parameter_each() -> None:
    part = FuturesPart(method="morris", n=5, levels=6, vary=some()[:3])
    _, places = unit_design(part, seed=5)
    assert count(part) == len(places) == 5 * 4
    steps = np.diff(places.reshape(5, 4, 3), axis=1)
    moved = np.abs(steps) > 1e-9
    assert (moved.sum(axis=2) == 1).all()
    assert (moved.sum(axis=1) == 1).all()
    assert np.abs(steps[moved]) == pytest.approx(6 / (2 * (6 - 1)))
    assert np.round(places * 5, 9).tolist() == np.round(places * 5).tolist()


@pytest.mark.parametrize("method", ["lhs", "sobol", "morris"])
def test_drawn_futures_are_their_places_over_each_parameters_range(method: str) -> None:
    part = FuturesPart(method=method, n=4, vary=some()[:2])
    names, places = unit_design(part, seed=11)
    futures = design(part, seed=11)
    for column, name in enumerate(names):
        assert shares(name, [f[name] for f in futures]) == pytest.approx(places[:, column], abs=1e-9)


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_drawn_futures_depend_on_the_seed_alone(method: str) -> None:
    part = FuturesPart(method=method, n=4, vary=some())
    np.random.seed(1)
    first = unit_design(part, seed=11)[1]
    state = np.random.get_state()[1]
    np.random.seed(2)
    assert np.array_equal(unit_design(part, seed=11)[1], first)
    assert not np.array_equal(unit_design(part, seed=12)[1], first)
    np.random.seed(1)
    assert np.array_equal(np.random.get_state()[1], state)


def test_a_grid_is_all_combinations_and_a_zip_side_by_side() -> None:
    a, b = some()[:2]
    p, q = all_params()[a], all_params()[b]
    values = {a: [p.low, p.high], b: [q.low, q.default, q.high]}
    grid = FuturesPart(method="grid", values=values)
    assert count(grid) == 6
    assert design(grid, 1) == [{a: x, b: y} for x in values[a] for y in values[b]]
    assert pairs(grid, 2) == [(f, w) for f in range(6) for w in range(2)]
    zipped = FuturesPart(method="zip", values={a: [p.low, p.high], b: [q.low, q.high]})
    assert design(zipped, 1) == [{a: p.low, b: q.low}, {a: p.high, b: q.high}]
    assert count(zipped) == 2


def test_a_table_gives_one_future_a_row(tmp_path: Path) -> None:
    a, b = some()[:2]
    p, q = all_params()[a], all_params()[b]
    file = tmp_path / "futures.csv"
    file.write_text(f"{a},{b}\r\n{p.low},{q.high}\n\n{p.high}, {q.low}\n", encoding="utf-8-sig", newline="")
    part = FuturesPart(method="table", table=str(file))
    assert design(part, 1) == [{a: p.low, b: q.high}, {a: p.high, b: q.low}]
    assert count(part) == 2
    assert [one.name for one in varied(part)] == [a, b]


@pytest.mark.parametrize(
    ("table", "line", "words"),
    [
        ("travel.fare_per_kn\n1\n", 1, "unknown column 'travel.fare_per_kn' (did you mean 'travel.fare_per_km'?)"),
        ("travel.fare_per_km,travel.fare_per_km\n1,1\n", 1, "stands twice"),
        ("district-hub.posts\n1\n", 1, "is a choice of policy"),
        ("travel.fare_per_km\n1\n1.0\n", 3, "the same future as on line 2"),
        ("travel.fare_per_km\n=1+1\n", 2, "is not a number"),
        ('travel.fare_per_km\n"1,5"\n', 2, "no decimal comma"),
        ("travel.fare_per_km\n1,5\n", 2, "2 cells where the header has 1 (a decimal comma?)"),
        ("travel.fare_per_km\n1_0\n", 2, "is not a number"),
        ("travel.fare_per_km\nnan\n", 2, "is not a number"),
        ("travel.fare_per_km\n1e400\n", 2, "is not a number"),
        ("travel.fare_per_km\n1\n900\n", 3, "is outside"),
        ("travel.fare_per_km\n", None, "no rows"),
        ("", None, "empty"),
    ],
)  # fmt: skip
def test_a_wrong_table_of_futures_is_refused(tmp_path: Path, table: str, line: int | None, words: str) -> None:
    file = tmp_path / "futures.csv"
    file.write_text(table, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        count(FuturesPart(method="table", table=str(file)))
    assert words in refused.value.message
    assert (refused.value.file, refused.value.line) == (str(file), line)
