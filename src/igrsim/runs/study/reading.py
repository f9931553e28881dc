"""A study from its file: read, extended, overridden, checked; and written again with everything filled in."""

from __future__ import annotations

import reprlib
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError

from igrsim.kernel.errors import InputError
from igrsim.runs.calibration.parameter_file import check_value, read_parameters
from igrsim.runs.study.checking import check_study, without_excluded_arms
from igrsim.runs.study.extending import read_extended, with_arms_extended, with_whole_names
from igrsim.runs.study.faults import fault_at, first_fault, shortened
from igrsim.runs.study.parts import Study
from igrsim.runs.study.whereabouts import Whereabouts


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
    data, text, places = read_extended(path)
    for override in overrides or []:
        places = _override(data, override, places)
    return make_study(data, places), text


def make_study(data: dict[str, Any], places: Whereabouts | None = None) -> Study:
    """A study from its data, checked against the model: regimes, levers, parameters, metrics, dates.

    Parameters
    ----------
    places : Whereabouts
        Where its keys stand, for what is wrong with it.
    """
    places = places or Whereabouts()
    if "extends" in data:
        raise fault_at(places, "extends stands in a study file, nowhere else", ["extends"], "E220")
    data = with_arms_extended(with_whole_names(data, places), places)
    data = _with_parameters(data, places)
    try:
        study = Study.model_validate(_dates(data)).placed_at(places)
    except ValidationError as error:
        raise first_fault(error, data, places) from None
    study = without_excluded_arms(study)
    check_study(study)
    return study


def _with_parameters(data: dict[str, Any], places: Whereabouts) -> dict[str, Any]:
    """A study whose parameter file, if it names one, is read: what it says is part of the study from here on."""
    world = data.get("world")
    if not isinstance(world, dict) or "calibration" not in world:
        return data
    given, where = world["calibration"], ["world", "calibration"]
    if isinstance(given, dict):
        for name, value in given["set"].items() if isinstance(given.get("set"), dict) else ():
            try:
                check_value(name, value)
            except InputError as error:
                raise fault_at(places, error.message, [*where, "set", name], error.code, error.code != "E183") from None
        return data
    if not isinstance(given, str):
        words = f"world.calibration = {reprlib.repr(given)}: the name of a parameter file is needed"
        raise fault_at(places, words, where, "E142")
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
            for key in ("add", "drop"):
                if isinstance(arm, dict) and isinstance(arm.get(key), list):
                    arm = arm | {key: [_dated(one, "from") if isinstance(one, dict) else one for one in arm[key]]}
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


def _override(data: dict[str, Any], override: str, places: Whereabouts) -> Whereabouts:
    """Set one value of a study from the command line."""
    words = f"-s {shortened(override, 60)}"
    key, equals, value = override.partition("=")
    if not equals or not key.strip():
        raise InputError(f"{words}: write key=value, for example world.months=12", code="E156")
    try:
        path = _whole(_path(tomllib.loads(f"{key} = 0")))
    except (ValueError, RecursionError):
        raise InputError(
            f"{words}: '{shortened(key)}' is no key: write it as in the file, world.months", code="E156"
        ) from None
    try:
        parsed = tomllib.loads(f"x = {value}")["x"]
    except (ValueError, RecursionError):
        parsed = value
    *tables, last = path
    here = data
    for table in tables:
        here = here.setdefault(table, {})
        if not isinstance(here, dict):
            raise InputError(f"{words}: '{table}' is no table", code="E157")
    here[last] = parsed
    return places.set_by(words, ".".join(path))


def _whole(path: list[str]) -> list[str]:
    """A path in which a parameter goes by its whole name."""
    for table in (["arms", "", "set"], ["futures", "values"], ["world", "calibration", "set"]):
        head = path[: len(table)]
        if len(head) < len(path) and all(wanted in ("", given) for wanted, given in zip(table, head, strict=False)):
            return [*head, ".".join(path[len(table) :])]
    return path


def _path(data: Any) -> list[str]:
    """The parts of the only key in some data."""
    found = []
    while isinstance(data, dict):
        ((key, data),) = data.items()
        found.append(key)
    return found


def write_resolved(study: Study) -> str:
    """The resolved study as TOML; run again it gives the same bytes."""
    return tomli_w.dumps(study.resolved())
