"""Labels that stand beside what they name, without standing on each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions as near to those wanted as a least gap allows, in the same order, within bounds.

    Where the bounds cannot hold all at that gap, the positions share the room evenly.
    """
    count = len(wanted)
    order = np.argsort(np.asarray(wanted, dtype=float), kind="stable")
    if count and gap * (count - 1) >= high - low:
        even = np.linspace(low, high, count) if count > 1 else np.array([(low + high) / 2])
        placed = dict(zip(order.tolist(), even.tolist(), strict=True))
        return [placed[i] for i in range(count)]
    # Clusters of labels that touch, each centred on the mean of what its members want.
    clusters: list[list[int]] = []
    starts: list[float] = []
    for i in order.tolist():
        clusters.append([i])
        starts.append(_start([i], wanted, gap, low, high))
        while len(clusters) > 1 and starts[-2] + gap * len(clusters[-2]) > starts[-1]:
            merged = clusters[-2] + clusters[-1]
            del clusters[-2:], starts[-2:]
            clusters.append(merged)
            starts.append(_start(merged, wanted, gap, low, high))
    places = [0.0] * count
    for members, start in zip(clusters, starts, strict=True):
        for step, i in enumerate(members):
            places[i] = start + step * gap
    return places


def _start(members: list[int], wanted: Sequence[float], gap: float, low: float, high: float) -> float:
    middle = float(np.mean([wanted[i] - step * gap for step, i in enumerate(members)]))
    return min(max(middle, low), high - gap * (len(members) - 1))
