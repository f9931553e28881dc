"""The brief's files: the page, the print, and the table in which each number is looked up."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from igrsim.report.brief.content import HEADINGS, Brief, brief_of
from igrsim.report.brief.drawing import WIDTH
from igrsim.report.brief.sheet import print_brief
from igrsim.report.brief.traced import LONG_NAME, Number, clipped
from igrsim.report.page import environment
from igrsim.results.results import Results

NUMBERS = "brief_numbers.csv"
COLUMNS = ("number", "printed", "table", "rows", "column", "how", "value", "rounding")


def write_brief(
    results: Results, into: Path, arm: str | None = None, metrics: Sequence[str] | None = None
) -> tuple[Path, Path, Brief]:
    """Write ``brief.html``, ``brief.pdf`` and ``brief_numbers.csv``; both pages say the same.

    Parameters
    ----------
    results : Results
    into : Path
        Folder, made if it is not there.
    arm, metrics : optional
        As for `igrsim.report.brief.content.brief_of`.

    Returns
    -------
    page, print : Path
    brief : Brief
    """
    brief = brief_of(results, arm, metrics)
    pdf, scale = print_brief(brief)
    templates = environment()
    templates.filters["clipped"] = lambda name: clipped(str(name), LONG_NAME)
    template = templates.get_template("brief.html.j2")
    page = template.render(brief=brief, headings=HEADINGS, scale=scale, width=WIDTH, is_number=_is_number)
    into.mkdir(parents=True, exist_ok=True)
    html, sheet = into / "brief.html", into / "brief.pdf"
    html.write_text(page, encoding="utf-8", newline="\n")
    sheet.write_bytes(pdf)
    _write_numbers(brief, into / NUMBERS)
    return html, sheet, brief


def _is_number(piece: object) -> bool:
    return isinstance(piece, Number)


def _write_numbers(brief: Brief, file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        for i, one in enumerate(brief.numbers(), start=1):
            # a sign at the front would make a spreadsheet take it for a formula
            printed = f"'{one.text}" if one.text[:1] in "+-=@" else one.text
            writer.writerow([i, printed, one.table, one.where, one.column, one.how, repr(one.value), one.rounding])
