"""A study from the command line: what is said, what is written, what a finished folder answers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from igrsim.results.results import Results
from small_study import STUDY, Said, command, igrsim, no_traceback, tables, without_report, write

TITLE = "<script>alert(1)</script> & $x$ \u0161"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Said:
    """A study with a hostile title, run once, its effects as JSON."""
    folder = tmp_path_factory.mktemp("finished")
    study = write(folder, STUDY.replace('"Two towns"', f'"{TITLE}"'))
    said = igrsim("run", study, "--out", folder / "out", "--format", "json")
    assert said.code == 0, said.err
    return said


def test_effects_as_promised(finished: Said) -> None:
    rows = finished.table()
    names = list(Results(finished.folder).effects().columns)
    promised = ["arm", "reference", "metric", "unit", "mean", "difference", "low", "high", "pairs", "verdict"]
    assert names[: len(promised)] == promised
    assert all(list(row) == names for row in rows)
    assert [row["metric"] for row in rows[:3]] == ["duplicate_spend_share", "hours_per_need", "meeting_hours"]
    assert all(row["low"] <= row["difference"] <= row["high"] for row in rows if row["low"] is not None)


def test_words_go_to_stderr_and_name_the_report(finished: Said) -> None:
    assert finished.out.startswith("[")
    assert "4 of 4 cells" in finished.err
    assert "\x1b" not in finished.err
    report = next(line[8:] for line in finished.err.splitlines() if line.startswith("report: "))
    assert Path(report) == finished.folder / "report.html"


def test_the_report_fetches_nothing_and_escapes_everything(finished: Said) -> None:
    page = (finished.folder / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; $x$ \u0161" in page
    for reference in re.findall(r"""(?:src|href|action|poster|data)\s*=\s*["']?([^"'\s>]+)""", page):
        assert reference.startswith(("#", "data:")), reference
    for reference in re.findall(r"""url\(\s*["']?([^"')]+)""", page):
        assert reference.startswith(("#", "data:")), reference
    assert "@import" not in page
    assert "<link" not in page
    assert not re.search(r"<script[^>]*\bsrc", page)
    for figure in (finished.folder / "figures").glob("*.svg"):
        text = figure.read_text(encoding="utf-8")
        assert "<script" not in text
        assert not re.search(r"""(?:xlink:)?href\s*=\s*["']https?:""", text)


def test_report_and_figures_again_are_the_same(finished: Said) -> None:
    before = tables(finished.folder)
    said = igrsim("report", finished.folder.parent)
    assert said.code == 0, said.err
    assert tables(finished.folder) == before


def test_which_lever_set_which_rule(finished: Said) -> None:
    rows = igrsim("explain", finished.folder, "--arm", "hub", "--format", "json").table()
    assert {row["lever"] for row in rows} >= {"district-hub", "one-plan"}
    assert {row["space"] for row in rows} == {"TT"}
    assert {row["month"] for row in rows} == {"2019-04"}
    assert all(row["before"] != row["after"] for row in rows)
    assert igrsim("explain", finished.folder, "--arm", "siloed", "--format", "json").table() == []
    assert igrsim("explain", finished.folder, "--space", "TT", "--month", "2019-06").code == 0
    for option, value, words in (
        ("--arm", "hubs", "did you mean 'hub'"),
        ("--space", "DC15", "unknown space 'DC15'"),
        ("--month", "June", "YYYY-MM is needed"),
        ("--month", "2019-03", "outside the study, which runs from 2019-04 to 2019-06"),
        ("--out", "pages", "--space and --month are needed"),
    ):
        said = igrsim("explain", finished.folder, option, value)
        no_traceback(said, 2)
        assert words in said.err


def test_a_damaged_folder_is_said_in_one_line(finished: Said, tmp_path: Path) -> None:
    import shutil

    for name, content in (
        ("manifest.json", b"{"), ("manifest.json", b"[]"), ("manifest.json", b'{"schema": 99}'), ("runs.parquet", b"PAR1"),
    ):  # fmt: skip
        folder = tmp_path / name / str(len(content))
        shutil.copytree(finished.folder, folder)
        (folder / name).write_bytes(content)
        if name.startswith("manifest"):
            said = igrsim("report", folder)
            no_traceback(said, 2)
            assert "run the study again" in said.err
        else:
            with pytest.raises(ValueError, match="missing or damaged"):
                _ = Results(folder).runs


def test_plan_says_what_it_takes_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path)
    rows = {row["what"]: row["value"] for row in igrsim("plan", "study.toml", "--format", "json").table()}
    assert rows["cells"].startswith("4 = 2 arms x 2 pairs")
    assert {"minutes", "megabytes a worker", "workers"} <= set(rows)
    assert rows["arm siloed"] == "the reference"
    assert rows["arm hub"].startswith("adds district-hub")
    assert [f.name for f in tmp_path.iterdir()] == ["study.toml"]


