"""How a municipality's finite hours go to meetings."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from igrsim.government.municipality import ABSENT, JUNIOR, SENIOR, Invitation, Municipality
from igrsim.runs.validation.small_worlds import small_model

HOST = small_model()


def town(minutes: int = 600, condition: float = 0.9) -> Municipality:
    return Municipality(HOST, code="X", index=0, space=0, kind="local", minutes=minutes, condition=condition)


invitations = st.lists(
    st.tuples(st.floats(0, 3), st.integers(0, 400), st.booleans(), st.floats(0, 0.999), st.floats(0, 0.999)),
    max_size=12,
).map(lambda rows: [Invitation(k, *row) for k, row in enumerate(rows)])


@given(invitations, st.integers(0, 900), st.floats(0, 1), st.floats(0, 1))
def test_every_minute_comes_from_somewhere(asked: list[Invitation], busy: int, overrun: float, junior: float) -> None:
    answers, displaced = town().answer(asked, busy, overrun, junior)
    spent = sum(minutes for _, _, minutes in answers)
    assert sorted(n for n, _, _ in answers) == list(range(len(asked)))
    assert 0 <= displaced <= spent
    # beyond what was taken from delivery nothing exceeds the hours that were left
    assert spent - displaced <= max(600 - busy, 0)
    for number, who, minutes in answers:
        assert minutes == (asked[number].minutes if who else 0)
        assert asked[number].willing or who == ABSENT


@given(invitations, st.integers(0, 900), st.randoms(use_true_random=False))
def test_the_order_of_letters_does_not_matter(asked: list[Invitation], busy: int, random: object) -> None:
    turned = list(reversed(asked))
    assert town().answer(asked, busy, 0.3, 0.5) == town().answer(turned, busy, 0.3, 0.5)


@given(invitations)
def test_more_hours_never_mean_fewer_meetings_when_nothing_overruns(asked: list[Invitation]) -> None:
    alike = [i._replace(minutes=100) for i in asked]
    few, many = (sum(w != ABSENT for _, w, _ in town(m).answer(alike, 0, 0.0, 0.0)[0]) for m in (300, 700))
    assert few <= many


@pytest.mark.parametrize(
    ("luck", "who"), [(0.1, SENIOR), (0.29, SENIOR), (0.31, JUNIOR), (0.64, JUNIOR), (0.66, ABSENT), (0.99, ABSENT)]
)
def test_without_hours_luck_decides_between_overrun_junior_and_absence(luck: float, who: int) -> None:
    ((_, came, minutes),), displaced = town(0).answer([Invitation(0, 1.0, 90, True, luck, 0.0)], 0, 0.3, 0.5)
    assert came == who
    assert displaced == minutes == (90 if who else 0)


@pytest.mark.parametrize(("condition", "who"), [(0.9, SENIOR), (0.35, JUNIOR)])
def test_a_weak_municipality_sends_juniors(condition: float, who: int) -> None:
    ((_, came, _),), _ = town(condition=condition).answer([Invitation(0, 1.0, 90, True, 0.5, 0.7)], 0, 0.0, 0.0)
    assert came == who
