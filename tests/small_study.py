"""A study of seconds, and two ways to run the command line: in this process, or as a user's shell does."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from igrsim.cli import main

STUDY = """\
title = "Two towns"
[world]
scope = "two-towns"
months = 3
citizens = 60
[arms.siloed]
regime = "siloed"
[arms.hub]
regime = "district-hub-core"
rollout = "all-at-once"
[futures]
n = 2
[replication]
worlds = 2
[runtime]
workers = 1
[analysis]
audit = false
"""
"""Two arms, two worlds, two futures: four cells, none of them computed again."""


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def folder(self) -> Path:
        """The study's folder it named."""
        return Path(next(line[9:] for line in self.err.splitlines() if line.startswith("results: ")))

    def table(self) -> Any:
        """Its table, asked for as JSON."""
        return json.loads(self.out)


def igrsim(*arguments: str | Path | int) -> Said:
    """Run the command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(a) for a in arguments])
    return Said(code, out.getvalue(), err.getvalue())


def command(*arguments: str | Path | int) -> list[str]:
    """The command line as a process of its own."""
    return [sys.executable, "-c", "from igrsim.cli import main; main()", *(str(a) for a in arguments)]


def shell(*arguments: str | Path | int, cwd: Path | None = None, **environment: str) -> Said:
    """Run the command line as a user's shell does."""
    done = subprocess.run(
        command(*arguments),
        capture_output=True,
        timeout=120,
        cwd=cwd,
        env=os.environ | environment,
        encoding="utf-8",
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def write(folder: Path, text: str = STUDY, name: str = "study.toml") -> Path:
    """A study file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text, encoding="utf-8", newline="\n")
    return file


def tables(folder: Path) -> dict[str, str]:
    """Digest of every file of a study's folder that must not depend on how it was computed."""
    found = {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name not in ("run.log", "manifest.json")
    }
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del manifest["run"]
    return found | {"manifest.json": json.dumps(manifest)}


def without_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out figures and page: seconds, for tests of what stands before them."""
    monkeypatch.setattr("igrsim.report.write_report", lambda folder, boundaries=None: folder / "report.html")


def no_traceback(said: Said, code: int) -> None:
    """A refusal: the right exit code, one line, no traceback."""
    assert said.code == code, said.err
    assert "Traceback" not in said.err + said.out
    assert len(said.err.strip().splitlines()) == 1, said.err
