"""What a month's processor time goes into, phase by phase."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.alone import alone
from benchmarks.tables import markdown

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
    """The result as Markdown."""
    seconds = found["seconds"]
    names = sorted(
        {name for spent in seconds.values() for name in spent},
        key=lambda n: -sum(s.get(n, 0.0) for s in seconds.values()),
    )
    totals = {regime: sum(spent.values()) for regime, spent in seconds.items()}
    columns, rows = ["phase"], [[name] for name in names]
    for regime, spent in seconds.items():
        columns += [f"{regime}: CPU s", "%"]
        for row, name in zip(rows, names, strict=True):
            row += [round(spent.get(name, 0.0), 3), round(100 * spent.get(name, 0.0) / totals[regime], 1)]
    total: list[Any] = ["all"]
    for regime in seconds:
        total += [round(totals[regime], 2), 100.0]
    people = "as many citizens as are usual" if found["citizens"] is None else f"{found['citizens']} citizens"
    return "\n".join(
        [
            "## Phase by phase",
            f"{found['scope']}, {people}, {found['months']} months; the cheapest of {found['rounds']} runs. A phase has with it "
            "what levers do after it.",
            "", markdown(columns, [*rows, total]),
        ]
    )  # fmt: skip
