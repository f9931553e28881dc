"""The working group's docket: what is on it, and what may not be brought again yet."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.government.working_group import (
    AGREED,
    DISPUTE,
    IN_FORCE,
    LAPSED,
    NORM,
    REFUSED,
    RESTS,
    WAITING,
    Docket,
    WorkingGroupWork,
)


def docket(state: int, decided: int) -> Docket:
    made = Docket()
    one = np.array([7])
    made.add(DISPUTE, one, one, one, 3, one, np.ones(1), one.astype(np.uint64))
    made.state[:], made.decided[:] = state, decided
    return made


def test_a_new_case_waits_and_is_not_begun() -> None:
    made = Docket()
    two = np.array([4, 9])
    made.add(NORM, two, two * 0, two * 0 + 1, 5, two * 0 - 1, np.ones(2), two.astype(np.uint64))
    assert len(made) == 2
    assert made.about.tolist() == [4, 9]
    assert made.entered.tolist() == [5, 5]
    assert made.state.tolist() == [WAITING] * 2
    assert made.left.tolist() == made.decided.tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("state", "decided", "month", "found"),
    [
        (WAITING, -1, 50, True),
        (AGREED, 1, 50, True),
        (REFUSED, 10, 10 + RESTS - 1, True),
        (REFUSED, 10, 10 + RESTS, False),
        (IN_FORCE, 10, 11, False),
        (LAPSED, 10, 11, False),
    ],
)
def test_what_waits_is_agreed_or_was_refused_of_late_is_not_brought_again(
    state: int, decided: int, month: int, found: bool
) -> None:
    made = docket(state, decided)
    assert made.barred(DISPUTE, np.array([7, 8]), month).tolist() == [found, False]
    assert made.barred(NORM, np.array([7]), month).tolist() == [False]


def test_each_kind_takes_its_own_minutes() -> None:
    p = WorkingGroupWork(
        dispute_hours=2, overlap_hours=3, complement_hours=4, procedure_hours=5, norm_hours=6
    )  # fmt: skip
    assert p.minutes.tolist() == [120, 180, 240, 300, 360]
