"""The lever ladder: its orders, its cells, and a small one from end to end through the command line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from igrsim.results.contributions import ALL
from igrsim.results.results import Results
from igrsim.runs.ladder import draw_orders, ladder_of, make_ladder
from igrsim.runs.layout import RUNG, lay_out
from igrsim.runs.study import Study, make_study, read_study, write_resolved
from igrsim.runs.study.size import cells_of, pairs_of
from small_study import STUDY, Said, igrsim, no_traceback, tables, without_report, write

MANY = tuple(f"lever-{n:02d}" for n in range(21))
ADDED = ("communication-strategy", "realistic-indicators", "regulated-plan")
THREE = """\
title = "Three levers"
[world]
scope = "two-towns"
months = 6
citizens = 60
[arms.siloed]
regime = "siloed"
[arms.three]
regime = "siloed"
add = ["communication-strategy", { lever = "realistic-indicators", dose = 0.5 }, "regulated-plan"]
set = { "regulated-plan.binding" = 1 }
[ladder]
arm = "three"
[futures]
n = 2
[replication]
worlds = 2
[analysis]
primary = ["report_hours", "hours_per_need", "plan_alignment"]
audit = false
[runtime]
workers = 1
"""
ARM = 'arm = "three"'


def made(**changes: Any) -> Study:
    return make_study(tomllib.loads(THREE) | changes)


@pytest.mark.fast
def test_each_order_is_followed_by_its_reverse_and_keyed_by_the_seed() -> None:
    orders, every = draw_orders(MANY, 16, seed=3)
    assert not every
    assert len(orders) == len(set(orders)) == 16
    assert all(b == a[::-1] and sorted(a) == list(MANY) for a, b in zip(orders[::2], orders[1::2], strict=True))
    assert draw_orders(MANY, 16, seed=3)[0] == orders
    assert draw_orders(MANY, 16, seed=4)[0] != orders
    # more orders keep those drawn; a lever more keeps the others' order among themselves
    assert draw_orders(MANY, 32, seed=3)[0][:16] == orders
    fewer = [tuple(lever for lever in order if lever != MANY[5]) for order in orders]
    assert list(draw_orders((*MANY[:5], *MANY[6:]), 16, seed=3)[0]) == fewer


@pytest.mark.fast
def test_all_orders_are_tried_if_there_are_no_more() -> None:
    assert draw_orders(MANY[:3], 6, 1) == draw_orders(MANY[:3], 16, 2)
    assert draw_orders(MANY[:3], 6, 1)[1]
    assert not draw_orders(MANY[:3], 4, 1)[1]
    assert draw_orders(MANY[:1], 2, 1) == (((MANY[0],),), True)


@pytest.mark.fast
def test_what_has_to_be_run() -> None:
    ladder = make_ladder("arm", ["m"], set(MANY), 4, 1)
    assert len(set(ladder.coalitions)) == len(ladder.coalitions)
    assert ladder.coalitions[0] == frozenset()
    assert ladder.coalitions[-1] == frozenset(MANY)
    # 4 orders of 20 steps on the way; each lever alone and last, of which the ends of orders are among them
    assert len(ladder.coalitions) == 2 + 4 * 20 + 2 * 21 - 8
    assert len(make_ladder("arm", ["m"], set(MANY[:3]), 16, 1).coalitions) == 8


def test_what_belongs_to_a_lever_comes_with_it() -> None:
    plan = lay_out(made())
    assert plan.ladder
    assert plan.ladder.levers == ADDED
    assert len(plan.rungs) == 8 * 2
    assert len(plan.every_cell) == 8 * 2 == cells_of(made())
    arms = {(c.arm, c.future, c.world): c for c in plan.cells}
    for (coalition, future, world), cell in plan.rungs.items():
        spec, base, whole = cell.spec, arms["siloed", future, world].spec, arms["three", future, world].spec
        assert (cell.future, cell.world) == (future, world)
        assert set(spec.levers) == coalition
        assert spec.terms == (whole.terms if "realistic-indicators" in coalition else ())
        own = ("regulated-plan.binding", 1.0)
        assert (own in spec.params) == ("regulated-plan" in coalition)
        assert set(base.params) == set(spec.params) - {own}
        assert (cell.arm == RUNG) == (0 < len(coalition) < 3)
    assert len({cell.digest for cell in plan.every_cell}) == 16


def test_cells_are_shared_with_other_studies_of_the_same() -> None:
    two = made(arms={"siloed": {"regime": "siloed"}, "two": {"regime": "siloed", "add": list(ADDED[::2])}}, ladder=None)
    rungs = lay_out(
        made(
            arms={**two.model_dump(exclude_none=True)["arms"], "all": {"regime": "siloed", "add": list(ADDED)}},
            ladder={"arm": "all"},
        )
    ).rungs
    pair = {(c.future, c.world): c.digest for c in lay_out(two).cells if c.arm == "two"}
    for (future, world), digest in pair.items():
        assert rungs[frozenset(ADDED[::2]), future, world].digest == digest


def test_a_shared_hub_belongs_to_the_hub() -> None:
    arms = {
        "siloed": {"regime": "siloed", "reference": True},
        "hub": {"regime": "district-hub-core", "shared_hubs": [["DC15", "DC36"]]},
    }
    plan = lay_out(made(arms=arms, ladder={"arm": "hub"}, world={"scope": ["DC15"], "months": 2, "citizens": 50}))
    for (coalition, _, _), cell in plan.rungs.items():
        assert cell.spec.shared_hubs == ((("DC15", "DC36"),) if "district-hub" in coalition else ())
        assert cell.spec.rollout == ("ddm-2019-plan" if coalition else "all-at-once")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Said:
    folder = tmp_path_factory.mktemp("ladder")
    said = igrsim("run", write(folder, THREE), "--out", folder / "out", "--format", "json")
    assert said.code == 0, said.err
    return said


def test_a_ladder_from_end_to_end(done: Said) -> None:
    results = Results(done.folder)
    table = results.ladder()
    assert table is not None
    assert {row["arm"] for row in done.table()} == {"three"}
    assert set(results.runs["arm"]) == {"siloed", "three"} == set(results.design["arm"])
    assert results.manifest["cells"] == 16
    assert results.manifest["ladder"]["orders"] == 6
    effects = results.effects().set_index("metric")
    for metric, rows in table.groupby("metric"):
        assert list(rows.lever)[-1] == ALL
        assert set(rows.lever) == {*ADDED, ALL}
        if metric == "plan_alignment":
            assert rows.contribution.isna().all()
            continue
        whole = rows[rows.lever == ALL].iloc[0]
        assert whole.contribution == pytest.approx(effects.difference[metric], rel=1e-12)
        assert whole.low == pytest.approx(effects.mean_low[metric])
        assert rows[rows.lever != ALL].contribution.sum() == pytest.approx(whole.contribution, rel=1e-12)
    hours = table[table.metric == "report_hours"].set_index("lever")
    assert hours.contribution["realistic-indicators"] < 0
    travel = table[table.metric == "hours_per_need"]
    assert (travel.contribution == 0).all()
    checks = results.checks()
    assert checks[checks.name.str.startswith("levers' contributions")].passed.all()


def test_the_check_of_the_sum_fails_if_the_arms_own_runs_differ(done: Said) -> None:
    from igrsim.runs.ladder_tables import _adding_up

    results = Results(done.folder)
    combinations, ladder = pd.read_parquet(done.folder / "coalitions.parquet"), ladder_of(made())
    table = results.ladder()
    assert ladder is not None
    assert table is not None
    for wrong, passed in ((0.0, True), (1e-6, False)):
        arms = results.runs.copy()
        arms.loc[arms["arm"] == "three", "report_hours"] *= 1 + wrong
        assert _adding_up(ladder, "siloed", table, combinations, arms)["passed"] is passed


def test_the_ladder_is_told_in_words_and_on_the_page(done: Said) -> None:
    assert "Report hours, three against siloed: " in done.err
    assert "No lever touches it in these months." in done.err
    assert "Plan alignment is not defined in every combination" in done.err
    page = (done.folder / "report.html").read_text(encoding="utf-8")
    assert 'id="ladder"' in page
    assert "all 6 orders there are" in page
    assert (done.folder / "figures" / "ladder-report_hours.svg").exists()


def test_every_combination_and_column_is_explained(done: Said) -> None:
    about = pd.read_csv(done.folder / "columns.csv", keep_default_na=False)
    known = set(about.name[about.table.isin(["ladder", "coalitions", "all tables"])])
    metrics = {"report_hours", "hours_per_need", "plan_alignment"}
    found = pd.read_parquet(done.folder / "coalitions.parquet")
    assert set(found.columns) <= known | metrics
    assert set(Results(done.folder).ladder().columns) <= known  # type: ignore[union-attr]
    assert len(found) == 16
    assert (found.status == "done").all()


def test_run_again_computes_nothing_and_writes_the_same_bytes(done: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tables(done.folder)
    study = done.folder.parent.parent / "study.toml"
    again = igrsim("run", study, "--out", done.folder.parent)
    assert tables(again.folder) == before
    assert Results(again.folder).manifest["run"]["computed"] == 0
    resolved, _ = read_study(done.folder / "resolved.toml")
    assert write_resolved(resolved) == (done.folder / "resolved.toml").read_text(encoding="utf-8")


def test_a_combination_that_failed_takes_its_pair_out_of_the_ladder(
    done: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from igrsim.runs import runner

    without_report(monkeypatch)
    real = runner.run_cell

    def fails(spec: Any, threads: int = 1) -> Any:
        if spec.levers == ADDED[:1] and spec.world == 1:
            raise RuntimeError("made up")
        return real(spec)

    monkeypatch.setattr(runner, "run_cell", fails)
    said = igrsim("run", write(tmp_path, THREE), "--out", tmp_path / "out")
    assert said.code == 1
    assert "1 of 16 cells failed" in said.err
    results = Results(said.folder)
    table = results.ladder()
    assert table is not None
    assert set(table.pairs[table.metric == "report_hours"]) == {1}
    assert (results.design.status == "done").all()
    assert "one pair" in said.err or "1 pair of runs cannot say" in said.err


def test_plan_and_check_know_how_many_cells(tmp_path: Path) -> None:
    file = write(tmp_path, THREE)
    assert "16 cells" in igrsim("check", file).err
    rows = {row["what"]: row["value"] for row in igrsim("plan", file, "--format", "json").table()}
    assert rows["cells"].startswith("16 = (2 arms + 6 combinations of levers) x 2 pairs")
    assert "3 levers of three join in 6 orders (all there are)" in rows["ladder"]
    few = igrsim("check", file, "-s", "ladder.permutations=2")
    assert "16 cells" in few.err
    assert "4 cells" in igrsim("check", write(tmp_path, STUDY)).err


ADD = 'add = ["communication-strategy", { lever = "realistic-indicators", dose = 0.5 }, "regulated-plan"]'
WRONG = {
    "unknown key": (ARM, f"{ARM}\npermutation = 4", 14, "unknown key 'ladder.permutation' (did you mean 'permutations'?)"),
    "no arm": (ARM, "permutations = 4", 12, "'ladder.arm' is missing"),
    "unknown arm": (ARM, 'arm = "thre"', 13, "unknown arm 'thre' (did you mean 'three'?)"),
    "unknown regime": ('[arms.three]\nregime = "siloed"', '[arms.three]\nregime = "silod"', 9, "(did you mean 'siloed'?)"),
    "odd": (ARM, f"{ARM}\npermutations = 7", 14, "permutations = 7: an even number is needed"),
    "none": (ARM, f"{ARM}\npermutations = 0", 14, "ladder.permutations = 0"),
    "too many": (ARM, f"{ARM}\npermutations = 10_002", 14, "at most 10000 is needed"),
    "the reference itself": (ARM, 'arm = "siloed"', 13, "arm 'siloed' adds no lever to 'siloed'"),
    "an arm that lacks one": (
        '[arms.siloed]\nregime = "siloed"', '[arms.siloed]\nregime = "siloed"\nadd = ["one-plan"]', 14,
        "arm 'three' lacks one-plan of 'siloed'",
    ),
    "another assumption": (
        '"regulated-plan.binding" = 1', '"planning.error" = 0.5', 13, "differ in planning.error, which belongs to no lever",
    ),
    "unknown metric": (ARM, f'{ARM}\nmetrics = ["report_hour"]', 14, "'report_hour' (did you mean 'report_hours'?)"),
    "metric of two runs": (
        ARM, f'{ARM}\nmetrics = ["trips_per_need_both"]', 14, "no ladder of metric 'trips_per_need_both' (did you mean 'trips_per_need'?)",
    ),
    "too many cells": (
        "n = 2\n[replication]\nworlds = 2", 'n = 2\npairing = "crossed"\n[replication]\nworlds = 100_000', 12, "8 combinations of levers for each pair"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_ladder_is_refused_in_one_line(tmp_path: Path, case: str) -> None:
    given, instead, line, words = WRONG[case]
    assert given in THREE
    file = write(tmp_path, THREE.replace(given, instead, 1))
    said = igrsim("check", file)
    no_traceback(said, 2)
    assert words in said.err
    assert re.match(rf"{re.escape(str(file))}:{line}:[0-9]+: error E", said.err), said.err


def test_the_shipped_ladder_is_of_the_size_that_is_said() -> None:
    file = Path(__file__).parents[2] / "experiments" / "lever_ladder.toml"
    study, _ = read_study(file)
    ladder = ladder_of(study)
    assert ladder is not None
    assert len(ladder.orders) == 16
    assert pairs_of(study) == 5
    assert cells_of(study) <= 5 * (2 + 16 * len(ladder.levers) + 2 * len(ladder.levers))
