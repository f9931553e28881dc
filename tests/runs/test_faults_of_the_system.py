"""What the machine can do to a study: no room, no memory, no files, no time; another run; a file that was changed."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import faulty_cells
import numpy as np
import pandas as pd
import pytest

from igrsim.metrics._base import Metric
from igrsim.results.results import Results
from igrsim.runs import autopilot, ladder_tables, measures, rival_tables, runner
from igrsim.runs.cell import Counted
from igrsim.runs.layout import lay_out
from igrsim.runs.lock import NAME, FolderInUseError, held
from igrsim.runs.store import Store
from igrsim.runs.study import read_study
from small_study import STUDY, Said, igrsim, no_traceback, tables, without_report, write

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits and locks of Linux")


def mended(tmp_path: Path, quick: pytest.MonkeyPatch, computed: int) -> None:
    """Run again without the fault: only what is missing is computed, and nothing shows that anything ever went wrong."""
    quick.undo()
    without_report(quick)
    again = igrsim("run", tmp_path / "study.toml", "--out", tmp_path / "out")
    assert again.code == 0, again.err
    assert Results(again.folder).manifest["run"]["computed"] == computed
    fresh = igrsim("run", tmp_path / "study.toml", "--out", tmp_path / "fresh")
    assert tables(again.folder) == tables(fresh.folder)
    assert not [file for file in (tmp_path / "out").rglob(".*") if file.name != NAME]


# Another run


def test_two_runs_on_one_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with held(tmp_path / "out"):
        said = igrsim("run", write(tmp_path), "--out", tmp_path / "out")
        no_traceback(said, 3)
        assert f"in use by process {os.getpid()} on " in said.err
        assert igrsim("merge", tmp_path / "out", "--out", tmp_path / "out").code == 2
    with held(tmp_path / "out"):
        pass


@pytest.mark.fast
def test_a_dead_run_holds_nothing(tmp_path: Path) -> None:
    code = f"from igrsim.runs.lock import held; import os; h = held(__import__('pathlib').Path({str(tmp_path)!r})); h.__enter__(); os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    assert json.loads((tmp_path / NAME).read_text(encoding="utf-8"))["process"]
    with held(tmp_path):
        pass
    assert (tmp_path / NAME).read_text(encoding="utf-8") == ""


@pytest.mark.fast
@linux
@pytest.mark.parametrize("holder", ["dead", "alive", "another machine", "nonsense"])
def test_where_the_drive_has_no_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, holder: str) -> None:
    import fcntl
    import socket

    import psutil

    def none(file: Any, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    me = {"process": os.getppid(), "begun": psutil.Process(os.getppid()).create_time(), "machine": socket.gethostname()}
    text = {
        "dead": json.dumps(me | {"begun": 1.0}),
        "alive": json.dumps(me),
        "another machine": json.dumps(me | {"machine": "elsewhere"}),
        "nonsense": "[3",
    }[holder]
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    if holder in ("dead", "nonsense"):
        with held(tmp_path):
            pass
    else:
        with pytest.raises(FolderInUseError, match="is in use by process"), held(tmp_path):
            pass


# No room, no memory, no time


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, 4), (errno.EACCES, 2), (errno.EROFS, 2)])
def test_no_more_can_be_written_midway(tmp_path: Path, quick: pytest.MonkeyPatch, number: int, code: int) -> None:
    real, kept = Store.put, []

    def put(self: Store, digest: str, content: bytes) -> None:
        if len(kept) == 2:
            raise OSError(number, os.strerror(number), str(self.cells))
        kept.append(digest)
        real(self, digest, content)

    quick.setattr(Store, "put", put)
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out")
    assert said.code == code
    assert "what was finished is kept" in said.err
    assert "Traceback" not in said.err
    mended(tmp_path, quick, computed=2)


def test_the_disk_is_full_when_tables_are_written(tmp_path: Path, quick: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    quick.setattr(pd.DataFrame, "to_parquet", full)
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out")
    assert said.code == 4
    assert "the disk is full" in said.err
    with pytest.raises(ValueError, match="no finished study"):
        Results(tmp_path / "out")
    mended(tmp_path, quick, computed=0)


@linux
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if (
        os.geteuid() != 0
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "none", small], check=False).returncode
    ):
        pytest.skip("only who may mount can have a small disk")
    try:
        said = igrsim("run", write(tmp_path), "--out", small / "out")
    finally:
        subprocess.run(["umount", "-l", small], check=True)
    assert said.code == 4, said.err
    assert "the disk is full" in said.err
    assert "Traceback" not in said.err


def test_a_worker_that_hangs_is_given_up(tmp_path: Path, traces: Path, quick: pytest.MonkeyPatch) -> None:
    quick.setattr(runner, "work_on", faulty_cells.hangs)
    quick.setattr(runner, "RETRIES", 1)
    begun = time.monotonic()
    settings = ["-s", "runtime.cell_minutes=0.25", "-s", "runtime.workers=2"]
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out", *settings)
    assert said.code == 1, said.err
    assert time.monotonic() - begun < 120
    (failure,) = pd.read_csv(said.folder / "failures.csv").to_dict("records")
    assert (failure["arm"], failure["world"], failure["error"]) == ("siloed", 0, "worker hung")
    mended(tmp_path, quick, computed=1)


@pytest.mark.fast
def test_how_long_is_too_long() -> None:
    assert runner._patience(0.5, 3.0) == 30
    assert runner._patience(None, None) == runner.FIRST_PATIENCE
    assert runner._patience(None, 0.1) == runner.LEAST_PATIENCE
    assert runner._patience(None, 100.0) == 3000


def test_memory_is_short(tmp_path: Path, traces: Path, quick: pytest.MonkeyPatch) -> None:
    quick.setattr(runner, "work_on", faulty_cells.short_of_memory)
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out")
    assert said.code == 1
    (failure,) = pd.read_csv(said.folder / "failures.csv").to_dict("records")
    assert (failure["arm"], failure["world"], failure["error"]) == ("siloed", 1, "MemoryError: no room")
    mended(tmp_path, quick, computed=1)


def test_the_driver_has_no_memory(tmp_path: Path, quick: pytest.MonkeyPatch) -> None:
    def none(*_: Any) -> None:
        raise MemoryError

    quick.setattr("igrsim.runs.session.write_tables", none)
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out")
    assert said.code == 4
    assert "out of memory" in said.err
    mended(tmp_path, quick, computed=0)


@linux
@pytest.mark.parametrize("limit", [40, 64])
def test_too_many_open_files(tmp_path: Path, limit: int) -> None:
    code = (
        "import resource; from igrsim.cli import main; import igrsim.runs.session, igrsim.report.page\n"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, ({limit}, {limit}))\nmain()"
    )
    arguments = [
        "run",
        str(write(tmp_path)),
        "--out",
        str(tmp_path / "out"),
        "--workers",
        "60",
        "-s",
        "replication.worlds=40",
    ]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=170, check=False
    )
    assert done.returncode in (0, 2), done.stderr
    assert "Traceback" not in done.stderr
    if done.returncode:
        assert "too many open files" in done.stderr


@linux
def test_no_place_for_temporary_files(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    done = subprocess.run(
        [sys.executable, "-c", "from igrsim.cli import main; main()", "run", str(write(tmp_path)), "--out", str(tmp_path / "out"), "--workers", "2"],
        capture_output=True, text=True, timeout=170, check=False,
        env=os.environ | {"TMPDIR": str(nowhere), "TMP": str(nowhere), "TEMP": str(nowhere)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_clock_that_jumps(tmp_path: Path, quick: pytest.MonkeyPatch) -> None:
    real, jumps = time.time, iter(range(10**6))
    quick.setattr(time, "time", lambda: real() + (-1) ** next(jumps) * 1e8)
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out")
    assert said.code == 0, said.err
    mended(tmp_path, quick, computed=0)


# What a metric gives


def test_a_metric_that_is_infinite_or_raises_in_one_cell(tmp_path: Path, quick: pytest.MonkeyPatch) -> None:
    from igrsim.runs import measures

    real = measures._measured

    def measured(keys: pd.DataFrame, counts: pd.DataFrame, wanted: list[Metric]) -> pd.DataFrame:
        if (keys["cell"] == 2).any():
            raise ArithmeticError("hours cannot be told")
        found = real(keys, counts, wanted)
        if "meeting_hours" in found:
            found["meeting_hours"] = found["meeting_hours"].mask(keys["cell"] == 1, np.inf).to_numpy()
        return found

    quick.setattr(measures, "_measured", measured)
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out")
    assert said.code == 1, said.err
    failures = pd.read_csv(said.folder / "failures.csv")
    assert list(failures.cell) == [1, 2]
    assert "metric 'meeting_hours' is infinite" in failures.error[0]
    assert "hours cannot be told" in failures.error[1]
    results = Results(said.folder)
    assert list(results.design.status) == ["done", "failed", "failed", "done"]
    runs = pd.read_parquet(said.folder / "runs.parquet")
    assert list(runs.cell) == [0, 1, 2, 3]
    assert runs.loc[[1, 2]].drop(columns=["cell", "arm", "future", "world"]).isna().all(axis=None)
    assert set(results.runs.cell) == set(results.monthly.cell) == {0, 3}
    mended(tmp_path, quick, computed=0)


def spoilt(quick: pytest.MonkeyPatch, ordinals: dict[int, str]) -> None:
    """Counts of some cells cannot be summed over a run, or are infinite."""
    real, by_digest = measures.of_one_run, Store.get

    def of_one_run(store: Store, cell: Any, *rest: Any) -> Any:
        def get(self: Store, digest: str, name: str) -> pd.DataFrame:
            found = by_digest(self, digest, name)
            if ordinals.get(cell.ordinal) == "raises":
                raise ArithmeticError("hours cannot be told")
            return found.assign(meeting_minutes=np.inf) if cell.ordinal in ordinals else found

        with quick.context() as patched:
            patched.setattr(Store, "get", get)
            return real(store, cell, *rest)

    for module in (autopilot, rival_tables, ladder_tables):
        quick.setattr(module, "of_one_run", of_one_run)


def test_a_run_of_a_rival_or_a_ladder_that_cannot_be_measured(tmp_path: Path, quick: pytest.MonkeyPatch) -> None:
    asked = '[rivals]\nplanners = ["incremental"]\n[ladder]\narm = "hub"\npermutations = 2\n[futures]'
    text = STUDY.replace("[futures]", asked)
    study, _ = read_study(write(tmp_path, text))
    plan = lay_out(study)
    rung = next(cell for cell in plan.rungs.values() if cell not in plan.cells)
    rival = list(plan.rival_cells.values())[-1]
    spoilt(quick, {rung.ordinal: "raises", rival.ordinal: "infinite"})
    said = igrsim("run", write(tmp_path, text), "--out", tmp_path / "out")
    assert said.code == 1, said.err
    failures = pd.read_csv(said.folder / "failures.csv").set_index("cell")
    assert sorted(failures.index) == sorted([rung.ordinal, rival.ordinal])
    assert "hours cannot be told" in failures.error[rung.ordinal]
    assert "is infinite" in failures.error[rival.ordinal]
    for name, cell in (("coalitions", rung), ("rivals", rival)):
        table = pd.read_parquet(said.folder / f"{name}.parquet").set_index("cell")
        assert table.status[cell.ordinal] == "failed"
        assert np.isnan(table.meeting_hours[cell.ordinal])
        assert (table.status.drop(cell.ordinal) == "done").all()


def test_the_autopilot_goes_on_without_a_run_that_cannot_be_measured(tmp_path: Path, quick: pytest.MonkeyPatch) -> None:
    spoilt(quick, {1: "raises"})
    text = STUDY.replace("worlds = 2", "worlds = { min = 4, max = 6 }")
    said = igrsim("run", write(tmp_path, text), "--out", tmp_path / "out")
    assert said.code == 0, said.err
    about = Results(said.folder).manifest["autopilot"]
    assert about["worlds"] == 6
    assert {found["pairs"] for found in about["contrasts"] if found["metric"] == "meeting_hours"} == {5}


def test_a_metric_of_a_pair_that_raises_in_one_cell(tmp_path: Path, quick: pytest.MonkeyPatch) -> None:
    real = Store.get
    cell = lay_out(read_study(write(tmp_path))[0]).cells[1]

    def get(self: Store, digest: str, name: str) -> pd.DataFrame:
        if (digest, name) == (cell.digest, "resolved"):
            raise ArithmeticError("needs cannot be told")
        return real(self, digest, name)

    quick.setattr(Store, "get", get)
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out")
    assert said.code == 1, said.err
    (failure,) = pd.read_csv(said.folder / "failures.csv").to_dict("records")
    assert (failure["cell"], failure["error"]) == (cell.ordinal, "ArithmeticError: needs cannot be told")
    assert len(Results(said.folder).runs) == 3


# Files that were changed


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Said:
    folder = tmp_path_factory.mktemp("finished")
    said = igrsim("run", write(folder), "--out", folder / "out")
    assert said.code == 0, said.err
    return said


@pytest.mark.parametrize("what", ["flip", "cut", "delete", "manifest", "manifest spaces", "report", "figure"])
def test_verify_notices_what_was_changed(finished: Said, tmp_path: Path, what: str) -> None:
    import shutil

    folder = tmp_path / "copy"
    shutil.copytree(finished.folder, folder)
    name = {"manifest": "manifest.json", "manifest spaces": "manifest.json", "report": "report.html"}.get(
        what, "runs.parquet"
    )
    if what == "figure":
        name = sorted(f.relative_to(folder).as_posix() for f in (folder / "figures").iterdir())[0]
    content = bytearray((folder / name).read_bytes())
    if what == "delete":
        (folder / name).unlink()
    elif what == "manifest":
        (folder / name).write_bytes(bytes(content).replace(b'"worlds": 2', b'"worlds": 3'))
    elif what == "manifest spaces":
        (folder / name).write_bytes(bytes(content) + b"\n")
    else:
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(bytes(content[:-4] if what == "cut" else content))
    said = igrsim("verify", folder, "--cells", 1, "--format", "json")
    assert said.code == 1, said.err
    found = {
        row["name"]: row["found"] for row in said.table() if not row["passed"] and not row["name"].startswith("cell")
    }
    assert found == {name: "is missing" if what == "delete" else "was changed"}
    if what in ("manifest", "manifest spaces", "flip"):
        # a report written again vouches for nothing that a run did not write
        again = igrsim("report", folder)
        assert (again.code, "warning" in again.err) == (0, True) if what != "flip" else again.code in (0, 2)
        assert igrsim("verify", folder, "--cells", 1).code == 1


def test_verify_computes_cells_again(finished: Said, quick: pytest.MonkeyPatch) -> None:
    from igrsim.runs.seal import seal

    said = igrsim("verify", finished.folder, "--cells", "2", "--format", "json")
    assert said.code == 0, said.err
    assert [row["name"].split(" (")[0] for row in said.table()][1:] == ["cell 0", "cell 3"]
    # numbers that were changed and sealed again are not what the study gives
    runs, file = pd.read_parquet(finished.folder / "runs.parquet"), finished.folder / "runs.parquet"
    whole = file.read_bytes()
    try:
        runs.loc[3, "meeting_hours"] += 1
        runs.to_parquet(file, index=False)
        seal(finished.folder)
        said = igrsim("verify", finished.folder, "--cells", "all", "--format", "json")
        assert said.code == 1
        assert [row["found"] for row in said.table() if not row["passed"]] == ["differs in runs.parquet"]
    finally:
        file.write_bytes(whole)
        seal(finished.folder)
    for wrong in ("0", "-1", "some"):
        no_traceback(igrsim("verify", finished.folder, "--cells", wrong), 2)


def test_verify_says_which_cell_killed_its_worker(finished: Said, traces: Path, quick: pytest.MonkeyPatch) -> None:
    quick.setattr(runner, "work_on", faulty_cells.dies_always)
    said = igrsim("verify", finished.folder, "--cells", "all", "--format", "json")
    assert said.code == 1, said.err
    (row,) = (row for row in said.table() if not row["passed"])
    assert row["name"].startswith("cell 0 ")
    assert row["found"] == "failed: the process that had it ended with 3"


def test_verify_says_when_the_version_is_another(finished: Said, quick: pytest.MonkeyPatch) -> None:
    quick.setattr("igrsim.runs.cell.libraries", lambda: {"numpy": "1.0"})
    said = igrsim("verify", finished.folder, "--format", "json")
    assert said.code == 1
    assert "not computed: numpy" in said.table()[-1]["found"]


def test_another_version_computes_its_own_cells(finished: Said, quick: pytest.MonkeyPatch) -> None:
    kept = len(list((finished.folder.parent / "cells").iterdir()))
    quick.setattr("igrsim.runs.cell.libraries", lambda: {"numpy": "1.0"})
    said = igrsim("run", finished.folder.parents[1] / "study.toml", "--out", finished.folder.parent)
    assert Results(said.folder).manifest["run"]["computed"] == 4
    assert said.folder != finished.folder
    assert len(list((finished.folder.parent / "cells").iterdir())) == 2 * kept


def test_a_file_the_study_names_is_changed_midway(tmp_path: Path, quick: pytest.MonkeyPatch) -> None:
    table = tmp_path / "waves.csv"
    table.write_text("space,start\nTT,2019-05-01\n", encoding="utf-8")
    text = STUDY.replace('rollout = "all-at-once"', f"rollout = '{table}'")
    real = runner.run_cell

    def edits(spec: Any, threads: int = 1) -> Counted:
        table.write_text("space,start\nTT,2019-06-01\n", encoding="utf-8")
        return real(spec)

    quick.setattr(runner, "run_cell", edits)
    said = igrsim("run", write(tmp_path, text), "--out", tmp_path / "out")
    assert said.code == 1
    failures = pd.read_csv(said.folder / "failures.csv")
    assert set(failures.arm) == {"hub"}
    assert failures.error.str.contains("a file the study names, changed while the study ran").all()


# One bad cell in a thousand


@pytest.mark.parametrize("worlds", [60, pytest.param(500, marks=pytest.mark.slow)])
def test_one_bad_cell_in_many(worlds: int, tmp_path: Path, quick: pytest.MonkeyPatch) -> None:
    one = runner.run_cell
    counted: dict[bool, Counted] = {}

    def bad_in_one(spec: Any, threads: int = 1) -> Counted:
        if spec.levers and spec.world == worlds // 2:
            raise ZeroDivisionError("no desks")
        # what a cell holds is of no account here: two are computed, and stand for all
        return counted.setdefault(
            bool(spec.levers), one(spec) if bool(spec.levers) not in counted else counted[bool(spec.levers)]
        )

    quick.setattr(runner, "run_cell", bad_in_one)
    quick.setattr(runner.gc, "collect", lambda: 0)
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out", "-s", f"replication.worlds={worlds}")
    assert said.code == 1
    assert f"1 of {2 * worlds} cells failed" in said.err
    results = Results(said.folder)
    assert dict(results.design.status.value_counts()) == {"done": 2 * worlds - 1, "failed": 1}
    assert len(list((tmp_path / "out" / "cells").iterdir())) == 2 * worlds - 1
    assert results.runs.cell.nunique() == results.monthly.cell.nunique() == 2 * worlds - 1
    assert results.effects().pairs.max() == worlds - 1
    (failure,) = pd.read_csv(said.folder / "failures.csv").to_dict("records")
    assert (failure["cell"], failure["seed"]) == (worlds + worlds // 2, 20190821)
    assert "bad_in_one" in failure["traceback"]
