"""A study from its file: read, extended, overridden, checked; and written again with everything filled in."""

from __future__ import annotations

import re
import reprlib
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError

from igrsim.kernel.errors import InputError
from igrsim.runs.calibration.parameter_file import check_value, read_parameters
from igrsim.runs.study.checking import check_study
from igrsim.runs.study.faults import first_fault, line_of
from igrsim.runs.study.parts import Study

LARGEST_FILE = 1_000_000


def read_study(path: Path, overrides: list[str] | None = None) -> tuple[Study, str]:
    """A study from its file.

    Parameters
    ----------
    path : Path
    overrides : list of str
        ``key=value`` pairs, ``world.months=12``.

    Returns
    -------
    study : Study
    text : str
        As written.

    Raises
    ------
    InputError
        One line with the place and the nearest right spelling.
    """
    place = str(path)
    if path.is_dir():
        raise InputError("this is a folder; a study file (TOML) is needed", file=place, code="E130")
    try:
        with path.open("rb") as handle:
            raw = handle.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"cannot be read: {reason}", file=place, code="E131") from None
    if len(raw) > LARGEST_FILE:
        raise InputError(f"is no study file: larger than {LARGEST_FILE} bytes", file=place, code="E132")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 text (byte {error.start})", file=place, code="E133") from None
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found.group(1)) if found else None
        raise InputError(f"is no TOML: {error}", file=place, line=line, code="E134") from None
    if not data:
        raise InputError("is empty; a study needs a title and arms", file=place, line=1, code="E135")
    for override in overrides or []:
        _override(data, override)
    return make_study(data, place, text), text


def make_study(data: dict[str, Any], place: str | None = None, text: str = "") -> Study:
    """A study from its data, checked against the model: regimes, levers, parameters, metrics, dates."""
    data = _with_parameters(data, place, text)
    try:
        study = Study.model_validate(_dates(data))
    except ValidationError as error:
        raise first_fault(error, data, place, text) from None
    check_study(study, place, text)
    return study


def _with_parameters(data: dict[str, Any], place: str | None, text: str) -> dict[str, Any]:
    """A study whose parameter file, if it names one, is read: what it says is part of the study from here on."""
    world = data.get("world")
    if not isinstance(world, dict) or "calibration" not in world:
        return data
    given, line = world["calibration"], line_of(text, ["world", "calibration"])
    if isinstance(given, dict):
        for name, value in given["set"].items() if isinstance(given.get("set"), dict) else ():
            try:
                check_value(name, value)
            except InputError as error:
                error.file, error.line = place, line_of(text, ["world", "calibration", "set", name]) or line
                raise
        return data
    if not isinstance(given, str):
        raise InputError(
            f"world.calibration = {reprlib.repr(given)}: the name of a parameter file is needed",
            file=place, line=line, code="E142",
        )  # fmt: skip
    found = read_parameters(Path(given))
    return data | {"world": world | {"calibration": {"file": found.file, "model": found.model, "set": found.set}}}


def _dates(data: dict[str, Any]) -> dict[str, Any]:
    world, events = data.get("world"), data.get("event")
    if isinstance(world, dict):
        data = data | {"world": _dated(world, "start")}
    arms = data.get("arms")
    if isinstance(arms, dict):
        dated = {}
        for name, arm in arms.items():
            if isinstance(arm, dict) and isinstance(arm.get("add"), list):
                arm = arm | {"add": [_dated(a, "from") if isinstance(a, dict) else a for a in arm["add"]]}
            dated[name] = arm
        data = data | {"arms": dated}
    if isinstance(events, list):
        data = data | {"event": [_dated(e, "date", "until") if isinstance(e, dict) else e for e in events]}
    return data


def _dated(table: dict[str, Any], *keys: str) -> dict[str, Any]:
    """A table whose dates may stand in quotes."""
    found = dict(table)
    for key in keys:
        if isinstance(table.get(key), str):
            try:
                found[key] = date.fromisoformat(table[key])
            except ValueError:
                continue
    return found


def _override(data: dict[str, Any], override: str) -> None:
    key, equals, value = override.partition("=")
    if not equals or not key.strip():
        raise InputError(f"-s {override}: write key=value, for example world.months=12", code="E156")
    try:
        parsed = tomllib.loads(f"x = {value}")["x"]
    except (tomllib.TOMLDecodeError, RecursionError):
        parsed = value
    *tables, last = key.strip().split(".")
    here = data
    for table in tables:
        here = here.setdefault(table, {})
        if not isinstance(here, dict):
            raise InputError(f"-s {override}: '{table}' is no table", code="E157")
    here[last] = parsed


def write_resolved(study: Study) -> str:
    """The resolved study as TOML; run again it gives the same bytes."""
    return tomli_w.dumps(study.resolved())
