"""What a study takes over: from the file it extends, and an arm from another arm; laid out flat, as if written in full."""

from __future__ import annotations

import re
import reprlib
import tomllib
from pathlib import Path
from typing import Any

from igrsim.kernel.errors import InputError, nearest
from igrsim.runs.calibration.parameter_file import flat
from igrsim.runs.study.faults import fault_at
from igrsim.runs.study.parts import WANTED
from igrsim.runs.study.whereabouts import Whereabouts, merged

LARGEST_FILE = 1_000_000
LONGEST_CHAIN = 20
Data = dict[str, Any]
PLAINLY = {
    "Cannot overwrite a value": "a key stands twice",
    "Invalid date or datetime": "there is no such date",
    "Illegal character '\\n'": "a text is not closed on its line",
    "Expected newline or end of document after a statement": "the value ends here, and something follows it",
    "; use sys.set_int_max_str_digits() to increase the limit": "",
}
"""What the parser says, in the reader's words."""


def read_data(path: Path) -> tuple[Data, str]:
    """The data and the text of a study file, or of a file that one extends.

    Raises
    ------
    InputError
        It cannot be read, or is no TOML.
    """
    place = str(path)
    try:
        if path.is_dir():
            raise InputError("this is a folder; a study file (TOML) is needed", file=place, code="E130")
        with path.open("rb") as handle:
            raw = handle.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"cannot be read: {reason}", file=place, code="E131") from None
    if len(raw) > LARGEST_FILE:
        raise InputError(f"is no study file: larger than {LARGEST_FILE} bytes", file=place, code="E132")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 text (byte {error.start})", file=place, code="E133") from None
    return data_in(text, place), text


def data_in(text: str, place: str) -> Data:
    """The tables of a study file's text.

    Raises
    ------
    InputError
        No TOML, or nothing in it; with the line.
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise no_toml(error, place) from None
    if not data:
        raise InputError("is empty; a study needs a title and arms", file=place, line=1, code="E135")
    return data


def no_toml(error: Exception, place: str, code: str = "E134") -> InputError:
    """What is wrong with a text that is no TOML, and where."""
    words, found = str(error), re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
    line, column = (int(n) if n else None for n in found.groups()) if found else (None, None)
    words = "nested too deeply" if isinstance(error, RecursionError) else words.replace(found[0] if found else "", "")
    if twice := re.match(r"Cannot declare \((.*?),?\) twice", words):
        words = f"table '{'.'.join(re.findall(chr(39) + '(.*?)' + chr(39), twice[1]))}' stands twice"
    for theirs, ours in PLAINLY.items():
        words = words.replace(theirs, ours)
    if not found:
        return InputError(f"is no TOML: {words}", file=place, code=code)
    if line is None:
        words += " at the end of the file"
    return InputError(f"is no TOML: {words}", file=place, line=line, column=column, code=code)


def read_extended(path: Path) -> tuple[Data, str, Whereabouts]:
    """A study file's data with what it extends, its own text, and where every key stands."""
    return _extended(path, [])


def _extended(path: Path, below: list[Path]) -> tuple[Data, str, Whereabouts]:
    data, text = read_data(path)
    places = Whereabouts(str(path), text)
    data = with_whole_names(data, places)
    if "extends" not in data:
        return data, text, places
    given = data.pop("extends")
    if not isinstance(given, str) or not given.strip():
        words = f"extends = {reprlib.repr(given)}: the name of one study file is needed"
        raise fault_at(places, words, ["extends"], "E220")
    base = path.parent / given
    chain = [*below, path]
    try:
        known = [one.resolve() for one in chain]
        if base.resolve() in known:
            circle = [one.name for one in chain[known.index(base.resolve()) :]]
            raise fault_at(
                places, f"extends goes in a circle: {' -> '.join([*circle, circle[0]])}", ["extends"], "E221"
            )
        if len(chain) >= LONGEST_CHAIN:
            raise fault_at(places, f"more than {LONGEST_CHAIN} files extend each other", ["extends"], "E221")
        if not base.is_file():
            beside = [file.name for file in path.parent.glob("*.toml") if file.name != path.name]
            words = (
                f"extends = {reprlib.repr(given)}: there is no such file beside this one{nearest(base.name, beside)}"
            )
            raise fault_at(places, words, ["extends"], "E220")
    except (OSError, ValueError, RuntimeError) as error:
        if isinstance(error, InputError):
            raise
        raise fault_at(places, f"extends = {reprlib.repr(given)} cannot be read", ["extends"], "E220") from None
    before, _, where = _extended(base, chain)
    both, replaced = merged(_without_other_method(before, data), data)
    return both, text, places.over(where, replaced)


def _without_other_method(before: Data, own: Data) -> Data:
    """What is extended, less what only another method of making futures had a use for."""
    futures, mine = before.get("futures"), own.get("futures")
    if not isinstance(futures, dict) or not isinstance(mine, dict) or not isinstance(mine.get("method"), str):
        return before
    method = mine["method"]
    if method == futures.get("method", "lhs") or method not in WANTED:
        return before
    kept = {"method", *WANTED[method]}
    return before | {"futures": {key: value for key, value in futures.items() if key in kept}}


