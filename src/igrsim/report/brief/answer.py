"""The answer in one sentence, from the scale alone: it claims what the verdicts say, and a null reads as a null."""

from __future__ import annotations

from collections.abc import Sequence

from igrsim.report.brief.measures import Measure
from igrsim.report.brief.scale import NONE, OPEN, SMALL, SURE
from igrsim.report.brief.traced import Name, Told, joined, told


def answer(measures: Sequence[Measure], arm: Name, reference: Name) -> Told:
    """What the arm does to the measures, those alike on the scale together, in the measures' order."""
    steps = {measure.judged.step for measure in measures}
    if steps == {NONE}:
        names = joined([_name(measure) for measure in measures])
        verb = " is exactly what it is" if len(measures) == 1 else " are exactly what they are"
        return told("Nothing differs: under ", arm, ", ", names, verb, " under ", reference, ".")
    parts = joined([_part(phrase, alike) for phrase, alike in _alike(measures).items()])
    said = told("gainst ", reference, ", ", arm, " ", parts, ".")
    if any(measure.judged.side for measure in measures):
        return told("A", said)
    if steps <= {NONE, SMALL}:
        return told("No difference that matters is found: a", said)
    return told("No effect can be told" if OPEN in steps else "Nothing can be judged", ": a", said)


def _alike(measures: Sequence[Measure]) -> dict[str, list[Measure]]:
    found: dict[str, list[Measure]] = {}
    for measure in measures:
        found.setdefault(measure.judged.phrase, []).append(measure)
    return found


def _part(phrase: str, alike: Sequence[Measure]) -> Told:
    before, _, after = phrase.partition("{}")
    return told(before, joined([_name(measure) for measure in alike]), after)


def _name(measure: Measure) -> Told:
    return told(Name(measure.called))


def settled(measure: Measure) -> bool:
    """Whether another plausible world would hardly say otherwise."""
    return measure.judged.step in (SURE, NONE, SMALL)
