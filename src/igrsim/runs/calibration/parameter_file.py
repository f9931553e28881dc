"""The parameter file that calibration writes: read where a study asks for it. Knows no model."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from igrsim.kernel.errors import InputError, nearest
from igrsim.runs.catalogue import known_params

NAME = "calibrated.toml"
LARGEST_FILE = 1_000_000
KEYS = ("about", "set", "moved", "kept", "failed", "checked")


@dataclass(frozen=True)
class ParameterFile:
    """Values that take the place of defaults.

    Attributes
    ----------
    file : str
        Its name, without the folder.
    model : str
        Hash of the model it was made with; empty where the file does not say.
    set : dict of str to float
    """

    file: str
    model: str
    set: dict[str, float]


def read_parameters(path: Path) -> ParameterFile:
    """The values of a parameter file.

    Raises
    ------
    InputError
        One line with the place and the nearest right spelling.
    """
    place = str(path)
    try:
        with path.open("rb") as handle:
            raw = handle.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"parameter file cannot be read: {reason}", file=place, code="E180") from None
    if len(raw) > LARGEST_FILE:
        raise InputError(f"is no parameter file: larger than {LARGEST_FILE} bytes", file=place, code="E181")
    # study files are read by what stands above this
    from igrsim.runs.study.extending import no_toml
    from igrsim.runs.study.whereabouts import Whereabouts

    try:
        text = raw.decode("utf-8-sig")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 text (byte {error.start})", file=place, code="E181") from None
    except (ValueError, RecursionError) as error:
        raise no_toml(error, place, "E181") from None
    places = Whereabouts(place, text)

    def fail(message: str, where: list[str], code: str, value: bool = True) -> InputError:
        spot = places.find(where, value)
        return InputError(message, file=place, line=spot.line, column=spot.column, code=code)

    for key in data:
        if key not in KEYS:
            raise fail(f"unknown key '{key[:80]}'{nearest(key, KEYS)}", [key], "E182", False)
    values, about = data.get("set"), data.get("about", {})
    if not isinstance(values, dict):
        raise fail("is no parameter file: it has no [set] with name = value", ["set"], "E182")
    checked: dict[str, float] = {}
    for name, value in flat(values):
        try:
            if name in checked:
                raise InputError(f"'{name}' is given twice", code="E182")
            checked[name] = check_value(name, value)
        except InputError as error:
            raise fail(error.message, ["set", name], error.code, error.code in ("E201", "E202")) from None
    model = about.get("model", "") if isinstance(about, dict) else ""
    return ParameterFile(path.name, str(model), checked)


def check_value(name: str, value: object) -> float:
    """A value that may take the place of a parameter's default."""
    known = known_params()
    if name not in known:
        raise InputError(f"unknown parameter '{name}'{nearest(name, known)}", code="E183")
    if known[name].choice:
        raise InputError(f"'{name}' is a choice of policy, no calibrated number; set it in an arm", code="E184")
    return known[name].check(value)


def flat(table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Parameters by their whole names, whether the dot in them stood in quotes or not."""
    for group, value in table.items():
        if isinstance(value, dict) and value:
            yield from ((f"{group}.{field}", inner) for field, inner in value.items())
        else:
            yield group, value
