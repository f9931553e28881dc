"""Plans of bulk services: what it takes to find out what each municipality needs, and when that was last found out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.params import Params, param

MASTER, SUPPORT, FURTHER = range(3)
STAGES = ("master plan", "support plans", "other services")
"""Stages of a round: a province's needs of water and sanitation, a support plan for each municipality, the other services."""


class BulkWork(Params, group="bulk-infrastructure-plans"):
    """Hours and rand that plans of bulk services take, and how much they tell."""

    province_hours: float = param(
        400, unit="hours a month", low=150, high=900, grade="assumed", source="s0-wc-so10",
        meaning="hours of a province's people for it: its needs of water and sanitation take about a year",
    )  # fmt: skip
    master: float = param(
        160, unit="hours a municipality", low=60, high=400, grade="assumed", source="s0-wc-so10",
        meaning="hours of the province to determine a municipality's needs of water and sanitation",
    )  # fmt: skip
    support: float = param(
        80, unit="hours a municipality", low=30, high=240, grade="assumed", source="s0-wc-so10",
        meaning="hours of the province for the individual support plan of a municipality",
    )  # fmt: skip
    further: float = param(
        120, unit="hours a municipality", low=40, high=320, grade="assumed", source="s0-wc-so10",
        meaning="hours of the province to extend the master plan to a municipality's other services",
    )  # fmt: skip
    municipal: float = param(
        0.5, unit="ratio", low=0.2, high=1.0, grade="assumed", source="assumption",
        meaning="hours of the municipality itself over those of the province, in each stage",
    )  # fmt: skip
    rand: float = param(
        400_000, unit="rand a municipality", low=100_000, high=1_500_000, grade="assumed", source="assumption",
        meaning="of the province for surveys and engineers, in each stage. Rand of 2021",
    )  # fmt: skip
    renewed: float = param(
        36, unit="months", low=18, high=72, grade="assumed", source="assumption",
        meaning="age at which a master plan is made anew",
    )  # fmt: skip
    half_life: float = param(
        24, unit="months", low=9, high=48, grade="assumed", source="assumption",
        meaning="time in which half of what a plan of bulk services tells is out of date",
    )  # fmt: skip
    tells: float = param(
        0.7, unit="share", low=0.3, high=0.95, grade="assumed", source="assumption",
        meaning="chance that a planner learns from a fresh plan that what an item depends on is missing",
    )  # fmt: skip


@dataclass
class BulkPlans:
    """Where plans of bulk services stand, by stage and municipality.

    Attributes
    ----------
    left : (stages, municipalities) int
        Minutes of the province that the round in hand still takes.
    pending : (stages, municipalities) bool
        Whether the stage of the round in hand has yet to stand.
    stands : (stages, municipalities) int
        Month from which the latest stands, -1 if none does.
    """

    left: NDArray[np.int64]
    pending: NDArray[np.bool_]
    stands: NDArray[np.int64]

    @classmethod
    def none(cls, municipalities: int) -> BulkPlans:
        """No plans."""
        shape = (len(STAGES), municipalities)
        return cls(np.zeros(shape, np.int64), np.zeros(shape, np.bool_), np.full(shape, -1))
