"""A cell that fails, a process that dies: nothing finished is lost, nothing hangs, nothing is wrong."""

from __future__ import annotations

import json
import multiprocessing
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faulty_cells
import pandas as pd
import pytest

from igrsim.results.results import Results
from igrsim.runs import runner
from small_study import STUDY, igrsim, tables, without_report, write


def cells_in(out: Path) -> int:
    return sum(1 for f in (out / "cells").iterdir() if not f.name.startswith("."))


def test_a_cell_that_raises_is_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study, out = write(tmp_path), tmp_path / "out"
    monkeypatch.setattr(runner, "run_cell", faulty_cells.raises_in_one)
    said = igrsim("run", study, "--out", out)
    assert said.code == 1
    assert "1 of 4 cells failed" in said.err
    assert "Traceback" not in said.err
    (failure,) = pd.read_csv(said.folder / "failures.csv").to_dict("records")
    assert (failure["arm"], failure["future"], failure["world"], failure["seed"]) == ("hub", 1, 1, 20190821)
    assert failure["error"] == "ZeroDivisionError: =1+1 <b>no desks</b>"
    assert "raises_in_one" in failure["traceback"]
    results = Results(said.folder)
    assert list(results.design.status) == ["done", "done", "done", "failed"]
    assert set(results.effects().pairs) <= {0, 1}
    assert results.manifest["run"]["failed"] == 1
    assert "<b>no desks" not in (said.folder / "report.html").read_text(encoding="utf-8")
    assert cells_in(out) == 3

    # mended, only the failed cell is computed, and nothing shows that it ever failed
    shutil.rmtree(said.folder / "figures")
    (said.folder / "report.html").unlink()
    monkeypatch.undo()
    without_report(monkeypatch)
    again = igrsim("run", study, "--out", out)
    assert again.code == 0
    assert Results(again.folder).manifest["run"]["computed"] == 1
    fresh = igrsim("run", study, "--out", tmp_path / "fresh")
    assert tables(again.folder) == tables(fresh.folder)


@pytest.mark.parametrize("fault", [faulty_cells.raises_in_all, faulty_cells.raises_in_levers])
def test_a_whole_arm_or_study_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[..., Any]
) -> None:
    monkeypatch.setattr(runner, "run_cell", fault)
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out")
    assert said.code == 1
    assert "Traceback" not in said.err
    assert set(Results(said.folder).effects().pairs) == {0}
    assert "no report" in said.err
    assert "no report can be made" in igrsim("report", said.folder).err
    assert len(pd.read_csv(said.folder / "failures.csv")) == (4 if fault is faulty_cells.raises_in_all else 2)


def test_a_killed_worker_loses_nothing(tmp_path: Path, traces: Path, quick: pytest.MonkeyPatch) -> None:
    study = write(tmp_path)
    quick.setattr(runner, "work_on", faulty_cells.dies_once)
    said = igrsim("run", study, "--out", tmp_path / "out", "--workers", 2)
    assert said.code == 0, said.err
    assert len(list(traces.iterdir())) == 2
    quick.undo()
    without_report(quick)
    fresh = igrsim("run", study, "--out", tmp_path / "fresh")
    assert tables(said.folder) == tables(fresh.folder)


def test_a_cell_that_kills_its_worker_is_blamed_alone(tmp_path: Path, traces: Path, quick: pytest.MonkeyPatch) -> None:
    quick.setattr(runner, "work_on", faulty_cells.dies_always)
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out", "--workers", 2)
    assert said.code == 1
    (failure,) = pd.read_csv(said.folder / "failures.csv").to_dict("records")
    assert (failure["arm"], failure["world"], failure["error"]) == ("siloed", 0, "worker died")
    assert cells_in(tmp_path / "out") == 3
    assert len(list(traces.iterdir())) == 1 + runner.RETRIES


def test_code_that_changes_while_a_study_runs_is_noticed(tmp_path: Path, quick: pytest.MonkeyPatch) -> None:
    quick.setattr(runner, "work_on", faulty_cells.other_code)
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out")
    assert said.code == 1
    assert not (tmp_path / "out" / "cells").exists()
    assert "changed while the study ran" in (said.folder / "failures.csv").read_text(encoding="utf-8")


def test_an_audit_computes_every_cell_in_a_process_of_its_own(
    tmp_path: Path, traces: Path, quick: pytest.MonkeyPatch
) -> None:
    quick.setattr(runner, "work_on", faulty_cells.marks)
    said = igrsim(
        "compare", "siloed", "siloed", "--scope", "two-towns", "--months", 3, "--worlds", 2, "--futures", 2,
        "--citizens", 60, "--out", tmp_path / "out", "--workers", 1, "--format", "json",
    )  # fmt: skip
    assert said.code == 0, said.err
    rows = said.table()
    measured = [row for row in rows if row["pairs"]]
    assert len(measured) > 15
    assert {row["arm"] for row in rows} == {"siloed-again"}
    assert {(row["difference"], row["low"], row["high"], row["verdict"]) for row in measured} == {
        (0.0, 0.0, 0.0, "exactly no difference")
    }
    processes = [file.name.rpartition(".")[2] for file in traces.iterdir()]
    assert len(set(processes)) == len(processes) == 4
    design = Results(said.folder).design
    assert design.hash.nunique() == 4
    (check,) = Results(said.folder).checks().to_dict("records")
    assert check["passed"]
    assert "in every cell, month, place and count" in check["name"]


def test_workers_are_spawned_whatever_the_platform(tmp_path: Path, quick: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []
    real = multiprocessing.get_context

    def context(way: str | None = None) -> Any:
        asked.append(way)
        return real(way)

    quick.setattr(multiprocessing, "get_context", context)
    text = STUDY.replace("months = 3", "months = 1")
    assert igrsim("run", write(tmp_path, text), "--out", tmp_path / "out", "--workers", 2).code == 0
    assert set(asked) == {"spawn"}


def test_what_failed_is_not_a_formula(tmp_path: Path, quick: pytest.MonkeyPatch) -> None:
    def fails(spec: Any, threads: int = 1) -> Any:
        raise KeyError("=cmd|' /C calc'!A0")

    quick.setattr(runner, "run_cell", fails)
    text = STUDY.replace('"Two towns"', '"=1+1"')
    said = igrsim("run", write(tmp_path, text), "--out", tmp_path / "out")
    for file in said.folder.glob("*.csv"):
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
        for column in table:
            cells = table[column].str.strip()
            live = cells[cells.str.match(r"^[=+@]|^-(?![\d.])")]
            assert not len(live), (file.name, column, live.tolist())
    assert json.loads((said.folder / "manifest.json").read_text(encoding="utf-8"))["title"] == "=1+1"
