"""What silos and coordination cost, in rand of one base year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.terms import (
    CENTS,
    MINUTES,
    TRIPS,
    WASTED_ABSENT,
    WASTED_FULL,
    WASTED_LATE,
    WASTED_OFFLINE,
    WASTED_PAPERS,
)
from igrsim.kernel.params import Params, param
from igrsim.metrics._base import Counts, Metric, announce, observe, over, ratio
from igrsim.world.world import World

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


class Worth(Params, group="worth"):
    """What an hour is worth. Rand of 2021."""

    municipal_hour: float = param(
        350, unit="rand per hour", low=250, high=500, grade="assumed", source="assumption",
        meaning="cost of an hour of a municipal official who goes to meetings and writes reports",
    )  # fmt: skip
    other_hour: float = param(
        450, unit="rand per hour", low=300, high=650, grade="assumed", source="assumption",
        meaning="cost of an hour of a national or provincial official",
    )  # fmt: skip
    citizen_hour: float = param(
        12.5, unit="rand per hour", low=6, high=25, grade="assumed", source="assumption",
        meaning="value of an hour of a citizen's time: half the minimum wage",
    )  # fmt: skip


COORDINATION = (
    "meetings",
    "convening",
    "reports",
    "plans",
    "profiles",
    "hub posts",
    "roll-out",
    "leadership",
    "imbizos",
    "upkeep",
    "support framework",
    "shared skills",
    "alignment",
    "stabilisation",
    "bursary scheme",
    "centres",
    "centre building",
    "tenancies",
    "centre arrangements",
    "centre staff",
    "extension service",
    "mobile rounds",
    "relocation",
    "regional management",
    "bulk plans",
    "reporting channel",
    "forum audit",
)
"""Accounts of the ledger that are coordination, and not what it is about."""


POSTS = ("hub posts", "extension service", "mobile rounds", "regional management")
"""Accounts whose officials are paid as posts."""
SPHERES = ("nation", "province", "municipality", "private")
"""Who bears coordination: spheres, and companies that lay their plans beside public ones."""


def hourly_cents(world: World, account: str, bearer: str) -> float:
    """Cents that a minute of a bearer is worth; posts are paid as posts, not by the hour."""
    worth = world.params[Worth]
    if account in POSTS:
        return 0.0
    if bearer == "citizens":
        return 100 * worth.citizen_hour / 60
    return 100 * (worth.municipal_hour if bearer == "municipality" else worth.other_hour) / 60


@observe("space")
def by_space(world: World) -> dict[str, I64]:
    """Cents that coordination took, and that its absence cost."""
    total = {bearer: np.zeros(world.spaces) for bearer in SPHERES}
    for (account, bearer), minutes in world.now.minutes.items():
        if account in COORDINATION and bearer in total:
            total[bearer] += minutes * hourly_cents(world, account, bearer) + world.now.cents[account, bearer]
    worth = world.params[Worth]
    flags = np.array(world.catalogue.documentary)
    tally = world.people.tally[:, flags, :].sum(axis=1)
    tally = tally.reshape(world.spaces, -1, tally.shape[-1]).sum(axis=1)
    wasted = tally[:, [WASTED_PAPERS, WASTED_ABSENT, WASTED_OFFLINE, WASTED_FULL, WASTED_LATE]].sum(axis=1)
    each = tally[:, CENTS] + tally[:, MINUTES] / 60 * 100 * worth.citizen_hour
    share = wasted / np.maximum(tally[:, TRIPS], 1)
    again = world.now.by_municipality["repeat_minutes"] * hourly_cents(world, "reports", "municipality")
    borne = {f"coordination_cents_{bearer}": np.rint(cents).astype(np.int64) for bearer, cents in total.items()}
    # a month's part of a year's money, as events leave it
    a_month = np.bincount(world.portfolios.space, weights=world.appropriated / 12, minlength=world.spaces)
    return borne | {
        "contestable_cents": np.rint(a_month).astype(np.int64),
        "coordination_cents": np.asarray(sum(borne.values())),
        "wasted_trip_cents": np.rint(each * share * world.people.citizens.represents).astype(np.int64),
        "repeat_report_cents": np.rint(
            np.bincount(world.municipality_space, weights=again, minlength=world.spaces)
        ).astype(np.int64),
    }


SILOS = ("duplicate_cents", "duplicates_undone_cents", "repeat_report_cents", "wasted_trip_cents")


def _silos(c: Counts) -> F64:
    return np.asarray(
        c["duplicate_cents"] - c["duplicates_undone_cents"] + c["repeat_report_cents"] + c["wasted_trip_cents"]
    )


def _a_year(*names: str) -> object:
    def value(c: Counts) -> F64:
        return over(sum((c[n] for n in names), np.zeros(())), c["months"], 12e-8)

    return value


announce(
    Metric(
        "cost_of_coordination", "money", "rand million a year", "lower",
        "officials' hours in meetings, reports and joint planning, and hub posts, over the whole scope; citizens left out",
        _a_year("coordination_cents"), ("coordination_cents",), ("worth", "engagement", "reporting", "hub"),
    ),
    Metric(
        "cost_of_silos", "money", "rand million a year", "lower",
        "money for duplicated items, hours on repeated requests (also part of cost_of_coordination: do not add the two), and citizens' fares and time on wasted trips, over the whole scope",
        lambda c: over(_silos(c), c["months"], 12e-8), SILOS, ("worth", "planning", "programme", "access"),
    ),
    Metric(
        "net_benefit", "money", "rand million a year", "higher",
        "minus what silos and coordination cost together, repeated reports counted once; only its difference between regimes means anything",
        lambda c: over(c["repeat_report_cents"] - _silos(c) - c["coordination_cents"], c["months"], 12e-8),
        (*SILOS, "coordination_cents"), ("worth", "planning", "programme", "access", "engagement", "reporting", "hub"),
    ),
    Metric(
        "break_even", "money", "share", "lower",
        "the share of contestable programme rand that would have to be redirected from what is funded twice to what is not funded at all, to pay for the coordination; its difference between regimes is what a regime's own coordination asks",
        ratio("coordination_cents", "contestable_cents"), ("coordination_cents", "contestable_cents"),
        ("worth", "programme", "engagement", "reporting", "hub"),
    ),
    *(
        Metric(
            f"coordination_borne_by_{bearer}", "money", "rand million a year", "lower",
            f"the part of cost_of_coordination that is {whose}, over the whole scope",
            _a_year(f"coordination_cents_{bearer}"), (f"coordination_cents_{bearer}",), ("worth", "engagement", "reporting", "hub"),
        )
        for bearer, whose in zip(SPHERES, ("the nation's", "provinces'", "municipalities'", "mining companies'"), strict=True)
    ),
)  # fmt: skip
