"""`igrsim rollout evaluate` on a made-up study: its tables, its page, and what it refuses."""

from __future__ import annotations

import csv
import html
import json
import re
import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from igrsim.report.evaluation_in_words import order_by_need, percent, plan_in_words
from igrsim.results.results import Results
from igrsim.results.rollout_evaluation import paths_of
from igrsim.results.seeable import CONFOUNDED, SEEN, UNMEASURABLE
from igrsim.views.metric import metrics_of
from made_up_study import write_study
from small_study import Said, igrsim

ARMS = ("siloed", "staggered", "at-once")
METRICS = ("--metric", "meeting_hours", "--metric", "rand_per_need")


def dated(folder: Path) -> Path:
    """A study in which one arm has three waves and the other one date."""
    write_study(folder, arms=ARMS, worlds=3, months=24)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for i, space in enumerate(manifest["spaces"]):
        space["hub_from"] = {
            "siloed": None,
            "staggered": ("2019-10", "2020-04", "2020-10")[i // 2],
            "at-once": "2020-04",
        }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dated(tmp_path_factory.mktemp("dated") / "study")


@pytest.fixture(scope="module")
def said(folder: Path) -> Said:
    return igrsim("rollout", "evaluate", folder, *METRICS, "--draws", 1, "-s", "noise=0.05", "--format", "json")


def test_it_answers_with_a_row_an_arm_and_metric(folder: Path, said: Said) -> None:
    assert said.code == 0
    rows = said.table()
    assert [(row["arm"], row["metric"]) for row in rows] == [(a, m) for a in ARMS[1:] for m in METRICS[1::2]]
    at_once = next(row for row in rows if row["arm"] == "at-once")
    assert at_once["verdict"] == UNMEASURABLE
    assert at_once["power"] is None
    assert "No evaluation of this kind could ever see what at-once does" in said.err
    table = pd.read_csv(folder / "rollout_evaluation.csv")
    assert set(table["arm"]) == set(ARMS[1:])
    kept = pd.read_csv(folder / "rollout_evaluation_summary.csv")
    assert list(kept["verdict"]) == [row["verdict"] for row in rows]
    with (folder / "rollout_evaluation.csv").open(encoding="utf-8", newline="") as file:
        assert not any(cell[:1] in "=+@" for row in csv.reader(file) for cell in row if cell)


def test_the_page_says_what_the_table_says_and_fetches_nothing(folder: Path, said: Said) -> None:
    page = (folder / "rollout_evaluation.html").read_text(encoding="utf-8")
    assert not re.findall(r"(?:src|href)=\"(?!data:|#)", page)
    assert "<duplication>" not in page
    assert "&lt;duplication&gt;" in page
    plain = html.unescape(page)
    rows = pd.read_csv(folder / "rollout_evaluation_summary.csv")
    for row in rows[rows["power"].notna()].to_dict("records"):
        assert f"{percent(row['power'])} ({round(100 * row['power_low'])} to {round(100 * row['power_high'])})" in plain
    assert "-s noise=0.05" in plain
    assert "evaluation.noise_unreliable" in plain
    assert "Wang and De Gruttola 2017" in plain


def test_the_same_bytes_again(folder: Path, said: Said, tmp_path: Path) -> None:
    again = dated(tmp_path / "study")
    igrsim("rollout", "evaluate", again, *METRICS, "--draws", 1, "-s", "noise=0.05")
    files = ["rollout_evaluation.csv", "rollout_evaluation_summary.csv", "rollout_evaluation.html",
             "rollout_evaluation/power_by_month.svg"]  # fmt: skip
    for name in files:
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name


def test_sentences_follow_the_rows(folder: Path, said: Said) -> None:
    results = Results(folder)
    known = {m.name: m for m in metrics_of(results)}
    row = {
        "arm": "a", "metric": "meeting_hours", "verdict": SEEN, "two_years": 24, "power_two_years": 0.9, "power": 0.95,
        "trend": True, "false_alarms": 0.4, "spill_over": 0.31, "better_dates": "order by lot", "better_power": 0.99, "truth_so_far": 2.0,
    }  # fmt: skip
    words = " ".join(plan_in_words("a", pd.DataFrame([row]), known, -0.9, 3))
    for part in ("would probably see the effect on meeting hours", "each of them would be found", "poorer spaces start earlier",
                 "meeting hours (40\u202f%)", "meeting hours (31\u202f% of the effect)", "from 95\u202f% to 99\u202f%"):  # fmt: skip
        assert part in words
    trend = " ".join(plan_in_words("a", pd.DataFrame([row | {"verdict": CONFOUNDED}]), known, 0.0, 3))
    assert "cannot tell the effect on meeting hours from a trend" in trend
    assert "none of them would be found" in trend
    quiet = row | {"trend": False, "spill_over": 0.01, "better_dates": None, "power_two_years": 0.2}
    words = " ".join(plan_in_words("a", pd.DataFrame([quiet]), known, 0.0, 3))
    assert "none of them would be found" in words
    assert "Spill-over is small" in words
    assert "rank correlation" not in words
    assert order_by_need(paths_of(results, "at-once", [])) == 0.0


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (["--every", "yearly"], "E350", "monthly or quarterly"),
        (["-s", "nose=1"], "E351", "did you mean 'noise'"),
        (["--arm", "siloed"], "E355", "starts nothing"),
        (["--arm", "stagered"], "E110", "did you mean 'staggered'"),
        (["--metric", "meeting_hour"], "E110", "did you mean 'meeting_hours'"),
    ],
)
def test_what_cannot_be_evaluated_is_refused_in_a_line(folder: Path, more: list[str], code: str, words: str) -> None:
    refused = igrsim("rollout", "evaluate", folder, *more)
    assert refused.code == 2
    assert f"error {code}" in refused.err
    assert words in refused.err
    assert refused.err.count("\n") == 1


def test_a_study_without_a_roll_out_is_refused(tmp_path: Path) -> None:
    write_study(tmp_path, arms=("siloed",), worlds=1, months=6)
    refused = igrsim("rollout", "evaluate", tmp_path)
    assert (refused.code, "error E354" in refused.err) == (2, True)


def test_starts_that_were_put_off_are_told(tmp_path: Path) -> None:
    folder = dated(tmp_path / "study")
    rows = [
        {"cell": w, "arm": "staggered", "future": 0, "world": w, "space": f"S{i}", "milestone": "taken in",
         "planned": "2019-10", "reached": ("2019-10", "2020-01", None, "2019-10")[i]}
        for w in range(3)
        for i in range(4)
    ]  # fmt: skip
    pd.DataFrame([*rows, rows[0] | {"planned": "2031-01", "reached": None}]).to_parquet(folder / "milestones.parquet")
    said = igrsim("rollout", "evaluate", folder, *METRICS, "--arm", "staggered", "--draws", 1)
    assert said.code == 0
    page = html.unescape(next(folder.glob("*evaluation*.html")).read_text(encoding="utf-8"))
    for told in (said.err, page):
        assert re.search(r"50.% of starts come later than planned", told)
        assert "the effect of being due" in told
    assert paths_of(Results(folder), "at-once", ["meeting_hours"]).slipped == 0
