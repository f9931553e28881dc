"""Any lever at dose nought, added to any arm, changes no byte of its tables."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from igrsim.levers._base import levers
from igrsim.regimes.regime import presets
from igrsim.runs.cell import Counted, run_cell
from igrsim.runs.layout import lay_out
from igrsim.runs.session import run_study
from igrsim.runs.study import Study, make_study

MONTHS = 20


def study(regime: str, added: list[str], **scope: Any) -> Study:
    """A preset in one world, as it is or with levers at dose nought; in force after a year, or by its dates."""
    return make_study(
        {
            "title": "Dose nought",
            "world": {"scope": "two-towns", "months": MONTHS, "citizens": 60, **scope},
            "arms": {"arm": {"regime": regime, "add": [{"lever": lever, "dose": 0.0} for lever in added]}},
            "futures": {"method": "none"},
            "replication": {"worlds": 1},
            # a cell computed twice would show nothing here
            "analysis": {"audit": False},
            "runtime": {"workers": 1, "executor": "inline"},
        }
    )


def others(regime: str) -> list[str]:
    return sorted(set(levers) - set(presets()[regime].levers))


@pytest.mark.parametrize("regime", list(presets()))
def test_all_levers_at_once_change_no_byte_of_a_preset(regime: str, tmp_path: Path) -> None:
    bare, with_them = (run_study(study(regime, added), tmp_path / str(len(added))) for added in ([], others(regime)))
    assert bare.folder != with_them.folder
    assert not with_them.failures
    named = {"monthly", "ledger", "municipalities", "people", "needs", "counts", "national", "spaces", "runs", "pairs"}
    files = {file.name for file in bare.folder.glob("*.parquet")} - {"design.parquet"}
    # what tells of hubs on their way is there where there are any
    assert files - {"milestones.parquet", "rollout.parquet"} == {f"{name}.parquet" for name in named}
    assert files == {file.name for file in with_them.folder.glob("*.parquet")} - {"design.parquet"}
    for file in (*sorted(files), "rules.csv", "effects.csv"):
        assert (bare.folder / file).read_bytes() == (with_them.folder / file).read_bytes(), file


def counted(regime: str, added: list[str]) -> Counted:
    (cell,) = lay_out(study(regime, added, months=14)).cells
    return run_cell(cell.spec)


@cache
def bare(regime: str) -> Counted:
    return counted(regime, [])


@pytest.mark.parametrize("lever", list(levers))
def test_each_lever_alone_changes_nothing_of_an_arm_that_lacks_it(lever: str) -> None:
    regime = "siloed" if lever in presets()["one-stop"].levers else "one-stop"
    found = counted(regime, [lever])
    for name, table in bare(regime).tables.items():
        assert table.equals(found.tables[name]), name
