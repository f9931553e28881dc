"""Levers that are dropped from a month on, in some spaces, or change their dose: how a study says so, and what it means."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from igrsim.kernel.errors import InputError
from igrsim.model import IGRModel, Scenario
from igrsim.places.geography import load_geography
from igrsim.regimes.limits import Limits
from igrsim.regimes.regime import Regime, Term, preset
from igrsim.runs.layout import describe, lay_out
from igrsim.runs.study import Study, make_study, read_study, write_resolved

PILOTS = ("DC15", "DC36", "ETH")
HEAD = """\
title = "Made up"
[world]
scope = ["DC15", "DC36", "ETH"]
months = 30
citizens = 60
[futures]
method = "none"
[arms.siloed]
regime = "siloed"
[arms.arm]
regime = "district-hub-core"
rollout = "all-at-once"
"""
LEVER = "impact-zones"


def study(text: str) -> Study:
    return make_study(tomllib.loads(HEAD + text))


def terms(text: str, lever: str = LEVER) -> tuple[Term, ...]:
    return tuple(term for term in study(text).regime("arm").terms if term.lever == lever)


def doses(found: tuple[Term, ...], space: str = "DC15") -> list[float]:
    """Its dose in March, April, August and December 2020."""
    months = (date(2020, month, 1) for month in (3, 4, 8, 12))
    return [max(term.dose_in(space, month, True) for term in found) for month in months]


@pytest.mark.parametrize(
    ("said", "here", "there"),
    [
        ('drop = [{ lever = "L", from = 2020-04-01 }]', [1, 0, 0, 0], [1, 0, 0, 0]),
        ('drop = [{ lever = "L", from = "2020-04-20" }]', [1, 0, 0, 0], [1, 0, 0, 0]),
        ('drop = [{ lever = "L", from = 2020-04-01, scope = ["DC15"] }]', [1, 0, 0, 0], [1, 1, 1, 1]),
        ('drop = [{ lever = "L", scope = ["DC15"] }]', [0, 0, 0, 0], [1, 1, 1, 1]),
        ('drop = [{ lever = "L", from = 2020-04-01 }]\nadd = [{ lever = "L", from = 2020-04-01, dose = 0.5 }]',
         [1, 0.5, 0.5, 0.5], [1, 0.5, 0.5, 0.5]),
        ('drop = [{ lever = "L", from = 2020-04-01 }]\nadd = [{ lever = "L", from = 2020-08-01 }]',
         [1, 0, 1, 1], [1, 0, 1, 1]),
        ('drop = [{ lever = "L", from = 2020-04-01 }, { lever = "L", from = 2020-12-01 }]\n'
         'add = [{ lever = "L", from = 2020-04-01, dose = 0.2 }]', [1, 0.2, 0.2, 0], [1, 0.2, 0.2, 0]),
        ('drop = ["L"]\nadd = [{ lever = "L", from = 2020-08-01, dose = 0.5 }]', [0, 0, 0.5, 0.5], [0, 0, 0.5, 0.5]),
        ('drop = [{ lever = "L", from = 2020-04-01, scope = ["DC15"] }, { lever = "L", from = 2020-08-01 }]',
         [1, 0, 0, 0], [1, 1, 0, 0]),
    ],
    ids=["ends", "within a month", "in a space", "never in a space", "less", "pauses", "less, then none", "late", "twice"],
)  # fmt: skip
def test_what_is_decided_is_in_force(said: str, here: list[float], there: list[float]) -> None:
    found = terms(said.replace('"L"', f'"{LEVER}"'))
    assert (doses(found), doses(found, "DC36")) == (here, there)


def test_a_lever_that_was_added_can_end_and_be_added_again() -> None:
    said = """add = ["imbizo", { lever = "imbizo", from = 2020-08-01, dose = 0.3 }]
