"""The working group on alignment: what waits for it, how long, and what has come into force."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.metrics._base import Metric, announce, observe, ratio
from igrsim.world.world import World

I64 = NDArray[np.int64]
COUNTS = (
    "cases_brought_ppm",
    "cases_agreed_ppm",
    "cases_refused_ppm",
    "cases_lapsed_ppm",
    "cases_waiting_ppm",
    "case_months_ppm",
    "interventions_ppm",
)


@observe("space")
def by_space(world: World) -> dict[str, I64]:
    """Cases of each space, and its part of the whole country's (parts per million)."""
    return {name: world.now.by_space[name].copy() for name in COUNTS}


RESTS = ("working-group", "disputes", "authority")

announce(
    Metric(
        "alignment_queue", "institutions", "cases per space", "lower",
        "alignment problems that wait for the national working group: disputes, overlaps, missing complements, procedures, norms",
        ratio("cases_waiting_ppm", "space_months", 1e-6), ("cases_waiting_ppm", "space_months"), RESTS,
    ),
    Metric(
        "alignment_wait", "institutions", "months", "lower", "how long the cases that wait have waited; undefined where none waits",
        ratio("case_months_ppm", "cases_waiting_ppm"), ("case_months_ppm", "cases_waiting_ppm"), RESTS,
    ),
    Metric(
        "interventions", "institutions", "cases per space and year", "higher",
        "what the working group had agreed and budgets have taken up: disputes settled, one of two withdrawn, a complement brought, a procedure given up, a norm differentiated",
        ratio("interventions_ppm", "space_months", 12e-6), ("interventions_ppm", "space_months"), RESTS,
    ),
)  # fmt: skip
