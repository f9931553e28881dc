"""Schedules as data: named ones, orders, files of every kind with their faults, hubs that are shared."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import InputError
from igrsim.places.geography import load_geography
from igrsim.places.institutions import load_institutions
from igrsim.regimes.orders import ORDERS, neighbours, ordered
from igrsim.regimes.rollout import plan_rollout
from igrsim.regimes.schedule import STAGES, check_shared
from igrsim.regimes.schedule_file import named_schedules, read_schedule

pytestmark = pytest.mark.fast

CLOCK = Clock(date(2019, 4, 1), 60)
COUNTRY = load_geography()
SPACES = COUNTRY.spaces


@pytest.mark.parametrize("name", sorted(named_schedules()))
def test_a_named_schedule_gives_every_space_one_place_and_a_source(name: str) -> None:
    schedule = named_schedules()[name]
    starts = schedule.starts(COUNTRY, CLOCK)
    assert set(starts) == set(SPACES.codes)
    assert schedule.source in {s.key for s in load_institutions().sources}
    assert schedule.title
    assert set(schedule.stages) <= set(STAGES)
    assert not schedule.limits


def test_sizes_of_waves() -> None:
    def sizes(name: str) -> list[int]:
        return [n for _, n in sorted(Counter(plan_rollout(name, COUNTRY, CLOCK, COUNTRY).start).items())]

    assert sizes("all-at-once") == [52]
    assert sizes("poorest-first") == sizes("strongest-first") == sizes("random-order") == [4] * 13
    assert sizes("pilots-then-waves") == [3, *[7] * 7]
    assert sizes("ddm-as-found") == [1, 1, 1, 49]
    home = Counter(SPACES.provinces)
    assert sorted(sizes("by-province")) == sorted(home.values())
    metros = plan_rollout("metros-first", COUNTRY, CLOCK, COUNTRY).start
    assert {SPACES.kinds[i] for i, month in enumerate(metros) if month == 0} == {"metro"}


@pytest.mark.parametrize("order", ORDERS)
def test_an_order_holds_every_space_once(order: str) -> None:
    assert sorted(ordered(order, COUNTRY)) == sorted(SPACES.codes)


def test_what_the_orders_mean() -> None:
    poor = dict(zip(SPACES.codes, SPACES.poor_share, strict=True))
    shares = [poor[code] for code in ordered("poorest", COUNTRY)]
    assert shares == sorted(shares, reverse=True)
    assert {"JHB", "CPT"} <= set(ordered("strongest", COUNTRY)[:5])
    assert ordered("by lot", COUNTRY, 1) != ordered("by lot", COUNTRY, 2)
    home = dict(zip(SPACES.codes, SPACES.provinces, strict=True))
    provinces = [home[code] for code in ordered("province", COUNTRY)]
    # each province once, all of it together
    assert len([p for p, before in zip(provinces, ["", *provinces], strict=False) if p != before]) == 9
    beside, outwards = neighbours(COUNTRY), ordered("neighbours", COUNTRY)
    assert set(outwards[:3]) == {"DC15", "DC36", "ETH"}
    for place, code in enumerate(outwards[3:], 3):
        assert beside[code] & set(outwards[:place])


def toml(folder: Path, text: str) -> Path:
    file = folder / "plan.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_schedule_as_toml(tmp_path: Path) -> None:
    text = """
        title = "Two waves"
        order = "strongest"
        shared_hubs = [["EKU", "JHB", "TSH"]]
        money = { "2019/20" = 40, "2020/21" = 400.5 }
        specialists = { pool = 60, trained = 120 }
        [stages]
        profile = 2
        "One Plan" = 9
        [[wave]]
        date = 2020-01-15
        metros = 8
        [[wave]]
        after = 12
        several = 44
    """
    schedule = read_schedule(toml(tmp_path, text), COUNTRY)
    starts = schedule.starts(COUNTRY, CLOCK)
    assert Counter(starts.values()) == {9: 8, 12: 44}
    assert schedule.stages == {"profile": 2, "One Plan": 9}
    assert schedule.limits.money == ((2019, 40.0), (2020, 400.5))
    assert (schedule.limits.specialists, schedule.limits.trained) == (((("", 60.0)),), 120.0)
    assert schedule.shared == (("EKU", "JHB", "TSH"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[wave]]\nafter = 0\nseverl = 52\n", "did you mean 'several'"),
        ("[[wave]]\nseveral = 52\n", "either a date or the months after"),
        ("[[wave]]\nafter = 0\n", "nobody joins"),
        ("[[wave]]\nafter = 0\nspaces = ['DC99']\n", "unknown space 'DC99'"),
        ("order = 'poorst'\n[[wave]]\nafter = 0\nseveral = 52\n", "order"),
        ("[[wave]]\nafter = 0\nseveral = 60\n", "wants 60 spaces, 52 are left"),
        ("[[wave]]\nafter = 0\nmetros = 9\n", "wants 9 metros, 8 are left"),
        ("[[wave]]\nafter = 0\nseveral = 3\n", "49 spaces have no place in a wave"),
        ("[[wave]]\nafter = 0\nspaces = ['DC15']\n[[wave]]\nafter = 3\nspaces = ['DC15']\n", "stands in two waves"),
        ("wave = 3\n", "wave"),
        ("[[wave]\n", "Expected"),
        ("money = 'much'\n[[wave]]\nafter = 0\nseveral = 52\n", "a number or a table is needed"),
        ("money = {'2019/21' = 3}\n[[wave]]\nafter = 0\nseveral = 52\n", "is no financial year"),
        ("money = -3\n[[wave]]\nafter = 0\nseveral = 52\n", "no number from 0"),
        ("stages = {'One Plam' = 3}\n[[wave]]\nafter = 0\nseveral = 52\n", "did you mean 'One Plan'"),
        ("stages = {profile = 9, 'One Plan' = 3}\n[[wave]]\nafter = 0\nseveral = 52\n", "before 'profile' in month 9"),
        ("shared_hubs = [['JHB', 'JBH']]\n[[wave]]\nafter = 0\nseveral = 52\n", "unknown space 'JBH'"),
        ("shared_hubs = [['JHB', 'JHB']]\n[[wave]]\nafter = 0\nseveral = 52\n", "shares one hub only"),
        ("[[wave]]\ndate = 9999-12-01\nseveral = 52\n", "not between 1990 and 2200"),
        ("shared_hubs = [['CPT', 'ETH']]\n[[wave]]\nafter = 0\nseveral = 52\n", "do not lie together"),
    ],
)  # fmt: skip
def test_a_faulty_schedule_is_refused_in_one_line(tmp_path: Path, text: str, words: str) -> None:
    file = str(toml(tmp_path, text))
    with pytest.raises(InputError, match=words) as caught:
        plan_rollout(file, COUNTRY, CLOCK, COUNTRY)
    assert "\n" not in str(caught.value)


def workbook(folder: Path, **sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(folder / "plan.xlsx")
    return folder / "plan.xlsx"


ROWS: list[list[Any]] = [
    ["Space", "Name", "Start", "Hub"],
    ["DC15", "O.R. Tambo", date(2019, 8, 22), None],
    ["ETH", "", "2020-01", "x"],
]


def test_a_schedule_from_a_workbook(tmp_path: Path) -> None:
    file = workbook(
        tmp_path,
        schedule=[*ROWS, ["DC29", "", "2020/01/01", "X "], ["DC36", "Waterberg", None, None], [None, None, None, None]],
        money=[["Year", "Rand_million"], ["2019/20", 40], ["2020/21", "1 200.5"]],
        specialists=[["from", "specialists"], [date(2019, 8, 1), 33], ["trained", 40]],
        stages=[["stage", "months"], ["profile", 4]],
    )
    schedule = read_schedule(file, COUNTRY)
    assert schedule.starts(COUNTRY, CLOCK) == {"DC15": 4, "ETH": 9, "DC29": 9}
    assert schedule.limits.money == ((2019, 40.0), (2020, 1200.5))
    assert (schedule.limits.specialists, schedule.limits.trained) == ((("2019-08", 33.0),), 40.0)
    assert schedule.stages == {"profile": 4}
    assert schedule.shared == (("ETH", "DC29"),)
    part = plan_rollout(str(file), COUNTRY.subset(["DC15", "DC36"]), CLOCK, COUNTRY)
    assert (part.name, part.start) == ("plan", (4, None))


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ({"waves": ROWS}, "sheet 'schedule' is missing"),
        ({"schedule": [["space", "begin"], ["DC15", "2020-01"]]}, "column 'start' is missing"),
        ({"schedule": [["space", "start"], ["DC51", "2020-01"]]}, "unknown space 'DC51'"),
        ({"schedule": [["space", "start"], ["DC15", "2020-01"], ["DC15", "2020-01"]]}, "stands twice"),
        ({"schedule": [["space", "start"], ["DC15", "soon"]]}, "is no date"),
        ({"schedule": [["space", "start"], ["DC15", 43700.5]]}, "is no date"),
        ({"schedule": [["space", "start"], ["DC15", None]]}, "no space starts"),
        ({"schedule": [["space", "start"], ["DC15", date(9999, 12, 1)]]}, "not between 1990 and 2200"),
        ({"schedule": [["space", "start"], ["DC15", "=DATE(2019,10,1)"], ["ETH", "2020-01"]]}, "formula without a saved"),
        ({"schedule": [["space", "start", "start"], ["DC15", "2020-01", "2020-02"]]}, "'start' stands twice"),
        ({"schedule": ROWS, "stages": [["stage", "months"], ["profile", 4], ["profile", 5]]}, "stands twice"),
        ({"schedule": []}, "no space starts"),
        ({"schedule": ROWS, "money": [["year", "rand_million"], ["2019/20", 4], ["2019/20", 5]]}, "stands twice"),
        ({"schedule": ROWS, "money": [["year", "rand_million"], ["2019/20", "lots"]]}, "no number from 0"),
        ({"schedule": ROWS, "stages": [["stage", "months"], ["hub manned", 4]]}, "did you mean 'hub staffed'"),
        ({"schedule": [["space", "start", "hub"], ["ETH", "2020-01", 1], ["DC29", "2020-02", 1]]}, "same month"),
    ],
)  # fmt: skip
def test_a_faulty_workbook_is_refused_in_one_line(tmp_path: Path, sheets: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        plan_rollout(str(workbook(tmp_path, **sheets)), COUNTRY, CLOCK, COUNTRY)


def test_a_merged_start_is_refused_and_merged_notes_are_not(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["space", "start", "name"],
        ["DC15", "2019-10", "East"],
        ["ETH", None, None],
        ["DC36", "2020-01", ""],
    ]
    file = workbook(tmp_path, schedule=rows)
    for where, refused in (("C2:C3", False), ("B2:B3", True)):
        book = openpyxl.load_workbook(file)
        book["schedule"].merge_cells(where)
        book.save(file)
        if refused:
            with pytest.raises(InputError, match=r"plan.xlsx \(schedule\):2: .* a cell of 'start' is merged"):
                read_schedule(file, COUNTRY)
        else:
            assert set(read_schedule(file, COUNTRY).starts(COUNTRY, CLOCK)) == {"DC15", "DC36"}


def changed(file: Path, to: Path, part: str, by: Callable[[bytes], bytes]) -> Path:
    """A copy of a workbook with one part of it changed."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, by(old.read(name)) if name == part else old.read(name))
    return to


