"""Kill a small study's driver and workers at random, again and again, until it is done: nothing may be lost or wrong.

    python benchmarks/kills.py --kills 300

Each study is run once undisturbed, then over and over while its processes are killed (SIGKILL, SIGTERM, SIGINT), until a run
ends by itself. A result is lost if a cell that was kept is not there afterwards; it is wrong if any file differs from the
undisturbed run's (the manifest's run section and the log aside). Prints its figures as JSON; exit 1 if any is not what it should be.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil

STUDY = """\
title = "Killed"
[world]
scope = "two-towns"
months = 3
citizens = 50
[arms.siloed]
regime = "siloed"
[arms.hub]
regime = "district-hub"
[replication]
worlds = 20
seed = {seed}
[runtime]
workers = 2
"""
DRIVER = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
COMMAND = [sys.executable, "-c", "from igrsim.cli import main; main()", "run", "study.toml", "--out"]


def contents(out: Path) -> dict[str, str]:
    """Digest of every file, the manifest without what tells of one run."""
    found = {}
    for file in sorted(out.rglob("*")):
        name = file.relative_to(out).as_posix()
        if not file.is_file() or file.name in ("run.log", ".lock"):
            continue
        content = file.read_bytes()
        if file.name == "manifest.json":
            content = json.dumps({k: v for k, v in json.loads(content).items() if k != "run"}).encode()
        found[name] = hashlib.sha256(content).hexdigest()
    return found


def cells(out: Path) -> dict[str, str]:
    """Digest of every cell that is kept."""
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in (out / "cells").glob("*.cell")}


def workers_of(driver: psutil.Process) -> list[psutil.Process]:
    """Processes that compute cells."""
    try:
        return [p for p in driver.children() if "spawn_main" in " ".join(p.cmdline())]
    except psutil.Error:
        return []


def disturbed(folder: Path, out: str, luck: random.Random, kills: Counter[str], most: int) -> tuple[int, list[int]]:
    """One run, disturbed until it ends or its driver is killed; its exit code, and the workers that outlived it."""
    run = subprocess.Popen([*COMMAND, out], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    driver = psutil.Process(run.pid)
    # some runs get far between kills, others hardly begin
    begun, to_driver, pace = time.monotonic(), luck.uniform(0.2, 15.0), luck.choice((0.5, 2.0, 5.0))
    known: dict[int, psutil.Process] = {}
    while sum(kills.values()) < most:
        try:
            run.wait(min(luck.uniform(0.1, 2 * pace), max(begun + to_driver - time.monotonic(), 0.01)))
            break
        except subprocess.TimeoutExpired:
            pass
        known |= {p.pid: p for p in workers_of(driver)}
        if time.monotonic() - begun >= to_driver:
            kind = luck.choice(DRIVER)
            run.send_signal(kind)
            kills[f"driver {kind.name}"] += 1
            break
        if alive := workers_of(driver):
            try:
                luck.choice(alive).kill()
                kills["worker SIGKILL"] += 1
            except psutil.Error:
                continue
    code = run.wait(300)
    _, orphans = psutil.wait_procs(list(known.values()), timeout=10)
    return code, [p.pid for p in orphans]


def main() -> int:
    """Kill, compare, tell."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--kills", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    luck, kills, codes = random.Random(options.seed), Counter[str](), Counter[int]()
    studies = equal = lost = wrong = orphans = 0
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as room:
        while sum(kills.values()) < options.kills:
            folder = Path(room) / str(studies)
            folder.mkdir()
            (folder / "study.toml").write_text(STUDY.format(seed=studies), encoding="utf-8")
            subprocess.run([*COMMAND, "plain"], cwd=folder, check=True, capture_output=True)
            expected = contents(folder / "plain")
            kept: dict[str, str] = {}
            code = None
            while code != 0:
                code, left = disturbed(folder, "killed", luck, kills, options.kills)
                codes[code] += 1
                print(f"{sum(kills.values())} kills, exit {code}", file=sys.stderr, flush=True)
                orphans += len(left)
                now = cells(folder / "killed")
                lost += len(set(kept) - set(now))
                wrong += sum(digest != expected[f"cells/{name}"] for name, digest in now.items())
                kept = now
            found = contents(folder / "killed")
            studies += 1
            equal += found == expected
            wrong += sum(found.get(name) != digest for name, digest in expected.items())
            print(f"{studies} studies, {sum(kills.values())} kills, {lost} lost, {wrong} wrong", file=sys.stderr)
    figures = {
        "kills": sum(kills.values()), "by kind": dict(sorted(kills.items())), "studies": studies,
        "studies with bytes equal": equal, "results lost": lost, "results wrong": wrong, "workers left behind": orphans,
        "exit codes": {str(code): times for code, times in sorted(codes.items())},
        "minutes": round((time.monotonic() - begun) / 60, 1),
    }  # fmt: skip
    print(json.dumps(figures, indent=1))
    return 0 if equal == studies and not (lost or wrong or orphans) else 1


if __name__ == "__main__":
    sys.exit(main())
