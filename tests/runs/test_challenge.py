"""The challenge: a search that finds what was planted, a study of seconds challenged from the shell, and what it says."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from igrsim.kernel.draws import Draws
from igrsim.report.challenge_in_words import about_box, about_few, how_often
from igrsim.report.challenge_page import told
from igrsim.results.scenario_discovery import find_box
from igrsim.runs.catalogue import known_params
from igrsim.runs.cell_metrics import known_metrics
from igrsim.runs.challenge import ALONE, FEW, LOT, SEARCH, Challenge, Tried, _Life, few_moved, place_of_default
from igrsim.runs.challenge_tables import _summary, folder_of, tables_of
from igrsim.runs.futures import triangular, varied
from igrsim.runs.study import make_study, read_study
from igrsim.runs.worst_case import leanings, next_points, reflected
from small_study import STUDY, Said, igrsim, no_traceback, write

SMALL = (
    STUDY.replace(
        "n = 2", 'n = 2\nvary = ["engagement.base_attendance", "engagement.fatigue", "trust.initial", "planning.error"]'
    )
    .replace("months = 3", "months = 2")
    .replace("citizens = 60", "citizens = 30")
    .replace("[analysis]\n", '[analysis]\nprimary = ["meeting_hours", "duplicate_spend_share"]\n')
)


def planted(unit: np.ndarray) -> np.ndarray:
    """Loses only in one corner of two numbers of many."""
    return 2 * unit[:, 3] - 2 * unit[:, 7] - 1.6


def test_the_search_finds_a_corner_that_lots_miss() -> None:
    unit = np.random.default_rng(2).uniform(size=(40, 60))
    by_lot = planted(unit)
    leaning, bound = leanings(unit, by_lot)
    assert abs(leaning[3]) > bound
    assert abs(leaning[7]) > bound
    assert (np.abs(leaning) > bound).sum() <= 3
    tried, worse = unit, by_lot
    for turn in range(4):
        more = next_points(tried, worse, leaning, Draws(1), turn, 8)
        assert ((more >= 0) & (more <= 1)).all()
        assert np.array_equal(more, next_points(tried, worse, leaning, Draws(1), turn, 8)), "keyed, not consumed"
        tried, worse = np.vstack([tried, more]), np.append(worse, planted(more))
    assert by_lot.max() < 0.25 < worse.max()


def test_without_any_leaning_the_search_still_moves() -> None:
    unit = np.random.default_rng(2).uniform(size=(20, 5))
    assert not leanings(unit, np.zeros(20))[0].any()
    more = next_points(unit, np.append(np.nan, np.arange(19.0)), np.zeros(5), Draws(1), 0, 6)
    assert len(np.unique(more.round(6), axis=0)) == 6
    assert reflected(np.array([-0.2, 0.4, 1.3])) == pytest.approx([0.2, 0.4, 0.7])


def test_only_the_most_telling_numbers_are_moved() -> None:
    worst, defaults = np.linspace(0.1, 0.9, 12), np.full(12, 0.5)
    leaning = np.zeros(12)
    leaning[[2, 11]] = 0.9, -0.8
    nothing, three, ten = few_moved(worst, leaning, defaults)
    assert (nothing == defaults).all()
    assert set(np.flatnonzero(three != defaults)) >= {2, 11}
    assert (three != defaults).sum() == 3
    assert (ten != defaults).sum() == 10


def test_the_place_of_a_default_gives_the_default_back() -> None:
    from igrsim.kernel.params import all_params

    p = all_params()["trust.initial"]
    assert triangular(np.array([place_of_default(p, p.default)]), p)[0] == pytest.approx(p.default)


@pytest.fixture(scope="module")
def challenged(tmp_path_factory: pytest.TempPathFactory) -> Said:
    folder = tmp_path_factory.mktemp("challenged")
    done = igrsim("challenge", write(folder, SMALL), "--budget", 52, "--worlds", 1, "--out", folder / "out",
                  "--satisfy", "meeting_hours<=1000", "--satisfy", "net_benefit>=1e9", "--format", "json")  # fmt: skip
    assert done.code == 0, done.err
    return done


def page_of(done: Said) -> Path:
    return Path(next(line[6:] for line in done.err.splitlines() if line.startswith("page: ")))


def test_a_study_is_challenged_from_the_shell(challenged: Said) -> None:
    rows = {row["metric"]: row for row in challenged.table()}
    meeting = rows["meeting_hours"]
    assert meeting["arm"] == "hub"
    assert meeting["futures"] == 15
    assert meeting["searched"] == 2
    assert meeting["fresh_worlds"] == 5
    assert 0 <= meeting["share_low"] <= meeting["lost"] / 15 <= meeting["share_high"] <= 1
    folder = page_of(challenged).parent
    tables = {file.stem: pd.read_csv(file) for file in (folder / "challenge").iterdir() if file.stat().st_size > 1}
    futures = tables["futures"]
    assert futures["sample"].value_counts().to_dict() == {"by lot": 15, "search": 2, "few moved": 3}
    assert (futures["worst"].sum(), len(tables["numbers"])) == (1, 20)
    worst = futures[futures["worst"]].iloc[0]
    assert worst["meeting_hours"] == futures[futures["sample"] != "few moved"]["meeting_hours"].max()
    asked = tables["satisficing"].set_index(["arm", "threshold"])["share"]
    assert asked["hub", "meeting_hours <= 1000"] == 1
    assert asked["hub", "net_benefit >= 1e+09"] == 0
    assert asked["hub", "all of these"] == 0
    regret = tables["regret"].set_index(["metric", "arm"])
    assert (regret["best_in"].groupby("metric").sum() >= 1).all()
    assert (regret["max_regret"] >= regret["p90_regret"]).all()
    assert "the same to the byte" in challenged.err
    page = page_of(challenged).read_text(encoding="utf-8")
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "When does hub lose?" in page


def test_it_resumes_and_gives_the_same_bytes(challenged: Said) -> None:
    folder = page_of(challenged).parent
    before = {f.name: f.read_bytes() for f in (folder / "challenge").iterdir()}
    out = folder.parent
    again = igrsim("challenge", out.parent / "study.toml", "--budget", 52, "--worlds", 1, "--out", out,
                   "--satisfy", "meeting_hours<=1000", "--satisfy", "net_benefit>=1e9", "--format", "json")  # fmt: skip
    assert again.out == challenged.out
    assert {f.name: f.read_bytes() for f in (folder / "challenge").iterdir()} == before


def test_the_worst_future_runs_again_as_a_study(challenged: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("igrsim.report.write_report", lambda folder, boundaries=None: folder / "report.html")
    folder = page_of(challenged).parent
    done = igrsim("run", folder / "worst_case.toml", "--out", folder.parent, "--format", "json")
    assert done.code == 0, done.err
    told = pd.read_csv(folder / "challenge" / "futures.csv")
    effect = next(row for row in done.table() if row["metric"] == "meeting_hours")
    assert effect["difference"] == pytest.approx(float(told[told["worst"]]["meeting_hours"].iloc[0]))


def test_the_least_budget_leaves_no_search(challenged: Said) -> None:
    out = page_of(challenged).parents[1]
    done = igrsim(
        "challenge",
        out.parent / "study.toml",
        "--budget",
        38,
        "--worlds",
        1,
        "--workers",
        "auto",
        "--out",
        out,
        "--format",
        "json",
    )
    assert done.code == 0, done.err
    assert done.table()[0]["futures"] == 10
    assert "steered to the worst" not in done.err


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--budget", "37", "--worlds", "1"), "E266"),
        (("--arm", "siloed"), "E269"),
        (("--arm", "hubb"), "E110"),
        (("--metric", "meeting_hour"), "E110"),
        (("--satisfy", "meeting_hours<2"), "E270"),
        (("--satisfy", "meeting<=2"), "E271"),
        (("-s", "futures.method=none"), "E272"),
    ],
)
def test_what_cannot_be_challenged_is_refused(tmp_path: Path, options: tuple[str, ...], code: str) -> None:
    said = igrsim("challenge", write(tmp_path, SMALL), "--out", tmp_path / "out", *options)
    no_traceback(said, 2)
    assert code in said.err


def test_a_metric_of_which_neither_is_better_cannot_be_lost_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = [replace(metric, better="neither") for metric in known_metrics(["ties"])]
    monkeypatch.setattr("igrsim.runs.challenge.known_metrics", lambda names: known)
    said = igrsim("challenge", write(tmp_path, SMALL), "--out", tmp_path / "out", "--metric", "ties")
    no_traceback(said, 2)
    assert "E267" in said.err


def test_what_a_study_leaves_out_is_not_lived(tmp_path: Path) -> None:
    text = SMALL + "\n[[exclude]]\nwhen = 'engagement.base_attendance > 0.6'\n"
    study, _ = read_study(write(tmp_path, text))
    life = _Life(study, varied(study.futures), known_metrics(["ties"]), tmp_path / "out", 1, None)
    places = np.array([[0.05, 0.5, 0.5, 0.5], [0.95, 0.5, 0.5, 0.5]])
    assert {cell.future for cell in life.cells(places, ["siloed", "hub"], range(1), 0)} == {0}
    assert len(life.cells(places[:1], ["siloed", "hub"], range(3), 0)) == 6


ROW: dict[str, Any] = {
    "arm": "hub", "metric": "meeting_hours", "unit": "hours", "worlds": 2, "futures": 100, "undefined": 0, "lost": 0, "materially_lost": 0,
    "share_low": 0.0, "share_high": 0.0295, "mean_difference": -3.0, "variance_of_luck": 0.25,
}  # fmt: skip


def test_nothing_found_is_said_with_the_rule_of_three() -> None:
    said = " ".join(how_often(ROW, "siloed")).replace("\u202f", " ")
    assert "No future was found in which hub does worse than siloed on meeting hours, of 100 tried by lot" in said
    assert "with 95 % confidence it does in fewer than 3 % of plausible futures in these 2 worlds." in said
    assert "75 % goes with the numbers alone and 25 % with luck, or numbers and luck together" in said
    searched = {"searched": 20.0, "search_lost": 3.0, "worst": 1.5, "fresh_worlds": 5, "fresh_lost": 4}
    found = " ".join(how_often(ROW | searched, "siloed"))
    assert "found 3 among 20 more: they exist, and are rare" in found
    assert "worse than the reference in 4 of them" in found
    lost = how_often(ROW | {"lost": 30, "materially_lost": 20, "share_low": 0.212, "share_high": 0.399}, "siloed")
    assert "in 30 of 100 futures drawn by lot, in 20 of them by more than is material" in lost[0]
    assert "between 21\u202f% and 40\u202f% of plausible futures in these 2 worlds." in lost[0]
    assert "of plausible futures in this world." in how_often(ROW | {"worlds": 1}, "siloed")[0]


def test_rules_are_told_with_what_chance_finds() -> None:
    unit = np.random.default_rng(1).uniform(size=(150, 6))
    lost = unit[:, 1] > 0.7
    box = find_box(unit, lost, [f"x.{k}" for k in range(6)], shuffles=20)
    rules = pd.DataFrame(
        [{"parameter": "x.1", "unit": "share", "low": 0.7, "high": 1.0, "place_low": 0.7, "place_high": 1.0}]
    )
    said = " ".join(about_box(box, rules, int(lost.sum()), 150, "hub"))
    assert "Hub loses where x.1 is above 0.7 share" in said
    assert "as good a box would be found with probability 0.048: chance seldom finds as much" in said
    pooled = find_box(unit, lost, [f"x.{k}" for k in range(6)], shuffles=0)
    assert "by lot" not in " ".join(about_box(pooled, rules, int(lost.sum()), 150, "hub"))
    assert "it takes 5 to tell" in about_box(None, rules, 2, 150, "hub")[0]


def test_a_guess_is_called_one() -> None:
    worst = pd.DataFrame({"parameter": ["a", "b", "c", "d"], "beyond_chance": [False] * 4})
    said = " ".join(about_few(worst, [(0, -1.0), (3, 2.0)], "hours", 1.0))
    assert "With every number at its default it does not lose" in said
    assert (
        "With only a, b and c where the worst future has them and all else at its default, it loses: +2.00 hours."
        in said
    )
    assert "is a guess" in said
    sure = " ".join(about_few(worst.assign(beyond_chance=[True, False, False, False]), [], "hours", 1.0))
    assert "a goes with losing by more than chance" in sure


def made_up(margin: dict[str, float]) -> Challenge:
    """Twenty futures by lot in which hub's meeting hours are 0.1 to 2 more, at a level of 10."""
    study = make_study({
        "title": "x", "arms": {"siloed": {"regime": "siloed", "reference": True}, "hub": {"regime": "district-hub-core"}},
        "world": {"scope": "two-towns"}, "analysis": {"primary": ["meeting_hours"], "margin": margin},
    })  # fmt: skip
    tried = Tried([np.array([k / 20]) for k in range(20)], [LOT] * 20)
    for arm, worse in (("siloed", 0.0), ("hub", 0.1)):
        tried.values[arm, "meeting_hours"] = [np.full(2, 10.0 + worse * (k + 1)) for k in range(20)]
        tried.differences[arm, "meeting_hours"] = [np.full(2, worse * (k + 1)) for k in range(20)]
    wanted = known_metrics(["meeting_hours"])
    params = [next(iter(known_params().values()))]
    nothing = np.zeros(1)
    return Challenge(study, "hub", "meeting_hours", wanted, params, 2, tried, 19, True, {"meeting_hours": np.ones(5)},
                     nothing, 1.0, 80)  # fmt: skip


