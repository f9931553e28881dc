"""Where people live and where they are served: provinces, spaces, municipalities, settlements, neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache, cached_property
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.errors import InputError, nearest
from igrsim.places import two_towns as small_world
from igrsim.places.service_points import read_service_points

if TYPE_CHECKING:
    import pandas as pd

Text = tuple[str, ...]
Ints = NDArray[np.int64]
Rows = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SETTLEMENT_KINDS = ("metro", "town", "township", "rural")
# Columns of text are plural here (a tuple of codes), singular in the tables (each row's code).
COLUMN = {
    "codes": "code",
    "names": "name",
    "capitals": "capital",
    "provinces": "province",
    "kinds": "kind",
    "seat_towns": "seat_town",
    "categories": "category",
    "spaces": "space",
    "towns": "town",
    "municipalities": "municipality",
}


@dataclass(frozen=True)
class Table:
    """A geographical table as columns (tuples of text, read-only arrays), rows sorted by code."""

    codes: Text

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Row of each code."""
        return {code: row for row, code in enumerate(self.codes)}


@dataclass(frozen=True)
class Provinces(Table):
    """The provinces and their capitals (degrees)."""

    names: Text
    capitals: Text
    lat: Floats
    lon: Floats


@dataclass(frozen=True)
class Spaces(Table):
    """The coordination spaces: districts and metros, with Census 2011 figures.

    Shares and rates are fractions; `area_km2` in km2; `pilot` marks the three pilots of 2019. The seat of a
    district may lie in a metro outside its own area.
    """

    names: Text
    provinces: Text
    kinds: Text
    seat_towns: Text
    seat_lat: Floats
    seat_lon: Floats
    population: Ints
    households: Ints
    area_km2: Floats
    unemployment_rate: Floats
    poor_share: Floats
    rural_share: Floats
    pilot: Flags


@dataclass(frozen=True)
class Municipalities(Table):
    """Metropolitan (A), local (B) and district (C) municipalities.

    A district municipality (code as its space) repeats the figures of its space: never add it to its locals.
    `space_row` is the row in `Spaces`; `lat`, `lon` the office town in degrees.
    """

    names: Text
    categories: Text
    miif: Text
    spaces: Text
    provinces: Text
    towns: Text
    lat: Floats
    lon: Floats
    population: Ints
    households: Ints
    area_km2: Floats
    unemployment_rate: Floats
    poor_share: Floats
    rural_share: Floats
    imputed: Text
    space_row: Rows

    @cached_property
    def settled(self) -> Flags:
        """Metropolitan and local municipalities: those whose people add up to the country."""
        return np.array([category != "C" for category in self.categories], dtype=np.bool_)


@dataclass(frozen=True)
class Settlements(Table):
    """Settlement points, the homes of citizens.

    `located` is True where the position is that of a named place, False where it was synthesised. Kinds
    are those of `SETTLEMENT_KINDS`; `space_row` and `municipality_row` are rows of the other tables.
    """

    names: Text
    municipalities: Text
    spaces: Text
    population: Ints
    lat: Floats
    lon: Floats
    located: Flags
    kinds: Text
    space_row: Rows
    municipality_row: Rows

    @cached_property
    def rural(self) -> Flags:
        """Villages, farms and scattered settlement."""
        return np.array([kind == "rural" for kind in self.kinds], dtype=np.bool_)

    @cached_property
    def in_space(self) -> tuple[Ints, ...]:
        """Rows of the settlements of each space."""
        return tuple(np.flatnonzero(self.space_row == space) for space in range(int(self.space_row.max()) + 1))


@dataclass(frozen=True)
class Neighbours:
    """Pairs of spaces that share a border, each once, as codes and as rows of `Spaces`."""

    space_a: Text
    space_b: Text
    row_a: Rows
    row_b: Rows

    def __len__(self) -> int:
        return len(self.space_a)


@dataclass(frozen=True)
class Geography:
    """The country, or a part of it."""

    provinces: Provinces
    spaces: Spaces
    municipalities: Municipalities
    settlements: Settlements
    neighbours: Neighbours

    def subset(self, space_codes: Iterable[str]) -> Geography:
        """The same country with only these spaces, every table still sorted by code.

        Raises
        ------
        InputError
            If a code is no space here, or none is given.
        """
        wanted = set(space_codes)
        for code in sorted(wanted):
            if code not in self.spaces.index:
                raise InputError(f"unknown space '{code}'{nearest(code, self.spaces.codes)}", code="E110")
        if not wanted:
            raise InputError("no space is given: name at least one", code="E110")
        spaces = rows_of(self.spaces, [code in wanted for code in self.spaces.codes])
        provinces = set(spaces.provinces)
        return linked(
            rows_of(self.provinces, [code in provinces for code in self.provinces.codes]),
            spaces,
            rows_of(self.municipalities, [code in wanted for code in self.municipalities.spaces]),
            rows_of(self.settlements, [code in wanted for code in self.settlements.spaces]),
            [
                (a, b)
                for a, b in zip(self.neighbours.space_a, self.neighbours.space_b, strict=True)
                if a in wanted and b in wanted
            ],
        )

    def province_spaces(self, province: str) -> Text:
        """Codes of the spaces of a province, given by code or name."""
        codes = dict(zip(self.provinces.names, self.provinces.codes, strict=True))
        code = codes.get(province, province)
        if code not in self.provinces.index:
            raise InputError(
                f"unknown province '{province}'{nearest(province, [*codes, *codes.values()])}", code="E110"
            )
        return tuple(s for s, p in zip(self.spaces.codes, self.spaces.provinces, strict=True) if p == code)


