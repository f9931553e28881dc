"""Who convenes what, who asks what, who may fund what: the institutions of South African coordination."""

from __future__ import annotations

import csv
import datetime
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from igrsim.kernel.errors import InputError, nearest

SHIPPED = Path(__file__).parent / "tables"
GRADES = ("seed", "measured", "derived", "assumed")
MUNICIPAL_ACTORS = ("district", "local", "metro")
RIGHTS = ("exclusive", "concurrent", "agency", "grant", "disputed", "private")
MONTHS_DUE = {"monthly": 12, "quarterly": 4, "annual": 1}


@dataclass(frozen=True)
class Source:
    """A document a number or rule was taken from."""

    key: str
    citation: str
    kind: str


@dataclass(frozen=True)
class Sector:
    """A field of service in which mandates meet."""

    code: str
    name: str


@dataclass(frozen=True)
class Department:
    """A national department or state-owned company, or a type of department each province has."""

    code: str
    name: str
    sphere: str
    sectors: tuple[str, ...]
    role: str


@dataclass(frozen=True)
class Mandate:
    """What an actor may fund in a sector, and its share of the sector's contestable capital rand (0-1).

    Private money comes on top: its weight is relative to the public money of the sector.
    """

    sector: str
    actor: str
    right: str
    weight: float
    basis: str
    source: str
    grade: str


@dataclass(frozen=True)
class Forum:
    """A meeting place of governments: who convenes it, who is invited, how often and for how long.

    ``hours`` are of one meeting, ``prep_hours`` of one delegate before it; ``statutory`` is 1 where the law
    names the forum, 0.5 where a policy or grant framework requires it, 0 where it is the convener's own idea.
    A forum of one place only has its code in ``place``; ``towns`` and ``seats`` are municipalities and departments
    that it names one by one.
    """

    code: str
    name: str
    level: str
    convener: str
    members: tuple[str, ...]
    sectors: tuple[str, ...]
    meetings_per_year: int
    hours: float
    delegates: int
    prep_hours: float
    venue: str
    statutory: float
    spaces: str
    basis: str
    source: str
    grade: str
    retirable: bool
    place: str = ""
    towns: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()

    def invites(self, municipality: str) -> bool:
        """Tell whether a ``local``, ``district`` or ``metro`` municipality is invited."""
        member = "locals" if municipality == "local" else municipality
        space = "metro" if municipality == "metro" else "district"
        return member in self.members and self.spaces in ("all", space)


@dataclass(frozen=True)
class Indicator:
    """A figure or document asked of municipalities; ``due`` are the months (1-12) in which it falls due."""

    code: str
    name: str
    sector: str
    period: str
    statutory: bool
    hours: float
    source: str
    grade: str
    due: tuple[int, ...]


@dataclass(frozen=True)
class Request:
    """A department's standing wish for an indicator; ``own`` definitions cannot be answered from another's.

    ``statutory`` says that the law owes it to this department, not merely that the law knows the document.
    """

    department: str
    indicator: str
    definition: str
    basis: str
    statutory: bool
    source: str
    grade: str


@dataclass(frozen=True)
class CalendarDate:
    """A date of the planning and budget year of one sphere."""

    event: str
    month: int
    day: int
    sphere: str
    meaning: str
    basis: str
    source: str


@dataclass(frozen=True)
class Complement:
    """A sector whose items often need an item of another (or the same) sector to be of use: bulk before reticulation.

    ``share`` (0-1) are the items that do.
    """

    sector: str
    needs: str
    share: float
    basis: str
    source: str
    grade: str


