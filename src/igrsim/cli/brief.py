"""`igrsim brief`: one page that can be signed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from igrsim.cli.output import Format, say, show

COLUMNS = ["metric", "unit", "mean", "difference", "low", "high", "verdict", "in_words"]


def brief(
    folder: Annotated[Path, typer.Argument(help="a study's folder")],
    arm: Annotated[
        str | None, typer.Option("--arm", help="what the advice is about; the first beside the reference")
    ] = None,
    metrics: Annotated[
        str | None, typer.Option("--metrics", help="up to four, with commas between; the study's primary ones")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="write into this folder, not the study's")] = None,
    format: Annotated[Format, typer.Option("--format", help="how the table is printed")] = Format.table,
) -> int:
    """Write one page, for print and screen: the answer, four numbers, a map, who loses, what would change the answer."""
    from igrsim.report.brief import write_brief
    from igrsim.report.brief.traced import text_of
    from igrsim.results.results import Results
    from igrsim.runs.lock import held

    results = Results(folder)
    asked = None if metrics is None else [name.strip() for name in metrics.split(",") if name.strip()]
    if out is None:
        with held(results.folder.resolve().parent):
            page, sheet, found = write_brief(results, results.folder, arm, asked)
    else:
        page, sheet, found = write_brief(results, out, arm, asked)
    rows = [{**one.row, "in_words": one.judged.words} for one in found.measures]
    show(rows, format, columns=COLUMNS)
    for line in found.warnings:
        say(f"{line.lead}: {text_of(line.said)}")
    say(text_of(found.answer))
    if found.beside:
        say(text_of(found.beside))
    say(f"page: {page}")
    say(f"print: {sheet}")
    return 0
