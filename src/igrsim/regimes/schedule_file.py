"""A schedule from a file: TOML with waves, a table of spaces as CSV, or a workbook."""

from __future__ import annotations

import datetime
import io
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import IO, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from igrsim.kernel.errors import InputError, nearest
from igrsim.places.geography import Geography
from igrsim.places.user_table import LARGEST_FILE_BYTES, read_rows, read_text
from igrsim.regimes.limits import day_of, read_amount, read_limits
from igrsim.regimes.schedule import STAGES, USUAL_STAGES, Schedule, Wave

Row = dict[str, str]
FILES = (".csv", ".xlsx", ".toml")
SHEETS = {
    "schedule": ("space", "start", "hub"),
    "money": ("year", "rand_million"),
    "specialists": ("from", "specialists"),
    "stages": ("stage", "months"),
}
"""Sheets of a workbook and their columns; the first is needed, the others may be left out or empty."""
LARGEST_UNPACKED_BYTES = 100_000_000
Amount = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=1000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WavePart(_Part):
    """A wave: when, and who."""

    date: datetime.date | None = None
    after: Annotated[int, Field(ge=0, le=600)] | None = None
    spaces: tuple[str, ...] = ()
    districts: Count = 0
    metros: Count = 0
    several: Count = 0
    provinces: Count = 0
    every: Annotated[int, Field(ge=0, le=120)] = 0


class SchedulePart(_Part):
    """A schedule as its author writes it."""

    title: Annotated[str, Field(max_length=200)] = ""
    source: Annotated[str, Field(max_length=200)] = ""
    order: Literal["poorest", "strongest", "by lot", "province", "neighbours"] = "poorest"
    lot: int = 1
    wave: Annotated[tuple[WavePart, ...], Field(min_length=1, max_length=600)]
    stages: Mapping[str, Amount] = {}
    money: Any = None
    specialists: Any = None
    shared_hubs: tuple[Annotated[tuple[str, ...], Field(min_length=2)], ...] = ()


@cache
def named_schedules() -> dict[str, Schedule]:
    """The schedules that have a name."""
    folder = resources.files("igrsim.regimes") / "schedules"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    texts = {file.name.removesuffix(".toml"): file.read_text(encoding="utf-8") for file in files}
    return {name: _from_toml(text, name, None) for name, text in texts.items()}


def read_schedule(file: Path, country: Geography) -> Schedule:
    """A user's schedule, checked row by row.

    Raises
    ------
    InputError
        A missing column, an unknown or repeated space, a date that is none.
    """
    kind = file.suffix.lower()
    if kind == ".toml":
        schedule = _from_toml(read_text(file), file.stem, str(file))
        for named in (*(wave.spaces for wave in schedule.waves), *schedule.shared):
            for code in named:
                _known(code, country, str(file), None)
        return schedule
    if kind == ".xlsx":
        sheets = _workbook(file)
        return _from_rows(file, country, sheets["schedule"], sheets)
    rows, lines = read_rows(file, SHEETS["schedule"], optional=("hub",), code="E113", notes=True, semicolons=True)
    return _from_rows(file, country, list(zip(lines, rows, strict=True)), {})


def _from_toml(text: str, name: str, file: str | None) -> Schedule:
    try:
        part = SchedulePart.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise InputError(str(fault), file=file, code="E404") from None
    except ValidationError as fault:
        raise _worded(fault, file) from None
    waves = []
    for number, wave in enumerate(part.wave, 1):
        if (wave.date is None) == (wave.after is None):
            raise InputError(f"wave {number}: give either a date or the months after the start", file=file, code="E404")
        if not (wave.spaces or wave.districts or wave.metros or wave.several or wave.provinces):
            raise InputError(f"wave {number}: nobody joins", file=file, code="E404")
        if wave.date is not None:
            day_of(wave.date.isoformat(), file or "", None)
        fields = {k: getattr(wave, k) for k in ("spaces", "districts", "metros", "several", "provinces", "every")}
        waves.append(Wave(day=wave.date, after=wave.after or 0, **fields))
    return Schedule(
        name,
        part.title or name,
        part.source,
        tuple(waves),
        part.order,
        part.lot,
        _stages(part.stages, file, {}),
        read_limits(part.money, part.specialists, file or ""),
        part.shared_hubs,
    )


