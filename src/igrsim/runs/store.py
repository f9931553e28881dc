"""Computed cells on disk, one file each, addressed by what they compute; written whole or not at all, never changed."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa

from igrsim.runs.cell import Counted

FORMAT = "igrsim-cell-1"
ENDING = ".cell"
DRAFT = ".part"
FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)
"""What the system says when there is no room left on a disk, or in a user's share of it."""


class DamagedCellError(ValueError):
    """A cell's file is not what was written."""


def pack(digest: str, counted: Counted) -> bytes:
    """A cell as the bytes of its file.

    A line with the checksum of the next; a line of JSON with each table's name, length, checksum and length unpacked;
    then the tables, each an Arrow stream compressed with zstd. The same cell gives the same bytes.
    """
    index: list[tuple[str, int, str, int]] = []
    parts: list[bytes] = []
    for name, frame in sorted(counted.tables.items()):
        table = pa.Table.from_pandas(frame, preserve_index=False)
        stream = io.BytesIO()
        with pa.ipc.new_stream(stream, table.schema) as writer:
            writer.write_table(table)
        packed = pa.compress(stream.getvalue(), codec="zstd", asbytes=True)
        index.append((name, len(packed), _sum(packed), stream.tell()))
        parts.append(packed)
    about = json.dumps({"cell": digest, "tables": index}).encode()
    return b"%s %s\n%s\n%s" % (FORMAT.encode(), _sum(about).encode(), about, b"".join(parts))


def unpack(digest: str, content: bytes, *wanted: str) -> dict[str, pd.DataFrame]:
    """The tables of a cell, or those wanted, from the bytes of its file.

    Raises
    ------
    DamagedCellError
        If any byte is not what was written.
    """
    return {
        name: pa.ipc.open_stream(pa.decompress(packed, decompressed_size=size, codec="zstd")).read_all().to_pandas()
        for name, packed, size in _tables(digest, content)
        if not wanted or name in wanted
    }


def _tables(digest: str, content: bytes) -> Iterator[tuple[str, bytes, int]]:
    """Each table's name, packed bytes and length unpacked, every checksum compared."""
    head, _, rest = content.partition(b"\n")
    about, _, body = rest.partition(b"\n")
    if head != f"{FORMAT} {_sum(about)}".encode():
        raise DamagedCellError(digest)
    index = json.loads(about)
    if index["cell"] != digest or sum(length for _, length, _, _ in index["tables"]) != len(body):
        raise DamagedCellError(digest)
    begin = 0
    for name, length, checksum, size in index["tables"]:
        packed = body[begin : begin + length]
        if _sum(packed) != checksum:
            raise DamagedCellError(digest)
        begin += length
        yield name, packed, size


class Store:
    """The cells of a results folder, shared by all its studies.

    Parameters
    ----------
    folder : Path
        The results folder; cells stand in ``cells/``.
    """

    def __init__(self, folder: Path) -> None:
        self.cells = folder / "cells"

    def file(self, digest: str) -> Path:
        """Where a cell stands, or would stand."""
        return self.cells / f"{digest}{ENDING}"

    def digests(self) -> list[str]:
        """All cells that there are, damaged ones among them."""
        return sorted(file.stem for file in self.cells.glob(f"[0-9a-f]*{ENDING}"))

    def has(self, digest: str) -> bool:
        """Whether a cell is there, whole and unchanged."""
        try:
            for _ in _tables(digest, self.read(digest)):
                pass
        except (OSError, DamagedCellError):
            return False
        return True

    def read(self, digest: str) -> bytes:
        """The bytes of a cell's file."""
        return self.file(digest).read_bytes()

    def put(self, digest: str, content: bytes) -> None:
        """Keep a cell: under a temporary name, flushed to disk, then renamed."""
        self.cells.mkdir(parents=True, exist_ok=True)
        write_whole(self.file(digest), content)

    def get(self, digest: str, table: str) -> pd.DataFrame:
        """A table of a cell."""
        return self.tables(digest, table)[table]

    def tables(self, digest: str, *wanted: str) -> dict[str, pd.DataFrame]:
        """The tables of a cell, or those wanted."""
        return unpack(digest, self.read(digest), *wanted)

    def clear_drafts(self) -> None:
        """Remove what runs that were killed left half written; only for who holds the folder's lock."""
        clear_drafts(self.cells)


def clear_drafts(folder: Path) -> None:
    """Remove files that were never written to their end."""
    for file in folder.glob(f".*{DRAFT}"):
        with contextlib.suppress(OSError):
            file.unlink()


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, whatever ends the program or the power."""
    draft = file.with_name(f".{file.name[:64]}-{uuid.uuid4().hex[:8]}{DRAFT}")
    try:
        with draft.open("xb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
    _flush_folder(file.parent)


def _flush_folder(folder: Path) -> None:
    """Put a folder's entries on disk, where the system can: Windows opens no folders."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
