"""What is wrong with a study file, in one line: the place, what was given, the nearest right spelling."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from igrsim.kernel.errors import InputError, nearest
from igrsim.runs.study.parts import Study
from igrsim.runs.study.whereabouts import Whereabouts
from igrsim.world.events import KINDS

LONGEST_WORD = 100
NO_SWEEP = (
    "a list is not a sweep: one value is needed here (several values of an uncertain number: futures.method = 'grid' and "
    "futures.values; several of a choice of policy: an arm each)"
)


def fault_at(places: Whereabouts, message: str, where: Sequence[str], code: str, value: bool = True) -> InputError:
    """An error at a key of the study, or at its value."""
    spot = places.find(where, value)
    return InputError(message, file=spot.file, line=spot.line, column=spot.column, code=code)


def placed(error: InputError, places: Whereabouts, where: Sequence[str]) -> InputError:
    """An error that has no place yet, at the value of a key."""
    if error.file is None:
        spot = places.find(where)
        error.file, error.line, error.column = spot.file, spot.line, spot.column
    return error


def first_fault(error: ValidationError, data: dict[str, Any], places: Whereabouts) -> InputError:
    """The fault that helps its author most, of all that were found."""
    # a misspelt key is also a missing one: its spelling is what helps
    # a lever added or dropped in part is a table, and so are the fewest and most worlds: that they are no plain name, or number, says
    # nothing
    plain = {"add": "string_type", "drop": "string_type", "worlds": "int_type"}
    faults = [
        f
        for f in error.errors()
        if not (isinstance(f["input"], dict) and any(k in f["loc"] and f["type"] == t for k, t in plain.items()))
    ]
    fault = min(faults or error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    where = _address(fault["loc"], data, absent=fault["type"] in ("missing", "extra_forbidden"))
    key = where[-1] if where else ""
    address = shortened(".".join(where))
    if fault["type"] == "extra_forbidden":
        known = _known_keys(where, data)
        return fault_at(places, f"unknown key '{address}'{nearest(key, known)}", where, "E140", value=False)
    if fault["type"] == "missing":
        return fault_at(places, f"'{address}' is missing", where, "E141")
    if fault["type"] == "union_tag_not_found":
        return fault_at(places, f"'{address}.kind' is missing{nearest('', KINDS)}", where, "E141")
    if fault["type"] == "union_tag_invalid":
        kind = shortened(str(fault["ctx"]["tag"]))
        return fault_at(places, f"unknown kind of event '{kind}'{nearest(kind, KINDS)}", [*where, "kind"], "E170")
    given = fault.get("input")
    words = given.isoformat() if isinstance(given, date) else reprlib.repr(given)
    same = [one for one in faults or error.errors() if one["loc"][: len(fault["loc"]) - 1] == fault["loc"][:-1]]
    of_union = [one for one in same if _address(one["loc"], data, absent=False) == where] or [fault]
    return fault_at(places, f"{address} = {words}: {_wish(of_union, given)}", where, "E142")


def _wish(faults: list[Any], given: Any) -> str:
    """What a key may hold, one kind of value or several, and what may have been meant."""
    own = [str(one["msg"]).removeprefix("Value error, ") for one in faults if one["type"] == "value_error"]
    if own:
        return own[0]
    if isinstance(given, list) and not all(one["type"] in TABLES for one in faults):
        return NO_SWEEP
    # a number beyond its bounds is of the right kind
    bounded = [one for one in faults if one["type"] in BOUNDS]
    wishes = [_wanted(one) for one in bounded or faults]
    named = list(dict.fromkeys(wish for wish, _ in wishes))
    if "a number" in named:
        named = [wish for wish in named if wish != "a whole number"]
    return " or ".join(named) + " is needed" + next((hint for _, hint in wishes if hint), "")


WANTED = {
    "int": "a whole number", "float": "a number", "string": "a text in quotes", "bool": "true or false",
    "date": "a date, written 2019-04-01,", "list": "a list, in square brackets,", "dict": "a table", "model": "a table",
    "finite": "a finite number",
}  # fmt: skip
BOUNDS = {"greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most"),
          "greater_than": ("gt", "more than"), "less_than": ("lt", "less than")}  # fmt: skip
TABLES = ("dict_type", "model_type", "model_attributes_type")


def _wanted(fault: Any) -> tuple[str, str]:
    """What a key may hold, in the reader's words, and what may have been meant."""
    kind, about, given = str(fault["type"]), fault.get("ctx", {}), fault["input"]
    for bound, (key, words) in BOUNDS.items():
        if kind == bound:
            limit = about[key]
            share = (
                (key, limit) in (("le", 1), ("ge", -1)) and isinstance(given, float | int) and 2 <= abs(given) <= 100
            )
            hint = f" ({given:g} % is {given / 100:g})" if share else ""
            return f"{words} {f'{limit:g}' if isinstance(limit, float) else limit}", hint
    if kind == "literal_error":
        options = re.findall(r"'([^']*)'", str(about["expected"]))
        close = nearest(given, options) if isinstance(given, str) else ""
        return str(about["expected"]).replace("'", '"'), close if "did you mean" in close else ""
    return WANTED.get(kind.partition("_")[0], str(fault["msg"]).lower()), ""


def shortened(word: str, longest: int = LONGEST_WORD) -> str:
    """A word of the author's, short enough for a line."""
    return word if len(word) <= longest else f"{word[: longest - 3]}..."


def _address(loc: Sequence[str | int], data: Any, absent: bool) -> list[str]:
    """A fault's address in the data: a union's member, a kind or a dict's key marker is no part of it.

    Parameters
    ----------
    absent : bool
        Whether the last part is a key that is not there, or is not known.
    """
    where = []
    for number, part in enumerate(loc, start=1):
        inside = range(len(data)) if isinstance(data, list) else data if isinstance(data, dict) else ()
        if part in inside:
            data = data[part]
        elif not (absent and number == len(loc)):
            continue
        where.append(str(part))
    return where


def _known_keys(where: list[str], data: dict[str, Any]) -> list[str]:
    """The keys that may stand in the table in which a key stands."""
    if where[0] == "event" and len(where) > 1:
        return list(KINDS[data["event"][int(where[1])]["kind"]].model_fields)
    parts: list[type[BaseModel]] = [Study]
    named = False
    for step in where[:-1]:
        if named:
            # an arm's name, or an element's number
            named = False
            continue
        field = next((part.model_fields[step] for part in parts if step in part.model_fields), None)
        if field is None:
            return []
        parts = list(parts_in(field.annotation))
        named = get_origin(field.annotation) in (dict, list)
    return [field.alias or name for part in parts for name, field in part.model_fields.items()]


def parts_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The parts of a study that a type speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from parts_in(inner)
