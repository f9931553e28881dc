"""The measure of how long departments take to answer municipalities: it looks, counts right, and touches nothing."""

from __future__ import annotations

import numpy as np

from igrsim.model import IGRModel, Scenario
from igrsim.plans.calendars import DEPARTMENTS, MUNICIPALITIES
from igrsim.plans.pipeline import Planning
from igrsim.runs.validation.patterns_calendar import BETWEEN, Answers, answers, peak
from igrsim.runs.validation.small_worlds import believe, of_levers


def lived(watched: bool, **planning: float) -> tuple[IGRModel, Answers]:
    model = IGRModel(Scenario(regime="siloed", scope=["DC36"], months=30, citizens=50), seed=1)
    believe(model.world, Planning, **planning)
    found = Answers()
    model.after_phase = found.look if watched else None
    return model.run(), found


def test_watching_changes_nothing() -> None:
    (watched, found), (alone, _) = lived(True), lived(False)
    for column in ("funded", "drafted", "shown", "delivered_by"):
        np.testing.assert_array_equal(getattr(watched.world.pipeline, column), getattr(alone.world.pipeline, column))
    np.testing.assert_array_equal(watched.world.purses.committed, alone.world.purses.committed)
    assert found.submission


def test_silos_answer_from_september_to_march_in_whole_years() -> None:
    _, found = lived(True)
    lag = (DEPARTMENTS.draft_month - MUNICIPALITIES.draft_month) % 12
    assert lag == 6
    assert {each % 12 for each in found.submission} == {lag}
    assert {each + BETWEEN for each in found.submission} <= set(found.spending)
    assert {each % 12 for each in found.spending} <= {1}
    # each answer is given once
    assert len(found.spending) == int(found.told.sum())


def test_nobody_answers_what_nobody_knows() -> None:
    blind = {"published": 0.0, "tie_sight": 0.0, "site_sight": 0.0, "agency_sight": 0.0}
    _, found = lived(True, **blind)
    assert found.submission == found.spending == []
    assert (found.laid >= 0).any()


def test_what_is_exchanged_early_is_answered_before_the_draft() -> None:
    early = answers(of_levers("synchronised-calendar"), scope="pilots")
    silos = answers("siloed", scope="pilots")
    assert min(silos.submission) == 6
    assert min(early.submission) == -6
    assert np.mean(early.spending) < np.mean(silos.spending)


def test_the_peak_is_the_most_frequent() -> None:
    assert peak([13, 1, 13, 25, -6]) == 13
    assert peak([-6, -6, 2]) == -6
