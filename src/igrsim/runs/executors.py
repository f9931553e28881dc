"""Where cells are computed: this process, threads, processes, or a Dask cluster; any `concurrent.futures.Executor`."""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pickle import PicklingError
from queue import SimpleQueue
from typing import Any

from igrsim.kernel.errors import InputError, nearest

NAMES = ("processes", "threads", "inline", "dask")
DASK = "dask://"
CLUSTER_SECONDS = 30.0
"""How long a cluster may take to answer, and to have its first worker."""
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


class WorkerLostError(RuntimeError):
    """The worker that had a task is gone, and the task with it."""


@dataclass(frozen=True)
class Crew:
    """An executor, and what the runner must know of it.

    Attributes
    ----------
    executor : Executor
    size : callable
        How many tasks it works on at a time; may change on a cluster.
    abandon : callable
        Frees the worker that has hung on a task.
    """

    executor: Executor
    size: Callable[[], int]
    abandon: Callable[[Future[Any]], None]


@contextlib.contextmanager
def open_crew(name: str, workers: int, fresh: bool = False) -> Iterator[Crew]:
    """Workers by the name of their executor, gone when it is left: at once if an exception ends the work.

    Parameters
    ----------
    name : str
        One of `NAMES`, or ``dask://HOST:PORT``.
    workers : int
        How many; a cluster has its own number.
    fresh : bool
        Every task in a process of its own.
    """
    if name == "inline":
        yield Crew(Inline(), lambda: 1, lambda future: None)
    elif name == "threads":
        pool = ThreadPoolExecutor(workers)
        yield from _until_left(Crew(pool, lambda: workers, lambda future: None), _shut(pool))
    elif name == "processes":
        processes = Processes(workers, fresh)
        yield from _until_left(Crew(processes, lambda: workers, processes.abandon), processes.close)
    else:
        yield from _on_dask(name.removeprefix(DASK) if name.startswith(DASK) else None, workers)


def check_executor(name: str) -> None:
    """Whether there is an executor of this name.

    Raises
    ------
    InputError
    """
    if name not in NAMES and not (name.startswith(DASK) and name.rpartition(":")[2].isdecimal()):
        raise InputError(
            f"executor '{name}' is not known{nearest(name, NAMES)}: {', '.join(NAMES)} or dask://HOST:PORT", code="E320"
        )


def _shut(pool: Executor) -> Callable[[bool], None]:
    return lambda at_once: pool.shutdown(wait=not at_once, cancel_futures=True)


def _until_left(crew: Crew, close: Callable[[bool], None]) -> Iterator[Crew]:
    try:
        yield crew
    except BaseException:
        close(True)
        raise
    close(False)


class Inline(Executor):
    """Tasks done in this process, one after another, when they are submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do a task."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Processes(Executor):
    """Worker processes with one task each at a time: one that dies takes its own task with it and no other.

    Python's own pool gives up every task when one process dies, and waits for ever for one that hangs. Here a thread
    stands before each process and starts another in its place.

    Parameters
    ----------
    workers : int
    fresh : bool
        Every task in a process of its own.
    """

    def __init__(self, workers: int, fresh: bool = False) -> None:
        for name in ONE_THREAD:
            os.environ.setdefault(name, "1")
        self._fresh = fresh
        self._closed = False
        self._tasks: SimpleQueue[tuple[Future[Any], Any] | None] = SimpleQueue()
        self._at_work: dict[Future[Any], BaseProcess] = {}
        self._threads = [threading.Thread(target=self._stand_before, daemon=True) for _ in range(workers)]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a task done by the next process that is free."""
        future: Future[Any] = Future()
        self._tasks.put((future, (fn, args, kwargs)))
        return future

    def abandon(self, future: Future[Any]) -> None:
        """Kill the process that has this task."""
        process = self._at_work.get(future)
        if process is not None:
            process.kill()

    def close(self, at_once: bool) -> None:
        """End the processes; those at work are killed, or waited for."""
        self._closed = self._closed or at_once
        for _ in self._threads:
            self._tasks.put(None)
        if at_once:
            for future in list(self._at_work):
                self.abandon(future)
        for thread in self._threads:
            thread.join()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes when their tasks are done."""
        self.close(at_once=cancel_futures)

    def _stand_before(self) -> None:
        worker: _Worker | None = None
        while (task := self._tasks.get()) is not None:
            future, call = task
            if self._closed or not future.set_running_or_notify_cancel():
                future.cancel()
                continue
            try:
                worker = worker or _Worker()
                self._at_work[future] = worker.process
                if self._closed:
                    worker.process.kill()
                answer, error = worker.ask(call)
            except BaseException as lost:
                answer, error = None, lost
            self._at_work.pop(future, None)
            if worker and (self._fresh or error is not None):
                worker.end()
                worker = None
            if error is None:
                future.set_result(answer)
            else:
                future.set_exception(error)
        if worker:
            worker.end()


class _Worker:
    """A process, and the line to it."""

    def __init__(self) -> None:
        # spawned whatever the platform: a fork would share locks, threads and open files with the driver
        context = multiprocessing.get_context("spawn")
        self.line, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_serve, args=(theirs,), daemon=True)
        try:
            self.process.start()
        except BaseException:
            self.line.close()
            raise
        finally:
            theirs.close()

    def ask(self, call: Any) -> tuple[Any, BaseException | None]:
        try:
            self.line.send(call)
            answer: tuple[Any, BaseException | None] = self.line.recv()
        except (EOFError, OSError) as error:
            self.process.join()
            raise WorkerLostError(f"the process that had it ended with {self.process.exitcode}") from error
        return answer

    def end(self) -> None:
        self.line.close()
        self.process.join(timeout=5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _serve(line: Connection) -> None:
    """The life of a worker process: tasks until the line is closed, and no longer than its driver's life."""
    # Ctrl-C at a terminal reaches every process: only the driver heeds it, so that there is one message, not many
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_driver, daemon=True).start()
    settled = False
    with contextlib.suppress(EOFError, OSError):
        while True:
            fn, args, kwargs = line.recv()
            try:
                answer: tuple[Any, BaseException | None] = fn(*args, **kwargs), None
            except Exception as error:
                answer = None, error
            try:
                line.send(answer)
            except (TypeError, AttributeError, PicklingError) as error:
                line.send((None, RuntimeError(f"what the task gave cannot be handed over: {error}")))
            if not settled:
                # modules and tables are here to stay: the collector need not look at them again after every task
                gc.collect()
                gc.freeze()
                settled = True


