"""`igrsim app`: what it cannot serve or write is refused in a line; what it writes is whole."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from small_study import igrsim, no_traceback


def test_an_export_without_results_is_refused(tmp_path: Path) -> None:
    said = igrsim("app", "--export", tmp_path / "page.html")
    no_traceback(said, 2)
    assert "E389" in said.err
    assert not list(tmp_path.iterdir())


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    said = igrsim("app", "--export", tmp_path / "page.html", "--results", tmp_path)
    no_traceback(said, 2)
    assert "E301" in said.err


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = igrsim("app", "--no-open", "--port", taken.getsockname()[1], "--out", tmp_path)
    no_traceback(said, 2)
    assert "E390" in said.err


def test_without_its_extra_the_app_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "igrsim.app.serving", None)
    said = igrsim("app", "--no-open", "--out", tmp_path)
    no_traceback(said, 2)
    assert "igrsim[app]" in said.err
