"""How much memory the tables of a large study take: cells that stand for others, put into tables, peak memory told.

    python benchmarks/memory_of_the_driver.py --worlds 10 100 1000

One cell of each arm is computed and kept under the addresses of all; what is measured is reading, measuring and writing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from igrsim.runs.cell import Counted, run_cell
from igrsim.runs.layout import lay_out
from igrsim.runs.session import comparison
from igrsim.runs.store import Store, pack
from igrsim.runs.tables import write_tables


def measure(worlds: int, scope: str, months: int, citizens: int) -> dict[str, float]:
    """Write the tables of a study of so many worlds; megabytes before and at the peak, and seconds."""
    import resource

    study = comparison(["siloed", "district-hub-core"], scope=scope, months=months, worlds=worlds, citizens=citizens)
    plan = lay_out(study)
    with tempfile.TemporaryDirectory() as room:
        store, by_arm = Store(Path(room)), {}
        for cell in plan.every_cell:
            if cell.arm not in by_arm:
                by_arm[cell.arm] = run_cell(cell.spec)
            store.put(cell.digest, pack(cell.digest, Counted(by_arm[cell.arm].tables)))
        del by_arm
        before, begun = psutil.Process().memory_info().rss, time.perf_counter()
        write_tables(plan, store, Path(room), [], "")
        seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "cells": len(plan.every_cell), "before": round(before / 1e6), "peak": round(peak / 1e6), "seconds": round(seconds, 1)
    }  # fmt: skip


def main() -> None:
    """Each size in a process of its own."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--worlds", type=int, nargs="+", default=[10, 100, 1000])
    asked.add_argument("--scope", default="two-towns")
    asked.add_argument("--months", type=int, default=24)
    asked.add_argument("--citizens", type=int, default=50)
    options = asked.parse_args()
    if len(options.worlds) == 1:
        print(json.dumps(measure(options.worlds[0], options.scope, options.months, options.citizens)))
        return
    same = ["--scope", options.scope, "--months", str(options.months), "--citizens", str(options.citizens)]
    for worlds in options.worlds:
        subprocess.run([sys.executable, __file__, "--worlds", str(worlds), *same], check=True)


if __name__ == "__main__":
    main()
