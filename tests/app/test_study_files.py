"""A visitor's study file: read as the command line reads it, told what is wrong in the same words, and no file of ours opened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from igrsim.app.api import Bounds
from igrsim.app.scenario import Arm, Decision, Ending, Scenario, read_document
from igrsim.app.study_files import answer_study, read_study_text
from igrsim.kernel.errors import InputError
from igrsim.runs.study import read_study

HUBS = Arm(name="hubs", regime="district-hub", drop=(Ending(lever="one-plan", start="2020-04-01"),),
           add=(Decision(lever="one-plan", start="2020-04-01", dose=0.5),), money=900.0)  # fmt: skip
SCENARIO = Scenario(
    arms=(Arm(name="siloed", regime="siloed"), HUBS, Arm(name="one-stop", regime="one-stop")), months=24
)


def answer(text: str, name: str = "mine.toml", **bounds: Any) -> dict[str, Any]:
    return answer_study(json.dumps({"name": name, "text": text}).encode(), Bounds(**bounds))


def test_what_the_page_saved_it_opens_again() -> None:
    assert answer(SCENARIO.toml()) == {"scenario": SCENARIO.document(), "lowered": []}
    assert answer("\ufeff" + SCENARIO.toml())["scenario"] == SCENARIO.document()


def test_what_the_page_does_not_compute_is_lowered_and_said() -> None:
    found = answer(SCENARIO.toml(), citizens=500, worlds=4)
    scenario = read_document(found["scenario"])
    assert (scenario.citizens, scenario.worlds, scenario.months) == (500, 4, 24)
    assert found["lowered"] == ["citizens 2000, here 500", "worlds 8, here 4"]
    with pytest.raises(InputError, match="E248"):
        answer(SCENARIO.toml(), months=12)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("months = 24", "mnths = 24"),
        ('"one-plan", from', '"one-plam", from'),
        ("dose = 0.5", "dose = 50"),
        ('scope = "pilots"', 'scope = "pilot"'),
        ("2020-04-01", "2018-04-01"),
        ('regime = "siloed"', "regime = siloed"),
    ],
)
def test_what_is_wrong_is_said_as_the_command_line_says_it(
    old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = SCENARIO.toml().replace(old, new)
    assert text != SCENARIO.toml()
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(text, encoding="utf-8")
    from igrsim.runs.study.checking import check_places

    with pytest.raises(InputError) as theirs:
        check_places(read_study(Path("mine.toml"))[0])
    with pytest.raises(InputError) as ours:
        answer(text)
    assert str(ours.value) == str(theirs.value)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("[world]", 'extends = "/etc/hostname"\n[world]', "mine.toml:3:"),
        ("[world]", '[world]\npoints = "/etc/hostname"', "mine.toml:4:"),
        ("[world]", '[world]\nforums = "../forums.csv"', "mine.toml:4:"),
        ("[world]", '[world]\ncalibration = "/etc/hostname"', "mine.toml:4:"),
        ("[futures]", '[futures]\nmethod = "table"\ntable = "/etc/hostname"', "mine.toml:"),
        ('regime = "one-stop"', 'regime = "one-stop"\nrollout = "/etc/hostname.csv"', "mine.toml:"),
        ('regime = "one-stop"', 'regime = "one-stop"\nrollout = "poorest-frist"', "did you mean 'poorest-first'"),
        ('regime = "one-stop"', 'regime = "one-stop"\nrollout = "a\\nb"', "mine.toml:"),
    ],
)
def test_no_file_of_this_machine_is_opened(old: str, new: str, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = SCENARIO.toml().replace(old, new)

    def opened(*given: Any, **named: Any) -> None:
        raise AssertionError(f"opened {given}")

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(InputError) as refused:
        answer(text)
    assert refused.value.code == "E419"
    assert where in str(refused.value)
    assert "\n" not in str(refused.value)


def test_dates_written_out_come_back_from_their_study_file() -> None:
    arm = SCENARIO.arms[-1].model_copy(update={"rollout": "2019-04: DC15; 2020-04: BUF"})
    written = SCENARIO.model_copy(update={"arms": (*SCENARIO.arms[:-1], arm)})
    assert read_study_text(written.toml(), "mine.toml") == written


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ('[[event]]\nkind = "budget-shock"\ndate = 2019-05-01\nshare = -0.1\n', "E384"),
        ("".join(f"[arms.a{n}]\nregime = 'siloed'\n" for n in range(9)), "E384"),
        ("x = 1\n[", "E134"),
    ],
)
def test_what_no_scenario_holds_is_refused_with_the_name_of_the_file(change: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        answer(SCENARIO.toml() + change)
    assert refused.value.code == code
    assert str(refused.value).startswith("mine.toml")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"name": "x"}', b'{"name": 1, "text": "x"}', b"[" * 60_000])
def test_a_request_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(InputError) as refused:
        answer_study(body, Bounds())
    assert refused.value.code == "E418"


def test_an_empty_file_and_a_name_with_line_ends_are_told_in_one_line() -> None:
    for text, name in (("", "a.toml"), ("x = ", "a\n<b>\x1b[31m.toml" * 40)):
        with pytest.raises(InputError) as refused:
            answer(text, name)
        assert "\n" not in str(refused.value)
        assert "\x1b" not in str(refused.value)
        assert len(str(refused.value)) < 250
