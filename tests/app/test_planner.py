"""What the planner's screen is told: plans by the model's rule, and saved roll-outs as their tables have them."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from starlette.testclient import TestClient

from igrsim.app.jobs import Jobs
from igrsim.app.planner import about_plans, answer_plan, as_usual, rolled_out
from igrsim.app.server import make_app
from igrsim.kernel.errors import InputError
from igrsim.report.brief.measures import Measure
from igrsim.report.brief.scale import on_scale
from igrsim.report.brief.schedules import schedules_of
from igrsim.results.results import Results
from igrsim.results.rollouts import dated, slippage
from igrsim.runs.rollout_plans import means_of
from igrsim.views.metric import metric_of

PLAN = {"starts": [["DC15", "2019-04"], ["ETH", "2019-04"]], "regime": "district-hub", "money": "", "specialists": ""}


def _told(**changed: Any) -> dict[str, Any]:
    return answer_plan(json.dumps(PLAN | changed).encode())


@pytest.mark.fast
def test_a_plan_is_weighed_as_the_command_line_reads_its_limits() -> None:
    told = _told(money="9", specialists="400,50")
    assert told == asdict(means_of({"DC15": "2019-04", "ETH": "2019-04"}, money=9.0, specialists=(400, 50)))
    # a hub costs R8.98 million a year: the first in the queue gets it, and the other way round
    assert told["taken"] == {"DC15": "2019-04", "ETH": None}
    turned = _told(money="9", starts=PLAN["starts"][::-1])
    assert turned["taken"] == {"DC15": None, "ETH": "2019-04"}


@pytest.mark.fast
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"starts": [["DC15", "2019-04"], ["DC15", "2020-04"]]}, "E391"),
        ({"starts": [["DC15", 3]]}, "E391"),
        ({"starts": {"DC15": "2019-04"}}, "E391"),
        ({"money": 3}, "E391"),
        ({"more": ""}, "E391"),
        ({"starts": [["<b>", "2019-04"]]}, "E392"),
        ({"starts": [["DC15", "2019-13"]]}, "E393"),
        ({"regime": "siloed"}, "E394"),
        ({"money": "much"}, "E335"),
        ({"specialists": "-3"}, "E336"),
    ],
)
def test_what_is_no_plan_is_refused(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as refused:
        _told(**changed)
    assert refused.value.code == code


@pytest.mark.fast
def test_named_plans_carry_what_they_come_to() -> None:
    for plan in about_plans()["plans"]:
        assert plan["means"]["taken"] == dict(plan["starts"])
        assert plan["means"]["never"] == ""


def test_saved_roll_outs_say_what_their_tables_say(saved: Path) -> None:
    results = Results(saved)
    told = rolled_out(results)
    assert told is not None
    assert list(told["arms"]) == ["district-hub-core"]
    mine = told["arms"]["district-hub-core"]
    assert mine["regime"] == "district-hub-core"
    assert mine["limited"] is False
    months = results.rollout
    assert told["ends"] == sorted(months.month.unique())[2::3]
    last = months[months.month == told["ends"][-1]]
    assert mine["quarters"]["posts_filled"][-1] == pytest.approx(last.posts_filled.mean())
    late = slippage(dated(results.milestones, max(months.month)))
    assert [row["milestone"] for row in mine["late"]] == list(late.milestone)
    assert [row["due"] for row in mine["late"]] == list(late.due)
    assert {row["milestone"] for row in mine["reached"]} == {"taken in", "One Plan"}


@pytest.fixture(scope="module")
def two_schedules(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The small study with its hubs twice, the second time by another schedule that funds a little less."""
    folder = tmp_path_factory.mktemp("two") / "study"
    shutil.copytree(saved, folder, ignore=shutil.ignore_patterns("figures"))
    results = Results(folder)
    results.manifest["arms"].append(results.manifest["arms"][1] | {"name": "later", "rollout": "pilots-then-waves"})
    for name in ("runs", "rollout", "milestones", "design"):
        table = getattr(results, name)
        again = table[table["arm"] == "district-hub-core"].assign(arm="later")
        if name == "runs":
            again["gap_share"] += 0.01 + 0.0002 * again["world"]
        setattr(results, name, pd.concat([table, again]))
    return results


def test_schedules_of_one_regime_are_held_against_each_other_as_in_the_brief(two_schedules: Results) -> None:
    metrics = [metric_of(two_schedules, name) for name in ("gap_share", "meeting_hours")]
    told = rolled_out(two_schedules, metrics)
    assert told is not None
    change, interval, verdict = told["apart"]["district-hub-core"]["later"]["gap_share"]
    assert change == "+1.01"
    assert interval.startswith("+")
    assert "worse" in verdict
    assert told["apart"]["later"]["district-hub-core"]["gap_share"][0] == "−1.01"
    assert told["apart"]["later"]["district-hub-core"]["meeting_hours"][2] == "exactly no difference"
    measures = [Measure(one, one.title, one.meaning) for one in metrics]
    brief = schedules_of(two_schedules, measures, "district-hub-core")
    assert brief is not None
    number, judged = brief.rows[0].cells[0]
    assert number is not None
    assert number.text == change
    assert judged == on_scale(verdict)


def test_runs_are_a_plans_only_where_nothing_else_was_changed(two_schedules: Results) -> None:
    file = two_schedules.folder / "resolved.toml"
    assert as_usual(two_schedules) == ["siloed", "district-hub-core"]
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[arms.district-hub-core.set]", '[arms.district-hub-core.set]\n"hub.meetings" = 9'))
    assert as_usual(two_schedules) == ["siloed"]
    file.unlink()
    assert as_usual(two_schedules) == []
    file.write_text(text, encoding="utf-8")
    two_schedules.manifest["events"] = [{"kind": "audit"}]
    assert as_usual(two_schedules) == []
    two_schedules.manifest["events"] = []


def test_a_long_name_is_not_said_back(saved: Path) -> None:
    with pytest.raises(InputError) as refused:
        _told(starts=[["x" * 60_000, "2019-04"]])
    assert len(str(refused.value)) < 200


def test_the_server_weighs_a_plan_for_whom_it_lets_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Jobs, "warm", lambda self: None)
    jobs = Jobs(tmp_path, workers=1)
    here = TestClient(make_app(jobs, []), base_url="http://127.0.0.1:8420")
    assert here.post("/api/plan", json=PLAN).json() == _told()
    refused = here.post("/api/plan", json=PLAN | {"regime": "siloed"})
    assert "has no hubs" in refused.json()["error"]
    assert here.post("/api/plan", json=PLAN, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    room = TestClient(make_app(jobs, [], pin="123456"), base_url="http://127.0.0.1:8420")
    assert room.post("/api/plan", json=PLAN).status_code == 401
    jobs.close()
