"""Computing for many browsers: a bounded pool, a fair queue of single cells, pictures that refine as worlds are added."""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from igrsim.app.api import Bounds, plan_within, unaudited
from igrsim.app.drawing import Drawn, draw
from igrsim.app.ladders import Climb, draw_ladder, lay_out_ladder
from igrsim.app.payload import as_json, payload_of
from igrsim.app.scenario import Scenario, read_document
from igrsim.app.stories import tell
from igrsim.runs.executors import Processes, WorkerLostError
from igrsim.runs.layout import Cell, Plan, lay_out
from igrsim.runs.runner import work_on
from igrsim.runs.store import Store

log = logging.getLogger("igrsim")

STEPS = (1, 2, 4, 8, 16)
"""Worlds after which there is a picture, and the last of them."""
KEPT = 64
"""Pictures kept in memory."""
JOBS_KEPT = 200
LATER = 2.0
"""Seconds by which refining stands back behind a first picture."""
HEAVY = 200_000
"""Citizens times months beyond which a cell leaves one worker free for others; scopes of many spaces do so too."""
MANY_SPACES = 12
CELL_SECONDS = 300.0
TRIES = 2

Listener = Callable[[str, str], None]
"""Told the kind of an event and its JSON; called from any thread."""


@dataclass
class Job:
    """One scenario that a client waits for.

    Attributes
    ----------
    name : str
        Hard to guess: who knows it may listen and cancel.
    state : {"waiting", "running", "done", "failed", "cancelled"}
    steps : list of int
        Worlds of the pictures to come.
    missing : set of str
        Cells that the next picture waits for.
    whose : dict or None
        Whose story is told, where no comparison is drawn.
    climb : Climb or None
        The ladder that is drawn, where no comparison is.
    """

    name: str
    client: str
    scenario: Scenario
    plan: Plan
    steps: list[int]
    state: str = "waiting"
    missing: dict[str, Cell] = field(default_factory=dict)
    drawing: bool = False
    pictures: int = 0
    computed: int = 0
    latest: str | None = None
    why: str = ""
    whose: dict[str, Any] | None = None
    climb: Climb | None = None
    listeners: list[Listener] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "failed", "cancelled")

    def awaited(self) -> list[Cell]:
        """The cells that the next picture is drawn from."""
        if self.climb is not None:
            return list(self.climb.steps[self.pictures].cells)
        return [cell for cell in self.plan.cells if cell.world < self.steps[0]]

    @property
    def heavy(self) -> bool:
        """Whether one of its cells keeps a worker so long that others must not all be given to it."""
        spaces = len(next(iter(self.plan.rollouts.values())).start)
        return self.plan.citizens * self.scenario.months > HEAVY or spaces > MANY_SPACES


