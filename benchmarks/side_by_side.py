"""The engines side by side: first that they agree, then what a citizen-month costs in each.

Every measurement is a process of its own; rounds go over all engines in turn (A B C A B C ...), so that a machine that slows
down slows all of them. Medians are reported, ratios within rounds, and nothing at all if two engines disagree.
"""

from __future__ import annotations

import hashlib
import sys
import time
from statistics import median
from typing import Any

from benchmarks.alone import alone, forget_peak, peak, resident
from benchmarks.engines import BASELINE, ENGINES, OURS, UnavailableError, load
from benchmarks.tables import figure, markdown

NATION = 2_000_000
"""People beyond those of whom our engine keeps what each need has cost."""
LEAST_SECONDS = 0.5
"""Processor time that a measurement takes at least: fast engines live the case again until then."""


class DisagreementError(Exception):
    """Two engines let the same people live different lives: their times compare nothing."""


def say(words: str) -> None:
    """Tell how far it is."""
    print(words, file=sys.stderr, flush=True)


def compare(scope: str, people: int, months: int, engines: list[str], **params: float) -> dict[str, Any]:
    """Let the same people live in all engines in this process, and compare person by person.

    Returns
    -------
    dict
        ``agree``: engines that came out as ours; ``differ``: where others part, in words; ``skipped``: why some did not run.
    """
    from benchmarks.engines.case import make_case

    case = make_case(scope, people, **params)
    found: dict[str, Any] = {"agree": [], "differ": {}, "skipped": {}}
    reference = None
    for name in [OURS, *(name for name in engines if name != OURS)]:
        try:
            engine = load(name)
        except UnavailableError as why:
            found["skipped"][name] = str(why)
            continue
        if not engine.comparable:
            continue
        engine.begin(case)
        for month in range(months):
            engine.live(month)
        outcome = engine.outcome()
        reference = reference or outcome
        differences = outcome.differences(reference)
        if differences:
            found["differ"][name] = differences
        else:
            found["agree"].append(name)
    return found


def measure(name: str, scope: str, people: int, months: int, least_seconds: float = LEAST_SECONDS) -> dict[str, Any]:
    """One engine alone: seconds of its months, bytes of its people, and a digest of what came of them."""
    from benchmarks.engines.case import make_case

    try:
        engine = load(name)
    except UnavailableError as why:
        return {"skipped": str(why)}
    warm = load(name)
    warm.begin(make_case(scope, 200))
    warm.live(0)
    del warm
    case = make_case(scope, people)
    before = resident()
    forget_peak()
    found: dict[str, Any] = {"comparable": engine.comparable, "about": engine.about}
    processor = wall = making = 0.0
    times = 0
    while times == 0 or processor < least_seconds:
        begun = time.process_time()
        engine.begin(case)
        making += time.process_time() - begun
        begun, clock = time.process_time(), time.perf_counter()
        for month in range(months):
            engine.live(month)
        processor += time.process_time() - begun
        wall += time.perf_counter() - clock
        if times == 0:
            found["bytes"] = (resident() - before) / people
            found["peak_bytes"] = (peak() - before) / people
            outcome = engine.outcome()
            digest = hashlib.sha256()
            for column in (*outcome.state.values(), outcome.tally, outcome.arrivals, outcome.hours):
                digest.update(column.tobytes())
            found["digest"] = digest.hexdigest()
            found["trips"] = int(outcome.tally[..., 4].sum())
            del outcome
        times += 1
    lived = people * months * times
    return found | {
        "people": people, "months": months, "times": times, "processor_seconds": processor, "wall_seconds": wall,
        "making_seconds": making / times, "per_processor_second": lived / processor, "per_wall_second": lived / wall,
    }  # fmt: skip


def agreed(measurements: list[dict[str, Any]], names: list[str]) -> None:
    """See that all comparable engines came to the same digest.

    Raises
    ------
    DisagreementError
        With the engines that differ.
    """
    by_digest: dict[str, list[str]] = {}
    for name, found in zip(names, measurements, strict=True):
        if found.get("comparable"):
            by_digest.setdefault(found["digest"], []).append(name)
    if len(by_digest) > 1:
        raise DisagreementError(f"engines came to different lives: {' | '.join(map(', '.join, by_digest.values()))}")


