"""`igrsim verify` and `igrsim merge`: results that are to be trusted, and results computed in parts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from igrsim.cli.output import Format, say, show
from igrsim.cli.running import run_and_tell
from igrsim.kernel.errors import InputError


def whole_number(given: str, option: str, other: str) -> int | None:
    """A number of at least one, or None for the one word that may stand in its place."""
    if given == other:
        return None
    if not given.isdecimal() or int(given) < 1:
        raise InputError(f'{option} {given}: a whole number from 1 or "{other}" is needed', code="E101")
    return int(given)


def verify(
    folder: Annotated[Path, typer.Argument(help="a study's folder")],
    cells: Annotated[str, typer.Option("--cells", help='how many to compute again, or "all"')] = "3",
    workers: Annotated[str, typer.Option("--workers", help='processes, or "auto"')] = "auto",
    format: Annotated[Format, typer.Option("--format", help="how tables are printed")] = Format.table,
) -> int:
    """Compare a study's files with their checksums, and cells computed again with its tables: exit 1 if any differs."""
    from igrsim.runs.runner import cores
    from igrsim.runs.verify import verify as check

    wanted = whole_number(cells, "--cells", "all")
    table = check(folder, wanted, whole_number(workers, "--workers", "auto") or cores())
    show(table, format)
    failed = int((~table["passed"]).sum())
    say(f"{len(table) - failed} of {len(table)} hold")
    return 1 if failed else 0


def merge(
    folders: Annotated[list[Path], typer.Argument(help="results folders with a study's shards")],
    out: Annotated[Path, typer.Option("--out", help="results folder for all cells")] = Path("results"),
    study: Annotated[Path | None, typer.Option("--study", help="write the tables and report of this study")] = None,
) -> int:
    """Gather the cells of several results folders in one; with a study, write its tables too."""
    from igrsim.runs.merge import merge as gather

    found = gather(folders, out)
    damaged = f", {found.damaged} damaged and left out" if found.damaged else ""
    say(f"{found.new} cells gathered, {found.known} were there{damaged}: {out}")
    if study is not None:
        from igrsim.runs.study import read_study

        of, text = read_study(study)
        return run_and_tell(of, out, text, f"igrsim run {study}")
    say(f"igrsim run STUDY.toml --out {out} writes the tables")
    return 0
