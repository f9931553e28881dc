"""What a search found, for a spreadsheet: a workbook of its tables, and each schedule ready to be edited and run."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font

from igrsim.report.workbook import put, save_workbook, write_workbook
from igrsim.runs.rollout_search.files import write_csv
from igrsim.runs.rollout_search.search import Search
from igrsim.runs.rollout_search.tables import Found, schedules
from igrsim.runs.tables import slug

BOOK = "rollout_search.xlsx"
WORDS = {
    "frontier": "every schedule that was run in all training futures; means in training and in futures held out",
    "held_out": "one schedule less another in the same futures, objective by objective, with 95 per cent intervals",
    "order": "what a hub brings in each space, its place in the greedy order, and when it starts in each schedule",
    "forecast": "what the sum over spaces said of schedules before they were run, and what came of them",
    "late": "what a later start of all hubs leaves of benefit and cost",
    "waiting": "people below the poverty line who wait longer under one schedule than under the other",
    "hypervolume": "how much of the box between best and worst the named schedules reach, and how much those found add",
}
WIDTHS = {"A": 10, "B": 13, "C": 28, "D": 14}


def write_books(found: Search, tables: Found, folder: Path) -> list[Path]:
    """Write ``rollout_search.xlsx``, and every schedule as ``schedules/NAME.xlsx`` and ``.csv``.

    Returns
    -------
    list of Path
        The schedules' workbooks.
    """
    into = folder / "schedules"
    into.mkdir(parents=True, exist_ok=True)
    write_workbook(
        folder / BOOK, {part.name: (WORDS[part.name], getattr(tables, part.name)) for part in fields(tables)}
    )
    made = []
    for name, table in schedules(found).items():
        file = into / f"{slug(name)}.xlsx"
        write_csv(file.with_suffix(".csv"), table.assign(start=[day.isoformat() for day in table["start"]]))
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.title = "schedule"
        for column, head in enumerate(table.columns, start=1):
            put(sheet, 1, column, head).font = Font(bold=True)
            for row, value in enumerate(table[head].tolist(), start=2):
                put(sheet, row, column, value)
        for column, width in WIDTHS.items():
            sheet.column_dimensions[column].width = width
        sheet.freeze_panes = "A2"
        save_workbook(book, file)
        made.append(file)
    return made
