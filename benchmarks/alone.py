"""One measurement in a process of its own: nothing that ran before it lies in its memory or warms its caches.

python -m benchmarks.alone FILE:FUNCTION '{"argument": value}'
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]


def alone(measure: str, **arguments: Any) -> dict[str, Any]:
    """Run a function of the benchmarks, named ``file:function``, in a fresh process.

    Raises
    ------
    RuntimeError
        It failed; with the last line of what it said.
    """
    command = [sys.executable, "-m", "benchmarks.alone", measure, json.dumps(arguments)]
    done = subprocess.run(command, cwd=ROOT, env=single_threaded(), capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no word"]
        raise RuntimeError(f"{measure} {arguments}: exit {done.returncode}: {said[-1]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def single_threaded() -> dict[str, str]:
    """The environment, with numerical libraries held to one thread: processor seconds are one thread's."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
    return {**os.environ, **one}


def resident() -> int:
    """Bytes of memory this process has, after what is dead is given back."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    return int(psutil.Process().memory_info().rss)


def forget_peak() -> None:
    """Begin the peak of resident memory anew, where the system lets a process do so."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak() -> int:
    """Bytes of memory at the peak; what is resident now, where the system does not say."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return resident()


def main() -> None:
    """Run the function that is named, and print what it returns as JSON."""
    file, _, function = sys.argv[1].partition(":")
    answer = getattr(import_module(f"benchmarks.{file}"), function)(**json.loads(sys.argv[2]))
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
