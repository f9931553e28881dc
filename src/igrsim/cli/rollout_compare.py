"""`igrsim rollout compare` and `template`: several schedules side by side, and one to edit in a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from igrsim.cli.keeping import whole_number
from igrsim.cli.output import Format, people_asked, progress, say, show

if TYPE_CHECKING:
    from igrsim.report.rollout_tables import RolloutsCompared
    from igrsim.results.results import Results

SHOWN = ["plan", "first_start", "last_start", "with_hub", "with_plan", "late_median", "late_worst", "hours_used",
         "hours_available", "rand_million"]  # fmt: skip


def compare(
    plans: Annotated[list[str], typer.Argument(help="schedules by name, or files (.csv, .xlsx, .toml)")],
    regime: Annotated[str, typer.Option(help="what is rolled out")] = "district-hub",
    benefit: Annotated[str, typer.Option(help="metric by which plans are held against each other first")] = "gap_share",
    money: Annotated[
        str | None, typer.Option(help="rand million a financial year for hub posts: 60, or 2019/20=60,2020/21=90")
    ] = None,
    specialists: Annotated[
        str | None,
        typer.Option(help="people fit for hub posts in the country, and how many are trained a year: 400, or 400,50"),
    ] = None,
    scope: Annotated[
        str, typer.Option(help="country, pilots, two-towns, province:NAME, or codes DC15,ETH")
    ] = "country",
    months: Annotated[int, typer.Option(min=1, max=600)] = 60,
    worlds: Annotated[int, typer.Option(min=1, max=100_000, help="replications")] = 10,
    futures: Annotated[int, typer.Option(min=1, max=10_000, help="sets of plausible parameter values")] = 8,
    citizens: Annotated[str, typer.Option(help='people simulated, or "everyone"')] = "200000",
    start: Annotated[str | None, typer.Option(help="first month, YYYY-MM-01")] = None,
    seed: Annotated[int, typer.Option(min=0)] = 20190821,
    out: Annotated[Path, typer.Option("--out", help="results folder")] = Path("results"),
    workers: Annotated[str, typer.Option("--workers", help='processes, or "auto"')] = "auto",
    executor: Annotated[str | None, typer.Option("--executor", help="processes, threads, inline, dask")] = None,
    boundaries: Annotated[Path | None, typer.Option("--boundaries", help="GeoJSON of official boundaries")] = None,
    format: Annotated[Format, typer.Option("--format", help="how tables are printed")] = Format.table,
) -> int:
    """Compare schedules of roll-out: outcomes, cost, specialists, slippage, who waits, regret; page and workbook."""
    from igrsim.report import write_report
    from igrsim.report.rollout_in_words import answer_in_words
    from igrsim.report.rollout_page import BOOK, PAGE, write_rollouts
    from igrsim.runs.rollout_study import read_money, read_specialists, rollout_study
    from igrsim.runs.session import run_study
    from igrsim.runs.study import check_places

    study = rollout_study(
        plans,
        regime=regime,
        benefit=benefit,
        money=read_money(money) if money is not None else None,
        specialists=read_specialists(specialists) if specialists is not None else None,
        scope=scope,
        months=months,
        worlds=worlds,
        futures=futures,
        citizens=people_asked(citizens),
        start=start,
        seed=seed,
        workers=whole_number(workers, "--workers", "auto") or "auto",
        executor=executor,
    )
    check_places(study)
    command = f"igrsim rollout compare {' '.join(_quoted(plan) for plan in plans)}" + _options(
        {"regime": (regime, "district-hub"), "benefit": (benefit, "gap_share"), "money": (money, None),
         "specialists": (specialists, None), "scope": (scope, ""), "months": (months, 0), "worlds": (worlds, 0),
         "futures": (futures, 0), "citizens": (citizens, ""), "start": (start, None), "seed": (seed, -1)}
    )  # fmt: skip
    kept: list[RolloutsCompared] = []

    def write(results: Results) -> None:
        if not results.lost_arms():
            kept.append(write_rollouts(results.folder, benefit))
            write_report(results.folder, boundaries)

    with progress() as tell:
        outcome = run_study(study, out, None, command, tell, report=write)
    if kept:
        _tell(kept[0], format)
        for words in filter(None, answer_in_words(kept[0])):
            say(words)
    if outcome.failures:
        say(
            f"{len(outcome.failures)} of {outcome.results.manifest['cells']} cells failed: {outcome.folder}/failures.csv"
        )
    if kept:
        say(f"page: {outcome.folder / PAGE}")
        say(f"workbook: {outcome.folder / BOOK}")
        say(f"report: {outcome.folder / 'report.html'}")
    else:
        say(f"no report: every cell of {', '.join(outcome.results.lost_arms())} failed")
    say(f"results: {outcome.folder}")
    return 1 if outcome.failures else 0


def template(
    file: Annotated[Path, typer.Argument(help="FILE.xlsx or FILE.csv to write")],
    plan: Annotated[str, typer.Option("--from", help="schedule whose dates it holds")] = "ddm-2019-plan",
) -> int:
    """Write a schedule with every district and metro, to edit in a spreadsheet and compare."""
    from igrsim.report.rollout_template import write_template

    write_template(file, plan)
    say(f"schedule: {file}")
    say(f"edit its dates, save it, and run: igrsim rollout compare {_quoted(str(file))} {plan}")
    return 0


def _tell(found: RolloutsCompared, format: Format) -> None:
    """A row a plan; on the screen its differences in a table of their own."""
    effects = found.effects[["arm", "metric", "unit", "mean", "difference", "low", "high", "pairs", "verdict"]]
    rows: list[dict[str, Any]] = [
        {str(key): value for key, value in row.items()} for row in found.summary.to_dict("records")
    ]
    if format is not Format.table:
        for row in rows:
            for one in effects[effects["arm"] == row["plan"]].to_dict("records"):
                row |= {f"{one['metric']}_{key}": one[key] for key in ("mean", "difference", "low", "high", "verdict")}
        show(rows, format)
        return
    for row in rows:
        for name, least in (("median", "median_at_least"), ("worst", "worst_at_least")):
            row[f"late_{name}"] = (
                f"{'≥ ' if row[least] else ''}{row[f'months_late_{name}']:g}" if row["plans_due"] else "none due"
            )
    show(rows, format, columns=SHOWN)
    show(effects, format, columns=list(effects.columns))


def _options(given: dict[str, tuple[Any, Any]]) -> str:
    """Options as they are written, without those at their usual value."""
    return "".join(f" --{name} {_quoted(str(value))}" for name, (value, usual) in given.items() if value != usual)


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
