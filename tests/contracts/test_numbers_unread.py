"""What an arm lives without, its numbers do not touch: to the byte, so that cells that differ in nothing else are one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from igrsim.kernel.params import Param, all_params
from igrsim.levers._base import levers
from igrsim.regimes.regime import presets
from igrsim.runs.cell import CellSpec, run_cell
from igrsim.runs.layout import lay_out
from igrsim.runs.study import make_study
from igrsim.world.planners._base import rules


def spec_of(regime: str) -> CellSpec:
    arms = {"arm": {"regime": regime, "rollout": "all-at-once"}}
    world = {"scope": "two-towns", "months": 30, "citizens": 300}
    study = make_study({"title": "One arm", "world": world, "arms": arms, "futures": {"method": "none"}})
    return lay_out(study).cells[0].spec


def unread(spec: CellSpec) -> list[Param]:
    absent = (set(levers) - set(spec.levers)) | (set(rules) - {spec.planners})
    return [p for p in all_params().values() if p.group in absent and p.low < p.high]


def elsewhere(p: Param) -> float:
    """The end of its range that is farther from the default."""
    return p.low if p.default - p.low > p.high - p.default else p.high


@pytest.mark.parametrize("regime", list(presets()))
def test_numbers_of_absent_levers_and_theories_change_no_byte(regime: str) -> None:
    spec = spec_of(regime)
    others = unread(spec)
    assert others
    moved = replace(spec, params=tuple(sorted({**dict(spec.params), **{p.name: elsewhere(p) for p in others}}.items())))
    assert moved.digest() == spec.digest()
    mine, theirs = run_cell(spec).tables, run_cell(moved).tables
    for name, table in mine.items():
        assert table.equals(theirs[name]), name


@pytest.mark.fast
def test_a_number_that_is_read_is_part_of_the_address_unless_it_is_the_default() -> None:
    spec = spec_of("district-hub-core")
    p = all_params()["engagement.quorum"]
    assert replace(spec, params=((p.name, p.default),)).digest() == spec.digest()
    assert replace(spec, params=((p.name, p.high),)).digest() != spec.digest()
    own = all_params()["district-hub.posts"]
    assert replace(spec, params=((own.name, own.low),)).digest() != spec.digest()
