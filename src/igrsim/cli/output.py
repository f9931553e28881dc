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


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def say(words: str) -> None:
    """A line for the reader, on stderr."""
    print(words, file=sys.stderr)


def show(table: Any, format: Format, columns: list[str] | None = None, tall: bool = False) -> None:
    """Print a table.

    Parameters
    ----------
    table : DataFrame or list of dict
    columns : list of str
        Which of them the table format shows; CSV and JSON hold all.
    tall : bool
        One field a line.
    """
    rows: list[dict[str, Any]] = table if isinstance(table, list) else table.to_dict("records")
    if format is Format.json:
        print(json.dumps([{k: _plain(v) for k, v in row.items()} for row in rows], indent=1, ensure_ascii=False))
    elif format is Format.csv:
        import csv

        names = list(rows[0]) if rows else []
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            writer.writerow([_cell(row.get(name)) for name in names])
    elif tall:
        for row in rows:
            width = max(len(name) for name in row)
            for name, value in row.items():
                print(f"{name:<{width}}  {_text(value)}")
    else:
        _print(rows, columns or (list(rows[0]) if rows else []))


def _plain(value: Any) -> Any:
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
    value = _plain(value)
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        return ", ".join(str(v) for v in value)
    return str(value)


def _print(rows: list[dict[str, Any]], columns: list[str]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    wide = sys.stdout.isatty()
    console = Console(width=None if wide else 250, no_color=not wide, force_terminal=wide, highlight=False)
    table = Table(box=box.SIMPLE, pad_edge=False)
    for name in columns:
        numeric = any(isinstance(_plain(row.get(name)), int | float) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*[_text(row.get(name)) for name in columns])
    console.print(table)


@contextmanager
def progress() -> Iterator[Callable[[int, int, float], None]]:
    """Tell of cells done and time left: a bar on a terminal, a line now and then elsewhere."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        console = Console(stderr=True)
        with Progress("cells", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console) as bar:
            task = bar.add_task("cells", total=None)
            yield lambda done, total, _: bar.update(task, completed=done, total=total)
        return
    told = 0.0

    def tell(done: int, total: int, seconds: float) -> None:
        nonlocal told
        now = time.monotonic()
        if done == total or now - told > 15:
            told = now
            left = f", about {seconds / done * (total - done):.0f} s left" if 0 < done < total and seconds else ""
            say(f"{done} of {total} cells{left}")

    yield tell
