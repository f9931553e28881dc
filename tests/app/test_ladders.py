"""A ladder on the page is the one that `igrsim run` writes, in steps, within bounds."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from igrsim.app.api import Bounds, read_ladder_request
from igrsim.app.ladder_told import told_of
from igrsim.app.ladders import draw_ladder, lay_out_ladder, offered, why_none
from igrsim.app.payload import as_json, payload_of
from igrsim.app.scenario import Arm, Decision, Scenario
from igrsim.kernel.errors import InputError
from igrsim.results.results import Results
from igrsim.runs.causes import about_chains
from igrsim.runs.executors import open_crew
from igrsim.views.numbers import change, factor
from small_study import igrsim, without_report, write

SILOED = Arm(name="siloed", regime="siloed")
THREE = Arm(
    name="three",
    regime="siloed",
    add=(
        Decision(lever="communication-strategy"),
        Decision(lever="realistic-indicators"),
        Decision(lever="task-teams"),
    ),
)
ASKED = Scenario(arms=(SILOED, THREE), scope="two-towns", months=8, citizens=40, worlds=2, futures=2)
SMALL = ASKED.model_copy(
    update={"arms": (SILOED, THREE.model_copy(update={"name": "two", "add": THREE.add[1:]})), "months": 6}
)
METRICS = ("report_hours", "meeting_hours", "hours_per_need")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the command makes of the study file which the page offers."""
    folder = tmp_path_factory.mktemp("ladder")
    with pytest.MonkeyPatch.context() as patch:
        without_report(patch)
        patch.setattr("igrsim.runs.session._crew", lambda *given: open_crew("inline", 1))
        offer = offered(SMALL, METRICS, orders=4, worlds=2)
        assert offer["command"] == "igrsim run ladder.toml"
        said = igrsim("run", write(folder, offer["toml"], "ladder.toml"), "--workers", 1, "--out", folder / "out")
    assert said.code == 0, said.err
    return said.folder


