"""Tables as a workbook for somebody who has only a spreadsheet: plain values, no live formula, the same bytes each time."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip file can hold: no file says when it was written."""
_WIDEST = 70


def write_workbook(file: Path, sheets: Mapping[str, tuple[str, pd.DataFrame]]) -> Path:
    """Write tables as sheets: a line that says what each is, a header, rows.

    Parameters
    ----------
    sheets : mapping of str to (str, DataFrame)
        By the sheet's name (up to 31 letters): what it is, in words, and its table.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, (words, table) in sheets.items():
        _fill(book.create_sheet(name), words, table)
    save_workbook(book, file)
    return file


def _fill(sheet: Worksheet, words: str, table: pd.DataFrame) -> None:
    put(sheet, 1, 1, words).alignment = Alignment(wrap_text=False)
    for column, name in enumerate(table.columns, start=1):
        put(sheet, 3, column, str(name)).font = Font(bold=True)
        width = len(str(name))
        for row, value in enumerate(table[name].tolist(), start=4):
            cell = put(sheet, row, column, value)
            width = max(
                width, len(str(cell.value if cell.value is not None else "")) if isinstance(cell.value, str) else 10
            )
        sheet.column_dimensions[get_column_letter(column)].width = min(width + 2, _WIDEST)
    sheet.freeze_panes = "A4"


def put(sheet: Worksheet, row: int, column: int, value: Any) -> Cell:
    """One cell: a number, a yes or no, a date or inert text."""
    cell = sheet.cell(row, column)
    if hasattr(value, "item"):
        value = value.item()
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return cell  # type: ignore[return-value]
    if isinstance(value, bool):
        cell.value = "yes" if value else "no"
    elif isinstance(value, int | float | date | datetime):
        cell.value = value
        cell.number_format = _format(value)
    else:
        text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", str(value))
        # a spreadsheet must not take a cell for a formula
        cell.value = f"'{text}" if text[:1] in ("=", "+", "@", "-") else text
        cell.data_type = "s"
    return cell  # type: ignore[return-value]


def _format(value: int | float | date) -> str:
    if isinstance(value, date):
        return "yyyy-mm-dd"
    if isinstance(value, int):
        return "0"
    return "0.0000" if abs(value) < 1 else "#,##0.00" if abs(value) < 1000 else "#,##0"


def save_workbook(book: Workbook, file: Path) -> None:
    """Save a workbook whose bytes do not depend on when it is written."""
    buffer = io.BytesIO()
    book.properties.creator = "igrsim"
    book.save(buffer)
    with zipfile.ZipFile(buffer) as written, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in sorted(written.namelist()):
            data = written.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*(</dcterms:)", rb"\g<1>2000-01-01T00:00:00Z\g<2>", data)
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            kept.writestr(entry, data)