def test_a_formula_with_its_result_is_read(tmp_path: Path) -> None:
    file = workbook(tmp_path, schedule=[["space", "start"], ["DC15", "=B3"], ["ETH", "2020-01"]])
    sheet = "xl/worksheets/sheet1.xml"

    def saved(xml: bytes) -> bytes:
        return re.sub(rb'<c r="B2"([^>]*)><f>B3</f><v ?/?>(</v>)?', rb'<c r="B2" t="str"><f>B3</f><v>2020-01</v>', xml)

    found = read_schedule(changed(file, tmp_path / "saved.xlsx", sheet, saved), COUNTRY)
    assert found.starts(COUNTRY, CLOCK) == {"DC15": 9, "ETH": 9}


def test_a_broken_a_locked_and_a_swollen_workbook_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = workbook(tmp_path, schedule=ROWS)
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml"):
        with pytest.raises(InputError, match="no workbook"):
            read_schedule(changed(file, tmp_path / "cut.xlsx", part, lambda xml: xml[:90]), COUNTRY)
    big = changed(file, tmp_path / "big.xlsx", "xl/styles.xml", lambda xml: xml + b" " * 101_000_000)
    assert big.stat().st_size < 1_000_000
    with pytest.raises(InputError, match="holds more than 100 MB"):
        read_schedule(big, COUNTRY)

    def locked(*_: Any, **__: Any) -> None:
        raise PermissionError

    monkeypatch.setattr(openpyxl, "load_workbook", locked)
    with pytest.raises(InputError, match="close it"):
        read_schedule(file, COUNTRY)


def test_a_table_as_a_south_african_spreadsheet_saves_it(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_bytes("\ufeffspace;start;hub;name;;\r\nDC15;2019/10/01;;O.R. Tambo, Mthatha;;\r\n".encode())
    assert read_schedule(file, COUNTRY).starts(COUNTRY, CLOCK) == {"DC15": 6}


def test_what_is_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").write_text("space,start\n", encoding="utf-8")
    for name, words in (("plan.xlsx", "no workbook"), ("none.xlsx", "no such file")):
        with pytest.raises(InputError, match=words):
            plan_rollout(str(tmp_path / name), COUNTRY, CLOCK, COUNTRY)


def test_hubs_are_shared_by_neighbours() -> None:
    beside = neighbours(COUNTRY)
    check_shared([["EKU", "JHB", "TSH"]], beside, "plan")
    for groups, words in (([["CPT", "TSH"]], "lie together"), ([["EKU", "JHB"], ["JHB", "TSH"]], "one hub only")):
        with pytest.raises(InputError, match=words):
            check_shared(groups, beside, "plan")
