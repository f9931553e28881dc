"""What calibration came to, as the parameter file says it and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import wrap
from typing import Any

import tomli_w

from igrsim.kernel.params import Param, all_params
from igrsim.runs.calibration.search import Calibration, Outcome
from igrsim.runs.cell import model_digest
from igrsim.runs.validation.finding import Finding

EDGE = 0.9
"""Of the way from the default to the end of its range, beyond which a number is said to be hard to believe."""
STATES = {
    "held": "holds at the defaults",
    "moved": "holds once numbers are moved",
    "follows": "holds once numbers are moved for another fact",
    "failed": "does not come out: nothing is moved for it",
}


def table(found: Calibration) -> list[dict[str, Any]]:
    """One line a fact: what became of it, the row that decides, before and after, and what moved."""
    lines = []
    for outcome in found.outcomes:
        last = {row.name: row for row in found.last[outcome.fact.number]}
        shown = [row for row in outcome.before if not row.passed]
        lines.append(
            {
                "fact": outcome.fact.number,
                "says": outcome.fact.says,
                "state": STATES[outcome.state],
                "rows": len(outcome.before),
                "missed": len(shown),
                "points": outcome.points,
                "before": "; ".join(row.found for row in shown),
                "after": "; ".join(last[row.name].found for row in shown if row.name in last),
                "moved": [f"{name} {frm:g} -> {to:g}" for name, frm, to in _moved(outcome)],
            }
        )
    return lines


def write_parameters(found: Calibration) -> str:
    """The parameter file."""
    known = all_params()
    moved, warned = [], 0
    for outcome in found.outcomes:
        for name, frm, to in _moved(outcome):
            p = known[name]
            share = _of_the_way(p, to)
            warned += share > EDGE
            moved.append(
                {
                    "name": name, "from": frm, "to": to, "low": p.low, "high": p.high, "unit": p.unit, "grade": p.grade,
                    "source": p.source, "of_the_way_to_its_bound": round(share, 3), "hard_to_believe": share > EDGE,
                    "fact": outcome.fact.number, "why": _why(outcome),
                }
            )  # fmt: skip
    data: dict[str, Any] = {
        "about": {
            "seed": found.seed,
            "points": found.points,
            "model": model_digest(),
            "facts": [o.fact.number for o in found.outcomes],
        },
        "set": dict(sorted(found.values.items())),
        "moved": moved,
        "kept": [_told(o, found.last) for o in found.outcomes if o.state in ("held", "follows")],
        "failed": [_failed(o) for o in found.outcomes if o.state == "failed"],
        "checked": [_rows(o, found.last[o.fact.number]) for o in found.outcomes],
    }
    return "".join(f"# {line}\n" for line in _header(found, warned)) + "\n" + tomli_w.dumps(data)


def _header(found: Calibration, warned: int) -> list[str]:
    """What was done and what came of it, in lines of comment."""
    states = [o.state for o in found.outcomes]
    held, n = states.count("held"), len(found.values)
    said = [
        'Parameter values made by `igrsim calibrate`; a study uses them with world.calibration = "calibrated.toml".',
        f"{len(states)} facts set aside for calibration were tried with every number at its default; facts set aside for "
        f"validation were not looked at, and no threshold and no range was changed. {held} {'holds' if held == 1 else 'hold'} "
        f"as the model stands: nothing is moved for {'it' if held == 1 else 'them'}.",
    ]
    for o in found.outcomes:
        if o.state == "failed":
            said.append(f"{o.fact.name.capitalize()} does not come out: {_failure(o)}")
        elif o.state != "held":
            said.append(f"{o.fact.name.capitalize()} {STATES[o.state]}: {_why(o)}.")
    if n:
        words = "number is" if n == 1 else "numbers are"
        said.append(f"{n} {words} moved. Facts named here are no test of the model where these values are used.")
    else:
        said.append("No number is moved.")
    if warned:
        lie = "lies" if warned == 1 else "lie"
        said.append(
            f"{warned} of them {lie} close to the end of the plausible range (hard_to_believe = true): that the fact comes "
            f"out there says little for the model."
        )
    return [line for words in said for line in wrap(words, 116)]


def _moved(outcome: Outcome) -> Iterable[tuple[str, float, float]]:
    known = all_params()
    for name, to in sorted(outcome.values.items()):
        yield name, outcome.start.get(name, known[name].default), to


def _of_the_way(p: Param, to: float) -> float:
    """How far a value lies from the default towards the end of its range."""
    room = p.high - p.default if to > p.default else p.default - p.low
    return abs(to - p.default) / room if room else 0.0


def _why(outcome: Outcome) -> str:
    after = {row.name: row for row in outcome.after}
    return "; ".join(
        f"{row.name}: {row.expected} expected, {row.found} before, {after[row.name].found} after"
        for row in outcome.before
        if not row.passed
    )


def _failure(outcome: Outcome) -> str:
    said = (
        f"it holds at none of {outcome.points} points within the ranges of {len(outcome.fact.rests_on)} numbers (each number "
        f"alone at either end, those that help together, a Latin hypercube)"
    )
    if outcome.spoils:
        others = ", ".join(f"fact {number}" for number in outcome.spoils)
        said = f"where its rows come out that did not, {others} would not hold in full"
    return f"{said}; nothing is moved for it."


def _told(outcome: Outcome, last: Mapping[int, tuple[Finding, ...]]) -> dict[str, Any]:
    rows = [f"{row.name}: {row.found}" for row in last[outcome.fact.number]]
    return {"fact": outcome.fact.number, "says": outcome.fact.says, "state": STATES[outcome.state], "rows": rows}


def _failed(outcome: Outcome) -> dict[str, Any]:
    least = {row.name: row for row in outcome.after}
    rows = []
    for row in outcome.before:
        there = least.get(row.name)
        if not row.passed or (there is not None and not there.passed):
            rows.append(
                {
                    "row": row.name, "expected": row.expected, "at_the_defaults": row.found,
                    "where_least_off": there.found if there else "cannot be told",
                    "holds_there": there is not None and there.passed,
                }
            )  # fmt: skip
    return {
        "fact": outcome.fact.number,
        "says": outcome.fact.says,
        "what": _failure(outcome),
        "points": outcome.points,
        "rests_on": list(outcome.fact.rests_on),
        "least_off_at": dict(sorted(outcome.best.items())),
        "rows": rows,
    }


def _rows(outcome: Outcome, rows: tuple[Finding, ...]) -> dict[str, Any]:
    missed = [row.name for row in rows if not row.passed]
    return {"fact": outcome.fact.number, "holds": bool(rows) and not missed, "missed": missed}
