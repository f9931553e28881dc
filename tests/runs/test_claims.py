"""The author's own checks: what holds, what fails and where first, and what cannot be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from igrsim.results.results import Results
from small_study import STUDY, igrsim, no_traceback, without_report, write

HUB = 'rollout = "all-at-once"'
SAME = """
[[check]]
it = "arms are identical before the first wave"
expect = "abs(diff) == 0 while month < first_wave"
"""


def asked(text: str) -> str:
    return f'\n[[check]]\nit = "a check"\n{text}\n'


def test_checks_of_a_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_report(monkeypatch)
    (tmp_path / "waves.csv").write_text("space,start\nTT,2019-06-15\n", encoding="utf-8")
    text = STUDY.replace(HUB, f"rollout = '{tmp_path / 'waves.csv'}'").replace("months = 3", "months = 4")
    checks = [
        SAME,
        asked('expect = "diff == 0"\narm = "hub"'),
        asked('expect = "abs(diff) == 0 while month < first_wave"\nmetric = "meeting_hours"'),
        asked('expect = "arm > 0 and reference > 0"\nmetric = "meeting_hours"'),
        asked('expect = "diff == 0 while month > 99"'),
        asked('expect = "diff == 0 while month < first_wave"\nmetric = "hours_per_need_both"'),
    ]
    study = write(tmp_path, text + "".join(checks))
    said = igrsim("run", study, "--out", tmp_path / "out")
    assert said.code == 0, said.err
    rows = Results(said.folder).checks().to_dict("records")[-len(checks) :]
    assert [row["passed"] for row in rows] == [True, False, True, True, True, True]
    assert rows[0]["name"] == "arms are identical before the first wave"
    assert rows[0]["expected"] == "abs(diff) == 0 while month < first_wave (every count)"
    # two months, one space, two pairs of runs
    assert rows[2]["found"] == "holds in all 4 values of 2 pairs of runs"
    assert rows[3]["found"] == "holds in all 8 values of 2 pairs of runs"
    assert "fails in" in rows[1]["found"]
    assert "first in hub, future 0, world 0, 2019-06, TT: " in rows[1]["found"]
    # what is never asked for does not pass for something that holds
    assert rows[4]["found"] == rows[5]["found"] == "never asked for in 2 pairs of runs"
    assert "FAIL a check: fails in" in said.err
    assert "1 CHECKS FAILED" in said.err
    # the resolved study has them too
    assert (said.folder / "resolved.toml").read_text(encoding="utf-8").count("[[check]]") == len(checks)
    resolved = write(tmp_path, (said.folder / "resolved.toml").read_text(encoding="utf-8"), "again.toml")
    again = igrsim("run", resolved, "--out", tmp_path / "out")
    assert again.folder == said.folder


@pytest.mark.fast
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('expect = "abs(diff = 0"', "'=='"),
        ('expect = "dif == 0"', "unknown name 'dif' (did you mean 'diff'?)"),
        ('expect = "diff"', "a comparison is needed"),
        ('expect = "diff == 0 while"', "a number or a name is needed"),
        ('expect = ""', "column"),
        ('expct = "diff == 0"', "unknown key 'check.0.expct' (did you mean 'expect'?)"),
        ("", "'check.0.expect' is missing"),
        ('expect = "diff == 0"\nmetric = "meeting_hour"', "(did you mean 'meeting_hours'?)"),
        ('expect = "diff == 0"\narm = "hubs"', "unknown arm 'hubs' (did you mean 'hub'?)"),
        ('expect = "diff == 0"\narm = "siloed"', "name another arm"),
    ],
)
def test_a_check_that_cannot_be_asked(tmp_path: Path, text: str, words: str) -> None:
    said = igrsim("check", write(tmp_path, STUDY + asked(text)))
    no_traceback(said, 2)
    assert words in said.err
    line = int(said.err.split("study.toml:")[1].split(":")[0])
    assert line > len(STUDY.splitlines())


@pytest.mark.fast
def test_what_it_says_is_no_formula_and_there_is_an_arm_to_compare(tmp_path: Path) -> None:
    formula = SAME.replace('"arms are', '"=arms are')
    no_traceback(said := igrsim("check", write(tmp_path, STUDY + formula)), 2)
    assert "begins with a letter" in said.err
    alone = STUDY.replace(STUDY[STUDY.index("[arms.hub]") : STUDY.index("[futures]")], "")
    no_traceback(said := igrsim("check", write(tmp_path, alone + SAME)), 2)
    assert "no arm but the reference" in said.err
