"""Worker processes: each death, hang and error befalls one task only, and no worker outlives its driver."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import Executor, wait
from pathlib import Path

import psutil
import pytest
import ways_to_end

from igrsim.runs.executors import Inline, Processes, WorkerLostError, open_crew


def test_a_death_befalls_one_task_only() -> None:
    with open_crew("processes", 2) as crew:
        ways = ["well", "killed", "well", "segfault", "exit", "well", "system exit"]
        futures = {way + str(place): crew.executor.submit(ways_to_end.gone, way) for place, way in enumerate(ways)}
        wait(futures.values(), timeout=60)
        for way, future in futures.items():
            if way.startswith("well"):
                assert future.result().startswith("well")
            else:
                assert isinstance(future.exception(), WorkerLostError), way


def test_an_error_is_handed_over_and_the_next_task_is_done() -> None:
    with open_crew("processes", 1) as crew:
        memory, odd = (
            crew.executor.submit(ways_to_end.gone, "memory"),
            crew.executor.submit(ways_to_end.gone, "unpicklable"),
        )
        well = crew.executor.submit(ways_to_end.gone, "well")
        assert isinstance(memory.exception(timeout=60), MemoryError)
        assert odd.exception(timeout=60) is not None
        assert well.result(timeout=60).startswith("well")


def test_a_worker_that_hangs_can_be_abandoned() -> None:
    with open_crew("processes", 1) as crew:
        hung = crew.executor.submit(ways_to_end.gone, "hang")
        while not hung.running():
            time.sleep(0.05)
        crew.abandon(hung)
        assert isinstance(hung.exception(timeout=60), WorkerLostError)
        assert crew.executor.submit(ways_to_end.gone, "well").result(timeout=60).startswith("well")


def test_fresh_processes_have_one_task_each() -> None:
    with open_crew("processes", 1, fresh=True) as crew:
        told = {crew.executor.submit(ways_to_end.gone, "well").result(timeout=60) for _ in range(2)}
    assert len(told) == 2


def test_leaving_by_an_exception_ends_the_workers_at_once() -> None:
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), open_crew("processes", 1) as crew:  # noqa: PT012
        hung, never = crew.executor.submit(ways_to_end.gone, "hang"), crew.executor.submit(ways_to_end.gone, "well")
        while not hung.running():
            time.sleep(0.05)
        raise KeyboardInterrupt
    assert time.monotonic() - begun < 30
    assert never.cancelled()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_no_worker_outlives_its_driver(tmp_path: Path) -> None:
    code = (
        "import ways_to_end, time\n"
        "from igrsim.runs.executors import Processes\n"
        "if __name__ == '__main__':\n"
        "    pool = Processes(2)\n"
        "    pool.submit(ways_to_end.gone, 'hang')\n"
        "    print(pool.submit(ways_to_end.gone, 'well').result(), flush=True)\n"
        "    time.sleep(600)\n"
    )
    (tmp_path / "driver.py").write_text(code, encoding="utf-8")
    here = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    driver = subprocess.Popen(
        [sys.executable, str(tmp_path / "driver.py")], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": here}
    )
    try:
        assert driver.stdout is not None
        assert driver.stdout.readline().startswith(b"well")
        workers = psutil.Process(driver.pid).children()
        assert len(workers) >= 2
        driver.kill()
        _, alive = psutil.wait_procs(workers, timeout=15)
        assert not alive
    finally:
        driver.kill()
        driver.wait()
        driver.stdout.close()  # type: ignore[union-attr]


@pytest.mark.fast
def test_in_this_process() -> None:
    done = Inline().submit(ways_to_end.gone, "well")
    assert done.result() == f"well {os.getpid()}"
    assert isinstance(Inline().submit(ways_to_end.gone, "memory").exception(), MemoryError)
    assert issubclass(Processes, Executor)
