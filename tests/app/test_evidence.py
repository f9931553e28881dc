"""Every number behind a study, as the study itself has it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from igrsim.app.evidence import ABOUT, MATTERS, about_numbers, evidence_of
from igrsim.kernel.errors import InputError
from igrsim.results.results import Results
from igrsim.runs.sensitivity import COLUMNS, TABLE


def test_every_number_has_grade_range_source_and_meaning() -> None:
    known = about_numbers()
    for param in known["params"]:
        assert param["low"] <= param["default"] <= param["high"]
        assert param["meaning"]
        assert all(key in known["sources"] for key in param["source"].split(";"))


def test_a_study_says_where_its_numbers_stood_otherwise(saved: Path) -> None:
    results = Results(saved)
    assert evidence_of(results)["others"] == []
    assert evidence_of(results)["matters"] == []
    known = results.manifest["params"]
    gone, moved = known[0]["name"], known[1]["name"]
    results.manifest["params"] = [{**known[1], "default": known[1]["high"]}, *known[2:]]
    found = evidence_of(results)
    assert found["without"] == [gone]
    assert [(one["name"], one["default"]) for one in found["others"]] == [(moved, known[1]["high"])]
    assert set(found["others"][0]) == set(ABOUT)


def test_what_matters_is_what_the_sensitivity_table_says(saved: Path, tmp_path: Path) -> None:
    shutil.copy(saved / "manifest.json", tmp_path)
    row = dict.fromkeys(COLUMNS, "") | {"metric": "gap_share", "arm": "hub", "of": "difference", "method": "pawn",
                                        "parameter": "access.going", "index": 0.3, "low": None, "high": 0.5,
                                        "beyond_chance": True, "rank": 1}  # fmt: skip
    pd.DataFrame([row]).to_csv(tmp_path / TABLE, index=False)
    (found,) = evidence_of(Results(tmp_path))["matters"]
    assert set(found) == set(MATTERS)
    assert found["index"] == pytest.approx(0.3)
    assert found["beyond_chance"] is True


@pytest.mark.parametrize("content", ["", "metric,arm\ngap_share,hub\n"])
def test_a_damaged_sensitivity_table_is_told_in_a_line(saved: Path, tmp_path: Path, content: str) -> None:
    shutil.copy(saved / "manifest.json", tmp_path)
    (tmp_path / TABLE).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="E431"):
        evidence_of(Results(tmp_path))
