"""`igrsim forums audit`: what a real calendar of forums takes, repeats and brings together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from igrsim.cli.output import Format, plain, say, show, write_csv
from igrsim.kernel.errors import InputError

forums = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="A calendar of forums of your own: audit it before you run with it.",
)
PARTS = {
    "forums": ("forum", "basis", "members", "sectors", "meetings_a_year", "hours_a_year", "pairs_only_here", "members_only_here"),
    "pairs": ("forum", "other", "overlap", "overlap_members", "overlap_sectors", "clashes", "clashes_expected_a_year"),
    "clashes": ("date", "forum", "venue", "other", "other_venue", "number", "members"),
    "members": ("member", "forums", "meetings_a_year", "hours_a_month", "busiest_month", "hours_then", "clashes"),
    "merges": ("merge", "into", "hours_saved_a_year", "host_meetings_a_year", "host_hours_a_meeting", "members_left_out", "pairs_lost"),
    "totals": ("what", "value"),
}  # fmt: skip
"""What is reported, and the columns that the table on the screen shows."""
SHOWN = 15
"""Lines of a part that the screen shows; files, CSV and JSON hold all."""


@forums.callback()
def _group() -> None:
    """A calendar of forums of your own."""


@forums.command("audit")
def audit_calendar(
    file: Annotated[Path, typer.Argument(help="CSV: forum, convener, members, dates or rhythm, hours, venue, sectors")],
    settings: Annotated[
        list[str], typer.Option("-s", "--set", help="what is assumed: forum-calendar.travel_hours=2")
    ] = [],  # noqa: B006
    out: Annotated[Path | None, typer.Option("--out", help="write every part as CSV into this folder")] = None,
    format: Annotated[Format, typer.Option("--format", help="how tables are printed")] = Format.table,
) -> int:
    """Report overlaps, clashes, hours, what each forum adds and what could be merged."""
    from igrsim.kernel.params import ParamSet
    from igrsim.places.forum_calendar import read_calendar
    from igrsim.places.geography import load_geography
    from igrsim.places.institutions import load_institutions
    from igrsim.runs.forum_table import audit

    given = ParamSet(dict(_setting(one) for one in settings))
    country = load_geography()
    rows = read_calendar(file, country.provinces.codes, country.spaces.codes)
    found = audit(rows, country, load_institutions(), given)
    tables = {part: getattr(found, part) for part in PARTS}
    if format is Format.json:
        data = {part: [{k: plain(v) for k, v in row.items()} for row in rows] for part, rows in tables.items()}
        print(json.dumps(data | {"assumptions": found.assumptions}, indent=1, ensure_ascii=False))
    elif format is Format.csv:
        show(_one_table(tables), format)
    else:
        for part, rows_ in tables.items():
            more = f", the first {SHOWN} of {len(rows_)}" if len(rows_) > SHOWN else ""
            print(f"{part}{more}" if rows_ else f"{part}: none")
            if rows_:
                show(rows_[:SHOWN], format, columns=list(PARTS[part]))
    if out is not None:
        _write(tables, found.assumptions, out)
        say(f"audit: {out}")
    for words in found.assumptions:
        say(f"assumed: {words}")
    return 0


def _setting(given: str) -> tuple[str, float]:
    name, equals, value = given.partition("=")
    try:
        number = float(value)
    except ValueError:
        number = None  # type: ignore[assignment]
    if not equals or number is None:
        raise InputError(f"-s {given}: write parameter=number, forum-calendar.travel_hours=2", code="E156")
    return name.strip(), number


def _one_table(tables: dict[str, list[dict[str, object]]]) -> list[dict[str, object]]:
    """All parts under one header, so that a pipe gets one table."""
    names = list(dict.fromkeys(name for rows in tables.values() for row in rows for name in row))
    return [{"part": part} | {name: row.get(name) for name in names} for part, rows in tables.items() for row in rows]


def _write(tables: dict[str, list[dict[str, object]]], assumptions: list[str], out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise InputError("is a file; a folder is needed", file=str(out), code="E127")
    out.mkdir(parents=True, exist_ok=True)
    tables = tables | {"assumptions": [{"assumed": words} for words in assumptions]}
    for part, rows in tables.items():
        with (out / f"{part}.csv").open("w", encoding="utf-8", newline="") as stream:
            write_csv(rows, stream)
