"""A scenario goes to a link, a document, a study file and a command, and comes back the same."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igrsim.app.scenario import Arm, Decision, Ending, Scenario, read_document, read_link, scenario_of, write_study
from igrsim.kernel.errors import InputError
from igrsim.regimes.regime import preset
from igrsim.runs.session import comparison
from igrsim.runs.study import make_study, read_study, write_resolved

HUB_LEVER = next(name for name in preset("district-hub").levers if name != "imbizo")
SILOS, HUBS = Arm(name="siloed", regime="siloed"), Arm(name="district-hub", regime="district-hub")
RICH = Scenario(
    arms=(
        SILOS,
        Arm(
            name="hubs-later",
            regime="district-hub",
            rollout="poorest-first",
            set={"travel.fare_per_km": 1.1},
            add=(
                Decision(lever="forum-audit"),
                Decision(lever="agency-agreements", start=date(2020, 7, 1), dose=0.5, scope=("DC15",)),
            ),
            drop=(Ending(lever="imbizo"),),
        ),
    ),
    scope=("DC15", "ETH"),
    start=date(2020, 4, 1),
    months=24,
    citizens=500,
    worlds=3,
    futures=1,
    seed=7,
)


def _known_levers() -> Scenario:
    """The rich scenario with a lever that district hubs have, dropped."""
    hubs = RICH.arms[1].model_copy(update={"drop": (Ending(lever=preset("district-hub").levers[-1]),)})
    return RICH.model_copy(update={"arms": (SILOS, hubs)})


@pytest.mark.fast
@pytest.mark.parametrize("scenario", [Scenario(arms=(SILOS, HUBS)), _known_levers()])
def test_link_document_and_study_file_come_back_the_same(scenario: Scenario, tmp_path: Path) -> None:
    assert read_document(scenario.document()) == scenario
    assert read_link(scenario.link()) == scenario
    assert read_link(f"{scenario.link()}&metric=meeting_hours&month=3") == scenario
    study, _ = read_study(write_study(scenario, tmp_path))
    assert scenario_of(study) == scenario
    assert study.resolved() == scenario.study().resolved()


def test_a_plain_scenario_is_the_study_that_its_command_runs() -> None:
    scenario = Scenario(arms=(SILOS, HUBS), scope="province:Western Cape", months=12, worlds=3, futures=2)
    assert "--scope 'province:Western Cape'" in scenario.command()
    same = comparison(
        ["siloed", "district-hub"], scope="province:Western Cape", months=12, worlds=3, futures=2, citizens=2000
    )
    assert scenario.study().resolved() == same.resolved()


def test_a_scenario_with_decisions_is_run_from_its_study_file() -> None:
    assert _known_levers().command() == "igrsim run scenario.toml"


LEVERS = st.sampled_from(preset("district-hub").levers)
MONTHS_ON = st.integers(1, 23).map(lambda month: date(2020 + (month + 3) // 12, (month + 3) % 12 + 1, 1))
SHARES = st.integers(0, 100).map(lambda share: share / 100)


@st.composite
def decided(draw: Any) -> Scenario:
    """Any levers of district hubs ended, or at another dose, from any month; others added; means as numbers or by year."""
    drop: list[Ending] = []
    add: list[Decision] = []
    for lever in draw(st.lists(LEVERS, max_size=4, unique=True)):
        start, scope = draw(st.none() | MONTHS_ON), draw(st.sampled_from([(), ("DC15",), ("DC15", "ETH")]))
        drop.append(Ending(lever=lever, start=start, scope=scope))
        if start and draw(st.booleans()):
            add.append(Decision(lever=lever, start=start, dose=draw(SHARES), scope=scope))
    if draw(st.booleans()):
        add.append(Decision(lever="agency-agreements", start=draw(st.none() | MONTHS_ON), dose=draw(SHARES)))
    money = draw(st.sampled_from([None, 900.0, {"2019/20": 800.0, "2021/22": 900.0}]))
    specialists = draw(st.sampled_from([None, 700.0, {"pool": 600.0, "trained": 40.0}]))
    arm = Arm(
        name=draw(st.sampled_from(["hubs", "district-hub"])),
        regime="district-hub",
        rollout=draw(st.sampled_from([None, "poorest-first"])),
        add=tuple(add),
        drop=tuple(drop),
        money=money,
        specialists=specialists,
    )
    return RICH.model_copy(update={"arms": (SILOS, arm), "seed": draw(st.integers(0, 2**62))})


@settings(max_examples=30, deadline=None)
@given(scenario=decided())
def test_any_scenario_comes_back_from_its_study_file_and_its_link(scenario: Scenario) -> None:
    study = make_study(tomllib.loads(scenario.toml()))
    assert scenario_of(study) == scenario
    assert scenario_of(make_study(tomllib.loads(write_resolved(study)))).study().resolved() == study.resolved()
    assert read_link(scenario.link()) == scenario


@settings(max_examples=40)
@given(
    name=st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,63}", fullmatch=True).filter(lambda text: text != "siloed"),
    months=st.integers(1, 600),
    dose=st.floats(0, 1),
    seed=st.integers(0, 2**62),
)
def test_any_scenario_survives_its_link(name: str, months: int, dose: float, seed: int) -> None:
    arm = Arm(name=name, regime="district-hub", add=(Decision(lever="forum-audit", dose=dose),))
    scenario = Scenario(arms=(SILOS, arm), months=months, seed=seed)
    assert read_link(scenario.link()) == scenario


def test_a_lever_that_ends_stands_in_the_document_as_in_a_study_file() -> None:
    drop = [HUB_LEVER, {"lever": "imbizo", "from": "2020-04-01"}]
    document = {"version": 1, "arms": [{"name": "siloed", "regime": "siloed"},
                {"name": "hubs", "regime": "district-hub", "drop": drop}]}  # fmt: skip
    scenario = read_document(document)
    assert scenario.document() == document
    assert scenario.as_study()["arms"]["hubs"]["drop"] == drop


@pytest.mark.parametrize("arms", [1, 9])
def test_one_arm_or_many_are_no_scenario(arms: int) -> None:
    data = Scenario(arms=(SILOS, HUBS)).as_study()
    data["arms"] = {f"arm-{n}": {"regime": "siloed"} for n in range(arms)}
    with pytest.raises(InputError) as refused:
        scenario_of(make_study(data))
    assert refused.value.code == "E384"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"version": 2}, "E382"),
        ({"months": 0}, "E381"),
        ({"months": "twelve"}, "E381"),
        ({"month": 12}, "E381"),
        ({"arms": [{"name": "<b>", "regime": "siloed"}] * 2}, "E381"),
        ({"arms": [{"name": "siloed", "regime": "siloed"}]}, "E381"),
        ({"arms": [{"name": "a", "regime": "siloed", "set": {"x": float("nan")}}] * 2}, "E381"),
    ],
)
def test_a_document_that_is_none_is_refused_in_a_line(change: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as refused:
        read_document(Scenario(arms=(SILOS, HUBS)).document() | change).study()
    assert refused.value.code == code
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "x", "äöü", "eyJ9", "[" * 100_000])
def test_a_damaged_link_is_refused_in_a_line(text: str) -> None:
    with pytest.raises(InputError) as refused:
        read_link(text)
    assert refused.value.code in ("E381", "E382", "E383")


def test_a_misspelt_regime_is_refused_with_the_nearest_spelling() -> None:
    with pytest.raises(InputError, match="district-hub"):
        Scenario(arms=(SILOS, Arm(name="x", regime="district-hubb"))).study()


def test_a_study_that_says_more_than_a_scenario_holds_is_no_scenario() -> None:
    data = Scenario(arms=(SILOS, HUBS)).as_study()
    with pytest.raises(InputError, match="rivals"):
        scenario_of(make_study(data | {"rivals": {"planners": ["garbage-can"]}}))
