"""The commands and their options; each hands over to the room that does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from igrsim.cli import telling
from igrsim.cli.brief import brief
from igrsim.cli.challenge import challenge
from igrsim.cli.forums import forums
from igrsim.cli.journey import journey
from igrsim.cli.keeping import merge, verify
from igrsim.cli.output import Format, people_asked, progress, say, show
from igrsim.cli.rollout import rollout as rollouts
from igrsim.cli.running import run_and_tell
from igrsim.cli.sensitivity import sensitivity
from igrsim.cli.serving import serve
from igrsim.kernel.errors import InputError, nearest

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Simulates how South African government coordinates, and what that does to people.",
)

Out = Annotated[Path, typer.Option("--out", help="results folder")]
Workers = Annotated[str, typer.Option("--workers", help='processes, or "auto": as many as cores and memory allow')]
Computes = Annotated[str | None, typer.Option("--executor", help="processes, threads, inline, dask, dask://HOST:PORT")]
Set = Annotated[list[str], typer.Option("-s", "--set", help="override a key of the study, world.months=12")]
As = Annotated[Format, typer.Option("--format", help="how tables are printed")]
Boundaries = Annotated[Path | None, typer.Option("--boundaries", help="GeoJSON of official boundaries for the maps")]
TOLD = [
    "arm",
    "space",
    "month",
    "rule",
    "field",
    "silo",
    "before",
    "after",
    "value",
    "lever",
    "dose",
    "since",
    "source",
]
KINDS = (
    "levers",
    "regimes",
    "rollouts",
    "planners",
    "metrics",
    "params",
    "sources",
    "scopes",
    "spaces",
    "services",
    "forums",
)
LISTED = {"levers": ["name", "summary", "touches", "costs", "limits", "seed"], "planners": ["name", "theory", "source"]}
"""What a printed table shows of a list, where all of it is too wide."""


def _workers(given: str) -> int | str:
    if given == "auto":
        return given
    try:
        return int(given)
    except ValueError:
        raise InputError(f'--workers {given}: a whole number or "auto" is needed', code="E101") from None


@app.command()
def run(
    study: Annotated[Path, typer.Argument(help="study file (TOML)")],
    out: Out = Path("results"),
    workers: Workers = "auto",
    settings: Set = [],  # noqa: B006
    boundaries: Boundaries = None,
    shard: Annotated[str | None, typer.Option("--shard", help="k/n: compute every n-th cell only, no tables")] = None,
    executor: Computes = None,
    format: As = Format.table,
) -> int:
    """Run what a study has not computed yet, print the contrasts, write the report."""
    from igrsim.runs.study import check_places, read_study

    part = _shard(shard)
    found, text = read_study(study, [*settings, *_runtime(workers, executor)])
    check_places(found)
    if part:
        return _run_shard(found, out, text, part)
    return run_and_tell(found, out, text, f"igrsim run {study}", boundaries, format)


def _runtime(workers: str, executor: str | None = None) -> list[str]:
    given = _workers(workers)
    found = [] if given == "auto" else [f"runtime.workers={given}"]
    return found if executor is None else [*found, f"runtime.executor={executor}"]


def _shard(given: str | None) -> tuple[int, int] | None:
    if given is None:
        return None
    number, _, of = given.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise InputError(f"--shard {given}: k/n is needed, with k from 1 to n: --shard 1/4", code="E323")
    return int(number), int(of)


def _run_shard(study: Any, out: Path, text: str, shard: tuple[int, int]) -> int:
    from igrsim.runs.session import run_shard

    with progress() as tell:
        folder, failures, computed = run_shard(study, shard, out, text, tell)
    for failure in failures:
        say(f"cell {failure.cell.ordinal} failed: {failure.error}")
    say(f"shard {shard[0]}/{shard[1]}: {computed} cells computed, no tables: igrsim merge puts shards together")
    say(f"log: {folder / 'run.log'}")
    return 1 if failures else 0


@app.command()
def demo(out: Out = Path("results"), workers: Workers = "auto", format: As = Format.table) -> int:
    """Compare silos with district hubs on the real country, and say where the report is."""
    from igrsim.runs.demo import demo_study
    from igrsim.runs.study import read_study

    found, text = read_study(demo_study(), _runtime(workers))
    return run_and_tell(found, out, text, "igrsim demo", None, format)


@app.command()
def compare(
    regimes: Annotated[list[str], typer.Argument(help="the first is the reference; one named twice is an audit")],
    scope: Annotated[
        str, typer.Option(help="country, pilots, two-towns, province:NAME, or codes DC15,ETH")
    ] = "country",
    months: Annotated[int, typer.Option(min=1, max=600)] = 60,
    worlds: Annotated[int, typer.Option(min=1, max=100_000, help="replications")] = 10,
    futures: Annotated[int, typer.Option(min=1, max=10_000, help="sets of plausible parameter values")] = 8,
    citizens: Annotated[str, typer.Option(help='people simulated, or "everyone"')] = "200000",
    rollout: Annotated[str | None, typer.Option(help="a schedule (igrsim list rollouts), or its file")] = None,
    start: Annotated[str | None, typer.Option(help="first month, YYYY-MM-01")] = None,
    seed: Annotated[int, typer.Option(min=0)] = 20190821,
    out: Out = Path("results"),
    workers: Workers = "auto",
    executor: Computes = None,
    boundaries: Boundaries = None,
    format: As = Format.table,
) -> int:
    """Compare regimes without a study file."""
    from igrsim.runs.session import comparison

    found = comparison(
        regimes,
        scope=scope,
        months=months,
        worlds=worlds,
        futures=futures,
        citizens=people_asked(citizens),
        rollout=rollout,
        start=start,
        seed=seed,
        workers=_workers(workers),
        executor=executor,
    )
    options = f"--scope {scope} --months {months} --worlds {worlds} --futures {futures} --citizens {citizens}"
    more = "".join(f" --{k} {v}" for k, v in (("rollout", rollout), ("start", start)) if v)
    command = f"igrsim compare {' '.join(regimes)} {options}{more} --seed {seed}"
    return run_and_tell(found, out, None, command, boundaries, format)


@app.command()
def plan(
    study: Annotated[Path, typer.Argument(help="study file (TOML)")],
    settings: Set = [],  # noqa: B006
    workers: Workers = "auto",
    out: Annotated[Path | None, typer.Option("--out", help="results folder in which some cells may be")] = None,
    format: As = Format.table,
) -> int:
    """Say how many cells, minutes and megabytes a study takes, and how its arms differ; writes nothing."""
    from igrsim.runs.estimate import estimate
    from igrsim.runs.study import check_places, read_study

    found, _ = read_study(study, [*settings, *_runtime(workers)])
    check_places(found)
    show(estimate(found, out), format)
    return 0


@app.command()
def check(study: Annotated[Path, typer.Argument(help="study file (TOML)")], settings: Set = []) -> int:  # noqa: B006
    """Check a study file; says nothing but ok, or what is wrong and where."""
    from igrsim.runs.study import check_places, read_study
    from igrsim.runs.study.excluding import cells_left_out, without_effect
    from igrsim.runs.study.size import cells_of

    found, _ = read_study(study, settings)
    check_places(found)
    out = cells_left_out(found)
    cells = f"{cells_of(found)} cells" + (f", less {out} left out" if out else "")
    for words in without_effect(found):
        say(words)
    say(f"ok: {found.title} ({len(found.arms)} arms, reference {found.reference}, {cells})")
    return 0


@app.command()
def schema() -> int:
    """Print the JSON Schema of a study, with which an editor completes and checks one."""
    from igrsim.runs.study.schema import shipped_schema

    print(shipped_schema(), end="")
    return 0


@app.command()
def report(folder: Annotated[Path, typer.Argument(help="a study's folder")], boundaries: Boundaries = None) -> int:
    """Write a study's report and figures again."""
    from igrsim.report import write_report
    from igrsim.results.results import Results
    from igrsim.runs.seal import written_anew

    results = Results(folder)
    if lost := results.lost_arms():
        raise InputError(
            f"no report can be made: every cell of {', '.join(lost)} failed", file=str(folder), code="E304"
        )
    with written_anew(results.folder, "figures/", "report.html") as others:
        page = write_report(results.folder, boundaries)
    if others:
        say(f"warning: not as a run wrote it: {', '.join(others)}; igrsim verify tells more")
    say(f"report: {page}")
    return 0


