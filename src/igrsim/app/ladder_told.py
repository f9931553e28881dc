"""What a study's lever ladder says, as the page reads it: the report's words, and sizes to draw."""

from __future__ import annotations

from typing import Any

from igrsim.results.results import Results
from igrsim.views.ladder_in_words import Shared, how, ladder_in_words
from igrsim.views.numbers import change, factor
from igrsim.views.phrases import interval

SIZES = ("contribution", "low", "high", "alone", "last")


def told_of(results: Results) -> dict[str, Any] | None:
    """A study's ladder as the page reads it: words as in the report, and sizes as shown (shares in per cent)."""
    shared = ladder_in_words(results)
    if not shared:
        return None
    about = results.manifest["ladder"]
    return {
        "arm": about["arm"],
        "how": how(results.manifest),
        "metrics": {one.metric.name: _told(one) for one in shared},
    }


def _told(one: Shared) -> dict[str, Any]:
    unit = one.metric.unit
    return {
        "why": one.why_not,
        "sentences": list(one.sentences),
        "rows": [
            {
                "lever": rung.lever,
                "sizes": [float(f"{factor(unit) * getattr(rung, name):.5g}") for name in SIZES],
                "words": [
                    change(rung.contribution, unit),
                    interval(rung.low, rung.high, unit),
                    *(change(value, unit) if value == value else "" for value in (rung.alone, rung.last)),
                ],
                # the whole has no others beside it
                "beside": rung.beside_others if isinstance(rung.beside_others, str) else "",
            }
            for rung in one.rows
        ]
        if one.why_not is None
        else [],
    }
