"""Which assumed numbers would have to move, and how far, for the facts of calibration to hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from igrsim.kernel.params import Param, all_params
from igrsim.runs.calibration.facts import FACTS, Fact
from igrsim.runs.calibration.trials import Rows, Trials, holds, off
from igrsim.runs.futures import spread
from igrsim.runs.validation.finding import USUAL, Finding, Values

Stands = Callable[[Values], bool]
"""Whether a fact holds at values."""
FIGURES = 4
"""Of a value that is tried: what is written down is what was tried."""
Missed = tuple[int, float]
"""How many parts of a fact fail still, and how far off the first of them is."""
LARGE = 1e6
BATCH = 8
"""Points tried at a time, the nearest first."""
HALVINGS = 5
"""Of the way back towards the start: a move is told to a thirtieth of its length."""
ATTEMPTS = 3
"""Nearest points that are tried out for a fact where other facts stop holding."""


@dataclass(frozen=True)
class Outcome:
    """What became of one fact.

    Attributes
    ----------
    fact : Fact
    state : {"held", "moved", "follows", "failed"}
        It held with every number at its default; it was made to hold; it holds since others were; no point makes it hold.
    before, after : tuple of Finding
        Its rows at the defaults; and at the values found for it or, of a fact that failed, where it was least off.
    start, values : dict of str to float
        Values when its search began, and what it moved.
    points : int
        Points tried for it.
    best : dict of str to float
        Of a fact that failed, the point in range at which it was least off.
    spoils : tuple of int
        Facts that stop holding where the rows of this one come out that did not.
    """

    fact: Fact
    state: str
    before: tuple[Finding, ...]
    after: tuple[Finding, ...]
    start: Values = field(default_factory=dict)
    values: Values = field(default_factory=dict)
    points: int = 0
    best: Values = field(default_factory=dict)
    spoils: tuple[int, ...] = ()


@dataclass(frozen=True)
class Calibration:
    """What calibration came to.

    Attributes
    ----------
    outcomes : tuple of Outcome
        One a fact.
    values : dict of str to float
        Parameters that stand at other values than their defaults.
    last : dict of int to tuple of Finding
        Rows of every fact at these values, by its number.
    """

    outcomes: tuple[Outcome, ...]
    values: Values
    last: dict[int, tuple[Finding, ...]]
    seed: int
    points: int


def calibrate(trials: Trials, facts: Sequence[Fact] = FACTS, points: int = 32, seed: int = 1) -> Calibration:
    """Try every fact at the defaults, and move numbers for those that do not hold.

    Parameters
    ----------
    points : int
        Of the Latin hypercube over the ranges of a fact's parameters; those beyond the nearest that will do are not tried,
        and none where ends of the ranges will do.
    """
    for fact in facts:
        _check(fact)
    whole = [(fact, part, USUAL) for fact in facts for part in range(len(fact.parts))]
    trials.of(whole, "every fact at the defaults")
    before = {fact.number: trials.fact(fact, USUAL) for fact in facts}
    standing = [fact for fact in facts if all(map(holds, before[fact.number]))]
    values: dict[str, float] = {}
    outcomes: dict[int, Outcome] = {}
    for fact in facts:
        rows = _flat(before[fact.number])
        if fact in standing:
            outcomes[fact.number] = Outcome(fact, "held", rows, rows)
            continue
        found = seek(trials, fact, values, rows, standing, points, seed)
        outcomes[fact.number] = found
        values = {**values, **found.values}
        if found.state != "failed":
            standing.append(fact)
    final = [(fact, part, values) for fact in facts for part in range(len(fact.parts))]
    trials.of(final, "every fact at what was found")
    last = {fact.number: _flat(trials.fact(fact, values)) for fact in facts}
    return Calibration(tuple(outcomes[fact.number] for fact in facts), values, last, seed, points)


def seek(
    trials: Trials, fact: Fact, start: Values, before: Rows, standing: Sequence[Fact], points: int, seed: int
) -> Outcome:
    """The nearest values to the start, within ranges, at which a fact holds and no other stops holding."""
    now = trials.fact(fact, start, f"{fact.name} as it stands")
    failing = [part for part, rows in enumerate(now) if not holds(rows)]
    if not failing:
        return Outcome(fact, "follows", before, _flat(now), start)
    tried: list[tuple[Missed, Values]] = []

    def attempt(given: Sequence[Values]) -> list[Missed]:
        missed = _missed(trials, fact, failing, [{**start, **point} for point in given])
        tried.extend(zip(missed, given, strict=True))
        return missed

    def stands(values: Values) -> bool:
        point = {**start, **values}
        return all(holds(trials.of([(fact, part, point)], f"{fact.name}: back to the start")[0]) for part in failing)

    ends = [{name: end} for name in fact.rests_on for end in _ends(name, start)]
    usual = (len(failing), off(now[failing[0]]))
    worth = {
        _side(start, end): _worth(usual, missed, length(start, end))
        for end, missed in zip(ends, attempt(ends), strict=True)
    }

    def candidates() -> Iterator[Values]:
        """Points at which what failed holds; those beyond the last one asked for are not tried.

        One number alone at an end of its range, the nearest first; all that help, each at its better end; then the hypercube.
        """
        alone = [point for missed, point in tried if missed[0] == 0]
        yield from sorted(alone, key=lambda point: length(start, point))
        batches = [[_all_that_help(ends, worth, start)]]
        cloud = sorted(scattered(fact, points, seed), key=lambda point: length(start, point))
        batches += [cloud[first : first + BATCH] for first in range(0, points, BATCH)]
        for batch in batches:
            yield from [point for point, missed in zip(batch, attempt(batch), strict=True) if missed[0] == 0]

    spoils: set[int] = set()
    for point in islice(candidates(), ATTEMPTS):
        values = drawn_back(start, pruned(start, point, worth, stands), stands)
        there = {**start, **values}
        trials.of(
            [(other, part, there) for other in (fact, *standing) for part in range(len(other.parts))],
            f"other facts where {fact.name} comes out",
        )
        spoilt = {other.number for other in (fact, *standing) if not all(map(holds, trials.fact(other, there)))}
        if not spoilt:
            after = _flat(trials.fact(fact, there))
            return Outcome(fact, "moved", before, after, start, values, len(tried))
        spoils |= spoilt
    best = min(tried, key=lambda found: found[0])[1]
    nearest = _flat(trials.fact(fact, {**start, **best}, f"{fact.name}, least off"))
    return Outcome(fact, "failed", before, nearest, start, points=len(tried), best=best, spoils=tuple(sorted(spoils)))


def _ends(name: str, start: Values) -> list[float]:
    """The ends of a parameter's range at which it does not stand already."""
    p = all_params()[name]
    return [end for end in (p.low, p.high) if end != start.get(name, p.default)]


