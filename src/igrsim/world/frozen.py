"""The switch of the null model: coordination costs what it costs, and helps nobody."""

from __future__ import annotations

from igrsim.kernel.params import Params, param


class Frozen(Params, group="frozen"):
    """Which good of coordination is held at what silos have."""

    benefits: float = param(
        0, unit="switch", low=0, high=1, grade="assumed", source="assumption", choice=True,
        meaning="1: sight, ties, pooling and transfer of skills stay as in silos while every cost stands, so a hub cannot win; for validation",
    )  # fmt: skip
