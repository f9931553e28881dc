"""Text set in lines on a sheet, measured before it is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fpdf import FPDF

POINT = 25.4 / 72
"""Millimetres."""
LEADING = 1.28
"""Distance of lines against the size of letters."""

_MEASURED = 10.0
"""Points at which a width is measured; it grows with them."""


@dataclass(frozen=True)
class Run:
    """Words in one style."""

    text: str
    bold: bool = False
    ink: str = "#1c1c1c"


@dataclass(frozen=True)
class _Part:
    text: str
    run: Run
    width: float


class Setter:
    """Sets text at a scale; with `draw` off it only says how much room it takes.

    Parameters
    ----------
    pdf : FPDF
    scale : float
        Of every letter and distance.
    draw : bool
    widths : dict, optional
        Widths measured before, shared by all who set on this sheet.
    """

    def __init__(
        self, pdf: FPDF, scale: float, draw: bool, widths: dict[tuple[str, bool], float] | None = None
    ) -> None:
        self.pdf, self.scale, self.draw = pdf, scale, draw
        self.widths = {} if widths is None else widths

    def unseen(self) -> Setter:
        """The same, drawing nothing."""
        return Setter(self.pdf, self.scale, False, self.widths)

    def flow(self, x: float, y: float, width: float, runs: Iterable[Run], size: float, anchor: str = "start") -> float:
        """Set runs as one paragraph; gives back where it ends.

        Parameters
        ----------
        x, y, width : float
            Upper left and width, millimetres.
        size : float
            Of letters, in points, before scaling.
        """
        points = size * self.scale
        step = points * POINT * LEADING
        for line in self._lines(list(runs), width, points):
            if self.draw:
                self._line(x, y + points * POINT * 0.98, width, line, points, anchor)
            y += step
        return y

    def _line(self, x: float, baseline: float, width: float, line: Sequence[_Part], points: float, anchor: str) -> None:
        total = sum(part.width for part in line)
        x += {"start": 0.0, "middle": (width - total) / 2, "end": width - total}[anchor]
        # parts of one style together, so that whoever copies the text gets its words
        i = 0
        while i < len(line):
            j = i
            while j < len(line) and line[j].run is line[i].run:
                j += 1
            self.word(x, baseline, "".join(part.text for part in line[i:j]), points, line[i].run.bold, line[i].run.ink)
            x += sum(part.width for part in line[i:j])
            i = j

    def word(self, x: float, baseline: float, text: str, points: float, bold: bool, ink: str) -> None:
        """Draw a text at a place, as it is."""
        self.pdf.set_font("DejaVu", "B" if bold else "", points)
        self.pdf.set_text_color(ink)
        self.pdf.text(x, baseline, text)

    def width_of(self, text: str, points: float, bold: bool) -> float:
        """Millimetres a text takes."""
        if (text, bold) not in self.widths:
            self.pdf.set_font("DejaVu", "B" if bold else "", _MEASURED)
            self.widths[text, bold] = float(self.pdf.get_string_width(text)) / _MEASURED
        return self.widths[text, bold] * points

    def _lines(self, runs: Sequence[Run], width: float, points: float) -> list[list[_Part]]:
        lines: list[list[_Part]] = [[]]
        used = 0.0
        for word in self._words(runs, width, points):
            room = sum(part.width for part in word)
            bare = room - (word[-1].width if word[-1].text == " " else 0.0)
            if lines[-1] and used + bare > width:
                lines.append([])
                used = 0.0
            lines[-1].extend(word)
            used += room
        return lines

    def _words(self, runs: Sequence[Run], width: float, points: float) -> list[list[_Part]]:
        """Words with the space behind them; one of several styles stays together, one wider than a line is cut."""
        words: list[list[_Part]] = [[]]
        for run in runs:
            for text in re.findall(r" |[^ ]+", run.text):
                for piece in self._cut(text, width, points, run.bold):
                    if piece.text != " " and sum(p.width for p in words[-1]) + piece.width > width:
                        words.append([])
                    words[-1].append(_Part(piece.text, run, piece.width))
                if text == " ":
                    words.append([])
        return [word for word in words if word]

    def _cut(self, text: str, width: float, points: float, bold: bool) -> list[_Part]:
        known = Run(text, bold)
        whole = self.width_of(text, points, bold)
        if whole <= width:
            return [_Part(text, known, whole)]
        parts, start = [], 0
        for end in range(1, len(text) + 1):
            if end > start + 1 and self.width_of(text[start:end], points, bold) > width:
                parts.append(text[start : end - 1])
                start = end - 1
        parts.append(text[start:])
        return [_Part(part, known, self.width_of(part, points, bold)) for part in parts]
