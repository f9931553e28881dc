"""The single reporting channel and the forum audit move what they name, and nothing else to the last bit."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from igrsim.government.authority import Trusting
from igrsim.government.municipality import Administration
from igrsim.government.reporting_channel import ChannelWork
from igrsim.phases.engagement import Engagement
from igrsim.phases.forum_audit import AuditWork
from igrsim.phases.learn import Memory
from igrsim.phases.request import Reporting
from igrsim.runs.validation.small_worlds import believe, of_levers, small_model
from igrsim.world.world import World

I64 = NDArray[np.int64]
REPORTING = {"asks", "repeats", "answered", "dropped", "report_minutes", "repeat_minutes", "report_overload_ppm"}
MEETING = {
    "meeting_minutes", "upkeep_minutes", "invited", "attended", "meetings_ppm", "quorate_ppm", "forums_ppm",
    "functional_forums_ppm", "agenda_items", "agenda_repeats", "decisions",
}  # fmt: skip
ACCOUNTS = {
    "single-reporting-channel": {"reports", "reporting channel"},
    "forum-audit": {"meetings", "convening", "forum audit"},
}
MOVED = {"single-reporting-channel": REPORTING | {"displaced_minutes"}, "forum-audit": MEETING | {"displaced_minutes"}}


@cache
def lived(*names: str) -> tuple[dict[str, I64], dict[tuple[str, str], I64]]:
    """Two years of two provinces' districts in which neither load nor acquaintance leaves a trace elsewhere."""
    model = small_model(of_levers(*names), ["DC36", "DC15"], months=26, citizens=200)
    world = model.world
    believe(
        world,
        Engagement,
        fatigue=0.0,
        usefulness_pull=0.0,
        overrun=1.0,
        tie_gain=0.0,
        national_hours=1e9,
        provincial_hours=1e9,
    )
    believe(world, Administration, seniority=1.0)
    believe(world, Memory, overload_harm=0.0)
    believe(world, Trusting, meeting=0.0)
    believe(world, Reporting, calls_meeting=0.0)
    believe(world, ChannelWork, setup_months=2.0)
    believe(world, AuditWork, recalls=0.0, framework_months=2.0)
    counts: dict[str, I64] = {}
    ledger: dict[tuple[str, str], I64] = {}

    def record(world: World, found: dict[str, dict[str, I64]]) -> None:
        people = {f"people {name}": values for name, values in found["people"].items()}
        for by in (world.now.by_municipality, world.now.by_space, people):
            for name, values in by.items():
                counts[name] = counts.get(name, np.zeros_like(values)) + values
        for kind, table in (("minutes", world.now.minutes), ("cents", world.now.cents)):
            for (account, bearer), values in table.items():
                place = (account, f"{bearer} {kind}")
                ledger[place] = ledger.get(place, np.zeros_like(values)) + values

    model.record = record
    model.run()
    return counts, ledger


@pytest.mark.parametrize("name", sorted(MOVED))
def test_nothing_else_moves(name: str) -> None:
    (silos, before), (found, after) = lived(), lived(name)
    nothing = np.zeros(1, np.int64)
    moved = {c for c in silos.keys() | found.keys() if (found.get(c, nothing) != silos.get(c, nothing)).any()}
    assert moved <= MOVED[name]
    accounts = {
        place[0]
        for place in before.keys() | after.keys()
        if (after.get(place, nothing) != before.get(place, nothing)).any()
    }
    assert accounts <= ACCOUNTS[name]
    assert any(c.startswith("people ") for c in silos)


def test_each_moves_what_it_names() -> None:
    silos, _ = lived()
    channel, _ = lived("single-reporting-channel")
    audit, _ = lived("forum-audit")
    for count in ("asks", "repeats", "report_minutes"):
        assert channel[count].sum() < silos[count].sum()
    assert audit["meetings_ppm"].sum() < silos["meetings_ppm"].sum()


def test_together_each_does_what_it_does_alone() -> None:
    both, _ = lived("forum-audit", "single-reporting-channel")
    for name, counts in (("single-reporting-channel", REPORTING), ("forum-audit", MEETING)):
        alone, _ = lived(name)
        for count in counts:
            np.testing.assert_array_equal(both[count], alone[count], err_msg=count)
