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


@given(st.floats(0, 22), st.integers(0, 60))
def test_posts_are_filled_evenly_and_never_beyond_what_was_established(posts: float, after: int) -> None:
    made = hub()
    made.staff(posts, 3 + after, WORK)
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
