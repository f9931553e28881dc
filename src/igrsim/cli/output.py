"""What the command line says: tables to stdout, words and progress to stderr, no colour where there is no terminal."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from igrsim.kernel.errors import InputError


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def say(words: str) -> None:
    """A line for the reader, on stderr."""
    print(words, file=sys.stderr)


def people_asked(citizens: str) -> int | str:
    """How many people are to be simulated: a number, or everyone.

    Raises
    ------
    InputError
    """
    if citizens == "everyone":
        return citizens
    try:
        return int(citizens.replace("_", ""))
    except ValueError:
        raise InputError(f'--citizens {citizens}: a whole number or "everyone" is needed', code="E101") from None


def show(table: Any, format: Format, columns: list[str] | None = None, tall: bool = False) -> None:
    """Print a table.

    Parameters
    ----------
    table : DataFrame or list of dict
    columns : list of str
        Which of them the table format shows; CSV and JSON hold all.
    tall : bool
        One field a line; a field that holds rows is a table below.
    """
    rows: list[dict[str, Any]] = table if isinstance(table, list) else table.to_dict("records")
    if format is Format.json:
        print(json.dumps([{k: plain(v) for k, v in row.items()} for row in rows], indent=1, ensure_ascii=False))
    elif format is Format.csv:
        write_csv(rows, sys.stdout)
    elif tall:
        for row in rows:
            below = {name: value for name, value in row.items() if _holds_rows(value)}
            width = max(len(name) for name in row)
            for name, value in row.items():
                if name not in below:
                    print(f"{name:<{width}}  {_text(value)}")
            for name, inner in below.items():
                print(f"\n{name}:")
                _print(inner, list(inner[0]))
    else:
        _print(rows, columns or (list(rows[0]) if rows else []))


def _holds_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def write_csv(rows: list[dict[str, Any]], file: Any) -> None:
    """Write a table as CSV, with no cell that a spreadsheet would take for a formula."""
    import csv

    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in names])


def plain(value: Any) -> Any:
    """A value as JSON can hold it: numbers that are none become nothing."""
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _cell(value: Any) -> str:
    text = _text(value)
    # a spreadsheet must not take a cell for a formula
    return f"'{text}" if text[:1] in ("=", "+", "@") or (text[:1] == "-" and not _number(text)) else text


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _text(value: Any) -> str:
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        # a row within a cell goes by its first field, its name
        return _text(next(iter(value.values())))
    if isinstance(value, list | tuple):
        return ", ".join(_text(v) for v in value)
    return str(value)


def _print(rows: list[dict[str, Any]], columns: list[str]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    wide = sys.stdout.isatty()
    console = Console(width=None if wide else 250, no_color=not wide, force_terminal=wide, highlight=False)
    table = Table(box=box.SIMPLE, pad_edge=False)
    for name in columns:
        numeric = any(isinstance(plain(row.get(name)), int | float) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*[_text(row.get(name)) for name in columns])
    console.print(table)


@contextmanager
def progress() -> Iterator[Callable[[int, int, float | None], None]]:
    """Tell of cells done and time left: a bar on a terminal, a line now and then elsewhere."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        console = Console(stderr=True)
        with Progress(
            "cells", BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[left]}"), console=console
        ) as bar:
            task = bar.add_task("cells", total=None, left="")
            yield lambda done, total, left: bar.update(task, completed=done, total=total, left=_left(left))
        return
    told = 0.0

    def tell(done: int, total: int, left: float | None) -> None:
        nonlocal told
        now = time.monotonic()
        if done == total or now - told > 15:
            told = now
            words = _left(left) if done < total else ""
            say(f"{done} of {total} cells{', ' if words else ''}{words}")

    yield tell


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"about {seconds:.0f} s left" if seconds < 100 else f"about {seconds / 60:.0f} min left"
