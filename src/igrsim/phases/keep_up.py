"""What arrangements take to keep running each month, whatever they achieve."""

from __future__ import annotations

import numpy as np

from igrsim.kernel.params import Params, param
from igrsim.world.world import World


class Upkeep(Params, group="upkeep"):
    """Hours and rand a month of arrangements that must be fed."""

    live_municipal: float = param(
        16, unit="hours a month", low=4, high=50, grade="assumed", source="s1-pcc-2019",
        meaning="of each municipality, to capture data for a live information system",
    )  # fmt: skip
    live_others: float = param(
        120, unit="hours a month", low=30, high=300, grade="assumed", source="s1-pcc-2019",
        meaning="of departments together for each space, to capture theirs",
    )  # fmt: skip
    live_rand: float = param(
        60_000, unit="rand a month", low=20_000, high=200_000, grade="assumed", source="assumption",
        meaning="of the nation for each space, to run the live information system",
    )  # fmt: skip
    communication_municipal: float = param(
        4, unit="hours a month", low=1, high=12, grade="assumed", source="s3-ddm-lessons",
        meaning="of each municipality, for one communication strategy",
    )  # fmt: skip
    communication_others: float = param(
        30, unit="hours a month", low=10, high=80, grade="assumed", source="s3-ddm-lessons",
        meaning="of departments together for each space, for one communication strategy",
    )  # fmt: skip
    private_others: float = param(
        20, unit="hours a month", low=5, high=60, grade="assumed", source="s1-pcc-2019",
        meaning="of departments together for each space, to keep a compact with mining companies and others",
    )  # fmt: skip
    indicators_others: float = param(
        10, unit="hours a month", low=3, high=30, grade="assumed", source="mfma-circular-88",
        meaning="of departments together for each space, to keep a common catalogue of indicators agreed",
    )  # fmt: skip
    grants_others: float = param(
        8, unit="hours a month", low=2, high=25, grade="assumed", source="dora",
        meaning="of departments together for each space, to run consolidated grants",
    )  # fmt: skip
    compact_municipal: float = param(
        3, unit="hours a month", low=1, high=10, grade="assumed", source="s4-harvester",
        meaning="of each municipality, to negotiate and renew compacts and protocols",
    )  # fmt: skip
    compact_others: float = param(
        40, unit="hours a month", low=10, high=120, grade="assumed", source="s4-harvester",
        meaning="of departments together for each space, for the same",
    )  # fmt: skip
    duty_municipal: float = param(
        6, unit="hours a month", low=2, high=20, grade="assumed", source="igrfa-ddm-regs-2024",
        meaning="of each municipality, to comply with a regulated One Plan: content, deadlines, reports",
    )  # fmt: skip
    duty_others: float = param(
        40, unit="hours a month", low=10, high=120, grade="assumed", source="igrfa-ddm-regs-2024",
        meaning="of departments together for each space, for the same",
    )  # fmt: skip
    linked_municipal: float = param(
        6, unit="hours a month", low=2, high=20, grade="assumed", source="s4-harvester",
        meaning="of each municipality, to keep its budget, IDP and built-environment platforms linked, beside entering projects",
    )  # fmt: skip
    linked_others: float = param(
        30, unit="hours a month", low=10, high=100, grade="assumed", source="s4-harvester",
        meaning="of departments together for each space, for the same",
    )  # fmt: skip
    linked_rand: float = param(
        50_000, unit="rand a month", low=15_000, high=150_000, grade="assumed", source="assumption",
        meaning="of the nation for each space, to link the platforms and run them",
    )  # fmt: skip
    leads: float = param(
        0.5, unit="share", low=0.3, high=0.7, grade="assumed", source="assumption",
        meaning="part of departments' hours that is the nation's; the rest is provincial",
    )  # fmt: skip


FED = {
    "live_information": "live",
    "communication": "communication",
    "private_compact": "private",
    "fewer_indicators": "indicators",
    "grants_consolidated": "grants",
    "compact": "compact",
    "duty": "duty",
    "platforms_linked": "linked",
}
"""Rules that take upkeep, and under which name."""


def keep_up(world: World) -> None:
    """Charge every arrangement in force."""
    p = world.params[Upkeep]
    where = np.arange(world.spaces)
    members = np.bincount(world.municipality_space, minlength=world.spaces)
    for rule, name in FED.items():
        extent = world.rules.by_space(rule)
        if not extent.any():
            continue
        others = getattr(p, f"{name}_others")
        for bearer, part in (("nation", p.leads), ("province", 1 - p.leads)):
            world.charge("upkeep", bearer, where, np.rint(60 * others * part * extent).astype(np.int64))
        each = np.rint(60 * getattr(p, f"{name}_municipal", 0.0) * extent).astype(np.int64)
        world.charge("upkeep", "municipality", where, each * members)
        world.now.by_municipality["upkeep_minutes"] += each[world.municipality_space]
        rand = getattr(p, f"{name}_rand", 0.0)
        world.charge("upkeep", "nation", where, 0, np.rint(100 * rand * extent).astype(np.int64))
