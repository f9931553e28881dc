"""`igrsim sensitivity`: which numbers a study's differences depend on, and how to go on from a screening."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from igrsim.cli.output import Format, say, show

SHOWN = 12
"""Parameters of each result in the printed table; CSV and JSON hold all."""


def sensitivity(
    folder: Annotated[Path, typer.Argument(help="a study's folder")],
    screen: Annotated[int, typer.Option(min=0, help="write a study with Sobol's design over so many that matter")] = 0,
    blocks: Annotated[int, typer.Option(help="its base points, a power of two; 128 tell more")] = 64,
    to: Annotated[Path | None, typer.Option("--to", help="where to write it")] = None,
    format: Annotated[Format, typer.Option("--format", help="how tables are printed")] = Format.table,
) -> int:
    """Say which uncertain numbers the differences come from, how well they are known, and which to measure first."""
    from igrsim.report.sensitivity_in_words import sensitivity_in_words
    from igrsim.results.results import Results
    from igrsim.runs.seal import written_anew
    from igrsim.runs.sensitivity import (
        SHARES,
        TABLE,
        check_blocks,
        open_studied,
        that_matter,
        write_screened,
        write_sensitivity,
    )

    if screen:
        check_blocks(blocks)
    results = Results(folder)
    studied = open_studied(results.folder)
    with written_anew(results.folder, TABLE, SHARES) as others:
        table, _ = write_sensitivity(studied)
    if others:
        say(f"warning: not as a run wrote it: {', '.join(others)}; igrsim verify tells more")
    names = ["metric", "arm", "of", "method", "rank", "parameter", "grade", "index", "low", "high", "beyond_chance"]
    show(table if format is not Format.table else table[table["rank"] <= SHOWN], format, columns=names)
    for told in sensitivity_in_words(results):
        say(" ".join(told.sentences))
    say(f"tables: {results.folder / TABLE}, {SHARES}")
    if screen:
        chosen = that_matter(table, screen)
        file = write_screened(studied, chosen, blocks, to or results.folder / "screened_sobol.toml")
        for line in chosen:
            say(f"  {line}")
        say(f"the {len(chosen)} that matter, by Sobol's indices: igrsim run {file}")
    return 0
