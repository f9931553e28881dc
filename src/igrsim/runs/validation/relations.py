"""How outcomes must move when one thing is changed: scaled money, more money, more sight, a witness who only looks on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import numpy as np

from igrsim.metrics._base import counts_now, metrics
from igrsim.model import IGRModel, Scenario
from igrsim.plans.pipeline import Planning, Programme
from igrsim.runs.validation.finding import NULL, Finding, exact, holds
from igrsim.runs.validation.small_worlds import believe, small_model, sums
from igrsim.world.events import BudgetShock
from igrsim.world.world import World

MONTHS = 48
ARMS = ("siloed", "district-hub")
TIMES = 32.0
"""Whose powers of 0.4 and 0.6 are whole."""


def relations() -> Iterator[Finding]:
    """Every relation."""
    for regime in ARMS:
        usual = outcome(regime)
        yield from money_scaled(regime, usual)
        yield from more_of_a_thing(regime, usual)
    yield nobody_looks_on()


def outcome(
    regime: str, prepare: Callable[[World], None] | None = None, events: tuple[BudgetShock, ...] = ()
) -> dict[str, float]:
    """Counts of some years of the pilots."""
    model = IGRModel(
        Scenario(regime=regime, scope="pilots", months=MONTHS, citizens=500, rollout="all-at-once", events=events),
        seed=1,
    )
    if prepare:
        prepare(model.world)
    return sums(model)


def value(metric: str, counts: dict[str, float]) -> float:
    """A metric of summed counts."""
    return float(metrics[metric].value({name: np.asarray(v, dtype=np.float64) for name, v in counts.items()}))


def money_scaled(regime: str, usual: dict[str, float]) -> Iterator[Finding]:
    """All money and all prices times as much: the same items are funded."""

    def prepare(world: World) -> None:
        programme = world.params[Programme]
        scale = programme.cost_scale
        # costs grow with money to that power by themselves
        believe(
            world,
            Programme,
            per_person=TIMES * programme.per_person,
            item_cost=TIMES ** (1 - scale) * programme.item_cost,
        )
        world.portfolios.cents[:] *= int(TIMES)

    scaled = outcome(regime, prepare)
    names = ("committed_cents", "duplicate_cents", "spent_cents", "returned_cents", "severity_unfunded")
    times = [scaled[n] / usual[n] / (1 if n == "severity_unfunded" else TIMES) - 1 for n in names if usual[n]]
    worst = max(abs(t) for t in times)
    yield holds(
        f"all money times {TIMES:g}, {regime}: rand committed, funded twice, spent and taken back, and need unfunded", NULL,
        f"times {TIMES:g}, the last the same, within 1e-6", f"off by {worst:.2g} at most", worst < 1e-6,
    )  # fmt: skip


def more_of_a_thing(regime: str, usual: dict[str, float]) -> Iterator[Finding]:
    """More money leaves less need unmet, more sight fewer duplicates; an exception would be a real effect, to be explained."""
    rich = outcome(regime, events=(BudgetShock(date=date(2019, 4, 1), share=0.2, months=600),))
    change = rich["severity_unfunded"] / usual["severity_unfunded"]
    yield holds(
        f"a fifth more money, {regime}: need unfunded over that with the usual money", NULL, "at most 1", f"{change:.4f}", change <= 1,
    )  # fmt: skip
    shares = [value("duplicate_spend_share", usual)]
    for numbers in (
        {"tie_sight": 0.9, "published": 0.65, "referenced": 0.7},
        {"tie_sight": 1.0, "published": 1.0, "referenced": 1.0, "joint_sight": 1.0, "agency_sight": 1.0},
    ):
        shares.append(
            value("duplicate_spend_share", outcome(regime, lambda w, n=numbers: believe(w, Planning, **n)))  # type: ignore[misc]
        )
    yield holds(
        f"usual, more and full sight of others' plans, {regime}: share of rand funded twice", NULL, "falls",
        ", ".join(f"{s:.4f}" for s in shares), shares[0] >= shares[1] >= shares[2],
    )  # fmt: skip


def nobody_looks_on() -> Finding:
    """A run that is counted each month ends as one that is not."""
    ends = []
    for counted in (True, False):
        model = small_model("district-hub", scope=["DC15"], months=24, rollout="all-at-once")
        if counted:
            model.record = lambda world, counts: None
        model.run()
        ends.append(counts_now(model.world))
    differ = [
        name for level in ends[0] for name in ends[0][level] if (ends[0][level][name] != ends[1][level][name]).any()
    ]
    return exact(
        "a run counted each month against one that is not: counts that differ at the end", NULL, 0, len(differ)
    )
