"""Shards merged, other executors, and what stands in the folder for archives and other tools: the same bytes, well described."""

from __future__ import annotations

import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from igrsim.results.results import Results
from igrsim.runs.lock import held
from igrsim.runs.pace import Pace
from igrsim.runs.seal import files_in
from igrsim.runs.session import run_study
from igrsim.runs.store import Store, pack
from igrsim.runs.study import read_study
from small_study import STUDY, Said, igrsim, no_traceback, tables, without_report, write


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Said:
    """The study in one process, with its report."""
    folder = tmp_path_factory.mktemp("plain")
    said = igrsim("run", write(folder), "--out", folder / "out")
    assert said.code == 0, said.err
    return said


def study_of(said: Said) -> Path:
    return said.folder.parents[1] / "study.toml"


def test_shards_merged_are_the_whole(tmp_path: Path, plain: Said) -> None:
    study, parts = study_of(plain), [tmp_path / "a", tmp_path / "b", tmp_path / "c"]
    for number, part in enumerate(parts, 1):
        said = igrsim("run", study, "--shard", f"{number}/3", "--out", part)
        assert said.code == 0, said.err
        assert "no tables" in said.err
        assert not list(part.rglob("*.parquet"))
    assert [len(Store(part).digests()) for part in parts] == [2, 1, 1]
    said = igrsim("merge", *parts, "--out", tmp_path / "out", "--study", study)
    assert said.code == 0, said.err
    assert "4 cells gathered, 0 were there" in said.err
    assert Results(said.folder).manifest["run"]["computed"] == 0
    assert tables(said.folder) == tables(plain.folder)
    again = igrsim("merge", parts[0], "--out", tmp_path / "out")
    assert "0 cells gathered, 2 were there" in again.err


def test_what_cannot_be_merged(tmp_path: Path, plain: Said) -> None:
    out, other = plain.folder.parent, tmp_path / "other"
    no_traceback(igrsim("merge", tmp_path, "--out", tmp_path / "out"), 2)
    shutil.copytree(out / "cells", other / "cells")
    first, second, *_ = Store(other).digests()
    # a cell with other numbers under its name, and one that is damaged
    found = Store(other).tables(first)
    found["space"].iloc[0, 2] += 1
    Store(other).put(first, pack(first, type("Odd", (), {"tables": found})()))
    Store(other).file(second).write_bytes(b"igrsim-cell-1 nothing\n")
    said = igrsim("merge", other, out, "--out", tmp_path / "out")
    no_traceback(said, 2)
    assert "E332" in said.err
    assert f"{first}.cell' hold the same cell with other numbers" in said.err
    Store(other).file(first).unlink()
    said = igrsim("merge", other, "--out", tmp_path / "new")
    assert said.code == 0
    assert "2 cells gathered, 0 were there, 1 damaged and left out" in said.err


