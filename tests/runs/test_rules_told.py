"""Which lever set which rule: every rule told, in silos before the first lever and after it in force."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from igrsim.model import IGRModel
from igrsim.results.results import Results
from igrsim.runs.layout import lay_out
from igrsim.runs.rules_told import everywhere_told, rules_told, trail
from igrsim.runs.study import read_study
from igrsim.world.ruling import SILOS, Ruling
from small_study import Said, igrsim, no_traceback, without_report, write

STUDY = """\
title = "<b>Two</b> spaces"
[world]
scope = ["DC15", "DC44"]
months = 8
citizens = 40
[arms.siloed]
regime = "siloed"
[arms.hub]
regime = "district-hub-core"
rollout = "ROLLOUT"
set = { "district-hub.posts" = 7, "district-hub.retire" = 0.25 }
[futures]
method = "none"
n = 1
[replication]
worlds = 1
[runtime]
workers = 1
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Said:
    """A study in which one space starts in its fifth month and the other never."""
    patch = pytest.MonkeyPatch()
    without_report(patch)
    folder = tmp_path_factory.mktemp("finished")
    rollout = write(folder, "space,start\nDC15,2019-08-01\n", "rollout.csv")
    said = igrsim("run", write(folder, STUDY.replace("ROLLOUT", str(rollout))), "--out", folder / "out")
    patch.undo()
    assert said.code == 0, said.err
    return said


def test_every_rule_is_told_as_the_model_has_it(finished: Said) -> None:
    results = Results(finished.folder)
    study = read_study(finished.folder / "resolved.toml")[0]
    for arm in results.arms:
        spec = next(cell.spec for cell in lay_out(study).cells if cell.arm == arm)
        model = IGRModel(spec.scenario(), seed=spec.seed, replication=spec.world)
        for month in ("2019-04", "2019-05", "2019-06", "2019-07", "2019-08", "2019-09"):
            model.step()
            for index, space in enumerate(("DC15", "DC44")):
                told = rules_told(results, arm, space, month)
                assert [rule.rule for rule in told] == [f.name for f in fields(Ruling)]
                assert {rule.rule: rule.value for rule in told} == vars(model.world.rules[index])
                assert all(bool(rule.settings) == (rule.value != rule.silo) for rule in told)


def test_before_the_first_lever_all_is_as_in_silos(finished: Said) -> None:
    results = Results(finished.folder)
    for arm, space, month in (("hub", "DC15", "2019-07"), ("hub", "DC44", "2019-11"), ("siloed", "DC15", "2019-11")):
        for rule in rules_told(results, arm, space, month):
            assert rule.settings == ()
            assert rule.value == rule.silo == getattr(SILOS, rule.rule)
            assert rule.words.endswith("as in silos.")


def test_a_lever_is_told_with_its_choices_dose_and_source(finished: Said) -> None:
    posts = next(r for r in rules_told(Results(finished.folder), "hub", "DC15", "2019-11") if r.rule == "hub_posts")
    (setting,) = posts.settings
    assert (setting.lever, setting.dose, setting.since, setting.before, setting.after) == (
        "district-hub",
        1,
        "2019-08",
        0,
        7,
    )
    assert setting.choices == {"district-hub.posts": 7, "district-hub.retire": 0.25}
    assert setting.sources["s3-ddm-lessons"]
    assert "district-hub at full dose takes it from 0 to 7, since 2019-08" in posts.words


def test_a_lever_that_ceased_is_not_told(finished: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = Results(finished.folder)
    entries = [
        ("2019-05", "one-plan", 0.5, "one_plan", 0.0, 0.5),
        ("2019-06", "one-plan", 1.0, "one_plan", 0.0, 1.0),
        ("2019-07", "one-plan", 0.0, "one_plan", 0.0, 0.0),
        ("2019-09", "one-plan", 0.2, "one_plan", 0.0, 0.2),
        ("2019-09", "made-up", 1.0, "forgotten_rule", 0.0, 3.0),
    ]
    found = pd.DataFrame(entries, columns=["month", "lever", "dose", "field", "before", "after"])
    monkeypatch.setattr("igrsim.runs.rules_told.trail", lambda _: found.assign(arm="hub", space="DC15"))

    def plan(month: str) -> tuple[float, list[tuple[str, str]]]:
        rule = next(r for r in rules_told(results, "hub", "DC15", month) if r.rule == "one_plan")
        return rule.value, [(s.since, s.last) for s in rule.settings]

    assert plan("2019-04") == (0.0, [])
    assert plan("2019-06") == (1.0, [("2019-05", "2019-06")])
    assert plan("2019-08") == (0.0, [])
    assert plan("2019-09") == (0.2, [("2019-09", "2019-09")])
    old = next(r for r in rules_told(results, "hub", "DC15", "2019-09") if r.rule == "forgotten_rule")
    assert (old.value, old.meaning, old.settings[0].summary) == (3.0, "", "")


def test_rules_on_the_command_line_and_as_a_page(finished: Said, tmp_path: Path) -> None:
    asked = ("explain", finished.folder, "--space", "DC15", "--month", "2019-09")
    rows = igrsim(*asked, "--arm", "hub", "--format", "json").table()
    assert {row["rule"] for row in rows} == {f.name for f in fields(Ruling)}
    assert {row["arm"] for row in rows} == {"hub"}
    assert all(row["meaning"] and row["words"] for row in rows)
    said = igrsim(*asked, "--out", tmp_path / "pages")
    assert said.code == 0, said.err
    assert "channels retired is 0.25, in silos 0" in said.err
    text = (tmp_path / "pages" / "rules-DC15-2019-09.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;Two&lt;/b&gt; spaces" in text
    assert "<b>Two" not in text
    assert not re.search(r"https?:|@import|<link|\bsrc=", text)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--arm", "hubs"), "did you mean 'hub'"),
        (("--space", "DC16"), "did you mean 'DC15'"),
        (("--space", "Alfred Nzo"), "did you mean 'DC44'"),
        (("--month", "2020-01"), "outside the study, which runs from 2019-04 to 2019-11"),
        (("--page", "a.html"), "--space and --month are needed"),
    ],
)
def test_refusals_in_one_line(finished: Said, options: tuple[str, ...], words: str) -> None:
    said = igrsim("explain", finished.folder, *options)
    no_traceback(said, 2)
    assert words in said.err


def test_a_rule_is_told_once_for_all_spaces(finished: Said) -> None:
    found = trail(Results(finished.folder))
    told = everywhere_told(found, "hub")
    assert told["hub_posts"].words == (
        "hub posts is 7, in silos 0: district-hub at full dose takes it from 0 to 7, since 2019-08, in 1 space."
    )
    assert everywhere_told(found, "siloed") == {}
    later = found.assign(space="DC44", month="2019-10")
    later["after"] = later["after"].where(later["field"] != "hub_posts", 5.0)
    words = everywhere_told(pd.concat([found, later]), "hub")["hub_posts"].words
    assert words == (
        "hub posts is 5 to 7, in silos 0: district-hub at full dose takes it from 0 to 5 to 7, since 2019-08, "
        "in the last of 2 spaces since 2019-10."
    )
    # a lever that changes a rule no longer has done so
    over = later.assign(after=later["before"], month="2019-11")
    words = everywhere_told(pd.concat([found, later, over]), "hub")["hub_posts"].words
    assert words == (
        "hub posts is 0 to 7, in silos 0: district-hub took it from 0 to 5, from 2019-10 to before 2019-11, in 1 space; "
        "district-hub at full dose takes it from 0 to 7, since 2019-08, in 1 space."
    )
