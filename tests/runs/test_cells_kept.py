"""Cells on disk: whole or not there; damage is noticed and mended by computing again."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from igrsim.results.results import Results
from igrsim.runs.cell import Counted
from igrsim.runs.store import DamagedCellError, Store, pack
from small_study import STUDY, igrsim, tables, without_report, write

DIGEST = "ab" * 32


def packed(months: int = 2) -> bytes:
    counted = Counted({"space": pd.DataFrame({"month": range(months)}), "need": pd.DataFrame({"x": [3], "y": ["a"]})})
    return pack(DIGEST, counted)


@pytest.mark.fast
def test_what_is_put_is_had(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert not store.has(DIGEST)
    store.put(DIGEST, packed())
    assert store.has(DIGEST)
    assert list(store.get(DIGEST, "space").month) == [0, 1]
    assert set(store.tables(DIGEST)) == {"space", "need"}
    assert set(store.tables(DIGEST, "need")) == {"need"}
    store.put(DIGEST, packed())
    assert [f.name for f in (tmp_path / "cells").iterdir()] == [f"{DIGEST}.cell"]
    assert store.digests() == [DIGEST]
    assert packed() == packed()


@pytest.mark.fast
def test_any_byte_that_is_not_as_written_is_noticed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(DIGEST, packed())
    whole = packed()
    for place in range(0, len(whole), 5):
        store.file(DIGEST).write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert not store.has(DIGEST), place
    for length in (0, 1, 70, len(whole) // 2, len(whole) - 1):
        store.file(DIGEST).write_bytes(whole[:length])
        assert not store.has(DIGEST), length
        with pytest.raises(DamagedCellError):
            store.get(DIGEST, "space")
    store.file(DIGEST).write_bytes(whole + b"x")
    assert not store.has(DIGEST)
    # another cell under this one's name
    store.file(DIGEST).write_bytes(pack("cd" * 32, Counted({})))
    assert not store.has(DIGEST)
    store.file(DIGEST).unlink()
    assert not store.has(DIGEST)


@pytest.mark.fast
def test_an_interrupted_write_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)

    def stops(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", stops)
    with pytest.raises(OSError, match="No space left"):
        store.put(DIGEST, packed())
    assert not store.has(DIGEST)
    assert list((tmp_path / "cells").iterdir()) == []


@pytest.mark.fast
def test_what_a_killed_run_left_half_written_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    store.put(DIGEST, packed())
    (tmp_path / "cells" / ".abcdef-1234.part").write_bytes(packed()[:50])
    store.clear_drafts()
    assert [f.name for f in (tmp_path / "cells").iterdir()] == [f"{DIGEST}.cell"]


def test_a_full_disk_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Store, "put", full)
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out")
    assert said.code == 4
    assert "the disk is full" in said.err
    assert "Traceback" not in said.err


def test_a_damaged_cell_is_computed_again_to_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_report(monkeypatch)
    study, out = write(tmp_path, STUDY), tmp_path / "out"
    said = igrsim("run", study, "--out", out)
    before = tables(said.folder)
    cells = sorted((out / "cells").iterdir())
    content = bytearray(cells[0].read_bytes())
    content[len(content) // 2] ^= 4
    cells[0].write_bytes(bytes(content))
    cells[1].write_bytes(b"")
    cells[2].unlink()
    again = igrsim("run", study, "--out", out)
    assert again.code == 0, again.err
    assert Results(again.folder).manifest["run"]["computed"] == 3
    assert tables(again.folder) == before
