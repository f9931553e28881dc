"""A user's calendar of forums: read as it stands, refused with the line that is wrong, run with end to end."""

from __future__ import annotations

import contextlib
import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igrsim.kernel.errors import InputError
from igrsim.model import IGRModel, Scenario
from igrsim.places.forum_calendar import COLUMNS, Row, read_calendar
from igrsim.places.forum_landscape import open_landscape
from igrsim.places.geography import load_geography
from igrsim.places.institutions import load_institutions
from igrsim.places.scopes import geography_of
from small_study import STUDY, igrsim, no_traceback, tables, without_report, write

HEAD = "forum,convener,members,dates,rhythm,hours,venue,sectors,level,place\n"
GOOD = (
    "Water forum,DWS,locals;district,2024-02-01;2024-05-02,,4,Mthatha,water,space,DC15\n"
    "Roads forum,District,locals;PDRT,,quarterly,2.5,online,Roads and transport,,DC15\n"
)


def calendar(folder: Path, text: str = HEAD + GOOD, *changes: tuple[str, str]) -> Path:
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    file = folder / "forums.csv"
    file.write_bytes(text.encode("utf-8"))
    return file


def read(file: Path) -> tuple[Row, ...]:
    country = load_geography()
    return read_calendar(file, country.provinces.codes, country.spaces.codes)


def test_a_calendar_is_read_as_it_stands(tmp_path: Path) -> None:
    water, roads = read(calendar(tmp_path))
    assert water.dates == (date(2024, 2, 1), date(2024, 5, 2))
    assert (water.a_year, water.hours, water.level, water.place) == (2, 4, "space", "DC15")
    assert water.members == ("locals", "district")
    assert (roads.a_year, roads.hours, roads.level, roads.sectors) == (4, 2.5, "space", ("roads",))
    assert roads.delegates is roads.preparation_hours is roads.basis is None


def test_a_mark_of_byte_order_and_lines_of_windows_are_read_over(tmp_path: Path) -> None:
    plain = read(calendar(tmp_path))
    file = tmp_path / "windows.csv"
    file.write_bytes(b"\xef\xbb\xbf" + (HEAD + GOOD).replace("\n", "\r\n").encode())
    assert read(file) == plain


def test_dates_over_two_years_are_meetings_a_year(tmp_path: Path) -> None:
    file = calendar(tmp_path, HEAD + GOOD, ("2024-05-02", "2025-12-02"))
    assert read(file)[0].a_year == 1


@pytest.mark.parametrize(("last", "a_year"), [("2025-02-01", 2.0), ("2025-02-03", 2.0), ("2026-02-01", 1.0)])
def test_a_few_days_over_a_year_are_one_year(tmp_path: Path, last: str, a_year: float) -> None:
    assert read(calendar(tmp_path, HEAD + GOOD, ("2024-05-02", last)))[0].a_year == a_year