@app.command()
def losses(
    folder: Annotated[Path, typer.Argument(help="a study's folder")],
    arm: Annotated[list[str], typer.Option("--arm", help="arms to look at; all if none is named")] = [],  # noqa: B006
    metric: Annotated[list[str], typer.Option("--metric", help="metrics; the study's primary ones if none")] = [],  # noqa: B006
    format: As = Format.table,
) -> int:
    """Say where arms do worse than the reference: in which spaces, for whom, under which assumptions; write a page."""
    from igrsim.report import write_losing
    from igrsim.results.results import Results
    from igrsim.runs.lock import held
    from igrsim.views.metric import arm_of, headlines, metric_of

    results = Results(folder)
    arms = [arm_of(results, name) for name in arm] or [a for a in results.arms if a != results.reference]
    metrics = [metric_of(results, name).name for name in metric] or [m.name for m in headlines(results)]
    if results.reference in arms or not arms:
        raise InputError("the reference cannot lose against itself: name another arm", code="E111")
    with held(results.folder.resolve().parent):
        page, table = write_losing(results.folder, metrics, arms)
    show(table, format)
    say(f"tables: {results.folder / 'losing'}")
    say(f"page: {page}")
    return 0


@app.command()
def validate(
    quick: Annotated[bool, typer.Option("--quick", help="known answers and nulls only, in seconds")] = False,
    format: As = Format.table,
) -> int:
    """Known answers, nulls, conservation, patterns: expected, found, passed."""
    from igrsim.runs.validation import validate as checks

    table = checks(quick)
    show(table, format)
    failed = int((~table["passed"]).sum())
    say(f"{len(table) - failed} of {len(table)} hold")
    return 1 if failed else 0


