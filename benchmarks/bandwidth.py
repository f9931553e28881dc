"""How fast the machine moves memory: the limit of any sweep over everyone.

The triad a = b + 3 c of numbers too many for any cache, on one thread and more: 24 bytes an element, as is usual not counting
that a line is read before it is written.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.tables import markdown

F64 = NDArray[np.float64]


@njit(nogil=True, cache=True)
def _triad(a: F64, b: F64, c: F64) -> None:
    for k in range(a.size):
        a[k] = b[k] + 3.0 * c[k]


def seconds_of(arrays: tuple[F64, F64, F64], threads: int) -> float:
    """Wall seconds of one triad, each thread with a part of its own."""
    edges = np.linspace(0, arrays[0].size, threads + 1).astype(int)
    parts = [tuple(array[a:b] for array in arrays) for a, b in itertools.pairwise(edges)]
    hands = [threading.Thread(target=_triad, args=part) for part in parts]
    begun = time.perf_counter()
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return time.perf_counter() - begun


def measure(megabytes: int, times: int) -> dict[str, Any]:
    """The best of several triads, numbers of threads in alternation; bytes a second."""
    arrays = tuple(np.full(megabytes * 2**20 // 8, value) for value in (0.0, 1.0, 2.0))
    a, b, c = arrays
    _triad(a[:8], b[:8], c[:8])
    counts = sorted({1, 2, os.cpu_count() or 1})
    best = dict.fromkeys(counts, np.inf)
    for _ in range(times):
        for threads in counts:
            best[threads] = min(best[threads], seconds_of((a, b, c), threads))
    moved = 3 * a.nbytes
    return {"megabytes": megabytes, "bytes_per_second": {str(n): moved / seconds for n, seconds in best.items()}}


def told(found: dict[str, Any], engines: dict[str, Any] | None = None) -> str:
    """The result as Markdown, with what our engine uses of it if that was measured too."""
    rows = [(f"{n} thread{'s' * (n != '1')}", rate / 1e9) for n, rate in found["bytes_per_second"].items()]
    words = [
        "## Memory bandwidth",
        f"Triad over three arrays of {found['megabytes']} MiB, best of several.",
        "", markdown(("on", "GB a second"), rows),
    ]  # fmt: skip
    ours = (engines or {}).get("beyond")
    if ours:
        limit = found["bytes_per_second"]["1"] / ours["bytes"]
        share = ours["per_processor_second"] / limit
        words += [
            "",
            f"If all {ours['bytes']:.0f} bytes of a person that the compiled month keeps in any run were read once a month, and nothing "
            f"else done, one thread could live {limit / 1e6:.0f} million citizen-months a second; the compiled month lives "
            f"{100 * share:.0f} % of that.",
        ]
    return "\n".join(words)
