"""How the cost of a run grows: with citizens, spaces, months, replications, and how threads and worker processes divide it.

A cell is what a study computes for one arm in one world, everything included. Each size is measured in a process of its own, whose
first months were lived before; sizes go round in alternation, and the cheapest round of each is reported: what disturbs a run only
adds to it. A line (so much once, so much for each) is laid through the sizes, weighing all of them alike; how far a size lies off it
says how linear the cost is.
"""

from __future__ import annotations

import hashlib
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.alone import alone, forget_peak, peak, resident
from benchmarks.side_by_side import say
from benchmarks.tables import markdown

CITIZENS = (10_000, 30_000, 100_000, 300_000, 1_000_000)
MONTHS = (12, 24, 36, 48, 60)
WORLDS = (1, 2, 4, 8)
USUAL = 200_000
"""Citizens of a country cell."""
THREADS = (1, 2, 4)
BY_THREADS = 1_000_000
"""Citizens where threads divide a cell: only where they are very many is it done."""
BY_SPACES = 20_000
"""Citizens where spaces grow: few, so that it is the institutions that are seen."""


def measure(
    regime: str, scope: str | list[str], citizens: int, months: int, worlds: int = 1, threads: int = 1
) -> dict[str, Any]:
    """Processor and wall seconds of so many worlds of one arm, one after the other, and the memory they take at the peak."""
    from igrsim.runs.cell import run_cell
    from igrsim.runs.layout import lay_out
    from igrsim.runs.session import comparison

    study = comparison([regime], scope=scope, months=months, worlds=1, futures=1, citizens=citizens)
    spec = lay_out(study).every_cell[0].spec
    run_cell(replace(spec, citizens=min(citizens, 1_000)), first=2)
    before = resident()
    forget_peak()
    begun, clock = time.process_time(), time.perf_counter()
    for world in range(worlds):
        counted = run_cell(replace(spec, world=world), threads=threads)
    processor, wall = time.process_time() - begun, time.perf_counter() - clock
    digest = hashlib.sha256()
    for name, table in sorted(counted.tables.items()):
        digest.update(name.encode() + table.to_csv(index=False).encode())
    return {
        "processor_seconds": processor, "wall_seconds": wall, "digest": digest.hexdigest(),
        "grown_megabytes": (peak() - before) / 1e6, "peak_megabytes": peak() / 1e6,
    }  # fmt: skip


def study(regimes: list[str], scope: str, citizens: int, months: int, worlds: int, workers: int) -> dict[str, Any]:
    """A whole comparison from the command line, tables and report included, with so many worker processes."""
    command = [
        sys.executable, "-c", "from igrsim.cli import main; main()", "compare", *regimes, "--scope", scope, "--citizens",
        str(citizens), "--months", str(months), "--worlds", str(worlds), "--futures", "1", "--workers", str(workers),
    ]  # fmt: skip
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with tempfile.TemporaryDirectory() as room:
        subprocess.run([*command, "--out", room], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"processor_seconds": processor, "wall_seconds": time.perf_counter() - clock}


def growing_country() -> list[list[str]]:
    """Ever more provinces, in the order of their names, up to the country."""
    from igrsim.places.geography import load_geography

    country = load_geography()
    codes: list[str] = []
    found = []
    for name in country.provinces.names:
        codes = [*codes, *country.province_spaces(name)]
        found.append(codes)
    return [*found[:-1:2], found[-1]]


def line(sizes: list[float], seconds: list[float]) -> dict[str, float]:
    """The straight line nearest to the costs, by their relative distances: seconds once, seconds for each, and the worst distance."""
    x, y = np.array(sizes, dtype=float), np.array(seconds, dtype=float)
    (once, each), *_ = np.linalg.lstsq(np.stack([1 / y, x / y], axis=1), np.ones_like(y), rcond=None)
    return {"once": float(once), "each": float(each), "off": float(np.abs((once + each * x) / y - 1).max())}


def series(rounds: int, cases: list[tuple[float, dict[str, Any]]]) -> dict[str, Any]:
    """Measure cases in alternation; the cheapest round of each, and how cost grows."""
    runs: list[list[dict[str, Any]]] = [[] for _ in cases]
    for turn in range(rounds):
        for k, (size, arguments) in enumerate(cases):
            runs[k].append(alone("scaling:measure", **arguments))
            say(f"round {turn + 1} of {rounds}: {size:g}: {runs[k][-1]['processor_seconds']:.2f} CPU seconds")
    best = [min(found, key=lambda run: float(run["processor_seconds"])) for found in runs]
    sizes, seconds = [size for size, _ in cases], [float(run["processor_seconds"]) for run in best]
    rows = [{"size": size, **run} for size, run in zip(sizes, best, strict=True)]
    return {"rows": rows, "line": line(sizes, seconds) if len(rows) > 2 else None}


