"""Tables as CSV for people who have only a spreadsheet: no cell a live formula."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

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
