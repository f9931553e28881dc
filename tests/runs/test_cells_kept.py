"""Cells on disk: whole or not there; damage is noticed and mended by computing again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from igrsim.results.results import Results
from igrsim.runs.cell import Counted
from igrsim.runs.store import Store
from small_study import STUDY, igrsim, tables, without_report, write

DIGEST = "ab" * 32


def counted() -> Counted:
    return Counted({"space": pd.DataFrame({"month": [0, 1]}), "need": pd.DataFrame({"x": [3]})})


@pytest.mark.fast
def test_what_is_put_is_had(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert not store.has(DIGEST)
    store.put(DIGEST, counted())
    assert store.has(DIGEST)
    assert list(store.get(DIGEST, "space").month) == [0, 1]
    store.put(DIGEST, counted())
    assert [f.name for f in (tmp_path / "cells").iterdir()] == [DIGEST]


@pytest.mark.fast
@pytest.mark.parametrize("file", ["space.parquet", "need.parquet", "sums.json"])
@pytest.mark.parametrize("damage", ["flip", "cut", "delete", "empty"])
def test_damage_is_noticed(tmp_path: Path, file: str, damage: str) -> None:
    store = Store(tmp_path)
    store.put(DIGEST, counted())
    target = tmp_path / "cells" / DIGEST / file
    whole = target.read_bytes()
    if damage == "flip":
        middle = len(whole) // 2
        target.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    elif damage == "cut":
        target.write_bytes(whole[:-3])
    elif damage == "empty":
        target.write_bytes(b"")
    else:
        target.unlink()
    assert not store.has(DIGEST)


@pytest.mark.fast
@pytest.mark.parametrize("text", ["{}", "[]", "null", "3", '"x"'])
def test_sums_that_vouch_for_nothing_are_no_cell(tmp_path: Path, text: str) -> None:
    store = Store(tmp_path)
    store.put(DIGEST, counted())
    (tmp_path / "cells" / DIGEST / "sums.json").write_text(text, encoding="utf-8")
    assert not store.has(DIGEST)


@pytest.mark.fast
def test_an_interrupted_write_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    real = pd.DataFrame.to_parquet
    written: list[Path] = []

    def stops(table: pd.DataFrame, file: Path, **options: object) -> None:
        if written:
            raise OSError(28, "No space left on device")
        written.append(file)
        real(table, file, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(pd.DataFrame, "to_parquet", stops)
    with pytest.raises(OSError, match="No space left"):
        store.put(DIGEST, counted())
    assert not store.has(DIGEST)
    assert list((tmp_path / "cells").iterdir()) == []


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
    flipped = cells[0] / "space.parquet"
    content = bytearray(flipped.read_bytes())
    content[len(content) // 2] ^= 4
    flipped.write_bytes(bytes(content))
    (cells[1] / "ledger.parquet").unlink()
    shutil.rmtree(cells[2])
    again = igrsim("run", study, "--out", out)
    assert again.code == 0, again.err
    assert Results(again.folder).manifest["run"]["computed"] == 3
    assert tables(again.folder) == before
