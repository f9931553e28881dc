"""A study's folder sealed: the checksum of every file a run writes in the manifest, the manifest's own in it, an RO-Crate beside it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from igrsim.runs.crate import CRATE, describe_folder
from igrsim.runs.lock import held
from igrsim.runs.store import clear_drafts, write_whole

MANIFEST = "manifest.json"
LOG = "run.log"
FAILURES = "failures.csv"
"""Holds tracebacks, which name places on one machine: its checksum stands in the manifest's run section."""
PARQUET = ("design", "runs", "pairs", "monthly", "counts", "national", "spaces", "municipalities", "people", "needs",
           "ledger", "milestones", "rollout", "coalitions", "rivals")  # fmt: skip
CSV = ("effects", "checks", "rules", "columns", "audit", "ladder", "rivals", "sensitivity", "sensitivity_shares")
WRITTEN = frozenset(
    [
        "study.toml",
        "resolved.toml",
        "report.html",
        FAILURES,
        *(f"{n}.parquet" for n in PARQUET),
        *(f"{n}.csv" for n in CSV),
    ]
)
"""What a run and its report write beside figures. Whatever else stands in the folder is the user's: neither vouched for nor removed."""


def open_folder(folder: Path) -> None:
    """Make a finished study an unfinished one: its manifest and what that vouched for are written anew."""
    clear_drafts(folder)
    manifest = folder / MANIFEST
    # the manifest goes first: no reader may take what is half written for a study
    manifest.unlink(missing_ok=True)
    for name in (*files_in(folder), CRATE):
        (folder / name).unlink(missing_ok=True)


@contextlib.contextmanager
def written_anew(folder: Path, *names: str) -> Iterator[list[str]]:
    """Hold a finished study while some of its files are written again, and seal it; not if others are not as a run wrote them.

    Parameters
    ----------
    names : str
        How the names of those files begin.

    Yields
    ------
    list of str
        The others that are not as they were.
    """
    with held(folder.resolve().parent):
        others = [name for name, _ in broken_seals(folder) if not name.startswith(names)]
        yield others
        if not others:
            seal(folder)


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write a manifest that vouches for itself and not yet for the files."""
    manifest.get("run", {}).pop("seal", None)
    manifest.setdefault("run", {})["seal"] = _seal(manifest)
    write_whole(folder / MANIFEST, _text(manifest))


def seal(folder: Path) -> None:
    """Put every file of a study on disk for good, and its checksum into the manifest."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    sums = {name: _flushed_sum(folder / name) for name in files_in(folder)}
    failures = sums.pop(FAILURES, None)
    write_whole(folder / CRATE, describe_folder(folder, manifest, sums))
    manifest["files"] = dict(sorted((sums | {CRATE: file_sum(folder / CRATE)}).items()))
    if failures:
        manifest["run"]["files"] = {FAILURES: failures}
    write_manifest(folder, manifest)


def files_in(folder: Path) -> list[str]:
    """The files of a study that are vouched for: those that runs and reports write, and no others."""
    figures = (f"figures/{f.name}" for kind in ("svg", "png") for f in (folder / "figures").glob(f"[!.]*.{kind}"))
    return sorted(name for name in (*WRITTEN, *figures) if (folder / name).is_file())


def broken_seals(folder: Path) -> Iterator[tuple[str, str]]:
    """Files of a study that are not as they were written: each one's name, and what is wrong with it."""
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest = json.loads(content)
        found = manifest["run"].pop("seal")
        files: dict[str, str] = manifest["files"] | manifest["run"].get("files", {})
        whole = found == _seal(manifest) and _text(manifest | {"run": manifest["run"] | {"seal": found}}) == content
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        yield MANIFEST, "cannot be read, or was never finished"
        return
    if not whole:
        yield MANIFEST, "was changed"
    for name, digest in files.items():
        try:
            if file_sum(folder / name) != digest:
                yield name, "was changed"
        except OSError as error:
            yield name, "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"


def file_sum(file: Path) -> str:
    """SHA-256 of a file, whatever its size."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _flushed_sum(file: Path) -> str:
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())
    return file_sum(file)


def _text(manifest: dict[str, Any]) -> bytes:
    return json.dumps(manifest, indent=1, ensure_ascii=False).encode()


def _seal(manifest: dict[str, Any]) -> str:
    return hashlib.sha256(_text(manifest)).hexdigest()