def _end_with_driver() -> None:
    driver = multiprocessing.parent_process()
    if driver is not None:
        driver.join()
        # the driver was killed: nobody waits for what this process computes
        os._exit(1)


def _on_dask(address: str | None, workers: int) -> Iterator[Crew]:
    """A Dask cluster: one that runs at an address, or one of this machine's own."""
    try:
        # not installed everywhere
        dask: Any = importlib.import_module("distributed")
    except ImportError:
        raise InputError("a Dask cluster needs 'distributed': pip install 'igrsim[cluster]'", code="E321") from None
    # what Dask tells of workers that come and go is no message to who runs a study
    for name in ("distributed", "distributed.client", "distributed.utils", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with contextlib.ExitStack() as opened:
        try:
            if address is None:
                cluster = opened.enter_context(
                    dask.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
                )
                client = opened.enter_context(dask.Client(cluster))
            else:
                client = opened.enter_context(dask.Client(f"tcp://{address}", timeout=CLUSTER_SECONDS))
            client.wait_for_workers(1, timeout=CLUSTER_SECONDS)
        except (OSError, TimeoutError) as error:
            where = f"at {address}" if address else "of this machine"
            raise InputError(f"no Dask cluster with workers {where}: {error}", code="E322") from None
        tasks = _DaskTasks(client)
        yield from _until_left(Crew(tasks, tasks.threads, tasks.abandon), lambda at_once: None)


@contextlib.contextmanager
def _cluster_there() -> Iterator[None]:
    try:
        yield
    except (OSError, TimeoutError, RuntimeError) as error:
        words = f"the Dask cluster was lost, what was finished is kept: {str(error).splitlines()[0]}"
        raise InputError(words, code="E324") from None


class _DaskTasks(Executor):
    """A Dask client as an executor that knows which worker has hung."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._keys: dict[Future[Any], Any] = {}

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a task done by the cluster; a worker that is lost is made good by Dask a few times."""
        mine: Future[Any] = Future()
        with _cluster_there():
            theirs = self._client.submit(fn, *args, **kwargs, pure=False)
        self._keys[mine] = theirs
        theirs.add_done_callback(lambda done: self._hand_over(done, mine))
        return mine

    def _hand_over(self, theirs: Any, mine: Future[Any]) -> None:
        self._keys.pop(mine, None)
        if theirs.status == "finished":
            mine.set_result(theirs.result())
        else:
            why = theirs.exception() if theirs.status == "error" else theirs.status
            mine.set_exception(WorkerLostError(f"the cluster gave it up: {why}"))

    def threads(self) -> int:
        """How many tasks the cluster works on at a time, now."""
        with _cluster_there():
            return sum(self._client.nthreads().values())

    def abandon(self, future: Future[Any]) -> None:
        """Restart the worker that has this task."""
        theirs = self._keys.pop(future, None)
        if theirs is None:
            return
        having = [worker for worker, keys in self._client.processing().items() if theirs.key in keys]
        theirs.cancel()
        if having:
            self._client.restart_workers(having, timeout=CLUSTER_SECONDS, raise_for_error=False)
