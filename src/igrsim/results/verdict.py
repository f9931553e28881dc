"""A difference in words, from a fixed scale."""

from __future__ import annotations

LEVEL = 0.05
"""Of tests; intervals are of 1 minus it."""
ENOUGH = 6
"""Independent pairs of runs from which it says something that nine in ten agree: by chance six do so once in thirty."""


def verdict(
    difference: float,
    low: float,
    high: float,
    agree: float,
    material: float,
    better: str,
    pairs: int = ENOUGH,
    different: float | None = None,
    equal: float | None = None,
) -> str:
    """A difference in words.

    The interval is where the difference of one more plausible world would lie. Where many contrasts are made, the mean
    must have been told from nought, or from the margin, with all of them counted: otherwise chance alone would give
    some of them away as found.

    ===================================  ==========================================================================
    words                                when
    ===================================  ==========================================================================
    no material difference               the whole interval lies within the margin, and so does the mean, surely
    probably no material difference      the whole interval does, the mean not surely enough
    higher / lower                       the whole interval lies on one side of zero, and so does the mean, surely
    no material difference on average    the interval does neither, but the mean lies surely within the margin
    higher / lower on average            nor this, but the mean lies surely on one side of zero
    probably higher / lower              the whole interval lies on one side of zero, the mean not surely enough; or it does
                                         not, but nine pairs in ten agree, of six or more
    cannot tell                          otherwise
    ===================================  ==========================================================================

    Parameters
    ----------
    material : float
        The margin, in the metric's unit.
    different, equal : float, optional
        Adjusted probabilities of so large a mean if there were no difference, and of so small a one if it were the
        margin; without them the interval alone decides, and nothing is said of averages.
    """
    alone = different is None or equal is None
    if max(abs(low), abs(high)) <= material:
        return _if_sure("no material difference", alone or _sure(equal))
    word, judged = direction(difference), ""
    if better in ("lower", "higher"):
        judged = ", better" if word == better else ", worse"
    if low > 0 or high < 0:
        return _if_sure(word + judged, alone or _sure(different))
    if not alone and _sure(equal):
        return "no material difference on average"
    if not alone and _sure(different):
        return f"{word} on average{judged}"
    if agree >= 0.9 and pairs >= ENOUGH:
        return f"probably {word}{judged}"
    return "cannot tell"


def direction(difference: float) -> str:
    """Which way a difference goes."""
    return "higher" if difference > 0 else "lower"


def _sure(probability: float | None) -> bool:
    return probability is not None and probability <= LEVEL


def _if_sure(words: str, sure: bool) -> str:
    return words if sure else f"probably {words}"
