"""The shipped JSON Schema: what the code says, and what every study of the project keeps to."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

from igrsim.runs.study.schema import shipped_schema
from small_study import STUDY, igrsim

STUDIES = sorted((Path(__file__).parents[2] / "experiments").glob("*.toml"))


@pytest.fixture(scope="module")
def accepts() -> Callable[[str], bool]:
    valid = fastjsonschema.compile(json.loads(shipped_schema()), use_default=False)

    def check(text: str) -> bool:
        try:
            valid(plain(tomllib.loads(text)))
        except fastjsonschema.JsonSchemaValueException:
            return False
        return True

    return check


def plain(value: Any) -> Any:
    """Data as an editor hands it to a schema: dates are texts."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("file", STUDIES, ids=lambda file: file.stem)
def test_every_study_of_the_project_keeps_to_it(file: Path, accepts: Callable[[str], bool]) -> None:
    text = file.read_text(encoding="utf-8")
    assert accepts(text)
    # the line by which editors find it
    assert text.startswith("#:schema ../src/igrsim/study.schema.json\n")
    assert (file.parent / "../src/igrsim/study.schema.json").exists()


FULL = f"""{STUDY}
[[exclude]]
when = "travel.fare_per_km > 1"
[arms.thin]
extends = "hub"
set = {{ "district-hub.posts" = 3, district-hub.retire = 1 }}
add = ["imbizo", {{ lever = "leadership", dose = 0.5, from = 2020-01-01, scope = ["DC15"] }}]
shared_hubs = [["DC36", "ETH"]]
"""


def test_a_full_study_keeps_to_it(accepts: Callable[[str], bool]) -> None:
    assert accepts(FULL)
    assert accepts('extends = "base.toml"\n[futures]\nmethod = "grid"\nvalues.travel.fare_per_km = [1.0, 1.2]\n')
    assert accepts('extends = "base.toml"\n[futures.values]\n"travel.fare_per_km" = [1.0, 1.2]\n')


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('title = "Two towns"', ""),
        ("months = 3", "mnths = 3"),
        ("months = 3", "months = 0"),
        ("months = 3", "months = [3, 6]"),
        ('scope = "two-towns"', 'scope = "two-town"'),
        ('regime = "siloed"', 'regime = "silo"'),
        ('regime = "siloed"', ""),
        ('extends = "hub"', ""),
        ('"district-hub.posts" = 3', '"district-hub.post" = 3'),
        ('"district-hub.posts" = 3', '"district-hub.posts" = 300'),
        ("district-hub.retire = 1", "district-hub.retier = 1"),
        ('"imbizo"', '"imbiso"'),
        ("dose = 0.5", "dose = 50"),
        ('["DC15"]', '["DC150"]'),
        ('"DC36"', '"XX"'),
        ("n = 2", 'method = "lsh"'),
        ("n = 2", 'vary = ["district-hub.posts"]'),
        ("n = 2", "values.travel.fare_per_km = 1.0"),
        ('when = "travel.fare_per_km > 1"', "wen = 3"),
    ],
)
def test_what_is_refused_does_not_keep_to_it(right: str, wrong: str, accepts: Callable[[str], bool]) -> None:
    assert right in FULL
    assert not accepts(FULL.replace(right, wrong, 1))


def test_every_key_of_a_study_is_explained() -> None:
    schema = json.loads(shipped_schema())
    parts = {name: part for name, part in schema["definitions"].items() if name.endswith("Part")} | {"Study": schema}
    silent = {
        f"{name}.{key}" for name, part in parts.items() for key, about in part["properties"].items()
        if not about.get("description")
    }  # fmt: skip
    assert not silent
    assert len(parts) > 10


def test_it_is_printed() -> None:
    said = igrsim("schema")
    assert said.code == 0
    assert json.loads(said.out) == json.loads(shipped_schema())
