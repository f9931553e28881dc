"""The levers of the alignment mechanism, alive: when they begin to tell, and what they never touch."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from igrsim.government.municipality import Administration
from igrsim.government.working_group import WorkingGroupWork
from igrsim.phases.engagement import Engagement
from igrsim.phases.learn import Memory
from igrsim.runs.validation.small_worlds import believe, of_levers, small_model
from igrsim.world.world import World

I64 = NDArray[np.int64]
MONTHS = 26
DECEMBER, JULY = 8, 15
"""Months of a study that begins in April: of the first circulars, and of the first municipal budgets that follow them."""
HOURS = {
    "upkeep_minutes",
    "plan_minutes",
    "official_minutes",
    "displaced_minutes",
    "load_minutes",
    "coordination_cents",
} | {f"coordination_cents_{b}" for b in ("nation", "province", "municipality")}
CASES = {
    "cases_brought_ppm", "cases_agreed_ppm", "cases_refused_ppm", "cases_lapsed_ppm", "cases_waiting_ppm",
    "case_months_ppm", "interventions_ppm",
}  # fmt: skip
UNTOUCHED = (
    "asks", "repeats", "agenda_items", "decisions", "meeting_minutes", "wasted_trip_cents",
    "repeat_report_cents", "data_quality_ppm", "ties_ppm", "salience_ppm", "partnership_ppm", "hub_backlog_minutes",
)  # fmt: skip
LEVERS = ("alignment-adjudication", "finance-enablement", "norms-differentiation", "platform-linkage")


@cache
def lived(*names: str) -> tuple[list[dict[str, I64]], World]:
    """Counts by space of each month of a metro and a district under some levers, load leaving no trace of its own."""
    model = small_model(of_levers(*names), ["DC15", "ETH"], months=MONTHS, citizens=300)
    world = model.world
    believe(world, Engagement, fatigue=0.0, usefulness_pull=0.0, overrun=1.0, national_hours=1e9, provincial_hours=1e9)
    believe(world, Administration, seniority=1.0)
    believe(world, Memory, overload_harm=0.0)
    believe(world, WorkingGroupWork, hours=20_000.0)
    found: list[dict[str, I64]] = []

    def record(_: World, counts: dict[str, dict[str, I64]]) -> None:
        whole = counts["space"] | {f"people {k}": v for k, v in counts["people"].items()}
        found.append({k: v.copy() for k, v in whole.items()})

    model.record = record
    model.run()
    return found, world


def differing(name: str, months: range) -> set[str]:
    silos, other = lived()[0], lived(name)[0]
    return {k for m in months for k in silos[m] if not np.array_equal(silos[m][k], other[m][k])}


@pytest.mark.parametrize("name", LEVERS)
def test_people_meetings_and_requests_are_as_in_silos(name: str) -> None:
    changed = differing(name, range(MONTHS))
    assert not {k for k in changed if k.startswith("people ")}
    assert set(UNTOUCHED) <= set(lived()[0][0])
    assert not changed & set(UNTOUCHED)
    assert changed & HOURS


@pytest.mark.parametrize("name", ["finance-enablement", "norms-differentiation", "alignment-adjudication"])
def test_before_the_circulars_of_december_there_are_only_hours(name: str) -> None:
    early = differing(name, range(DECEMBER))
    # what two fund, one may give up at the adjustments budgets before
    soon = {
        "overlap_moved_cents",
        "overlap_found_cents",
        "duplicates_undone_cents",
        "returned_cents",
        "committed_cents",
    }
    allowed = HOURS | CASES | (soon if name == "alignment-adjudication" else set())
    assert early <= allowed, early - allowed


@pytest.mark.parametrize(
    ("name", "moves"),
    [
        ("finance-enablement", lambda c: -c["spent_cents"]),
        ("norms-differentiation", lambda c: -c["spent_cents"]),
        ("alignment-adjudication", lambda c: c["disputed_items"]),
        ("platform-linkage", lambda c: c["duplicate_cents"]),
    ],
)
def test_in_time_it_moves_what_it_is_for(name: str, moves: Callable[[dict[str, I64]], I64]) -> None:
    silos, other = (sum(int(moves(c).sum()) for c in lived(*n)[0]) for n in ((), (name,)))
    assert other < silos


def test_what_is_let_sooner_can_less_be_taken_back() -> None:
    """The risk of letting quickly: at the adjustments budget there is less without a contract."""
    world, quick = lived()[1], lived("finance-enablement")[1]
    assert quick.group.given_up > 0

    def waits(world: World) -> float:
        begun = world.works.begun >= JULY
        assert begun.any()
        return float((world.works.let - world.works.begun)[begun].mean())

    assert waits(quick) < waits(world)
