"""An audit of a calendar of forums: its sums, what it finds alike, its clashes, and what its merges would lose."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from igrsim.kernel.params import ParamSet
from igrsim.places.forum_calendar import read_calendar
from igrsim.places.geography import load_geography
from igrsim.places.institutions import load_institutions
from igrsim.runs.forum_table import Audit, audit
from small_study import igrsim, no_traceback

HEAD = "forum,convener,members,dates,rhythm,hours,venue,sectors,preparation_hours,delegates,basis\n"
EXAMPLE = Path(__file__).parents[2] / "experiments" / "forums_example.csv"


def audited(tmp_path: Path, *rows: str, **params: float) -> Audit:
    file = tmp_path / "forums.csv"
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    country = load_geography()
    found = read_calendar(file, country.provinces.codes, country.spaces.codes)
    values = {f"forum-calendar.{name}": value for name, value in params.items()}
    return audit(found, country, load_institutions(), ParamSet(values))


def total(found: Audit, begins: str) -> float:
    return next(line["value"] for line in found.totals if line["what"].startswith(begins))


def test_hours_are_members_by_delegates_by_sitting_preparation_and_journey(tmp_path: Path) -> None:
    found = audited(tmp_path, "A,x,y;z,,4,5,,water,2,2,", "B,x,y,,6,3,online,roads,1,1,", travel_hours=1.5)
    assert [line["hours_a_year"] for line in found.forums] == [4 * 3 * 2 * (5 + 2 + 1.5), 6 * 2 * 1 * (3 + 1)]
    assert total(found, "official hours") == 4 * 3 * 2 * 8.5 + 6 * 2 * 4
    by_member = {line["member"]: line["hours_a_year"] for line in found.members}
    assert by_member == {"x": 4 * 2 * 8.5 + 6 * 4, "y": 4 * 2 * 8.5 + 6 * 4, "z": 4 * 2 * 8.5}


def test_overlap_is_what_is_common_over_what_there_is(tmp_path: Path) -> None:
    found = audited(tmp_path, "A,a,b;c,,4,5,,water;roads,,,", "B,b,c;d,,4,5,,roads;energy,,,", "C,a,b,,4,5,,health,,,")
    (pair,) = found.pairs
    assert (pair["overlap_members"], pair["overlap_sectors"]) == (0.5, 0.333)
    assert (pair["common_members"], pair["common_sectors"]) == (2, ["roads"])


def test_clashes_are_the_same_day_and_member_in_different_venues(tmp_path: Path) -> None:
    rows = (
        "A,a,b;c,2024-02-01;2024-03-01;2024-04-02,,5,Hall,water,,,",
        "B,d,c,2024-02-01;2024-03-04,,5,Town,roads,,,",
        "C,d,a,2024-03-01,,5,hall,energy,,,",
        "D,e,f,2024-02-01,,5,Elsewhere,energy,,,",
    )
    found = audited(tmp_path, *rows)
    (clash,) = found.clashes
    assert (clash["date"], clash["forum"], clash["other"], clash["members"]) == ("2024-02-01", "A", "B", ["c"])
    assert {line["member"] for line in found.members if line["clashes"]} == {"c"}
    busiest = next(line for line in found.members if line["member"] == "a")
    assert busiest["busiest_month"] == "2024-03"


def test_where_only_rhythms_are_known_clashes_are_expected_ones(tmp_path: Path) -> None:
    found = audited(tmp_path, "A,a,b,,10,5,,water,,,", "B,a,c,,25,5,,water,,,", working_days=250)
    (pair,) = found.pairs
    assert pair["clashes"] is None
    assert pair["clashes_expected_a_year"] == 1
    assert not found.clashes


def test_what_a_forum_adds_is_who_meets_nowhere_else_on_its_matter(tmp_path: Path) -> None:
    found = audited(tmp_path, "A,a,b;c,,4,5,,water;roads,,,", "B,a,b,,4,5,,water,,,")
    # three pairs on two matters, one of which meets in B too; B alone brings nobody together
    assert [line["pairs_only_here"] for line in found.forums] == [5, 0]
    assert found.forums[0]["sectors_only_here"] == ["roads"]
    assert found.forums[0]["members_only_here"] == ["c"]


def test_alike_forums_are_merged_and_the_sum_adds_up(tmp_path: Path) -> None:
    found = audited(tmp_path, "Law,a,b;c,,4,4,,water;roads,2,1,law", "Own,a,b;c,,4,4,,water,2,1,custom", travel_hours=3)
    (merge,) = found.merges
    assert (merge["merge"], merge["into"]) == ("Own", "Law")
    # half of the sitting and preparation comes along: four meetings of six hours, prepared for three
    assert (merge["host_meetings_a_year"], merge["host_hours_a_meeting"]) == (4, 6)
    assert merge["hours_saved_a_year"] == 2 * 4 * 3 * (4 + 2 + 3) - 4 * 3 * (6 + 3 + 3)
    assert merge["pairs_lost"] == 0
    assert merge["members_left_out"] == []
    assert total(found, "share of hours saved") == pytest.approx(72 / 216, abs=1e-3)


def test_a_host_whose_day_is_full_meets_oftener(tmp_path: Path) -> None:
    found = audited(tmp_path, "Law,a,b;c,,4,8,,water,0,1,law", "Own,a,b;c,,4,8,,water,0,1,")
    assert found.merges[0]["host_meetings_a_year"] == 6
    assert found.merges[0]["host_hours_a_meeting"] == 8


def test_what_law_demands_is_never_merged_away_and_losses_are_said(tmp_path: Path) -> None:
    found = audited(tmp_path, "Law,a,b,,4,4,,water,2,1,law", "Policy,a,b,,4,4,,water,2,1,policy")
    assert not found.merges
    # d sits in the forum that goes only: with a, b and c, three pairs on one matter are lost
    found = audited(tmp_path, "Law,a,b;c,,4,4,,water,2,1,law", "Own,a,b;c;d,,4,4,,water,2,1,")
    assert found.merges[0]["members_left_out"] == ["d"]
    assert found.merges[0]["pairs_lost"] == 3
    assert not audited(tmp_path, "Law,a,b,,4,4,,water,2,1,law", "Own,a,c;d;e,,4,4,,water,2,1,").merges


def test_a_big_host_for_a_small_forum_saves_nothing(tmp_path: Path) -> None:
    many = ";".join(f"m{k}" for k in range(30))
    assert not audited(tmp_path, f"Law,a,{many},,4,4,,water,2,1,law", "Own,a,m1,,4,4,,water,2,1,").merges


def test_words_are_the_municipalities_of_a_place_or_as_many_as_places_have(tmp_path: Path) -> None:
    file = tmp_path / "forums.csv"
    text = "forum,convener,members,rhythm,hours,sectors,place\nA,DWS,locals;district,4,5,water,DC15\nB,DWS,locals,4,5,water,\n"
    file.write_text(text, encoding="utf-8")
    country = load_geography()
    rows = read_calendar(file, country.provinces.codes, country.spaces.codes)
    found = audit(rows, country, load_institutions(), ParamSet())
    assert [line["members"] for line in found.forums] == [7, round(1 + 205 / 44, 1)]
    assert any("mean number" in words for words in found.assumptions)


def test_the_example_is_audited_in_every_format(tmp_path: Path) -> None:
    said = igrsim("forums", "audit", EXAMPLE, "--out", tmp_path / "out")
    assert said.code == 0, said.err
    assert "assumed: 3 hours of journey" in said.err
    data = json.loads(igrsim("forums", "audit", EXAMPLE, "--format", "json").out)
    assert len(data["forums"]) == 18
    assert data["clashes"]
    assert data["merges"]
    sheet = list(csv.DictReader(io.StringIO(igrsim("forums", "audit", EXAMPLE, "--format", "csv").out)))
    assert len(sheet) == sum(len(rows) for part, rows in data.items() if part != "assumptions")
    files = {file.name for file in (tmp_path / "out").iterdir()}
    assert files == {f"{part}.csv" for part in data}
    with (tmp_path / "out" / "merges.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == len(data["merges"])


def test_the_example_is_what_its_script_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import runpy

    script = Path(__file__).parents[2] / "scripts" / "make_forums_example.py"
    made = runpy.run_path(str(script))
    monkeypatch.setitem(made["main"].__globals__, "FILE", tmp_path / "example.csv")
    made["main"]()
    assert (tmp_path / "example.csv").read_bytes() == EXAMPLE.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-s", "forum-calendar.travel_hours=far"), "write parameter=number"),
        (("-s", "forum-calendar.travel_hour=2"), "did you mean 'forum-calendar.travel_hours'?"),
        (("-s", "forum-calendar.travel_hours=99"), "is outside 0 to 8"),
        (("--out", EXAMPLE), "a folder is needed"),
    ],
)
def test_a_wrong_option_is_said_in_one_line(arguments: tuple[str, ...], words: str) -> None:
    said = igrsim("forums", "audit", EXAMPLE, *arguments)
    no_traceback(said, 2)
    assert words in said.err


def test_what_is_assumed_can_be_set() -> None:
    hours = []
    for travel in (0, 8):
        said = igrsim("forums", "audit", EXAMPLE, "--format", "json", "-s", f"forum-calendar.travel_hours={travel}")
        hours.append(sum(line["hours_a_year"] for line in json.loads(said.out)["forums"]))
    assert hours[0] < hours[1]


def test_a_provinces_department_is_not_its_neighbours(tmp_path: Path) -> None:
    head = "forum,convener,members,dates,hours,sectors,place\n"
    rows = "A,PED,DBE,2024-02-01,4,education,{}\nB,PED,DBE,2024-02-01,4,education,{}\n"
    numbers = []
    for places in (("DC15", "DC14"), ("DC15", "DC36")):
        file = tmp_path / "forums.csv"
        file.write_text(head + rows.format(*places), encoding="utf-8")
        country = load_geography()
        found = read_calendar(file, country.provinces.codes, country.spaces.codes)
        numbers.append(audit(found, country, load_institutions(), ParamSet()).clashes[0]["number"])
    # the nation's department is one everywhere
    assert numbers == [2, 1]


@pytest.mark.parametrize(
    ("law", "own", "merges"),
    [("space,DC15", "space,DC15", 1), ("space,DC15", "space,DC36", 0), ("province,", "space,", 0), ("space,", ",", 1)],
)
def test_only_forums_of_one_level_and_place_are_merged(tmp_path: Path, law: str, own: str, merges: int) -> None:
    rows = f"Law,a,b;c,4,4,water,law,{law}\nOwn,a,b;c,4,4,water,,{own}\n"
    file = tmp_path / "forums.csv"
    file.write_text(f"forum,convener,members,rhythm,hours,sectors,basis,level,place\n{rows}", encoding="utf-8")
    country = load_geography()
    found = read_calendar(file, country.provinces.codes, country.spaces.codes)
    done = audit(found, country, load_institutions(), ParamSet())
    assert len(done.merges) == merges
    assert any("that name no place" in words for words in done.assumptions) == ("DC" not in law)


def test_the_span_of_dates_is_said(tmp_path: Path) -> None:
    found = audited(tmp_path, "A,a,b,2024-01-10;2025-01-15,,4,,water,,,")
    assert any("2024-01-10 to 2025-01-15 stand for 1 year:" in words for words in found.assumptions)
    assert not any("dates from" in words for words in audited(tmp_path, "A,a,b,,4,4,,water,,,").assumptions)
