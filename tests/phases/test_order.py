"""Nothing depends on the order in which agents are visited, whatever the arrangements."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from igrsim.levers._base import levers
from igrsim.metrics._base import counts_now
from igrsim.regimes.regime import Regime, Term
from igrsim.runs.validation.small_worlds import small_model
from igrsim.world.world import World

EVERY = tuple(name for name, _ in levers.items())
REGIMES = {
    "every lever": Regime("every lever", "made up", "assumption", EVERY),
    "in part, shared": Regime(
        "in part", "made up", "assumption", EVERY,
        terms=(Term("district-hub", 0.7), Term("one-plan", 0.6, ("DC36",)), Term("regulated-plan", 0.5)),
        choices=(("district-hub.retire", 0.5), ("regulated-plan.binding", 0.5)), shared_hubs=(("DC36", "ETH"),),
    ),
}  # fmt: skip


def state(world: World) -> dict[str, np.ndarray]:
    """Where a run ended."""
    works = world.works
    order = np.lexsort((works.slot, works.item))
    found = {f"works {f.name}": getattr(works, f.name)[order] for f in fields(works)}
    found |= {f"purses {f.name}": getattr(world.purses, f.name) for f in fields(world.purses)}
    for name in (
        "funded",
        "drafted",
        "compared",
        "shown",
        "early",
        "dispute",
        "delivered_by",
        "owner",
        "agreed",
        "signed",
        "paid_in",
        "surveyed",
        "needs",
    ):
        found[f"items {name}"] = getattr(world.pipeline, name)
    for name in ("trust", "salience", "ties", "peer_ties"):
        found[name] = getattr(world, name)
    found["bulk plans"] = world.bulk.stands
    found["partnership"] = world.partnership()
    found["skills"] = world.skills.effective()
    found["hubs"] = np.array(
        [
            [h.filled, h.minutes, h.plan_adopted, h.profile_made, *h.steps.values()]
            for _, h in sorted(world.hubs.items())
        ]
    )
    return found


@pytest.mark.parametrize("regime", REGIMES)
def test_agents_visited_in_reverse(regime: str) -> None:
    ends, months = [], []
    for reverse in (False, True):
        model = small_model(REGIMES[regime], ["DC36", "ETH"], months=26, citizens=300, reverse=reverse)
        found: list[dict[str, np.ndarray]] = []
        model.record = lambda world, counts, found=found: found.append(
            {f"{level} {name}": np.array(v) for level, by in counts.items() for name, v in by.items()}
            | {f"{place}": v.copy() for table in (world.now.minutes, world.now.cents) for place, v in table.items()}
        )
        model.run()
        ends.append(state(model.world))
        months.append(found)
        assert counts_now(model.world)
    for number, (one, other) in enumerate(zip(*months, strict=True)):
        assert one.keys() == other.keys()
        for name in one:
            np.testing.assert_array_equal(one[name], other[name], err_msg=f"month {number}: {name}")
    for name in ends[0]:
        np.testing.assert_array_equal(ends[0][name], ends[1][name], err_msg=name)
    # a partial plan takes its part of the hours, and is adopted too
    assert (ends[0]["hubs"][:, 2] >= 0).any()
    assert ends[0]["works item"].size
