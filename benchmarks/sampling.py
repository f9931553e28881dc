"""What a sample of the country's people says against everyone: needs, trips, kilometres, hours and rand, arm by arm.

    python -m benchmarks.sampling                       a sample of 200 000 against everyone, under three regimes
    python -m benchmarks.sampling --citizens 50000 --months 12

Everyone's loads, and so the queues that people meet, are expectations over the whole population: the sample decides only whose
lives are told. What it misses is thus the luck of who is in it; its error is that of a ratio of sums over people.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.terms import ARISEN, CENTS, METRES, MINUTES, TRIPS
from igrsim.model import IGRModel, Scenario
from igrsim.runs.runner import cores

PER_NEED = {"trips": (TRIPS, 1.0), "km": (METRES, 1e-3), "hours": (MINUTES, 1 / 60), "rand": (CENTS, 1e-2)}
F64 = NDArray[np.float64]


def everyone(regime: str, months: int, citizens: int | None) -> dict[str, float]:
    """Trips, kilometres, hours and rand for a documentary need, over all who are simulated."""
    model = IGRModel(Scenario(regime, months=months, citizens=citizens), threads=cores())
    people = model.world.people
    papers = sum(model.world.catalogue.documentary)
    sums = np.zeros(people.tally.shape[2])
    while model.month < months:
        model.step()
        sums += people.tally[:, :papers].sum(axis=(0, 1))
    return {name: float(sums[k] / sums[ARISEN] * scale) for name, (k, scale) in PER_NEED.items()}


def person_by_person(regime: str, months: int, citizens: int) -> F64:
    """Documentary needs, trips, metres, minutes and cents of each person of a sample: (people, 5)."""
    model = IGRModel(Scenario(regime, months=months, citizens=citizens))
    people, spaces = model.world.people, model.world.spaces
    papers = sum(model.world.catalogue.documentary)
    # each counted alone, in the place of the groups they belong to; rows fall into spaces of equal size
    people.citizens.cells = np.arange(citizens, dtype=np.int32)
    rows = -(-citizens // spaces) * spaces
    people.tally = np.zeros((rows, *people.tally.shape[1:]), np.int64)
    columns = [ARISEN, *(k for k, _ in PER_NEED.values())]
    sums = np.zeros((citizens, len(columns)))
    while model.month < months:
        model.step()
        sums += people.tally[:citizens, :papers].sum(axis=1)[:, columns]
    return sums


def of_ratio(top: F64, needs: F64) -> tuple[float, F64]:
    """A ratio of sums over people, and what each of them adds to its error."""
    ratio = top.sum() / needs.sum()
    return float(ratio), (top - ratio * needs) / needs.sum()


def compare(regimes: list[str], months: int, citizens: int, whole: int | None) -> list[dict[str, Any]]:
    """Every measure of every regime and of its difference from the first: sample, error, everyone."""
    samples = {regime: person_by_person(regime, months, citizens) for regime in regimes}
    truths = {regime: everyone(regime, months, whole) for regime in regimes}
    rows = []
    for k, (name, (_, scale)) in enumerate(PER_NEED.items(), start=1):
        parts = {regime: of_ratio(scale * s[:, k], s[:, 0]) for regime, s in samples.items()}
        first = regimes[0]
        for regime in regimes:
            for against in {"": None, first: first} if regime != first else {"": None}:
                value, each = parts[regime]
                truth = truths[regime][name]
                if against:
                    # the same people in both: what they share is no error of the difference
                    value, each = value - parts[first][0], each - parts[first][1]
                    truth -= truths[first][name]
                error = float(np.sqrt((each**2).sum()))
                off = (value - truth) / error if error else 0.0
                rows.append(
                    {"per need": name, "regime": regime, "less": against, "sample": value, "error": error,
                     "everyone": truth, "errors off": off}
                )  # fmt: skip
    return rows


def main() -> None:
    """Compare, print a table, keep the figures."""
    words = argparse.ArgumentParser(prog="python -m benchmarks.sampling")
    words.add_argument("--regimes", default="siloed,one-stop,district-hub")
    words.add_argument("--months", type=int, default=60)
    words.add_argument("--citizens", type=int, default=200_000)
    words.add_argument("--everyone", type=int, default=60_000_000, help="people who stand for everyone")
    words.add_argument("--out", type=Path, default=Path("results/benchmarks/sampling.json"))
    asked = words.parse_args()
    rows = compare(asked.regimes.split(","), asked.months, asked.citizens, asked.everyone)
    for row in rows:
        what = f"{row['regime']}{' less ' + row['less'] if row['less'] else ''}"
        print(
            f"{row['per need']:6} {what:28} {row['sample']:10.4f} +- {row['error']:.4f}   everyone {row['everyone']:10.4f}"
            f"   {row['errors off']:+.2f} errors off"
        )
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
