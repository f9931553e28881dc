"""What no page would send is answered in a line, whatever it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from igrsim.app.jobs import Jobs
from igrsim.app.papers import Papers
from igrsim.app.server import make_app


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(Jobs, "warm", lambda self: None)
    papers = Papers()
    papers.add("abc", tmp_path)
    jobs = Jobs(tmp_path / "out", workers=1)
    yield TestClient(make_app(jobs, [], papers=papers), base_url="http://127.0.0.1:8420", raise_server_exceptions=False)
    jobs.close()


PLAN = '{"starts":[["%s","2019-04"]],"regime":"district-hub","money":"","specialists":""}'
STORY = '{"client":"aaaaaaaaaa","scenario":{},"whose":{"kind":"person","name":"%s"}}'


@pytest.mark.parametrize("half", [r"\ud800", r"\uDFFF", r"\ud83d!", r"\ud83d\ud83d\ude00"])
@pytest.mark.parametrize(("path", "body"), [("/api/plan", PLAN), ("/api/stories", STORY), ("/api/jobs", STORY)])
def test_half_a_character_is_refused(door: TestClient, path: str, body: str, half: str) -> None:
    answer = door.post(path, content=body % half, headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 422)
    assert "E433" in answer.json()["error"]


def test_a_whole_character_of_two_halves_is_taken(door: TestClient) -> None:
    body = PLAN % r"\ud83d\ude00"
    answer = door.post("/api/plan", content=body, headers={"Content-Type": "application/json"})
    assert "E392" in answer.json()["error"]


@pytest.mark.parametrize("path", ["abc/manifest.json", "abc/..%2F..%2Fout", "%2e%2e/report.html", "abc/report.html%00"])
def test_nothing_but_papers_is_handed_out(door: TestClient, path: str) -> None:
    answer = door.get(f"/api/papers/{path}")
    assert answer.status_code in (404, 422)
    assert set(answer.json()) == {"error"}


def test_a_fault_of_ours_is_one_line_too(door: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Papers, "read", lambda *given: 1 / 0)
    answer = door.get("/api/papers/abc/report.html")
    assert answer.status_code == 500
    assert "E434" in answer.json()["error"]
    assert "Traceback" not in answer.text
