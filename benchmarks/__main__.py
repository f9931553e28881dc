"""All benchmarks in one command: JSON to keep, and tables to read.

    python -m benchmarks                      everything, some tens of minutes on two idle cores
    python -m benchmarks engines --rounds 3   one part
    python -m benchmarks --quick              everything at sizes that only show that it works

Run it from the top of the project on an otherwise idle machine. Peers are optional: `pip install -c constraints.txt '.[bench]'`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import bandwidth, phases, scaling, side_by_side
from benchmarks.alone import alone
from benchmarks.machine import in_words, machine

PARTS = ("engines", "bandwidth", "phases", "scaling")


def asked() -> argparse.Namespace:
    """What the user wants measured."""
    words = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    words.add_argument("parts", nargs="*", metavar="part", help=f"any of {', '.join(PARTS)}; all if none is named")
    words.add_argument("--out", type=Path, default=Path("results/benchmarks"), help="where JSON and Markdown go")
    words.add_argument("--quick", action="store_true", help="small sizes, one round")
    words.add_argument("--rounds", type=int, help="how often everything is measured, in alternation")
    words.add_argument("--engine", action="append", choices=side_by_side.all_engines(), help="only these engines")
    words.add_argument("--scope", default="pilots", help="where the engines' people live")
    words.add_argument("--people", type=int, help="how many live in each engine")
    words.add_argument("--months", type=int, default=24, help="how long they live in each engine")
    words.add_argument("--regime", default="district-hub", help="whose cells are scaled")
    words.add_argument("--citizens", type=int, nargs="+", help="sizes of cells, up to 51770564")
    words.add_argument("--worlds", type=int, help="worlds of the study that worker processes divide")
    found = words.parse_args()
    for part in found.parts:
        if part not in PARTS:
            words.error(f"no part '{part}': {', '.join(PARTS)}")
    return found


def engines(wanted: argparse.Namespace) -> dict[str, Any]:
    """The citizen's month in all engines."""
    people = wanted.people or (1_000 if wanted.quick else 20_000)
    rounds = wanted.rounds or (1 if wanted.quick else 5)
    names = wanted.engine or side_by_side.all_engines()
    months = 6 if wanted.quick else wanted.months
    return side_by_side.side_by_side(wanted.scope, people, months, rounds, names, large=not wanted.quick)


def memory(wanted: argparse.Namespace) -> dict[str, Any]:
    """The triad."""
    return alone("bandwidth:measure", megabytes=32 if wanted.quick else 256, times=3 if wanted.quick else 10)


def by_phase(wanted: argparse.Namespace) -> dict[str, Any]:
    """A country cell, phase by phase."""
    regimes = ["siloed", "district-hub"]
    if wanted.quick:
        return phases.phases(regimes, "two-towns", 1_000, 6, 1)
    return phases.phases(regimes, "country", None, 60, wanted.rounds or 2)


def growth(wanted: argparse.Namespace) -> dict[str, Any]:
    """Cells of growing size, and a study divided among processes."""
    if wanted.quick:
        found = scaling.scaling(wanted.regime, wanted.citizens or [1_000, 2_000], [2, 4], [1, 2], 1, False, 2_000)
        study = ("two-towns", 500, 6, wanted.worlds or 2)
    else:
        sizes = wanted.citizens or list(scaling.CITIZENS)
        found = scaling.scaling(wanted.regime, sizes, list(scaling.MONTHS), list(scaling.WORLDS), wanted.rounds or 2)
        study = ("pilots", 20_000, 60, wanted.worlds or 20)
    found["workers"] = scaling.workers(["siloed", "district-hub"], *study, most=2)
    return found


def tell(found: dict[str, Any]) -> str:
    """Everything measured, as Markdown."""
    words = ["# Benchmarks", in_words(found["machine"])]
    tellers: dict[str, Callable[[Any], str]] = {
        "engines": side_by_side.told, "bandwidth": lambda f: bandwidth.told(f, found.get("engines")),
        "phases": phases.told, "scaling": scaling.told,
    }  # fmt: skip
    words += [tellers[part](found[part]) for part in PARTS if part in found]
    return "\n\n".join(words) + "\n"


def main() -> int:
    """Measure, keep, tell."""
    wanted = asked()
    found: dict[str, Any] = {"machine": machine()}
    measure = {"engines": engines, "bandwidth": memory, "phases": by_phase, "scaling": growth}
    wanted.out.mkdir(parents=True, exist_ok=True)
    for part in wanted.parts or PARTS:
        try:
            found[part] = measure[part](wanted)
        except side_by_side.DisagreementError as why:
            print(f"nothing to report: {why}", file=sys.stderr)
            return 1
        # kept after each part: a long benchmark that is stopped has what it measured
        (wanted.out / "benchmarks.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (wanted.out / "benchmarks.md").write_text(tell(found), encoding="utf-8")
    print(tell(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
