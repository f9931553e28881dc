"""Which part of the country a study is about: all of it, a province, a list, the pilots, or the small world."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from igrsim.kernel.errors import InputError, nearest
from igrsim.places.geography import (
    Geography,
    load_geography,
    load_service_points,
    two_towns,
    two_towns_points,
)

PILOTS = ("DC15", "DC36", "ETH")
TWO_TOWNS = "two-towns"
NAMED = ("country", "pilots", TWO_TOWNS)


def open_scope(scope: str | list[str], points: Path | None = None) -> tuple[Geography, pd.DataFrame]:
    """The geography and the service points of a scope.

    Parameters
    ----------
    scope : str or list of str
        ``country``, ``pilots``, ``two-towns``, ``province:NAME``, or codes of spaces (a list, or with commas).
    points : Path, optional
        A user's own service points.
    """
    if scope == TWO_TOWNS:
        geography = two_towns()
        return geography, load_service_points(points, geography) if points else two_towns_points()
    country = load_geography()
    if scope == "country":
        geography = country
    elif scope == "pilots":
        geography = country.subset(PILOTS)
    elif isinstance(scope, str) and scope.startswith("province:"):
        geography = country.subset(country.province_spaces(scope.removeprefix("province:")))
    elif isinstance(scope, list):
        geography = country.subset(scope)
    else:
        codes = [code.strip() for code in scope.split(",")]
        if len(codes) == 1 and codes[0] not in country.spaces.index:
            options = [*NAMED, *country.spaces.codes, *(f"province:{n}" for n in country.provinces.names)]
            raise InputError(f"unknown scope '{scope}'{nearest(scope, options)}", code="E111")
        geography = country.subset(codes)
    return geography, load_service_points(points, geography)