@app.command()
def calibrate(
    out: Out = Path("results"),
    seed: Annotated[int, typer.Option(min=0, help="of the points that are tried")] = 1,
    points: Annotated[int, typer.Option(min=1, max=10_000, help="tried for each fact that does not hold")] = 32,
    workers: Workers = "auto",
    format: As = Format.table,
) -> int:
    """Move assumed numbers within their ranges until the facts set aside for it hold; write down what moved, from where, why."""
    from igrsim.runs.calibration.calibrating import calibrated

    found, file = calibrated(
        out, points, seed, _workers(workers), lambda what, done, total: say(f"{what}: {done} of {total}")
    )
    show(found, format)
    say(f"parameter file: {file}")
    return 0


app.command()(journey)
app.command()(sensitivity)
app.command()(challenge)
app.command()(brief)
app.command("app")(serve)


@app.command("list")
def list_(
    kind: Annotated[str, typer.Argument(help=" | ".join(KINDS))],
    format: As = Format.table,
) -> int:
    """List what there is, with unit, range, grade and source."""
    from igrsim.runs.catalogue import catalogue

    if kind not in KINDS:
        raise InputError(f"unknown list '{kind}'{nearest(kind, KINDS)}", code="E102")
    rows = catalogue()[kind]
    show(rows, format, columns=LISTED.get(kind))
    if kind == "params":
        assumed = sum(row["grade"] == "assumed" for row in rows)
        say(f"{assumed} of {len(rows)} ({100 * assumed / len(rows):.0f} %) are assumed: no published figure was found")
    return 0


@app.command()
def explain(
    what: Annotated[
        str, typer.Argument(help="lever:NAME, metric:NAME, param:NAME, planners:NAME, regime:NAME, or a study's folder")
    ],
    arm: Annotated[str | None, typer.Option(help="with a folder: the arm")] = None,
    space: Annotated[str | None, typer.Option(help="with a folder: the space")] = None,
    month: Annotated[str | None, typer.Option(help="with a folder: the month, YYYY-MM")] = None,
    page: telling.Page = None,
    out: telling.Into = None,
    format: As = Format.table,
) -> int:
    """Say what something means and where it comes from; or which lever set which rule in a result."""
    from igrsim.cli.explaining import explain_name, explain_result

    if ":" in what and not Path(what).exists():
        show([explain_name(what)], format, tall=True)
    else:
        rows, words = explain_result(Path(what), arm, space, month, page, out)
        # sources and words are long: the table leaves them to the sentences, the page and JSON
        known = [name for name in TOLD if not rows or name in rows[0]]
        show(rows, format, columns=known)
        for line in words:
            say(line)
    return 0


app.command()(telling.diary)
app.command()(verify)
app.command()(merge)
app.add_typer(forums, name="forums")
app.add_typer(rollouts, name="rollout")
