"""Outlines of the spaces for maps: the packaged approximate ones, or a user's own boundary file."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.errors import InputError, nearest
from igrsim.places.geography import load_geography
from igrsim.places.service_points import check_position
from igrsim.places.user_table import read_text

Outlines = dict[str, list[NDArray[np.float64]]]


@cache
def load_outlines() -> Outlines:
    """Rings of each space, points x (longitude, latitude) in degrees.

    Computed from settlement points: approximate, not legal boundaries. A hole is a ring like any other (fill
    with the even-odd rule). Do not change the arrays: they are shared.
    """
    text = (files("igrsim.places") / "tables" / "territories.json").read_text(encoding="utf-8")
    return _outlines(json.loads(text), "territories.json", load_geography().spaces.codes)


def read_outlines(file: Path, spaces: tuple[str, ...] | None = None) -> Outlines:
    """A user's boundaries: GeoJSON polygons whose `properties.code` is the code of a space.

    Raises
    ------
    InputError
        If the file is no such GeoJSON, names an unknown space or one twice, or leaves the country.
    """
    place = str(file)
    try:
        document = json.loads(read_text(file))
    except json.JSONDecodeError as fault:
        raise InputError(f"not JSON ({fault.msg})", file=place, line=fault.lineno, code="E130") from None
    except RecursionError:
        raise InputError("nested too deeply to be GeoJSON", file=place, code="E130") from None
    return _outlines(document, place, spaces or load_geography().spaces.codes)


def _outlines(document: Any, place: str, spaces: tuple[str, ...]) -> Outlines:
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise InputError("a GeoJSON FeatureCollection is needed", file=place, code="E130")
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise InputError("the collection has no features", file=place, code="E130")
    outlines: Outlines = {}
    for number, feature in enumerate(features, start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        code = properties.get("code") if isinstance(properties, dict) else None
        if not isinstance(code, str):
            raise InputError(f"feature {number} has no properties.code", file=place, code="E131")
        if code not in spaces:
            raise InputError(
                f"feature {number}: unknown space '{code}'{nearest(code, spaces)}", file=place, code="E131"
            )
        if code in outlines:
            raise InputError(f"feature {number}: space '{code}' stands already in the file", file=place, code="E131")
        outlines[code] = _rings(feature.get("geometry"), f"feature {number} ({code})", place)
    return outlines


def _rings(geometry: Any, feature: str, place: str) -> list[NDArray[np.float64]]:
    """Rings of a polygon or several."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise InputError(f"{feature}: geometry {kind!r}, a Polygon or MultiPolygon is needed", file=place, code="E132")
    coordinates = geometry.get("coordinates")
    rings = []
    try:
        for polygon in [coordinates] if kind == "Polygon" else coordinates:
            for ring in polygon:
                rings.append(np.array([[float(corner[0]), float(corner[1])] for corner in ring]))
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        raise InputError(
            f"{feature}: coordinates are not rings of [longitude, latitude]", file=place, code="E132"
        ) from None
    if not rings:
        raise InputError(f"{feature}: no ring", file=place, code="E132")
    for ring in rings:
        if len(ring) < 4 or not np.isfinite(ring).all() or (ring[0] != ring[-1]).any():
            raise InputError(
                f"{feature}: a ring needs four corners or more, and its first again as its last",
                file=place,
                code="E132",
            )
        for lon, lat in (ring.min(axis=0), ring.max(axis=0)):
            check_position(float(lat), float(lon), place)
    return rings
