"""`igrsim diary`: one municipality's months, the same in every arm."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from igrsim.cli.output import Format, say, show
from igrsim.kernel.errors import InputError

Folder = Annotated[Path | None, typer.Argument(help="a study's folder; its arms, world and future are taken")]
Arms = Annotated[
    str | None, typer.Option(help="without a folder: regimes, the first the reference: siloed,district-hub")
]
Page = Annotated[Path | None, typer.Option(help="write a page worth projecting to this file")]
Into = Annotated[Path | None, typer.Option("--out", help="write the page into this folder")]
COLUMNS = ["month", "arm", "what", "by", "how", "hours", "displaced_hours"]


def diary(
    folder: Folder = None,
    municipality: Annotated[str, typer.Option(help="its code, EC441")] = "",
    arms: Arms = None,
    month: Annotated[str | None, typer.Option(help="one month, YYYY-MM")] = None,
    begin: Annotated[str | None, typer.Option("--from", help="first month told, YYYY-MM (the study's first)")] = None,
    months: Annotated[int, typer.Option(min=1, max=600, help="how many months are told")] = 12,
    scope: Annotated[str | None, typer.Option(help="with --arms: country, pilots, province:NAME, codes")] = None,
    citizens: Annotated[
        int | None, typer.Option(min=1, help="people simulated; no number of the diary depends on how many")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="with --arms")] = None,
    world: Annotated[int, typer.Option(min=0, help="which replication")] = 0,
    future: Annotated[int | None, typer.Option(min=0, help="which set of parameter values")] = None,
    rollout: Annotated[
        str | None, typer.Option(help="with --arms: a schedule (igrsim list rollouts), or its file")
    ] = None,
    start: Annotated[str | None, typer.Option(help="with --arms: first month of the study, YYYY-MM-01")] = None,
    page: Page = None,
    out: Into = None,
    format: Annotated[Format, typer.Option("--format", help="how the table is printed")] = Format.table,
) -> int:
    """Tell one municipality's meetings and requests, the same months in every arm."""
    from igrsim.runs.chosen import month_in, municipality_in
    from igrsim.runs.diaries_compared import Kept, in_one_sentence, rows
    from igrsim.runs.diary import FEW, keep_diary

    options = {"scope": scope, "seed": seed, "rollout": rollout, "start": start}
    chosen = _chosen(folder, arms, world, future, options)
    if not municipality:
        raise InputError("--municipality CODE is needed, EC441 for example (see: list spaces)", code="E176")
    place = municipality_in(chosen.geography, municipality)
    first = 0
    if month is not None:
        first, months = month_in(chosen.clock, month, "--month"), 1
    elif begin is not None:
        first = month_in(chosen.clock, begin, "--from")
    months = min(months, chosen.clock.months - first)
    people = FEW if citizens is None else citizens
    name = chosen.geography.municipalities.names[place]
    diaries = []
    for told in chosen.runs:
        say(f"living {told.arm} up to {chosen.clock.label(first + months - 1)}")
        diaries.append(Kept(told.arm, tuple(keep_diary(told.spec, place, first, months, people))))
    table = rows(diaries, chosen.clock)
    if format is Format.table:
        _print(table)
    else:
        show(table, format)
    say(in_one_sentence(diaries, name))
    for row in table:
        if row["kind"] == "difference":
            say(row["what"])
    notes = [*chosen.notes, _SAMPLE.format(people=people)]
    for note in notes:
        say(note)
    code = chosen.geography.municipalities.codes[place]
    file = page or (out / f"diary-{code}-{chosen.clock.label(first)}.html" if out is not None else None)
    if file is not None:
        from igrsim.report.diary_page import diary_page
        from igrsim.report.projector import write_page

        given = {"municipality": code, "from": chosen.clock.label(first), "months": months, **options, "arms": arms}
        given |= {"world": world or None, "future": future, "citizens": citizens, "page": file}
        command = " ".join(
            [
                "igrsim diary",
                *([str(folder)] if folder else []),
                *(f"--{k} {v}" for k, v in given.items() if v is not None),
            ]
        )
        space = chosen.geography.spaces.names[chosen.geography.municipalities.space_row[place]]
        kicker = f"{name} ({code}), {space}; {chosen.title}, world {chosen.world}, future {chosen.future}"
        about = {told.arm: told.about for told in chosen.runs}
        write_page(diary_page(diaries, chosen.clock, name, about, kicker, [*CAVEATS, *notes], command), file)
        say(f"page: {file}")
    return 0


CAVEATS = (
    "This is one run: one world and one set of parameter values. It shows how the model works, not what is likely; "
    "differences with intervals stand in the study's report.",
    "How many hours there are, who is willing and what a request takes are assumptions of the model.",
    "A month's answers are counted as one: what the law demands is given first, and the rest is shared out over "
    "departments in proportion to what they asked.",
    "Quiet lines went alike in every arm.",
)
_SAMPLE = "Simulated with {people} citizens: what municipalities do does not depend on how many there are."


def _chosen(folder: Path | None, arms: str | None, world: int, future: int | None, options: dict[str, Any]) -> Any:
    """The runs that are told of: those of a folder, or of regimes named on the spot."""
    from igrsim.runs.chosen import arms_by_regime, arms_of_study

    if (folder is None) == (arms is None):
        raise InputError(
            "name a study's folder, or regimes with --arms siloed,district-hub: one of the two", code="E174"
        )
    if folder is not None:
        given = [f"--{name}" for name, value in options.items() if value is not None]
        if given:
            raise InputError(f"{', '.join(given)}: a folder has its own; only with --arms", code="E175")
        return arms_of_study(folder, world, future)
    regimes = [name.strip() for name in str(arms).split(",") if name.strip()]
    known = {name: value for name, value in options.items() if value is not None}
    return arms_by_regime(regimes, world, future, months=600, **known)


def _print(table: list[dict[str, Any]]) -> None:
    """The lines for a reader, hours in place of minutes; what differs is said apart."""
    lines = [
        {
            **row,
            "hours": _hours(row["minutes"]),
            "displaced_hours": _hours(row["displaced_minutes"]) if row["displaced_minutes"] else None,
        }
        for row in table
        if row["kind"] != "difference"
    ]
    show(lines, Format.table, columns=COLUMNS)


def _hours(minutes: int | None) -> float | None:
    return None if minutes is None else round(minutes / 60, 1)
