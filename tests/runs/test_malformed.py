"""Every malformed study and table: one line with its place and a hint, no traceback, in less than a second."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from malformed.answers import answer, known
from malformed.cases import BASE, CALIBRATED, CASES, FORUMS, FUTURES, POINTS, ROLLOUT, STUDY, Case

from small_study import no_traceback

pytestmark = pytest.mark.fast

KNOWN = known()


def test_there_are_many_and_each_is_answered_once() -> None:
    assert len(CASES) >= 150
    assert set(CASES) == set(KNOWN)


@pytest.fixture(scope="module", autouse=True)
def _all_is_imported(tmp_path_factory: pytest.TempPathFactory) -> None:
    # what a first command imports is no part of the seconds of its own
    for name in (
        "points: nan",
        "forums: no time",
        "rollout: no start at all",
        "futures: nan",
        "exclude everything",
        "unknown need",
    ):
        answer(CASES[name], tmp_path_factory.mktemp("first"))


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    said, seconds = answer(CASES[name], tmp_path)
    no_traceback(said, 2)
    assert said.out == ""
    assert said.err.strip("\n") == KNOWN[name]
    assert len(said.err) < 600
    assert re.match(r"([^:]+(:[0-9]+(:[0-9]+)?)?: )?error E[0-9]{3}: .", said.err), said.err
    assert seconds < 1


def test_every_fault_of_a_study_file_has_its_line_and_column() -> None:
    without = {
        name for name, said in KNOWN.items()
        if said.startswith(("study.toml", "base.toml")) and not re.match(r"[a-z.]+:[0-9]+:[0-9]+: ", said)
    }  # fmt: skip
    # what is no text, or nothing, or goes on to the end of the file, has none
    assert without == {
        "empty", "only a comment", "UTF-16", "Latin-1", "deep nesting of lists", "deep nesting of tables",
        "extends what is no TOML", "a number of 10 000 digits",
    }  # fmt: skip


def test_what_the_cases_start_from_is_in_order(tmp_path: Path) -> None:
    tables = {
        "points.csv": POINTS,
        "forums.csv": FORUMS,
        "rollout.csv": ROLLOUT,
        "futures.csv": FUTURES,
        "base.toml": BASE,
    }
    text = STUDY.replace(
        "months = 3", 'months = 3\npoints = "points.csv"\nforums = "forums.csv"\ncalibration = "c.toml"'
    )
    text = 'extends = "base.toml"\n' + text.replace('"all-at-once"', '"rollout.csv"')
    table = re.sub(r"(?s)n = 2.*?(?=\[replication\])", 'method = "table"\ntable = "futures.csv"\n', text)
    for number, study in enumerate((STUDY, text, table, text.replace("\n", "\r\n"), "\ufeff" + text)):
        folder = tmp_path / str(number)
        folder.mkdir()
        files = {
            name: content.encode() for name, content in {**tables, "c.toml": CALIBRATED, "study.toml": study}.items()
        }
        said, _ = answer(Case(files), folder)
        assert said.code == 0, said.err


@pytest.mark.parametrize("bad", [b"\xef\xbb\xbf", b""])
def test_tables_with_the_marks_and_line_ends_of_windows_are_read(bad: bytes, tmp_path: Path) -> None:
    text = STUDY.replace("months = 3", 'months = 3\npoints = "points.csv"\nforums = "forums.csv"')
    files = {"points.csv": POINTS, "forums.csv": FORUMS}
    said, _ = answer(
        Case({"study.toml": text.encode()} | {n: bad + t.replace("\n", "\r\n").encode() for n, t in files.items()}),
        tmp_path,
    )
    assert said.code == 0, said.err
