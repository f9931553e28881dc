"""What tests of running share: no report, and marks left by the cells that begin."""

from __future__ import annotations

from pathlib import Path

import faulty_cells
import pytest

from small_study import without_report


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Figures and page are left out; other faults may be set on what is given back."""
    without_report(monkeypatch)
    return monkeypatch


@pytest.fixture
def traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which each cell leaves a mark when it begins."""
    folder = tmp_path / "begun"
    folder.mkdir()
    monkeypatch.setenv(faulty_cells.TRACES, str(folder))
    return folder
