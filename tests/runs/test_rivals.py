"""Rival theories in a study: its cells, tables, words and faults, through the command line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from igrsim.results.agreement import ALL
from igrsim.results.results import Results
from igrsim.runs.layout import RIVAL, lay_out
from igrsim.runs.rivals import rivals_of
from igrsim.runs.study import Study, make_study, read_study, write_resolved
from igrsim.runs.study.size import cells_of
from small_study import STUDY, Said, igrsim, no_traceback, tables, without_report, write

NAMED = '[rivals]\nplanners = ["incremental", "garbage-can"]\n'
TRIED = STUDY.replace("[futures]", f"{NAMED}[futures]").replace("months = 3", "months = 14")
PRIMARY = {"duplicate_spend_share", "hours_per_need", "meeting_hours"}


def made(text: str = TRIED) -> Study:
    return make_study(tomllib.loads(text))


def test_every_arm_is_run_again_in_the_same_worlds_and_futures() -> None:
    plan = lay_out(made())
    assert len(plan.cells) == 4
    assert len(plan.every_cell) == cells_of(made()) == 12
    assert [cell.ordinal for cell in plan.every_cell] == list(range(12))
    assert len({cell.digest for cell in plan.every_cell}) == 12
    arms = {(c.arm, c.future, c.world): c.spec for c in plan.cells}
    assert {spec.planners for spec in arms.values()} == {"need-ranked"}
    for (arm, planners, future, world), cell in plan.rival_cells.items():
        assert cell.arm == RIVAL
        assert cell.spec == type(cell.spec)(**{**arms[arm, future, world].__dict__, "planners": planners})
    # without rivals the arms' cells are where they were
    alone = lay_out(made(TRIED.replace(NAMED, "")))
    assert [c.digest for c in alone.cells] == [c.digest for c in plan.cells]


def test_everything_may_be_run_under_another_theory() -> None:
    other = lay_out(made(TRIED.replace('scope = "two-towns"', 'scope = "two-towns"\nplanners = "trust-based"')))
    assert {cell.spec.planners for cell in other.cells} == {"trust-based"}
    assert rivals_of(other.study) is not None
    assert other.rivals is not None
    assert other.rivals.every == ("trust-based", "incremental", "garbage-can")
    assert other.study.resolved()["world"]["planners"] == "trust-based"
    # what one study runs as a rival another has as its own
    own = lay_out(made(TRIED.replace(NAMED, "").replace("[world]", '[world]\nplanners = "garbage-can"')))
    rivals = {c.digest for c in lay_out(made()).rival_cells.values()}
    assert {c.digest for c in own.cells} <= rivals


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Said:
    folder = tmp_path_factory.mktemp("rivals")
    said = igrsim("run", write(folder, TRIED), "--out", folder / "out", "--format", "json")
    assert said.code == 0, said.err
    return said


def test_rivals_from_end_to_end(done: Said) -> None:
    results = Results(done.folder)
    table = results.rivals()
    assert table is not None
    assert set(results.runs["arm"]) == {"siloed", "hub"} == set(results.design["arm"])
    assert results.manifest["cells"] == 12
    assert results.manifest["planners"] == "need-ranked"
    about = results.manifest["rivals"]
    assert about["planners"] == ["incremental", "garbage-can"]
    assert {key for theory in about["theories"] for key in theory["source"].split(";")} <= set(
        results.manifest["sources"]
    )
    assert set(table.metric) == PRIMARY
    assert list(table.planners[table.metric == "meeting_hours"]) == ["need-ranked", "incremental", "garbage-can", ALL]
    # the study's own theory has the numbers of the table of effects
    effects = results.effects().set_index("metric")
    own = table[table.planners == "need-ranked"].set_index("metric")
    for name in PRIMARY:
        for column in ("mean", "difference", "low", "high", "pairs", "verdict"):
            assert own[column][name] == effects[column][name], (name, column)
    assert set(table[table.planners == ALL].columns[table[table.planners == ALL].notna().all()]) == {
        "arm", "reference", "metric", "unit", "planners", "verdict"
    }  # fmt: skip
    runs = pd.read_parquet(done.folder / "rivals.parquet")
    assert len(runs) == 8
    silos = runs[(runs.arm == "siloed") & (runs.planners == "garbage-can")].meeting_hours.mean()
    hubs = table[(table.metric == "meeting_hours") & (table.planners == "garbage-can")].iloc[0]
    assert hubs["mean"] - hubs.difference == pytest.approx(silos)
    assert "all rules agree: exactly no difference" in set(table.verdict)


def test_rivals_are_told_in_words_and_on_the_page(done: Said) -> None:
    assert "Hours per need, hub against siloed: all rules agree: exactly no difference." in done.err
    page = (done.folder / "report.html").read_text(encoding="utf-8")
    assert 'id="rivals"' in page
    assert (done.folder / "figures" / "rivals-meeting_hours-hub.svg").exists()


def test_every_column_is_explained(done: Said) -> None:
    about = pd.read_csv(done.folder / "columns.csv", keep_default_na=False)
    known = set(about.name[about.table.isin(["rivals", "all tables"])]) | PRIMARY
    assert set(Results(done.folder).rivals().columns) <= known  # type: ignore[union-attr]
    assert set(pd.read_parquet(done.folder / "rivals.parquet").columns) <= known


def test_run_again_computes_nothing_and_writes_the_same_bytes(done: Said) -> None:
    before = tables(done.folder)
    again = igrsim("run", done.folder.parent.parent / "study.toml", "--out", done.folder.parent)
    assert tables(again.folder) == before
    assert Results(again.folder).manifest["run"]["computed"] == 0
    resolved, _ = read_study(done.folder / "resolved.toml")
    assert write_resolved(resolved) == (done.folder / "resolved.toml").read_text(encoding="utf-8")


def test_a_run_that_failed_takes_its_pair_out_of_that_theory_only(
    tmp_path: Path, done: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    from igrsim.runs import runner

    without_report(monkeypatch)
    real = runner.run_cell

    def fails(spec: Any, threads: int = 1) -> Any:
        if spec.planners == "garbage-can" and spec.world == 1 and spec.levers:
            raise RuntimeError("made up")
        return real(spec)

    monkeypatch.setattr(runner, "run_cell", fails)
    said = igrsim("run", write(tmp_path, TRIED), "--out", tmp_path / "out")
    assert said.code == 1
    assert "1 of 12 cells failed" in said.err
    table = Results(said.folder).rivals()
    assert table is not None
    pairs = table[table.metric == "meeting_hours"].set_index("planners").pairs
    assert pairs["garbage-can"] == 1
    assert pairs["incremental"] == pairs["need-ranked"] == 2


def test_plan_knows_how_many_cells(tmp_path: Path) -> None:
    file = write(tmp_path, TRIED)
    rows = {row["what"]: row["value"] for row in igrsim("plan", file, "--format", "json").table()}
    assert rows["cells"].startswith("12 = (2 arms + 4 arms under rival theories) x 2 pairs")
    assert "2 rival theories of how officials decide, beside need-ranked: incremental, garbage-can" in rows["rivals"]


LIST = 'planners = ["incremental", "garbage-can"]'
WRONG = {
    "unknown theory": (LIST, 'planners = ["incremental", "garbage_can"]', "planners", "unknown planners 'garbage_can' (did you mean 'garbage-can'?)", "E196"),
    "unknown world": ('scope = "two-towns"', 'scope = "two-towns"\nplanners = "trust"', "planners", "unknown planners 'trust'", "E196"),
    "none": (LIST, "planners = []", "planners", "name a rival of need-ranked", "E197"),
    "its own": (LIST, 'planners = ["need-ranked"]', "planners", "'need-ranked' is how officials decide in every arm already", "E197"),
    "twice": (LIST, 'planners = ["incremental", "incremental"]', "planners", "'incremental' is named twice", "E197"),
    "unknown metric": (LIST, f'{LIST}\nmetrics = ["meeting_hour"]', "metrics", "'meeting_hour' (did you mean 'meeting_hours'?)", "E198"),
    "metric of two runs": (LIST, f'{LIST}\nmetrics = ["trips_per_need_both"]', "metrics", "one that a single run has is needed", "E198"),
    "no list": (LIST, 'planners = "incremental"', "planners", "rivals.planners = 'incremental'", "E142"),
    "unknown key": (LIST, f"{LIST}\nrules = 1", "rules", "unknown key 'rivals.rules'", "E140"),
    "missing": (LIST, 'metrics = ["meeting_hours"]', "[rivals]", "'rivals.planners' is missing", "E141"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_wrong_rivals_are_refused_in_one_line(tmp_path: Path, case: str) -> None:
    given, instead, key, words, code = WRONG[case]
    text = TRIED.replace(given, instead, 1)
    assert text != TRIED
    file = write(tmp_path, text)
    said = igrsim("check", file)
    no_traceback(said, 2)
    line = next(n for n, row in enumerate(text.splitlines(), 1) if row.startswith(key))
    assert words in said.err
    assert said.err.startswith(f"{file}:{line}:"), said.err
    assert f"error {code}: " in said.err


def test_the_shipped_study_tries_every_rival() -> None:
    from igrsim.world.planners._base import rules

    study, _ = read_study(Path(__file__).parents[2] / "experiments" / "rival_planners.toml")
    rivals = rivals_of(study)
    assert rivals is not None
    assert sorted(rivals.every) == list(rules)
    assert cells_of(study) == 241
