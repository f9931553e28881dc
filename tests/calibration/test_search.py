"""Calibration of made-up facts whose answer is known: which number moves, how far, and what is said where none can."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

import igrsim.model  # noqa: F401  every parameter announces itself
from igrsim.kernel.params import all_params
from igrsim.runs.calibration.calibrating import calibrated
from igrsim.runs.calibration.facts import Fact, tried
from igrsim.runs.calibration.parameter_file import read_parameters
from igrsim.runs.calibration.record import write_parameters
from igrsim.runs.calibration.search import BATCH, Calibration, calibrate, length, scattered
from igrsim.runs.calibration.trials import Trials
from igrsim.runs.validation.finding import PATTERN, Finding, holds, outside

SIGNS, PAYS, DEFERS, DUTY = "planning.signs", "planning.pays", "planning.defers", "authority.duty"
FOUR = (SIGNS, PAYS, DEFERS, DUTY)
POINTS = 40


def at(values: Mapping[str, float], name: str) -> float:
    return values.get(name, all_params()[name].default)


def wanting(number: int, row: Callable[[Mapping[str, float]], tuple[float, float, float]], name: str = "row") -> Fact:
    """A fact of one row: a figure of the parameters that must lie within bounds."""

    def part(values: Mapping[str, float]) -> Finding:
        found, low, high = row(values)
        return holds(
            f"fact {number}: {name}", PATTERN, f"{low} to {high}", f"{found:.4f}", low <= found <= high,
            outside(found, low, high),
        )  # fmt: skip

    return Fact(number, "made up", (part,), FOUR)


EASY = wanting(90, lambda v: (at(v, SIGNS), 0.0, 1.0))
LESS_PAID = wanting(91, lambda v: (at(v, PAYS), 0.0, 0.2))
EITHER = wanting(92, lambda v: (at(v, PAYS) - at(v, DEFERS), -1.0, -0.4))
BOTH = wanting(96, lambda v: (at(v, PAYS) - at(v, DEFERS), -1.0, -0.7))
TOGETHER = wanting(97, lambda v: ((at(v, PAYS) - 0.35) * (at(v, DEFERS) - 0.6), 0.01, 1.0))
NOWHERE = wanting(93, lambda v: (at(v, PAYS) + at(v, DEFERS), 2.0, 3.0))
MORE_PAID = wanting(94, lambda v: (at(v, PAYS), 0.3, 1.0))


def outcome(*facts: Fact, points: int = POINTS, seed: int = 1) -> Calibration:
    with Trials() as trials:
        return calibrate(trials, facts, points, seed)


def test_what_holds_moves_nothing() -> None:
    found = outcome(EASY)
    assert found.values == {}
    assert [o.state for o in found.outcomes] == ["held"]
    assert found.outcomes[0].points == 0


def test_the_number_that_matters_moves_and_no_further_than_it_must() -> None:
    found = outcome(EASY, LESS_PAID)
    assert [o.state for o in found.outcomes] == ["held", "moved"]
    # from 0.35 to at most 0.2, and back to within a thirtieth of the way to the point that was tried
    assert set(found.values) == {PAYS}
    p = all_params()[PAYS]
    assert 0.2 - (p.default - p.low) / 16 < found.values[PAYS] <= 0.2
    assert all(row.passed for rows in found.last.values() for row in rows)


def test_one_number_moves_where_one_will_do() -> None:
    # both to matter, either is enough: the shortest way there is 0.15 of a share, over a range of 0.6
    values = outcome(EITHER).values
    assert len(values) == 1
    assert set(values) <= {PAYS, DEFERS}
    assert 0.25 <= length({}, values) <= 0.3


def test_two_numbers_move_where_one_will_not_do() -> None:
    values = outcome(BOTH).values
    assert set(values) == {PAYS, DEFERS}
    assert -0.72 <= values[PAYS] - values[DEFERS] <= -0.7


def test_numbers_that_help_only_together_are_found_by_the_hypercube() -> None:
    (moved,) = outcome(TOGETHER).outcomes
    assert moved.state == "moved"
    assert set(moved.values) == {PAYS, DEFERS}
    assert (moved.values[PAYS] - 0.35) * (moved.values[DEFERS] - 0.6) == pytest.approx(0.01, rel=0.15)
    # the ends, what helps of them, and so many batches as it took: the nearest points first, none beyond
    assert (moved.points - 9) % BATCH == 0
    assert 9 < moved.points < 9 + POINTS


def test_where_no_point_in_range_will_do_nothing_moves_and_it_is_said(tmp_path: Path) -> None:
    rows, file = calibrated(tmp_path, POINTS, seed=1, workers=1, facts=[EASY, NOWHERE])
    assert [row["state"].split()[0] for row in rows] == ["holds", "does"]
    assert rows[1]["state"] == "does not come out: nothing is moved for it"
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    assert told["set"] == {}
    assert told["moved"] == []
    assert [kept["fact"] for kept in told["kept"]] == [90]
    (failed,) = told["failed"]
    assert failed["fact"] == 93
    # both ends of four numbers, the ends that help together, and the hypercube
    assert failed["points"] == 8 + 1 + POINTS
    # least off where both numbers that matter stand at their upper ends
    assert failed["least_off_at"] == {PAYS: 0.7, DEFERS: 0.9}
    assert failed["rows"] == [
        {
            "row": "fact 93: row", "expected": "2.0 to 3.0", "at_the_defaults": "0.9500", "where_least_off": "1.6000",
            "holds_there": False,
        }
    ]  # fmt: skip
    known = all_params()
    assert all(known[n].low <= v <= known[n].high for n, v in failed["least_off_at"].items())
    assert [c["holds"] for c in told["checked"]] == [True, False]


def test_a_fact_that_another_needs_broken_is_not_bought() -> None:
    found = outcome(MORE_PAID, LESS_PAID)
    assert found.values == {}
    assert found.outcomes[1].state == "failed"
    assert found.outcomes[1].spoils == (94,)


def test_a_fact_may_follow_from_what_was_moved_for_another() -> None:
    found = outcome(LESS_PAID, replace(LESS_PAID, number=95))
    assert [o.state for o in found.outcomes] == ["moved", "follows"]


def test_every_part_that_failed_must_hold_and_the_others_stay() -> None:
    both = Fact(98, "made up", (*EASY.parts, *LESS_PAID.parts, *EITHER.parts), FOUR)
    found = outcome(both)
    assert found.outcomes[0].state == "moved"
    assert all(row.passed for row in found.last[98])
    assert at(found.values, PAYS) <= 0.2


def test_the_same_seed_gives_the_same_bytes_and_the_file_says_what_moved(tmp_path: Path) -> None:
    texts = [write_parameters(outcome(EASY, LESS_PAID, NOWHERE, seed=s)) for s in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]
    file = tmp_path / "calibrated.toml"
    file.write_text(texts[0], encoding="utf-8")
    (moved,) = tomllib.loads(texts[0])["moved"]
    assert moved["name"] == PAYS
    assert (moved["from"], moved["low"], moved["high"], moved["grade"], moved["fact"]) == (
        0.35,
        0.1,
        0.7,
        "assumed",
        91,
    )
    assert read_parameters(file).set == {PAYS: moved["to"]}
    assert "0.3500 before" in moved["why"]
    assert moved["hard_to_believe"] is False
    assert not [line for line in texts[0].splitlines() if line.startswith("#") and "hard_to_believe" in line]


def test_a_number_near_the_end_of_its_range_is_said_to_be_hard_to_believe() -> None:
    edge = wanting(99, lambda v: (at(v, PAYS), 0.0, 0.11))
    (moved,) = tomllib.loads(text := write_parameters(outcome(edge)))["moved"]
    assert moved["of_the_way_to_its_bound"] >= 0.96
    assert moved["hard_to_believe"] is True
    assert "1 of them lies close to the end of the plausible range" in text


def test_what_cannot_be_told_does_not_hold() -> None:
    def part(values: Mapping[str, float]) -> Finding:
        return holds("fact 99: row", PATTERN, "", "", 1 / (at(values, SIGNS) - all_params()[SIGNS].default) > 0)

    found = outcome(Fact(99, "made up", (part,), (SIGNS,)))
    assert found.outcomes[0].state == "moved"
    assert found.values[SIGNS] > all_params()[SIGNS].default


@pytest.mark.parametrize("name", ["access.per_minute", "district-hub.retire", "needs.late_birth"])
def test_what_is_measured_derived_or_chosen_may_not_move(name: str) -> None:
    with pytest.raises(ValueError, match=f"may not move {name}"):
        outcome(replace(EASY, rests_on=(name,)))


def test_nothing_is_tried_twice_and_the_hypercube_nearest_first() -> None:
    asked: list[dict[str, float]] = []

    def part(values: Mapping[str, float]) -> Finding:
        asked.append(dict(values))
        return tried(TOGETHER.parts[0], values)[0]

    (moved,) = outcome(replace(TOGETHER, parts=(part,))).outcomes
    assert len(asked) == len({tuple(sorted(values.items())) for values in asked})
    nearest = sorted(scattered(TOGETHER, POINTS, 1), key=lambda p: length({}, p))
    # what helps of the ends is nothing here, which is the start, tried before
    begun = asked.index(nearest[0])
    assert begun == 1 + 8
    assert asked[begun : begun + moved.points - 9] == nearest[: moved.points - 9]
    assert not [point for point in nearest[moved.points - 9 :] if point in asked]


def test_workers_other_than_a_number_from_one_up_are_refused(tmp_path: Path) -> None:
    from igrsim.kernel.errors import InputError

    with pytest.raises(InputError, match="workers must be 1"):
        calibrated(tmp_path, 1, 1, workers=0, facts=[EASY])