WRONG = {
    "no column": (("hours,", ""), 1, "E124", "column 'hours' is missing"),
    "misspelt column": (("sectors", "sektors"), 1, "E124", "did you mean 'sektors'?"),
    "column twice": (("venue", "hours"), 1, "E124", "stands twice"),
    "semicolons": ((HEAD, HEAD.replace(",", ";")), 1, "E124", "divided by semicolons"),
    "cell too many": ((",4,Mthatha", ",4,5,Mthatha"), 2, "E124", "a decimal comma?"),
    "decimal comma": ((",2.5,", ',"2,5",'), 3, "E125", "no decimal comma"),
    "thousands": ((",4,Mthatha", ',"1 000",Mthatha'), 2, "E125", "no thousands mark"),
    "unit": ((",4,Mthatha", ",4h,Mthatha"), 2, "E125", "no unit"),
    "negative": ((",4,Mthatha", ",-4,Mthatha"), 2, "E125", "a number from 0.25 to 24 is needed"),
    "too long": ((",4,Mthatha", ",1e9,Mthatha"), 2, "E125", "is not a number"),
    "31 February": (("2024-02-01", "2024-02-31"), 2, "E125", "there is no 2024-02-31"),
    "date of another land": (("2024-02-01", "01/02/2024"), 2, "E125", "write 2024-03-31"),
    "year 0": (("2024-02-01", "0001-02-01"), 2, "E125", "lies outside 1900 to 2200"),
    "date twice": (("2024-05-02", "2024-02-01"), 2, "E125", "names '2024-02-01' twice"),
    "unknown sector": (("water,space", "watr,space"), 2, "E125", "did you mean 'water'?"),
    "sector twice": (("water,space", "water;Water and sanitation,space"), 2, "E125", "by code and by name"),
    "unknown rhythm": (("quarterly", "quartely"), 3, "E125", "did you mean 'quarterly'?"),
    "rhythm of half": (("quarterly", "2.5"), 3, "E125", "a whole number"),
    "neither": (("quarterly", ""), 3, "E125", "both empty"),
    "unknown place": (("space,DC15", "space,DC99"), 2, "E125", "unknown place 'DC99'"),
    "place of another level": (("space,DC15", "province,DC15"), 2, "E125", "place 'DC15' is no province"),
    "unknown level": (("space,DC15", "spaces,DC15"), 2, "E125", "did you mean 'space'?"),
    "no forum": (("Water forum", ""), 2, "E125", "forum is empty"),
    "no members": (("locals;district", " ; "), 2, "E125", "members names nothing"),
    "member twice": (("locals;district", "locals;Locals"), 2, "E125", "twice"),
    "formula": (("Water forum", "=HYPERLINK(1)"), 2, "E125", "looks like a formula"),
    "formula of full width": (("Water forum", "\uff1dHYPERLINK(1)"), 2, "E125", "looks like a formula"),
    "plus of full width": (("locals;district", "locals;\uff0b1"), 2, "E125", "looks like a formula"),
    "name of the model's own": (("Roads forum", "Task team"), 3, "E125", "give it another"),
    "name of the hub": (("Roads forum", "HUB"), 3, "E125", "give it another"),
    "formula of a member": (("locals;district", "locals;@SUM(A1)"), 2, "E125", "looks like a formula"),
    "forum twice": (("Roads forum", "Water  Forum"), 3, "E125", "stands already on line 2"),
    "open quote": (("Water forum", '"Water'), None, "E124", "not a CSV table"),
    "bell": (("Mthatha", "Mtha\x07tha"), 2, "E125", "cannot be printed"),
}


