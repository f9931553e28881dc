"""A table of the user's own: its text and its rows, or one line that says why it cannot be read."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from igrsim.kernel.errors import InputError, nearest

LARGEST_FILE_BYTES = 20_000_000


def read_text(file: Path) -> str:
    """The text of a user's file, or one line that says why it cannot be read."""
    place = str(file)
    if not file.exists():
        raise InputError("there is no such file", file=place, code="E120")
    if not file.is_file():
        raise InputError("this is a folder, a file is needed", file=place, code="E120")
    if file.stat().st_size > LARGEST_FILE_BYTES:
        raise InputError(f"the file is larger than {LARGEST_FILE_BYTES // 1_000_000} MB", file=place, code="E120")
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("the file is not UTF-8 text: save it as UTF-8", file=place, code="E120") from None
    except OSError as fault:
        raise InputError(f"the file cannot be read ({fault.strerror})", file=place, code="E120") from None
    if "\0" in text:
        raise InputError("the file holds zero bytes: save it as UTF-8 text", file=place, code="E120")
    if not text.strip():
        raise InputError("the file is empty", file=place, code="E120")
    return text


def read_rows(
    file: Path,
    columns: tuple[str, ...],
    optional: tuple[str, ...] = (),
    code: str = "E121",
    notes: bool = False,
    semicolons: bool = False,
) -> tuple[list[dict[str, str]], list[int]]:
    """Rows of a user's CSV and the line each ends on; the first fault is an error of this `code`.

    Parameters
    ----------
    columns, optional : tuple of str
        Columns that may stand in it, and those of them that may be left out.
    notes : bool
        Whether columns of notes may stand beside them, and names be written in capitals.
    semicolons : bool
        Whether semicolons may divide columns, as spreadsheets write them where a comma is the decimal sign.
    """
    place = str(file)
    text = read_text(file)
    head = text.partition("\n")[0]
    mark = ";" if semicolons and ";" in head and "," not in head else ","
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=mark)
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    try:
        header = [name.strip().lower() if notes else name.strip() for name in next(reader)]
        for mark, name in ((";", "semicolons"), ("\t", "tabs")):
            if len(header) == 1 and mark in header[0]:
                raise InputError(f"columns are divided by {name}: commas are needed", file=place, line=1, code=code)
        for name in columns:
            if name not in header and name not in optional:
                raise InputError(
                    f"column '{name}' is missing{nearest(name, set(header) - set(columns))}",
                    file=place,
                    line=1,
                    code=code,
                )
        for name in header:
            if header.count(name) > 1 and (name or not notes):
                raise InputError(f"column '{name}' stands twice", file=place, line=1, code=code)
            if name not in columns and not notes:
                raise InputError(f"unknown column '{name}'{nearest(name, columns)}", file=place, line=1, code=code)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise InputError(
                    f"{len(cells)} cells where the header has {len(header)} (a decimal comma?)",
                    file=place,
                    line=reader.line_num,
                    code=code,
                )
            rows.append({name: cell.strip() for name, cell in zip(header, cells, strict=True)})
            lines.append(reader.line_num)
    except csv.Error as fault:
        raise InputError(f"not a CSV table ({fault})", file=place, line=reader.line_num, code=code) from None
    if not rows:
        raise InputError("the table has no rows", file=place, code=code)
    return rows, lines
