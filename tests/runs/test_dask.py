"""A study on a Dask cluster of real processes: the same bytes, though a worker is killed midway; a cluster that is not there."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from igrsim.results.results import Results
from small_study import STUDY, igrsim, no_traceback, shell, tables, without_report, write

if sys.platform == "win32":
    pytest.skip("signals", allow_module_level=True)
pytest.importorskip("distributed", exc_type=ImportError)

LONGER = STUDY.replace("worlds = 2", "worlds = 6").replace("months = 3", "months = 12")


@contextlib.contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and workers on loopback, each a process; the scheduler's address and all of them."""
    begun: list[subprocess.Popen[bytes]] = []

    def start(module: str, *arguments: str) -> None:
        log = (folder / f"{len(begun)}.log").open("wb")
        command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"]
        begun.append(subprocess.Popen(command, stdout=log, stderr=log, cwd=folder))
        log.close()

    about = folder / "scheduler.json"
    start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(about))
    try:
        for _ in range(workers):
            start("dask_worker", "--scheduler-file", str(about), "--nthreads", "1", "--no-nanny")
        until = time.monotonic() + 30
        while not about.exists() and time.monotonic() < until:
            time.sleep(0.1)
        import json

        yield json.loads(about.read_text())["address"].removeprefix("tcp://"), begun
    finally:
        for process in begun:
            process.kill()
            process.wait()


def test_a_worker_of_a_cluster_is_killed_midway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study, out = write(tmp_path, LONGER), tmp_path / "out"
    killed: list[int] = []

    def kill_one(process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None:
            if len(list((out / "cells").glob("*.cell"))) >= 2:
                os.kill(process.pid, signal.SIGKILL)
                killed.append(len(list((out / "cells").glob("*.cell"))))
                return
            time.sleep(0.02)

    with cluster(tmp_path, 2) as (address, processes):
        killer = threading.Thread(target=kill_one, args=(processes[-1],))
        killer.start()
        said = shell("run", study, "--out", out, "--executor", f"dask://{address}")
    killer.join()
    assert said.code == 0, said.err
    assert killed
    assert killed[0] < 12
    without_report(monkeypatch)
    plain = igrsim("run", study, "--out", tmp_path / "plain")
    aside = ("manifest.json", "ro-crate-metadata.json", "report.html")
    mine, theirs = tables(said.folder), tables(plain.folder)
    assert {n: s for n, s in mine.items() if n not in aside and not n.startswith("figures")} == {
        n: s for n, s in theirs.items() if n not in aside
    }
    cells = {file.name: file.read_bytes() for file in (out / "cells").iterdir()}
    assert cells == {file.name: file.read_bytes() for file in (tmp_path / "plain" / "cells").iterdir()}
    assert len(cells) == 12
    assert Results(said.folder).manifest["run"]["executor"].startswith("dask://")


def test_a_cluster_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "1s")
    code = "import igrsim.runs.executors as e; e.CLUSTER_SECONDS = 2.0; from igrsim.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "run", str(write(tmp_path)), "--out", str(tmp_path / "out"), "--executor", "dask://127.0.0.1:1"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "error E322: no Dask cluster with workers at 127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_scheduler_is_killed_midway(tmp_path: Path) -> None:
    study, out = write(tmp_path, LONGER), tmp_path / "out"
    with cluster(tmp_path, 1) as (address, processes):
        command = [sys.executable, "-c", "from igrsim.cli import main; main()", "run", str(study), "--out", str(out)]
        run = subprocess.Popen([*command, "--executor", f"dask://{address}"], stderr=subprocess.PIPE, text=True)
        while not list((out / "cells").glob("*.cell")) and run.poll() is None:
            time.sleep(0.02)
        processes[0].kill()
        _, said = run.communicate(timeout=120)
    assert run.returncode == 2, said
    assert "error E324: the Dask cluster was lost, what was finished is kept" in said
    assert "Traceback" not in said
    again = igrsim("run", study, "--out", out)
    assert Results(again.folder).manifest["run"]["computed"] < 12


def test_an_executor_that_is_not_known(tmp_path: Path) -> None:
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out", "--executor", "proceses")
    no_traceback(said, 2)
    assert "E320" in said.err
    assert "did you mean 'processes'" in said.err