@pytest.mark.parametrize("given", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2"])
def test_a_shard_that_is_none(tmp_path: Path, given: str) -> None:
    said = igrsim("run", write(tmp_path), f"--shard={given}", "--out", tmp_path / "out")
    no_traceback(said, 2)
    assert "E323" in said.err


@pytest.mark.parametrize("name", ["threads", "given"])
def test_other_executors(tmp_path: Path, plain: Said, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "threads":
        arguments = ["--executor", "threads", "--workers", "3"]
        said = igrsim("run", study_of(plain), "--out", tmp_path / "out", *arguments)
        assert said.code == 0, said.err
        assert tables(said.folder) == tables(plain.folder)
    else:
        study, text = read_study(study_of(plain))
        with ThreadPoolExecutor(2) as executor:
            outcome = run_study(study, tmp_path / "out", text, executor=executor)
        for file in outcome.folder.glob("*.parquet"):
            assert file.read_bytes() == (plain.folder / file.name).read_bytes()
    for file in (plain.folder.parent / "cells").iterdir():
        assert file.read_bytes() == (tmp_path / "out" / "cells" / file.name).read_bytes()


def test_plan_knows_what_is_there(plain: Said, tmp_path: Path) -> None:
    arguments = ["plan", study_of(plain), "-s", "replication.worlds=3", "--format", "json"]
    rows = {row["what"]: row["value"] for row in igrsim(*arguments, "--out", plain.folder.parent).table()}
    assert rows["to compute"] == "2: 4 are there"
    assert rows["megabytes on disk"].startswith("about ")
    assert "however many cells" in rows["megabytes, driver"]
    assert "to compute" not in {row["what"] for row in igrsim(*arguments).table()}


def test_time_left_counts_only_what_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("igrsim.runs.pace.time.monotonic", lambda: now[0])
    told: list[tuple[int, int, float | None]] = []
    pace = Pace(1000, 10, lambda *said: told.append(said))
    for seconds in (2.0, 2.0, 5.0):
        now[0] += seconds
        pace.done(None, 0.0)  # type: ignore[arg-type]
    assert told == [(990, 1000, None), (991, 1000, 18.0), (992, 1000, 16.0), (993, 1000, 21.0)]


def test_the_manifest_vouches_for_every_file(plain: Said) -> None:
    manifest = json.loads((plain.folder / "manifest.json").read_text(encoding="utf-8"))
    sums = manifest["files"] | manifest["run"]["files"]
    found = {f.relative_to(plain.folder).as_posix() for f in plain.folder.rglob("*") if f.is_file()}
    assert found - set(sums) == {"manifest.json", "run.log"}
    assert set(sums) <= found
    for name, digest in sums.items():
        assert hashlib.sha256((plain.folder / name).read_bytes()).hexdigest() == digest
    assert {"report.html", "study.toml", "resolved.toml", "ro-crate-metadata.json"} <= set(manifest["files"])


def test_what_the_user_puts_into_the_folder_is_neither_vouched_for_nor_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_report(monkeypatch)
    study, out = write(tmp_path), tmp_path / "out"
    folder = igrsim("run", study, "--out", out).folder
    mine = [folder / name for name in ("my_notes.md", "losing/t.csv", "screened_sobol.toml", "figures/mine.txt")]
    for file in mine:
        file.parent.mkdir(exist_ok=True)
        file.write_text("mine", encoding="utf-8")
    # one that an earlier version may have listed
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["my_notes.md"] = hashlib.sha256(b"mine").hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for again in (("run", study, "--out", out), ("report", folder), ("run", study, "--out", out)):
        assert igrsim(*again).code == 0
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        assert not {file.relative_to(folder).as_posix() for file in mine} & set(manifest["files"])
        assert [file.read_text(encoding="utf-8") for file in mine] == ["mine"] * 4


def test_every_file_a_run_writes_is_known_to_the_seal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_report(monkeypatch)
    text = STUDY.replace("audit = false", "audit = true").replace(
        "[futures]",
        '[rivals]\nplanners = ["incremental"]\n[ladder]\narm = "hub"\npermutations = 2\n[futures]',
    )
    said = igrsim("run", write(tmp_path, text), "--out", tmp_path / "out")
    assert said.code == 0, said.err
    found = {file.name for file in said.folder.iterdir() if file.is_file()}
    assert found - set(files_in(said.folder)) == {"manifest.json", "run.log", "ro-crate-metadata.json"}


@pytest.mark.parametrize("command", ["report", "losses"])
def test_who_writes_into_a_study_holds_its_folder(tmp_path: Path, plain: Said, command: str) -> None:
    shutil.copytree(plain.folder, tmp_path / "study")
    with held(tmp_path):
        said = igrsim(command, tmp_path / "study")
    no_traceback(said, 3)


def test_the_folder_is_a_research_object(plain: Said) -> None:
    crate = json.loads((plain.folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    about = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(about) == len(crate["@graph"])
    assert crate["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    assert about["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    root = about["./"]
    assert {"name", "description", "datePublished", "license"} <= set(root)
    files = {part["@id"] for part in root["hasPart"]}
    assert files == {f.relative_to(plain.folder).as_posix() for f in plain.folder.rglob("*") if f.is_file()} - {
        "ro-crate-metadata.json", "run.log", "failures.csv",
    }  # fmt: skip
    for name in files - {"manifest.json"}:
        content = (plain.folder / name).read_bytes()
        assert about[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert about[name]["contentSize"] == str(len(content))
        assert about[name]["encodingFormat"]

    def referred(value: object) -> list[str]:
        if isinstance(value, list):
            return [name for item in value for name in referred(item)]
        return [value["@id"]] if isinstance(value, dict) and set(value) == {"@id"} else []

    outside = {
        name
        for entity in about.values()
        for key, value in entity.items()
        if key != "conformsTo"
        for name in referred(value)
    }
    assert outside <= set(about)


def test_tables_are_read_by_other_tools(plain: Said) -> None:
    for file in plain.folder.glob("*.parquet"):
        table = pd.read_parquet(file)
        assert len(table)
        kinds = {str(field.type) for field in pq.read_schema(file)}
        assert kinds <= {"int64", "double", "string", "large_string", "bool"}, (file.name, kinds)
    duckdb = pytest.importorskip("duckdb", exc_type=ImportError)
    counted = duckdb.sql(
        f"select arm, count(*) from '{plain.folder}/monthly.parquet' group by arm order by arm"
    ).fetchall()
    assert counted == [("hub", 6), ("siloed", 6)]


def test_worlds_and_arms_are_added_at_the_price_of_what_is_new(
    tmp_path: Path, plain: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_report(monkeypatch)
    shutil.copytree(plain.folder.parent / "cells", tmp_path / "cells")
    before = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "cells").iterdir()}
    for settings, new in (
        (["replication.worlds=12"], 20),
        (["arms.third.regime=siloed", "arms.third.add=['one-plan']"], 2),
    ):
        more = [word for setting in settings for word in ("-s", setting)]
        said = igrsim("run", study_of(plain), "--out", tmp_path, *more)
        assert said.code == 0, said.err
        assert Results(said.folder).manifest["run"]["computed"] == new
    assert {
        n: t for n, t in ((f.name, f.stat().st_mtime_ns) for f in (tmp_path / "cells").iterdir()) if n in before
    } == before
    assert len(list((tmp_path / "cells").iterdir())) == 4 + 20 + 2
