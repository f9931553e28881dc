"""The one scale of a brief: the verdicts of a study in words a minister can repeat, and a mark that survives a photocopier."""

from __future__ import annotations

from dataclasses import dataclass

from igrsim.results.effects import NOT_JUDGED


@dataclass(frozen=True)
class Step:
    """A step of the scale.

    Attributes
    ----------
    mark : str
        What is printed beside the words, so that nothing hangs on colour.
    words : str
        "better" stands for worse, higher and lower too.
    means : str
        When a verdict is on this step, printed as the legend.
    """

    mark: str
    words: str
    means: str


SURE = Step("●●●", "better / worse", "so in nineteen of twenty plausible worlds, and surely so on average")
AVERAGE = Step("●●○", "on average", "the average surely; a single world can go the other way")
LEANING = Step("●○○", "probably", "points this way, but chance is not ruled out")
OPEN = Step("○○○", "cannot tell", "may go either way, or too little to matter")
SMALL = Step("≈", "no material difference", "too small to matter; “probably” and “on average” as they stand here")
NONE = Step("=", "exactly the same", "nothing in the arm touches it")
UNJUDGED = Step("–", "not judged", "not measured, or too few independent runs to say")
SCALE = (SURE, AVERAGE, LEANING, OPEN, SMALL, NONE, UNJUDGED)
"""From the surest step to those that say nothing."""


@dataclass(frozen=True)
class Judged:
    """One verdict on the scale.

    Attributes
    ----------
    step : Step
    words : str
        As printed: "probably worse".
    side : {"better", "worse", "higher", "lower", ""}
        "" where no direction is claimed.
    phrase : str
        The end of "Against the reference, the arm …", with ``{}`` for what is measured.
    """

    step: Step
    words: str
    side: str
    phrase: str


def on_scale(verdict: str) -> Judged:
    """Put a verdict of the effects table on the scale; what is not known is not judged, never guessed at.

    Parameters
    ----------
    verdict : str
        As `igrsim.results.verdict.verdict` and `igrsim.results.effects.effect` write it.
    """
    if verdict.startswith("exactly no difference"):
        return Judged(NONE, "exactly the same", "", "leaves {} exactly as before")
    if verdict.startswith(NOT_JUDGED):
        return Judged(UNJUDGED, "not judged", "", "is not judged on {}")
    if verdict == "cannot tell":
        return Judged(OPEN, "cannot tell", "", "leaves open what happens to {}")
    probably = verdict.startswith("probably ")
    average = " on average" in verdict
    bare = verdict.removeprefix("probably ")
    if bare.startswith("no material difference"):
        lead, tail = ("probably " if probably else ""), (" on average" if average else "")
        return Judged(
            SMALL, f"{lead}no material difference{tail}", "", f"{lead}makes no material difference to {{}}{tail}"
        )
    way, _, value = bare.partition(", ")
    way = way.removesuffix(" on average")
    if way not in ("higher", "lower"):
        return Judged(UNJUDGED, "not judged", "", "is not judged on {}")
    side = value if value in ("better", "worse") else way
    does = f"{'raises' if way == 'higher' else 'lowers'} {{}}{f' ({side})' if side != way else ''}"
    if probably:
        return Judged(LEANING, f"probably {side}", side, f"probably {does}")
    if average:
        return Judged(AVERAGE, f"{side} on average", side, f"on average {does}")
    return Judged(SURE, side, side, does)
