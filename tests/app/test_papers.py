"""Papers of a study: as the folder has them, composed where it has none, carried while there is room."""

from __future__ import annotations

import base64
import gzip
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from igrsim.app.export import saved_studies, take_along
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
    assert take_along([payload], papers, room=250)
    assert [one["name"] for one in payload["papers"] if "content" in one] == ["brief.html", "brief.pdf"]


def test_a_study_of_which_no_brief_can_be_written_goes_without(folder: Path) -> None:
    def compose(of: Path) -> dict[str, bytes]:
        raise InputError("every cell failed", code="E304")

    papers = Papers(compose)
    payload: dict[str, Any] = {"study": "abc", "papers": papers.add("abc", folder)}
    assert take_along([payload], papers, room=10**6)
    # it is not said to have been too large
    assert [(one["name"], "content" in one) for one in payload["papers"]] == [("report.html", True)]


def test_two_folders_of_one_study_keep_their_own_papers(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("again")
    (other / "report.html").write_bytes(b"another")
    papers = Papers()
    found = [one["of"] for place in (folder, other) for one in papers.add("abc", place)]
    assert [papers.read(of, "report.html") for of in found] == [REPORT, b"another"]


def test_what_stops_a_brief_is_told_in_a_line_and_not_tried_again(folder: Path) -> None:
    asked: list[Path] = []

    def compose(of: Path) -> dict[str, bytes]:
        asked.append(of)
        raise KeyError("a table\nwithout its column")

    papers = Papers(compose)
    papers.add("abc", folder)
    for name in ("brief.html", "brief.pdf"):
        with pytest.raises(InputError, match="E430") as refused:
            papers.read("abc", name)
        assert "\n" not in str(refused.value)
    assert asked == [folder]


def test_a_paper_that_cannot_be_read_is_refused(folder: Path) -> None:
    (folder / "rollout.html").mkdir()
    papers = Papers()
    papers.add("abc", folder)
    with pytest.raises(InputError, match="E430"):
        papers.read("abc", "rollout.html")


def test_a_study_is_shown_once_however_often_it_is_named(saved: Path) -> None:
    found = saved_studies([saved, saved.parent, saved / ".." / saved.name], Papers())
    assert len(found) == 1


def test_a_study_without_its_effects_is_refused_in_a_line(saved: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(saved, folder, ignore=shutil.ignore_patterns("figures"))
    (folder / "effects.csv").unlink()
    with pytest.raises(InputError, match="E303"):
        saved_studies([folder])


def test_a_study_of_one_arm_is_no_scenario_and_is_shown(saved: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(saved, folder, ignore=shutil.ignore_patterns("figures"))
    file = folder / "resolved.toml"
    alone = file.read_text(encoding="utf-8").partition("[arms.district-hub-core]")
    file.write_text(alone[0] + alone[2][alone[2].index("[futures]") :], encoding="utf-8")
    assert list(tomllib.loads(file.read_text(encoding="utf-8"))["arms"]) == ["siloed"]
    (payload,) = saved_studies([folder])
    assert payload["scenario"] is None
