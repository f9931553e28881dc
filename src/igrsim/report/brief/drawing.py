"""The brief's map: differences by space as tiles, or as rows where spaces are few; drawn once, for the page and for print.

Worse is dark and better is light, every tile bears its sign and number: nothing hangs on colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from igrsim.report.brief.losing import PAIRED
from igrsim.report.brief.measures import Measure
from igrsim.report.brief.scale import OPEN, UNJUDGED, on_scale
from igrsim.report.brief.traced import Name, Number, Piece, Table, Told, told
from igrsim.results.results import Results
from igrsim.views.losses import spaces_compared
from igrsim.views.map_drawing import as_bars
from igrsim.views.numbers import difference_unit
from igrsim.views.tiles import load_tiles

WIDTH = 88.0
"""Millimetres."""
_ROW = 4.6
_POINT = 0.3528
"""Millimetres in a point."""
_WIDE = 0.72
"""Width of a bold figure against its size."""


@dataclass(frozen=True)
class Box:
    """A rectangle, in millimetres from the drawing's upper left."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    line: str = "#555555"
    dashed: bool = False


@dataclass(frozen=True)
class Word:
    """A word or number; `y` is its baseline."""

    x: float
    y: float
    piece: Piece
    size: float
    ink: str = "#1c1c1c"
    bold: bool = False
    anchor: str = "start"


@dataclass(frozen=True)
class Drawing:
    """What is drawn, in order."""

    height: float
    boxes: tuple[Box, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Map:
    """The map with what is written above and below it; no drawing where there is nothing to draw."""

    title: Told
    drawing: Drawing | None
    note: Told


DARK, LIGHT, WHITE = "#7a3b12", "#bcdcf2", "#ffffff"
_INK = {DARK: "#ffffff", LIGHT: "#1c1c1c", WHITE: "#1c1c1c"}


@dataclass(frozen=True)
class _Space:
    code: str
    name: str
    number: Piece
    fill: str
    dashed: bool
    difference: float


def map_of(results: Results, measures: Sequence[Measure], arm: str) -> Map:
    """The map of the first measure that is defined by space, whatever it shows."""
    for measure in measures:
        spaces = _spaces(results, measure, arm)
        if not any(math.isfinite(space.difference) for space in spaces):
            continue
        title = told("Where: ", Name(measure.called))
        if all(space.difference == 0 for space in spaces if math.isfinite(space.difference)):
            count = Table("spaces.parquet", {"arm": arm}).count(len(spaces), measure.metric.name, "spaces of the study")
            return Map(
                title, None, told("Exactly the same in every space (", count, "): there is no difference to map.")
            )
        few = as_bars([space.code for space in spaces])
        dark, light = ("worse", "better") if measure.metric.better != "neither" else ("higher", "lower")
        drawing = _rows(spaces, dark, light) if few else _tiles(spaces, dark, light)
        note = told(
            "Arm less reference, mean over pairs of runs, ", Name(difference_unit(measure.metric.unit)),
            "." if len(spaces) == 1 else ". Each space is judged by itself: among many, chance mislabels some.",
        )  # fmt: skip
        return Map(title, drawing, note)
    return Map(told("Where"), None, told("None of these measures is defined by space: there is no map."))


def _spaces(results: Results, measure: Measure, arm: str) -> list[_Space]:
    found = spaces_compared(results, measure.metric.name, arm)
    rows = {str(row["space"]): row for row in found.to_dict("records")}
    table = Table("spaces.parquet", {"arm": arm})
    spaces = []
    for space in results.manifest["spaces"]:
        code, name = str(space["code"]), str(space["name"])
        row = rows.get(code)
        difference = float(row["difference"]) if row else math.nan
        if row is None or not math.isfinite(difference):
            spaces.append(_Space(code, name, "–", WHITE, True, math.nan))
            continue
        judged = on_scale(str(row["verdict"]))
        number: Number = table.change(difference, measure.metric.unit, measure.metric.name, PAIRED, 2, space=code)
        fill = {"worse": DARK, "higher": DARK, "better": LIGHT, "lower": LIGHT}.get(judged.side, WHITE)
        spaces.append(_Space(code, name, number, fill, judged.step in (OPEN, UNJUDGED), difference))
    return spaces


def _text(piece: Piece) -> str:
    return piece if isinstance(piece, str) else piece.text


def _tiles(spaces: Sequence[_Space], dark: str, light: str) -> Drawing:
    places = load_tiles()
    across = max(column for _, column in places.values()) + 1
    down = max(row for row, _ in places.values()) + 1
    wide, high = WIDTH / across, 6.7
    longest = max(len(_text(space.number)) for space in spaces)
    size = min(6.2, (wide - 1.1) / (longest * _WIDE * _POINT))
    boxes, words = [], []
    for space in spaces:
        row, column = places[space.code]
        x, y = column * wide, row * high
        ink = _INK[space.fill]
        boxes.append(Box(x + 0.2, y + 0.2, wide - 0.4, high - 0.4, space.fill, dashed=space.dashed))
        words.append(Word(x + wide / 2, y + 2.6, Name(space.code), 5.0, ink, anchor="middle"))
        words.append(Word(x + wide / 2, y + 5.5, space.number, size, ink, bold=True, anchor="middle"))
    # the country's north-west is sea and neighbours: room for the legend
    legend = _legend(0.2, 1.0, dark, light)
    return Drawing(down * high, (*boxes, *legend[0]), (*words, *legend[1]))


def _rows(spaces: Sequence[_Space], dark: str, light: str) -> Drawing:
    boxes, words = [], []
    reach = max(abs(space.difference) for space in spaces if math.isfinite(space.difference))
    middle, room = 58.0, 15.0
    for i, space in enumerate(spaces):
        y = i * _ROW
        words.append(Word(0.0, y + 3.2, Name(_clipped(space.name, 22)), 7.0))
        known = math.isfinite(space.difference)
        length = room * space.difference / reach if known else 0.0
        if length:
            boxes.append(Box(min(middle, middle + length), y + 0.7, abs(length), _ROW - 1.4, space.fill, dashed=space.dashed))  # fmt: skip
        right = length >= 0
        words.append(
            Word(middle + length + (1 if right else -1), y + 3.2, space.number, 7.0, bold=True, anchor="start" if right else "end")
        )  # fmt: skip
    down = len(spaces) * _ROW
    boxes.append(Box(middle - 0.1, 0.0, 0.2, down, "#1c1c1c", "#1c1c1c"))
    legend = _legend(0.2, down + 1.5, dark, light, across=True)
    return Drawing(down + 9.0, (*boxes, *legend[0]), (*words, *legend[1]))


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _legend(x: float, y: float, dark: str, light: str, across: bool = False) -> tuple[list[Box], list[Word]]:
    keys = ((DARK, f"{dark}, surely or probably", False), (LIGHT, f"{light}, surely or probably", False), (WHITE, "cannot tell", True), (WHITE, "no difference that matters", False))  # fmt: skip
    steps = ((0.0, 0.0), (44.0, 0.0), (0.0, 3.6), (44.0, 3.6))
    boxes, words = [], []
    for i, (fill, said, dashed) in enumerate(keys):
        left, top = (x + steps[i][0], y + steps[i][1]) if across else (x, y + i * 4.0)
        boxes.append(Box(left, top, 3.2, 2.6, fill, dashed=dashed))
        words.append(Word(left + 4.2, top + 2.2, said, 5.8))
    return boxes, words