def test_compare_is_a_study_without_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_report(monkeypatch)
    said = igrsim(
        "compare", "siloed", "district-hub-core", "--scope", "two-towns", "--months", 2, "--worlds", 2, "--futures", 1,
        "--citizens", "50", "--rollout", "all-at-once", "--start", "2020-07-01", "--out", tmp_path / "out",
        "--workers", 1, "--format", "csv",
    )  # fmt: skip
    assert said.code == 0, said.err
    assert said.out.startswith("arm,reference,metric,unit,mean,difference,low,high,pairs,verdict")
    manifest = Results(said.folder).manifest
    assert (manifest["start"], manifest["months"], manifest["citizens"]) == ("2020-07", 2, 50)
    assert manifest["first_wave"]["district-hub-core"] == "2020-07"
    assert manifest["reproduce"]["command"].startswith("igrsim compare siloed district-hub-core --scope two-towns")
    again = manifest["reproduce"]["command"].split()[1:]
    same = igrsim(*again, "--out", tmp_path / "again", "--workers", 1)
    assert same.folder.name == said.folder.name
    assert tables(same.folder) == tables(said.folder)


@pytest.mark.parametrize("study", ["one arm", "one month", "one person", "no primary metric"])
def test_the_smallest_studies(tmp_path: Path, study: str) -> None:
    text = {
        "one arm": STUDY[: STUDY.index("[arms.hub]")] + STUDY[STUDY.index("[futures]") :],
        "one month": STUDY.replace("months = 3", "months = 1").replace("worlds = 2", "worlds = 1"),
        "one person": STUDY.replace("citizens = 60", "citizens = 1"),
        "no primary metric": STUDY + "primary = []\n",
    }[study]
    said = igrsim("run", write(tmp_path, text), "--out", tmp_path / "out")
    assert said.code == 0, said.err
    assert (said.folder / "report.html").stat().st_size > 10_000


def test_python_gives_what_the_command_line_gives(tmp_path: Path) -> None:
    import igrsim as igr

    options = {"scope": "two-towns", "months": 2, "worlds": 2, "futures": 2, "citizens": 50, "workers": 1}
    results = igr.compare(["siloed", "district-hub-core"], out=tmp_path / "out", **options)
    assert results.arms == ["siloed", "district-hub-core"]
    assert len(results.monthly) == 2 * 2 * 2
    assert results.effects().pairs.max() == 2


# Folders that cannot be written


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("here already", encoding="utf-8")
    no_traceback(igrsim("run", write(tmp_path), "--out", tmp_path / "out"), 2)
    assert (tmp_path / "out").read_text(encoding="utf-8") == "here already"


def test_a_read_only_folder(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o500)
    try:
        (locked / "try").touch()
        pytest.skip("this user may write everywhere")
    except OSError:
        said = igrsim("run", write(tmp_path), "--out", locked / "out")
    finally:
        locked.chmod(0o700)
    no_traceback(said, 2)
    assert "cannot write to" in said.err


@pytest.mark.skipif(sys.platform != "linux", reason="a folder nobody can write to")
def test_a_folder_nobody_can_write_to(tmp_path: Path) -> None:
    said = igrsim("run", write(tmp_path), "--out", "/proc/out")
    no_traceback(said, 2)
    assert "cannot write to '/proc/out'" in said.err


# Interrupted


@pytest.mark.skipif(os.name != "posix", reason="signals of a terminal")
@pytest.mark.parametrize("kind", ["interrupted", "killed"])
def test_what_was_finished_is_kept(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = STUDY.replace("worlds = 2", "worlds = 40").replace("citizens = 60", "citizens = 500")
    study, out = write(tmp_path, text.replace("months = 3", "months = 6")), tmp_path / "out"
    begun = subprocess.Popen(
        command("run", study, "--out", out, "--workers", 2),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # tests that run in a shell's background are deaf to Ctrl-C; the command is not to inherit that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        until = time.monotonic() + 60
        while not any((out / "cells").glob("[0-9a-f]*")) and time.monotonic() < until:
            assert begun.poll() is None, begun.stderr
            time.sleep(0.05)
        # as a terminal does: to every process of the command
        os.killpg(begun.pid, signal.SIGINT if kind == "interrupted" else signal.SIGKILL)
        _, said = begun.communicate(timeout=60)
    finally:
        if begun.poll() is None:
            begun.kill()
    assert "Traceback" not in said
    if kind == "interrupted":
        assert begun.returncode == 130, said
        assert "what was finished is kept" in said
    kept = len(list((out / "cells").glob("[0-9a-f]*")))
    assert 1 <= kept < 80
    without_report(monkeypatch)
    # fewer worlds of the same study: those kept are used, and nothing half is read
    again = igrsim("run", study, "--out", out, "-s", "replication.worlds=4")
    assert again.code == 0, again.err
    assert Results(again.folder).manifest["run"]["computed"] < 8


def test_where_it_loses_is_told_and_written(finished: Said) -> None:
    said = igrsim("losses", finished.folder, "--format", "json")
    assert said.code == 0, said.err
    rows = said.table()
    assert {row["metric"] for row in rows} <= {"duplicate_spend_share", "hours_per_need", "meeting_hours"}
    assert all(0 <= row["share_worse"] + row["share_better"] <= 1 for row in rows)
    page = (finished.folder / "where_it_loses.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "needed to tell one assumption from another" in page
    assert (finished.folder / "losing" / "spaces.csv").exists()


def test_the_reference_cannot_lose_against_itself(finished: Said) -> None:
    reference = Results(finished.folder).reference
    said = igrsim("losses", finished.folder, "--arm", reference)
    no_traceback(said, 2)
    said = igrsim("losses", finished.folder, "--metric", "meeting_hour")
    assert said.code == 2
    assert "meeting_hours" in said.err
