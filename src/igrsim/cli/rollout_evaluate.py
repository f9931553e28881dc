"""`igrsim rollout evaluate`: which evaluation could see what a roll-out does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from igrsim.cli.output import Format, say, show
from igrsim.kernel.errors import InputError

SHOWN = ["arm", "metric", "verdict", "truth", "smallest_seen", "power_two_years", "power", "power_low", "power_high", "seen_from",
         "false_alarms", "spill_over", "before_after"]  # fmt: skip
"""What a printed table shows; CSV and JSON hold all."""


def evaluate(
    folder: Annotated[Path, typer.Argument(help="a study's folder: silos as the reference, arms with hubs and dates")],
    arm: Annotated[list[str], typer.Option("--arm", help="arms to look at; all with hubs if none is named")] = [],  # noqa: B006
    metric: Annotated[list[str], typer.Option("--metric", help="metrics; the study's primary ones if none")] = [],  # noqa: B006
    every: Annotated[str, typer.Option("--every", help="a report is monthly or quarterly")] = "quarterly",
    settings: Annotated[
        list[str], typer.Option("-s", "--set", help="what is assumed of reports: noise=0.2, late=0, never=0.1")
    ] = [],  # noqa: B006
    draws: Annotated[int, typer.Option(min=1, max=100, help="draws of late, missing and wrong reports a run")] = 4,
    format: Annotated[Format, typer.Option("--format", help="how tables are printed")] = Format.table,
) -> int:
    """Say which evaluation could see the effect of each roll-out: power by month and metric, bias, false alarms, better dates."""
    from igrsim.report.evaluation_in_words import order_by_need, plan_in_words
    from igrsim.report.evaluation_page import write_evaluation
    from igrsim.results.reporting_window import read_window
    from igrsim.results.results import Results
    from igrsim.results.rollout_evaluation import arms_with_hubs, evaluation, paths_of, units_of
    from igrsim.results.seeable import first_starts, seeable
    from igrsim.runs.lock import held
    from igrsim.views.metric import arm_of, headlines, metric_of

    window = read_window(every, settings)
    results = Results(folder)
    possible = arms_with_hubs(results)
    arms = list(dict.fromkeys(arm_of(results, name) for name in arm)) or possible
    if not arms:
        raise InputError(
            "no arm starts hubs within the study: there is no roll-out to evaluate", file=str(folder), code="E354"
        )
    if idle := [name for name in arms if name not in possible]:
        raise InputError(f"'{idle[0]}' starts nothing in any space: name one of {', '.join(possible)}", code="E355")
    names = list(dict.fromkeys(metric_of(results, m).name for m in metric)) or [m.name for m in headlines(results)]
    if absent := [name for name in names if name not in results.monthly]:
        words = f"'{absent[0]}' is not measured by space and month"
        raise InputError(words, file=str(folder), code="E356")
    if int(results.manifest["months"]) < 2 * window.every:
        raise InputError(
            f"{results.manifest['months']} months hold fewer than two reports", file=str(folder), code="E357"
        )
    plans = {name: paths_of(results, name, names) for name in arms}
    units = units_of(next(iter(plans.values())).runs)
    table = evaluation(results, plans, names, window, draws, say)
    rows = seeable(table, first_starts({name: plan.starts for name, plan in plans.items()}), units)
    options = [*(f"--arm {a}" for a in arm), *(f"--metric {m}" for m in metric), f"--every {every}"]
    options += [*(f"-s {s}" for s in settings), f"--draws {draws}"]
    command = f"igrsim rollout evaluate {results.folder.name} {' '.join(options)}"
    with held(results.folder.resolve().parent):
        page = write_evaluation(results, table, rows, plans, names, window, units, command)
    show(rows, format, columns=SHOWN)
    told = {name: metric_of(results, name) for name in names}
    for name in arms:
        need, slipped = order_by_need(plans[name]), plans[name].slipped
        say(" ".join(plan_in_words(name, rows[rows["arm"] == name], told, need, window.every, slipped)))
    say(f"table: {results.folder / 'rollout_evaluation.csv'}")
    say(f"page: {page}")
    return 0