def test_the_page_draws_what_the_command_writes(printed: Path) -> None:
    asked = {"orders": 4, "metrics": METRICS, "folder": str(printed.parent)}
    done = draw_ladder(SMALL.document(), asked, "key")
    assert done[0] is not None, done[1]
    shown = json.loads(done[0][1])
    with (printed / "ladder.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert list(shown["metrics"]) == list(METRICS)
    for name, told in shown["metrics"].items():
        mine = [row for row in rows if row["metric"] == name]
        if told["why"]:
            assert {float(row["contribution"]) for row in mine} == {0.0}
            continue
        assert [row["lever"] for row in mine] == [row["lever"] for row in told["rows"]]
        for row, drawn in zip(mine, told["rows"], strict=True):
            unit, size = row["unit"], float(row["contribution"])
            assert drawn["words"][0] == change(size, unit)
            assert drawn["sizes"][0] == pytest.approx(factor(unit) * size, rel=1e-4)
            assert drawn["beside"] == row["beside_others"]
    assert [told["why"] is None for told in shown["metrics"].values()] == [True, True, False]
    # the same words as the report has, of the same folder
    assert json.loads(as_json(told_of(Results(printed)))) == {key: shown[key] for key in ("arm", "how", "metrics")}
    assert shown["toml"] == offered(SMALL, METRICS, 4, 2)["toml"]


def test_a_saved_ladder_is_part_of_what_the_page_knows(printed: Path) -> None:
    payload = json.loads(as_json(payload_of(Results(printed))))
    assert payload["ladder"]["arm"] == "two"
    assert [row["lever"] for row in payload["ladder"]["metrics"]["report_hours"]["rows"]][-1] == "all levers"
    assert set(payload["drawn"]) <= {step["metric"] for step in about_chains()["steps"]}


def test_months_in_which_arms_part_are_those_of_the_tables(printed: Path) -> None:
    results = Results(printed)
    causes = payload_of(results)["causes"]
    monthly = results.monthly.set_index(["future", "world", "month", "space"])
    mine, base = (monthly[monthly["arm"] == arm] for arm in ("two", "siloed"))
    labels = sorted(results.national["month"].unique())
    for name, month in zip(causes["metrics"], causes["first"]["two"], strict=True):
        apart = [key[2] for key in base.index if str(mine[name][key]) != str(base[name][key])]
        assert (labels[month] if month is not None else None) == min(apart, default=None), name
    assert None in causes["first"]["two"]
    assert {said["rule"] for said in causes["rules"]["two"]} == {"fewer_indicators", "task_teams"}
    assert "task-teams at full dose takes it from 0 to 1, since 2019-04, in 1 space." in str(causes["rules"])


def test_each_step_holds_the_one_before_it() -> None:
    climb = lay_out_ladder(ASKED.model_copy(update={"worlds": 8}), METRICS, Bounds())
    told = [(step.orders, step.worlds, len(step.cells)) for step in climb.steps]
    # two orders of three levers go through all but none of their eight combinations; from there on it is worlds
    assert told == [(2, 1, 8), (4, 2, 16), (8, 4, 32), (16, 8, 64)]
    kept: set[str] = set()
    for step in climb.steps:
        cells = {cell.digest for cell in step.cells}
        assert kept < cells
        kept = cells
    assert {cell.digest for cell in climb.plan.cells} <= kept
    about = climb.about()
    assert about["whole"]
    assert [step["runs"] for step in about["steps"]] == [8, 16, 32, 64]


def test_bounds_cut_the_finest_steps_off_and_at_last_refuse() -> None:
    climb = lay_out_ladder(ASKED, METRICS, replace(Bounds(), ladder_runs=10))
    assert [len(step.cells) for step in climb.steps] == [8]
    assert not climb.whole
    with pytest.raises(InputError, match="8 runs for a first answer: the page computes at most 7") as refused:
        lay_out_ladder(ASKED, METRICS, replace(Bounds(), ladder_runs=7))
    assert refused.value.code == "E416"


@pytest.mark.parametrize(
    ("arms", "words"),
    [
        ((THREE, Arm(name="one-stop", regime="one-stop")), "lacks communication-strategy, realistic-indicators, task-teams of 'three'"),
        ((SILOED, Arm(name="again", regime="siloed")), "adds no lever to 'siloed': nothing to share out"),
        ((SILOED, THREE.model_copy(update={"set": {"planning.yields": 0.4}})), "differ in planning.yields, which belongs to no lever"),
        ((SILOED, THREE), None),
    ],
)  # fmt: skip
def test_where_no_ladder_is_possible_it_says_why(arms: tuple[Arm, ...], words: str | None) -> None:
    why = why_none(ASKED.model_copy(update={"arms": arms}), arms[1].name)
    assert why is None if words is None else words in str(why)
    if words is not None:
        with pytest.raises(InputError, match="arm"):
            lay_out_ladder(ASKED.model_copy(update={"arms": arms}), METRICS, Bounds())


@pytest.mark.parametrize(
    "given", [{"metrics": []}, {"metrics": "trust"}, {"metrics": [1]}, {"metrics": ["a"] * 17}, {"more": 1}]
)
def test_a_request_that_is_none_is_refused(given: dict[str, Any]) -> None:
    body = {"client": "a-browser-1", "scenario": ASKED.document(), "metrics": list(METRICS)}
    assert read_ladder_request(json.dumps(body).encode(), Bounds())[2] == METRICS
    with pytest.raises(InputError) as refused:
        read_ladder_request(json.dumps(body | given).encode(), Bounds())
    assert refused.value.code in ("E397", "E387")
    with pytest.raises(InputError, match="E397"):
        lay_out_ladder(
            ASKED.model_copy(update={"arms": (SILOED, THREE, Arm(name="x", regime="siloed"))}), METRICS, Bounds()
        )
