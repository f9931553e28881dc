"""Tables of a search as files for people who have only a spreadsheet: the same bytes each time, no cell a live formula."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

WRITTEN = datetime.datetime(2019, 8, 21)
"""The date that workbooks say they were written on: today's would make every one different."""
LIVE = ("=", "+", "-", "@", "\t", "\r")


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(LIVE) else value


def write_csv(file: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV."""
    table = table.rename(columns=safe)
    for name in table.columns:
        if not pd.api.types.is_numeric_dtype(table[name]) and not pd.api.types.is_bool_dtype(table[name]):
            table[name] = table[name].map(safe)
    table.to_csv(file, index=False, lineterminator="\n", encoding="utf-8")


def write_workbook(file: Path, sheets: Mapping[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]) -> None:
    """Write a workbook: a sheet a table, its head bold and frozen, dates as text so that none is turned round.

    Parameters
    ----------
    sheets : mapping of str to (columns, rows)
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.created = book.properties.modified = WRITTEN
    book.properties.creator = "igrsim"
    for title, (columns, rows) in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append(list(columns))
        for row in rows:
            sheet.append([safe(value) for value in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        for number, name in enumerate(columns):
            widest = max([len(str(name)), *(len(str(row[number])) for row in rows)])
            sheet.column_dimensions[chr(ord("A") + number)].width = min(widest + 3, 60)
    raw = io.BytesIO()
    book.save(raw)
    file.write_bytes(_timeless(raw.getvalue()))


def _timeless(content: bytes) -> bytes:
    """The same archive with its entries' times, and the time of writing, taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            data = old.read(name)
            if name == "docProps/core.xml":
                # the library writes the present moment whatever it is told
                stamp = WRITTEN.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                begin = data.index(b"<dcterms:modified")
                begin = data.index(b">", begin) + 1
                data = data[:begin] + stamp + data[data.index(b"<", begin) :]
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