def test_futures_that_the_search_placed_are_not_compared_with_shufflings() -> None:
    """It puts losses side by side: any box about them would pass for a finding."""
    found = made_up({})
    found.tried.unit += [np.array([0.97 + k / 1000]) for k in range(10)] + [np.array([0.5])] * len(FEW)
    found.tried.sample += [SEARCH] * 10 + [ALONE] * len(FEW)
    for arm, level in (("siloed", 10.0), ("hub", 13.0)):
        found.tried.values[arm, "meeting_hours"] += [np.full(2, level)] * (10 + len(FEW))
        found.tried.differences[arm, "meeting_hours"] += [np.full(2, level - 10)] * (10 + len(FEW))
    found.tried.differences["hub", "meeting_hours"][:14] = [np.full(2, -1.0)] * 14
    tables = tables_of(found)
    assert tables.lost_box is not None
    assert tables.all_box is not None
    assert np.isfinite(tables.lost_box.by_lot)
    assert np.isnan(tables.all_box.by_lot)
    assert not any("dealt by lot" in said for said in told(found, tables)["rules_with_search"])


def test_an_arm_that_was_picked_by_the_futures_that_judge_it_is_told_so() -> None:
    found = made_up({})
    found.tried.unit += [np.array([0.5])] * len(FEW)
    found.tried.sample += [ALONE] * len(FEW)
    for arm, level in (("siloed", 10.0), ("hub", 13.0)):
        found.tried.values[arm, "meeting_hours"] += [np.full(2, level)] * len(FEW)
        found.tried.differences[arm, "meeting_hours"] += [np.full(2, level - 10)] * len(FEW)
    words = "Hub was chosen because it does best on average in these same futures"
    picked = replace(found, picked=True)
    assert words in " ".join(told(picked, tables_of(picked))["answer"])
    assert words not in " ".join(told(found, tables_of(found))["answer"])
    assert folder_of(found, Path()) != folder_of(picked, Path())


def test_what_is_material_was_said_before_the_run() -> None:
    assert _summary(made_up({}))["materially_lost"].tolist() == [18], "beyond a fiftieth of the level"
    stated = made_up({"meeting_hours": 1.5})
    assert stated.margin() == 1.5
    assert _summary(stated)["materially_lost"].tolist() == [5]