T = TypeVar("T", bound=Table)


def rows_of(table: T, keep: list[bool]) -> T:
    """The same table with only the marked rows."""
    mask = np.asarray(keep, dtype=np.bool_)
    columns: dict[str, Any] = {}
    for field in fields(table):
        column = getattr(table, field.name)
        if isinstance(column, tuple):
            columns[field.name] = tuple(value for value, kept in zip(column, keep, strict=True) if kept)
        else:
            columns[field.name] = read_only(column[mask])
    return type(table)(**columns)


def read_only(column: NDArray[Any]) -> NDArray[Any]:
    """An array nobody can change by accident: the tables are shared by every run of a process."""
    column = np.ascontiguousarray(column)
    column.setflags(write=False)
    return column


def linked(
    provinces: Provinces,
    spaces: Spaces,
    municipalities: Municipalities,
    settlements: Settlements,
    borders: list[tuple[str, str]],
) -> Geography:
    """A geography whose row numbers point into its own tables."""

    def rows(table: Table, codes: Iterable[str]) -> Rows:
        return read_only(np.fromiter((table.index[code] for code in codes), dtype=np.int32))

    def again(table: T, **columns: Any) -> T:
        return type(table)(**{f.name: getattr(table, f.name) for f in fields(table)} | columns)

    return Geography(
        provinces,
        spaces,
        again(municipalities, space_row=rows(spaces, municipalities.spaces)),
        again(
            settlements,
            space_row=rows(spaces, settlements.spaces),
            municipality_row=rows(municipalities, settlements.municipalities),
        ),
        Neighbours(
            tuple(a for a, _ in borders),
            tuple(b for _, b in borders),
            rows(spaces, (a for a, _ in borders)),
            rows(spaces, (b for _, b in borders)),
        ),
    )


def from_frames(
    provinces: pd.DataFrame,
    spaces: pd.DataFrame,
    municipalities: pd.DataFrame,
    settlements: pd.DataFrame,
    neighbours: pd.DataFrame,
) -> Geography:
    """Build a geography from tables with the columns of the packaged ones, in any order of rows."""

    def columns(frame: pd.DataFrame, table: type[T], **marks: str) -> T:
        ordered = frame.sort_values("code", kind="stable")
        out: dict[str, Any] = {}
        for field in fields(table):
            if field.name.endswith("_row"):
                out[field.name] = np.zeros(len(frame), dtype=np.int32)
                continue
            values = ordered[COLUMN.get(field.name, field.name)]
            if field.type == "Text":
                out[field.name] = tuple(str(value) for value in values)
            elif field.type == "Ints":
                out[field.name] = read_only(values.to_numpy(dtype=np.int64))
            elif field.type == "Floats":
                out[field.name] = read_only(values.to_numpy(dtype=np.float64))
            else:
                out[field.name] = read_only((values == marks[field.name]).to_numpy(dtype=np.bool_))
        return table(**out)

    return linked(
        columns(provinces, Provinces),
        columns(spaces, Spaces, pilot="yes"),
        columns(municipalities, Municipalities),
        columns(settlements, Settlements, located="matched"),
        list(zip(neighbours.space_a.astype(str), neighbours.space_b.astype(str), strict=True)),
    )


def read_table(name: str) -> pd.DataFrame:
    """A packaged table by file name; codes stay text and empty cells stay empty."""
    import pandas as pd

    text = (files("igrsim.places") / "tables" / name).read_text(encoding="utf-8")
    return pd.read_csv(
        StringIO(text),
        keep_default_na=False,
        dtype={"code": str, "name": str, "settlement": str, "province": str, "imputed": str, "note": str},
    )


@cache
def load_geography() -> Geography:
    """The whole country: 9 provinces, 52 spaces, 257 municipalities and their settlements."""
    return from_frames(
        *(read_table(f"{name}.csv") for name in ("provinces", "spaces", "municipalities", "settlements", "neighbours"))
    )


@cache
def packaged_points() -> pd.DataFrame:
    """The packaged service points of the whole country, shared by every run of a process: not to be changed."""
    return read_table("service_points.csv")


def load_service_points(file: Path | None = None, geography: Geography | None = None) -> pd.DataFrame:
    """Service points, one row a department at a place, sorted by code.

    Parameters
    ----------
    file : Path, optional
        A user's own list (CSV, UTF-8) with the columns of `service_points.POINT_COLUMNS`; `synthetic` may be
        left out and is then "no". Without it, the packaged points.
    geography : Geography, optional
        The part of the country the points lie in, by default all of it. Packaged points outside it are
        dropped; a user's point outside it is an error.

    Raises
    ------
    InputError
        With the line, for the first fault found.
    """
    here = geography or load_geography()
    if file is not None:
        points = read_service_points(file, here)
    else:
        points = packaged_points()
        points = points[points.settlement.isin(here.settlements.index.keys())]
    return points.sort_values("code", kind="stable").reset_index(drop=True)


def two_towns() -> Geography:
    """The small world for theory and teaching: one district, two towns 120 km apart, four villages."""
    return from_frames(*small_world.tables())


def two_towns_points() -> pd.DataFrame:
    """Service points of the small world: Home Affairs only in ALPHA, SASSA only in BETA, the rest in both."""
    return small_world.points()


def country_of(geography: Geography) -> Geography:
    """The whole that a scope is part of: the country, or the made-up world itself."""
    country = load_geography()
    return country if set(geography.spaces.codes) <= set(country.spaces.codes) else geography
