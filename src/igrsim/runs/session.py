"""Run a study from end to end: cells, tables, manifest; the one way in for the command line and for Python."""

from __future__ import annotations

import hashlib
import json
import logging
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from igrsim.kernel.errors import InputError
from igrsim.regimes.regime import preset
from igrsim.results.results import Results
from igrsim.runs.layout import Cell, is_audit, lay_out
from igrsim.runs.manifest import study_digest
from igrsim.runs.runner import Failure, compute, workers_for
from igrsim.runs.store import Store
from igrsim.runs.study import Study, make_study, write_resolved
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


def run_study(
    study: Study,
    out: Path = DEFAULT_OUT,
    text: str | None = None,
    command: str = "",
    progress: Callable[[int, int, float], None] | None = None,
) -> Outcome:
    """Compute what a study lacks and write its tables.

    Parameters
    ----------
    out : Path
        Results folder; cells are shared by all studies in it.
    text : str
        The study as its author wrote it.
    progress : callable
        Told cells done, cells in all and seconds gone.
    """
    begun = time.perf_counter()
    plan = lay_out(study)
    digest = study_digest(plan)
    folder = out / f"{slug(study.title)}-{digest[:10]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write to '{out}': {error.strerror}", code="E310") from None
    handler = logging.FileHandler(folder / "run.log", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        store = Store(out)
        cells = plan.every_cell
        todo = [cell for cell in cells if not store.has(cell.digest)]
        workers = workers_for(study, plan, max(len(todo), 1))
        log.info("%s: %d cells, %d to compute, %d workers", study.title, len(cells), len(todo), workers)
        finished = len(cells) - len(todo)

        def done(cell: Cell, seconds: float) -> None:
            nonlocal finished
            finished += 1
            if progress:
                progress(finished, len(cells), time.perf_counter() - begun)

        if progress:
            progress(finished, len(cells), 0.0)
        failures = compute(plan, store, workers, done, audit=is_audit(plan.cells))
        if len(failures) == len(cells):
            first = failures[0]
            log.error("every cell failed:\n%s", first.trace)
        (folder / "resolved.toml").write_text(write_resolved(study), encoding="utf-8", newline="\n")
        written = text if text is not None else write_resolved(study)
        (folder / "study.toml").write_text(written, encoding="utf-8", newline="\n")
        manifest = write_tables(plan, store, folder, failures, command)
        manifest["files"] = {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(folder.iterdir())
            if file.is_file() and file.name not in ("manifest.json", "run.log", "report.html", "failures.csv")
        }
        manifest["run"] = _run(begun, workers, len(todo), len(failures))
        draft = folder / "manifest.json.part"
        draft.write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8", newline="\n")
        draft.replace(folder / "manifest.json")
        log.info("done in %.1f s", time.perf_counter() - begun)
    finally:
        log.removeHandler(handler)
        handler.close()
    return Outcome(folder, Results(folder), failures, len(todo))


def _run(begun: float, workers: int, computed: int, failed: int) -> dict[str, Any]:
    return {
        "seconds": round(time.perf_counter() - begun, 1),
        "workers": workers,
        "computed": computed,
        "failed": failed,
        "platform": platform.platform(),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def comparison(
    regimes: list[str],
    *,
    scope: str | list[str] = "country",
    months: int = 60,
    worlds: int = 10,
    futures: int = 8,
    citizens: int | str = 200_000,
    rollout: str | None = None,
    start: str | None = None,
    seed: int = 20190821,
    workers: int | str = "auto",
) -> Study:
    """A study without a file: regimes side by side, the first the reference; one named twice is an audit."""
    if not regimes:
        raise InputError("name at least one regime", code="E160")
    for regime in regimes:
        preset(regime)
    arms: dict[str, Any] = {}
    for regime in regimes:
        name = regime
        while name in arms:
            name += "-again"
        arms[name] = {"regime": regime}
        if rollout:
            arms[name]["rollout"] = rollout
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
            "runtime": {"workers": workers},
        }
    )


def compare(regimes: list[str], out: Path | str = DEFAULT_OUT, **options: Any) -> Results:
    """Compare regimes and give back the results.

    Parameters
    ----------
    regimes : list of str
        The first is the reference.
    out : Path or str
        Results folder.
    **options
        scope, months, worlds, futures, citizens, rollout, start, seed, workers: as on the command line.
    """
    return run_study(comparison(regimes, **options), Path(out)).results
