"""The page and workbook of a comparison of roll-outs: complete, safe, the same bytes, and no winner picked by noise."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from igrsim.kernel.errors import InputError
from igrsim.report.page import Shown
from igrsim.report.rollout_in_words import (
    against_reference,
    answer_in_words,
    how_late,
    how_unlike,
    stages_in_words,
    which_is_best,
)
from igrsim.report.rollout_page import BOOK, FOLDER, PAGE, tables_of, write_rollouts
from igrsim.report.rollout_tables import RolloutsCompared, compare_rollouts
from igrsim.results.results import Results
from igrsim.views.metric import metric_of
from igrsim.views.numbers import change
from made_up_rollout import write_rollouts as made_up
from made_up_study import write_study

PLANS = ("ddm-2019-plan", "all-at-once")


def _study(folder: Path) -> Path:
    write_study(folder, ("siloed", *PLANS), worlds=4, spaces=("DC15", "ETH", "DC36"))
    made_up(folder, PLANS, apart=(1, 0), slips=(0, 30))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["spaces"][0]["name"] = "=O.R. <Tambo> & all"
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> RolloutsCompared:
    return write_rollouts(_study(tmp_path_factory.mktemp("rolled")))


@pytest.fixture(scope="module")
def page(found: RolloutsCompared) -> str:
    return (found.results.folder / PAGE).read_text(encoding="utf-8")


def test_the_page_fetches_nothing_and_escapes_names(page: str) -> None:
    without_pictures = re.sub(r'src="data:image[^"]*"', "", page)
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", without_pictures)
    assert "<script" not in page
    assert "<Tambo>" not in page
    assert "&lt;Tambo&gt;" in page
    for title in ("Choosing between plans", "Slippage by stage", "Who waits longest", "Regret across futures", "Cost"):
        assert title in page


def test_the_differences_on_the_page_are_those_of_the_tables(found: RolloutsCompared, page: str) -> None:
    effects = found.results.effects().set_index(["arm", "metric"])
    for arm in PLANS:
        row = effects.loc[(arm, "gap_share")]
        assert change(float(row["difference"]), "share") in page
        assert str(row["verdict"]) in page


def test_a_plan_that_slips_is_shown_slipping(found: RolloutsCompared, page: str) -> None:
    row = found.summary.set_index("plan").loc["all-at-once"]
    assert row["months_late_worst"] > 5
    assert bool(row["worst_at_least"])
    assert row["with_plan"] < 3
    said = answer_in_words(found)[3]
    assert said in page.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("&#39;", "'")
    assert re.search(r"all-at-once by (at least )?\d", said)
    assert "ddm-2019-plan does not slip" in said or "ddm-2019-plan not in the median" in said
    assert "Most time is lost" in stages_in_words(found, "all-at-once")


def test_a_plan_that_nobody_could_have_finished_is_not_called_punctual(found: RolloutsCompared) -> None:
    summary = found.summary.copy()
    mine = summary["plan"] == "ddm-2019-plan"
    summary.loc[mine, ["plans_due", "months_late_median", "months_late_worst"]] = [0, float("nan"), float("nan")]
    summary.loc[mine, ["start_late_median", "start_late_worst", "start_at_least"]] = [4.0, 9.0, True]
    summary.loc[mine, "start_worst_space"] = "ETH"
    said = how_late(RolloutsCompared(**{**vars(found), "summary": summary}))
    assert "No One Plan of ddm-2019-plan is due by the end" in said
    assert "ddm-2019-plan by 4 months in the median, at least 9 months in Space ETH" in said
    assert "not slip" not in said


def test_one_pair_of_runs_is_called_neither_better_nor_worse(found: RolloutsCompared) -> None:
    table = found.effects.copy()
    table["verdict"] = "one pair only: lower, not known how surely"
    table["difference"] = -0.01
    told = RolloutsCompared(**{**vars(found), "effects": table})
    said = against_reference(told, metric_of(found.results, "gap_share"))
    assert said.endswith("what any roll-out does cannot be told.")


def test_what_else_differs_between_plans_is_said_beside_the_answer(found: RolloutsCompared) -> None:
    reached = found.reached.copy()
    mine, start = reached["arm"] == "ddm-2019-plan", reached["milestone"] == "taken in"
    reached.loc[start, "planned"] = 2019 * 12 + 3.0
    reached.loc[start & mine, "planned"] = 2019 * 12 + 7.0
    reached.loc[start & mine & (reached["space"] == "ETH"), "planned"] = float("nan")
    plan = reached["milestone"] == "One Plan"
    reached.loc[plan, "planned"] = 2019 * 12 + 15.0
    reached.loc[plan & mine, "planned"] = 2019 * 12 + 10.0
    arms = found.results.manifest["arms"]
    kept = [dict(arm) for arm in arms]
    try:
        next(arm for arm in arms if arm["name"] == "all-at-once")["limits"] = ["for hub posts R60 million a year"]
        said = how_unlike(RolloutsCompared(**{**vars(found), "reached": reached}))
    finally:
        arms[:] = kept
    assert "due in 2019-08 under ddm-2019-plan, 2019-04 under all-at-once" in said
    assert "that head start of 4 months" in said
    assert "2 spaces under ddm-2019-plan, 3 spaces under all-at-once" in said
    assert "3 under ddm-2019-plan, 12 under all-at-once: months late measure each plan against its own promise" in said
    assert "no limit under ddm-2019-plan; for hub posts R60 million a year under all-at-once" in said
    reached.loc[start & mine, "planned"] = found.last + 1
    said = how_unlike(RolloutsCompared(**{**vars(found), "reached": reached}))
    assert "Nothing is due within the study under ddm-2019-plan." in said
    assert "head start" not in said
    alone = RolloutsCompared(**{**vars(found), "plans": ["all-at-once"]})
    assert how_unlike(alone) == ""


def test_no_winner_where_no_plan_is_surely_worse(found: RolloutsCompared) -> None:
    gap, duplicates = (metric_of(found.results, name) for name in ("gap_share", "hours_per_need"))
    assert "no other is surely worse" in which_is_best(found, gap)
    assert "exactly the same under every roll-out" in which_is_best(found, duplicates)


def test_a_winner_is_named_where_the_others_are_surely_worse(found: RolloutsCompared) -> None:
    gap = metric_of(found.results, "gap_share")
    table = found.against_best.copy()
    mine = (table["metric"] == "gap_share") & (table["arm"] == "ddm-2019-plan")
    table.loc[mine, ["difference", "verdict"]] = [0.1, "higher, worse"]
    told = RolloutsCompared(**{**vars(found), "against_best": table})
    assert "surely worse is ddm-2019-plan (+10.0 percentage points)" in which_is_best(told, gap)


def test_the_workbook_has_the_tables_as_plain_values(found: RolloutsCompared) -> None:
    book = load_workbook(found.results.folder / BOOK)
    sheets = tables_of(found)
    assert book.sheetnames == list(sheets)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                assert not str(cell.value).startswith(("=", "+", "@")), (sheet.title, cell.coordinate)
    rows = list(book["summary"].iter_rows(min_row=3, values_only=True))
    shown = pd.DataFrame(rows[1:], columns=list(rows[0]))
    assert shown["plan"].tolist() == list(PLANS)
    assert shown["hours_used"].tolist() == pytest.approx(found.summary["hours_used"].tolist())
    assert set(found.summary.columns) == set(shown.columns)


def test_the_same_bytes_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # pictures have a test of their own
    monkeypatch.setattr("igrsim.report.rollout_page._show", lambda *drawing: Shown("data:,", "a picture", ""))
    first, second = (write_rollouts(_study(tmp_path / turn)).results.folder for turn in ("first", "second"))
    for name in (PAGE, BOOK, f"{FOLDER}/waiting.csv"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_what_cannot_be_compared_is_refused(found: RolloutsCompared, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="neither lower nor higher"):
        compare_rollouts(found.results, "ties")
    silos = write_study(tmp_path / "silos", ("siloed", "one-stop"), months=4, worlds=2, spaces=("DC15",))
    with pytest.raises(InputError, match="no arm of this study is rolled out"):
        compare_rollouts(Results(silos), "gap_share")
