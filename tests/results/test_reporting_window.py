"""Reports that come late, do not come, or are wrong, as often as is said; and the numbers a reader may set."""

from __future__ import annotations

import numpy as np
import pytest

from igrsim.kernel.errors import InputError
from igrsim.kernel.params import GRADES, all_params
from igrsim.places.institutions import load_institutions
from igrsim.results.reporting_window import (
    NEVER,
    NUMBERS,
    Window,
    by_period,
    errors,
    in_hand,
    read_window,
    shuffles,
    uniform,
)

pytestmark = pytest.mark.fast

CODES = [f"S{i}" for i in range(400)]
PERFECT = Window(due=0, late=0, never=0, noise=0, noise_unreliable=0)


def test_a_perfect_window_shows_everything_when_it_ends() -> None:
    assert in_hand(PERFECT, 1, CODES[:3], 4).tolist() == [[3, 6, 9, 12]] * 3
    assert (errors(PERFECT, 1, "trust", CODES[:3], 4) == 1).all()


def test_reports_fail_as_often_as_said() -> None:
    window = Window(
        due=1, late=0.3, late_months=3, never=0.2, same_again=0, unreliable=0.5, noise=0.1, noise_unreliable=0.4
    )
    arrives = in_hand(window, 5, CODES, 20)
    # standard errors of shares of 8000 are below 0.006
    assert (arrives == NEVER).mean() == pytest.approx(0.2, abs=0.025)
    came = arrives - 3 * (np.arange(20) + 1)
    assert (came[arrives < NEVER] == 4).mean() == pytest.approx(0.3, abs=0.025)
    assert set(np.unique(came[arrives < NEVER])) == {1, 4}
    spread = np.sort(errors(window, 5, "trust", CODES, 20).std(axis=1))
    assert spread[:180].mean() == pytest.approx(0.1, abs=0.01)
    assert spread[-180:].mean() == pytest.approx(0.4, abs=0.03)


def test_the_same_spaces_fail_again_where_that_is_asked_for() -> None:
    def between(same: float) -> float:
        lost = in_hand(Window(never=0.2, same_again=same), 5, CODES, 20) == NEVER
        assert lost.mean() == pytest.approx(0.2, abs=0.06)
        return float(lost.mean(axis=1).var())

    # a share of 20 reports varies by 0.2 * 0.8 / 20 = 0.008 where it is anyone; by 0.2 * 0.8 * (0.5 + 0.5 / 20) = 0.084 at one half
    assert between(0.0) == pytest.approx(0.008, abs=0.002)
    assert between(0.5) == pytest.approx(0.084, abs=0.015)


def test_another_list_of_spaces_changes_nobodys_luck() -> None:
    assert (uniform(7, CODES[:5], 3) == uniform(7, CODES, 3)[:5]).all()
    orders = shuffles(7, CODES[:6], 50)
    assert (np.sort(orders, axis=1) == np.arange(6)).all()
    assert len({tuple(order) for order in orders}) > 40


def test_a_period_is_the_mean_of_its_defined_months() -> None:
    found = by_period(np.array([1.0, np.nan, 3.0, np.nan, np.nan, np.nan, 5.0]), 3)
    assert found[0] == 2.0
    assert np.isnan(found[1])
    assert len(found) == 2


def test_every_number_has_range_grade_and_source_and_is_no_number_of_the_model() -> None:
    sources = {s.key for s in load_institutions().sources}
    for name, number in NUMBERS.items():
        assert getattr(Window(), name) == number.default
        assert number.low <= number.default <= number.high
        assert number.grade in GRADES
        assert number.source in sources
        assert number.name not in all_params()
    assert [row["name"] for row in Window().table()] == [f"evaluation.{name}" for name in NUMBERS]


def test_a_reader_sets_numbers() -> None:
    assert read_window("monthly", ["noise=0.2", "evaluation.late=0"]) == Window(every=1, noise=0.2, late=0)


@pytest.mark.parametrize(
    ("every", "settings", "code", "words"),
    [
        ("quaterly", [], "E350", "did you mean 'quarterly'"),
        ("monthly", ["nois=0.2"], "E351", "did you mean 'noise'"),
        ("monthly", ["noise=much"], "E351", "write noise=number"),
        ("monthly", ["noise=0.1", "noise=0.2"], "E351", "twice"),
        ("monthly", ["late=9"], "E202", "is outside 0 to 0.5"),
        ("monthly", ["noise=nan"], "E201", "finite"),
    ],
)
def test_what_cannot_be_is_refused(every: str, settings: list[str], code: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read_window(every, settings)
    assert caught.value.code == code
