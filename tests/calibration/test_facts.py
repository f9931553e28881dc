"""Which facts calibration looks at: those set aside for it, and none of those that validate the model."""

from __future__ import annotations

import importlib
import os
import tomllib
from pathlib import Path

import pytest
from made_up_facts import FACT

from igrsim.kernel.errors import InputError
from igrsim.kernel.params import all_params
from igrsim.runs.calibration.facts import FACTS, tried
from igrsim.runs.calibration.search import calibrate
from igrsim.runs.calibration.trials import Trials
from igrsim.runs.validation import (
    patterns_calendar,
    patterns_government,
    patterns_money,
    patterns_people,
    patterns_plans,
)
from small_study import igrsim

# the package gives a function of that name
access_patterns = importlib.import_module("igrsim.runs.validation.access_patterns")
SET_ASIDE = {1, 3, 9, 11, 14, 15, 17, 19, 22}
"""Frozen before the model was run; all others are for validation."""
VALIDATING = (
    (patterns_people, "far_and_poor"),
    (patterns_government, "meetings_upon_meetings"),
    (patterns_government, "bounded_by_staff"),
    (patterns_plans, "partnership_and_champions"),
    (patterns_money, "underspending"),
    (patterns_calendar, "lag_of_two_years"),
    (access_patterns, "centres_save_time_near_them"),
    (access_patterns, "visits_clear_a_stock_that_rebuilds"),
)
CALIBRATING = (
    (patterns_people, "papers_multiply_visits"),
    (patterns_people, "use_falls_with_minutes"),
    (patterns_government, "agendas"),
    (patterns_government, "load_on_load"),
    (patterns_government, "requests_and_data"),
    (patterns_plans, "paper_ahead_of_money"),
    (patterns_money, "late_knowledge"),
    (patterns_money, "silos_and_maps"),
    (access_patterns, "promised_presence_decays"),
    (access_patterns, "centres_without_anchors_save_nothing"),
)


def test_the_facts_are_those_set_aside() -> None:
    assert {fact.number for fact in FACTS} == SET_ASIDE
    assert len(FACTS) == len(SET_ASIDE)


def test_every_pattern_is_for_one_or_the_other() -> None:
    """A new family of patterns must be put down as one or the other here."""
    for module in {module for module, _ in (*VALIDATING, *CALIBRATING)}:
        named = {name for m, name in (*VALIDATING, *CALIBRATING) if m is module}
        families = {
            name
            for name, thing in vars(module).items()
            if callable(thing)
            and getattr(thing, "__module__", "") == module.__name__
            and (thing.__doc__ or "").startswith(("Fact ", "A hub helps"))
        }
        parts = {
            "data_worn_by_requests",
            "requests_in_a_common_format",
            "load_with_channels_kept",
            "load_with_channels_retired",
        }
        assert families - parts == named


def test_what_they_rest_on_is_assumed_and_no_choice() -> None:
    for fact in FACTS:
        assert 3 <= len(set(fact.rests_on)) == len(fact.rests_on) <= 8
        for name in fact.rests_on:
            p = all_params()[name]
            assert p.grade == "assumed", name
            assert not p.choice, name
            assert p.low < p.high, name
    # which of a town's hours there are is what this fact varies by itself
    assert "administration.town_hours" not in next(f for f in FACTS if f.number == 15).rests_on


def test_every_part_takes_the_values_it_is_tried_at() -> None:
    for fact in FACTS:
        name = fact.rests_on[0]
        for part in fact.parts:
            with pytest.raises(InputError, match=name):
                tried(part, {name: 1e12})


def test_the_first_years_of_a_run_are_the_same_however_long_it_goes_on() -> None:
    """Calibration runs no longer than a row looks; validation shares longer runs."""
    short, long = (patterns_money.live("district-hub", months, scope=["DC15"]) for months in (24, 48))
    assert short.total(24) == long.total(24)
    # what stands at the end, and what it lacks, is told as of the month asked for
    assert patterns_money.wrong_order(short, 24) == patterns_money.wrong_order(long, 24)
    assert patterns_money.wrong_order(long, 24) != patterns_money.wrong_order(long, 48)


def test_processes_find_what_one_finds() -> None:
    with Trials(1) as alone, Trials(2) as many:
        found = [calibrate(trials, [FACT], points=12, seed=4) for trials in (alone, many)]
    assert found[0] == found[1]
    assert found[0].outcomes[0].state == "moved"


@pytest.mark.slow
def test_the_real_thing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few points: what is tried at the defaults is what `igrsim validate` tries, and no validating fact is looked at."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a fact kept for validation was looked at")

    for module, name in VALIDATING:
        monkeypatch.setattr(module, name, never)
    said = igrsim("calibrate", "--out", tmp_path, "--points", 2, "--workers", 1, "--format", "json")
    assert said.code == 0, said.err
    assert [row["fact"] for row in said.table()] == sorted(SET_ASIDE)
    told = tomllib.loads((tmp_path / "calibrated.toml").read_text(encoding="utf-8"))
    rows = [row for kept in told["kept"] for row in kept["rows"]] + [
        r["row"] for f in told["failed"] for r in f["rows"]
    ]
    assert {int(row.split(":")[0].removeprefix("fact ")) for row in rows} <= SET_ASIDE
    known = all_params()
    for name, value in told["set"].items():
        assert known[name].low <= value <= known[name].high
    again = igrsim("calibrate", "--out", tmp_path / "again", "--points", 2, "--workers", min(2, os.cpu_count() or 1))
    assert again.code == 0
    assert (tmp_path / "again" / "calibrated.toml").read_bytes() == (tmp_path / "calibrated.toml").read_bytes()