def _worded(fault: ValidationError, file: str | None) -> InputError:
    """The first fault of a schedule in one line, with its key and the nearest right one."""
    first = fault.errors()[0]
    where = ".".join(str(k + 1 if isinstance(k, int) else k) for k in first["loc"])
    hint = ""
    if first["type"] == "extra_forbidden":
        known = WavePart if first["loc"][0] == "wave" else SchedulePart
        return InputError(
            f"unknown key '{where}'{nearest(str(first['loc'][-1]), known.model_fields)}", file=file, code="E404"
        )
    return InputError(f"{where}: {first['msg'].lower()}{hint}", file=file, code="E404")


def _stages(given: Mapping[str, Any], file: str | None, lines: Mapping[str, int]) -> dict[str, float]:
    """Planned months of stages, in their order; the usual ones where none are given."""
    for stage in given:
        if stage not in STAGES:
            raise InputError(
                f"unknown stage '{stage}'{nearest(stage, STAGES)}", file=file, line=lines.get(stage), code="E406"
            )
    if not given:
        return USUAL_STAGES
    found = {stage: read_amount(given[stage], f"stage '{stage}'", file or "") for stage in STAGES if stage in given}
    # posts are filled beside the other stages; all the others follow one another
    steps = [(stage, months) for stage, months in found.items() if stage != "hub staffed"]
    for (before, early), (after, late) in pairwise(steps):
        if late < early:
            words = f"stage '{after}' is planned for month {late:g}, before '{before}' in month {early:g}"
            raise InputError(words, file=file, line=lines.get(after), code="E406")
    return found


def _from_rows(
    file: Path, country: Geography, rows: Iterable[tuple[int, Row]], sheets: Mapping[str, list[tuple[int, Row]]]
) -> Schedule:
    """A schedule from rows of spaces; a space without a start never joins."""
    place, seen = str(file), set()
    waves: list[Wave] = []
    hubs: dict[str, list[str]] = {}
    for line, row in rows:
        code = row["space"]
        _known(code, country, place, line)
        if code in seen:
            raise InputError(f"space '{code}' stands twice", file=place, line=line, code="E115")
        seen.add(code)
        if not row["start"]:
            continue
        waves.append(Wave(day=day_of(row["start"], place, line), spaces=(code,)))
        if row.get("hub"):
            hubs.setdefault(row["hub"].casefold(), []).append(code)
    if not waves:
        raise InputError("no space starts: give at least one a start", file=place, code="E113")
    stages = _once(sheets.get("stages", ()), "stage", "months", place) or {}
    lines = {row["stage"]: line for line, row in sheets.get("stages", ())}
    return Schedule(
        file.stem,
        file.stem,
        "",
        tuple(waves),
        stages=_stages(stages, place, lines),
        limits=read_limits(
            _once(sheets.get("money", ()), "year", "rand_million", place),
            _once(sheets.get("specialists", ()), "from", "specialists", place),
            place,
        ),
        shared=tuple(tuple(group) for group in hubs.values() if len(group) > 1),
        whole=False,
    )


def _once(rows: Sequence[tuple[int, Row]], key: str, value: str, place: str) -> dict[str, str] | None:
    """A sheet of two columns as a table; none if it is empty."""
    found: dict[str, str] = {}
    for line, row in rows:
        if row[key] in found:
            raise InputError(f"{key} '{row[key]}' stands twice", file=place, line=line, code="E405")
        found[row[key]] = row[value]
    return found or None


def _known(code: str, country: Geography, place: str, line: int | None) -> None:
    if code not in country.spaces.index:
        hint = nearest(code, country.spaces.codes)
        raise InputError(f"unknown space '{code}'{hint}", file=place, line=line, code="E114")