drop = [{ lever = "imbizo", from = 2020-04-01 }]"""
    assert doses(terms(said, "imbizo")) == [1, 0, 0.3, 0.3]


def test_a_term_of_a_preset_ends_too() -> None:
    text = HEAD.replace("district-hub-core", "district-hub-as-found").replace("months = 30", "months = 80")
    made = make_study(tomllib.loads(text + 'drop = [{ lever = "leadership", from = 2020-04-01 }]'))
    found = tuple(term for term in made.regime("arm").terms if term.lever == "leadership")
    assert doses(found) == [0.5, 0, 0, 0]


def test_in_a_made_up_scope_a_lever_ends_wherever_it_is_said_to() -> None:
    assert Term("x", ends=(("2020-04-01", ("DC15",)),)).dose_in("TT", date(2020, 4, 1), known=False) == 0


def test_what_does_not_end_is_addressed_and_told_as_before() -> None:
    term = Term("one-plan", 0.25, ("DC15",), "2019-06-01")
    assert term.address == ("one-plan", 0.25, ("DC15",), "2019-06-01")
    ending = Term("one-plan", 0.25, ends=(("2020-04-01", ()), ("2020-01-01", ("ETH",))))
    assert ending.describe() == "one-plan at 25% up to 2020-03, not in ETH from 2020-01"
    assert Term(*ending.address) == ending
    assert Term("one-plan", ends=(("", ("ETH",)),)).describe() == "one-plan, not in ETH"
    elsewhere = Term("one-plan", spaces=("DC15",), ends=(("2020-01-01", ("ETH",)),))
    assert elsewhere.describe() == "one-plan in DC15 only"


def test_an_arm_tells_its_decisions_and_each_makes_another_cell(tmp_path: Path) -> None:
    said = f'drop = [{{ lever = "{LEVER}", from = 2020-04-01 }}]\nadd = [{{ lever = "{LEVER}", from = 2020-04-01, dose = 0.5 }}]'
    made = study(said)
    assert f"{LEVER} up to 2020-03; {LEVER} at 50% from 2020-04" in describe(made, "arm")
    path = tmp_path / "resolved.toml"
    path.write_text(write_resolved(made), encoding="utf-8")
    again, _ = read_study(path)
    assert write_resolved(again) == path.read_text(encoding="utf-8")
    digests = set()
    for text in ("", said, said.replace("2020-04", "2020-05"), said.split("\n")[0], said.replace("0.5", "0.6")):
        cells = {cell.digest for cell in lay_out(study(text)).cells if cell.arm == "arm"}
        assert not cells & digests
        digests |= cells


def test_an_arm_takes_over_decisions_and_decides_further() -> None:
    arm = f"""drop = [{{ lever = "{LEVER}", from = 2020-04-01 }}]
