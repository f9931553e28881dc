"""`igrsim rollout`: a schedule written, edited and compared; what cannot be compared refused in a line."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from igrsim.kernel.errors import InputError
from igrsim.regimes.schedule import MILESTONES
from igrsim.report.page import Shown
from igrsim.results import rollouts
from igrsim.runs.rollout_study import read_money, read_specialists, rollout_study
from small_study import igrsim, no_traceback, without_report


@pytest.mark.fast
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("all-at-onse",), "E112"),
        (("all-at-once", "all-at-once"), "E334"),
        (("nowhere.csv",), "E120"),
        (("all-at-once", "--regime", "one-stop"), "E333"),
        (("all-at-once", "--money", "much"), "E335"),
        (("all-at-once", "--money", "2019/21=4"), "E335"),
        (("all-at-once", "--specialists", "4.5"), "E336"),
        (("all-at-once", "--benefit", "gap_shar"), "E110"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_a_cell_is_run(
    arguments: tuple[str, ...], code: str, tmp_path: Path
) -> None:
    said = igrsim("rollout", "compare", *arguments, "--out", tmp_path / "out")
    no_traceback(said, 2)
    assert code in said.err
    assert not (tmp_path / "out").exists()


@pytest.mark.fast
@pytest.mark.parametrize("name", ["plan.xlsm", "plan.ods", "Plan.XLS"])
def test_another_kind_of_spreadsheet_is_to_be_saved_as_a_workbook(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"save it as .xlsx or .csv"):
        rollout_study([str(tmp_path / name)])


@pytest.mark.fast
def test_two_files_of_one_name_are_told_apart_by_the_user(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "plan.csv").write_text("space,start\nDC15,2019-10-01\n", encoding="utf-8")
    with pytest.raises(InputError, match="a name of its own"):
        rollout_study([str(tmp_path / folder / "plan.csv") for folder in ("a", "b")])


@pytest.mark.fast
def test_money_and_specialists_are_read() -> None:
    assert read_money("60") == 60
    assert read_money("2019/20=60, 2020/21=90.5") == {"2019/20": 60, "2020/21": 90.5}
    assert read_specialists("400") == (400, 0)
    assert read_specialists("400,50") == (400, 50)
    with pytest.raises(InputError, match="stands twice"):
        read_money("2019/20=60,2019/20=90")


@pytest.mark.fast
def test_limits_are_for_schedules_that_state_none_of_their_own(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("money = 70\n[[wave]]\nafter = 0\nseveral = 52\n", encoding="utf-8")
    study = rollout_study(["all-at-once", str(own)], money={"2019/20": 60.0}, specialists=(400, 50))
    assert study.reference == "siloed"
    assert study.arms["all-at-once"].money == {"2019/20": 60}
    assert study.arms["own"].money is None
    assert study.arms["own"].specialists == {"pool": 400, "trained": 50}
    assert study.arms["siloed"].money is study.arms["siloed"].rollout is None
    assert study.analysis.primary[0] == "gap_share"


@pytest.mark.fast
def test_both_sides_know_the_same_milestones() -> None:
    assert rollouts.MILESTONES == MILESTONES


@pytest.mark.fast
def test_a_limit_that_never_suffices_is_refused_with_the_reason(tmp_path: Path) -> None:
    said = igrsim("rollout", "compare", "all-at-once", "--money", "90", "--scope", "pilots", "--out", tmp_path / "out")
    no_traceback(said, 2)
    assert "R90 million a year: not all can ever start" in said.err


@pytest.mark.fast
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_schedule_is_written_edited_and_read(ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"mine.{ending}"
    assert igrsim("rollout", "template", file).code == 0
    before = file.read_bytes()
    no_traceback(igrsim("rollout", "template", file), 2)
    assert file.read_bytes() == before
    if ending == "csv":
        rows = list(csv.DictReader(before.decode().splitlines()))
        found = {row["space"]: row["start"] for row in rows}
        file.write_text(file.read_text(encoding="utf-8").replace("2019-08-01", "2022-05-15"), encoding="utf-8")
    else:
        book = load_workbook(file)
        sheet = book["schedule"]
        found = {str(row[0]): row[1].date().isoformat() for row in sheet.iter_rows(min_row=2, values_only=True)}
        assert not any(cell.data_type == "f" for each in book for row in each.iter_rows() for cell in row)
        sheet["B2"] = datetime(2022, 5, 15)
        book["money"].append(("2019/20", 480))
        book.save(file)
    assert len(found) == 52
    assert found["DC15"] == "2019-08-01"
    assert sorted(found.values())[-1] == "2019-11-01"
    study = rollout_study([str(file)], scope="pilots", money=500.0)
    assert study.arms["mine"].money == (None if ending == "xlsx" else 500.0)
    from igrsim.runs.layout import lay_out

    start = lay_out(study).rollouts["mine"].start
    assert 37 in start


def test_a_comparison_of_the_small_world_from_end_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_report(monkeypatch)
    monkeypatch.setattr("igrsim.report.rollout_page._show", lambda *drawing: Shown("data:,", "a picture", ""))
    said = igrsim(
        "rollout", "compare", "all-at-once", "ddm-2019-plan", "--scope", "two-towns", "--months", 14, "--worlds", 3,
        "--futures", 2, "--citizens", 60, "--workers", 1, "--executor", "inline", "--out", tmp_path, "--format", "json",
    )  # fmt: skip
    assert said.code == 0, said.err
    rows = said.table()
    assert [row["plan"] for row in rows] == ["all-at-once", "ddm-2019-plan"]
    assert [row["first_start"] for row in rows] == ["2019-04", "2020-04"]
    assert {"gap_share_difference", "gap_share_low", "gap_share_verdict"} <= set(rows[0])
    manifest = json.loads((said.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["reproduce"]["command"].startswith(
        "igrsim rollout compare all-at-once ddm-2019-plan --scope two-towns"
    )
    for name in ("rollout.html", "rollout.xlsx", "rollout/slippage.csv"):
        assert (said.folder / name).exists()
    assert "page: " in said.err
    for told in (said.err, (said.folder / "rollout.html").read_text(encoding="utf-8")):
        assert "that head start of 12 months" in told
