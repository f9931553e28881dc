"""Small tables for a room: large type, three significant digits, nothing where there is nothing to say."""

from __future__ import annotations

import math
from html import escape
from numbers import Real

import pandas as pd

from igrsim.views.numbers import plain, significant, whole

_CELL = "padding:0.35em 0.8em; border-bottom:1px solid #bbb; vertical-align:top;"

SHORT = 17
"""Letters up to which a cell is never broken."""


class Table:
    """A table as a notebook shows it.

    Parameters
    ----------
    frame : DataFrame
        Its index is not shown.
    signed : tuple of str
        Columns of differences, whose numbers have a sign.
    """

    def __init__(self, frame: pd.DataFrame, signed: tuple[str, ...] = ()) -> None:
        self.heads = [plain(str(name)) for name in frame.columns]
        self.numeric = [pd.api.types.is_numeric_dtype(frame[name]) for name in frame.columns]
        self.rows = [
            [_word(value, str(name) in signed) for name, value in zip(frame.columns, row, strict=True)]
            for row in frame.itertuples(index=False)
        ]

    def __repr__(self) -> str:
        found = pd.DataFrame(self.rows, columns=self.heads)
        return str(found.to_string(index=False))

    def _repr_html_(self) -> str:
        sides = ["right" if number else "left" for number in self.numeric]

        def line(tag: str, cells: list[str]) -> str:
            inside = "".join(
                f'<{tag} style="{_CELL} text-align:{side};{_wrap(cell)}">{escape(cell)}</{tag}>'
                for cell, side in zip(cells, sides, strict=True)
            )
            return f"<tr>{inside}</tr>"

        body = "\n".join(line("td", row) for row in self.rows)
        return f'<table style="font-size:1.2em; border-collapse:collapse;">\n{line("th", self.heads)}\n{body}\n</table>'


def _wrap(cell: str) -> str:
    """Months and names of arms stay on one line."""
    return " white-space:nowrap;" if len(cell) <= SHORT else ""


def _word(value: object, signed: bool) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NA:
        return ""
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value)
    text = whole(float(value)) if float(value).is_integer() and abs(float(value)) < 1e6 else significant(float(value))
    return f"+{text}" if signed and float(value) > 0 else text


def table(
    frame: pd.DataFrame, signed: tuple[str, ...] = ("difference", "low", "high", "mean_low", "mean_high")
) -> Table:
    """A small table for the last line of a notebook's cell.

    Parameters
    ----------
    frame : DataFrame
        Its index is not shown.
    signed : tuple of str
        Columns of differences, whose numbers have a sign.
    """
    return Table(frame, signed)