@pytest.mark.fast
@pytest.mark.parametrize(("change", "line", "code", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_line_is_named_in_one_line(
    tmp_path: Path, change: tuple[str, str], line: int | None, code: str, words: str
) -> None:
    file = calendar(tmp_path, HEAD + GOOD, change)
    said = igrsim("forums", "audit", file)
    no_traceback(said, 2)
    assert words in said.err
    place = f"{file}:{line}" if line else str(file)
    assert said.err.startswith(place)
    assert f"error {code}" in said.err


@pytest.mark.fast
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (HEAD.encode(), "has no rows"),
        ((HEAD + GOOD).encode("utf-16"), "not UTF-8"),
        ((HEAD + GOOD).encode("utf-16-le"), "zero bytes"),
        ((HEAD + GOOD).replace("Mthatha", "Mth\u00e2tha").encode("latin-1"), "not UTF-8"),
        ((HEAD + GOOD).replace("Mthatha", "Mtha\0tha").encode(), "zero bytes"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "forums.csv"
    file.write_bytes(content)
    said = igrsim("forums", "audit", file)
    no_traceback(said, 2)
    assert words in said.err


def test_no_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for file in (tmp_path / "none.csv", tmp_path):
        no_traceback(igrsim("forums", "audit", file), 2)


CELLS = st.text(max_size=12) | st.from_regex(r"[-+=@]?[0-9]{1,5}[.,]?[0-9]{0,3}", fullmatch=True) | st.dates().map(str)


@given(st.integers(0, 9), CELLS)
def test_whatever_stands_in_a_cell_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, column: int, cell: str
) -> None:
    cells = GOOD.splitlines()[0].split(",")
    cells[column] = cell
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([HEAD.strip().split(","), cells])
    file = tmp_path_factory.mktemp("any") / "forums.csv"
    file.write_bytes(stream.getvalue().encode("utf-8", "surrogatepass"))
    with contextlib.suppress(InputError):
        (row,) = read(file)
        assert 0.25 <= row.hours <= 24
        assert row.a_year > 0
        assert not row.name.startswith(("=", "+", "@"))


def as_calendar(folder: Path) -> Path:
    """The project's own table as a user would write it."""
    file = folder / "all.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for f in load_institutions().forums:
            basis = {1.0: "law", 0.5: "policy", 0.0: "custom"}[f.statutory]
            writer.writerow(
                [f.name, f.convener, ";".join(f.members), "", f.meetings_per_year, f.hours, f.venue, ";".join(f.sectors),
                 f.level, "", f.prep_hours, f.delegates, basis]
            )  # fmt: skip
    return file


def with_forums(folder: Path, file: Path, text: str = STUDY) -> Path:
    return write(folder, text.replace("[arms.siloed]", f"forums = '{file}'\n[arms.siloed]"))


def test_the_built_in_landscape_as_a_file_gives_the_same_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_report(monkeypatch)
    plain = igrsim("run", write(tmp_path), "--out", tmp_path / "out")
    same = igrsim("run", with_forums(tmp_path, as_calendar(tmp_path)), "--out", tmp_path / "out")
    assert same.code == 0, same.err
    for name in ("monthly.parquet", "people.parquet", "effects.csv"):
        assert tables(same.folder)[name] == tables(plain.folder)[name]


def test_a_landscape_counts_by_what_it_says_not_where_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_report(monkeypatch)
    file = calendar(tmp_path, HEAD + GOOD, (",DC15", ","), (",DC15", ","))
    first = igrsim("run", with_forums(tmp_path, file), "--out", tmp_path / "out")
    assert first.code == 0, first.err
    before = len(list((tmp_path / "out" / "cells").iterdir()))
    elsewhere = file.rename(tmp_path / "elsewhere.csv")
    again = igrsim("run", with_forums(tmp_path, elsewhere), "--out", tmp_path / "out", "-s", "title=Elsewhere")
    assert again.code == 0, again.err
    assert len(list((tmp_path / "out" / "cells").iterdir())) == before
    text = elsewhere.read_text(encoding="utf-8")
    elsewhere.write_text(text.replace(",4,", ",5,", 1), encoding="utf-8")
    other = igrsim("run", with_forums(tmp_path, elsewhere), "--out", tmp_path / "out", "-s", "title=Longer")
    assert other.code == 0, other.err
    assert len(list((tmp_path / "out" / "cells").iterdir())) == 2 * before


@pytest.mark.fast
@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("DWS", "DWSS", 2, "unknown convener 'DWSS' (did you mean 'DWS'?)"),
        ("locals;district", "locals;distrct", 2, "unknown member 'distrct' (did you mean 'district'?)"),
        ("space,DC15", "national,", 2, "organised local government"),
    ],
)
def test_whom_the_model_does_not_know_is_refused_by_check(
    tmp_path: Path, before: str, after: str, line: int, words: str
) -> None:
    file = calendar(tmp_path, HEAD + GOOD, (before, after))
    said = igrsim("check", with_forums(tmp_path, file))
    no_traceback(said, 2)
    assert words in said.err
    assert said.err.startswith(f"{file}:{line}: error E126")


