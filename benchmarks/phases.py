"""What a month's processor time goes into, phase by phase."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.alone import alone
from benchmarks.tables import markdown

LEAST = 0.005
"""Share of all time from which on a phase has a row of its own."""
TURNING, COUNTING, BUILDING = "(rules turned)", "(counts and metrics)", "(world built)"


def measure(regime: str, scope: str, citizens: int | None, months: int) -> dict[str, float]:
    """Processor seconds of each phase over a run; the second run of a process, so that nothing is compiled or first read."""
    from igrsim.model import IGRModel, Scenario

    warm = IGRModel(Scenario(regime=regime, scope=scope, citizens=2_000, months=2))
    warm.record = lambda world, counts: None
    warm.run()
    begun = time.process_time()
    model = IGRModel(Scenario(regime=regime, scope=scope, citizens=citizens, months=months))
    spent = {BUILDING: time.process_time() - begun, TURNING: 0.0}
    last = 0.0

    def note(name: str) -> None:
        nonlocal last
        now = time.process_time()
        spent[name] = spent.get(name, 0.0) + now - last
        last = now

    turn = model.turn_rules

    def turned() -> None:
        nonlocal last
        last = time.process_time()
        turn()
        note(TURNING)

    model.turn_rules = turned  # type: ignore[method-assign]
    model.after_phase = lambda name, world: note(name)
    model.record = lambda world, counts: note(COUNTING)
    model.run()
    return spent


def phases(regimes: list[str], scope: str, citizens: int | None, months: int, rounds: int) -> dict[str, Any]:
    """Each regime in turn, several times; the round that cost least."""
    found: dict[str, list[dict[str, float]]] = {regime: [] for regime in regimes}
    for _ in range(rounds):
        for regime in regimes:
            found[regime].append(alone("phases:measure", regime=regime, scope=scope, citizens=citizens, months=months))
    best = {regime: min(runs, key=lambda spent: sum(spent.values())) for regime, runs in found.items()}
    return {"scope": scope, "citizens": citizens, "months": months, "rounds": rounds, "seconds": best}


def told(found: dict[str, Any]) -> str:
    """The result as Markdown; phases that take next to nothing in one row."""
    totals = {regime: sum(spent.values()) for regime, spent in found["seconds"].items()}
    names = {name for spent in found["seconds"].values() for name in spent}
    small = {name for name in names if all(s.get(name, 0.0) < LEAST * totals[r] for r, s in found["seconds"].items())}
    others = f"({len(small)} others, each under {100 * LEAST:g} %)"
    seconds = {
        regime: {name: spent.get(name, 0.0) for name in names - small}
        | ({others: sum(spent.get(name, 0.0) for name in small)} if small else {})
        for regime, spent in found["seconds"].items()
    }
    rows: list[list[Any]] = [
        [
            name,
            *(x for regime in seconds for x in (seconds[regime][name], 100 * seconds[regime][name] / totals[regime])),
        ]
        for name in next(iter(seconds.values()))
    ]
    rows.sort(key=lambda row: (row[0] == others, -sum(row[1::2])))
    total = ["all", *(x for regime in seconds for x in (totals[regime], 100.0))]
    columns = ["phase", *(words for regime in seconds for words in (f"{regime}: CPU s", "%"))]
    people = "as many citizens as are usual" if found["citizens"] is None else f"{found['citizens']} citizens"
    return "\n".join(
        [
            "## Phase by phase",
            f"{found['scope']}, {people}, {found['months']} months; the cheapest of {found['rounds']} runs. A phase has with it "
            "what levers do after it.",
            "", markdown(columns, [*rows, total]),
        ]
    )  # fmt: skip
