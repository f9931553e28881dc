"""Keyed draws: the same in plain Python, arrays and compiled code; uniform, unshared, monotone."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit
from scipy.stats import kstest, poisson

import igrsim
from igrsim.citizens import luck
from igrsim.citizens.terms import PURPOSES
from igrsim.kernel import draws
from igrsim.kernel.draws import Draws, Stream, code_key, code_keys, fold, fold_array, unit, unit_array

pytestmark = pytest.mark.fast

KEYS = st.integers(0, 2**64 - 1)


@njit  # type: ignore[untyped-decorator]
def compiled(key: np.uint64, identity: np.uint64) -> tuple[np.uint64, float]:
    """The citizen kernel's own fold, and its number in [0, 1)."""
    folded = luck.fold(key, identity)
    return folded, luck.unit(folded)


@given(KEYS, KEYS)
def test_three_ways_to_fold_agree_bit_for_bit(key: int, identity: int) -> None:
    plain = fold(key, identity)
    assert 0 <= plain < 2**64
    assert int(fold_array(np.uint64(key), np.uint64(identity))) == plain
    folded, number = compiled(np.uint64(key), np.uint64(identity))
    assert (int(folded), float(number)) == (plain, unit(plain))
    assert float(unit_array(np.array([plain], dtype=np.uint64))[0]) == unit(plain)
    assert 0.0 <= unit(plain) < 1.0


def test_the_fold_is_the_published_finaliser() -> None:
    """SplitMix64 seeded with 1234567: its first numbers as published with the algorithm."""
    published = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    state = 1234567
    for expected in published:
        assert fold(state, 0) == expected
        state = (state + draws.GOLDEN) % 2**64


@given(st.integers(0, 2**32), st.integers(0, 1000), st.lists(st.integers(0, 2**63), min_size=1, max_size=5))
def test_one_draw_is_the_same_alone_and_among_many(seed: int, replication: int, identities: list[int]) -> None:
    stream = Stream(seed, replication, "life event")
    alone = stream.one(*identities)
    many = stream.uniform(*identities[:-1], np.array([identities[-1], 5, 6], dtype=np.uint64))
    assert many[0] == alone
    assert stream.uniform(*identities).shape == ()


def test_identities_broadcast() -> None:
    stream = Draws(1)["test of shapes"]
    table = stream.uniform(np.arange(3)[:, None], np.arange(4)[None, :])
    assert table.shape == (3, 4)
    for i, j in product(range(3), range(4)):
        assert table[i, j] == stream.one(i, j)


def test_order_of_identities_matters_and_nothing_is_consumed() -> None:
    stream = Draws(1)["test of order"]
    assert stream.one(1, 2) != stream.one(2, 1)
    assert stream.one(1) != stream.one(1, 0)
    assert stream.one(1, 2) == stream.one(1, 2)


def test_seeds_replications_and_purposes_have_their_own_luck() -> None:
    keys = {
        Stream(seed, replication, purpose).key
        for seed in range(40)
        for replication in range(40)
        for purpose in ("a", "b", *PURPOSES)
    }
    assert len(keys) == 40 * 40 * (2 + len(PURPOSES))
    assert Draws(3, 4)["clinic"].key == Draws(3, 4)["clinic"].key


def test_months_and_people_share_no_key() -> None:
    people = fold_array(np.uint64(Draws(1)["clinic"].key), np.arange(24 * 12, dtype=np.uint64)[:, None])
    keys = fold_array(people, code_keys(f"citizen {k}" for k in range(3_000))[None, :])
    assert len(np.unique(keys)) == keys.size


@pytest.mark.parametrize("axis", ["month", "person", "ordinal"])
def test_draws_are_uniform_whatever_counts_up(axis: str) -> None:
    """Kolmogorov and Smirnov on 100 000 draws, and no correlation from one to the next; false alarm 1e-5."""
    n = 100_000
    stream = Draws(11)["test of uniformity"]
    run = np.arange(n)
    u = {
        "month": lambda: stream.uniform(run, 77),
        "person": lambda: stream.uniform(24_000, fold_array(np.uint64(5), run)),
        "ordinal": lambda: stream.uniform(1, 2, run),
    }[axis]()
    assert kstest(u, "uniform").pvalue > 1e-5
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 4.5 / np.sqrt(n)
    cells = np.bincount((u * 1000).astype(int), minlength=1000)
    assert ((cells - n / 1000) ** 2 / (n / 1000)).sum() < 1000 + 4.5 * np.sqrt(2000)


def test_every_bit_of_a_draw_turns_with_every_bit_of_an_identity() -> None:
    rng = np.random.default_rng(1)
    keys = rng.integers(0, 2**63, 4_000, dtype=np.uint64)
    for bit in range(64):
        turned = fold_array(keys, np.uint64(0)) ^ fold_array(keys, np.uint64(1 << bit))
        share = np.unpackbits(turned.view(np.uint8)).mean()
        assert 0.48 < share < 0.52


def test_poisson_counts_have_their_distribution_and_never_fall_with_the_mean() -> None:
    stream = Draws(5)["test of counts"]
    who = np.arange(50_000)
    before = np.zeros(len(who), dtype=np.int64)
    for mean in (0.0, 0.3, 1.0, 1.01, 4.0, 60.0):
        count = stream.poisson(np.full(len(who), mean), who)
        assert (count >= before).all()
        assert count.mean() == pytest.approx(mean, abs=4.5 * np.sqrt(max(mean, 1e-12) / len(who)) + 1e-12)
        before = count
    k = np.arange(0, 6)
    found = [(stream.poisson(np.full(len(who), 2.0), who) == n).mean() for n in k]
    np.testing.assert_allclose(found, poisson.pmf(k, 2.0), atol=4.5 * 0.5 / np.sqrt(len(who)))
    assert stream.poisson(2.0, np.array([], dtype=np.int64)).shape == (0,)


def test_normal_draws_are_normal_and_rise_with_the_uniform() -> None:
    stream = Draws(6)["test of normals"]
    who = np.arange(50_000)
    z, u = stream.normal(who), stream.uniform(who)
    assert kstest(z, "norm").pvalue > 1e-5
    assert (np.diff(z[np.argsort(u)]) >= 0).all()
    assert np.isfinite(z).all()


def test_codes_have_the_same_key_in_every_process() -> None:
    code = "from igrsim.kernel.draws import Draws, code_key; print(code_key('DC15'), Draws(1)['clinic'].one(2, 3))"
    mine = f"{code_key('DC15')} {Draws(1)['clinic'].one(2, 3)}"
    for hashing in ("0", "123"):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": hashing}
        )
        assert done.stdout.strip() == mine


def test_two_purposes_with_one_key_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draws, "code_key", lambda code: 42)
    monkeypatch.setattr(draws, "_purposes", {})
    Stream(1, 0, "one purpose")
    Stream(1, 0, "one purpose")
    with pytest.raises(RuntimeError, match="share a key"):
        Stream(1, 0, "another purpose")


def test_the_package_draws_from_no_other_source() -> None:
    """No module of the model holds a generator of its own."""
    for found in pkgutil.walk_packages(igrsim.__path__, "igrsim."):
        if found.name.split(".")[1] not in ("kernel", "places", "plans", "citizens", "services", "phases", "world"):
            continue
        module = importlib.import_module(found.name)
        for name, thing in vars(module).items():
            assert not isinstance(thing, np.random.Generator | np.random.RandomState), f"{found.name}.{name}"
            assert getattr(thing, "__name__", "") not in ("random", "numpy.random"), f"{found.name}.{name}"
