"""A schedule to start from: every district and metro with its date, and sheets for money, specialists and stages."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import InputError, nearest
from igrsim.places.geography import load_geography
from igrsim.regimes.rollout import plan_rollout
from igrsim.regimes.schedule_file import SHEETS, named_schedules
from igrsim.report.workbook import put, save_workbook

START = Clock(date(2019, 4, 1), 600)
"""Dates are counted from the usual first month of a study."""
COLUMNS = ("space", "start", "hub", "name", "province", "kind")
WORDS = (
    ("What this is", "A schedule of roll-out: when each district and metro gets its hub."),
    ("What to do", "Change the dates in the sheet 'schedule', save the file, and run: igrsim rollout compare THIS_FILE.xlsx ddm-2019-plan"),
    ("space", "Code of the district or metro. Leave it as it is. A row that is taken out means: this space gets no hub."),
    ("start", "Day on which the space is due to be taken in, YYYY-MM-DD; its month counts."),
    ("hub", "Spaces with the same word here share one hub. Empty: a hub of its own."),
    ("name, province, kind", "Only so that you know which is which; they are not read."),
    ("Sheet 'money'", "Rand million for hub posts in a financial year (April to March), written 2019/20; the last year's goes on. Empty: no limit."),
    ("Sheet 'specialists'", "From a month on (2019-08), how many people of the country are fit for hub posts; in a row 'trained', how many more a year. Empty: no limit."),
    ("Sheet 'stages'", "Months from a space's start to the end of a stage, as planned: consultation, profile, launch, skills gap, hub staffed, One Plan. Empty: the usual ones."),
)  # fmt: skip


def write_template(file: Path, plan: str) -> None:
    """Write every space with its date in a named schedule, as a spreadsheet or CSV.

    Raises
    ------
    InputError
        An ending that is neither, a file that is there already, an unknown schedule.
    """
    if file.suffix.lower() not in (".xlsx", ".csv"):
        raise InputError(f"'{file.name}' must end in .xlsx or .csv", code="E339")
    if file.exists():
        raise InputError("is there already: name another file", file=str(file), code="E339")
    if not file.resolve().parent.is_dir():
        raise InputError("there is no such folder", file=str(file.parent), code="E339")
    if plan not in named_schedules():
        raise InputError(f"unknown schedule '{plan}'{nearest(plan, named_schedules())}", code="E112")
    rows = schedule_rows(plan)
    if file.suffix.lower() == ".csv":
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows([str(cell) for cell in row] for row in rows)
        return
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "schedule"
    _rows(sheet, COLUMNS, rows)
    for name, columns in SHEETS.items():
        if name != "schedule":
            _rows(book.create_sheet(name), columns, [])
    about = book.create_sheet("read me")
    for line, (what, words) in enumerate(WORDS, start=1):
        put(about, line, 1, what).font = Font(bold=True)
        put(about, line, 2, words)
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 24, 110
    save_workbook(book, file)


def schedule_rows(plan: str) -> list[tuple[str | date, ...]]:
    """Every space with its date in a named schedule, earliest first."""
    country = load_geography()
    spaces = country.spaces
    starts = plan_rollout(plan, country, START, country).start
    provinces = dict(zip(country.provinces.codes, country.provinces.names, strict=True))
    rows: list[tuple[str | date, ...]] = [
        (spaces.codes[i], START.date(month), "", spaces.names[i], provinces[spaces.provinces[i]], spaces.kinds[i])
        for i, month in enumerate(starts)
        if month is not None
    ]
    return sorted(rows, key=lambda row: (str(row[1]), str(row[0])))


def _rows(sheet: Any, columns: tuple[str, ...], rows: list[tuple[str | date, ...]]) -> None:
    for column, name in enumerate(columns, start=1):
        put(sheet, 1, column, name).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = 26 if name == "name" else 16
        for line, row in enumerate(rows, start=2):
            put(sheet, line, column, row[column - 1] or None)
    sheet.freeze_panes = "A2"