add = ["imbizo"]
[arms.more]
extends = "arm"
"""
    made = study(arm + 'drop = [{ lever = "imbizo", from = 2020-08-01 }]')
    assert {part.lever for part in made.arms["more"].dropped} == {LEVER, "imbizo"}
    assert made.arms["more"].added == ["imbizo"]
    again = study(arm + f'add = ["{LEVER}"]').arms["more"]
    assert (again.drop, again.added) == ([], ["imbizo"])
    less = study(arm + f'add = [{{ lever = "{LEVER}", from = 2020-08-01, dose = 0.5 }}]').regime("more")
    assert doses(tuple(term for term in less.terms if term.lever == LEVER)) == [1, 0, 0.5, 0.5]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('drop = [{ lever = "one-plan", from = 2019-04-01 }]', "E248"),
        ('drop = [{ lever = "one-plan", from = 2021-10-01 }]', "E248"),
        ('drop = ["one-plan", { lever = "one-plan", from = 2020-04-01 }]', "E249"),
        ('drop = [{ lever = "one-plan", scope = ["ETH"] }, { lever = "one-plan", scope = ["ETH"], from = 2020-04-01 }]',
         "E249"),
        ('drop = [{ lever = "imbizo", from = 2020-04-01 }]\nadd = [{ lever = "imbizo", from = 2020-04-01 }]', "E150"),
        ('drop = [{ lever = "one-plan", from = 2020-04-01 }]\nadd = [{ lever = "one-plan", from = 2020-01-01 }]', "E151"),
        ('drop = [{ lever = "one-plan", from = 2020-04-01, scope = ["ETH"] }]\n'
         'add = [{ lever = "one-plan", from = 2020-04-01, scope = ["DC36"], dose = 0.5 }]', "E151"),
        ('drop = [{ lever = "one-plan", from = 2020-04-01, scope = ["ETH", "DC36"] }, '
         '{ lever = "one-plan", from = 2020-10-01, scope = ["DC36"] }]\n'
         'add = [{ lever = "one-plan", from = 2020-06-01, scope = ["ETH"] }]', "E249"),
        ('drop = [{ lever = "one-plam", from = 2020-04-01 }]', "E149"),
        ('drop = [{ lever = "one-plan", from = 2020-04-01, scope = ["ETHH"] }]', "E114"),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_out_is_refused(said: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        study(said)
    assert refused.value.code == code


def test_a_lever_is_added_in_one_space_after_the_other() -> None:
    said = (
        """add = [{ lever = "imbizo", scope = ["DC15"] }, { lever = "imbizo", from = 2020-08-01, scope = ["DC36"] }]"""
    )
    assert (doses(terms(said, "imbizo")), doses(terms(said, "imbizo"), "DC36")) == ([1, 1, 1, 1], [0, 0, 1, 1])


def hubs(*given: Term, limits: Limits | None = None, months: int = 30) -> IGRModel:
    regime = Regime("x", "x", "assumption", ("district-hub", "one-plan"), terms=given)
    scenario = Scenario(regime=regime, scope=["DC15"], citizens=60, months=months, rollout="all-at-once")
    return IGRModel(scenario if limits is None else Scenario(**{**vars(scenario), "limits": limits}))


def test_a_hub_given_up_is_staffed_anew() -> None:
    again = Term("district-hub", start="2021-01-01")
    made = hubs(Term("district-hub", ends=(("2020-10-01", ()),)), again)
    filled = []
    for _ in range(22):
        made.step()
        filled.append(next(iter(made.world.hubs.values())).filled)
    assert filled[17] == 11
    assert filled[18:21] == [0, 0, 0]
    assert filled[21] == pytest.approx(11 / 13)


@pytest.mark.parametrize(
    ("lever", "tasks"),
    [
        ("one-plan", ["one plan"]),
        ("district-hub", ["disputes", "requests"]),
        ("impact-zones", ["disputes", "comparing departments' drafts", "comparing municipalities' drafts"]),
    ],
)
def test_nothing_that_is_asked_for_no_longer_lies_on_a_desk(lever: str, tasks: list[str]) -> None:
    names = ("district-hub", "impact-zones", "one-plan")
    posts = {"district-hub.posts": 2 if lever == "one-plan" else 0.3, "district-hub.retire": 1}
    regime = Regime("x", "x", "assumption", names, terms=(Term(lever, ends=(("2020-04-01", ()),)),))
    made = IGRModel(
        Scenario(regime=regime, scope=["DC15"], citizens=60, months=16, rollout="all-at-once", params=posts)
    )
    left = []
    for _ in range(16):
        made.step()
        left.append(sum(made.world.hubs[0].backlog[task] for task in tasks))
    assert max(left[:12]) > 0
    assert max(left[12:]) == 0


def test_a_phase_of_a_plan_that_was_put_aside_begins_anew() -> None:
    ends, again = Term("one-plan", ends=(("2020-04-01", ()),)), Term("one-plan", start="2020-08-01")
    regime = Regime("x", "x", "assumption", ("one-plan",), terms=(ends, again))
    made = IGRModel(Scenario(regime=regime, scope=["DC15"], citizens=60, months=18, rollout="all-at-once"))
    seen = []
    for _ in range(18):
        made.step()
        seen.append((made.world.hubs[0].plan_phase, made.world.hubs[0].backlog["one plan"]))
    first = next(left for phase, left in seen if phase == 0)
    assert 0 < seen[11][1] < first
    assert seen[12:16] == [(-1, 0)] * 4
    # none of its work is taken as done
    assert seen[16] == (0, first)


def test_a_plan_decided_on_later_begins_with_its_first_step() -> None:
    made = hubs(Term("one-plan", start="2019-10-01"), months=12)
    made.run()
    hub = next(iter(made.world.hubs.values()))
    assert hub.leads_to_plan
    assert sum(hub.steps.values()) > 0


def test_means_are_granted_for_the_posts_there_are() -> None:
    levers = preset("district-hub-core")
    country = load_geography().spaces.codes
    ends = Regime("x", "x", "assumption", levers.levers, terms=(Term("district-hub", ends=(("2020-04-01", ()),)),))
    starts = Regime("x", "x", "assumption", levers.levers, terms=(Term("district-hub", start="2020-04-01"),))
    found = {}
    for name, regime in (("ends", ends), ("starts", starts)):
        scenario = Scenario(
            regime=regime, scope=["DC15"], citizens=60, months=24, rollout="all-at-once",
            limits=Limits(specialists=(("", 22.0),)),
        )  # fmt: skip
        found[name] = IGRModel(scenario).granted
    # two hubs are staffed at once; when posts end, whoever waits is taken in
    taken = [found["ends"].start[code] for code in country]
    assert sorted(set(taken)) == [0, 12]
    assert taken.count(0) == 2
    # without posts nobody waits; those that come later are manned as far as specialists go
    assert set(found["starts"].start.values()) == {0}
    assert found["starts"].manned[11] == 1
    assert found["starts"].manned[12] == pytest.approx(2 / len(country))
