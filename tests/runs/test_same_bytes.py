"""The same study gives the same bytes, however, wherever and in however many processes it is computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from igrsim.results.results import Results
from small_study import STUDY, Said, igrsim, shell, tables, write

HUB = 'rollout = "all-at-once"'


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Said:
    """The study in one process."""
    folder = tmp_path_factory.mktemp("plain")
    said = igrsim("run", write(folder), "--out", folder / "out")
    assert said.code == 0, said.err
    return said


def same(one: Said, other: Said, figures: bool = False) -> bool:
    """Whether two runs wrote the same, besides what tells where the study file stood."""

    def told(said: Said) -> dict[str, str]:
        aside = ("manifest.json", "report.html", "study.toml", "ro-crate-metadata.json")
        found = tables(said.folder)
        return {n: text for n, text in found.items() if n not in aside and (figures or not n.startswith("figures"))}

    assert told(one) == told(other)
    return len(told(one)) > (30 if figures else 15)


@pytest.mark.parametrize("workers", [2, 4])
def test_any_number_of_workers(tmp_path: Path, plain: Said, quick: None, workers: int) -> None:
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out", "--workers", workers)
    assert said.folder.name == plain.folder.name
    assert same(said, plain)


def test_any_order_of_python_sets(tmp_path: Path, plain: Said) -> None:
    said = shell("run", write(tmp_path), "--out", tmp_path / "out", PYTHONHASHSEED="77")
    assert said.code == 0, said.err
    assert same(said, plain, figures=True)


def test_the_resolved_study_run_again(tmp_path: Path, plain: Said, quick: None) -> None:
    resolved = write(tmp_path, (plain.folder / "resolved.toml").read_text(encoding="utf-8"))
    said = igrsim("run", resolved, "--out", tmp_path / "out", "--workers", 1)
    assert said.folder.name == plain.folder.name
    assert same(said, plain)
    assert (said.folder / "study.toml").read_bytes() == (plain.folder / "resolved.toml").read_bytes()


def test_run_twice_computes_nothing_and_writes_the_same(plain: Said) -> None:
    before = tables(plain.folder)
    study = plain.folder.parents[1] / "study.toml"
    said = igrsim("run", study, "--out", plain.folder.parent)
    assert Results(said.folder).manifest["run"]["computed"] == 0
    assert tables(said.folder) == before


def test_adding_worlds_or_an_arm_computes_only_what_is_new(tmp_path: Path, quick: None) -> None:
    study, out = write(tmp_path), tmp_path / "out"
    first = igrsim("run", study, "--out", out)
    more = igrsim("run", study, "--out", out, "-s", "replication.worlds=3")
    assert Results(more.folder).manifest["run"]["computed"] == 2
    assert more.folder != first.folder
    small, large = Results(first.folder).runs, Results(more.folder).runs
    keys = ["arm", "future", "world"]
    same = large.merge(small[keys], on=keys).drop(columns="cell")
    assert same.equals(small.drop(columns="cell"))
    arm = igrsim("run", study, "--out", out, "-s", "arms.third.regime=siloed", "-s", "arms.third.add=['one-plan']")
    assert Results(arm.folder).manifest["run"]["computed"] == 2


def test_arms_are_identical_before_the_first_wave(tmp_path: Path, quick: None) -> None:
    (tmp_path / "waves.csv").write_text("space,start\nTT,2019-06-15\n", encoding="utf-8")
    text = STUDY.replace(HUB, f"rollout = '{tmp_path / 'waves.csv'}'").replace("months = 3", "months = 5")
    said = igrsim("run", write(tmp_path, text), "--out", tmp_path / "out")
    assert said.code == 0, said.err
    results = Results(said.folder)
    (check,) = results.checks().to_dict("records")
    assert check == {
        "name": "hub equals siloed before the first wave (2 months)", "expected": "largest difference 0", "found": 0,
        "passed": True,
    }  # fmt: skip
    arms = {
        arm: frame.drop(columns=["cell", "arm"]).reset_index(drop=True) for arm, frame in results.monthly.groupby("arm")
    }
    for month in ("2019-04", "2019-05"):
        early = [arm[arm.month == month] for arm in arms.values()]
        assert early[0].equals(early[1])
    late = [arm[arm.month == "2019-06"] for arm in arms.values()]
    assert not late[0].equals(late[1])
    assert results.manifest["first_wave"] == {"siloed": None, "hub": "2019-06"}


def test_a_path_with_spaces_and_letters_of_all_kinds(tmp_path: Path, plain: Said) -> None:
    folder = tmp_path / "Tshwane \u0161\u00eb \u5357 'a' & b"
    said = igrsim("run", write(folder, name="my study.toml"), "--out", folder / "r\u00e9sults", "--workers", 2)
    assert said.code == 0, said.err
    assert same(said, plain)
    assert igrsim("report", said.folder).code == 0


def test_another_seed_is_another_study(tmp_path: Path, plain: Said, quick: None) -> None:
    said = igrsim("run", write(tmp_path), "--out", tmp_path / "out", "-s", "replication.seed=1")
    assert not Results(said.folder).runs.equals(Results(plain.folder).runs)


def test_every_column_is_explained(plain: Said) -> None:
    import pandas as pd

    about = pd.read_csv(plain.folder / "columns.csv", keep_default_na=False)
    known = set(about.name)
    results = Results(plain.folder)
    params = {p["name"] for p in results.manifest["params"]}
    for name in ("monthly", "national", "spaces", "runs", "people", "municipalities", "ledger", "design"):
        unknown = set(getattr(results, name).columns) - known - params
        assert not unknown, name
    assert set(results.effects().columns) <= known
    assert (about.meaning.str.len() > 0).all()


def test_the_manifest_vouches_for_every_table(plain: Said) -> None:
    import hashlib

    results = Results(plain.folder)
    files = results.manifest["files"]
    assert {f"{t}.parquet" for t in ("monthly", "runs", "design", "people", "ledger")} | {"effects.csv"} <= set(files)
    for name, digest in files.items():
        assert hashlib.sha256((plain.folder / name).read_bytes()).hexdigest() == digest
    assert results.manifest["cells"] == 4
    assert results.manifest["reproduce"]["seed"] == 20190821
