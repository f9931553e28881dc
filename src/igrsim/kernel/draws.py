"""Keyed random draws: every number is a function of what it is about, never of when it was asked for.

A draw is named by a purpose and by identities (month, a citizen, a point ...). It is the SplitMix64
finaliser folded over them, so nobody consumes anyone else's luck: adding an agent, a draw, a
thread or a worker elsewhere changes nothing, and the same person has the same luck under every regime.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
F64 = NDArray[np.float64]

GOLDEN = 0x9E3779B97F4A7C15
MIX_1 = 0xBF58476D1CE4E5B9
MIX_2 = 0x94D049BB133111EB
MASK = 0xFFFFFFFFFFFFFFFF
UNIT = 2.0**-53
_GOLDEN, _MIX_1, _MIX_2 = (np.uint64(constant) for constant in (GOLDEN, MIX_1, MIX_2))
_SHIFT_0, _SHIFT_1, _SHIFT_2 = (np.uint64(shift) for shift in (30, 27, 31))

_purposes: dict[int, str] = {}


@cache
def code_key(code: str) -> int:
    """A stable 64-bit key for a code: the same in every process, on every platform."""
    return int.from_bytes(blake2b(code.encode(), digest_size=8).digest(), "little")


def code_keys(codes: Iterable[str]) -> U64:
    """Stable keys for many codes."""
    return np.array([code_key(code) for code in codes], dtype=np.uint64)


def fold(key: int, identity: int) -> int:
    """Fold one more identity into a key (plain Python; the arrays' and kernels' twin)."""
    z = ((key ^ (identity & MASK)) + GOLDEN) & MASK
    z = ((z ^ (z >> 30)) * MIX_1) & MASK
    z = ((z ^ (z >> 27)) * MIX_2) & MASK
    return z ^ (z >> 31)


def fold_array(key: Any, identity: Any) -> U64:
    """Fold identities into keys, elementwise with broadcasting."""
    # arrays wrap around without a word, single numbers would warn
    z = np.asarray(np.asarray(key).astype(np.uint64) ^ np.asarray(identity).astype(np.uint64))
    z += _GOLDEN
    z ^= z >> _SHIFT_0
    z *= _MIX_1
    z ^= z >> _SHIFT_1
    z *= _MIX_2
    z ^= z >> _SHIFT_2
    return z


def unit(key: int) -> float:
    """A key as a number in [0, 1)."""
    return (key >> 11) * UNIT


def unit_array(key: U64) -> F64:
    """Keys as numbers in [0, 1)."""
    return np.asarray((key >> np.uint64(11)).astype(np.float64) * UNIT)


class Stream:
    """The draws of one purpose in one replication of a study.

    Two streams with the same purpose give the same numbers: a purpose names a decision, and each decision
    asks with identities of its own.
    """

    def __init__(self, seed: int, replication: int, purpose: str) -> None:
        key = code_key(purpose)
        known = _purposes.setdefault(key, purpose)
        if known != purpose:
            raise RuntimeError(f"purposes {known!r} and {purpose!r} share a key")
        self.purpose = purpose
        self.key = fold(fold(fold(0, seed), replication), key)

    def uniform(self, *identities: Any) -> F64:
        """Uniform draws in [0, 1), one for each element of the broadcast identities.

        Parameters
        ----------
        *identities
            Integers or arrays of integers: month, stable keys of the actors, an ordinal.
        """
        return unit_array(self._folded(*identities))

    def _folded(self, *identities: Any) -> U64:
        one, rest = self.key, list(identities)
        # those that all draws share, a month or a programme, are folded once
        while rest and np.ndim(rest[0]) == 0:
            one = fold(one, int(rest.pop(0)))
        key: Any = np.uint64(one)
        for identity in rest:
            key = fold_array(key, identity)
        return np.asarray(key, dtype=np.uint64)

    def of(self, *identities: Any) -> Shared:
        """Draws that have these identities in common, as `uniform` would fold them."""
        return Shared(self._folded(*identities))

    def one(self, *identities: int) -> float:
        """One uniform draw in [0, 1)."""
        key = self.key
        for identity in identities:
            key = fold(key, int(identity))
        return unit(key)

    def normal(self, *identities: Any) -> F64:
        """Standard normal draws, by the inverse of their distribution (monotone in the uniform)."""
        from scipy.special import ndtri

        return np.asarray(ndtri(np.clip(self.uniform(*identities), 1e-12, 1 - 1e-12)))

    def poisson(self, mean: Any, *identities: Any) -> NDArray[np.int64]:
        """Poisson draws by inversion: more expected never means fewer drawn."""
        from scipy.special import pdtr

        u = self.uniform(*identities)
        mean = np.broadcast_to(np.asarray(mean, dtype=np.float64), u.shape)
        count = np.zeros(u.shape, dtype=np.int64)
        if u.size == 0:
            return count
        top = float(mean.max())
        limit = int(top + 12 * np.sqrt(top) + 12)
        for k in range(limit):
            more = u >= pdtr(k, mean)
            if not more.any():
                break
            count += more
        return count


class Shared:
    """Draws whose first identities many have in common.

    Parameters
    ----------
    key : (n,) uint64
        What is in common, folded.
    """

    def __init__(self, key: U64) -> None:
        self.key = key

    def uniform(self, which: NDArray[np.int64], identity: Any) -> F64:
        """Uniform draws in [0, 1), each by one of the common keys and an identity of its own."""
        return unit_array(fold_array(self.key[which], identity))


class Draws:
    """All draws of one replication of a study, by purpose.

    Parameters
    ----------
    seed : int
        The study's seed.
    replication : int
        Which replication ("world") of the study.
    """

    def __init__(self, seed: int, replication: int = 0) -> None:
        self.seed = seed
        self.replication = replication
        self._streams: dict[str, Stream] = {}

    def __getitem__(self, purpose: str) -> Stream:
        if purpose not in self._streams:
            self._streams[purpose] = Stream(self.seed, self.replication, purpose)
        return self._streams[purpose]
