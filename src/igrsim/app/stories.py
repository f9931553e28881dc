"""One person's journey, one municipality's diary: the same life in every arm, as the page shows it."""

from __future__ import annotations

import json
import re
import shlex
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from igrsim.app.payload import as_json
from igrsim.app.scenario import Scenario, read_document
from igrsim.kernel.errors import InputError, nearest
from igrsim.places.geography import load_geography
from igrsim.places.scopes import geography_of
from igrsim.runs.catalogue import catalogue
from igrsim.runs.chosen import Chosen, arms_of, arms_of_study, month_in, municipality_in
from igrsim.runs.diaries_compared import Kept, differences, in_one_sentence, rows, sums
from igrsim.runs.diary import FEW, keep_diary
from igrsim.runs.journey import follow
from igrsim.runs.journey_words import lines, who
from igrsim.runs.journey_words import sums as journey_sums
from igrsim.runs.layout import lay_out
from igrsim.runs.lived_arms import PICKS
from igrsim.runs.manifest import study_digest
from igrsim.runs.session import DEFAULT_OUT
from igrsim.runs.tables import slug

MONTHS = 12
"""Months that a diary tells."""
CITIZEN = re.compile(r"[A-Za-z0-9-]{1,20}/[0-9]{1,9}")
MUNICIPALITY = re.compile(r"[A-Z0-9]{2,6}")
DIARY = ("month", "kind", "what", "by", "how", "minutes", "displaced_minutes")
TOLD_APART = ("difference", "total", "month")
ONE_RUN = (
    "This is one run: one world and one set of parameter values. It shows how the model works, not what is likely; "
    "differences with intervals stand on Compare and in the report."
)


@dataclass(frozen=True)
class Whose:
    """Whose story is told.

    Attributes
    ----------
    kind : {"person", "municipality"}
    name : str
        A pick of `PICKS` or a person's name, ``160010/3``; a municipality's code.
    begin : str or None
        First month of a diary, ``YYYY-MM``; the study's first without it.
    """

    kind: str
    name: str
    begin: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in ("person", "municipality"):
            raise InputError("a story is of a person or a municipality", code="E395")
        right = MUNICIPALITY if self.kind == "municipality" else CITIZEN
        if not right.fullmatch(self.name) and not (self.kind == "person" and self.name in PICKS):
            words = (
                "is no municipality's code, such as EC157"
                if self.kind == "municipality"
                else f"is neither a person's name, such as 160010/3, nor a way to choose one{nearest(self.name, PICKS)}"
            )
            raise InputError(f"'{self.name:.40}' {words}", code="E396")
        if self.begin is not None and not re.fullmatch(r"[0-9]{4}-[0-9]{2}", self.begin):
            raise InputError(f"month '{self.begin:.20}': YYYY-MM is needed", code="E396")

    @property
    def key(self) -> str:
        """What tells stories apart."""
        return json.dumps([self.kind, self.name, self.begin])


def read_whose(data: Any) -> Whose:
    """Whose story a request asks for.

    Raises
    ------
    InputError
    """
    if not isinstance(data, dict) or not set(data) <= {"kind", "name", "begin"} or not {"kind", "name"} <= set(data):
        raise InputError("a story is asked for by kind and name", code="E395")
    if not all(isinstance(value, str) for value in data.values()):
        raise InputError("a story is asked for by kind and name, in letters", code="E395")
    return Whose(**data)


def story_of(chosen: Chosen, whose: Whose, command: str) -> dict[str, Any]:
    """A story as the page reads it.

    Parameters
    ----------
    command : str
        Tells the same story, by ``igrsim journey`` or ``igrsim diary``; what is told of is added here.
    """
    told = _journey(chosen, whose) if whose.kind == "person" else _diary(chosen, whose)
    return told | {
        "kind": whose.kind,
        "asked": whose.name,
        "begin": whose.begin,
        "world": chosen.world,
        "future": chosen.future,
        "notes": [ONE_RUN, *told["notes"], *chosen.notes],
        "command": f"igrsim {'journey' if whose.kind == 'person' else 'diary'} {command} {told['command']}",
    }


def story_of_folder(folder: Path, whose: Whose) -> dict[str, Any]:
    """A story of a finished study, in its first world and that world's future."""
    return story_of(arms_of_study(folder), whose, shlex.quote((DEFAULT_OUT / folder.resolve().name).as_posix()))


def tell(document: dict[str, Any], asked: dict[str, Any], key: str) -> tuple[tuple[str, str] | None, str, str, float]:
    """A worker's task: the story of one of a scenario's people or municipalities."""
    begun = time.perf_counter()
    scenario: Scenario = read_document(document)
    try:
        chosen = arms_of(scenario.study())
        plan = lay_out(scenario.study())
        folder = DEFAULT_OUT / f"{slug(plan.study.title)}-{study_digest(plan)[:10]}"
        told = story_of(chosen, read_whose(asked), folder.as_posix()) | {"first": scenario.command()}
    except (InputError, OSError, ValueError, ArithmeticError, LookupError) as error:
        words = f"{type(error).__name__}: {error}".partition("\n")[0]
        why = error if isinstance(error, InputError) else InputError(f"not told: {words:.200}", code="E432")
        return None, str(why), "", 0.0
    return (key, as_json(told)), "", "", time.perf_counter() - begun


