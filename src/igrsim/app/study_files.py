"""A visitor's study file: read as `igrsim check` reads it, without opening any file of this machine, and given as a scenario."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from igrsim.app.api import Bounds
from igrsim.app.scenario import Scenario, scenario_of
from igrsim.kernel.errors import InputError, nearest
from igrsim.regimes.schedule_line import is_line
from igrsim.runs.catalogue import known_names
from igrsim.runs.study import make_study
from igrsim.runs.study.checking import check_places
from igrsim.runs.study.extending import data_in
from igrsim.runs.study.faults import fault_at
from igrsim.runs.study.whereabouts import Whereabouts

LONGEST_NAME = 80
PATHS = (("extends",), ("world", "points"), ("world", "forums"), ("world", "calibration"), ("futures", "table"))
"""Keys of a study that name a file."""


def answer_study(body: bytes, bounds: Bounds) -> dict[str, Any]:
    """The scenario of a study file, and what of it was lowered to what the page computes.

    Raises
    ------
    InputError
        In one line, with the place in the file.
    """
    try:
        given: Any = json.loads(body)
    except (ValueError, RecursionError):
        given = None
    if (
        not isinstance(given, dict)
        or set(given) != {"name", "text"}
        or not all(isinstance(v, str) for v in given.values())
    ):
        raise InputError("a study file is sent as JSON: name, text", code="E418")
    name = "".join(c for c in given["name"] if c.isprintable())[:LONGEST_NAME] or "study.toml"
    scenario, lowered = within(read_study_text(given["text"], name), bounds)
    return {"scenario": scenario.document(), "lowered": lowered}


def read_study_text(text: str, name: str) -> Scenario:
    """A scenario from the text of a study file.

    Parameters
    ----------
    name : str
        Of the file, for what is wrong with it.
    """
    text = text.removeprefix("\ufeff")
    data = data_in(text, name)
    places = Whereabouts(name, text)
    for words, where in _files_named(data):
        raise fault_at(places, words, where, "E419")
    study = make_study(data, places)
    check_places(study)
    try:
        return scenario_of(study)
    except InputError as error:
        error.file = name
        raise


def _files_named(data: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """What a study says of files, which the page's visitors cannot open."""
    for path in PATHS:
        here: Any = data
        for key in path:
            here = here.get(key) if isinstance(here, dict) else None
        # the values of a parameter file may stand in the study itself
        if isinstance(here, str):
            words = f"{'.'.join(path)} names a file: the page opens none; igrsim run does"
            yield words, list(path)
    known = known_names("rollouts")
    arms = data.get("arms")
    for name, arm in arms.items() if isinstance(arms, dict) else ():
        rollout = arm.get("rollout") if isinstance(arm, dict) else None
        if isinstance(rollout, str) and rollout not in known and not is_line(rollout):
            said = " ".join(rollout.split())
            words = f"roll-out '{said:.60}': the page takes named ones, or dates written out{nearest(rollout, known)}"
            yield words, ["arms", name, "rollout"]


def within(scenario: Scenario, bounds: Bounds) -> tuple[Scenario, list[str]]:
    """A scenario with no more than the page computes, and in words what was lowered; of its arms two are shown at a time."""
    less = {
        name: most
        for name in ("citizens", "months", "worlds", "futures")
        if getattr(scenario, name) > (most := getattr(bounds, name))
    }
    told = [f"{name} {getattr(scenario, name)}, here {most}" for name, most in less.items()]
    found = scenario.model_copy(update=less)
    if less:
        # fewer months may end before something was to be decided
        found.study()
    return found, told
