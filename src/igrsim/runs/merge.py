"""Cells of several results folders gathered in one: shards of a study that were computed apart."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from igrsim.kernel.errors import InputError
from igrsim.runs.lock import held
from igrsim.runs.store import DamagedCellError, Store, unpack


@dataclass
class Gathered:
    """What was found in the folders: cells that are new here, that were here, and that are damaged and left out."""

    new: int = 0
    known: int = 0
    damaged: int = 0


def merge(folders: list[Path], out: Path) -> Gathered:
    """Gather the cells of results folders in one of them or in another.

    Raises
    ------
    InputError
        A folder without cells; or two cells that ought to be the same and are not.
    """
    for folder in folders:
        if not (folder / "cells").is_dir():
            raise InputError(f"'{folder}' is no results folder: it has no cells", code="E331")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write to '{out}': {error.strerror}", code="E310") from None
    gathered, here = Gathered(), Store(out)
    with held(out):
        here.clear_drafts()
        for folder in folders:
            if folder.resolve() != out.resolve():
                _gather(Store(folder), here, gathered)
    return gathered


def _gather(there: Store, here: Store, gathered: Gathered) -> None:
    for digest in there.digests():
        content = there.read(digest)
        try:
            unpack(digest, content)
        except DamagedCellError:
            gathered.damaged += 1
            continue
        if not here.has(digest):
            here.put(digest, content)
            gathered.new += 1
        elif here.read(digest) == content:
            gathered.known += 1
        else:
            raise InputError(
                f"'{here.file(digest)}' and '{there.file(digest)}' hold the same cell with other numbers: one of them was not "
                "computed by this model",
                code="E332",
            )