@cache
def about_lives() -> dict[str, Any]:
    """Whose story can be asked for: ways to choose a person, municipalities, and the spaces of every named scope."""
    geography = load_geography()
    table, spaces = geography.municipalities, geography.spaces
    named = [row["name"] for row in catalogue()["scopes"] if "," not in row["name"]]
    places = [
        [str(code), str(name), str(spaces.codes[int(row)])]
        for code, name, row in zip(table.codes, table.names, table.space_row, strict=True)
    ]
    listed = {place[0] for place in places}
    scopes = {name: geography_of(name) for name in named}
    for found in scopes.values():
        # towns made up for theory stand in no list of the country's
        mine = found.municipalities
        places += [
            [str(code), str(name), str(found.spaces.codes[int(row)])]
            for code, name, row in zip(mine.codes, mine.names, mine.space_row, strict=True)
            if code not in listed
        ]
    return {
        "picks": PICKS,
        "municipalities": places,
        "scopes": {name: [str(code) for code in found.spaces.codes] for name, found in scopes.items()},
    }


def _journey(chosen: Chosen, whose: Whose) -> dict[str, Any]:
    picked = whose.name in PICKS
    found = follow(chosen, None if picked else whose.name, whose.name if picked else "median")
    return {
        "name": found.person.citizen,
        "who": who(found.person),
        "picked": found.picked,
        "months": list(found.months),
        "arms": [{"name": s.arm, "about": s.about, "lines": _without_arm(lines(s))} for s in found.arms],
        "sums": journey_sums(found),
        "words": _by_arm(found.differences, [story.arm for story in found.arms]),
        "notes": [],
        "command": f"--citizen {found.person.citizen}",
    }


def _diary(chosen: Chosen, whose: Whose) -> dict[str, Any]:
    place = municipality_in(chosen.geography, whose.name)
    first = 0 if whose.begin is None else month_in(chosen.clock, whose.begin, "month")
    months = min(MONTHS, chosen.clock.months - first)
    kept = [Kept(told.arm, tuple(keep_diary(told.spec, place, first, months))) for told in chosen.runs]
    table = chosen.geography.municipalities
    every = rows(kept, chosen.clock)
    name = f"{table.names[place]} ({table.codes[place]}), {chosen.geography.spaces.names[table.space_row[place]]}"
    return {
        "name": table.codes[place],
        "who": name,
        "picked": "",
        "months": [chosen.clock.label(first), chosen.clock.label(first + months - 1)],
        "arms": [
            {
                "name": told.arm,
                "about": told.about,
                "lines": [
                    {key: row[key] for key in DIARY}
                    for row in every
                    if row["arm"] == told.arm and row["kind"] not in TOLD_APART
                ],
                "each": {r["month"]: r["how"] for r in every if r["arm"] == told.arm and r["kind"] == "month"},
            }
            for told in chosen.runs
        ],
        "sums": [_hours(one) for one in kept],
        "words": [{"arm": one.arm, "text": in_one_sentence([kept[0], one], table.names[place])} for one in kept[1:]]
        + [{"arm": arm, "text": words} for arm, words in differences(kept, chosen.clock)],
        "notes": [
            "How many hours there are, who is willing and what a request takes are assumptions of the model.",
            f"Simulated with {FEW} citizens: what municipalities do does not depend on how many there are.",
        ],
        "command": f"--municipality {whose.name} --from {chosen.clock.label(first)} --months {months}",
    }


def _by_arm(sentences: list[str], arms: list[str]) -> list[dict[str, str]]:
    """A journey's sentences with the arm that each is about: they come arm by arm, and one that names none goes on."""
    now, found = arms[-1] if len(arms) < 3 else arms[1], []
    for text in sentences:
        now = next((arm for arm in arms[1:] if text.startswith((f"{arm}: ", f"Only in {arm}: "))), now)
        found.append({"arm": now, "text": text})
    return found


def _hours(kept: Kept) -> dict[str, Any]:
    total = sums(kept)
    timed = {
        "meetings, h": total.meetings,
        "of it from delivery, h": total.displaced,
        "requests and data calls, h": total.answers + total.profiles,
        "planning together, h": total.planning,
        "imbizos, upkeep, support, h": total.otherwise,
        "all, h": total.minutes,
        "hours there are": total.available,
    }
    return {
        "arm": kept.arm,
        **{name: round(minutes / 60, 1) for name, minutes in timed.items()},
        "invitations": total.invited,
        "taken up": total.attended,
        "requests": total.asked,
        "unanswered": total.unanswered,
    }


def _without_arm(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in line.items() if key != "arm"} for line in told]
