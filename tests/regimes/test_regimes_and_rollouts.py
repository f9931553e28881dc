"""Which levers a regime bundles, and when each space gets them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import InputError
from igrsim.kernel.params import ParamSet
from igrsim.levers._base import levers
from igrsim.places.geography import load_geography, two_towns
from igrsim.regimes.regime import Regime, fold, preset, presets
from igrsim.regimes.rollout import Rollout, plan_rollout
from igrsim.world.ruling import SILOS

CLOCK = Clock(date(2019, 4, 1), 60)


def test_every_preset_bundles_known_levers_and_gives_a_source() -> None:
    assert {"siloed", "district-hub-core"} <= set(presets())
    for name, regime in presets().items():
        assert regime.name == name
        for words in (regime.title, regime.source, regime.mechanism, regime.costs, regime.limits):
            assert words.strip()
        assert set(regime.levers) <= set(levers)
    assert preset("siloed").levers == ()


def test_a_misspelt_regime_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="siloed"):
        preset("siload")


def test_folding_does_not_depend_on_how_levers_are_listed() -> None:
    names = preset("district-hub-core").levers
    params = ParamSet({"district-hub.retire": 0.5})
    results = []
    for listed in (names, names[::-1]):
        regime = Regime("x", "x", "x", listed)
        results.append(fold([(kind(params), 1.0) for kind in regime.lever_types()], SILOS))
    assert results[0] == results[1]


def test_a_part_keeps_the_dates_of_the_whole() -> None:
    country = load_geography()
    whole = plan_rollout("ddm-2019-plan", country, CLOCK, country)
    part = country.subset(["DC6", "ETH"])
    here = plan_rollout("ddm-2019-plan", part, CLOCK, country)
    assert here.start == tuple(whole.start[country.spaces.index[c]] for c in part.spaces.codes)
    assert whole.first == 4


def test_a_start_before_the_study_is_its_first_month() -> None:
    country = load_geography()
    late = plan_rollout("ddm-2019-plan", country, Clock(date(2021, 1, 1), 12), country)
    assert set(late.start) == {0}
    assert plan_rollout("ddm-2019-plan", two_towns(), CLOCK, country).start == (12,)
    assert plan_rollout("all-at-once", two_towns(), CLOCK, country, from_month=3).start == (3,)


def test_doses_follow_the_start() -> None:
    rollout = Rollout("x", (3, None))
    assert [rollout.dose(0, m) for m in range(5)] == [0, 0, 0, 1, 1]
    assert rollout.dose(1, 99) == 0
    assert Rollout("never", (None,)).first is None


def write(folder: Path, text: str) -> str:
    path = folder / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_table_of_ones_own(tmp_path: Path) -> None:
    country = load_geography()
    part = country.subset(["DC6", "ETH", "DC15"])
    name = write(tmp_path, "space,start\nETH,2020-01\nDC15,2018-01-01\n")
    rollout = plan_rollout(name, part, CLOCK, country)
    assert dict(zip(part.spaces.codes, rollout.start, strict=True)) == {"DC6": None, "ETH": 9, "DC15": 0}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("space,begin\nDC6,2020-01-01\n", "column 'start' is missing"),
        ("space,start\nDC66,2020-01-01\n", "unknown space 'DC66'"),
        ("space,start\nDC6,2020-01-01\nDC6,2020-02-01\n", "stands twice"),
        ("space,start\nDC6,2020-13-01\n", "is no date"),
        ("space,start\nDC6,soon\n", "is no date"),
        ("space,start\nDC6\n", "cells where"),
    ],
)
def test_a_faulty_table_is_named_and_placed(tmp_path: Path, text: str, words: str) -> None:
    country = load_geography()
    with pytest.raises(InputError, match=words) as caught:
        plan_rollout(write(tmp_path, text), country, CLOCK, country)
    assert "mine.csv" in str(caught.value)


def test_an_unknown_rollout_is_answered_with_the_nearest() -> None:
    country = load_geography()
    with pytest.raises(InputError, match="all-at-once"):
        plan_rollout("all-at-onse", country, CLOCK, country)


def test_what_happened_has_three_launches_in_2019_and_the_rest_from_august_2020() -> None:
    country = load_geography()
    found = plan_rollout("ddm-as-found", country, CLOCK, country)
    by_code = dict(zip(country.spaces.codes, (CLOCK.label(m) for m in found.start), strict=True))
    launched = {"DC15": "2019-09", "ETH": "2019-10", "DC36": "2019-11"}
    assert {code: by_code[code] for code in launched} == launched
    assert {month for code, month in by_code.items() if code not in launched} == {"2020-08"}