def _workbook(file: Path) -> dict[str, list[tuple[int, Row]]]:
    """The sheets of a workbook as rows of text with their numbers."""
    from xml.etree.ElementTree import ParseError
    from zipfile import BadZipFile, ZipFile

    from openpyxl import load_workbook

    place = str(file)
    if not file.is_file():
        raise InputError("there is no such file", file=place, code="E120")
    if file.stat().st_size > LARGEST_FILE_BYTES:
        raise InputError(f"the file is larger than {LARGEST_FILE_BYTES // 1_000_000} MB", file=place, code="E120")
    try:
        whole = io.BytesIO(file.read_bytes())
        with ZipFile(whole) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED_BYTES:
                words = (
                    f"the workbook holds more than {LARGEST_UNPACKED_BYTES // 1_000_000} MB: keep its schedule alone"
                )
                raise InputError(words, file=place, code="E120")
            book = load_workbook(whole, read_only=True, data_only=True)
            try:
                by_name = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
                if "schedule" not in by_name:
                    words = f"sheet 'schedule' is missing{nearest('schedule', by_name)}"
                    raise InputError(words, file=place, code="E113")
                found = {}
                for name, columns in SHEETS.items():
                    if name in by_name:
                        # where the sheet lies in the file is known to the reader alone
                        with packed.open(vars(by_name[name])["_worksheet_path"]) as stream:
                            odd = _odd_cells(stream)
                        rows = by_name[name].iter_rows(values_only=True)
                        found[name] = _sheet(rows, columns, f"{place} ({name})", odd)
                return found
            finally:
                book.close()
    except InputError:
        raise
    except PermissionError:
        raise InputError("the file cannot be read: close it in the spreadsheet", file=place, code="E120") from None
    except (BadZipFile, KeyError, ValueError, OSError, EOFError, ParseError):
        raise InputError("the file is no workbook: save it as .xlsx", file=place, code="E120") from None


def _odd_cells(stream: IO[bytes]) -> list[tuple[str, tuple[int, int, int, int]]]:
    """Cells whose value a reader would miss: merged ones, and formulas whose result was not saved.

    Returns
    -------
    list of (str, (int, int, int, int))
        What is wrong, and first column, first row, last column, last row.
    """
    from xml.etree.ElementTree import iterparse

    found: list[tuple[str, tuple[int, int, int, int]]] = []
    for _, node in iterparse(stream):
        tag = node.tag.rpartition("}")[2]
        if tag == "mergeCell":
            found.append(("is merged: divide it, so that every row has its own", _bounds(node.get("ref", ""))))
        elif tag == "c":
            parts = {part.tag.rpartition("}")[2]: part.text for part in node}
            # a formula whose result is an empty text is saved as a text
            if "f" in parts and not parts.get("v") and node.get("t") != "str":
                words = "is a formula without a saved result: open the file in a spreadsheet and save it, or write the value"
                found.append((words, _bounds(node.get("r", ""))))
        elif tag == "row":
            node.clear()
    return found


def _bounds(cells: str) -> tuple[int, int, int, int]:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = (int(end or 1) for end in range_boundaries(cells))
    return left, top, right, bottom


def _sheet(
    rows: Iterable[tuple[Any, ...]],
    columns: tuple[str, ...],
    place: str,
    odd: Sequence[tuple[str, tuple[int, int, int, int]]] = (),
) -> list[tuple[int, Row]]:
    """Rows of a sheet; other columns than these are notes."""
    numbered = ((n, [_text(cell) for cell in row]) for n, row in enumerate(rows, 1))
    header = next(((n, cells) for n, cells in numbered if any(cells)), None)
    if header is None:
        return []
    names = [cell.lower() for cell in header[1]]
    for name in columns:
        if name not in names and name != "hub":
            hint = nearest(name, {n for n in names if n} - set(columns))
            raise InputError(f"column '{name}' is missing{hint}", file=place, line=header[0], code="E113")
        if names.count(name) > 1:
            raise InputError(f"column '{name}' stands twice", file=place, line=header[0], code="E113")
    at = {name: names.index(name) for name in columns if name in names}
    for words, (left, top, right, bottom) in odd:
        touched = next((name for name, k in at.items() if left <= k + 1 <= right), "")
        if touched and bottom >= header[0]:
            raise InputError(f"a cell of '{touched}' {words}", file=place, line=top, code="E113")
    found = [(n, {name: (cells[k] if k < len(cells) else "") for name, k in at.items()}) for n, cells in numbered]
    return [(n, row) for n, row in found if any(row.values())]


def _text(cell: Any) -> str:
    """A cell's value as text; a date without its hours, a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
