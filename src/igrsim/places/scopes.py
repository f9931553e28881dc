"""Which part of the country a study is about: all of it, a province, a list, the pilots, or the small world."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from igrsim.kernel.errors import InputError, nearest
from igrsim.kernel.same import Same
from igrsim.places.geography import (
    Geography,
    load_geography,
    load_service_points,
    two_towns,
    two_towns_points,
)

if TYPE_CHECKING:
    import pandas as pd

PILOTS = ("DC15", "DC36", "ETH")
TWO_TOWNS = "two-towns"
NAMED = ("country", "pilots", TWO_TOWNS)


def geography_of(scope: str | list[str]) -> Geography:
    """The geography of a scope, shared by every run of a process.

    Parameters
    ----------
    scope : str or list of str
        ``country``, ``pilots``, ``two-towns``, ``province:NAME``, or codes of spaces (a list, or with commas).

    Raises
    ------
    InputError
        With the nearest right spelling.
    """
    return _geography(scope if isinstance(scope, str) else tuple(scope))


@cache
def _geography(scope: str | tuple[str, ...]) -> Geography:
    if scope == TWO_TOWNS:
        return two_towns()
    country = load_geography()
    if scope == "country":
        return country
    if scope == "pilots":
        return country.subset(PILOTS)
    if isinstance(scope, tuple):
        return country.subset(scope)
    if scope.startswith("province:"):
        return country.subset(country.province_spaces(scope.removeprefix("province:")))
    codes = [code.strip() for code in scope.split(",")]
    if len(codes) == 1 and codes[0] not in country.spaces.index:
        options = [*NAMED, *country.spaces.codes, *(f"province:{n}" for n in country.provinces.names)]
        raise InputError(f"unknown scope '{scope}'{nearest(scope, options)}", code="E111")
    return country.subset(codes)


def open_scope(scope: str | list[str], points: Path | None = None) -> tuple[Geography, pd.DataFrame]:
    """The geography and the service points of a scope, shared by every run of a process: not to be changed.

    Parameters
    ----------
    scope : str or list of str
        As in `geography_of`.
    points : Path, optional
        A user's own service points.
    """
    geography = geography_of(scope)
    if scope == TWO_TOWNS and points is None:
        return geography, _small_world()
    if points is None:
        return geography, _packaged(geography.spaces.codes)
    about = points.stat() if points.is_file() else None
    return geography, _own(points, about and (about.st_mtime_ns, about.st_size), Same(geography))


@cache
def _small_world() -> pd.DataFrame:
    return two_towns_points()


@lru_cache(maxsize=4)
def _own(points: Path, _written: tuple[int, int] | None, geography: Same[Geography]) -> pd.DataFrame:
    return load_service_points(points, geography.it)


@cache
def _packaged(spaces: tuple[str, ...]) -> pd.DataFrame:
    return load_service_points(None, geography_of(list(spaces)))
