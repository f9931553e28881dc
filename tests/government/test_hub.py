"""Posts filled month by month, help from specialists, phases of a plan."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from igrsim.government.hub import PLAN_PHASES, TASKS, Hub, HubWork
from igrsim.kernel.params import ParamSet
from igrsim.runs.validation.small_worlds import small_model

HOST = small_model()
WORK = ParamSet()[HubWork]


def hub(opened: int = 3) -> Hub:
    return Hub(HOST, space=0, code="X", opened=opened)


@given(st.floats(0.01, 22), st.integers(0, 30), st.integers(0, 60))
def test_posts_are_filled_evenly_from_when_there_are_any_and_never_beyond(posts: float, late: int, after: int) -> None:
    made = hub()
    for month in range(3, 3 + late):
        made.staff(0.0, month, WORK)
        assert (made.established, made.filled, made.minutes) == (-1, 0.0, 0)
    made.staff(posts, 3 + late, WORK)
    assert made.established == 3 + late
    assert made.filled == pytest.approx(posts / WORK.months_to_staff)
    made.done["agenda"] = 5
    made.staff(posts, 3 + late + after, WORK)
    assert made.established == 3 + late
    assert made.filled == pytest.approx(posts * min(1.0, (after + 1) / WORK.months_to_staff))
    assert made.minutes == int(made.filled * WORK.hours_per_post * 60)
    assert set(made.done.values()) == {0}


@given(st.sampled_from(TASKS), st.integers(0, 500), st.integers(0, 500))
def test_specialists_take_up_no_more_than_lies_on_the_desk(task: str, waiting: int, minutes: int) -> None:
    made = hub()
    made.backlog[task] = waiting
    left = made.help(task, minutes)
    assert made.backlog[task] + minutes - left == waiting
    assert 0 <= left <= minutes
    assert left == 0 or made.backlog[task] == 0
    assert sum(made.backlog.values()) == made.backlog[task]


def test_posts_that_come_back_are_filled_as_they_were() -> None:
    made = hub()
    made.staff(11.0, 3, WORK)
    made.staff(0.0, 30, WORK)
    assert (made.filled, made.established) == (0.0, 3)
    made.staff(11.0, 31, WORK)
    assert made.filled == 11.0


def test_a_plan_has_its_phases_once() -> None:
    made = hub()
    brought = [made.next_phase(1000)]
    # neither without the work done, nor without a forum, does the next one begin
    for awaits, sat in ((False, False), (True, False), (False, True)):
        made.awaits, made.sat = awaits, sat
        assert made.next_phase(1000) == 0
        assert made.plan_phase == 0
    while brought[-1] >= 0:
        made.awaits = made.sat = True
        brought.append(made.next_phase(1000))
    assert brought == [round(1000 * part) for _, part in PLAN_PHASES] + [-1]
    assert made.plan_phase == len(PLAN_PHASES) - 1
    made.awaits = made.sat = True
    assert made.next_phase(1000) == -1
