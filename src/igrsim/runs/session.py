"""Run a study from end to end: cells, tables, manifest; the one way in for the command line and for Python."""

from __future__ import annotations

import contextlib
import logging
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from igrsim.kernel.errors import InputError
from igrsim.regimes.regime import preset
from igrsim.results.results import Results
from igrsim.runs.autopilot import fly
from igrsim.runs.executors import Crew, open_crew
from igrsim.runs.layout import Cell, Plan, is_audit, lay_out
from igrsim.runs.lock import held
from igrsim.runs.manifest import study_digest
from igrsim.runs.pace import Pace
from igrsim.runs.runner import Failure, compute, workers_for
from igrsim.runs.seal import LOG, MANIFEST, open_folder, seal, write_manifest
from igrsim.runs.store import FULL, Store, write_whole
from igrsim.runs.study import Study, make_study, write_resolved
from igrsim.runs.study.size import looks_of
from igrsim.runs.tables import slug, write_tables

log = logging.getLogger("igrsim")
DEFAULT_OUT = Path("results")


@dataclass(frozen=True)
class Outcome:
    """A finished study.

    Attributes
    ----------
    folder : Path
    results : Results
    failures : list of Failure
    computed : int
        Cells computed now; the others were there.
    """

    folder: Path
    results: Results
    failures: list[Failure]
    computed: int


Progress = Callable[[int, int, float | None], None]
"""Told cells done, cells in all, and the seconds left, where they are known."""


def run_study(
    study: Study,
    out: Path = DEFAULT_OUT,
    text: str | None = None,
    command: str = "",
    progress: Progress | None = None,
    executor: Executor | None = None,
    report: Callable[[Results], object] | None = None,
) -> Outcome:
    """Compute what a study lacks and write its tables.

    Parameters
    ----------
    out : Path
        Results folder; cells are shared by all studies in it.
    text : str
        The study as its author wrote it.
    progress : callable
        Told of every cell.
    executor : concurrent.futures.Executor, optional
        Computes the cells, instead of what the study's runtime names.
    report : callable, optional
        Writes what else belongs to the study's folder, from its results.
    """
    begun = time.perf_counter()
    plan = lay_out(study, looks_of(study)[0])
    with _at_work(plan, study, out, text) as (store, folder):
        course = fly(study, store, lambda plan: compute_missing(plan, plan.every_cell, store, progress, executor))
        plan, failures, computed = course.plan, course.failures, course.computed
        open_folder(folder)
        _write_study(study, folder, text)
        manifest, failures = write_tables(plan, store, folder, failures, command)
        if course.about:
            manifest["autopilot"] = course.about
        manifest["run"] = _run(begun, study, computed, len(failures))
        _write_sensitivity(folder, manifest)
        write_manifest(folder, manifest)
        results = Results(folder)
        if report:
            report(results)
        seal(folder)
        log.info("done in %.1f s", time.perf_counter() - begun)
    return Outcome(folder, Results(folder), failures, computed)


def run_shard(
    study: Study, shard: tuple[int, int], out: Path, text: str | None = None, progress: Progress | None = None
) -> tuple[Path, list[Failure], int]:
    """Compute every n-th cell of a study, to be merged with the others; writes no tables.

    Parameters
    ----------
    shard : (k, n)
        Which one, counted from 1, of how many.

    Returns
    -------
    folder : Path
        The study's folder, which holds the study and the log.
    failures : list of Failure
    computed : int
    """
    number, of = shard
    if len(looks_of(study)) > 1:
        words = "a study that finds out how many worlds it takes cannot be shared out: give replication.worlds a number"
        raise InputError(words, code="E245")
    plan = lay_out(study)
    with _at_work(plan, study, out, text) as (store, folder):
        mine = [cell for cell in plan.every_cell if cell.ordinal % of == number - 1]
        if not (folder / MANIFEST).exists():
            _write_study(study, folder, text)
        return folder, *compute_missing(plan, mine, store, progress, None)


@contextlib.contextmanager
def _at_work(plan: Plan, study: Study, out: Path, text: str | None) -> Iterator[tuple[Store, Path]]:
    """A results folder held for one run, and the study's folder in it, with a log of what happens."""
    folder = out / f"{slug(study.title)}-{study_digest(plan)[:10]}"
    with contextlib.ExitStack() as opened:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            opened.enter_context(held(out))
            handler = _Log(folder / LOG, encoding="utf-8")
        except OSError as error:
            if error.errno in FULL:
                raise
            raise InputError(f"cannot write to '{out}': {error.strerror}", code="E310") from None
        opened.callback(handler.let_go)
        store = Store(out)
        store.clear_drafts()
        yield store, folder


