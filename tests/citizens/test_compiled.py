"""Compiled functions are kept, and made anew when anything changes that they are made of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from igrsim.citizens import compiled


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for room in compiled.MADE_OF:
        (tmp_path / room).mkdir()
        (tmp_path / room / "one.py").write_text("CONSTANT = 1\n")
    monkeypatch.setattr(compiled, "PACKAGE", tmp_path)
    return tmp_path


def folder() -> Path:
    compiled.kept_in.cache_clear()
    return compiled.kept_in()


@pytest.fixture(autouse=True)
def afterwards() -> object:
    yield
    compiled.kept_in.cache_clear()


@pytest.mark.parametrize("room", compiled.MADE_OF)
def test_another_constant_in_another_file_is_another_folder(house: Path, room: str) -> None:
    before = folder()
    assert before.parent == house / "__pycache__"
    assert folder() == before
    (house / room / "one.py").write_text("CONSTANT = 2\n")
    assert folder() != before


def test_what_is_compiled_gives_infinities_and_is_kept() -> None:
    from igrsim.citizens.luck import fold

    assert fold.targetoptions["error_model"] == "numpy"
    assert "NUMBA_CACHE_DIR" in os.environ or str(fold._cache.cache_path).startswith(str(folder()))
