"""The JSON Schema of a study: its parts, and the names and ranges of the catalogue, for editors to complete and check."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

from pydantic import BaseModel

from igrsim.runs.study.parts import Study
from igrsim.world.events import KINDS

FILE = "study.schema.json"
Schema = dict[str, Any]
Catalogue = dict[str, list[dict[str, Any]]]


def shipped_schema() -> str:
    """The schema that comes with the package; continuous integration checks that it says what the code says."""
    return (resources.files("igrsim") / FILE).read_text(encoding="utf-8")


def write_schema(catalogue: Catalogue) -> str:
    """The schema's text, as it is shipped."""
    schema = make_schema(catalogue)
    definitions = schema.pop("definitions")
    # a definition a line: readable where it changes, and a third of the size
    lines = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in definitions.items()]
    head = json.dumps(schema, indent=1, ensure_ascii=False).removesuffix("\n}")
    return f'{head},\n "definitions": {{\n  ' + ",\n  ".join(lines) + "\n }\n}\n"


def make_schema(catalogue: Catalogue) -> Schema:
    """The schema as the code has it now.

    Parameters
    ----------
    catalogue : dict of str to list
        What there is, by kind: levers, regimes, metrics, params, scopes, spaces.
    """
    schema: Schema = Study.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    parts = schema.pop("$defs")
    for part in _parts(Study):
        _describe(parts.get(part.__name__, schema) if part is not Study else schema, part)
    _names(schema, parts, catalogue)
    parts |= _params(catalogue)
    # a study or an arm that extends another need not say everything itself
    for of, wanted in ((schema, ["title", "arms"]), (parts["ArmPart"], ["regime"])):
        of.pop("required", None)
        of["anyOf"] = [{"required": ["extends"]}, {"required": wanted}]
        of["properties"]["extends"] = {"type": "string", "description": of["properties"]["extends"]["description"]}
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "A study of igrsim"}
    made: Schema = _tidy(head | {k: v for k, v in schema.items() if k != "title"} | {"definitions": parts})
    return made


