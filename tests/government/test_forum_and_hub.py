"""A forum's rhythm and memory; what lies on a hub's desk."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from igrsim.government.forum import Forum
from igrsim.government.forums import Forums
from igrsim.government.hub import TASKS, Hub, HubWork
from igrsim.kernel.params import ParamSet
from igrsim.runs.validation.small_worlds import small_model

HOST = small_model()
WORK = ParamSet()[HubWork]


def forum(**other: Any) -> Forum:
    usual: dict[str, Any] = {
        "code": "F", "key": 5, "name": "F", "level": "space", "convener": -1, "spaces": np.array([0]),
        "municipalities": np.array([0]), "seats": np.zeros(1, bool), "sectors": np.zeros(1, bool), "a_year": 4,
        "minutes": 60, "preparation": 60, "delegates": 1, "travel": np.array([0]), "statutory": 0.0, "retirable": False,
    }  # fmt: skip
    return Forum(HOST, **(usual | other))


@given(st.integers(0, 2**64 - 1), st.integers(0, 24))
def test_a_year_has_as_many_meetings_as_the_rhythm_says(key: int, a_year: int) -> None:
    due = [forum(key=key, a_year=a_year).due(month) for month in range(1, 13)]
    assert sum(due) == a_year
    assert max(due) - min(due) <= 1


def test_a_forum_works_if_half_its_meetings_of_the_year_decided() -> None:
    f = forum()
    table = Forums([f])

    def meets(month: int, *useful: bool) -> None:
        table.remember(month, np.zeros(len(useful), int), np.array(useful, bool))

    assert not f.functional
    for month, decided in enumerate([True, False, True, False]):
        meets(month, decided)
    assert f.functional
    meets(4, False)
    assert not f.functional
    for month in range(5, 12):
        meets(month)
    meets(12, True)
    # the meeting of month 0 is a year old and forgotten
    assert f.held.sum() == 5
    assert not f.functional
    meets(13, True)
    assert f.functional
    np.testing.assert_array_equal(table.functional(), [True])


def hub(minutes: int = 0) -> Hub:
    made = Hub(HOST, space=0, code="X", opened=3)
    made.minutes = minutes
    return made


@given(
    st.lists(st.tuples(st.sampled_from(TASKS), st.integers(0, 900), st.booleans()), max_size=20), st.integers(0, 2000)
)
def test_a_hub_does_no_more_than_its_minutes(work: list[tuple[str, int, bool]], minutes: int) -> None:
    desk = hub(minutes)
    brought = dict.fromkeys(TASKS, 0)
    for task, new, keep in work:
        before = desk.backlog[task]
        share = desk.work(task, new, keep)
        brought[task] += new
        assert 0 <= share <= 1
        assert desk.backlog[task] in (0, before + new, *range(before + new))
    assert sum(desk.done.values()) + desk.minutes == minutes
    assert all(desk.done[t] + desk.backlog[t] <= brought[t] for t in TASKS)


def test_what_is_kept_waits_and_what_is_not_lapses() -> None:
    desk = hub(100)
    assert desk.work("profile", 250, keep=True) == pytest.approx(0.4)
    assert desk.work("agenda", 50, keep=False) == 0.0
    assert (desk.backlog["profile"], desk.backlog["agenda"]) == (150, 0)
    desk.minutes = 500
    assert desk.work("profile", 0, keep=True) == 1.0
    assert desk.minutes == 350


def test_posts_fill_evenly() -> None:
    desk = hub()
    filled = []
    for month in range(3, 20):
        desk.staff(11, month, WORK)
        filled.append(desk.filled)
        assert desk.minutes == int(desk.filled * WORK.hours_per_post * 60)
    steps = np.diff(filled)
    np.testing.assert_allclose(filled[0], 11 / WORK.months_to_staff)
    np.testing.assert_allclose(steps[:12], 11 / WORK.months_to_staff)
    assert filled[12:] == [11] * 5