@dataclass(frozen=True)
class Institutions:
    """All tables of institutions, checked against each other."""

    sources: tuple[Source, ...]
    sectors: tuple[Sector, ...]
    departments: tuple[Department, ...]
    mandates: tuple[Mandate, ...]
    forums: tuple[Forum, ...]
    indicators: tuple[Indicator, ...]
    requests: tuple[Request, ...]
    calendar: tuple[CalendarDate, ...]
    water_authorities: Mapping[str, str]
    complements: tuple[Complement, ...]
    mining: frozenset[str]

    def invitations(self, municipality: str, *, statutory: float | None = None) -> int:
        """Meetings a year a ``local``, ``district`` or ``metro`` municipality is invited to, in silos."""
        return sum(
            forum.meetings_per_year
            for forum in self.forums
            if forum.invites(municipality) and statutory in (None, forum.statutory)
        )

    def submissions(self, *, statutory: bool) -> int:
        """Submissions a municipality owes a year; what one department wants in one month is one."""
        due = {indicator.code: indicator.due for indicator in self.indicators}
        return len(
            {
                (request.department, month)
                for request in self.requests
                if request.statutory == statutory
                for month in due[request.indicator]
            }
        )

    def shares(self, sector: str, space: str) -> dict[str, float]:
        """Shares of a sector's contestable capital rand by actor, in a ``district`` or ``metro`` space."""
        absent = ("metro",) if space == "district" else ("district", "local")
        return {
            m.actor: m.weight
            for m in self.mandates
            if m.sector == sector and m.actor not in absent and m.right != "private"
        }


@dataclass(frozen=True)
class _Row:
    """One line of a table, which knows its place for the sake of error messages."""

    file: str
    line: int
    cells: dict[str, str]

    def fail(self, message: str) -> InputError:
        return InputError(message, file=self.file, line=self.line)

    def text(self, column: str, *, empty: bool = False) -> str:
        value = self.cells[column]
        if not value and not empty:
            raise self.fail(f"column '{column}' is empty")
        return value

    def code(self, column: str) -> str:
        value = self.text(column)
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,39}", value):
            raise self.fail(f"column '{column}': '{value}' is no code (letters, digits, '-', '_')")
        return value

    def choice(self, column: str, known: Iterable[str]) -> str:
        value, options = self.text(column), tuple(known)
        if value not in options:
            raise self.fail(f"column '{column}': unknown '{value}'{nearest(value, options)}")
        return value

    def many(self, column: str, known: Iterable[str], *, empty: bool = False) -> tuple[str, ...]:
        options = tuple(known)
        values = tuple(part.strip() for part in self.text(column, empty=empty).split(";") if part.strip())
        for value in values:
            if value not in options:
                raise self.fail(f"column '{column}': unknown '{value}'{nearest(value, options)}")
        if len(set(values)) < len(values) or not (values or empty):
            raise self.fail(f"column '{column}' names something twice or nothing: '{self.cells[column]}'")
        return values

    def number(self, column: str, low: float, high: float) -> float:
        value = self.text(column)
        try:
            number = float(value) if re.fullmatch(r"[0-9.]+", value) else math.nan
        except ValueError:
            number = math.nan
        if not low <= number <= high:
            raise self.fail(f"column '{column}': '{value}' is not a number from {low:g} to {high:g}")
        return number

    def whole(self, column: str, low: int, high: int) -> int:
        number = self.number(column, low, high)
        if number != int(number):
            raise self.fail(f"column '{column}': '{self.cells[column]}' is not a whole number")
        return int(number)

    def yes(self, column: str) -> bool:
        return self.choice(column, ("yes", "no")) == "yes"


def _rows(folder: Path | None, table: str, columns: str) -> list[_Row]:
    """The lines of a table, from the user's folder if it holds one, else the shipped one."""
    path = SHIPPED / f"{table}.csv"
    if folder is not None and (folder / f"{table}.csv").exists():
        path = folder / f"{table}.csv"
    expected = columns.split()
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.reader(stream, strict=True)
            head = [name.strip() for name in next(reader, [])]
            lines = [(reader.line_num, cells) for cells in reader if cells]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot be read as a UTF-8 table: {error}", file=str(path)) from error
    if head != expected:
        wrong = [name for name in head if name not in expected] or [n for n in expected if n not in head]
        raise InputError(f"columns must be {','.join(expected)}; see {wrong}", file=str(path), line=1)
    if not lines:
        raise InputError("the table is empty", file=str(path))
    for line, cells in lines:
        if len(cells) != len(expected):
            raise InputError(f"{len(cells)} cells, {len(expected)} expected", file=str(path), line=line)
    return [_Row(str(path), line, dict(zip(expected, map(str.strip, cells), strict=True))) for line, cells in lines]


