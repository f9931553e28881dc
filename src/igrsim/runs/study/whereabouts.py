"""Where each key of a study stands: the file, the line and the column, through all that it extends."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Key = str
"""The address of a key or of an element of a list, its parts joined by dots: ``arms.hub.add.0``."""

BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
PART = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|[A-Za-z0-9_-]+')
STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?!")|\'\'\'.*?\'\'\'(?!\')|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'',
    re.DOTALL,
)
PLAIN = re.compile(r"[^,\]}#\n]*")


@dataclass(frozen=True)
class Spot:
    """A place in a file; a value that no file holds has no line.

    Attributes
    ----------
    file : str or None
    line, column : int or None
        Counted from 1.
    """

    file: str | None = None
    line: int | None = None
    column: int | None = None


class _Layer:
    """One file of a study, or what replaced some of its values."""

    def __init__(self, file: str | None, text: str, replaces: set[Key], own: Key | None) -> None:
        self.file = file
        self.text = text
        self.replaces = replaces
        self.own = own

    @cached_property
    def places(self) -> tuple[dict[Key, int], dict[Key, int]]:
        """Where in the text keys and values begin."""
        if self.own is not None:
            return {self.own: -1}, {self.own: -1}
        scanner = _Scanner(self.text)
        # no TOML, or too deep: its parser says so in its own words
        with suppress(IndexError, RecursionError):
            scanner.scan()
        return scanner.keys, scanner.values

    def spot(self, at: int) -> Spot:
        if at < 0:
            return Spot(self.file)
        begins = self.text.rfind("\n", 0, at) + 1
        return Spot(self.file, self.text.count("\n", 0, at) + 1, at - begins + 1)

    def hides(self, key: Key) -> bool:
        return any(key == one or key.startswith(f"{one}.") for one in self.replaces)


class Whereabouts:
    """Where the keys of a study stand.

    Parameters
    ----------
    file, text : str
        The study's own file.
    """

    def __init__(self, file: str | None = None, text: str = "") -> None:
        self._layers = [_Layer(file, text, set(), None)]

    def __eq__(self, other: object) -> bool:
        # where a study was written is no part of what it is
        return isinstance(other, Whereabouts)

    __hash__ = None  # type: ignore[assignment]

    def over(self, base: Whereabouts, replaces: set[Key]) -> Whereabouts:
        """These places before those of what is extended.

        Parameters
        ----------
        replaces : set of str
            Addresses whose values stand in place of the base's.
        """
        found = Whereabouts()
        (mine,) = self._layers
        found._layers = [_Layer(mine.file, mine.text, replaces, None), *base._layers]
        return found

    def set_by(self, words: str, key: Key) -> Whereabouts:
        """These places, but one value given by `words` outside any file."""
        found = Whereabouts()
        found._layers = [_Layer(words, "", {key}, key), *self._layers]
        return found

    def find(self, where: Sequence[str], value: bool = True) -> Spot:
        """The place of a key, or of the nearest table around it that has one.

        Parameters
        ----------
        value : bool
            Of its value, rather than of its name.
        """
        parts = ".".join(where).split(".")
        for length in range(len(parts), 0, -1):
            key = ".".join(parts[:length])
            for number, layer in enumerate(self._layers):
                found = layer.places[1 if value else 0].get(key)
                if found is not None and not any(upper.hides(key) for upper in self._layers[:number]):
                    return layer.spot(found)
        own = next((layer for layer in self._layers if layer.own is None), None)
        # what is not there at all is missing from the beginning on
        return own.spot(0) if own is not None and own.text else Spot(self._layers[0].file)

    def inside(self, where: Sequence[str], column: int) -> Spot:
        """The place of a character within a value that is a text."""
        spot = self.find(where)
        layer = next((one for one in self._layers if one.file == spot.file and one.own is None), None)
        if layer is None or spot.line is None or spot.column is None:
            return spot
        line = layer.text.split("\n")[spot.line - 1][spot.column - 1 :]
        if not re.match(r'("(?!"")[^"\\]*"|\'(?!\'\')[^\']*\')', line):
            return spot
        return Spot(spot.file, spot.line, spot.column + column)


def merged(base: Mapping[str, Any], own: Mapping[str, Any], at: str = "") -> tuple[dict[str, Any], set[Key]]:
    """Data over the data it extends, table by table; and the addresses whose values were replaced."""
    found, replaced = dict(base), set()
    for name, value in own.items():
        key = f"{at}.{name}" if at else name
        before = base.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            found[name], more = merged(before, value, key)
            replaced |= more
        else:
            found[name] = value
            replaced.add(key)
    return found, replaced


class _Scanner:
    """Finds where keys and values begin in a text that is known to be TOML."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.keys: dict[Key, int] = {}
        self.values: dict[Key, int] = {}
        self.lengths: dict[Key, int] = {}

    def scan(self) -> None:
        table = ""
        while self.skip() < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)

    def skip(self) -> int:
        found = BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def path(self) -> list[tuple[str, int]]:
        """A key, dotted or not: its parts and where they begin."""
        parts: list[tuple[str, int]] = []
        while True:
            self.skip()
            found = PART.match(self.text, self.at)
            if not found:
                raise IndexError
            word = found[0]
            plain = tomllib.loads(f"x = {word}")["x"] if word[0] in "\"'" else word
            parts.append((plain, self.at))
            self.at = found.end()
            self.skip()
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def header(self) -> Key:
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        parts = self.path()
        self.at += 2 if many else 1
        key = ""
        for number, (name, at) in enumerate(parts, start=1):
            key = f"{key}.{name}" if key else name
            last = number == len(parts)
            if last or key not in self.keys:
                self.keys[key] = self.values[key] = at
            if many and last:
                self.lengths[key] = self.lengths.get(key, 0) + 1
            if key in self.lengths:
                key = f"{key}.{self.lengths[key] - 1}"
                if last:
                    self.keys[key] = self.values[key] = at
        return key

    def pair(self, table: Key) -> None:
        key = table
        for name, at in self.path():
            key = f"{key}.{name}" if key else name
            self.keys.setdefault(key, at)
            self.values.setdefault(key, at)
        self.at += 1
        self.skip()
        self.value(key)

    def value(self, key: Key) -> None:
        self.values[key] = self.at
        sign = self.text[self.at]
        if sign in "[{":
            self.at += 1
            number = 0
            while self.text[self.skip()] not in "]}":
                if self.text[self.at] == ",":
                    self.at += 1
                elif sign == "{":
                    self.pair(key)
                else:
                    element = f"{key}.{number}"
                    self.keys[element] = self.at
                    self.value(element)
                    number += 1
            self.at += 1
            return
        found = (STRING if sign in "\"'" else PLAIN).match(self.text, self.at)
        if not found or found.end() == self.at:
            raise IndexError
        self.at = found.end()
