"""A user's own calendar of forums: who is called by whom, when, for how long and on what; read strictly, line by line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from igrsim.kernel.errors import InputError, nearest
from igrsim.kernel.params import Params, param
from igrsim.places.institutions import Forum, Institutions, load_institutions
from igrsim.places.user_table import read_rows

COLUMNS = (
    "forum",
    "convener",
    "members",
    "dates",
    "rhythm",
    "hours",
    "venue",
    "sectors",
    "level",
    "place",
    "preparation_hours",
    "delegates",
    "basis",
)
OPTIONAL = ("dates", "rhythm", "venue", "level", "place", "preparation_hours", "delegates", "basis")
RHYTHMS = {
    "weekly": 52,
    "fortnightly": 26,
    "monthly": 12,
    "every second month": 6,
    "quarterly": 4,
    "three times a year": 3,
    "twice a year": 2,
    "half-yearly": 2,
    "annual": 1,
    "yearly": 1,
    "once a year": 1,
}
"""Words for a rhythm, and the meetings a year that they stand for."""
BASES = {"law": 1.0, "policy": 0.5, "custom": 0.0}
"""What a forum rests on, as the share of statutory weight that the tables of institutions give it."""
LEVELS = ("national", "province", "space")
MOST_ROWS = 500
MOST_MEETINGS = 366
LONGEST_HOURS = 24
YEARS = (1900, 2200)
WHERE = {"capital": "capital", "seat": "seat", "pretoria": "pretoria", "online": "online", "virtual": "online"}
"""Venues that are known by a word."""
RESERVED = ("ad-hoc", "hub", "idp-indaba", "task-team")
"""Codes of meetings that levers and departments call in every space, whatever a calendar says."""
FORMULA = ("=", "+", "@", "-", "\uff1d", "\uff0b", "\uff20", "\uff0d", "\t")
"""Signs, half or full width, with which a spreadsheet takes a cell for a formula."""


class Silent(Params, group="forum-calendar"):
    """What is assumed where a user's calendar of forums is silent."""

    preparation_hours: float = param(
        3, unit="hours", low=0, high=8, grade="assumed", source="assumption", choice=True,
        meaning="preparation of one delegate for one meeting, where a calendar of forums does not say",
    )  # fmt: skip
    delegates: float = param(
        1, unit="officials", low=1, high=4, grade="assumed", source="assumption", choice=True,
        meaning="delegates of one member, where a calendar of forums does not say",
    )  # fmt: skip
    travel_hours: float = param(
        3, unit="hours", low=0, high=8, grade="assumed", source="assumption", choice=True,
        meaning="journey there and back of one delegate in an audit of a calendar of forums; none to a meeting online",
    )  # fmt: skip
    working_days: float = param(
        250, unit="days a year", low=230, high=260, grade="assumed", source="assumption", choice=True,
        meaning="days on which forums meet, for clashes to be expected where only rhythms are known",
    )  # fmt: skip
    covers: float = param(
        0.6, unit="share", low=0.3, high=1.0, grade="assumed", source="assumption", choice=True,
        meaning="members of a forum who must sit in another already for an audit to propose that it be merged into that",
    )  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One forum of a calendar.

    Attributes
    ----------
    name, convener : str
    members : tuple of str
        As written: departments, municipalities, or words such as ``locals``.
    dates : tuple of date
        Its meetings, where they are known one by one.
    a_year : float
        Meetings a year.
    hours : float
        Of one meeting.
    venue : str
        Empty where the file is silent.
    sectors : tuple of str
        Codes.
    level : str
        ``national``, ``province``, ``space``, or empty.
    place : str
        Code of a province or space, or empty.
    preparation_hours, delegates : float, int or None
        None where the file is silent.
    basis : float or None
        1 law, 0.5 policy or grant framework, 0 custom; None where the file is silent.
    line : int
        Of the file.
    """

    name: str
    convener: str
    members: tuple[str, ...]
    dates: tuple[date, ...]
    a_year: float
    hours: float
    venue: str
    sectors: tuple[str, ...]
    level: str
    place: str
    preparation_hours: float | None
    delegates: int | None
    basis: float | None
    line: int


def read_calendar(file: Path, provinces: Iterable[str], spaces: Iterable[str]) -> tuple[Row, ...]:
    """A user's forums; the first fault is an error that names its line.

    Parameters
    ----------
    file : Path
    provinces, spaces : iterable of str
        Codes of places that a forum may be of.
    """
    rows, lines = read_rows(file, COLUMNS, OPTIONAL, code="E124")
    if len(rows) > MOST_ROWS:
        raise InputError(f"{len(rows)} forums; at most {MOST_ROWS}", file=str(file), code="E124")
    known = load_institutions()
    sectors = {word.lower(): s.code for s in known.sectors for word in (s.code, s.name)}
    found: list[Row] = []
    seen: dict[tuple[str, str], int] = {}
    places = {"province": tuple(provinces), "space": tuple(spaces)}
    for cells, line in zip(rows, lines, strict=True):
        cell = _Cells(str(file), line, cells)
        row = _row(cell, known, sectors, places)
        code = code_of(row.name).lower()
        if code in RESERVED:
            raise cell.wrong(f"forum '{row.name}': the model calls meetings of that name itself: give it another")
        key = (code, row.place)
        for other in {key, (key[0], "")}:
            if other in seen:
                raise cell.wrong(f"forum '{row.name}' stands already on line {seen[other]}")
        if not row.place and any(name == key[0] for name, _ in seen):
            raise cell.wrong(f"forum '{row.name}' stands already, with a place")
        seen[key] = line
        found.append(row)
    return tuple(_with_rhythm(found))


@dataclass(frozen=True)
class _Cells:
    """One line of the file, which knows its place for the sake of error messages."""

    file: str
    line: int
    cells: dict[str, str]

    def wrong(self, message: str) -> InputError:
        return InputError(message, file=self.file, line=self.line, code="E125")

    def text(self, name: str) -> str:
        value = " ".join(self.cells.get(name, "").split())
        if value.startswith(FORMULA) and not re.fullmatch(r"-[\d.,]+", value):
            raise self.wrong(f"{name} = {value[:40]!r} looks like a formula: give its value")
        if not value.isprintable():
            raise self.wrong(f"{name} holds signs that cannot be printed")
        return value

    def needed(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise self.wrong(f"{name} is empty")
        return value

    def many(self, name: str) -> tuple[str, ...]:
        parts = tuple(part.strip() for part in self.needed(name).split(";") if part.strip())
        if not parts:
            raise self.wrong(f"{name} names nothing")
        lower = [part.lower() for part in parts]
        for part in parts:
            if part.startswith(FORMULA):
                raise self.wrong(f"{name}: {part[:40]!r} looks like a formula: give its value")
            if lower.count(part.lower()) > 1:
                raise self.wrong(f"{name} names '{part}' twice")
        return parts

    def number(self, name: str, low: float, high: float, whole: bool = False) -> float:
        value = self.needed(name)
        number = float(value) if re.fullmatch(r"-?\d{1,12}(\.\d{1,12})?", value, re.ASCII) else math.nan
        if math.isnan(number):
            raise self.wrong(
                f"{name} = '{value[:40]}' is not a number (write 1234.5: no thousands mark, no decimal comma, no unit)"
            )
        if not low <= number <= high or (whole and number != int(number)):
            raise self.wrong(f"{name} = {value}: a {'whole ' * whole}number from {low:g} to {high:g} is needed")
        return number

    def choice(self, name: str, known: Iterable[str]) -> str:
        value, options = self.text(name).lower(), tuple(known)
        if value and value not in options:
            raise self.wrong(f"unknown {name} '{value[:40]}'{nearest(value, options)}")
        return value

    def days(self) -> tuple[date, ...]:
        if not self.text("dates"):
            return ()
        found = []
        for part in self.many("dates"):
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", part, re.ASCII):
                raise self.wrong(f"dates: '{part[:40]}' is no date (write 2024-03-31, several with ';' between them)")
            try:
                day = date.fromisoformat(part)
            except ValueError:
                raise self.wrong(f"dates: there is no {part}") from None
            if not YEARS[0] <= day.year <= YEARS[1]:
                raise self.wrong(f"dates: {part} lies outside {YEARS[0]} to {YEARS[1]}")
            found.append(day)
        return tuple(sorted(found))

    def rhythm(self) -> float | None:
        value = self.text("rhythm").lower()
        if not value:
            return None
        if value in RHYTHMS:
            return float(RHYTHMS[value])
        if re.fullmatch(r"[a-z -]+", value):
            raise self.wrong(f"unknown rhythm '{value[:40]}'{nearest(value, RHYTHMS)}")
        return self.number("rhythm", 1, MOST_MEETINGS, whole=True)


def _row(cell: _Cells, known: Institutions, sectors: dict[str, str], places: dict[str, tuple[str, ...]]) -> Row:
    topics = []
    for word in cell.many("sectors"):
        if word.lower() not in sectors:
            raise cell.wrong(f"unknown sector '{word[:60]}'{nearest(word.lower(), sectors)}")
        topics.append(sectors[word.lower()])
    if len(set(topics)) < len(topics):
        raise cell.wrong("sectors names one twice, by code and by name")
    dates, rhythm = cell.days(), cell.rhythm()
    if not dates and rhythm is None:
        raise cell.wrong("dates and rhythm are both empty: one is needed")
    level, place = cell.choice("level", LEVELS), cell.text("place").upper()
    if place and place not in places["province"] + places["space"]:
        raise cell.wrong(f"unknown place '{place[:40]}'{nearest(place, places['province'] + places['space'])}")
    if place and not level:
        level = "province" if place in places["province"] else "space"
    if place and (level == "national" or place not in places[level]):
        raise cell.wrong(f"place '{place}' is no {level}" if level != "national" else "a national forum has no place")
    said = {name: cell.text(name) for name in ("preparation_hours", "delegates")}
    basis = cell.choice("basis", BASES)
    return Row(
        name=cell.needed("forum"),
        convener=cell.needed("convener"),
        members=cell.many("members"),
        dates=dates,
        a_year=rhythm or 0.0,
        hours=cell.number("hours", 0.25, LONGEST_HOURS),
        venue=cell.text("venue"),
        sectors=tuple(topics),
        level=level,
        place=place,
        preparation_hours=cell.number("preparation_hours", 0, 200) if said["preparation_hours"] else None,
        delegates=int(cell.number("delegates", 1, 100, whole=True)) if said["delegates"] else None,
        basis=BASES[basis] if basis else None,
        line=cell.line,
    )


def _with_rhythm(rows: list[Row]) -> Iterable[Row]:
    """Rows with meetings a year where only dates are given."""
    years = years_of(rows)
    for row in rows:
        yield row if row.a_year else Row(**{**row.__dict__, "a_year": len(row.dates) / years})


def span_of(rows: Iterable[Row]) -> tuple[date, date] | None:
    """The first and last date of a calendar, or None where it gives rhythms only."""
    days = [day for row in rows for day in row.dates]
    return (min(days), max(days)) if days else None


def years_of(rows: Iterable[Row]) -> int:
    """Whole years that a calendar's dates stand for: those nearest to what they span, one at least."""
    span = span_of(rows)
    return max(1, round(((span[1] - span[0]).days + 1) / 365.25)) if span else 1


def slug(name: str) -> str:
    """A forum's name as a code: two names that differ in capitals or signs only are one forum's."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "forum"


def code_of(name: str) -> str:
    """The code under which a forum runs: that of the project's own table if it stands there, else its name's."""
    known = known_forum(name)
    return known.code if known else slug(name)


def known_forum(name: str) -> Forum | None:
    """The forum of the project's own table that a name or code is of."""
    return next((f for f in load_institutions().forums if name.lower() in (f.code.lower(), f.name.lower())), None)


def known_department(name: str) -> str | None:
    """The code of the department that a name or code is of."""
    for d in load_institutions().departments:
        if name.lower() in (d.code.lower(), d.name.lower()):
            return d.code
    return None
