"""Every study that is shipped opens, and each of its arms runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from igrsim.kernel.clock import Clock
from igrsim.model import IGRModel, Scenario
from igrsim.runs.study import check_places, read_study
from igrsim.services.catalogue import SERVICES
from igrsim.world.events import KINDS

STUDIES = sorted((Path(__file__).parents[2] / "experiments").glob("*.toml"))


@pytest.mark.parametrize("file", STUDIES, ids=lambda f: f.stem)
def test_a_study_opens_and_its_arms_run_three_months(file: Path) -> None:
    study, _ = read_study(file, [])
    check_places(study)
    assert study.reference in study.arms
    for name, arm in study.arms.items():
        regime = study.regime(name)
        events = tuple(study.event)
        scenario = Scenario(
            regime=regime,
            # what befalls people in their thousands needs a place that has them
            scope=["DC36"] if events else "two-towns",
            start=study.world.start,
            months=3,
            citizens=200,
            params=dict(arm.set),
            events=events,
        )
        assert IGRModel(scenario).run().month == 3


def test_every_kind_of_event_that_is_shown_takes_hold() -> None:
    study, _ = read_study(next(file for file in STUDIES if file.stem == "events"))
    assert {event.kind for event in study.event} == KINDS.keys() - {"office-closes"}
    start, months = study.world.start, study.world.months
    assert all(0 <= Clock(start, months).month_of(event.date) < months for event in study.event)
    scenario = Scenario(scope=["DC36"], start=start, months=months, citizens=200, events=tuple(study.event))
    model = IGRModel(scenario)
    closed, less, surge = [], [], []
    while model.month < months:
        model.step()
        world = model.world
        closed.append(world.points.closed[world.points.service == SERVICES.index("sassa")].max())
        less.append(world.circumstances.budget_factor.min())
        surge.append(world.circumstances.surge is not None)
    assert closed[11:14] == pytest.approx([5 / 31, 1.0, (10 + 0.67 * 21) / 31])
    assert less[15] == pytest.approx(0.9)
    assert [m for m, now in enumerate(surge) if now] == [21, 22]