T = TypeVar("T")


def _read(rows: list[_Row], make: Callable[[_Row], T], key: Callable[[T], object]) -> tuple[T, ...]:
    """Make one thing of each row; two with the same key are an error."""
    seen: dict[object, int] = {}
    things = []
    for row in rows:
        thing = make(row)
        if key(thing) in seen:
            raise row.fail(f"{key(thing)} stands in line {seen[key(thing)]} already")
        seen[key(thing)] = row.line
        things.append(thing)
    return tuple(things)


def _forum(r: _Row, departments: set[str], sectors: set[str], sources: set[str]) -> Forum:
    forum = Forum(
        r.code("code"),
        r.text("name"),
        r.choice("level", ("national", "province", "space")),
        r.choice("convener", departments | {"district", "metro", "salga"}),
        r.many("members", ("locals", "district", "metro", "departments", "salga")),
        r.many("sectors", sectors),
        r.whole("meetings_per_year", 1, 52),
        r.number("hours", 0.5, 24),
        r.whole("delegates", 1, 20),
        r.number("prep_hours", 0, 80),
        r.choice("venue", ("capital", "seat", "pretoria")),
        float(r.choice("statutory", ("0", "0.5", "1"))),
        r.choice("spaces", ("all", "district", "metro")),
        r.text("basis"),
        r.choice("source", sources),
        r.choice("grade", GRADES),
        r.yes("retirable"),
    )
    if forum.retirable and forum.statutory > 0:
        raise r.fail(f"forum '{forum.code}' is required by law or framework and cannot be retirable")
    if forum.level == "national" and {"locals", "district"} & set(forum.members):
        raise r.fail(f"forum '{forum.code}' is national: organised local government sits there")
    return forum


def _indicator(r: _Row, sectors: set[str], sources: set[str]) -> Indicator:
    period = r.choice("period", MONTHS_DUE)
    named = r.many("due", map(str, range(1, 13)), empty=period == "monthly")
    due = tuple(range(1, 13)) if period == "monthly" else tuple(sorted(map(int, named)))
    if len(due) != MONTHS_DUE[period]:
        raise r.fail(f"column 'due': {len(due)} months, {period} needs {MONTHS_DUE[period]}")
    return Indicator(
        r.code("code"),
        r.text("name"),
        r.choice("sector", sectors),
        period,
        r.yes("statutory"),
        r.number("hours", 0, 1000),
        r.choice("source", sources),
        r.choice("grade", GRADES),
        due,
    )


def _calendar_date(r: _Row, sources: set[str]) -> CalendarDate:
    month, day = r.whole("month", 1, 12), r.whole("day", 1, 31)
    try:
        datetime.date(2023, month, day)  # a common year: 29 February cannot be a yearly date
    except ValueError as error:
        raise r.fail(f"there is no {day}/{month} in every year") from error
    sphere = r.choice("sphere", ("municipal", "provincial", "national"))
    basis, source = r.text("basis"), r.choice("source", sources)
    return CalendarDate(r.code("event"), month, day, sphere, r.text("meaning"), basis, source)


def _check_mandates(mandates: tuple[Mandate, ...], sectors: tuple[Sector, ...], file: str) -> None:
    for sector in sectors:
        weight = {m.actor: m.weight for m in mandates if m.sector == sector.code and m.right != "private"}
        outside_metros = [value for actor, value in weight.items() if actor != "metro"]
        if len(outside_metros) < 2:
            raise InputError(f"sector '{sector.code}' has fewer than two actors in a district", file=file)
        if abs(sum(outside_metros) - 1) > 1e-9:
            total = sum(outside_metros)
            raise InputError(f"weights of '{sector.code}' add up to {total:g}, not 1", file=file)
        municipal = weight.get("district", 0.0) + weight.get("local", 0.0)
        if abs(weight.get("metro", 0.0) - municipal) > 1e-9:
            raise InputError(f"'{sector.code}': metro must be district plus local, {municipal:g}", file=file)


