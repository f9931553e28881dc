"""What a brief says: words, names, and numbers that know which table they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from igrsim.views.numbers import change, level, significant, whole
from igrsim.views.phrases import plural

AS_IT_STANDS = "as it stands"
"""How a number is taken from its table, where it is one of its cells."""
LONG_NAME = 44
"""Characters of an arm's name that have room."""


@dataclass(frozen=True)
class Number:
    """A number on the page, and where it can be looked up.

    Attributes
    ----------
    text : str
        As printed.
    value : float
        Before rounding, in the table's own unit.
    table : str
        File of the study's folder.
    column : str
    row : tuple of (str, str)
        Keys of the row or rows it is taken from.
    how : str
        What was done with those rows.
    rounding : str
    """

    text: str
    value: float
    table: str
    column: str
    row: tuple[tuple[str, str], ...] = ()
    how: str = AS_IT_STANDS
    rounding: str = ""

    @property
    def where(self) -> str:
        """The keys of its rows as one text."""
        return "; ".join(f"{key}={value}" for key, value in self.row)


@dataclass(frozen=True)
class Name:
    """A name, date, version or command: it may hold digits, and measures nothing."""

    text: str


def clipped(text: str, most: int) -> str:
    """A user's text on one line, at most so many characters long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


Piece = str | Number | Name
Told = tuple[Piece, ...]


@dataclass(frozen=True)
class Line:
    """One thing said, with the words it begins with set bold."""

    lead: str
    said: Told


def told(*pieces: Piece | Iterable[Piece]) -> Told:
    """Words and numbers in their order.

    Raises
    ------
    ValueError
        If plain words hold a digit: a number that cannot be traced must not reach the page.
    """
    found: list[Piece] = []
    for piece in pieces:
        found.extend([piece] if isinstance(piece, str | Number | Name) else piece)
    for one in found:
        if isinstance(one, str) and any(c.isdigit() for c in one):
            raise ValueError(f"a number without its table: {one!r}")
    return tuple(found)


def joined(parts: Sequence[Told], last: str = " and ", between: str = ", ") -> Told:
    """Parts with commas between them and a last 'and'."""
    found: list[Piece] = []
    for i, part in enumerate(parts):
        if i:
            found.append(last if i == len(parts) - 1 else between)
        found.extend(part)
    return tuple(found)


def counted(number: Number, word: str) -> Told:
    """A count and what is counted."""
    return told(number, " ", plural(int(number.value), word))


def numbers_of(pieces: Iterable[Piece]) -> list[Number]:
    """The numbers among the pieces."""
    return [piece for piece in pieces if isinstance(piece, Number)]


def text_of(pieces: Iterable[Piece]) -> str:
    """The pieces as they read."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in pieces)


@dataclass(frozen=True)
class Table:
    """A table numbers are taken from, and the keys that all of them share."""

    name: str
    keys: dict[str, str] = field(default_factory=dict)

    def level(self, value: float, unit: str, column: str, how: str = AS_IT_STANDS, **keys: str) -> Number:
        """A level to three significant digits, a share in per cent."""
        return self._number(level(value, unit), value, column, how, "3 significant digits" + _shares(unit), keys)

    def change(self, value: float, unit: str, column: str, how: str = AS_IT_STANDS, digits: int = 3, **keys: str) -> Number:  # fmt: skip
        """A difference with its sign, shares in percentage points."""
        rounding = f"{digits} significant digits{_shares(unit)}"
        return self._number(change(value, unit, digits), value, column, how, rounding, keys)

    def size(self, value: float, column: str, how: str = AS_IT_STANDS, **keys: str) -> Number:
        """A quantity to three significant digits."""
        return self._number(significant(value), value, column, how, "3 significant digits", keys)

    def count(self, value: float, column: str, how: str, **keys: str) -> Number:
        """A count, every digit of it."""
        return self._number(whole(value), value, column, how, "none", keys)

    def _number(self, text: str, value: float, column: str, how: str, rounding: str, keys: dict[str, Any]) -> Number:
        return Number(text, value, self.name, column, tuple((self.keys | keys).items()), how, rounding)


def _shares(unit: str) -> str:
    return ", per cent" if unit == "share" else ""
