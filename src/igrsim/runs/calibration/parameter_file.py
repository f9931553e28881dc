"""The parameter file that calibration writes: read where a study asks for it. Knows no model."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

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
    try:
        text = raw.decode("utf-8-sig")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 text (byte {error.start})", file=place, code="E181") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        raise InputError(
            f"is no TOML: {error}", file=place, line=int(found.group(1)) if found else None, code="E181"
        ) from None
    for key in data:
        if key not in KEYS:
            line = _line(text, key)
            raise InputError(f"unknown key '{key}'{nearest(key, KEYS)}", file=place, line=line, code="E182")
    values, about = data.get("set"), data.get("about", {})
    if not isinstance(values, dict):
        raise InputError("is no parameter file: it has no [set] with name = value", file=place, code="E182")
    checked: dict[str, float] = {}
    for name, value in values.items():
        try:
            checked[name] = check_value(name, value)
        except InputError as error:
            error.file, error.line = place, _line(text, name)
            raise
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


def _line(text: str, key: str) -> int | None:
    """The line on which a key or a table of this name stands."""
    pattern = re.compile(rf'\s*(\[+\s*)?["\']?{re.escape(key)}["\']?\s*[\]=.]')
    return next((n for n, line in enumerate(text.splitlines(), start=1) if pattern.match(line)), None)
