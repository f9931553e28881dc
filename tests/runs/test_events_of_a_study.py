"""A study's events: the same in every arm, part of a cell's address, told in the manifest and the report."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from igrsim.results.results import Results
from igrsim.runs.cell import run_cell
from igrsim.runs.layout import lay_out
from igrsim.runs.study import make_study, read_study
from small_study import STUDY, Said, igrsim, write

EVENTS = """
[[event]]
kind = "lockdown"
date = 2019-05-11
until = 2019-06-10
offices_closed = 1.0
source = "a <made-up> gazette"
grade = "measured"

[[event]]
kind = "election"
date = 2019-05-01
municipalities = ["TT1"]
"""
AGAIN = '[arms.again]\nregime = "siloed"\n'


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Said:
    """A study with events, one arm twice."""
    folder = tmp_path_factory.mktemp("events")
    said = igrsim("run", write(folder, STUDY + AGAIN + EVENTS), "--out", folder / "out", "-s", "replication.worlds=1")
    assert said.code == 0, said.err
    return said


def test_every_arm_has_the_same_events(said: Said) -> None:
    study, _ = read_study(said.folder / "resolved.toml")
    cells = lay_out(study).cells
    assert {cell.arm for cell in cells} == {"siloed", "hub", "again"}
    assert all(cell.spec.events == tuple(study.event) for cell in cells)
    assert all(cell.spec.scenario().events == tuple(study.event) for cell in cells)


def test_an_arm_computed_again_the_other_way_round_is_the_same(said: Said) -> None:
    results = Results(said.folder)
    (check,) = [row for row in results.checks().to_dict("records") if "again" in row["name"]]
    assert check["passed"]
    assert check["found"] == 0
    runs = results.runs.set_index("arm").drop(columns=["cell"])
    assert runs.loc["siloed"].equals(runs.loc["again"])


def test_the_resolved_study_gives_the_same_bytes(said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("igrsim.report.write_report", lambda folder, boundaries=None: folder / "report.html")
    again = igrsim("run", said.folder / "resolved.toml", "--out", tmp_path)
    assert again.folder.name == said.folder.name
    for name in ("resolved.toml", "monthly.parquet", "effects.csv", "counts.parquet"):
        assert (again.folder / name).read_bytes() == (said.folder / name).read_bytes()


def test_events_are_part_of_a_cells_address_and_their_source_is_not() -> None:
    study = make_study(tomllib.loads(STUDY + EVENTS))
    plain = make_study(tomllib.loads(STUDY))
    with_events, without = lay_out(study).cells[0].spec, lay_out(plain).cells[0].spec
    assert with_events.digest() != without.digest()
    unsigned = tuple(event.model_copy(update={"source": "", "grade": "assumed"}) for event in study.event)
    assert replace(with_events, events=unsigned).digest() == with_events.digest()
    assert replace(with_events, events=with_events.events[:1]).digest() != with_events.digest()


def test_a_cell_with_events_after_the_end_counts_what_one_without_does() -> None:
    late = make_study(tomllib.loads(STUDY + EVENTS.replace("2019", "2029")))
    plain = make_study(tomllib.loads(STUDY))
    one, other = (run_cell(lay_out(study).cells[0].spec) for study in (late, plain))
    assert one.tables.keys() == other.tables.keys()
    for name, table in one.tables.items():
        assert table.equals(other.tables[name]), name


def test_events_are_told_in_the_manifest_and_the_report(said: Said) -> None:
    events = Results(said.folder).manifest["events"]
    assert [event["kind"] for event in events] == ["election", "lockdown"]
    assert events[0]["words"].startswith("2019-05-01, TT1: municipal elections")
    page = (said.folder / "report.html").read_text(encoding="utf-8")
    told = page[page.index('id="arms"') : page.index('id="numbers"')]
    assert "What happens in every arm" in told
    assert len(re.findall("<li>", told)) == 2
    assert "lockdown until 2019-06-10: 100% of the opening days of all service points lost" in told
    assert "Measured; a &lt;made-up&gt; gazette" in told


def test_the_plan_tells_them_too(tmp_path: Path) -> None:
    assert "municipal elections" in igrsim("plan", write(tmp_path, STUDY + EVENTS)).out