@lru_cache(maxsize=8)
def load_institutions(folder: Path | None = None) -> Institutions:
    """Read the tables of institutions.

    Parameters
    ----------
    folder : Path, optional
        A folder of the user's own; each table found in it replaces the shipped one of that name.

    Raises
    ------
    InputError
        At the first cell that is unknown, out of range or at odds with another table.
    """
    if folder is not None and not folder.is_dir():
        raise InputError("is not a folder", file=str(folder))

    sources = _read(
        _rows(folder, "sources", "key citation kind"),
        lambda r: Source(
            r.code("key"),
            r.text("citation"),
            r.choice("kind", ("seed", "official", "study", "press", "law", "assumption")),
        ),
        lambda s: s.key,
    )
    keys = {source.key for source in sources}
    sectors = _read(
        _rows(folder, "sectors", "code name"),
        lambda r: Sector(r.code("code"), r.text("name")),
        lambda s: s.code,
    )
    fields = {sector.code for sector in sectors}
    departments = _read(
        _rows(folder, "departments", "code name sphere sectors role"),
        lambda r: Department(
            r.code("code"),
            r.text("name"),
            r.choice("sphere", ("national", "provincial", "private")),
            r.many("sectors", fields),
            r.choice("role", ("sector", "centre", "funder")),
        ),
        lambda d: d.code,
    )
    offices = {department.code for department in departments}
    mandate_rows = _rows(folder, "mandates", "sector actor right weight basis source grade")
    mandates = _read(
        mandate_rows,
        lambda r: Mandate(
            r.choice("sector", fields),
            r.choice("actor", offices | set(MUNICIPAL_ACTORS)),
            r.choice("right", RIGHTS),
            r.number("weight", 0, 1),
            r.text("basis"),
            r.choice("source", keys),
            r.choice("grade", GRADES),
        ),
        lambda m: (m.sector, m.actor),
    )
    _check_mandates(mandates, sectors, mandate_rows[0].file)
    forums = _read(
        _rows(
            folder,
            "forums",
            "code name level convener members sectors meetings_per_year hours delegates prep_hours venue "
            "statutory spaces basis source grade retirable",
        ),
        lambda r: _forum(r, offices, fields, keys),
        lambda f: f.code,
    )
    indicators = _read(
        _rows(folder, "indicators", "code name sector period statutory hours source grade due"),
        lambda r: _indicator(r, fields, keys),
        lambda i: i.code,
    )
    catalogue = {indicator.code for indicator in indicators}
    requests = _read(
        _rows(folder, "requests", "department indicator definition basis statutory source grade"),
        lambda r: Request(
            r.choice("department", offices),
            r.choice("indicator", catalogue),
            r.choice("definition", ("common", "own")),
            r.text("basis"),
            r.yes("statutory"),
            r.choice("source", keys),
            r.choice("grade", GRADES),
        ),
        lambda r: (r.department, r.indicator),
    )
    calendar = _read(
        _rows(folder, "calendar", "event month day sphere meaning basis source"),
        lambda r: _calendar_date(r, keys),
        lambda c: c.event,
    )
    authorities = _read(
        _rows(folder, "water_authorities", "space authority source grade"),
        lambda r: (r.text("space"), r.choice("authority", ("district", "local")), r.choice("source", keys)),
        lambda row: row[0],
    )
    water = {space: authority for space, authority, _ in authorities}
    complements = _read(
        _rows(folder, "complements", "sector needs share basis source grade"),
        lambda r: Complement(
            r.choice("sector", fields),
            r.choice("needs", fields),
            r.number("share", 0, 1),
            r.text("basis"),
            r.choice("source", keys),
            r.choice("grade", GRADES),
        ),
        lambda c: c.sector,
    )
    mining = _read(
        _rows(folder, "mining_districts", "space basis source grade"),
        lambda r: (r.text("space"), r.text("basis"), r.choice("source", keys), r.choice("grade", GRADES)),
        lambda row: row[0],
    )
    return Institutions(
        sources,
        sectors,
        departments,
        mandates,
        forums,
        indicators,
        requests,
        calendar,
        water,
        complements,
        frozenset(space for space, *_ in mining),
    )
