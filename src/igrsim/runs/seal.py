"""A study's folder sealed: the checksum of every file in the manifest, the manifest's own in it, and an RO-Crate beside it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from igrsim.runs.crate import CRATE, describe_folder
from igrsim.runs.store import clear_drafts, write_whole

MANIFEST = "manifest.json"
LOG = "run.log"
FAILURES = "failures.csv"
"""Holds tracebacks, which name places on one machine: its checksum stands in the manifest's run section."""


def open_folder(folder: Path) -> None:
    """Make a finished study an unfinished one: its manifest and what that vouched for are written anew."""
    clear_drafts(folder)
    manifest = folder / MANIFEST
    try:
        old = json.loads(manifest.read_text(encoding="utf-8")).get("files", {})
    except (OSError, ValueError, AttributeError):
        old = {}
    # the manifest goes first: no reader may take what is half written for a study
    manifest.unlink(missing_ok=True)
    for name in (*old, FAILURES):
        file = folder / name
        if file.resolve().is_relative_to(folder.resolve()):
            file.unlink(missing_ok=True)


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
    """The files of a study that are vouched for: all but the manifest, the log and what is hidden."""
    aside = {MANIFEST, LOG, CRATE}
    found = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return sorted(
        name.as_posix()
        for name in found
        if name.as_posix() not in aside and not any(part.startswith(".") for part in name.parts)
    )


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
