"""A user's own list of service points, checked line by line against the country's places."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from igrsim.kernel.errors import InputError, nearest
from igrsim.places.user_table import read_rows

if TYPE_CHECKING:
    import pandas as pd

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
MOST_DESKS = 500


def read_service_points(file: Path, geography: Geography) -> pd.DataFrame:
    """A user's own service points, checked against the places of `geography`; the first fault is an error."""
    return _checked(*read_rows(file, POINT_COLUMNS, ("synthetic",)), str(file), geography)


def _checked(rows: list[dict[str, str]], lines: list[int], place: str, geography: Geography) -> pd.DataFrame:
    """The user's rows as a table, or an error at the first that cannot be used."""
    import pandas as pd

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
