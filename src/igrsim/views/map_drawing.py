"""Spaces coloured by a value: as territories, as equal tiles, or as bars where there is no map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Line
from numpy.typing import NDArray

from igrsim.kernel.errors import InputError
from igrsim.places.outlines import Outlines, load_outlines
from igrsim.results.results import Results
from igrsim.views.numbers import factor
from igrsim.views.style import INK, PALE, QUIET
from igrsim.views.tiles import load_tiles

FEW = 12
"""Up to so many spaces bars with names say more than tiles with codes."""

_LATITUDE = -29.0
"""Degrees at which a map's east-west and north-south scales agree."""


def colour_of(colours: ScalarMappable, value: float) -> tuple[float, float, float, float]:
    """The colour of one value."""
    red, green, blue, opaque = np.asarray(colours.to_rgba(np.array([value])), dtype=float)[0].tolist()
    return red, green, blue, opaque


def by_space(results: Results, metric: str, unit: str, arm: str) -> pd.Series[float]:
    """A metric's mean over runs in every space of the scope, as it is shown (shares in per cent)."""
    codes = [str(space["code"]) for space in results.manifest["spaces"]]
    frame = results.spaces
    if metric not in frame:
        return pd.Series(np.nan, index=codes, dtype=float)
    mine = frame[frame["arm"] == arm]
    return mine.groupby("space")[metric].mean().reindex(codes).astype(float) * factor(unit)


def difference_by_space(results: Results, metric: str, unit: str, arm: str) -> pd.Series[float]:
    """Mean paired difference of an arm from the reference in every space, as it is shown."""
    codes = [str(space["code"]) for space in results.manifest["spaces"]]
    frame = results.spaces
    if metric not in frame:
        return pd.Series(np.nan, index=codes, dtype=float)
    wide = frame.pivot(index=["space", "world", "future"], columns="arm", values=metric)
    pairs = wide[arm] - wide[results.reference]
    return pairs.groupby("space").mean().reindex(codes).astype(float) * factor(unit)


def as_bars(codes: Sequence[str]) -> bool:
    """Whether spaces are shown as named bars rather than tiles: few of them, or no tile known."""
    return len(codes) <= FEW or not all(code in load_tiles() for code in codes)


def outlines_for(codes: Sequence[str], given: Outlines | None) -> Outlines:
    """Outlines to draw: those given or the packaged ones; none if a space of the scope has none."""
    if given is not None:
        missing = [code for code in codes if code not in given]
        if missing:
            raise InputError(f"the boundaries lack {', '.join(missing[:5])}, which the study has", code="E133")
        return given
    known = load_outlines()
    return known if all(code in known for code in codes) else {}


def draw_territories(ax: Axes, values: pd.Series[float], outlines: Outlines, colours: ScalarMappable) -> None:
    """Every territory in its value's colour; those outside the scope pale, those without value hatched."""
    for code, rings in outlines.items():
        inside = code in values.index
        known = inside and bool(np.isfinite(values[code]))
        ax.add_artist(
            PathPatch(
                _shape(rings),
                facecolor=colour_of(colours, values[code]) if known else "white" if inside else PALE,
                edgecolor="white" if known or not inside else QUIET,
                linewidth=0.5,
                hatch=None if known or not inside else "///",
            )
        )
    corners = np.concatenate([ring for rings in outlines.values() for ring in rings])
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    ax.set_xlim(west - 0.2, east + 0.2)
    ax.set_ylim(south - 0.2, north + 0.2)
    ax.set_aspect(1 / np.cos(np.radians(_LATITUDE)))
    ax.set_axis_off()


def _shape(rings: Sequence[NDArray[np.float64]]) -> Line:
    """One path of all rings, holes wound against what surrounds them, so that they stay empty."""
    parts = []
    for i, ring in enumerate(rings):
        depth = sum(Line(other).contains_point(ring[0]) for j, other in enumerate(rings) if j != i)
        x, y = ring[:, 0], ring[:, 1]
        area = float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
        wound = ring if (area > 0) == (depth % 2 == 0) else ring[::-1]
        parts.append(Line(wound, closed=True))
    return Line.make_compound_path(*parts)


def draw_tiles(
    ax: Axes, values: pd.Series[float], texts: Mapping[str, str], colours: ScalarMappable, size: float = 9
) -> None:
    """Every space one square with its code and its value."""
    places = load_tiles()
    for code, value in values.items():
        row, column = places[str(code)]
        known = bool(np.isfinite(value))
        face = colour_of(colours, value) if known else (1.0, 1.0, 1.0, 1.0)
        ax.add_patch(
            Rectangle(
                (column - 0.48, row - 0.48), 0.96, 0.96, facecolor=face, hatch=None if known else "///",
                edgecolor="none" if known else QUIET, linewidth=0.5,
            )
        )  # fmt: skip
        ink = _ink_on(face)
        ax.text(column, row - 0.2, str(code), ha="center", va="center", fontsize=size - 1, color=ink)
        ax.text(
            column, row + 0.18, texts[str(code)], ha="center", va="center", fontsize=size, color=ink,
            fontweight="bold",
        )  # fmt: skip
    ax.set_xlim(-0.6, max(column for _, column in places.values()) + 0.6)
    ax.set_ylim(max(row for row, _ in places.values()) + 0.6, -0.6)
    ax.set_aspect("equal")
    ax.set_axis_off()


def _ink_on(face: Sequence[float]) -> str:
    red, green, blue = face[:3]
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"


def draw_bars(
    ax: Axes,
    values: pd.Series[float],
    names: Mapping[str, str],
    texts: Mapping[str, str],
    colours: ScalarMappable,
) -> None:
    """Spaces as bars in their values' colours, values written at their ends."""
    for row, (code, value) in enumerate(values.items()):
        known = bool(np.isfinite(value))
        width = float(value) if known else 0.0
        ax.barh(row, width, height=0.7, color=colour_of(colours, width), edgecolor=QUIET, linewidth=0.6)
        ax.annotate(
            texts[str(code)], (width, row), xytext=(5 if width >= 0 else -5, 0), textcoords="offset points",
            ha="left" if width >= 0 else "right", va="center", fontsize=12,
        )  # fmt: skip
    ax.set_yticks(range(len(values)), [names[str(code)] for code in values.index], color=INK)
    ax.set_ylim(len(values) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.axvline(0, color=INK, linewidth=1)
