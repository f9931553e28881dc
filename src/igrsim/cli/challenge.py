"""`igrsim challenge`: seek futures in which the preferred arm loses, and tell what they share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from igrsim.cli.keeping import whole_number
from igrsim.cli.output import Format, progress, say, show


def challenge(
    study: Annotated[Path, typer.Argument(help="study file (TOML); what its futures vary is what is sought in")],
    metric: Annotated[str | None, typer.Option(help="what the arm may lose on; the first primary one")] = None,
    arm: Annotated[str | None, typer.Option(help="the arm; the best on that metric, on average")] = None,
    budget: Annotated[int, typer.Option(min=1, max=1_000_000, help="cells at most")] = 400,
    worlds: Annotated[int, typer.Option(min=1, max=1000, help="the same in every future")] = 2,
    satisfy: Annotated[list[str], typer.Option("--satisfy", help="what is good enough: metric<=value")] = [],  # noqa: B006
    settings: Annotated[list[str], typer.Option("-s", "--set", help="override a key of the study")] = [],  # noqa: B006
    workers: Annotated[str, typer.Option("--workers", help='processes, or "auto"')] = "auto",
    out: Annotated[Path, typer.Option("--out", help="results folder")] = Path("results"),
    format: Annotated[Format, typer.Option("--format", help="how tables are printed")] = Format.table,
) -> int:
    """Seek futures in which the preferred arm loses: by lot and by a search; rules, the worst case again, regret."""
    from igrsim.report.challenge_page import told, write_challenge
    from igrsim.results.regret import read_threshold
    from igrsim.runs.catalogue import known_names
    from igrsim.runs.challenge import challenge as seek
    from igrsim.runs.challenge_tables import folder_of, tables_of, write_tables
    from igrsim.runs.study import check_places, read_study

    many = whole_number(workers, "--workers", "auto")
    overrides = [*settings, *([f"runtime.workers={many}"] if many else [])]
    found_study, _ = read_study(study, overrides)
    check_places(found_study)
    thresholds = [read_threshold(text, known_names("metrics")) for text in satisfy]
    also = [threshold.metric for threshold in thresholds]
    with progress() as tell:
        found = seek(found_study, out, metric, arm, budget, worlds, also, tell, say)
    tables = tables_of(found, thresholds)
    folder = folder_of(found, out)
    write_tables(found, tables, folder)
    # an arm that these futures picked is no arm named beforehand: the page's command asks as it was asked
    named = [] if found.picked else ["--arm", found.arm]
    options: list[Any] = ["--metric", found.metric, *named, "--budget", budget, "--worlds", worlds]
    more = "".join(f" --satisfy '{text}'" for text in satisfy) + "".join(f" -s {text}" for text in settings)
    page = write_challenge(found, tables, folder, f"igrsim challenge {study} {' '.join(map(str, options))}{more}")
    columns = ["arm", "metric", "futures", "lost", "materially_lost", "share_low", "share_high", "mean_difference",
               "worst_by_lot"]  # fmt: skip
    show(tables.summary, format, columns=columns)
    for sentences in told(found, tables).values():
        if sentences:
            say(" ".join(sentences))
    say(f"tables: {folder / 'challenge'}")
    say(f"the worst future as a study: {folder / 'worst_case.toml'}")
    say(f"page: {page}")
    if found.tried.failures:
        say(f"{len(found.tried.failures)} runs failed, the first: {found.tried.failures[0].error}")
        return 1
    return 0
