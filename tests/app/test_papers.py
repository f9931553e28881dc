"""Papers of a study: as the folder has them, composed where it has none, carried while there is room."""

from __future__ import annotations

import base64
import gzip
from pathlib import Path
from typing import Any

import pytest

from igrsim.app.export import take_along
from igrsim.app.papers import Papers
from igrsim.app.payload import packed
from igrsim.kernel.errors import InputError

REPORT = b"<h1>" + bytes(range(256)) * 40 + b"</h1>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "report.html").write_bytes(REPORT)
    (tmp_path / "secret.html").write_bytes(b"no paper")
    return tmp_path


def test_a_brief_is_composed_once_where_there_is_none(folder: Path) -> None:
    asked: list[Path] = []

    def compose(of: Path) -> dict[str, bytes]:
        asked.append(of)
        return {"brief.html": b"brief", "brief.pdf": b"print"}

    papers = Papers(compose)
    assert [one["name"] for one in papers.add("abc", folder)] == ["brief.html", "brief.pdf", "report.html"]
    assert papers.read("abc", "report.html") == REPORT
    assert [papers.read("abc", name) for name in ("brief.html", "brief.pdf")] == [b"brief", b"print"]
    assert asked == [folder]


@pytest.mark.parametrize(
    ("study", "name"), [("abc", "secret.html"), ("abc", "../x"), ("other", "report.html"), ("abc", "brief.pdf")]
)
def test_nothing_but_papers_of_known_studies_is_read(folder: Path, study: str, name: str) -> None:
    papers = Papers()
    papers.add("abc", folder)
    with pytest.raises(InputError, match="E398"):
        papers.read(study, name)


def test_what_is_packed_comes_out_the_same() -> None:
    assert packed(REPORT) == packed(REPORT)
    assert gzip.decompress(base64.b64decode(packed(REPORT))) == REPORT


def test_papers_go_along_while_there_is_room(folder: Path) -> None:
    papers = Papers(lambda of: {"brief.html": b"brief", "brief.pdf": b"print"})
    payload: dict[str, Any] = {"study": "abc", "papers": papers.add("abc", folder)}
    assert take_along([payload], papers, room=200)
    assert [one["name"] for one in payload["papers"] if "content" in one] == ["brief.html", "brief.pdf"]


def test_a_study_of_which_no_brief_can_be_written_goes_without(folder: Path) -> None:
    def compose(of: Path) -> dict[str, bytes]:
        raise InputError("every cell failed", code="E304")

    papers = Papers(compose)
    payload: dict[str, Any] = {"study": "abc", "papers": papers.add("abc", folder)}
    assert take_along([payload], papers, room=10**6)
    assert [one["name"] for one in payload["papers"] if "content" in one] == ["report.html"]
