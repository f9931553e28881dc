"""`igrsim diary`: what was lived in a finished study, told again; and refusals in one line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from igrsim.results.results import Results
from small_study import STUDY, Said, igrsim, no_traceback, without_report, write


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Said:
    """A study of two towns, run once."""
    patch = pytest.MonkeyPatch()
    without_report(patch)
    folder = tmp_path_factory.mktemp("finished")
    said = igrsim("run", write(folder, STUDY), "--out", folder / "out", "--format", "json")
    patch.undo()
    assert said.code == 0, said.err
    return said


def test_a_study_s_own_months(finished: Said, tmp_path: Path) -> None:
    """The diary's hours are those in the study's tables, in every arm, world and month."""
    kept = Results(finished.folder).municipalities
    code = sorted(set(kept["municipality"]))[0]
    for world in (0, 1):
        said = igrsim("diary", finished.folder, "--municipality", code, "--world", world, "--format", "json")
        assert said.code == 0, said.err
        table = said.table()
        mine = kept[(kept["municipality"] == code) & (kept["world"] == world)]
        assert len(mine) == 6
        for row in mine.itertuples():
            here = [r for r in table if r["arm"] == row.arm and r["month"] == row.month]
            met = [r for r in here if r["kind"] == "meeting"]
            asked = [r for r in here if r["kind"] in ("request", "asked again", "data call")]
            assert sum(r["minutes"] for r in met) / 60 == pytest.approx(row.meeting_hours)
            assert sum(r["displaced_minutes"] for r in met) / 60 == pytest.approx(row.displaced_hours)
            assert sum(r["minutes"] for r in asked) / 60 == pytest.approx(row.report_hours)


def test_the_page_is_written_where_it_is_said(finished: Said, tmp_path: Path) -> None:
    code = sorted(set(Results(finished.folder).municipalities["municipality"]))[0]
    said = igrsim("diary", finished.folder, "--municipality", code, "--month", "2019-05", "--out", tmp_path / "new")
    assert said.code == 0, said.err
    file = Path(next(line[6:] for line in said.err.splitlines() if line.startswith("page: ")))
    assert file == tmp_path / "new" / f"diary-{code}-2019-05.html"
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"https?:|@import|<link|url\(|\bsrc=", text)
    assert f"--municipality {code} --from 2019-05 --months 1" in text
    again = igrsim(
        "diary", finished.folder, "--municipality", code, "--month", "2019-05", "--page", tmp_path / "b.html"
    )
    assert again.out == said.out
    assert "2019-06" not in said.out


def test_regimes_named_on_the_spot(tmp_path: Path) -> None:
    options = ("--arms", "siloed,siloed", "--scope", "two-towns", "--months", 2, "--format", "csv")
    said = igrsim("diary", *options, "--municipality", "TT1")
    assert said.code == 0, said.err
    assert said.out.startswith("arm,month,kind,what,by,how,minutes,displaced_minutes")
    assert "Nothing differs between siloed-again and siloed" in said.err
    assert "does not depend on how many" in said.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--municipality", "TT9"), "did you mean 'TT"),
        (("--municipality", "TT1", "--month", "2030-01"), "outside the study, which runs from 2019-04 to 2019-06"),
        (("--municipality", "TT1", "--from", "May"), "YYYY-MM is needed"),
        (("--municipality", "TT1", "--month", "2019-13"), "YYYY-MM is needed"),
        (("--municipality", "TT1", "--world", 2), "worlds 0 to 1"),
        (("--municipality", "TT1", "--future", 7), "futures 0 to 1"),
        (("--municipality", "TT1", "--scope", "country"), "only with --arms"),
        (("--municipality", "TT1", "--arms", "siloed"), "one of the two"),
        ((), "--municipality CODE is needed"),
    ],
)
def test_refusals_in_one_line(finished: Said, options: tuple[str | int, ...], words: str) -> None:
    said = igrsim("diary", finished.folder, *options)
    no_traceback(said, 2)
    assert words in said.err


def test_refusals_without_a_folder(tmp_path: Path) -> None:
    for options, words in (
        ((), "one of the two"),
        (("--arms", "silod"), "did you mean 'siloed'"),
        (("--arms", "siloed", "--scope", "DC44", "--municipality", "Matatiel"), "did you mean 'EC441 Matatiele'"),
        ((tmp_path, "--municipality", "TT1"), "no finished study"),
    ):
        said = igrsim("diary", *options)
        no_traceback(said, 2)
        assert words in said.err
