"""A user's own service points, as a study takes them: read, counted as part of the study, refused with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from igrsim.places.geography import two_towns_points
from igrsim.places.service_points import POINT_COLUMNS
from small_study import STUDY, igrsim, no_traceback, tables, without_report, write


def points(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The small world's own points as a user's file, changed."""
    table = two_towns_points()[list(POINT_COLUMNS)]
    text = table.to_csv(index=False, lineterminator="\n")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    file = tmp_path / "my points.csv"
    tmp_path.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")
    return file


def with_points(tmp_path: Path, file: Path) -> Path:
    return write(tmp_path, STUDY.replace("[arms.siloed]", f"points = '{file}'\n[arms.siloed]"))


def test_points_of_ones_own_decide_the_study_by_what_they_say_not_where_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_report(monkeypatch)
    plain = igrsim("run", write(tmp_path), "--out", tmp_path / "out")
    same = igrsim("run", with_points(tmp_path, points(tmp_path)), "--out", tmp_path / "out")
    assert same.code == 0, same.err
    for name in ("monthly.parquet", "people.parquet", "effects.csv"):
        assert tables(same.folder)[name] == tables(plain.folder)[name]
    file = points(tmp_path / "moved", ("home_affairs-TT-A", "ha"))
    moved = igrsim("run", with_points(tmp_path / "moved", file), "--out", tmp_path / "out", "-s", "title=Moved")
    assert moved.code == 0, moved.err
    before = len(list((tmp_path / "out" / "cells").iterdir()))
    elsewhere = file.rename(tmp_path / "elsewhere.csv")
    again = igrsim("run", with_points(tmp_path, elsewhere), "--out", tmp_path / "out", "-s", "title=Elsewhere")
    assert again.code == 0, again.err
    assert len(list((tmp_path / "out" / "cells").iterdir())) == before


@pytest.mark.fast
@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("desks,", "", 1, "column 'desks' is missing"),
        ("clinic-TT-A,clinic", "clinic-TT-A,clinc", 2, "unknown service 'clinc' (did you mean 'clinic'?)"),
        ("clinic-TT-B", "clinic-TT-A", 3, "stands already on line 2"),
        ("TT1,TT,-29.0,24.0", "TT1,TT,24.0,-29.0", 2, "latitude and longitude are swapped"),
        ("TT1,TT,-29.0,24.0", "TT1,TT,-29.0,4.0", 2, "lies outside the country"),
        ("TT1,TT,-29.0,24.0", 'TT1,TT,"-29,0",24.0', 2, "no decimal comma"),
        ("TT1,TT,-29.0,24.0", "TT1,TT,1e400,24.0", 2, "is not a number"),
        ("Clinic ALPHA", "=HYPERLINK(1)", 2, "looks like a formula"),
        ("Clinic ALPHA", '"Clinic', None, "not a CSV table"),
        ("TT-A,TT1,TT", "TT-A,TT1,DC15", 2, "unknown space 'DC15'"),
        ("TT-A,TT1,TT", "TT-A,TT2,TT", 2, "lies in 'TT1'"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, before: str, after: str, line: int | None, words: str) -> None:
    file = points(tmp_path, (before, after))
    said = igrsim("check", with_points(tmp_path, file))
    no_traceback(said, 2)
    assert words in said.err
    if line:
        assert said.err.startswith(f"{file}:{line}: error E12")


@pytest.mark.fast
def test_names_with_letters_quotes_and_marks_are_names(tmp_path: Path) -> None:
    file = points(tmp_path, ("Clinic ALPHA", '"Kl\u00ednik ""A"", <b> & $x$"'))
    assert igrsim("check", with_points(tmp_path, file)).code == 0
