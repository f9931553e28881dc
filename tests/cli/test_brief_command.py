"""`igrsim brief`: where its pages go, what it prints, and refusals in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from igrsim.runs.lock import held
from made_up_study import write_study
from small_study import igrsim, no_traceback


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up study of three arms in a results folder of its own."""
    return write_study(
        tmp_path_factory.mktemp("results") / "study", arms=("siloed", "district-hub", "one-stop"), months=13
    )


def test_both_pages_into_the_study_s_folder(study: Path) -> None:
    said = igrsim("brief", study, "--format", "json")
    assert said.code == 0, said.err
    assert [row["arm"] for row in said.table()] == ["district-hub"] * 4
    assert {"difference", "low", "high", "verdict", "in_words"} <= set(said.table()[0])
    assert f"page: {study / 'brief.html'}\nprint: {study / 'brief.pdf'}" in said.err
    assert (study / "brief.pdf").read_bytes().startswith(b"%PDF")


def test_elsewhere_of_another_arm_and_other_measures(study: Path, tmp_path: Path) -> None:
    asked = ("--arm", "one-stop", "--metrics", "ties, gap_share", "--out", tmp_path / "new", "--format", "csv")
    said = igrsim("brief", study, *asked)
    assert said.code == 0, said.err
    assert [line.split(",")[2] for line in said.out.splitlines()] == ["metric", "ties", "gap_share"]
    text = (tmp_path / "new" / "brief.html").read_text(encoding="utf-8")
    assert "igrsim brief study --arm one-stop --metrics ties,gap_share" in text
    assert "named by whoever asked for this page" in text


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        (("--arm", "one-shop"), "E341", "did you mean 'one-stop'?"),
        (("--arm", "siloed"), "E342", "is the reference"),
        (("--metrics", "tie"), "E346", "did you mean 'ties'?"),
        (("--metrics", ""), "E344", "from one to 4"),
    ],
)
def test_refusals(study: Path, asked: tuple[str, str], code: str, words: str) -> None:
    said = igrsim("brief", study, *asked)
    no_traceback(said, 2)
    assert code in said.err
    assert words in said.err


def test_a_folder_in_use_is_left_alone(study: Path) -> None:
    with held(study.parent):
        assert igrsim("brief", study).code == 3


def test_no_study(tmp_path: Path) -> None:
    said = igrsim("brief", tmp_path)
    no_traceback(said, 2)
    assert "E301" in said.err
