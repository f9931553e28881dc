"""Facts tried at values of parameters, in as many processes as there are; nothing is tried twice."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType

from igrsim.kernel.params import all_params
from igrsim.runs.calibration.facts import Fact, Part, tried
from igrsim.runs.executors import ONE_THREAD
from igrsim.runs.validation.country_runs import forget
from igrsim.runs.validation.finding import Finding, Values

Rows = tuple[Finding, ...]
Task = tuple[Fact, int, Values]
"""A fact, which of its parts, and the values to try it at."""
Key = tuple[int, int, tuple[tuple[str, float], ...]]


def try_part(part: Part, values: dict[str, float]) -> Rows | None:
    """A part's rows; None where nothing can be told, since something is divided by nothing."""
    try:
        return tried(part, values)
    except ZeroDivisionError:
        return None
    finally:
        # runs of the country are large, and few are asked for again
        forget()


class Trials:
    """Tries parts of facts.

    Parameters
    ----------
    workers : int
        Processes; with one, everything is tried in this one.
    tell : callable
        Told, in words, what is tried, how many are done and of how many.
    """

    def __init__(self, workers: int = 1, tell: Callable[[str, int, int], None] | None = None) -> None:
        self.workers = workers
        self.tell = tell
        self.known: dict[Key, Rows | None] = {}
        self.pool: ProcessPoolExecutor | None = None
        self.others = set(multiprocessing.active_children())

    def __enter__(self) -> Trials:
        if self.workers > 1:
            for name in ONE_THREAD:
                os.environ.setdefault(name, "1")
            self.pool = ProcessPoolExecutor(
                self.workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=signal.signal,
                initargs=(signal.SIGINT, signal.SIG_IGN),
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.pool is None:
            return
        if kind is not None:
            # interrupted: what is under way would keep the user waiting
            for process in set(multiprocessing.active_children()) - self.others:
                process.terminate()
        self.pool.shutdown(cancel_futures=True)

    def of(self, tasks: Sequence[Task], what: str = "") -> list[Rows | None]:
        """The rows of each task, in the order asked."""
        keys = [_key(task) for task in tasks]
        todo = {key: task for key, task in zip(keys, tasks, strict=True) if key not in self.known}
        done = 0

        def note(key: Key, rows: Rows | None) -> None:
            nonlocal done
            self.known[key] = rows
            done += 1
            if self.tell:
                self.tell(what, done, len(todo))

        if self.pool is None:
            for key, (fact, part, values) in todo.items():
                note(key, try_part(fact.parts[part], dict(values)))
        else:
            running: dict[Future[Rows | None], Key] = {
                self.pool.submit(try_part, fact.parts[part], dict(values)): key
                for key, (fact, part, values) in todo.items()
            }
            while running:
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    try:
                        note(running.pop(future), future.result())
                    except BrokenProcessPool:
                        raise MemoryError("a process died: as a rule the system ran out of memory") from None
        return [self.known[key] for key in keys]

    def fact(self, fact: Fact, values: Values, what: str = "") -> list[Rows | None]:
        """The rows of every part of a fact."""
        return self.of([(fact, part, values) for part in range(len(fact.parts))], what)


def _key(task: Task) -> Key:
    fact, part, values = task
    # a value that is the default is none: the same point is the same however it is written
    known = all_params()
    return fact.number, part, tuple(sorted((n, v) for n, v in values.items() if v != known[n].default))


def holds(rows: Rows | None) -> bool:
    """Whether every row does."""
    return rows is not None and all(row.passed for row in rows)


def off(rows: Rows | None) -> float:
    """How far rows together are off: 0 where they hold."""
    return float("inf") if rows is None else float(sum(row.off for row in rows))
