"""The audit of a study: one cell computed again is the same to the last count; what shared luck saves; where arms part."""

from __future__ import annotations

import math
from pathlib import Path

import faulty_cells
import numpy as np
import pandas as pd
import pytest

from igrsim.report.audit_in_words import audit_in_words
from igrsim.results.results import Results
from igrsim.runs import runner
from igrsim.runs.audit import gap, kinship
from igrsim.runs.layout import AUDIT, lay_out
from igrsim.runs.study import make_study, read_study
from igrsim.runs.study.size import cells_of
from small_study import STUDY, igrsim, without_report, write

AUDITED = STUDY.replace("audit = false", "audit = true").replace("months = 3", "months = 5")
HUB = 'rollout = "all-at-once"'


def waves(folder: Path, start: str) -> str:
    (folder / "waves.csv").write_text(f"space,start\nTT,{start}\n", encoding="utf-8")
    return f"rollout = '{folder / 'waves.csv'}'"


def test_the_first_cell_is_computed_again_in_a_process_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_report(monkeypatch)
    marks = tmp_path / "begun"
    marks.mkdir()
    monkeypatch.setenv(faulty_cells.TRACES, str(marks))
    monkeypatch.setattr(runner, "work_on", faulty_cells.marks)
    text = AUDITED.replace(HUB, waves(tmp_path, "2019-06-15"))
    said = igrsim("run", write(tmp_path, text), "--out", tmp_path / "out")
    assert said.code == 0, said.err
    # world 0 without levers, twice, in two processes
    processes = {(file.name.partition(".")[0], file.name.rpartition(".")[2]) for file in marks.iterdir()}
    assert sorted(cell for cell, _ in processes) == ["district-hub-0", "district-hub-1", "none-0", "none-0", "none-1"]
    results = Results(said.folder)
    assert results.manifest["cells"] == 5
    assert set(results.design["arm"]) == {"siloed", "hub"}
    again, waiting = results.checks().to_dict("records")
    assert (str(again["found"]), again["passed"]) == ("0", True)
    assert "every count of every table" in again["name"]
    assert waiting["passed"]

    table = results.audit()
    assert list(table["metric"]) == ["duplicate_spend_share", "hours_per_need", "meeting_hours"]
    # the hub comes in June: nothing differs before
    assert set(table["first_month"]) == {"2019-06"}
    assert set(table["first_place"]) == {"TT"}
    assert (table["first_figures"] > 0).all()
    about = pd.read_csv(said.folder / "columns.csv")
    assert set(table.columns) == set(about.name[about.table == "audit"])
    (words,) = audit_in_words(results)
    assert words in said.err
    assert "first differ in 2019-06 (municipality TT" in words


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (faulty_cells.depends_on_order, 0, "every count of every table: space: largest difference 3"),
        (faulty_cells.fails_in_reverse, 1, "every count of every table: not computed"),
    ],
)
def test_an_audit_that_fails_is_said_loudly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: object, code: int, words: str
) -> None:
    monkeypatch.setattr(runner, "work_on", fault)
    said = igrsim("run", write(tmp_path, AUDITED), "--out", tmp_path / "out")
    assert said.code == code
    assert "FAIL siloed computed again" in said.err
    assert words in said.err
    assert "1 CHECK FAILED: do not use these numbers" in said.err
    page = (said.folder / "report.html").read_text(encoding="utf-8")
    assert "A check failed" in page


@pytest.mark.fast
def test_which_cell_is_computed_again(tmp_path: Path) -> None:
    study, _ = read_study(write(tmp_path, AUDITED))
    plan = lay_out(study)
    assert plan.audit is not None
    assert plan.audit in plan.further
    assert (plan.audit.arm, plan.audit.future, plan.audit.world) == (AUDIT, 0, 0)
    first = plan.cells[0].spec
    assert plan.audit.spec.reverse
    assert plan.audit.spec.__dict__ | {"reverse": False} == first.__dict__
    assert len(plan.every_cell) == cells_of(study) == 5
    # a reference alone is audited too; a study that is an audit has no further one
    alone = make_study({"title": "x", "arms": {"a": {"regime": "siloed"}}, "world": {"scope": "two-towns"}})
    assert len(lay_out(alone).every_cell) == cells_of(alone) == 11
    twice = {"a": {"regime": "siloed"}, "b": {"regime": "siloed"}}
    twins = make_study({"title": "x", "arms": twice, "world": {"scope": "two-towns"}})
    assert lay_out(twins).audit is None
    assert len(lay_out(twins).every_cell) == cells_of(twins) == 20
    off, _ = read_study(write(tmp_path, STUDY))
    assert lay_out(off).audit is None
    assert cells_of(off) == 4


@pytest.mark.fast
def test_gaps_between_tables() -> None:
    one = pd.DataFrame({"n": [1, 2, 3], "word": ["a", "b", "c"]})
    assert gap(one, one.iloc[::-1]) == 0
    assert gap(one, one.assign(n=[1, 2, 7])) == 4
    assert gap(one, one.assign(word=["a", "b", "d"])) == math.inf
    assert gap(one, one.iloc[:2]) == math.inf
    assert gap(one.iloc[:0], one.iloc[:0]) == 0


@pytest.mark.fast
def test_kinship_by_hand() -> None:
    arm, reference = np.array([1.0, 2.0, 3.0, math.nan]), np.array([2.0, 2.0, 5.0, 1.0])
    # deviations -1, 0, 1 and -1, -1, 2: 3 / sqrt(2 * 6); variances 1 and 3; differences -1, 0, -2 of variance 1
    assert kinship(arm, reference) == {
        "pairs": 3,
        "correlation": pytest.approx(3 / math.sqrt(12)),
        "variance_reduction": pytest.approx(4.0),
    }
    same = kinship(reference, reference)
    assert same["correlation"] == pytest.approx(1.0)
    assert same["variance_reduction"] == math.inf
    still = kinship(np.full(3, 2.0), np.full(3, 1.0))
    assert math.isnan(still["correlation"])
    assert math.isnan(still["variance_reduction"])
    assert kinship(arm[:1], reference[:1])["pairs"] == 1
