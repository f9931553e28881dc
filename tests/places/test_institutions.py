"""The institution tables: whole, believable, and described as they are."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from igrsim.kernel.errors import InputError
from igrsim.places.institutions import SHIPPED, Institutions, load_institutions

MUNICIPALITIES = ("local", "district", "metro")


@pytest.fixture(scope="module")
def known() -> Institutions:
    return load_institutions()


def printed(row: str) -> list[int]:
    """The numbers of one line of a table in the description."""
    text = (SHIPPED / "INSTITUTIONS.md").read_text(encoding="utf-8")
    (line,) = (x for x in text.splitlines() if x.startswith(f"| {row} |"))
    return [int(cell) for cell in re.findall(r"\| (\d+) (?=\|)", line)]


def test_every_sector_can_be_funded_twice_in_a_district(known: Institutions) -> None:
    for sector in known.sectors:
        for space in ("district", "metro"):
            shares = known.shares(sector.code, space)
            assert sum(shares.values()) == pytest.approx(1)
            assert len(shares) >= 2


def test_a_metro_brings_what_district_and_locals_bring_elsewhere(known: Institutions) -> None:
    elsewhere = known.shares("environment", "district")
    metro = known.shares("environment", "metro")["metro"]
    assert metro == pytest.approx(elsewhere["district"] + elsewhere["local"])


def test_every_department_has_something_to_do(known: Institutions) -> None:
    busy = (
        {m.actor for m in known.mandates} | {f.convener for f in known.forums} | {r.department for r in known.requests}
    )
    assert {d.code for d in known.departments} <= busy


@pytest.mark.parametrize(
    "name",
    [
        "President's Coordinating Council",
        "Local Government MinMEC",
        "Local Government Budget Forum",
        "City Budget Forum",
        "Medium Term Expenditure Committee",
        "Ministers' Committee on the Budget",
        "Premier's coordinating forum",
        "District intergovernmental forum",
        "District technical forum of municipal managers",
        "District health council",
        "Disaster management advisory forum",
    ],
)
def test_forums_are_known_by_name(known: Institutions, name: str) -> None:
    assert name in {f.name for f in known.forums}


def test_single_municipalities_sit_in_no_statutory_national_forum(known: Institutions) -> None:
    for forum in known.forums:
        if forum.level == "national" and forum.code != "CBF":
            assert not any(forum.invites(m) for m in MUNICIPALITIES), forum.code


def test_the_district_forum_is_of_the_district_and_its_locals(known: Institutions) -> None:
    (forum,) = (f for f in known.forums if f.code == "DIF")
    assert forum.members == ("locals", "district")
    assert forum.statutory == 1
    assert not forum.invites("metro")


def test_metros_sit_in_the_premiers_forum_and_locals_do_not(known: Institutions) -> None:
    (forum,) = (f for f in known.forums if f.code == "PCF")
    assert [forum.invites(m) for m in MUNICIPALITIES] == [False, True, True]


@pytest.mark.parametrize(
    ("row", "weight"),
    [
        ("named in law", 1.0),
        ("required by policy or framework", 0.5),
        ("own initiative", 0.0),
        ("**all**", None),
    ],
)
def test_printed_invitations_are_the_tables(known: Institutions, row: str, weight: float | None) -> None:
    assert printed(row) == [known.invitations(m, statutory=weight) for m in MUNICIPALITIES]


def test_printed_retirable_meetings_and_hours_are_the_tables(known: Institutions) -> None:
    meetings, hours = [], []
    for municipality in MUNICIPALITIES:
        invited = [f for f in known.forums if f.invites(municipality)]
        meetings.append(sum(f.meetings_per_year for f in invited if f.retirable))
        hours.append(sum(f.meetings_per_year * f.delegates * (f.hours + f.prep_hours) for f in invited))
    assert printed("of which retirable") == meetings
    text = (SHIPPED / "INSTITUTIONS.md").read_text(encoding="utf-8")
    assert "costs {:.0f}, {:.0f} and {:.0f} official hours".format(*hours) in text


def test_invitations_lie_in_the_prior_range(known: Institutions) -> None:
    assert all(30 <= known.invitations(m) <= 150 for m in MUNICIPALITIES)


def test_printed_submissions_are_the_tables(known: Institutions) -> None:
    assert printed("statutory") == [known.submissions(statutory=True)]
    assert printed("other") == [known.submissions(statutory=False)]
    assert 50 <= known.submissions(statutory=False) <= 300


def test_printed_repeats_are_the_tables(known: Institutions) -> None:
    due = {i.code: len(i.due) for i in known.indicators}
    askers = Counter(r.indicator for r in known.requests if r.definition == "common")
    assert printed("all") == [sum(due[r.indicator] for r in known.requests)]
    repeats = sum((n - 1) * due[code] for code, n in askers.items())
    assert printed("asked again by another department, same definition") == [repeats]
    own = sum(r.definition == "own" for r in known.requests)
    text = (SHIPPED / "INSTITUTIONS.md").read_text(encoding="utf-8")
    assert f"These {repeats} are" in text
    assert f"The {own} requests" in text


def test_a_statutory_request_is_of_a_statutory_document(known: Institutions) -> None:
    document = {i.code: i.statutory for i in known.indicators}
    assert all(document[r.indicator] for r in known.requests if r.statutory)


def test_the_municipal_draft_follows_the_books_it_should_shape(known: Institutions) -> None:
    date = {c.event: (c.month, c.day) for c in known.calendar}
    assert date["national-tabling"] < date["provincial-tabling"] < date["municipal-draft-budget"] == (3, 31)
    assert date["municipal-timetable"] == (8, 31)
    assert date["municipal-mid-year"] == (1, 25)
    assert date["municipal-adjustments"] == (2, 28)
    assert date["municipal-adoption"] == (6, 30)
    assert date["national-year-start"] == date["provincial-year-start"] == (4, 1)


def test_a_number_without_a_published_figure_says_so(known: Institutions) -> None:
    for table in (known.mandates, known.forums, known.indicators, known.requests):
        assert all(row.grade == "assumed" for row in table if row.source == "assumption")


def test_one_table_of_the_users_own_replaces_the_shipped_one(tmp_path: Path) -> None:
    shipped = (SHIPPED / "forums.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "forums.csv").write_text("\ufeff" + "\r\n".join(shipped[:3]) + "\r\n", encoding="utf-8")
    own = load_institutions(tmp_path)
    assert len(own.forums) == 2
    assert own.requests == load_institutions().requests


@pytest.mark.parametrize(
    ("table", "old", "new", "complaint"),
    [
        ("forums", "MINMAY,MinMay", "PCC,MinMay", "already"),
        ("forums", ",PCOGTA,", ",PCOGTTA,", "did you mean 'PCOGTA'"),
        ("forums", "DIF,District intergovernmental forum,space", "DIF,District,village", "unknown 'village'"),
        ("forums", ",departments;salga,", ",locals;salga,", "national"),
        ("forums", "igrfa-2005,assumed,no", "igrfa-2005,assumed,yes", "cannot be retirable"),
        ("forums", ",4,5,1,4,pretoria", ",4.5,5,1,4,pretoria", "whole number"),
        ("mandates", "0.35", "0.36", "add up"),
        ("mandates", "0.35", "35", "from 0 to 1"),
        ("mandates", "0.35", "nan", "from 0 to 1"),
        ("mandates", "metro,concurrent,0.65", "metro,concurrent,0.60", "district plus local"),
        ("mandates", "structures-1998", "structures-1999", "did you mean 'structures-1998'"),
        ("indicators", "1;4;7;10", "1;4;7", "quarterly needs 4"),
        ("indicators", "budget-statement", "=SUM(A1)", "is no code"),
        ("requests", "NT,budget-statement", "NT,budget-statment", "did you mean 'budget-statement'"),
        ("requests", ",common,", ",,", "is empty"),
        ("calendar", "2,28", "2,31", "no 31/2"),
        ("calendar", "municipal-adjustments,2,28", "municipal-adjustments,2,28,municipal", "cells"),
        ("sources", "key,citation,kind", "key,citation,sort", "columns must be"),
        ("departments", "water,sector", "water;water,sector", "twice"),
    ],
)
def test_a_wrong_cell_is_named_with_its_place(tmp_path: Path, table: str, old: str, new: str, complaint: str) -> None:
    text = (SHIPPED / f"{table}.csv").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / f"{table}.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(complaint)) as raised:
        load_institutions(tmp_path)
    assert raised.value.file == str(tmp_path / f"{table}.csv")


@pytest.mark.parametrize(
    "content", [b"", b"code,name\n", "code,name\nwasser,Wässer\n".encode("latin-1"), b'code,name\n"a']
)
def test_an_unreadable_table_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sectors.csv").write_bytes(content)
    with pytest.raises(InputError):
        load_institutions(tmp_path)


def test_a_sector_only_one_actor_may_fund_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mandates.csv").write_text(
        "sector,actor,right,weight,basis,source,grade\nwater,DWS,exclusive,1,alone,assumption,assumed\n"
    )
    with pytest.raises(InputError, match="fewer than two"):
        load_institutions(tmp_path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a folder"):
        load_institutions(tmp_path / "nowhere")


def test_shares_are_of_known_sectors_only(known: Institutions) -> None:
    assert known.shares("beekeeping", "district") == {}
