"""Tables in Markdown that also read well in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def figure(value: Any) -> str:
    """A number with three digits that count, thousands apart; words as they are."""
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int) or abs(value) >= 100:
        return f"{round(value):,}".replace(",", " ")
    return f"{value:.3g}"


def markdown(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table; the first column to the left, numbers to the right."""
    cells = [list(columns), *([figure(value) for value in row] for row in rows)]
    numeric = [
        k > 0 and all(row[k] is None or isinstance(row[k], int | float) for row in rows) for k in range(len(columns))
    ]
    widths = [max(3, *(len(row[k]) for row in cells)) for k in range(len(columns))]

    def line(row: Sequence[str]) -> str:
        padded = (c.rjust(w) if right else c.ljust(w) for c, w, right in zip(row, widths, numeric, strict=True))
        return "| " + " | ".join(padded) + " |"

    rule = (
        "|" + "|".join("-" * (w + 1) + (":" if right else "-") for w, right in zip(widths, numeric, strict=True)) + "|"
    )
    return "\n".join([line(cells[0]), rule, *(line(row) for row in cells[1:])])
