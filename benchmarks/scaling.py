"""How the cost of a run grows: with citizens, spaces, months, replications, and how worker processes divide it.

A cell is what a study computes for one arm in one world, everything included. Each size is measured in a process of its own, whose
first months were lived before; sizes go round in alternation, and the cheapest round of each is reported: what disturbs a run only
adds to it. The exponent is the slope of cost over size, both as logarithms, between the two largest sizes: 1 is linear.
"""

from __future__ import annotations

import math
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from typing import Any

from benchmarks.alone import alone, forget_peak, peak, resident
from benchmarks.side_by_side import say
from benchmarks.tables import markdown

CITIZENS = (10_000, 30_000, 100_000, 300_000, 1_000_000)
MONTHS = (12, 24, 36, 48, 60)
WORLDS = (1, 2, 4, 8)
USUAL = 200_000
"""Citizens of a country cell."""
BY_SPACES = 20_000
"""Citizens where spaces grow: few, so that it is the institutions that are seen."""


def measure(regime: str, scope: str | list[str], citizens: int, months: int, worlds: int = 1) -> dict[str, Any]:
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
        run_cell(replace(spec, world=world))
    return {
        "processor_seconds": time.process_time() - begun, "wall_seconds": time.perf_counter() - clock,
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
    return found[:1] + found[1::2] + ([] if len(found) % 2 == 0 else found[-1:])


def exponent(sizes: list[float], seconds: list[float]) -> float | None:
    """Slope of the logarithm of cost over that of size, between the two largest sizes."""
    if len(sizes) < 2:
        return None
    return math.log(seconds[-1] / seconds[-2]) / math.log(sizes[-1] / sizes[-2])


def series(rounds: int, cases: list[tuple[float, dict[str, Any]]]) -> dict[str, Any]:
    """Measure cases in alternation; the cheapest round of each, and how cost grows."""
    runs: list[list[dict[str, Any]]] = [[] for _ in cases]
    for turn in range(rounds):
        for k, (size, arguments) in enumerate(cases):
            runs[k].append(alone("scaling:measure", **arguments))
            say(f"round {turn + 1} of {rounds}: {size:g}: {runs[k][-1]['processor_seconds']:.2f} CPU seconds")
    best = [min(found, key=lambda run: float(run["processor_seconds"])) for found in runs]
    sizes, seconds = [size for size, _ in cases], [float(run["processor_seconds"]) for run in best]
    return {
        "rows": [{"size": size, **run} for size, run in zip(sizes, best, strict=True)],
        "exponent": exponent(sizes, seconds),
    }


def scaling(regime: str, citizens: list[int], months: list[int], worlds: list[int], rounds: int) -> dict[str, Any]:
    """All series over the country."""
    usual: dict[str, Any] = {"regime": regime, "scope": "country", "citizens": USUAL, "months": MONTHS[-1]}
    found = {"regime": regime, "rounds": rounds, "series": {}}
    for what, cases in {
        "citizens": [(n, usual | {"citizens": n}) for n in citizens],
        "spaces": [(len(codes), usual | {"scope": codes, "citizens": BY_SPACES}) for codes in growing_country()],
        "months": [(n, usual | {"months": n}) for n in months],
        "replications": [(n, usual | {"scope": "pilots", "citizens": BY_SPACES, "worlds": n}) for n in worlds],
    }.items():
        say(what)
        found["series"][what] = series(rounds, cases)
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
    settings = {
        "citizens": f"the country, {MONTHS[-1]} months",
        "spaces": f"province by province up to the country, {BY_SPACES} citizens, {MONTHS[-1]} months",
        "months": f"the country, {USUAL} citizens",
        "replications": f"worlds of the pilots in one process, {BY_SPACES} citizens, {MONTHS[-1]} months",
    }
    words = [f"## How cost grows ({found['regime']})", f"Whole cells, the cheapest of {found['rounds']} rounds."]
    for what, measured in found["series"].items():
        rows = [
            (int(r["size"]), r["processor_seconds"], 1e6 * r["processor_seconds"] / r["size"], r["wall_seconds"],
             r["peak_megabytes"])
            for r in measured["rows"]
        ]  # fmt: skip
        # a citizen costs microseconds, a space or month milliseconds
        fine = what == "citizens"
        rows = [(size, cpu, each if fine else each / 1e3, wall, peak) for size, cpu, each, wall, peak in rows]
        per = f"{'µs' if fine else 'ms'} each"
        slope = measured["exponent"]
        words += [
            "", f"### {what}", f"{settings[what]}" + (f"; exponent {slope:.2f}" if slope is not None else ""),
            "", markdown((what, "CPU s", per, "wall s", "peak MB"), rows),
        ]  # fmt: skip
    if "workers" in found:
        w = found["workers"]
        words += [
            "", "### worker processes",
            f"`igrsim compare {' '.join(w['regimes'])}`, {w['scope']}, {w['citizens']} citizens, {w['months']} months, "
            f"{w['worlds']} worlds: everything from the command to the report.",
            "", markdown(("workers", "wall s", "CPU s"), [(r["workers"], r["wall_seconds"], r["processor_seconds"]) for r in w["rows"]]),
        ]  # fmt: skip
    return "\n".join(words)
