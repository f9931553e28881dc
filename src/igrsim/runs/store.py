"""Computed cells on disk, addressed by what they compute; written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from pathlib import Path

import pandas as pd

from igrsim.runs.cell import Counted


class Store:
    """The cells of a results folder, shared by all its studies.

    Parameters
    ----------
    folder : Path
        The results folder; cells stand in ``cells/``.
    """

    def __init__(self, folder: Path) -> None:
        self.cells = folder / "cells"

    def has(self, digest: str) -> bool:
        """Whether a cell is there, whole and unchanged."""
        folder = self.cells / digest
        try:
            sums = json.loads((folder / "sums.json").read_text(encoding="utf-8"))
            return bool(sums) and all(_sum(folder / name) == value for name, value in sums.items())
        except (OSError, ValueError, AttributeError):
            return False

    def put(self, digest: str, counted: Counted) -> None:
        """Keep a cell: under a temporary name, flushed to disk, then renamed."""
        self.cells.mkdir(parents=True, exist_ok=True)
        draft = self.cells / f".{digest[:16]}-{uuid.uuid4().hex[:8]}"
        draft.mkdir()
        try:
            sums = {}
            for name, table in counted.tables.items():
                file = draft / f"{name}.parquet"
                table.to_parquet(file, index=False, compression="zstd")
                _flush(file)
                sums[file.name] = _sum(file)
            (draft / "sums.json").write_text(json.dumps(sums, indent=1, sort_keys=True), encoding="utf-8")
            _flush(draft / "sums.json")
            target = self.cells / digest
            if target.exists():
                shutil.rmtree(target, ignore_errors=True)
            try:
                draft.rename(target)
            except OSError:
                # another study of this folder may have kept the same cell in the meantime
                if not self.has(digest):
                    raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def get(self, digest: str, table: str) -> pd.DataFrame:
        """A table of a cell."""
        return pd.read_parquet(self.cells / digest / f"{table}.parquet")


def _sum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _flush(file: Path) -> None:
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())
