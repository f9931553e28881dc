"""`igrsim journey`: one person's months, the same person in every arm."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from igrsim.cli.output import Format, people_asked, say, show
from igrsim.kernel.errors import InputError, nearest

DEFAULT_PEOPLE = 200_000
DEFAULT_MONTHS = 60


def journey(
    folder: Annotated[
        Path | None, typer.Argument(help="a study's folder; its arms, world and future are taken")
    ] = None,
    arms: Annotated[
        str | None,
        typer.Option(
            help="without a folder: regimes, the first the reference: siloed,district-hub; with one: its arms"
        ),
    ] = None,
    citizen: Annotated[str | None, typer.Option(help="settlement code and number, 160010/3")] = None,
    pick: Annotated[
        str | None,
        typer.Option(
            help="median | worst | best | rural | urban | poorest | grant-without-id | abandoned | stayed-home | different"
        ),
    ] = None,
    scope: Annotated[str | None, typer.Option(help="with regimes: country, pilots, province:NAME, codes")] = None,
    months: Annotated[int | None, typer.Option(min=1, max=600, help="with regimes")] = None,
    citizens: Annotated[str | None, typer.Option(help='with regimes: people simulated, or "everyone"')] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="with regimes")] = None,
    rollout: Annotated[
        str | None, typer.Option(help="with regimes: a schedule (igrsim list rollouts), or its file")
    ] = None,
    start: Annotated[str | None, typer.Option(help="with regimes: first month, YYYY-MM-01")] = None,
    world: Annotated[int, typer.Option(min=0, help="which replication")] = 0,
    future: Annotated[int | None, typer.Option(min=0, help="which set of parameter values")] = None,
    page: Annotated[Path | None, typer.Option(help="write a page worth projecting to this file")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="write the page and the story as JSON into this folder")
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="how the story is printed")] = Format.table,
) -> int:
    """Tell one person's needs, trips, costs and outcomes month by month, the same person in every arm."""
    from igrsim.runs.journey import follow
    from igrsim.runs.journey_words import lines

    if citizen is not None and pick is not None:
        raise InputError("--citizen and --pick: one of the two", code="E186")
    people = None if citizens is None else people_asked(citizens)
    options = {"scope": scope, "months": months, "citizens": people, "seed": seed, "rollout": rollout, "start": start}
    chosen = _chosen(folder, arms, world, future, options)
    found = follow(chosen, citizen, pick or "median", lambda arm: say(f"living {arm}"))
    if format is Format.json:
        print(json.dumps(found.plain(), indent=1, ensure_ascii=False))
    elif format is Format.csv:
        show([line for story in found.arms for line in lines(story, everything=True)], format)
    else:
        _print(found)
    name = found.person.citizen.replace("/", "-")
    file = page or (out / f"journey-{name}.html" if out is not None else None)
    if file is not None:
        from igrsim.report.journey_page import journey_page
        from igrsim.report.projector import write_page

        given = {"arms": arms, "citizen": found.person.citizen, **options, "world": world or None, "future": future}
        words = [f"--{k} {v}" for k, v in given.items() if v is not None]
        command = " ".join(["igrsim journey", *([str(folder)] if folder else []), *words, f"--page {file}"])
        write_page(journey_page(found, command), file)
        say(f"page: {file}")
    if out is not None:
        story = out / f"journey-{name}.json"
        story.write_text(json.dumps(found.plain(), indent=1, ensure_ascii=False), encoding="utf-8", newline="\n")
        say(f"story: {story}")
    return 0


def _chosen(folder: Path | None, arms: str | None, world: int, future: int | None, options: dict[str, Any]) -> Any:
    """The runs that are told of: those of a folder, or of regimes named on the spot."""
    from igrsim.runs.chosen import arms_by_regime, arms_of_study

    names = [name.strip() for name in (arms or "").split(",") if name.strip()]
    if folder is None:
        if not names:
            raise InputError("name a study's folder, or regimes with --arms siloed,district-hub", code="E174")
        known = {"months": DEFAULT_MONTHS, "citizens": DEFAULT_PEOPLE} | {
            name: value for name, value in options.items() if value is not None
        }
        return arms_by_regime(names, world, future, **known)
    given = [f"--{name}" for name, value in options.items() if value is not None]
    if given:
        raise InputError(f"{', '.join(given)}: a folder has its own; only with regimes", code="E175")
    chosen = arms_of_study(folder, world, future)
    if not names:
        return chosen
    runs = {told.arm: told for told in chosen.runs}
    for name in names:
        if name not in runs:
            raise InputError(f"unknown arm '{name}'{nearest(name, runs)}", code="E105")
    return replace(chosen, runs=tuple(told for told in chosen.runs if told.arm in names))


def _print(found: Any) -> None:
    """The person, each story that differs, the sums, and what was different."""
    from igrsim.runs.journey_words import lines, sums, who

    print(f"{found.person.citizen}: {who(found.person)}")
    print(f"({found.picked}; {found.months[0]} to {found.months[1]}, world {found.world}, future {found.future})")
    told: list[Any] = []
    for story in found.arms:
        same = next((other for other in told if other.moments == story.moments), None)
        if same is not None:
            print(f"\n{story.arm}: as in {same.arm}")
            continue
        told.append(story)
        print(f"\n{story.arm}")
        rows = lines(story)
        if rows:
            show(rows, Format.table, columns=["month", "where", "km", "rand", "hours", "happened"])
        else:
            print("no need of papers arose")
    show(sums(found), Format.table)
    for sentence in found.differences + found.notes:
        print(sentence)
