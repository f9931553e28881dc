"""`igrsim rollout search`: better orders and dates for hubs, tried on futures they were not tuned on."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from igrsim.cli.keeping import whole_number
from igrsim.cli.output import Format, progress, say, show

SHOWN = ["schedule", "against", "contrast", "objective", "unit", "training", "held_out", "low", "high", "verdict"]


def search(
    against: Annotated[
        list[str] | None,
        typer.Argument(help="schedules to beat, by name or file; the 2019 plan, all at once and three orders if none"),
    ] = None,
    regime: Annotated[str, typer.Option(help="what is rolled out")] = "district-hub",
    metric: Annotated[
        str, typer.Option(help="the benefit: duplicated_rand, or a metric counted by space")
    ] = "duplicated_rand",
    equity: Annotated[str, typer.Option(help="wait: how long poor people wait; poorest-fifth: benefit there")] = "wait",
    within: Annotated[int, typer.Option(min=3, max=600, help="months within which every start lies")] = 36,
    after: Annotated[int, typer.Option(min=0, max=600, help="months before which no proposed start lies")] = 0,
    money: Annotated[
        str | None, typer.Option(help="rand million a financial year for hub posts: 60, or 2019/20=60,2020/21=90")
    ] = None,
    specialists: Annotated[
        str | None, typer.Option(help="people fit for hub posts in the country, and trained a year: 400, or 400,50")
    ] = None,
    budget: Annotated[int, typer.Option(min=1, max=1_000_000, help="cells at most")] = 400,
    scope: Annotated[
        str, typer.Option(help="country, pilots, two-towns, province:NAME, or codes DC15,ETH")
    ] = "country",
    months: Annotated[int, typer.Option(min=6, max=600)] = 60,
    citizens: Annotated[
        int, typer.Option(min=1, help="few are enough: what institutions do does not depend on them")
    ] = 2000,
    start: Annotated[str | None, typer.Option(help="first month, YYYY-MM-01")] = None,
    seed: Annotated[int, typer.Option(min=0)] = 20190821,
    workers: Annotated[str, typer.Option("--workers", help='processes, or "auto"')] = "auto",
    out: Annotated[Path, typer.Option("--out", help="results folder")] = Path("results"),
    format: Annotated[Format, typer.Option("--format", help="how tables are printed")] = Format.table,
) -> int:
    """Seek better orders and dates for hubs; try them beside the named schedules on futures held out; page and schedules."""
    from igrsim.report.rollout_search_books import BOOK, write_books
    from igrsim.report.rollout_search_in_words import against as told
    from igrsim.report.rollout_search_in_words import short
    from igrsim.report.rollout_search_page import write_search
    from igrsim.runs.rollout_search.lives import Lives
    from igrsim.runs.rollout_search.optimiser import optimiser
    from igrsim.runs.rollout_search.search import search as seek
    from igrsim.runs.rollout_search.study import AGAINST, design_of, objectives_of, searched_study
    from igrsim.runs.rollout_search.tables import folder_of, tables_of, write_tables
    from igrsim.runs.study import check_places

    optimiser()
    named = list(against or AGAINST)
    many = whole_number(workers, "--workers", "auto") or "auto"
    study = searched_study(
        regime, scope=scope, months=months, citizens=citizens, seed=seed, money=money, specialists=specialists,
        start=start, workers=many,
    )  # fmt: skip
    check_places(study)
    objectives = objectives_of(study, metric, equity)
    design = design_of(study, named, budget)
    with progress() as tell:
        lives = Lives(study, out, objectives.columns, named, (design.training, design.held_out), tell)
        say(
            f"{design.cells} runs at most: {len(named)} schedules to beat, {design.training} futures to tune on, {design.turns} "
            f"turns, {design.held_out} futures held out; about {lives.minutes(design.cells):.0f} min, less what is there"
        )
        with lives.at_work():
            found = seek(lives, design, objectives, (min(after, months - 1), min(within, months - 1)), say)
    tables = tables_of(found)
    folder = folder_of(found, out)
    write_tables(tables, folder)
    books = write_books(found, tables, folder)
    usual = {"regime": "district-hub", "metric": "duplicated_rand", "equity": "wait", "within": 36, "after": 0, "money": None,
             "specialists": None, "budget": 400, "scope": "country", "months": 60, "citizens": 2000, "start": None}  # fmt: skip
    given = {"regime": regime, "metric": metric, "equity": equity, "within": within, "after": after, "money": money, "specialists": specialists,
             "budget": budget, "scope": scope, "months": months, "citizens": citizens, "start": start}  # fmt: skip
    options = [f"--{name} {quote(str(value))}" for name, value in given.items() if value != usual[name]]
    command = " ".join(["igrsim rollout search", *map(quote, named), *options, f"--seed {seed}"])
    page = write_search(found, tables, folder, command, books)
    made = tables.held_out[tables.held_out["contrast"] != "looked at too"] if len(tables.held_out) else tables.held_out
    show(made if format is Format.table else tables.held_out, format, columns=SHOWN)
    say(short(found, tables))
    for words in told(found, tables):
        say(words)
    say(f"tables: {folder / 'search'}")
    say(f"workbook: {folder / BOOK}")
    say(f"schedules: {folder / 'schedules'}")
    say(f"page: {page}")
    return 0