def scaling(
    regime: str,
    citizens: list[int],
    months: list[int],
    worlds: list[int],
    rounds: int,
    spaces: bool = True,
    by_threads: int = BY_THREADS,
) -> dict[str, Any]:
    """All series: of the country's cells, and of worlds of the pilots."""
    last = max(months)
    usual: dict[str, Any] = {
        "regime": regime,
        "scope": "country",
        "citizens": min(USUAL, max(citizens)),
        "months": last,
    }
    few = {"citizens": min(BY_SPACES, max(citizens))}
    country = [(len(codes), usual | few | {"scope": codes}) for codes in growing_country()] if spaces else []
    cases: dict[str, tuple[str, list[tuple[float, dict[str, Any]]]]] = {
        "citizens": (f"the country, {last} months", [(n, usual | {"citizens": n}) for n in citizens]),
        "spaces": (
            f"province by province up to the country, {few['citizens']} citizens, {last} months",
            country,
        ),
        "months": (f"the country, {usual['citizens']} citizens", [(n, usual | {"months": n}) for n in months]),
        "replications": (
            f"worlds of the pilots one after the other, {few['citizens']} citizens, {last} months",
            [(n, usual | few | {"scope": "pilots", "worlds": n}) for n in worlds],
        ),
        "threads": (
            f"the country, {by_threads} citizens, {last} months",
            [(n, usual | {"citizens": by_threads, "threads": n}) for n in THREADS],
        ),
    }
    found: dict[str, Any] = {"regime": regime, "rounds": rounds, "series": {}}
    for what, (about, sizes) in cases.items():
        if sizes:
            say(f"{what}: {about}")
            found["series"][what] = {"about": about, **series(rounds, sizes)}
    found["same_on_all_threads"] = len({row["digest"] for row in found["series"]["threads"]["rows"]}) == 1
    return found


def workers(regimes: list[str], scope: str, citizens: int, months: int, worlds: int, most: int) -> dict[str, Any]:
    """One study with one worker process, two, and so on."""
    rows = []
    for n in range(1, most + 1):
        rows.append({"workers": n, **study(regimes, scope, citizens, months, worlds, n)})
        say(f"{n} workers: {rows[-1]['wall_seconds']:.1f} seconds")
    return {"regimes": regimes, "scope": scope, "citizens": citizens, "months": months, "worlds": worlds, "rows": rows}


def told(found: dict[str, Any]) -> str:
    """The result as Markdown."""
    words = [f"## How cost grows ({found['regime']})", f"Whole cells, the cheapest of {found['rounds']} rounds."]
    for what, measured in found["series"].items():
        # a citizen costs microseconds, a space or a month milliseconds
        unit, times = ("µs", 1e6) if what == "citizens" else ("ms", 1e3)
        rows = [
            (int(r["size"]), r["processor_seconds"], times * r["processor_seconds"] / r["size"], r["wall_seconds"],
             r["peak_megabytes"])
            for r in measured["rows"]
        ]  # fmt: skip
        laid = measured["line"] if what != "threads" else None
        words += ["", f"### {what}", f"{measured['about']}."]
        if laid:
            words[-1] += (
                f" Line: {laid['once']:.2f} s once and {times * laid['each']:.3g} {unit} each, at most {100 * laid['off']:.0f} % off."
            )
        if what == "threads":
            same = found["same_on_all_threads"]
            words[-1] += " All tables are the same to the bit." if same else " THE TABLES DIFFER."
            kept = [(size, cpu, wall, rows[0][3] / wall, peak) for size, cpu, _, wall, peak in rows]
            words += ["", markdown((what, "CPU s", "wall s", "times as fast", "peak MB"), kept)]
            continue
        words += ["", markdown((what, "CPU s", f"{unit} each", "wall s", "peak MB"), rows)]
    if "workers" in found:
        w = found["workers"]
        words += [
            "", "### worker processes",
            f"`igrsim compare {' '.join(w['regimes'])}`, {w['scope']}, {w['citizens']} citizens, {w['months']} months, "
            f"{w['worlds']} worlds: everything from the command to the report.",
            "", markdown(("workers", "wall s", "CPU s"), [(r["workers"], r["wall_seconds"], r["processor_seconds"]) for r in w["rows"]]),
        ]  # fmt: skip
    return "\n".join(words)
