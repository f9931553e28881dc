"""Levers in force in part, hubs that spaces share, presets that set choices, and how a study says so."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from igrsim.government.hub import HubWork
from igrsim.kernel.errors import InputError
from igrsim.kernel.params import all_params
from igrsim.levers._base import levers
from igrsim.levers.district_hub import DistrictHubChoices
from igrsim.levers.regulated_plan import RegulatedPlanChoices
from igrsim.model import IGRModel, Scenario
from igrsim.places.geography import load_geography
from igrsim.regimes.regime import Regime, Term, preset, presets
from igrsim.runs.layout import lay_out
from igrsim.runs.study import Study, make_study, read_study, write_resolved

PILOTS = ("DC15", "DC36", "ETH")
HEAD = 'title = "Made up"\n[world]\nscope = ["DC15", "DC36", "ETH"]\nmonths = 3\ncitizens = 60\n[futures]\nmethod = "none"\n'
SILOS = '[arms.siloed]\nregime = "siloed"\n'


def model(*terms: Term, lever: str = "impact-zones", start: date = date(2019, 4, 1), months: int = 30) -> IGRModel:
    regime = Regime("made up", "made up", "assumption", (lever,), terms=terms)
    scenario = Scenario(regime=regime, scope=list(PILOTS), citizens=60, months=months, start=start)
    return IGRModel(scenario)


def arena(made: IGRModel, month: int = 0) -> list[float]:
    """The rule by space in a month."""
    made.month = month
    made.turn_rules()
    codes = made.world.geography.spaces.codes
    found = dict(zip(codes, made.world.rules.by_space("joint_arena").tolist(), strict=True))
    return [found[code] for code in PILOTS]


def test_without_terms_a_lever_is_in_force_everywhere() -> None:
    assert arena(model()) == [1, 1, 1]


def test_terms_of_another_lever_are_nothing() -> None:
    assert arena(model(Term("one-plan", 0.2))) == [1, 1, 1]


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ((Term("impact-zones", 0.5),), [0.5, 0.5, 0.5]),
        ((Term("impact-zones", spaces=("DC15",)),), [1, 0, 0]),
        ((Term("impact-zones", 0.4, ("DC15", "ETH")),), [0.4, 0, 0.4]),
        ((Term("impact-zones", 0.3), Term("impact-zones", 0.8, ("DC36",))), [0.3, 0.8, 0.3]),
        ((Term("impact-zones", 0.3), Term("impact-zones", 0.1, ("DC36",))), [0.3, 0.3, 0.3]),
        ((Term("impact-zones", 0.0),), [0, 0, 0]),
    ],
    ids=["dose", "space", "dose in spaces", "the more of several", "never the less", "nought"],
)
def test_of_several_terms_the_most_holds(terms: tuple[Term, ...], found: list[float]) -> None:
    assert arena(model(*terms)) == found


def test_a_term_may_begin_late() -> None:
    made = model(Term("impact-zones", 0.2), Term("impact-zones", 0.9, ("DC15",), "2020-04-01"))
    assert [arena(made, m)[0] for m in (0, 11, 12, 20)] == [0.2, 0.2, 0.9, 0.9]
    assert arena(made, 12)[1:] == [0.2, 0.2]
    early = model(Term("impact-zones", start="2015-01-01"))
    assert arena(early) == [1, 1, 1]


def test_a_term_begins_in_the_month_of_its_date_as_a_rollout_does() -> None:
    made = model(Term("impact-zones", start="2020-04-15"))
    assert made.world.clock.month_of(date(2020, 4, 15)) == 12
    assert arena(made, 12) == [1, 1, 1]


def test_a_term_is_a_part_of_the_roll_outs_dose() -> None:
    made = model(Term("impact-zones", 0.5))
    made.rollout = replace(made.rollout, start=(None, 5, 0))
    found = [made.world.rules.by_space("joint_arena").tolist() for m in (4, 5) if arena(made, m)]
    assert found == [[0, 0, 0.5], [0, 0.5, 0.5]]


def test_in_a_made_up_scope_spaces_of_a_term_mean_nothing() -> None:
    regime = Regime("x", "x", "assumption", ("impact-zones",), terms=(Term("impact-zones", 0.7, ("DC15",)),))
    made = IGRModel(Scenario(regime=regime, scope="two-towns", citizens=60, months=3))
    made.turn_rules()
    assert made.world.rules.by_space("joint_arena").tolist() == [0.7]


def test_a_term_says_what_it_is() -> None:
    assert Term("one-plan").describe() == "one-plan"
    assert (
        Term("one-plan", 0.25, ("DC15", "ETH"), "2024-05-01").describe()
        == "one-plan at 25% in DC15, ETH only from 2024-05"
    )


def test_every_preset_names_levers_spaces_and_choices_there_are() -> None:
    spaces = set(load_geography().spaces.codes)
    for regime in presets().values():
        for term in regime.terms:
            assert term.lever in regime.levers
            assert term.lever in levers
            assert 0 <= term.dose <= 1
            assert set(term.spaces) <= spaces
            assert not term.start or date.fromisoformat(term.start)
        for name, value in regime.choices:
            assert all_params()[name].choice
            assert all_params()[name].low <= value <= all_params()[name].high


def test_what_was_found_has_hubs_in_the_pilots_only_and_regulations_from_2024() -> None:
    regime = preset("district-hub-as-found")
    scope = [*PILOTS, "DC6"]
    made = IGRModel(Scenario(regime=regime, scope=scope, citizens=60, months=66, rollout="all-at-once"))
    assert made.world.params[DistrictHubChoices].posts == 5
    by_code = dict(zip(made.world.geography.spaces.codes, range(4), strict=True))
    for month, duty in ((0, 0.0), (60, 0.0), (61, 1.0)):
        made.month = month
        made.turn_rules()
        for code, space in by_code.items():
            ruling = made.world.rules[space]
            assert ruling.hub_posts == (5 if code in PILOTS else 0)
            assert (ruling.leadership, ruling.compact, ruling.live_information) == (0.5, 0.5, 0.25)
            assert (ruling.duty, ruling.one_plan) == (duty, 1.0)


def test_what_law_does_not_allow_yet_retires_and_binds() -> None:
    made = IGRModel(Scenario(regime="mandated-hub", scope=["DC15"], citizens=60, months=3, rollout="all-at-once"))
    assert made.world.params[DistrictHubChoices].posts == 11
    assert made.world.params[DistrictHubChoices].retire == 1
    assert made.world.params[RegulatedPlanChoices].binding == 1
    made.turn_rules()
    ruling = made.world.rules[0]
    assert (ruling.hub_posts, ruling.channels_retired, ruling.binding) == (11, 1, 1)
    own = IGRModel(
        Scenario(regime="mandated-hub", scope=["DC15"], citizens=60, months=3, params={"district-hub.posts": 2.0})
    )
    assert own.world.params[DistrictHubChoices].posts == 2


def staffed(*groups: tuple[str, ...], scope: tuple[str, ...] = PILOTS) -> tuple[dict[str, float], int]:
    """Posts filled by space, and what all of them cost, once every post is."""
    regime = Regime("x", "x", "assumption", ("district-hub",), shared_hubs=groups)
    made = IGRModel(Scenario(regime=regime, scope=list(scope), citizens=60, months=20), seed=1)
    cents = 0
    while made.month < 20:
        made.step()
        cents = int(made.world.now.cents["hub posts", "nation"].sum())
    return {hub.code: hub.filled for hub in made.world.hubs.values()}, cents


def test_spaces_that_share_a_hub_have_a_part_of_its_posts_each() -> None:
    own, whole = staffed()
    assert own == dict.fromkeys(PILOTS, 11.0)
    two, less = staffed(("DC15", "DC36"))
    assert two == {"DC15": 5.5, "DC36": 5.5, "ETH": 11.0}
    # the shared hub costs what one hub costs
    assert less == pytest.approx(whole * 2 / 3)
    all_in_one, least = staffed(PILOTS)
    assert sum(all_in_one.values()) == pytest.approx(11)
    assert least == pytest.approx(whole / 3)
    assert whole == 3 * 11 * 100 * HubWork().rand_per_post


def test_a_part_of_the_country_has_its_part_of_a_shared_hub() -> None:
    found, _ = staffed(("DC15", "DC12"), scope=("DC15",))
    assert found == {"DC15": 5.5}


def study(arms: str) -> Study:
    return make_study(tomllib.loads(HEAD + SILOS + arms))


ARM = """\
[arms.part]
regime = "siloed"
add = ["spatial-budgeting", { lever = "district-hub", dose = 0.5, scope = ["DC15"], from = 2020-04-01 }, { lever = "imbizo" }]
shared_hubs = [["DC36", "ETH"]]
rollout = "all-at-once"
"""


def test_an_arm_says_where_from_when_and_how_far() -> None:
    regime = study(ARM).regime("part")
    assert regime.levers == ("district-hub", "imbizo", "spatial-budgeting")
    assert regime.terms == (Term("district-hub", 0.5, ("DC15",), "2020-04-01"), Term("imbizo"))
    assert regime.shared_hubs == (("DC36", "ETH"),)


def test_a_resolved_study_is_the_same_study(tmp_path: Path) -> None:
    made = study(ARM)
    text = write_resolved(made)
    path = tmp_path / "resolved.toml"
    path.write_text(text, encoding="utf-8")
    again, _ = read_study(path)
    assert write_resolved(again) == text
    assert again.arms == {
        name: arm.model_copy(update={"reference": name == "siloed", "rollout": arm.rollout or "all-at-once"})
        for name, arm in made.arms.items()
    }
    assert again.regime("part") == made.regime("part")


def test_each_part_of_a_term_makes_another_cell() -> None:
    digests = set()
    for old, new in (
        ("", ""), ("dose = 0.5", "dose = 0.6"), ('["DC15"]', '["ETH"]'), ("2020-04-01", "2020-05-01"),
        ('[["DC36", "ETH"]]', '[["DC36", "DC15"]]'),
    ):  # fmt: skip
        cells = lay_out(study(ARM.replace(old, new))).cells
        digests.add(next(c.digest for c in cells if c.arm == "part"))
    assert len(digests) == 5


def test_dropping_a_lever_drops_its_terms() -> None:
    made = study('[arms.found]\nregime = "district-hub-as-found"\ndrop = ["leadership"]\n')
    regime = made.regime("found")
    assert "leadership" not in regime.levers
    assert not any(t.lever == "leadership" for t in regime.terms)
    assert any(t.lever == "compacting" for t in regime.terms)
    assert regime.choices == preset("district-hub-as-found").choices
    assert made.choices("found")["district-hub.posts"] == 5


def test_an_arms_own_numbers_stand_over_its_regimes() -> None:
    made = study('[arms.found]\nregime = "district-hub-as-found"\nset = { "district-hub.posts" = 7 }\n')
    assert made.choices("found") == {"district-hub.posts": 7.0}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('lever = "district-hub"', 'lever = "district-hubb"', "unknown lever 'district-hubb'"),
        ('["DC15"]', '["DC155"]', "unknown space 'DC155'"),
        pytest.param("dose = 0.5", "dose = 1.5", "dose = 1.5"),
        pytest.param('lever = "imbizo"', "dose = 0.5", "lever' is missing"),
        ("dose = 0.5", "dosis = 0.5", "unknown key"),
        ('[["DC36", "ETH"]]', '[["DC36", "ETHH"]]', "unknown space 'ETHH'"),
        ('[["DC36", "ETH"]]', '[["DC36", "ETH"], ["ETH", "DC15"]]', "shares one hub only"),
        ('{ lever = "imbizo" }', '"district-hub"', "is there already"),
    ],
)
def test_a_faulty_term_is_named(old: str, new: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        study(ARM.replace(old, new))
    assert words in str(caught.value)


def test_a_terms_date_may_stand_in_quotes_as_others_may() -> None:
    assert study(ARM.replace("2020-04-01", '"2020-04-01"')).regime("part").terms[0].start == "2020-04-01"


def test_terms_and_shared_hubs_reach_the_model_through_a_study() -> None:
    made = study(ARM)
    scenario = Scenario(regime=made.regime("part"), scope=list(PILOTS), citizens=60, months=14)
    lived = IGRModel(scenario).run().world
    assert np.flatnonzero(lived.sharing == 2).tolist() == [
        lived.geography.spaces.index[c] for c in sorted(("DC36", "ETH"), key=lived.geography.spaces.index.__getitem__)
    ]
    assert {hub.code for hub in lived.hubs.values()} == {"DC15"}
    assert lived.hubs[lived.geography.spaces.index["DC15"]].opened == 12


def test_spaces_at_the_top_of_a_preset_are_those_of_all_its_levers() -> None:
    mechanism = preset("alignment-mechanism")
    spaces = load_geography().spaces
    metros = tuple(c for c, kind in zip(spaces.codes, spaces.kinds, strict=True) if kind == "metro")
    assert {term.lever for term in mechanism.terms} == set(mechanism.levers)
    for term in mechanism.terms:
        assert sorted(term.spaces) == sorted(metros)
        assert term.dose == 1
        assert not term.start