def with_whole_names(data: dict[str, Any], places: Whereabouts) -> dict[str, Any]:
    """A study whose parameters go by their whole names, whether the dot in them stood in quotes or not."""
    found = dict(data)
    for table in ("arms", "futures", "world"):
        if isinstance(data.get(table), dict):
            found[table] = dict(data[table])
    arms, futures, world = (found.get(table) for table in ("arms", "futures", "world"))
    if isinstance(arms, dict):
        for name, arm in arms.items():
            if isinstance(arm, dict) and isinstance(arm.get("set"), dict):
                arms[name] = arm | {"set": _whole_names(arm["set"], ["arms", name, "set"], places)}
    if isinstance(futures, dict) and isinstance(futures.get("values"), dict):
        futures["values"] = _whole_names(futures["values"], ["futures", "values"], places)
    if isinstance(world, dict) and isinstance(world.get("calibration"), dict):
        given = world["calibration"]
        if isinstance(given.get("set"), dict):
            flat = _whole_names(given["set"], ["world", "calibration", "set"], places)
            world["calibration"] = given | {"set": flat}
    return found


def _whole_names(table: dict[str, Any], where: list[str], places: Whereabouts) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in flat(table):
        if name in found:
            raise fault_at(places, f"'{'.'.join(where)}.{name}' is given twice", [*where, name], "E134")
        found[name] = value
    return found


def with_arms_extended(data: Data, places: Whereabouts) -> Data:
    """A study whose arms are laid out in full: each with what it takes over from the arm it extends.

    Parameters an arm sets stand over those taken over; a lever it adds or drops is no longer dropped or added; what else it
    says takes the place of what it takes over. Being the reference is never taken over.
    """
    arms = data.get("arms")
    if not isinstance(arms, dict) or not any(isinstance(arm, dict) and "extends" in arm for arm in arms.values()):
        return data
    done: Data = {}

    def whole(name: str, below: tuple[str, ...]) -> Any:
        if name in done:
            return done[name]
        own = arms[name]
        if not isinstance(own, dict) or "extends" not in own:
            return own
        given, where = own["extends"], ["arms", name, "extends"]
        if not isinstance(given, str):
            words = f"arms.{name}.extends = {reprlib.repr(given)}: the name of one arm is needed"
            raise fault_at(places, words, where, "E222")
        if given not in arms:
            others = [one for one in arms if one != name]
            raise fault_at(places, f"unknown arm '{given[:80]}'{nearest(given, others)}", where, "E222")
        chain = (*below, name)
        if given in chain:
            circle = [*chain[chain.index(given) :], given]
            raise fault_at(places, f"arms extend each other in a circle: {' -> '.join(circle)}", where, "E221")
        if len(chain) > LONGEST_CHAIN:
            raise fault_at(places, f"more than {LONGEST_CHAIN} arms extend each other", where, "E221")
        done[name] = _over(whole(given, chain), own)
        return done[name]

    return data | {"arms": {name: whole(name, ()) for name in arms}}


def _over(base: Any, own: Data) -> Data:
    """An arm over the one it extends."""
    if not isinstance(base, dict):
        # what is wrong with the other arm is said there
        base = {}
    found = {key: value for key, value in {**base, **own}.items() if key != "extends"}
    if "reference" not in own:
        found.pop("reference", None)
    if isinstance(base.get("set"), dict) and isinstance(own.get("set"), dict):
        found["set"] = base["set"] | own["set"]
    added, dropped = _list(own, "add"), _list(own, "drop")
    taken = _list(base, "add")
    if isinstance(own.get("add", []), list) and isinstance(own.get("drop", []), list):
        changed = {_lever(one) for one in added} | {one for one in dropped if isinstance(one, str)}
        also = {_lever(one) for one in taken}
        # what the other arm drops of its regime is there again without being added
        gone = {_lever(one) for one in _list(base, "drop")}
        again = [one for one in added if isinstance(one, str) and one in gone and one not in also]
        # what it adds in part, or from a month on, joins where the other arm's regime has it no longer
        in_part = {_lever(one) for one in added if isinstance(one, dict)} - also
        # its own come first: their numbers are those of its own list
        found["add"] = [
            *(one for one in added if one not in again),
            *(one for one in taken if _lever(one) not in changed),
        ]
        found["drop"] = [
            *(one for one in dropped if not (isinstance(one, str) and one in also)),
            *(one for one in _list(base, "drop") if _lever(one) not in changed - in_part),
        ]
    return found


def _list(arm: Data, key: str) -> list[Any]:
    value = arm.get(key, [])
    return value if isinstance(value, list) else []


def _lever(added: Any) -> str:
    """The name of a lever that is added or dropped, whole or in part; empty where there is none to be found."""
    name = added.get("lever") if isinstance(added, dict) else added
    return name if isinstance(name, str) else ""