def _side(start: Values, point: Values) -> tuple[str, bool]:
    """Which number a point of one number moves, and whether upwards."""
    ((name, value),) = point.items()
    return name, value > start.get(name, all_params()[name].default)


def _worth(usual: Missed, found: Missed, length: float) -> float:
    """What a move gains over its length: a part that holds counts for more than any distance."""
    gain = LARGE * (usual[0] - found[0]) + (usual[1] - found[1] if usual[0] == found[0] else 0.0)
    return gain / length if math.isfinite(gain) else -math.inf


def _all_that_help(ends: Sequence[Values], worth: Mapping[tuple[str, bool], float], start: Values) -> dict[str, float]:
    """Every number that helps by itself, at the end of its range where it helps more."""
    found: dict[str, float] = {}
    for end in ends:
        (name, upwards), ((_, value),) = _side(start, end), end.items()
        if worth[name, upwards] > max(worth.get((name, not upwards), 0.0), 0.0):
            found[name] = value
    return found


def _missed(trials: Trials, fact: Fact, failing: Sequence[int], batch: Sequence[Values]) -> list[Missed]:
    """Of each point, how many of the parts that fail do so still, and how far off the first of them is.

    They are tried one after another: where one fails still, the next needs no trial.
    """
    missed: list[Missed] = [(0, 0.0)] * len(batch)
    for place, part in enumerate(failing):
        alive = [at for at, (parts, _) in enumerate(missed) if parts == 0]
        found = trials.of([(fact, part, batch[at]) for at in alive], f"{fact.name}, part {part + 1}: points in range")
        for at, rows in zip(alive, found, strict=True):
            if not holds(rows):
                missed[at] = (len(failing) - place, off(rows))
    return missed


def scattered(fact: Fact, points: int, seed: int) -> list[dict[str, float]]:
    """A Latin hypercube, even over the ranges of a fact's parameters."""
    found: list[dict[str, float]] = [{} for _ in range(points)]
    for name in fact.rests_on:
        p = all_params()[name]
        for point, u in zip(found, spread(name, points, seed), strict=True):
            point[name] = rounded(p.low + float(u) * (p.high - p.low), p)
    return found


def rounded(value: float, p: Param) -> float:
    """A value to a few figures, within its range."""
    return min(max(float(f"{value:.{FIGURES}g}"), p.low), p.high)


def moves(start: Values, values: Values) -> dict[str, float]:
    """How far each number moves, in units of its range."""
    known = all_params()
    return {
        name: abs(value - start.get(name, known[name].default)) / (known[name].high - known[name].low)
        for name, value in values.items()
    }


def length(start: Values, values: Values) -> float:
    """How far numbers move together."""
    return sum(moves(start, values).values())


def pruned(start: Values, values: Values, worth: Mapping[tuple[str, bool], float], stands: Stands) -> dict[str, float]:
    """Values without the moves that are not needed; those worth least for their length are put back first."""
    kept = dict(values)
    for name in sorted(values, key=lambda name: (worth.get(_side(start, {name: values[name]}), 0.0), name)):
        less = {other: value for other, value in kept.items() if other != name}
        if stands(less):
            kept = less
    return kept


def drawn_back(start: Values, values: Values, stands: Stands) -> dict[str, float]:
    """Values drawn back along the way to the start, as near to it as they still do."""
    known = all_params()
    kept, near, far = dict(values), 0.0, 1.0
    for _ in range(HALVINGS):
        share = (near + far) / 2
        less = {}
        for name, value in values.items():
            origin = start.get(name, known[name].default)
            less[name] = rounded(origin + share * (value - origin), known[name])
        if stands(less):
            kept, far = less, share
        else:
            near = share
    return kept


def _check(fact: Fact) -> None:
    """Only what is assumed, is no choice of policy and has a range may move."""
    for name in fact.rests_on:
        p = all_params()[name]
        if p.grade != "assumed" or p.choice or not p.low < p.high:
            raise ValueError(f"{fact.name} may not move {name}: it is {p.grade}{', a choice' if p.choice else ''}")


def _flat(parts: Sequence[Rows | None]) -> tuple[Finding, ...]:
    return tuple(row for rows in parts for row in rows or ())
