"""What is wrong with a study file, in one line: the place, what was given, the nearest right spelling."""

from __future__ import annotations

import re
import reprlib
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from igrsim.kernel.errors import InputError, nearest
from igrsim.runs.study.parts import (
    AnalysisPart,
    ArmPart,
    CalibrationPart,
    FuturesPart,
    LadderPart,
    ReplicationPart,
    RivalsPart,
    RuntimePart,
    Study,
    WorldPart,
)
from igrsim.world.events import KINDS


def first_fault(error: ValidationError, data: dict[str, Any], place: str | None, text: str) -> InputError:
    """The fault that helps its author most, of all that were found."""
    # a misspelt key is also a missing one: its spelling is what helps
    # a lever added in part is a table: that it is no plain name says nothing
    faults = [
        f
        for f in error.errors()
        if not ("add" in f["loc"] and f["type"] == "string_type" and isinstance(f["input"], dict))
    ]
    fault = min(faults or error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    where = [str(part) for part in fault["loc"]]
    # a union's member, a kind or a dict's key marker is not part of the address
    if where[0] == "event":
        where = [p for p in where if p not in KINDS]
    else:
        member = r"^(str|int|list|literal|constrained|float|date|TermPart)(\[|$|-)"
        where = [p for p in where if not re.match(member, p) and p != "[key]"]
    key = where[-1] if where else ""
    # an inline table's keys stand on the table's own line
    line = next((at for n in range(len(where), 0, -1) if (at := line_of(text, where[:n]))), None)
    address = ".".join(where)
    if fault["type"] == "extra_forbidden":
        known = _known_keys(where, data)
        return InputError(f"unknown key '{address}'{nearest(key, known)}", file=place, line=line, code="E140")
    if fault["type"] == "missing":
        return InputError(f"'{address}' is missing", file=place, line=line, code="E141")
    if fault["type"] == "union_tag_not_found":
        raise InputError(f"'{address}.kind' is missing{nearest('', KINDS)}", file=place, line=line, code="E141")
    if fault["type"] == "union_tag_invalid":
        kind, line = str(fault["ctx"]["tag"]), line_of(text, [*where, "kind"]) or line
        raise InputError(f"unknown kind of event '{kind}'{nearest(kind, KINDS)}", file=place, line=line, code="E170")
    given = fault.get("input")
    words = given.isoformat() if isinstance(given, date) else reprlib.repr(given)
    return InputError(
        f"{address} = {words}: {fault['msg'].lower().removeprefix('value error, ')}", file=place, line=line, code="E142"
    )


def _known_keys(where: list[str], data: dict[str, Any]) -> list[str]:
    parts: dict[str, type[BaseModel]] = {
        "world": WorldPart,
        "world.calibration": CalibrationPart,
        "futures": FuturesPart,
        "replication": ReplicationPart,
        "analysis": AnalysisPart,
        "ladder": LadderPart,
        "rivals": RivalsPart,
        "runtime": RuntimePart,
    }
    if len(where) == 1:
        return list(Study.model_fields)
    if where[0] == "event":
        return list(KINDS[data["event"][int(where[1])]["kind"]].model_fields)
    if where[0] == "arms":
        return ["lever", "dose", "scope", "from"] if "add" in where else list(ArmPart.model_fields)
    table = ".".join(where[:-1])
    return list(parts[table].model_fields) if table in parts else []


def line_of(text: str, where: list[str]) -> int | None:
    """The line on which a key stands, searched within its own table."""
    if not text or not where:
        return None
    table = ".".join(where[:-1])
    inside = table == ""
    best = None
    nth: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
        if header:
            name = header.group(1).replace('"', "")
            if line.lstrip().startswith("[["):
                nth[name] = nth.get(name, -1) + 1
                name = f"{name}.{nth[name]}"
            inside = name == table
            if name == ".".join(where):
                return number
            if name == table:
                best = number
        elif inside and re.match(rf'\s*"?{re.escape(where[-1])}"?\s*=', line):
            return number
    return best