class Jobs:
    """The queue: one job a client, one cell at a time handed out to whom has had least.

    Parameters
    ----------
    folder : Path
        Where computed cells are kept, addressed by what they compute: asked again, they are there.
    workers : int
        Processes, and no more, whatever is asked.
    bounds : Bounds
    """

    def __init__(self, folder: Path, workers: int, bounds: Bounds | None = None) -> None:
        self.store = Store(folder)
        self.bounds = bounds or Bounds()
        self.workers = workers
        self._pool = Processes(workers)
        self._planner = ThreadPoolExecutor(1, "plans")
        self._lock = threading.RLock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._under_way: dict[str, tuple[str, bool]] = {}
        self._tries: dict[str, int] = {}
        self._spent: dict[str, float] = {}
        self._pictures: OrderedDict[str, str] = OrderedDict()
        self._closed = False

    def warm(self) -> None:
        """Have every worker read its libraries and tables before anybody asks."""
        for _ in range(self.workers):
            self._pool.submit(_warm)

    def plan(self, scenario: Scenario) -> Future[Plan]:
        """Lay out a scenario's cells, off the event loop; what is wrong with it is raised by the result."""
        return self._planner.submit(plan_within, scenario, self.bounds)

    def climb(self, scenario: Scenario, metrics: Sequence[str]) -> Future[Climb]:
        """The same of the cells of a ladder of a scenario's two arms."""
        return self._planner.submit(lay_out_ladder, scenario, metrics, self.bounds)

    def submit(
        self,
        client: str,
        scenario: Scenario,
        plan: Plan,
        whose: dict[str, Any] | None = None,
        climb: Climb | None = None,
    ) -> Job:
        """Queue a scenario, a story of it or its ladder; what the same client still waited for is cancelled."""
        steps = [step for step in STEPS if step < scenario.worlds] + [scenario.worlds] if whose is None else [1]
        if climb is not None:
            steps = [step.worlds for step in climb.steps]
        elif whose is None and all(self.store.has(cell.digest) for cell in plan.cells):
            # nothing is computed: the whole picture is the first
            steps = steps[-1:]
        job = Job(secrets.token_urlsafe(16), client, scenario, plan, steps, whose=whose, climb=climb)
        with self._lock:
            for other in self._jobs.values():
                if other.client == client and not other.over:
                    self._end(other, "cancelled", "another scenario was asked for")
            at_work = {each.client for each in self._jobs.values() if not each.over}
            # who comes new has had no less than those who wait: nobody gains by going and coming back
            least = min((self._spent.get(each, 0.0) for each in at_work), default=0.0)
            self._spent[client] = max(self._spent.get(client, 0.0), least)
            self._jobs[job.name] = job
            while len(self._jobs) > JOBS_KEPT:
                oldest = next((name for name, each in self._jobs.items() if each.over), None)
                if oldest is None:
                    break
                del self._jobs[oldest]
            if whose is None:
                self._open_step(job)
            self._hand_out()
        return job

    def find(self, name: str) -> Job | None:
        """A job by its name."""
        return self._jobs.get(name)

    def cancel(self, name: str) -> bool:
        """Stop a job; cells under way are finished and kept."""
        with self._lock:
            job = self._jobs.get(name)
            if job is None or job.over:
                return False
            self._end(job, "cancelled", "cancelled")
            return True

    def listen(self, job: Job, listener: Listener) -> None:
        """Hear of a job: what there is already, then what comes."""
        with self._lock:
            if job.latest is not None:
                listener("picture", job.latest)
            if job.over:
                listener(job.state, as_json({"why": job.why}))
            else:
                job.listeners.append(listener)
                listener("progress", self._progress(job))

    def leave(self, job: Job, listener: Listener) -> None:
        """Hear no more; a job to which nobody listens any longer is cancelled."""
        with self._lock:
            if listener in job.listeners:
                job.listeners.remove(listener)
            if not job.listeners and not job.over:
                self._end(job, "cancelled", "nobody waits for it")

    def close(self) -> None:
        """End all work at once."""
        with self._lock:
            self._closed = True
            for job in self._jobs.values():
                if not job.over:
                    self._end(job, "cancelled", "the app was closed")
        self._planner.shutdown(wait=False, cancel_futures=True)
        self._pool.close(at_once=True)

    # everything below is called with the lock held, or takes it

    def _open_step(self, job: Job) -> None:
        """Begin with the next picture: what is not computed yet, and is not being computed, waits for a worker."""
        cells = {cell.digest: cell for cell in job.awaited()}
        job.missing = {digest: cell for digest, cell in cells.items() if not self.store.has(digest)}
        job.computed = len(cells) - len(job.missing)

    def _hand_out(self) -> None:
        while not self._closed and len(self._under_way) < self.workers:
            job = self._next_job()
            if job is None:
                return
            if not job.missing:
                self._draw(job)
                continue
            digest, cell = next((d, c) for d, c in job.missing.items() if d not in self._under_way)
            job.state = "running"
            self._submit(digest, job, work_on, cell.spec, digest)

    def _next_job(self) -> Job | None:
        """Whose turn it is: fewest workers now, then least time so far, first pictures before finer ones."""
        clients = {key: sum(c == key for c, _ in self._under_way.values()) for key in self._spent}
        heavy_now = sum(heavy for _, heavy in self._under_way.values())
        ready = [
            job
            for job in self._jobs.values()
            if not job.over
            and not job.drawing
            and (not job.missing or any(digest not in self._under_way for digest in job.missing))
            and not (job.heavy and heavy_now >= max(1, self.workers - 1))
        ]
        if not ready:
            return None
        return min(ready, key=lambda job: (clients[job.client], self._spent[job.client] + LATER * (job.pictures > 0)))

    def _submit(self, key: str, job: Job, task: Callable[..., Any], *given: Any) -> None:
        begun = time.monotonic()
        self._under_way[key] = (job.client, job.heavy)
        future = self._pool.submit(task, *given)
        patience = threading.Timer(CELL_SECONDS, self._pool.abandon, (future,))
        patience.daemon = True
        patience.start()

        def finished(done: Future[Any]) -> None:
            patience.cancel()
            self._finished(key, job, done, time.monotonic() - begun)

        future.add_done_callback(finished)

    def _finished(self, key: str, job: Job, done: Future[Any], seconds: float) -> None:
        content, why, again = None, "", False
        try:
            content, why, trace, _ = done.result()
            if content is None:
                log.error("%s\n%s", why, trace)
        except WorkerLostError as error:
            why, again = f"a worker was lost: {error}", True
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
        try:
            if isinstance(content, bytes):
                self.store.put(key, content)
        except OSError as error:
            content, why = None, f"what was computed cannot be kept: {error.strerror}"
        with self._lock:
            self._under_way.pop(key, None)
            self._spent[job.client] = self._spent.get(job.client, 0.0) + seconds
            if self._closed:
                return
            if key.startswith("draw:"):
                self._drawn(job, content, why)
            elif content is not None:
                self._computed(key)
            else:
                self._tries[key] = self._tries.get(key, 0) + 1
                if not again or self._tries[key] >= TRIES:
                    for each in self._jobs.values():
                        if key in each.missing and not each.over:
                            self._end(each, "failed", why)
            self._hand_out()

    def _computed(self, digest: str) -> None:
        """A cell is there, for everyone who waits for it."""
        for job in self._jobs.values():
            if not job.over and job.missing.pop(digest, None) is not None:
                job.computed += 1
                self._tell(job, "progress", self._progress(job))

    def _draw(self, job: Job) -> None:
        worlds = job.steps[0]
        if job.whose is not None:
            self._draw_as(job, f"{job.scenario.link()} {json.dumps(job.whose, sort_keys=True)}", tell, job.whose)
            return
        key = ",".join([*(cell.digest for cell in job.awaited()), job.scenario.link()])
        if job.climb is not None:
            step, metrics = job.climb.steps[job.pictures], list(job.climb.metrics)
            asked = {"orders": step.orders, "metrics": metrics, "folder": str(self.store.cells.parent)}
            self._draw_as(job, f"{key} {json.dumps(asked)}", draw_ladder, asked, worlds)
            return
        self._draw_as(job, key, draw_comparison, str(self.store.cells.parent), worlds)

    def _draw_as(self, job: Job, key: str, task: Callable[..., Any], more: Any, worlds: int | None = None) -> None:
        """Have a worker draw or tell, unless it was done before."""
        if key in self._pictures:
            self._pictures.move_to_end(key)
            self._show(job, self._pictures[key])
            return
        job.drawing = True
        seen = job.scenario if worlds is None else job.scenario.model_copy(update={"worlds": worlds})
        self._submit(f"draw:{job.name}", job, task, seen.document(), more, key)

    def _drawn(self, job: Job, content: tuple[str, str] | None, why: str) -> None:
        job.drawing = False
        if content is None:
            if not job.over:
                self._end(job, "failed", why)
            return
        key, picture = content
        self._pictures[key] = picture
        while len(self._pictures) > KEPT:
            self._pictures.popitem(last=False)
        if not job.over:
            self._show(job, picture)

    def _show(self, job: Job, picture: str) -> None:
        job.latest = picture
        job.pictures += 1
        job.steps.pop(0)
        self._tell(job, "picture", picture)
        if job.steps:
            self._open_step(job)
        else:
            self._end(job, "done", "")

    def _end(self, job: Job, state: str, why: str) -> None:
        job.state, job.why, job.missing = state, why, {}
        self._tell(job, state, as_json({"why": why}))
        job.listeners.clear()

    def _progress(self, job: Job) -> str:
        of = job.computed + len(job.missing)
        told = {"computed": job.computed, "of": of, "worlds": job.steps[0], "worlds_of": job.scenario.worlds}
        if job.climb is not None:
            told |= {
                "orders": job.climb.steps[job.pictures].orders,
                "step": job.pictures + 1,
                "steps": len(job.climb.steps),
            }
        return as_json(told)

    def _tell(self, job: Job, kind: str, text: str) -> None:
        for listener in list(job.listeners):
            # a browser that has gone hears nothing
            with contextlib.suppress(RuntimeError):
                listener(kind, text)


def draw_comparison(document: dict[str, Any], folder: str, key: str) -> Drawn:
    """A worker's task: a scenario whose cells are all there, as the page reads it."""
    scenario = read_document(document)
    command, toml = scenario.command(), {"toml": scenario.toml()}
    return draw(key, scenario.study(), folder, command, lambda found: payload_of(found, command, document) | toml)


def _warm() -> tuple[None, str, str, float]:
    """A worker's first task: a small cell, so that tables are read and compiled functions are there."""
    from igrsim.app.scenario import Arm

    arms = (Arm(name="siloed", regime="siloed"), Arm(name="district-hub", regime="district-hub"))
    plan = lay_out(unaudited(Scenario(arms=arms, months=2, citizens=300, worlds=1, futures=1).study()))
    for cell in plan.cells:
        work_on(cell.spec, cell.digest)
    return None, "", "", 0.0
