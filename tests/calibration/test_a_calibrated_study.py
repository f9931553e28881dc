"""A study whose numbers stand where a parameter file puts them: the file, the cells, the report, and what may be wrong with it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from igrsim.kernel.params import all_params
from igrsim.results.results import Results
from igrsim.runs.futures import design
from igrsim.runs.layout import lay_out
from igrsim.runs.study import FuturesPart, read_study
from small_study import STUDY, igrsim, no_traceback, tables, without_report, write

GOOD = """\
# made by hand
[about]
model = "0123"
[set]
"engagement.convening" = 6.5
"reporting.silence" = 0.2
[[moved]]
name = "reporting.silence"
"""


def study_with(tmp_path: Path, text: str = GOOD, extra: str = "", study: str = STUDY) -> Path:
    file = write(tmp_path, text, "calibrated.toml")
    return write(tmp_path, study.replace("months = 3", f'months = 3\ncalibration = "{file}"{extra}'))


def test_values_take_the_place_of_defaults_in_every_arm_but_for_what_an_arm_sets(tmp_path: Path) -> None:
    text = STUDY.replace('rollout = "all-at-once"', 'rollout = "all-at-once"\nset = { "reporting.silence" = 0.7 }')
    text = text.replace("n = 2", 'method = "none"')
    study, _ = read_study(study_with(tmp_path, study=text))
    cells = {cell.arm: dict(cell.spec.params) for cell in lay_out(study).cells}
    assert cells == {
        "siloed": {"engagement.convening": 6.5, "reporting.silence": 0.2},
        "hub": {"engagement.convening": 6.5, "reporting.silence": 0.7},
    }
    plain, _ = read_study(write(tmp_path, text, "plain.toml"))
    assert not {cell.digest for cell in lay_out(study).cells} & {cell.digest for cell in lay_out(plain).cells}


def test_futures_spread_about_the_calibrated_value() -> None:
    name, n = "reporting.silence", 400
    part, p = FuturesPart(n=n, vary=[name]), all_params()[name]
    low, usual, high = (
        np.array([future[name] for future in design(part, 3, calibrated)])
        for calibrated in ({name: p.low}, None, {name: p.high})
    )
    for mode, found in ((p.low, low), (p.default, usual), (p.high, high)):
        assert found.mean() == pytest.approx((p.low + mode + p.high) / 3, abs=0.002)
    assert low.min() >= p.low
    assert high.max() <= p.high
    # the same luck: a future that lies low lies low wherever the middle is
    assert (np.argsort(low) == np.argsort(high)).all()


def test_what_is_not_varied_stands_where_the_file_puts_it(tmp_path: Path) -> None:
    text = STUDY.replace("n = 2", 'n = 2\nvary = ["reporting.silence"]')
    plan = lay_out(read_study(study_with(tmp_path, study=text))[0])
    params = [dict(cell.spec.params) for cell in plan.cells]
    assert {p["engagement.convening"] for p in params} == {6.5}
    assert len({p["reporting.silence"] for p in params}) == 2
    # what did not vary is no column of the design
    assert all(set(future) == {"reporting.silence"} for future in plan.futures)


def test_a_calibrated_study_from_the_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = study_with(tmp_path)
    first = igrsim("run", file, "--out", tmp_path / "one")
    assert first.code == 0, first.err
    results = Results(first.folder)
    values = {"engagement.convening": 6.5, "reporting.silence": 0.2}
    assert results.manifest["calibration"] == {"file": "calibrated.toml", "model": "0123", "set": values}
    page = (first.folder / "report.html").read_text(encoding="utf-8")
    assert "Calibrated numbers" in page
    assert "engagement.convening from 12 to 6.5; reporting.silence from 0.5 to 0.2" in page
    assert "another version of the model" in page
    resolved = tomllib.loads((first.folder / "resolved.toml").read_text(encoding="utf-8"))
    assert resolved["world"]["calibration"] == {"file": "calibrated.toml", "model": "0123", "set": values}

    # the resolved study needs the parameter file no more, and gives the same bytes
    (tmp_path / "calibrated.toml").unlink()
    again = igrsim("run", first.folder / "resolved.toml", "--out", tmp_path / "two")
    assert again.code == 0, again.err
    one, two = tables(first.folder), tables(again.folder)
    assert again.folder.name == first.folder.name
    # the study as its author wrote it, and the command
    for differs in ("study.toml", "manifest.json", "report.html", "ro-crate-metadata.json"):
        one.pop(differs)
        two.pop(differs)
    assert one == two

    without_report(monkeypatch)
    plain = igrsim("run", write(tmp_path, name="plain.toml"), "--out", tmp_path / "one")
    assert plain.code == 0
    assert Results(plain.folder).manifest["run"]["computed"] == 4
    assert Results(plain.folder).manifest["calibration"] is None
    assert not results.runs["report_hours"].equals(Results(plain.folder).runs["report_hours"])


def test_it_can_be_named_on_the_command_line(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD, "calibrated.toml")
    said = igrsim("check", write(tmp_path), "-s", f"world.calibration={file}")
    assert said.code == 0, said.err
    wrong = igrsim("check", write(tmp_path), "-s", "world.calibration=nowhere.toml")
    no_traceback(wrong, 2)
    assert "nowhere.toml: error E180: parameter file cannot be read: No such file or directory" in wrong.err


# what the file says, and the line and words of the answer
WRONG = {
    "unknown parameter": ('[set]\n"reporting.silense" = 0.2', 2, "(did you mean 'reporting.silence'?)"),
    "out of range": ('[set]\n"reporting.silence" = 2', 2, "reporting.silence = 2 share is outside 0.2 to 0.8"),
    "not a number": ('[set]\n"reporting.silence" = nan', 2, "a finite number is needed"),
    "in quotes": ('[set]\n"reporting.silence" = "0.2"', 2, "a finite number is needed"),
    "a choice": ('[set]\n"district-hub.posts" = 3', 2, "'district-hub.posts' is a choice of policy"),
    "a whole group": ("[set]\nreporting = 0.2", 2, "unknown parameter 'reporting'"),
    "no TOML": ("[set]\nx = = 1", 2, "is no TOML"),
    "no set": ("[about]\nseed = 1", 1, "is no parameter file: it has no [set]"),
    "set is no table": ("set = 3", 1, "is no parameter file: it has no [set]"),
    "a study": (STUDY, 1, "unknown key 'title'"),
    "a misspelt table": ("[sets]\n", 1, "unknown key 'sets' (did you mean 'set'?)"),
    "nothing": ("", None, "is no parameter file: it has no [set]"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_bad_parameter_file_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    text, line, words = WRONG[name]
    said = igrsim("check", study_with(tmp_path, text))
    no_traceback(said, 2)
    place = rf":{line}:[0-9]+: error" if line else ": error"
    assert re.match(re.escape(str(tmp_path / "calibrated.toml")) + place, said.err), said.err
    assert words in said.err


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("3", "study.toml:5:15: error E142: world.calibration = 3: the name of a parameter file is needed"),
        ('""', "parameter file cannot be read: Is a directory"),
        ('{ file = "x", set = { "reporting.silense" = 0.2 } }', "study.toml:5:37: error E183: unknown parameter 'reporting.silense'"),
        ('{ file = "x", set = { "reporting.silence" = 9 } }', "study.toml:5:59: error E202: reporting.silence = 9 share is outside"),
        ('{ file = "x", sets = {} }', "study.toml:5:29: error E140: unknown key 'world.calibration.sets' (did you mean 'set'?)"),
        ("{ set = {} }", "study.toml:5:15: error E141: 'world.calibration.file' is missing"),
    ],
)  # fmt: skip
def test_a_bad_key_is_told_in_one_line(tmp_path: Path, given: str, words: str) -> None:
    said = igrsim("check", write(tmp_path, STUDY.replace("months = 3", f"months = 3\ncalibration = {given}")))
    no_traceback(said, 2)
    assert words in said.err


def test_files_that_are_no_text_or_too_large(tmp_path: Path) -> None:
    file = study_with(tmp_path)
    (tmp_path / "calibrated.toml").write_bytes(b"\xff\xfe\x00")
    said = igrsim("check", file)
    no_traceback(said, 2)
    assert "is not UTF-8 text" in said.err
    (tmp_path / "calibrated.toml").write_bytes(b"# " + b"x" * 1_000_001)
    said = igrsim("check", file)
    no_traceback(said, 2)
    assert "larger than 1000000 bytes" in said.err
