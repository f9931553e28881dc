"""Calibration from end to end: what is tried, and the file that is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

from igrsim.kernel.errors import InputError
from igrsim.runs.calibration.facts import FACTS, Fact
from igrsim.runs.calibration.parameter_file import NAME
from igrsim.runs.calibration.record import table, write_parameters
from igrsim.runs.calibration.search import calibrate
from igrsim.runs.calibration.trials import Trials
from igrsim.runs.runner import cores

WORKER_BYTES = 1.2e9
"""What a process takes that keeps a few runs of the country."""


def calibrated(
    out: Path,
    points: int = 32,
    seed: int = 1,
    workers: int | str = "auto",
    tell: Callable[[str, int, int], None] | None = None,
    facts: Sequence[Fact] = FACTS,
) -> tuple[list[dict[str, Any]], Path]:
    """Calibrate and write the parameter file.

    Returns
    -------
    rows : list of dict
        One a fact.
    file : Path
    """
    if workers != "auto" and not 1 <= int(workers) <= 1024:
        raise InputError('workers must be 1 to 1024, or "auto"', code="E147")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write to '{out}': {error.strerror}", code="E310") from None
    room = max(int(0.8 * psutil.virtual_memory().available / WORKER_BYTES), 1)
    with Trials(min(cores() if workers == "auto" else int(workers), room), tell) as trials:
        found = calibrate(trials, facts, points, seed)
    file = out / NAME
    draft = file.with_name(f"{NAME}.part")
    draft.write_text(write_parameters(found), encoding="utf-8", newline="\n")
    draft.replace(file)
    return table(found), file