class _Log(logging.FileHandler):
    """The log of a study; a disk that is full loses lines of it, not the study."""

    def __init__(self, file: Path, encoding: str) -> None:
        super().__init__(file, encoding=encoding)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(self)
        log.setLevel(logging.INFO)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Say nothing."""

    def let_go(self) -> None:
        """Close the file."""
        log.removeHandler(self)
        with contextlib.suppress(OSError):
            self.close()


def compute_missing(
    plan: Plan, cells: Sequence[Cell], store: Store, progress: Progress | None, executor: Executor | None
) -> tuple[list[Failure], int]:
    """Compute those of some cells that are not there; gives back what failed and how many there were to compute."""
    runtime, title = plan.study.runtime, plan.study.title
    # two futures that differ only in what an arm sets itself are one cell
    todo = list({cell.digest: cell for cell in cells if not store.has(cell.digest)}.values())
    pace = Pace(len(cells), len({cell.digest for cell in todo}), progress)
    log.info("%s: %d cells, %d to compute", title, len(cells), len(todo))
    # what is computed a second time is computed in a process of its own
    whole = is_audit(plan.cells)
    together = [cell for cell in todo if not (whole or cell.spec.reverse)]
    apart = [cell for cell in todo if whole or cell.spec.reverse]
    failed: list[Failure] = []
    for some, fresh in ((together, False), (apart, True)):
        if some:
            workers = workers_for(plan.study, plan, len(some))
            with _crew(runtime.crew, workers, fresh, executor) as crew:
                log.info("%d cells by %s, %d at a time", len(some), runtime.crew, crew.size())
                failed += compute(some, store, crew, pace.done, runtime.cell_minutes)
    why = {failure.cell.digest: failure for failure in failed}
    failures = [Failure(c, why[c.digest].error, why[c.digest].trace) for c in cells if c.digest in why]
    return failures, len(todo)


def _crew(name: str, workers: int, fresh: bool, executor: Executor | None) -> contextlib.AbstractContextManager[Crew]:
    if executor is not None:
        return contextlib.nullcontext(Crew(executor, lambda: workers, lambda future: None))
    return open_crew("processes" if fresh and name in ("inline", "threads") else name, workers, fresh)


def _write_study(study: Study, folder: Path, text: str | None) -> None:
    resolved = write_resolved(study)
    write_whole(folder / "resolved.toml", resolved.encode())
    write_whole(folder / "study.toml", (resolved if text is None else text).encode())


def _write_sensitivity(folder: Path, manifest: dict[str, Any]) -> None:
    """Which numbers the differences depend on, where the study's futures can tell; else nothing of an earlier run stays."""
    from igrsim.runs.sensitivity import SHARES, TABLE, open_studied, why_not, write_sensitivity

    for name in (TABLE, SHARES):
        (folder / name).unlink(missing_ok=True)
    if len(manifest["arms"]) > 1:
        studied = open_studied(folder, manifest)
        if why_not(studied) is None:
            write_sensitivity(studied)


def _run(begun: float, study: Study, computed: int, failed: int) -> dict[str, Any]:
    return {
        "seconds": round(time.perf_counter() - begun, 1),
        "workers": study.runtime.workers,
        "executor": study.runtime.crew,
        "computed": computed,
        "failed": failed,
        "platform": platform.platform(),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def comparison(
    regimes: Sequence[str] | Mapping[str, str | Mapping[str, Any]],
    *,
    scope: str | list[str] = "country",
    months: int = 60,
    worlds: int | dict[str, int] = 10,
    futures: int = 8,
    citizens: int | str = 200_000,
    rollout: str | None = None,
    start: str | None = None,
    seed: int = 20190821,
    workers: int | str = "auto",
    executor: str | None = None,
) -> Study:
    """A study without a file: regimes side by side, the first the reference; one named twice is an audit."""
    if not regimes:
        raise InputError("name at least one regime", code="E160")
    arms: dict[str, dict[str, Any]] = {}
    if isinstance(regimes, Mapping):
        arms = {name: {"regime": arm} if isinstance(arm, str) else dict(arm) for name, arm in regimes.items()}
    else:
        for regime in regimes:
            name = regime
            while name in arms:
                name += "-again"
            arms[name] = {"regime": regime}
    for arm in arms.values():
        preset(str(arm.get("regime", "")))
        if rollout:
            arm.setdefault("rollout", rollout)
    if not any(arm.get("reference") for arm in arms.values()):
        arms[next(iter(arms))]["reference"] = True
    world: dict[str, Any] = {"scope": scope, "months": months, "citizens": citizens}
    if start:
        world["start"] = start
    method = {"method": "none"} if futures <= 1 else {"n": futures}
    return make_study(
        {
            "title": " against ".join(dict.fromkeys(arms)),
            "world": world,
            "arms": arms,
            "futures": method,
            "replication": {"worlds": worlds, "seed": seed},
            "runtime": {"workers": workers} | ({"executor": executor} if executor else {}),
        }
    )


def compare(
    regimes: Sequence[str] | Mapping[str, str | Mapping[str, Any]],
    out: Path | str = DEFAULT_OUT,
    **options: Any,
) -> Results:
    """Compare regimes and give back the results.

    Parameters
    ----------
    regimes : list of str, or dict
        Regimes, the first of which is the reference; or arms by name, each a regime or a table as in a study file, such
        as ``{"regime": "siloed", "add": ["forum-audit"]}``.
    out : Path or str
        Results folder.
    **options
        scope, months, worlds, futures, citizens, rollout, start, seed, workers, executor: as on the command line.
    """
    return run_study(comparison(regimes, **options), Path(out)).results
