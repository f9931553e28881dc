"""Keyed draws for the compiled months: the twins of `igrsim.kernel.draws`."""

from __future__ import annotations

import math

import numpy as np

from igrsim.citizens.compiled import compiled_in
from igrsim.kernel.draws import GOLDEN, MIX_1, MIX_2, UNIT

LOG_2, ROOT_2 = math.log(2.0), math.sqrt(2.0)


@compiled_in
def fold(key: np.uint64, identity: np.uint64) -> np.uint64:
    """Fold one more identity into a key."""
    z = (key ^ identity) + np.uint64(GOLDEN)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(MIX_1)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(MIX_2)
    return z ^ (z >> np.uint64(31))


@compiled_in
def unit(key: np.uint64) -> float:
    """A key as a number in [0, 1)."""
    return float(key >> np.uint64(11)) * UNIT


@compiled_in
def exponential(key: np.uint64) -> float:
    """A key as an exponential time of mean one: the negative logarithm of its number.

    Written out in sums and products, so that the processor works out several at once; right to a part in 10 to the 11.
    """
    u = (np.float64(np.int64(key >> np.uint64(11))) + 0.5) * UNIT
    bits = np.float64(u).view(np.int64)
    exponent = (bits >> 52) - 1023
    part = np.int64((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000).view(np.float64)
    # the part within a factor of the square root of two around one
    upper = part > ROOT_2
    part = 0.5 * part if upper else part
    exponent = exponent + 1 if upper else exponent
    s = (part - 1.0) / (part + 1.0)
    z = s * s
    odd = 1 / 9 + z * (1 / 11 + z * (1 / 13))
    odd = 1.0 + z * (1 / 3 + z * (1 / 5 + z * (1 / 7 + z * odd)))
    return -(exponent * LOG_2 + 2.0 * s * odd)


@compiled_in
def below(chance: float) -> np.uint64:
    """What the upper 53 bits of a key are below where its number in [0, 1) is below the chance."""
    return np.uint64(math.ceil(min(max(chance, 0.0), 1.0) * 2.0**53))
