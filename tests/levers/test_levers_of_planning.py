"""Levers of planning and money: with their mechanism at nought they cost what they cost and move nothing else, to the bit."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from igrsim.government.authority import Trusting
from igrsim.government.municipality import Administration
from igrsim.government.regions import Regions
from igrsim.kernel.params import Params
from igrsim.phases.engagement import Engagement
from igrsim.phases.investing import InvestmentPlan
from igrsim.phases.learn import Memory
from igrsim.plans.bulk import BulkWork
from igrsim.plans.pipeline import Planning
from igrsim.runs.validation.small_worlds import believe, of_levers, small_model
from igrsim.world.world import World

I64 = NDArray[np.int64]
Found = tuple[dict[str, I64], dict[tuple[str, str], int]]

MECHANISM: dict[str, tuple[type[Params], dict[str, float]]] = {
    "idp-indaba": (Planning, {"joint_sight": 0.0}),
    "synchronised-calendar": (Planning, {"published": 0.0}),
    "regional-management": (Regions, {"stay": 0.0, "way": 1.0}),
    "investment-plan": (InvestmentPlan, {"weight": 0.0}),
    "bulk-infrastructure-plans": (BulkWork, {"tells": 0.0}),
}
EACH = pytest.mark.parametrize("name", MECHANISM)
ACCOUNTS = {
    "idp-indaba": {"meetings", "convening", "plans"},
    "synchronised-calendar": {"plans"},
    "regional-management": {"regional management"},
    "investment-plan": {"plans"},
    "bulk-infrastructure-plans": {"bulk plans"},
}
OF_HOURS = {"plan_minutes", "meeting_minutes", "displaced_minutes"}
OF_MEETINGS = {"invited", "attended", "meetings_ppm", "quorate_ppm", "forums_ppm", "functional_forums_ppm"}


@cache
def lived(name: str, off: str, tie_gain: float = 0.0) -> Found:
    """Three years of a mining district with a lever, or none, and one lever's mechanism at nought; load leaves no trace."""
    model = small_model(of_levers(*([name] if name else [])), ["DC36"], months=38, citizens=50)
    world = model.world
    believe(world, Engagement, fatigue=0.0, usefulness_pull=0.0, overrun=1.0, tie_gain=tie_gain, national_hours=1e9, provincial_hours=1e9)  # fmt: skip
    believe(world, Administration, seniority=1.0)
    believe(world, Memory, overload_harm=0.0)
    believe(world, Trusting, meeting=0.0)
    kind, numbers = MECHANISM[off]
    believe(world, kind, **numbers)
    counts: dict[str, I64] = {}
    ledger: dict[tuple[str, str], int] = {}

    def record(world: World, _: object) -> None:
        for by in (world.now.by_municipality, world.now.by_space):
            for count, values in by.items():
                counts[count] = counts.get(count, np.zeros_like(values)) + values
        for table in (world.now.minutes, world.now.cents):
            for place, values in table.items():
                ledger[place] = ledger.get(place, 0) + int(values.sum())

    model.record = record
    model.run()
    return counts, ledger


@EACH
def test_with_its_mechanism_at_nought_only_its_costs_are_left(name: str) -> None:
    counts, ledger = lived("", name)
    found, paid = lived(name, name)
    may = OF_HOURS | (OF_MEETINGS if name == "idp-indaba" else set())
    nothing = np.zeros(1, np.int64)
    for count in (counts.keys() | found.keys()) - may:
        np.testing.assert_array_equal(found.get(count, nothing) * 1, counts.get(count, nothing) * 1, err_msg=count)
    for place in ledger.keys() | paid.keys():
        if place[0] not in ACCOUNTS[name]:
            assert paid.get(place, 0) == ledger.get(place, 0), place
    assert any(paid.get(p, 0) > ledger.get(p, 0) for p in paid if p[0] in ACCOUNTS[name])


@EACH
def test_its_mechanism_moves_what_governments_fund(name: str) -> None:
    """And what it moves is not always for the better: nothing here says which way."""
    other = next(k for k in MECHANISM if k != name and MECHANISM[k][0] not in (MECHANISM[name][0], Planning))
    with_it, without = lived(name, other, 0.3), lived("", other, 0.3)
    assert any(
        (with_it[0][c] != without[0][c]).any() for c in ("committed_cents", "duplicate_cents", "severity_unfunded")
    )
