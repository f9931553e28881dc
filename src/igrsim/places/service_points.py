"""A user's own list of service points, checked line by line against the country's places."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from igrsim.kernel.errors import InputError, nearest

if TYPE_CHECKING:
    from igrsim.places.geography import Geography

SERVICES = (
    "clinic",
    "home_affairs",
    "labour",
    "municipal_office",
    "police",
    "post_office",
    "sassa",
    "thusong",
)
POINT_KINDS = ("office", "visiting", "mobile")
POINT_COLUMNS = (
    "code",
    "service",
    "name",
    "settlement",
    "municipality",
    "space",
    "lat",
    "lon",
    "kind",
    "site",
    "desks",
    "days_per_month",
    "synthetic",
)
SOUTH, NORTH, WEST, EAST = -35.0, -22.0, 16.0, 33.1  # degrees that enclose the country
LARGEST_FILE_BYTES = 20_000_000
MOST_DESKS = 500


def read_service_points(file: Path, geography: Geography) -> pd.DataFrame:
    """A user's own service points, checked against the places of `geography`; the first fault is an error."""
    return _checked(*read_rows(file, POINT_COLUMNS, ("synthetic",)), str(file), geography)


def read_text(file: Path) -> str:
    """The text of a user's file, or one line that says why it cannot be read."""
    place = str(file)
    if not file.exists():
        raise InputError("there is no such file", file=place, code="E120")
    if not file.is_file():
        raise InputError("this is a folder, a file is needed", file=place, code="E120")
    if file.stat().st_size > LARGEST_FILE_BYTES:
        raise InputError(f"the file is larger than {LARGEST_FILE_BYTES // 1_000_000} MB", file=place, code="E120")
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("the file is not UTF-8 text: save it as UTF-8", file=place, code="E120") from None
    except OSError as fault:
        raise InputError(f"the file cannot be read ({fault.strerror})", file=place, code="E120") from None
    if "\0" in text:
        raise InputError("the file holds zero bytes: save it as UTF-8 text", file=place, code="E120")
    if not text.strip():
        raise InputError("the file is empty", file=place, code="E120")
    return text


def read_rows(
    file: Path, columns: tuple[str, ...], optional: tuple[str, ...] = (), code: str = "E121"
) -> tuple[list[dict[str, str]], list[int]]:
    """Rows of a user's CSV and the line each ends on; the first fault is an error of this `code`.

    Parameters
    ----------
    columns, optional : tuple of str
        Columns that may stand in it, and those of them that may be left out.
    """
    place = str(file)
    reader = csv.reader(io.StringIO(read_text(file), newline=""), strict=True)
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    try:
        header = [name.strip() for name in next(reader)]
        for mark, name in ((";", "semicolons"), ("\t", "tabs")):
            if len(header) == 1 and mark in header[0]:
                raise InputError(f"columns are divided by {name}: commas are needed", file=place, line=1, code=code)
        for name in columns:
            if name not in header and name not in optional:
                raise InputError(
                    f"column '{name}' is missing{nearest(name, set(header) - set(columns))}",
                    file=place,
                    line=1,
                    code=code,
                )
        for name in header:
            if header.count(name) > 1:
                raise InputError(f"column '{name}' stands twice", file=place, line=1, code=code)
            if name not in columns:
                raise InputError(f"unknown column '{name}'{nearest(name, columns)}", file=place, line=1, code=code)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise InputError(
                    f"{len(cells)} cells where the header has {len(header)} (a decimal comma?)",
                    file=place,
                    line=reader.line_num,
                    code=code,
                )
            rows.append({name: cell.strip() for name, cell in zip(header, cells, strict=True)})
            lines.append(reader.line_num)
    except csv.Error as fault:
        raise InputError(f"not a CSV table ({fault})", file=place, line=reader.line_num, code=code) from None
    if not rows:
        raise InputError("the table has no rows", file=place, code=code)
    return rows, lines


def _checked(rows: list[dict[str, str]], lines: list[int], place: str, geography: Geography) -> pd.DataFrame:
    """The user's rows as a table, or an error at the first that cannot be used."""
    settlements = geography.settlements
    seen: dict[str, int] = {}
    out: list[dict[str, object]] = []
    for row, line in zip(rows, lines, strict=True):

        def wrong(message: str, at: int = line) -> InputError:
            return InputError(message, file=place, line=at, code="E122")

        for name, cell in row.items():
            if cell.startswith(("=", "+", "@")) or (cell.startswith("-") and name not in ("lat", "lon")):
                raise wrong(f"{name} = {cell!r} looks like a formula: give its value")
            if not cell and name not in ("name", "synthetic"):
                raise wrong(f"{name} is empty")
        if row["code"] in seen:
            raise wrong(f"code '{row['code']}' stands already on line {seen[row['code']]}")
        seen[row["code"]] = line
        for name, known in (("service", SERVICES), ("kind", POINT_KINDS)):
            if row[name] not in known:
                raise wrong(f"unknown {name} '{row[name]}'{nearest(row[name], known)}")
        if row["space"] not in geography.spaces.index:
            raise wrong(f"unknown space '{row['space']}'{nearest(row['space'], geography.spaces.codes)}")
        if row["settlement"] not in settlements.index:
            raise wrong(f"unknown settlement '{row['settlement']}' (codes stand in settlements.csv)")
        home = settlements.index[row["settlement"]]
        for name, true in (
            ("municipality", settlements.municipalities[home]),
            ("space", settlements.spaces[home]),
        ):
            if row[name] != true:
                raise wrong(f"{name} '{row[name]}': settlement '{row['settlement']}' lies in '{true}'")
        numbers: dict[str, float] = {}
        for name in ("lat", "lon", "desks", "days_per_month"):
            try:
                numbers[name] = float(row[name]) if "_" not in row[name] else math.nan
            except ValueError:
                numbers[name] = math.nan
            if not math.isfinite(numbers[name]):
                raise wrong(
                    f"{name} = '{row[name]}' is not a number (write 1234.5: no thousands mark, no decimal comma)"
                )
        check_position(numbers["lat"], numbers["lon"], place, line)
        for name, low, high in (("desks", 1, MOST_DESKS), ("days_per_month", 1, 31)):
            if numbers[name] != int(numbers[name]) or not low <= numbers[name] <= high:
                raise wrong(f"{name} = {row[name]}: a whole number from {low} to {high} is needed")
        if row.get("synthetic") not in (None, "", "yes", "no"):
            raise wrong(f"synthetic = '{row['synthetic']}': yes or no is needed")
        out.append(
            {
                **row,
                "lat": numbers["lat"],
                "lon": numbers["lon"],
                "desks": int(numbers["desks"]),
                "days_per_month": int(numbers["days_per_month"]),
                "synthetic": row.get("synthetic") or "no",
            }
        )
    return pd.DataFrame(out, columns=list(POINT_COLUMNS))


def check_position(lat: float, lon: float, place: str, line: int | None = None) -> None:
    """Refuse a position (degrees) outside the country, and say so if its two numbers are swapped."""
    if SOUTH <= lat <= NORTH and WEST <= lon <= EAST:
        return
    if SOUTH <= lon <= NORTH and WEST <= lat <= EAST:
        raise InputError(
            f"lat = {lat:g}, lon = {lon:g}: latitude and longitude are swapped",
            file=place,
            line=line,
            code="E123",
        )
    raise InputError(
        f"lat = {lat:g}, lon = {lon:g} lies outside the country (latitude {SOUTH:g} to {NORTH:g}, "
        f"longitude {WEST:g} to {EAST:g})",
        file=place,
        line=line,
        code="E123",
    )