def _parts(part: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A part of a study and those within it."""
    from igrsim.runs.study.faults import parts_in

    yield part
    for field in part.model_fields.values():
        for inner in parts_in(field.annotation):
            yield from _parts(inner)


def _describe(schema: Schema, part: type[BaseModel]) -> None:
    """Give a part and its keys the words of its docstring."""
    text = part.__doc__ or ""
    schema["description"] = _plain(text.split("\n\n")[0])
    meanings = attributes(part)
    for name, field in part.model_fields.items():
        if name in meanings:
            schema["properties"][field.alias or name]["description"] = meanings[name]


def attributes(part: type) -> dict[str, str]:
    """What a class's docstring, and those of the classes it is one of, say of its attributes."""
    found: dict[str, str] = {}
    for kind in reversed(part.__mro__):
        _, _, section = (kind.__doc__ or "").partition("Attributes\n")
        for names, text in re.findall(
            r"^    (\w[\w, ]*?)(?: : [^\n]*)?\n((?:(?: {8}[^\n]*)?(?:\n|$))+)", section, re.MULTILINE
        ):
            found |= _split(names.split(", "), _plain(text))
    return found


def _split(names: list[str], text: str) -> dict[str, str]:
    """What is said of several attributes together, each its part of it if there are as many parts."""
    said = text.split("; ")
    if len(said) != len(names):
        return dict.fromkeys(names, text)
    return {name: words[:1].upper() + words[1:] for name, words in zip(names, said, strict=True)}


def _plain(text: str) -> str:
    """A docstring's words on one line, without its marks."""
    return " ".join(text.replace("``", "").replace("`", "").split())


def _names(schema: Schema, parts: Schema, catalogue: Catalogue) -> None:
    """Put the catalogue's names where a study asks for one of them."""

    def enum(name: str, rows: list[dict[str, Any]], word: str) -> Schema:
        told = [str(row.get(word) or row["name"]) for row in rows]
        parts[name] = {
            "type": "string",
            "enum": [row["name"] for row in rows],
            "x-taplo": {"docs": {"enumValues": told}},
        }
        return {"$ref": f"#/definitions/{name}"}

    regime = enum("regime", catalogue["regimes"], "title")
    lever = enum("lever", catalogue["levers"], "summary")
    metric = enum("metric", catalogue["metrics"], "meaning")
    space = enum("space", catalogue["spaces"], "title")
    uncertain = enum(
        "uncertain", [p for p in catalogue["params"] if not p["choice"] and p["low"] < p["high"]], "meaning"
    )
    planners = enum("planners", catalogue["planners"], "theory")
    whole = enum("scope", [s for s in catalogue["scopes"] if "," not in s["name"]], "meaning")
    arm, world, futures = (parts[f"{name}Part"]["properties"] for name in ("Arm", "World", "Futures"))
    arm["regime"] |= {"allOf": [regime]}
    for key, part in (("add", "TermPart"), ("drop", "DropPart")):
        arm[key] |= {"items": {"anyOf": [lever, {"$ref": f"#/definitions/{part}"}]}}
        decision = parts[part]["properties"]
        decision["lever"] |= {"allOf": [lever]}
        decision["scope"] |= {"items": space}
    arm["shared_hubs"] |= {"items": {"type": "array", "items": space}}
    arm["rollout"]["examples"] = ["ddm-2019-plan", "ddm-as-found", "all-at-once", "rollout.csv"]
    arm["set"] = {"$ref": "#/definitions/numbers", "description": arm["set"].get("description", "")}
    codes = {"type": "string", "pattern": r"^\s*[A-Z0-9]+(\s*,\s*[A-Z0-9]+)*\s*$"}
    about = world["scope"].get("description", "")
    world["scope"] = {
        "anyOf": [whole, codes, {"type": "array", "items": space, "minItems": 1}],
        "default": "country",
        "description": about,
    }
    about = world["calibration"].get("description", "")
    table = {"$ref": "#/definitions/CalibrationPart"}
    world["calibration"] = {"anyOf": [{"type": "string"}, table], "description": about}
    values = parts["CalibrationPart"]["properties"]["set"]
    parts["CalibrationPart"]["properties"]["set"] = {
        "$ref": "#/definitions/numbers",
        "description": values["description"],
    }
    about = futures["vary"].get("description", "")
    futures["vary"] = {
        "anyOf": [{"type": "array", "items": uncertain}, {"const": "all"}],
        "default": "all",
        "description": about,
    }
    about = futures["values"].get("description", "")
    futures["values"] = {"$ref": "#/definitions/lists", "description": about}
    world["planners"] |= {"allOf": [planners]}
    parts["RivalsPart"]["properties"]["planners"]["items"] = planners
    for part, key in (("Analysis", "primary"), ("Ladder", "metrics"), ("Rivals", "metrics")):
        parts[f"{part}Part"]["properties"][key]["items"] = metric
    for part, key in (("Check", "metric"), ("Stop", "on")):
        parts[f"{part}Part"]["properties"][key] |= {"allOf": [metric]}
    parts["AnalysisPart"]["properties"]["margin"]["propertyNames"] = metric
    for kind in KINDS.values():
        parts[kind.__name__]["required"].append("kind")
        if "spaces" in kind.model_fields:
            parts[kind.__name__]["properties"]["spaces"]["items"] = space


def _params(catalogue: Catalogue) -> Schema:
    """Tables of parameters, whether the dot in their names stands in quotes or not: a number of each, or a list of them."""
    numbers = {}
    for p in catalogue["params"]:
        told = f"{p['meaning']} ({p['unit']}; {p['default']:g} unless set; {p['grade']}, {p['source']})"
        numbers[p["name"]] = {"type": "number", "minimum": p["low"], "maximum": p["high"], "description": told}
    uncertain = [p["name"] for p in catalogue["params"] if not p["choice"] and p["low"] < p["high"]]
    return {
        **{f"param:{name}": number for name, number in numbers.items()},
        "numbers": _table({name: _param(name) for name in numbers}),
        "lists": _table({name: {"type": "array", "minItems": 1, "items": _param(name)} for name in uncertain}),
    }


def _param(name: str) -> Schema:
    return {"$ref": f"#/definitions/param:{name}"}


def _table(entries: dict[str, Schema]) -> Schema:
    grouped: dict[str, Schema] = {}
    for name, entry in entries.items():
        group, _, field = name.partition(".")
        within = grouped.setdefault(group, {"type": "object", "additionalProperties": False, "properties": {}})
        within["properties"][field] = entry
    return {"type": "object", "additionalProperties": False, "properties": entries | grouped}


def _tidy(value: Any) -> Any:
    """A schema as a TOML file needs it: no nulls, no titles that repeat a key's name, words beside a reference kept."""
    if isinstance(value, list):
        return [_tidy(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {k: _tidy(v) for k, v in value.items() if k not in ("discriminator",)}
    if isinstance(found.get("title"), str) and "$schema" not in found:
        del found["title"]
    if "default" in found and (found["default"] is None or isinstance(found["default"], dict)):
        del found["default"]
    some = [one for one in found.get("anyOf", []) if one != {"type": "null"}]
    if len(some) < len(found.get("anyOf", [])):
        del found["anyOf"]
        found = {**some[0], **found} if len(some) == 1 else {"anyOf": some, **found}
    if "$ref" in found and len(found) > 1:
        found = {"allOf": [{"$ref": found.pop("$ref")}], **found}
    return found
