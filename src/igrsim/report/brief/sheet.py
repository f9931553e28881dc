"""The brief in print: one A4 sheet, whatever the study; letters shrink before anything is left out."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from fpdf import FPDF

from igrsim.report.brief.content import HEADINGS, Brief
from igrsim.report.brief.drawing import WIDTH, Drawing
from igrsim.report.brief.measures import Measure
from igrsim.report.brief.setting import Run, Setter
from igrsim.report.brief.traced import Line, Piece, text_of
from igrsim.views.typeface import typeface

PAGE = (210.0, 297.0)
MARGIN = 12.0
FULL = PAGE[0] - 2 * MARGIN
GAP = 6.0
RIGHT = FULL - WIDTH - GAP
"""Width of the column beside the map."""
BODY, SMALL = 7.6, 6.3
"""Points."""
LARGEST, SMALLEST, STEP = 1.2, 0.5, 0.02
"""Scales that are tried, the largest first."""
QUIET = "#4a4a4a"
DATE = datetime(2000, 1, 1, tzinfo=UTC)
"""Of the file, fixed: the same study gives the same bytes on any day."""


class OverfullError(RuntimeError):
    """A brief that does not fit one page even in the smallest letters."""


def print_brief(brief: Brief) -> tuple[bytes, float]:
    """Set a brief on one A4 page.

    Returns
    -------
    pdf : bytes
    scale : float
        The largest of letters at which all of it fits.
    """
    # letters a user's title has and the typeface lacks are drawn as boxes; fontTools reports what it leaves out
    for name in ("fpdf", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
    pdf = FPDF(orientation="portrait", unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    for style, file in typeface().items():
        pdf.add_font("DejaVu", style, file)
    pdf.set_title(text_of(brief.title))
    pdf.set_subject(text_of(brief.answer))
    pdf.set_lang("en-ZA")
    pdf.set_creator("igrsim")
    pdf.set_producer("igrsim, fpdf2")
    pdf.creation_date = DATE
    pdf.add_page()
    widths: dict[tuple[str, bool], float] = {}
    scale = _fitting(pdf, brief, widths)
    _Sheet(Setter(pdf, scale, True, widths)).page(brief)
    stream = io.BytesIO()
    pdf.output(stream)
    return stream.getvalue(), scale


def _fitting(pdf: FPDF, brief: Brief, widths: dict[tuple[str, bool], float]) -> float:
    tried = [round(LARGEST - STEP * i, 2) for i in range(round((LARGEST - SMALLEST) / STEP) + 1)]
    for scale in tried:
        if _Sheet(Setter(pdf, scale, False, widths)).page(brief) <= PAGE[1] - MARGIN:
            return scale
    raise OverfullError("a brief does not fit one page")


def runs_of(pieces: Sequence[Piece], bold: bool = False, ink: str = "#1c1c1c") -> list[Run]:
    """A told sentence in one style."""
    return [Run(text_of(pieces), bold, ink)]


class _Sheet:
    """The page, from its head to its foot; every part gives back where it ends."""

    def __init__(self, setter: Setter) -> None:
        self.set, self.s = setter, setter.scale

    def page(self, brief: Brief) -> float:
        """Draw or measure all; gives back the foot's end."""
        y = self._head(brief)
        y = self._measures(brief.measures, y + 1.5 * self.s)
        y = self._scale(brief, y + 2.0 * self.s)
        y = self.set.flow(MARGIN, y + 1.0 * self.s, FULL, runs_of(brief.chosen, ink=QUIET), SMALL) + 1.5 * self.s
        y = self._schedules(brief, y)
        left, right = self._left(brief, y), self._right(brief, y)
        y = max(left, right) + 1.0 * self.s
        foot = self._foot(brief, y, draw=False)
        # what room is left stands above the foot
        return self._foot(brief, y + max(0.0, PAGE[1] - MARGIN - foot), self.set.draw) if self.set.draw else foot

    def _foot(self, brief: Brief, y: float, draw: bool) -> float:
        """How to reproduce, and the line to sign on."""
        foot = self if draw else _Sheet(self.set.unseen())
        y = foot._section(HEADINGS["reproduce"], brief.reproduce, MARGIN, y, FULL, SMALL)
        return foot._sign(brief, y + 1.0, 7.0)

    def _head(self, brief: Brief) -> float:
        y = self.set.flow(MARGIN, MARGIN, FULL, [Run(brief.kicker, True)], BODY)
        y = self.set.flow(MARGIN, y, FULL, runs_of(brief.title, ink=QUIET), 9.0)
        y = self.set.flow(MARGIN, y, FULL, runs_of(brief.setting, ink=QUIET), SMALL) + 1.0 * self.s
        for line in brief.warnings:
            top = y
            y = self._line(line, MARGIN + 2, y + 1.2, FULL - 4, BODY) + 1.2
            self._box(MARGIN, top, FULL, y - top, line="#1c1c1c", thick=0.6)
            y += 2.0
        self._rule(y, 0.8)
        return self.set.flow(MARGIN, y + 1.8 * self.s, FULL, runs_of(brief.answer, bold=True), 13.0)

    def _measures(self, measures: Sequence[Measure], y: float) -> float:
        count = len(measures)
        room = (FULL - 3.0 * (count - 1)) / count
        lefts = [MARGIN + i * (room + 3.0) for i in range(count)]
        quiet = _Sheet(self.set.unseen())
        # numbers, and words of the scale, stand each on one line across the boxes
        under = max(quiet._called(one, 0.0, y + 1.5, room - 4.0) for one in measures)
        words = max(quiet._measure(one, 0.0, under, room - 4.0) for one in measures) + 0.8 * self.s
        bottom = max(quiet._judged(one, 0.0, words, room - 4.0) for one in measures) + 1.5
        for one, left in zip(measures, lefts, strict=True):
            self._called(one, left + 2.0, y + 1.5, room - 4.0)
            self._measure(one, left + 2.0, under, room - 4.0)
            self._judged(one, left + 2.0, words, room - 4.0)
            self._box(left, y, room, bottom - y, line="#1c1c1c", thick=0.3)
        return bottom

    def _judged(self, one: Measure, x: float, y: float, width: float) -> float:
        return self.set.flow(x, y, width, [Run(one.judged.step.mark + " "), Run(one.judged.words, True)], BODY)

    def _called(self, one: Measure, x: float, y: float, width: float) -> float:
        return self.set.flow(x, y, width, [Run(one.called[:1].upper() + one.called[1:], True)], BODY)

    def _measure(self, one: Measure, x: float, y: float, width: float) -> float:
        y = self.set.flow(x, y + 0.6 * self.s, width, runs_of(one.difference, bold=True), 15.0)
        y = self.set.flow(x, y - 0.5 * self.s, width, runs_of(one.unit, ink=QUIET), SMALL)
        y = self.set.flow(x, y, width, runs_of(one.levels), SMALL)
        return self.set.flow(x, y, width, runs_of(one.interval), SMALL)

    def _scale(self, brief: Brief, y: float) -> float:
        y = self.set.flow(MARGIN, y, FULL, [Run(HEADINGS["scale"], True), *runs_of(brief.interval)], SMALL)
        room = (FULL - GAP) / 2
        half = (len(brief.scale) + 1) // 2
        ends = []
        for column, steps in enumerate((brief.scale[:half], brief.scale[half:])):
            down = y
            for mark, words, means in steps:
                runs = [Run(f"{mark} "), Run(f"{words}: ", True), Run(means)]
                down = self.set.flow(MARGIN + column * (room + GAP), down, room, runs, SMALL)
            ends.append(down)
        return max(ends)

    def _schedules(self, brief: Brief, y: float) -> float:
        """A row a schedule, a column a measure."""
        found = brief.schedules
        if found is None:
            return y
        y = self.set.flow(MARGIN, self._bar(MARGIN, y, FULL), FULL, [Run(HEADINGS["schedules"], True)], 9.0)
        y = self.set.flow(MARGIN, y, FULL, runs_of(brief.beside), BODY) + 1.0 * self.s
        first = 36.0
        room = (FULL - first) / len(found.heads)
        lefts = [MARGIN + first + i * room for i in range(len(found.heads))]
        y = max(
            self.set.flow(x, y, room - 2.0, runs_of(head, ink=QUIET), SMALL)
            for x, head in zip(lefts, found.heads, strict=True)
        )
        for row in found.rows:
            ends = [self.set.flow(MARGIN, y, first - 2.0, [Run(row.arm.text, True)], SMALL)]
            for x, (number, judged) in zip(lefts, row.cells, strict=True):
                shown = runs_of([number], bold=True) if number else []
                ends.append(
                    self.set.flow(x, y, room - 2.0, [*shown, Run(f" {judged.step.mark} {judged.words}")], SMALL)
                )
            y = max(ends) + 0.4 * self.s
        return self.set.flow(MARGIN, y + 0.5 * self.s, FULL, runs_of(found.note, ink=QUIET), SMALL) + 1.5 * self.s

    def _left(self, brief: Brief, y: float) -> float:
        y = self.set.flow(MARGIN, self._bar(MARGIN, y, WIDTH), WIDTH, runs_of(brief.map.title, bold=True), 9.0)
        if brief.map.drawing:
            y += 1.0
            if self.set.draw:
                self._drawing(brief.map.drawing, MARGIN, y)
            y += brief.map.drawing.height
        y = self.set.flow(MARGIN, y + 0.5, WIDTH, runs_of(brief.map.note, ink=QUIET), SMALL) + 1.5 * self.s
        return self._section(HEADINGS["evidence"], brief.evidence, MARGIN, y, WIDTH, BODY)

    def _right(self, brief: Brief, y: float) -> float:
        x = MARGIN + WIDTH + GAP
        y = self._section(HEADINGS["losing"], brief.losing, x, y, RIGHT, BODY)
        return self._section(HEADINGS["changing"], brief.changing, x, y, RIGHT, BODY)

    def _section(self, heading: str, lines: Sequence[Line], x: float, y: float, width: float, size: float) -> float:
        y = self.set.flow(x, self._bar(x, y, width), width, [Run(heading, True)], 9.0)
        for line in lines:
            y = self._line(line, x, y + 0.5 * self.s, width, size)
        return y + 1.5 * self.s

    def _line(self, line: Line, x: float, y: float, width: float, size: float) -> float:
        return self.set.flow(x, y, width, [Run(f"{line.lead}: ", True), *runs_of(line.said)], size)

    def _sign(self, brief: Brief, y: float, height: float) -> float:
        if self.set.draw:
            first, *rest = brief.sign
            points = BODY
            self.set.word(MARGIN, y + height - 1.0, first, points, True, "#1c1c1c")
            x = MARGIN + 40.0
            room = (FULL - 40.0) / len(rest)
            for label in rest:
                taken = self.set.width_of(label, points, False)
                self.set.word(x, y + height - 1.0, label, points, False, "#1c1c1c")
                self._stroke(x + taken + 1.5, y + height - 0.8, x + room - 3.0, 0.2)
                x += room
        return y + height

    def _drawing(self, drawing: Drawing, x: float, y: float) -> None:
        for box in drawing.boxes:
            self._box(x + box.x, y + box.y, box.width, box.height, box.fill, box.line, 0.2, box.dashed)
        for word in drawing.words:
            text = text_of([word.piece])
            taken = self.set.width_of(text, word.size, word.bold)
            left = x + word.x - {"start": 0.0, "middle": taken / 2, "end": taken}[word.anchor]
            self.set.word(left, y + word.y, text, word.size, word.bold, word.ink)

    def _bar(self, x: float, y: float, width: float) -> float:
        if self.set.draw:
            self._stroke(x, y, x + width, 0.4)
        return y + 1.0 * self.s

    def _rule(self, y: float, thick: float) -> None:
        if self.set.draw:
            self._stroke(MARGIN, y, MARGIN + FULL, thick)

    def _stroke(self, x: float, y: float, to: float, thick: float) -> None:
        self.set.pdf.set_draw_color("#1c1c1c")
        self.set.pdf.set_line_width(thick)
        self.set.pdf.line(x, y, to, y)

    def _box(
        self, x: float, y: float, width: float, height: float, fill: str | None = None, line: str = "#555555",
        thick: float = 0.2, dashed: bool = False,
    ) -> None:  # fmt: skip
        if not self.set.draw:
            return
        pdf = self.set.pdf
        pdf.set_draw_color(line)
        pdf.set_line_width(thick)
        if fill:
            pdf.set_fill_color(fill)
        if dashed:
            pdf.set_dash_pattern(0.6, 0.5)
        pdf.rect(x, y, width, height, style="DF" if fill else "D")
        if dashed:
            pdf.set_dash_pattern()
