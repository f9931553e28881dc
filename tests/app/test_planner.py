"""What the planner's screen is told: plans by the model's rule, and saved roll-outs as their tables have them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from igrsim.app.jobs import Jobs
from igrsim.app.planner import about_plans, answer_plan, rolled_out
from igrsim.app.server import make_app
from igrsim.kernel.errors import InputError
from igrsim.results.results import Results
from igrsim.results.rollouts import dated, slippage
from igrsim.runs.rollout_plans import means_of

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