@pytest.mark.fast
def test_check_names_the_key_of_a_calendar_that_is_not_there(tmp_path: Path) -> None:
    said = igrsim("check", with_forums(tmp_path, tmp_path / "none.csv"))
    no_traceback(said, 2)
    assert "there is no such file" in said.err
    assert igrsim("check", with_forums(tmp_path, calendar(tmp_path))).code == 0


def test_forums_meet_where_and_for_whom_the_file_says(tmp_path: Path) -> None:
    rows = (
        "Water forum,DWS,locals;district,,4,4,seat,water,space,DC15\n"
        "Two towns,EC155,EC156;DWS,,2,3,online,water;housing,space,DC15\n"
        "Everywhere,PED,locals;departments,,1,2,,education,,\n"
    )
    file = calendar(tmp_path, HEAD + rows)
    world = IGRModel(Scenario(scope=["DC15", "DC36"], citizens=50, months=2, forums=file)).world
    forums = {f.code: f for f in world.forums if not f.ad_hoc and not f.of_hub and not f.rule}
    codes = world.geography.municipalities.codes
    assert set(forums) == {
        "water-forum@DC15", "two-towns@DC15", "everywhere@DC15", "everywhere@DC36",
        *(f"{name}@{space}" for name in ("DIF", "DIF-TECH", "DIF-PROVIDERS") for space in ("DC15", "DC36")),
    }  # fmt: skip
    two = forums["two-towns@DC15"]
    assert sorted(codes[m] for m in two.municipalities) == ["EC155", "EC156"]
    assert two.travel.sum() == 0
    names = [d.code for d in world.institutions.departments]
    assert [names[k] for k in two.seats.nonzero()[0]] == ["DWS"]
    assert two.convener == -1
    assert len(forums["water-forum@DC15"].municipalities) == sum(
        s == "DC15" for s in world.geography.municipalities.spaces
    )


@pytest.mark.parametrize("names", [("DIF", "District intergovernmental forum"), ("DIF-TECH", "DIF tech")])
def test_a_forum_by_code_and_again_by_name_is_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    known = next(f for f in load_institutions().forums if f.code == "DIF")
    first, second = names if names[0] != "DIF" else ("DIF", known.name)
    rows = GOOD.replace("Water forum", first).replace("Roads forum", f'"{second}"')
    with pytest.raises(InputError, match="stands already on line 2"):
        read(calendar(tmp_path, HEAD + rows))


@pytest.mark.parametrize(
    ("name", "stay"),
    [
        ("DIF-TECH", {"DIF", "DIF-PROVIDERS"}),
        ("Working group of the district coordinating forum", {"DIF", "DIF-PROVIDERS", "DIF-TECH"}),
        ("District coordinating forum", {"DIF-PROVIDERS", "DIF-TECH"}),
    ],
)
def test_only_the_forum_that_the_file_names_gives_way(tmp_path: Path, name: str, stay: set[str]) -> None:
    file = calendar(tmp_path, HEAD + f"{name},district,locals;district,,6,5,seat,governance,space,\n")
    kept = open_landscape(file, geography_of(["DC15", "DC36"])).forums[1:]
    assert {f.code for f in kept} == stay


@pytest.mark.parametrize(
    ("name", "place", "left"),
    [
        ("District coordinating forum", "DC15", {"DC36"}),
        ("DIF", "DC36", {"DC15"}),
        ("District intergovernmental forum", "", set()),
    ],
)
def test_district_forums_stay_unless_the_file_names_its_own(
    tmp_path: Path, name: str, place: str, left: set[str]
) -> None:
    file = calendar(tmp_path, HEAD + f"{name},district,locals;district,,6,5,seat,governance,space,{place}\n")
    found = open_landscape(file, geography_of(["DC15", "DC36"])).forums
    assert {f.place for f in found[1:] if f.code == "DIF"} == left
    assert {f.place for f in found[1:]} == left | {""}
