"""A hog does not starve the others: whose turn it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from igrsim.app.api import plan_within
from igrsim.app.jobs import Job, Jobs
from igrsim.app.ladders import lay_out_ladder
from igrsim.app.scenario import Arm, Scenario

ARMS = (Arm(name="siloed", regime="siloed"), Arm(name="district-hub-core", regime="district-hub-core"))


class _Held:
    """A pool whose tasks end when the test says so."""

    def __init__(self) -> None:
        self.tasks: list[Future[Any]] = []

    def submit(self, task: Callable[..., Any], *given: Any) -> Future[Any]:
        """Take a task."""
        self.tasks.append(Future())
        return self.tasks[-1]

    def abandon(self, future: Future[Any]) -> None:
        """Nothing hangs here."""

    def close(self, at_once: bool) -> None:
        """Nothing is open."""

    def end_first(self) -> None:
        """The oldest task is done, whatever it was."""
        self.tasks.pop(0).set_result((b"cell", "", "", 0.0))


@pytest.fixture
def pool() -> _Held:
    return _Held()


@pytest.fixture
def jobs(pool: _Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Jobs:
    """A queue with two workers, in which a picture is drawn at once and a cell is there when it was put."""
    there: set[str] = set()
    monkeypatch.setattr("igrsim.app.jobs.Processes", lambda workers: pool)
    found = Jobs(tmp_path, workers=2)
    monkeypatch.setattr(found.store, "has", there.__contains__)
    monkeypatch.setattr(found.store, "put", lambda digest, content: there.add(digest))
    monkeypatch.setattr(found, "_draw", lambda job: found._show(job, "{}"))
    return found


def _ask(jobs: Jobs, client: str, seed: int, worlds: int = 4, **more: Any) -> Job:
    scenario = Scenario(arms=ARMS, scope="two-towns", citizens=50, worlds=worlds, seed=seed, **more)
    return jobs.submit(client, scenario, plan_within(scenario, jobs.bounds))


def test_who_comes_after_a_hog_has_the_next_free_worker(jobs: Jobs, pool: _Held) -> None:
    hog = _ask(jobs, "hog", 1, worlds=32)
    late = _ask(jobs, "late", 2, worlds=1)
    pool.end_first()
    assert len(late.missing) == 2
    # from here on each has one of the two workers
    for _ in range(4):
        pool.end_first()
    assert late.state == "done"
    assert not hog.over


def test_thirty_browsers_wait_no_longer_for_a_hog_than_twice(jobs: Jobs, pool: _Held) -> None:
    _ask(jobs, "hog", 99, worlds=32)
    others = [_ask(jobs, f"browser-{n}", n, worlds=1) for n in range(30)]
    ended = 0
    while not all(job.over for job in others):
        pool.end_first()
        ended += 1
    # sixty cells are theirs
    assert 60 <= ended <= 2 * 60


def test_two_who_ask_the_same_are_served_by_the_same_cells(jobs: Jobs, pool: _Held) -> None:
    one, other = _ask(jobs, "one", 1, worlds=1), _ask(jobs, "other", 1, worlds=1)
    pool.end_first()
    pool.end_first()
    assert one.state == other.state == "done"
    assert not pool.tasks


def test_a_client_waits_for_one_scenario_at_a_time(jobs: Jobs, pool: _Held) -> None:
    first = _ask(jobs, "one", 1)
    _ask(jobs, "one", 2)
    assert first.state == "cancelled"


def test_heavy_cells_leave_a_worker_free(jobs: Jobs, pool: _Held) -> None:
    heavy = _ask(jobs, "hog", 1, months=120)
    monkey = heavy.plan
    object.__setattr__(monkey, "citizens", 20_000)
    heavy_again = jobs.submit("hog", heavy.scenario.model_copy(update={"seed": 3}), monkey)
    pool.tasks.clear()
    jobs._under_way.clear()
    jobs._hand_out()
    assert heavy_again.heavy
    assert len(pool.tasks) == 1


def test_a_job_that_nobody_waits_for_is_cancelled(jobs: Jobs, pool: _Held) -> None:
    job = _ask(jobs, "one", 1)
    heard: list[str] = []

    def listener(kind: str, text: str) -> None:
        heard.append(kind)

    jobs.listen(job, listener)
    jobs.leave(job, listener)
    assert heard == ["progress"]
    assert job.state == "cancelled"
    assert not jobs.cancel(job.name)


def test_a_worker_lost_is_tried_again_and_then_given_up(jobs: Jobs, pool: _Held) -> None:
    from igrsim.runs.executors import WorkerLostError

    job = _ask(jobs, "one", 1, worlds=1)
    for _ in range(4):
        if pool.tasks:
            pool.tasks.pop(0).set_exception(WorkerLostError("gone"))
    assert job.state == "failed"
    assert "a worker was lost" in job.why


def test_a_fault_of_a_cell_is_said_to_all_who_wait_for_it(jobs: Jobs, pool: _Held) -> None:
    one, other = _ask(jobs, "one", 1, worlds=1), _ask(jobs, "other", 1, worlds=1)
    pool.tasks.pop(0).set_result((None, "ValueError: no", "", 0.0))
    assert (one.state, other.state) == ("failed", "failed")
    assert one.why == "ValueError: no"


def test_a_ladder_waits_for_its_own_runs_step_by_step(jobs: Jobs, pool: _Held) -> None:
    scenario = Scenario(arms=ARMS, scope="two-towns", citizens=50, worlds=2)
    climb = lay_out_ladder(scenario, ["meeting_hours"], jobs.bounds)
    job = jobs.submit("one", scenario, climb.plan, climb=climb)
    heard: list[Any] = []
    jobs.listen(job, lambda kind, text: heard.append((kind, json.loads(text))))
    assert heard == [
        ("progress", {"computed": 0, "of": 16, "worlds": 1, "worlds_of": 2, "orders": 2, "step": 1, "steps": 4})
    ]
    late = _ask(jobs, "late", 5, worlds=1)
    ended = 0
    while not job.over:
        pool.end_first()
        ended += 1
        # whoever comes later does not wait for all the ladder
        assert late.over or ended < 8
    assert job.state == "done"
    assert job.pictures == len(climb.steps) == 4
    assert ended == len({cell.digest for step in climb.steps for cell in step.cells}) + 2
