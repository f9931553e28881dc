"""Studies that take over from others, and cells that are left out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from igrsim.kernel.errors import InputError
from igrsim.results.results import Results
from igrsim.runs.layout import lay_out
from igrsim.runs.study import Study, read_study, write_resolved
from small_study import STUDY, igrsim, no_traceback, tables, without_report, write

pytestmark = pytest.mark.fast

BASE = STUDY.replace("n = 2", 'n = 4\nvary = ["travel.fare_per_km", "trust.initial"]').replace(
    "worlds = 2", "worlds = 4"
)


def written(folder: Path, child: str, base: str = BASE) -> Study:
    write(folder, base, "base.toml")
    return read_study(write(folder, child))[0]


def refused(folder: Path, child: str, base: str = BASE) -> str:
    write(folder, base, "base.toml")
    said = igrsim("check", write(folder, child))
    no_traceback(said, 2)
    return said.err.replace(f"{folder}/", "")


def same_when_run_again(folder: Path, study: Study) -> str:
    text = write_resolved(study)
    again, _ = read_study(write(folder, text, "resolved.toml"))
    assert write_resolved(again) == text
    assert [cell.digest for cell in lay_out(again).cells] == [cell.digest for cell in lay_out(study).cells]
    return text


def test_a_study_takes_over_table_by_table(tmp_path: Path) -> None:
    study = written(
        tmp_path, 'extends = "base.toml"\ntitle = "Mine"\n[world]\nmonths = 2\n[arms.more]\nregime = "one-stop"\n'
    )
    assert (study.title, study.world.months, study.world.citizens) == ("Mine", 2, 60)
    assert list(study.arms) == ["siloed", "hub", "more"]
    assert study.futures.n == 4
    assert "extends" not in same_when_run_again(tmp_path, study)


def test_lists_are_replaced_not_joined(tmp_path: Path) -> None:
    study = written(tmp_path, 'extends = "base.toml"\n[futures]\nvary = ["trust.initial"]\n')
    assert study.futures.vary == ["trust.initial"]


def test_another_method_leaves_the_keys_of_the_first_behind(tmp_path: Path) -> None:
    study = written(tmp_path, 'extends = "base.toml"\n[futures]\nmethod = "grid"\nvalues.trust.initial = [0.4, 0.5]\n')
    assert study.futures.values == {"trust.initial": [0.4, 0.5]}
    same_when_run_again(tmp_path, study)


def test_a_chain_of_files_in_other_folders(tmp_path: Path) -> None:
    write(tmp_path / "deep", 'extends = "../base.toml"\n[world]\nmonths = 5\n', "middle.toml")
    study = written(tmp_path, 'extends = "deep/middle.toml"\n[world]\ncitizens = 70\n')
    assert (study.world.months, study.world.citizens) == (5, 70)


@pytest.mark.parametrize(
    ("child", "words"),
    [
        ('extends = "base.toml"\n[wrld]\n', "study.toml:2:2: error E140: unknown key 'wrld' (did you mean 'world'?)"),
        ('extends = "base.toml"\n[arms.hub]\nregime = "hubs"\n', "study.toml:3:10: error E117: unknown regime 'hubs'"),
        ('extends = "base.toml"\n[world]\nmonths = 700\n', "study.toml:3:10: error E142"),
        ('extends = "study.toml"\n', "study.toml:1:11: error E221: extends goes in a circle: study.toml -> study.toml"),
        ('extends = "bse.toml"\n', "study.toml:1:11: error E220: extends = 'bse.toml': there is no such file beside this one (did you mean 'base.toml'?)"),
        ('extends = ["base.toml"]\n', "study.toml:1:11: error E220: extends = ['base.toml']: the name of one study file is needed"),
        ('extends = "."\n', "study.toml:1:11: error E220: extends = '.': there is no such file"),
        ('extends = "a\\u0000b"\n', "study.toml:1:11: error E220"),
    ],
)  # fmt: skip
def test_faults_are_told_where_they_stand(tmp_path: Path, child: str, words: str) -> None:
    assert refused(tmp_path, child).startswith(words)


def test_a_fault_of_the_base_is_told_in_the_base(tmp_path: Path) -> None:
    base = BASE.replace("months = 3", "mnths = 3")
    assert refused(tmp_path, 'extends = "base.toml"\n', base).startswith(
        "base.toml:4:1: error E140: unknown key 'world.mnths'"
    )
    assert refused(tmp_path, 'extends = "base.toml"\n', "a = [").startswith("base.toml: error E134: is no TOML")
    assert "study.toml -> base.toml -> study.toml" in refused(
        tmp_path, 'extends = "base.toml"\n', 'extends = "study.toml"\n' + BASE
    )


HUB = '[arms.hub]\nregime = "district-hub-core"\nset = { district-hub.posts = 3, district-hub.retire = 0.5 }\n'
HUB += 'add = ["imbizo", { lever = "bursary-scheme", dose = 0.5 }]\ndrop = ["district-profile"]\nreference = true\n'
ARMS = STUDY.replace('[arms.hub]\nregime = "district-hub-core"\n', HUB)


def test_an_arm_takes_over_from_another(tmp_path: Path) -> None:
    thin = '[arms.thin]\nextends = "hub"\nset = { district-hub.posts = 2 }\nadd = ["district-profile", "leadership"]\ndrop = ["imbizo"]\n'
    thinner = '[arms.thinner]\nextends = "thin"\nrollout = "ddm-2019-plan"\nadd = [{ lever = "bursary-scheme", dose = 0.25 }]\n'
    study = read_study(write(tmp_path, thinner + thin + ARMS.replace('title = "Two towns"\n', "")), ["title=x"])[0]
    one, other, base = (study.arms[name] for name in ("thin", "thinner", "hub"))
    assert (one.regime, one.rollout, one.reference) == ("district-hub-core", "all-at-once", False)
    assert one.set == {"district-hub.posts": 2, "district-hub.retire": 0.5}
    # what it adds is no longer dropped, what it drops is no longer added
    assert sorted(one.added) == ["bursary-scheme", "leadership"]
    assert one.drop == []
    assert set(study.regime("thin").levers) == (
        set(study.regime("hub").levers) | {"district-profile", "leadership"}
    ) - {"imbizo"}
    assert (other.rollout, other.added.count("bursary-scheme")) == ("ddm-2019-plan", 1)
    assert next(t.dose for t in study.regime("thinner").terms) == 0.25
    assert base.reference
    same_when_run_again(tmp_path, study)


@pytest.mark.parametrize(
    ("arm", "words"),
    [
        ('extends = "hbu"', "1:11: error E222: unknown arm 'hbu' (did you mean 'hub'?)"),
        ('extends = "thin"', "1:11: error E221: arms extend each other in a circle: thin -> thin"),
        ("extends = 3", "1:11: error E222: arms.thin.extends = 3: the name of one arm is needed"),
        ('extends = "hub"\nset = { district-hub.posts = 99 }', "2:30: error E202: district-hub.posts = 99 posts is outside"),
        ('extends = "hub"\ndrop = ["leadership"]', "2:9: error E150: lever 'leadership' is not in regime"),
        ('extends = "hub"\nadd = ["leadership", "one-plam"]', "2:22: error E149: unknown lever 'one-plam'"),
    ],
)  # fmt: skip
def test_a_wrong_arm_that_extends(tmp_path: Path, arm: str, words: str) -> None:
    text = f"{STUDY}\n[arms.thin]\n{arm}\n"
    said = igrsim("check", write(tmp_path, text))
    no_traceback(said, 2)
    below, _, rest = words.partition(":")
    line = text.splitlines().index("[arms.thin]") + 1 + int(below)
    assert said.err.startswith(f"{tmp_path}/study.toml:{line}:{rest}"), said.err


FEW = 'extends = "base.toml"\n[[exclude]]\n'


def test_cells_are_left_out_where_a_condition_holds(tmp_path: Path) -> None:
    study = written(tmp_path, f'{FEW}arms = ["hub"]\nwhen = "travel.fare_per_km > 1"\n')
    plan = lay_out(study)
    high = {number for number, future in enumerate(plan.futures) if future["travel.fare_per_km"] > 1}
    assert 0 < len(high) < 4
    assert {cell.future for cell in plan.cells if cell.arm == "siloed"} == {0, 1, 2, 3}
    assert {cell.future for cell in plan.cells if cell.arm == "hub"} == {0, 1, 2, 3} - high
    assert [cell.ordinal for cell in plan.cells] == list(range(8 - len(high)))
    assert plan.excluded == len(high)
    same_when_run_again(tmp_path, study)
    said = igrsim("check", tmp_path / "study.toml")
    assert said.code == 0
    assert f"8 cells, less {len(high)} left out" in said.err


def test_without_arms_futures_are_left_out_of_every_arm(tmp_path: Path) -> None:
    plan = lay_out(written(tmp_path, f'{FEW}when = "travel.fare_per_km > 1"\n'))
    assert len({(cell.future, cell.world) for cell in plan.cells}) * 2 == len(plan.cells) == 8 - plan.excluded
    assert all(plan.futures[cell.future]["travel.fare_per_km"] <= 1 for cell in plan.cells)


def test_an_arms_own_value_counts(tmp_path: Path) -> None:
    own = "[arms.hub.set]\ntravel.fare_per_km = 1.4\n[arms.more]\nextends = 'hub'\nset.travel.fare_per_km = 0.7\n"
    study = written(tmp_path, f'{FEW}arms = ["more"]\nwhen = "travel.fare_per_km > 1"\n{own}')
    assert lay_out(study).excluded == 0
    assert "nothing is left of arm 'hub'" in refused(
        tmp_path, f'{FEW}arms = ["hub"]\nwhen = "travel.fare_per_km > 1"\n{own}'
    )


def test_an_arm_taken_over_can_be_left_out(tmp_path: Path) -> None:
    study = written(tmp_path, f'{FEW}arms = ["hub"]\n[arms.more]\nextends = "hub"\nadd = ["imbizo"]\n')
    assert list(study.arms) == ["siloed", "more"]
    assert "exclude" not in same_when_run_again(tmp_path, study)


def test_a_condition_that_never_holds_is_said(tmp_path: Path) -> None:
    written(tmp_path, f'{FEW}when = "trust.initial > 2"\n')
    said = igrsim("check", tmp_path / "study.toml")
    assert said.code == 0
    assert "leaves nothing out: it holds in none of 4 futures" in said.err


@pytest.mark.parametrize(
    ("child", "words"),
    [
        (FEW, "study.toml:2:3: error E224: [[exclude]] needs arms"),
        (f'{FEW}arms = ["hbu"]\n', "study.toml:3:9: error E223: unknown arm 'hbu' (did you mean 'hub'?)"),
        (f'{FEW}arms = ["hub", "siloed"]\n', "study.toml:3:16: error E224: 'siloed' is the reference"),
        (f'{FEW}when = "trust.initial > 0"\n', "study.toml:2:3: error E224: nothing is left of arm 'siloed'"),
        (f'{FEW}when = "trust.initil > 2"\n', "study.toml:3:9: error E211: 'trust.initil > 2', column 1: unknown name 'trust.initil' (did you mean 'trust.initial'?)"),
        (f'{FEW}when = "1 < trust.initil"\n', "study.toml:3:13: error E211"),
        (f'{FEW}when = "trust.initial"\n', "study.toml:3:9: error E210"),
        (f'{FEW}whn = "trust.initial > 2"\n', "study.toml:3:1: error E140: unknown key 'exclude.0.whn' (did you mean 'when'?)"),
        (f'{FEW}when = 3\n', "study.toml:3:8: error E142: exclude.0.when = 3"),
        (f'{FEW}when = "trust.initial > 2"\n[futures]\nmethod = "none"\n', "study.toml:3:8: error E224: there are no futures"),
        (f'{FEW}when = "trust.initial > 2"\n[futures]\nmethod = "sobol"\nn = 4\n', "study.toml:3:8: error E224: futures of method 'sobol'"),
    ],
)  # fmt: skip
def test_a_wrong_exclusion_is_told(tmp_path: Path, child: str, words: str) -> None:
    assert refused(tmp_path, child).startswith(words)


def test_an_exclusion_outside_a_file_is_refused_too() -> None:
    from igrsim.runs.study import make_study

    with pytest.raises(InputError, match="extends stands in a study file"):
        make_study({"title": "x", "extends": "y", "arms": {"siloed": {"regime": "siloed"}}})


def test_what_was_left_out_is_counted_and_left_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_report(monkeypatch)
    grid = 'method = "grid"\nvalues.travel.fare_per_km = [0.8, 1.2]'
    written(
        tmp_path,
        f'{FEW}arms = ["hub"]\nwhen = "travel.fare_per_km > 1"\n[futures]\n{grid}\n[replication]\nworlds = 1\n',
    )
    first = igrsim("run", tmp_path / "study.toml", "--out", tmp_path / "out")
    assert first.code == 0, first.err
    manifest = Results(first.folder).manifest
    assert (manifest["excluded"], manifest["cells"]) == (1, 3)
    again = igrsim("run", first.folder / "resolved.toml", "--out", tmp_path / "again")
    assert again.folder.name == first.folder.name
    one, other = tables(first.folder), tables(again.folder)
    for differs in ("study.toml", "manifest.json", "ro-crate-metadata.json"):
        one.pop(differs, None)
        other.pop(differs, None)
    assert one == other
    told = igrsim("plan", tmp_path / "study.toml", "--format", "json").table()
    assert "less 1 left out" in told[0]["value"]


HEAVY = ("pandas", "numba", "mesa", "matplotlib", "scipy", "SALib", "pyarrow")


def test_a_plain_study_is_checked_without_what_takes_long_to_import(tmp_path: Path) -> None:
    write(tmp_path, BASE, "base.toml")
    file = write(tmp_path, f'{FEW}when = "travel.fare_per_km > 1"\n')
    asked = f"import sys; from igrsim.cli import main; code = main(['check', {str(file)!r}]); print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, timeout=60, encoding="utf-8", check=True)
    assert "less 4 left out" in done.stderr
    assert done.stdout.strip() == "[]"
