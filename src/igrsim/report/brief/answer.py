"""The answer in one sentence, from the scale alone: it claims what the verdicts say, and a null reads as a null."""

from __future__ import annotations

from collections.abc import Sequence

from igrsim.report.brief.measures import Measure
from igrsim.report.brief.scale import NONE, OPEN, SMALL, UNJUDGED
from igrsim.report.brief.traced import Name, Told, joined, told


def answer(measures: Sequence[Measure], arm: Name, reference: Name, differs: bool = False) -> Told:
    """What the arm does to the measures, those alike on the scale together, in the measures' order.

    Parameters
    ----------
    differs : bool
        Whether another schedule on the page differs, so that the answer may not deny every difference.
    """
    steps = {measure.judged.step for measure in measures}
    if steps == {NONE} and not differs:
        names = joined([_name(measure) for measure in measures])
        verb = "is" if len(measures) == 1 else "are"
        return told(
            "Nothing differs: in the model, ",
            names,
            f" {verb} exactly the same under ",
            arm,
            " as under ",
            reference,
            ".",
        )
    sided = _parts([measure for measure in measures if measure.judged.side])
    others = _parts([measure for measure in measures if not measure.judged.side])
    said = told(
        "n the model, against ", reference, ", ", arm, " ", joined(sided or others), "; it " if sided and others else ""
    )
    said = told(said, joined(others) if sided else (), ".")
    if sided or differs:
        return told("I", said)
    if steps <= {NONE, SMALL}:
        return told("No difference that matters is found: i", said)
    untold = "Nothing can be judged" if steps == {UNJUDGED} else "Not everything can be judged"
    return told("No effect can be told" if OPEN in steps else untold, ": i", said)


def _parts(measures: Sequence[Measure]) -> list[Told]:
    alike: dict[str, list[Measure]] = {}
    for measure in measures:
        alike.setdefault(measure.judged.phrase, []).append(measure)
    return [_part(phrase, those) for phrase, those in alike.items()]


def _part(phrase: str, alike: Sequence[Measure]) -> Told:
    before, _, after = phrase.partition("{}")
    return told(before, joined([_name(measure) for measure in alike]), after)


def _name(measure: Measure) -> Told:
    return told(Name(measure.called))
