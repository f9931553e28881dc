"""What the server answers, whom it turns away, and what every answer carries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from igrsim.app.api import Bounds
from igrsim.app.export import saved_studies
from igrsim.app.jobs import Jobs
from igrsim.app.papers import Papers
from igrsim.app.scenario import Scenario
from igrsim.app.server import WRONG_PINS, make_app
from igrsim.runs.executors import Inline

CLIENT = "a-browser-1"


class _Here(Inline):
    """Cells computed in this process, when they are handed out."""

    def abandon(self, future: Any) -> None:
        """Nothing hangs here."""

    def close(self, at_once: bool) -> None:
        """Nothing is open."""


@pytest.fixture
def jobs(saved: Path, monkeypatch: pytest.MonkeyPatch) -> Jobs:
    """A queue whose store has every cell of the saved study."""
    monkeypatch.setattr("igrsim.app.jobs.Processes", lambda workers: _Here())
    monkeypatch.setattr(Jobs, "warm", lambda self: None)
    return Jobs(saved.parent, workers=1)


def _browser(jobs: Jobs, saved: list[dict[str, Any]], pin: str | None = None) -> TestClient:
    return TestClient(make_app(jobs, saved, pin), base_url="http://127.0.0.1:8420")


@pytest.fixture
def browser(jobs: Jobs, saved: Path) -> Iterator[TestClient]:
    """A browser on this machine."""
    with _browser(jobs, saved_studies([saved])) as client:
        yield client


def _events(text: str) -> list[tuple[str, Any]]:
    found = re.findall(r"event: (\w+)\ndata: (.*)\n\n", text)
    return [(kind, json.loads(data)) for kind, data in found]


def test_the_page_carries_a_policy_that_runs_no_foreign_script(browser: TestClient) -> None:
    answer = browser.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "set-cookie" not in answer.headers
    assert len(re.findall("sha256-", policy.split("style-src")[0])) == 2
    markup = re.sub(r"<script.*?</script>", "", answer.text, flags=re.DOTALL)
    assert not re.findall(r'(?:src|href)="(?!data:|#)', markup)


def test_the_page_knows_what_there_is_and_what_was_saved(browser: TestClient, asked: Scenario) -> None:
    data = browser.get("/api/start").json()
    assert [saved["scenario"] for saved in data["saved"]] == [asked.document()]
    assert len(data["choices"]["levers"]) > 40
    cited = [param["source"] for param in data["choices"]["params"]] + [
        one["seed"] for one in data["choices"]["levers"]
    ]
    assert all(key in data["choices"]["sources"] for keys in cited for key in keys.split(";"))


def test_a_scenario_is_drawn_with_more_and_more_worlds(browser: TestClient, asked: Scenario) -> None:
    given = browser.post("/api/jobs", json={"client": CLIENT, "scenario": asked.document()}).json()
    assert given["command"] == asked.command()
    events = _events(browser.get(f"/api/jobs/{given['job']}/events").text)
    assert events[-1][0] == "done"
    pictures = [told for kind, told in events if kind == "picture"]
    # here all is computed before anybody listens: the last picture is there
    assert [picture["worlds"] for picture in pictures] == [2]


def test_what_is_asked_again_is_there(jobs: Jobs, asked: Scenario) -> None:
    plan = jobs.plan(asked).result()
    first, again = jobs.submit("a-browser-1", asked, plan), jobs.submit("a-browser-2", asked, plan)
    assert first.state == again.state == "done"
    assert again.latest is first.latest


def test_one_worlds_picture_comes_before_that_of_two(
    jobs: Jobs, asked: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[int] = []
    show = Jobs._show
    monkeypatch.setattr(
        Jobs, "_show", lambda self, job, text: (shown.append(json.loads(text)["worlds"]), show(self, job, text))
    )
    plan = jobs.plan(asked).result()
    with monkeypatch.context() as nothing_yet:
        nothing_yet.setattr(jobs.store, "has", lambda digest: False)
        jobs.submit(CLIENT, asked, plan)
    assert shown == [1, 2]
    # where all is there, nothing less is worth waiting for
    jobs.submit(CLIENT, asked, plan)
    assert shown == [1, 2, 2]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"citizens": 10**9}, "E385"),
        ({"months": 600}, "E385"),
        ({"worlds": 1000}, "E385"),
        ({"months": -1}, "E381"),
        ({"scope": "pilot"}, "E1"),
        ({"arms": [{"name": "siloed", "regime": "siloed"}, {"name": "x", "regime": "../x"}]}, "E1"),
        ({"arms": [{"name": "siloed", "regime": "siloed"},
                   {"name": "x", "regime": "district-hub", "rollout": "/etc/passwd.csv"}]}, "E386"),
    ],
)  # fmt: skip
def test_what_may_not_be_asked_is_refused_in_a_line(
    browser: TestClient, asked: Scenario, change: dict[str, Any], code: str
) -> None:
    answer = browser.post("/api/jobs", json={"client": CLIENT, "scenario": asked.document() | change})
    assert answer.status_code == 422
    words = answer.json()["error"]
    assert f"error {code}" in words
    assert "\n" not in words


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"client": 1, "scenario": {}}', b"[" * 60_000])
def test_a_body_that_is_no_request_is_refused(browser: TestClient, body: bytes) -> None:
    answer = browser.post("/api/jobs", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert "E387" in answer.json()["error"]


def test_a_body_too_large_is_not_read(browser: TestClient) -> None:
    answer = browser.post("/api/jobs", content=b" " * 100_000, headers={"content-type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:8420"},
        {"origin": "http://evil.example"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_another_page_asks_in_vain(browser: TestClient, headers: dict[str, str]) -> None:
    assert browser.get("/api/start", headers=headers).status_code == 403


def test_a_room_needs_the_pin(jobs: Jobs) -> None:
    with _browser(jobs, [], pin="123456") as room:
        assert room.get("/").status_code == 200
        assert room.get("/api/start").status_code == 401
        assert room.post("/api/jobs", json={}).status_code == 401
        assert room.post("/api/stories", json={}).status_code == 401
        assert room.post("/api/study", json={}).status_code == 401
        assert room.get("/api/papers/abc/report.html").status_code == 401
        assert room.post("/api/enter", json={"pin": "654321"}).status_code == 403
        answer = room.post("/api/enter", json={"pin": "123456"})
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert room.get("/api/start").status_code == 200


def test_pins_cannot_be_tried_one_after_another(jobs: Jobs) -> None:
    with _browser(jobs, [], pin="123456") as room:
        tried = [room.post("/api/enter", json={"pin": f"{n:06d}"}).status_code for n in range(WRONG_PINS + 1)]
        assert tried == [403] * WRONG_PINS + [429]
        assert room.post("/api/enter", json={"pin": "123456"}).status_code == 429


def test_a_story_is_told_as_a_job(browser: TestClient, asked: Scenario) -> None:
    request = {"client": CLIENT, "scenario": asked.document(), "whose": {"kind": "person", "name": "median"}}
    job = browser.post("/api/stories", json=request).json()["job"]
    events = _events(browser.get(f"/api/jobs/{job}/events").text)
    assert [kind for kind, _ in events] == ["picture", "done"]
    assert [arm["name"] for arm in events[0][1]["arms"]] == ["siloed", "district-hub-core"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"whose": {"kind": "person", "name": "nobody"}}, "E396"),
        ({"whose": "median"}, "E395"),
        ({"more": 1}, "E387"),
    ],
)
def test_a_story_of_nobody_is_refused(browser: TestClient, asked: Scenario, change: dict[str, Any], code: str) -> None:
    request = {"client": CLIENT, "scenario": asked.document(), "whose": {"kind": "person", "name": "median"}}
    answer = browser.post("/api/stories", json=request | change)
    assert answer.status_code == 422
    assert code in answer.json()["error"]


def test_a_study_file_gives_its_scenario_or_what_is_wrong_with_it(browser: TestClient, asked: Scenario) -> None:
    given = browser.post("/api/study", json={"name": "mine.toml", "text": asked.toml()})
    assert given.json() == {"scenario": asked.document(), "lowered": []}
    wrong = browser.post("/api/study", json={"name": "mine.toml", "text": asked.toml().replace("months", "mnths")})
    assert wrong.status_code == 200
    assert "mine.toml:6:1: error E140" in wrong.json()["error"]
    assert browser.post("/api/study", json={"name": "x", "text": "x" * 100_000}).status_code == 413


def test_papers_are_handed_out_to_be_saved_and_never_as_pages(jobs: Jobs, saved: Path) -> None:
    papers = Papers(lambda folder: {"brief.html": b"<script>alert(1)</script>", "brief.pdf": b"%PDF"})
    studies = saved_studies([saved], papers)
    with TestClient(make_app(jobs, studies, papers=papers), base_url="http://127.0.0.1:8420") as client:
        address = f"/api/papers/{studies[0]['study']}"
        answer = client.get(f"{address}/brief.html")
        assert answer.content == b"<script>alert(1)</script>"
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert client.get(f"{address}/manifest.json").status_code == 422


def test_memory_that_is_not_there_is_not_asked_for(jobs: Jobs, asked: Scenario) -> None:
    jobs.bounds = Bounds(memory=0.0)
    failed = jobs.plan(asked).exception()
    assert "E388" in str(failed)


def test_a_ladder_is_foreseen_and_drawn_as_a_job(browser: TestClient, jobs: Jobs) -> None:
    arms = [
        {"name": "siloed", "regime": "siloed"},
        {"name": "two", "regime": "siloed", "add": [{"lever": "imbizo"}, {"lever": "task-teams"}]},
    ]
    scenario = {
        "version": 1,
        "arms": arms,
        "scope": "two-towns",
        "months": 2,
        "citizens": 40,
        "worlds": 1,
        "futures": 1,
    }
    given = {"client": CLIENT, "scenario": scenario, "metrics": ["meeting_hours"]}
    plan = browser.post("/api/ladder/plan", json=given).json()
    assert plan["levers"] == ["imbizo", "task-teams"]
    assert plan["steps"] == [{"orders": 16, "worlds": 1, "runs": 4}]
    # nothing was computed for it
    assert not jobs._jobs
    job = browser.post("/api/ladder", json=given).json()["job"]
    (kind, told), (end, _) = _events(browser.get(f"/api/jobs/{job}/events").text)
    assert (kind, end) == ("picture", "done")
    assert sorted(row["lever"] for row in told["metrics"]["meeting_hours"]["rows"]) == [
        "all levers",
        "imbizo",
        "task-teams",
    ]
    assert told["toml"] == plan["toml"]
    # why there is none is an answer; a request that is none is refused
    turned = {**given, "scenario": scenario | {"arms": arms[::-1]}}
    assert "'siloed' adds no lever to 'two'" in browser.post("/api/ladder/plan", json=turned).json()["error"]
    answer = browser.post("/api/ladder", json=given | {"metrics": "all"})
    assert (answer.status_code, "E397" in answer.json()["error"]) == (422, True)