def side_by_side(
    scope: str, people: int, months: int, rounds: int, engines: list[str], large: bool = True
) -> dict[str, Any]:
    """All engines in alternation, at one size; then each at its own large size, for its bytes."""
    check = alone("side_by_side:compare", scope=scope, people=min(people, 2_000), months=months, engines=engines)
    if check["differ"]:
        raise DisagreementError(str(check["differ"]))
    say(f"{', '.join(check['agree'])}: the same lives, person by person")
    here = [name for name in engines if name not in check["skipped"]]
    measured: dict[str, list[dict[str, Any]]] = {name: [] for name in here}
    for turn in range(rounds):
        for name in here:
            found = alone("side_by_side:measure", name=name, scope=scope, people=people, months=months)
            measured[name].append(found)
            say(f"round {turn + 1} of {rounds}: {name}: {found['per_processor_second'] / 1e6:.3g} million a CPU second")
        agreed([measured[name][-1] for name in here], here)
    at_large: dict[str, dict[str, Any]] = {}
    for name in here if large else []:
        many = load(name).many
        at_large[name] = alone(
            "side_by_side:measure", name=name, scope=scope, people=many, months=months, least_seconds=0.0
        )
        say(f"{name}, {many} people: {at_large[name]['bytes']:.0f} bytes each")
    beyond = None
    if large and OURS in here:
        beyond = alone("side_by_side:measure", name=OURS, scope=scope, people=NATION, months=months, least_seconds=0.0)
    return {
        "case": {"scope": scope, "people": people, "months": months, "rounds": rounds},
        "agreement": check, "measured": measured, "large": at_large, "beyond": beyond, "summary": summary(measured, at_large),
    }  # fmt: skip


def summary(measured: dict[str, list[dict[str, Any]]], large: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Medians by engine, and ratios to plain Mesa within rounds."""
    rows = []
    for name, rounds in measured.items():
        base = measured.get(BASELINE, rounds)
        rows.append(
            {
                "engine": name,
                "per_processor_second": median(r["per_processor_second"] for r in rounds),
                "per_wall_second": median(r["per_wall_second"] for r in rounds),
                **{
                    ratio: median(r[rate] / b[rate] for r, b in zip(rounds, base, strict=True))
                    for ratio, rate in (("processor_ratio", "per_processor_second"), ("wall_ratio", "per_wall_second"))
                },
                "large_people": large[name]["people"] if name in large else None,
                "large_per_processor_second": large[name]["per_processor_second"] if name in large else None,
                # among few people the memory that a process had before hides theirs
                "bytes": large[name]["bytes"] if name in large else None,
                "peak_bytes": large[name]["peak_bytes"] if name in large else None,
                "comparable": rounds[0]["comparable"],
                "about": rounds[0]["about"],
            }
        )
    return rows


def told(found: dict[str, Any]) -> str:
    """The result as Markdown."""
    case, rows = found["case"], found["summary"]
    table = markdown(
        ("engine", "million a CPU s", "million a wall s", f"times {BASELINE}: CPU", "wall", "people", "million a CPU s there",
         "bytes each", "bytes each, peak"),
        [
            (r["engine"], r["per_processor_second"] / 1e6, r["per_wall_second"] / 1e6, r["processor_ratio"], r["wall_ratio"], r["large_people"],
             r["large_per_processor_second"] and r["large_per_processor_second"] / 1e6,
             r["bytes"] and round(r["bytes"]), r["peak_bytes"] and round(r["peak_bytes"]))
            for r in rows
        ],
    )  # fmt: skip
    first = f"Citizen-months of {figure(case['people'])} people of {case['scope']} over {case['months']} months"
    notes = [f"- {r['engine']}: {r['about']}." for r in rows]
    if beyond := found.get("beyond"):
        notes.append(
            f"- {OURS} with {figure(beyond['people'])} people, of whom what each need has cost is no longer kept: "
            f"{beyond['bytes']:.0f} bytes each, {beyond['per_processor_second'] / 1e6:.3g} million a CPU s."
        )
    notes += [f"- {name}: skipped, {why}." for name, why in found["agreement"]["skipped"].items()]
    return "\n".join(
        [
            "## A citizen's month, engine by engine",
            f"{first}; {case['rounds']} rounds in alternation, medians. All came to the same lives, person by person and count "
            "by count, but for those that draw their own luck. What service points publish is taken as fixed; traits "
            "and state are counted in the bytes, the country's tables are not.",
            "", table, "", *notes,
        ]
    )  # fmt: skip


def all_engines() -> list[str]:
    """Every engine there is a file for."""
    return list(ENGINES)
