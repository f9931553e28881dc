"""Every study that is shipped opens, and each of its arms runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from igrsim.model import IGRModel, Scenario
from igrsim.runs.study import check_places, read_study

STUDIES = sorted((Path(__file__).parents[2] / "experiments").glob("*.toml"))


@pytest.mark.parametrize("file", STUDIES, ids=lambda f: f.stem)
def test_a_study_opens_and_its_arms_run_three_months(file: Path) -> None:
    study, _ = read_study(file, [])
    check_places(study, str(file))
    assert study.reference in study.arms
    for name, arm in study.arms.items():
        regime = study.regime(name)
        scenario = Scenario(regime=regime, scope="two-towns", months=3, citizens=200, params=dict(arm.set))
        assert IGRModel(scenario).run().month == 3
