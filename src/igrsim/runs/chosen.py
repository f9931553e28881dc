"""Which runs are told of: the arms of a study, or regimes named on the spot, in one world and future."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import InputError, nearest
from igrsim.places.geography import Geography
from igrsim.places.scopes import geography_of
from igrsim.results.results import Results
from igrsim.runs.cell import CellSpec, model_digest
from igrsim.runs.futures import pairs
from igrsim.runs.layout import describe, lay_out
from igrsim.runs.session import comparison
from igrsim.runs.study import Study, check_places, read_study


@dataclass(frozen=True)
class Told:
    """One arm that is told of.

    Attributes
    ----------
    arm : str
    about : str
        Its difference from the reference, in words.
    spec : CellSpec
        What its run depends on.
    """

    arm: str
    about: str
    spec: CellSpec


@dataclass(frozen=True)
class Chosen:
    """Runs of the same world and future, the reference first.

    Attributes
    ----------
    title : str
    runs : tuple of Told
    clock : Clock
    geography : Geography
    world, future : int
    notes : tuple of str
        What a reader must know of the choice.
    """

    title: str
    runs: tuple[Told, ...]
    clock: Clock
    geography: Geography
    world: int
    future: int
    notes: tuple[str, ...] = ()


def arms_of_study(folder: Path, world: int = 0, future: int | None = None) -> Chosen:
    """The arms of a finished study, in one of its worlds and futures; without a future, the world's own."""
    results = Results(folder)
    file = results.folder / "resolved.toml"
    study, _ = read_study(file)
    check_places(study)
    worlds = int(results.manifest["worlds"])
    if not 0 <= world < worlds:
        raise InputError(f"--world {world}: the study has worlds 0 to {worlds - 1}", code="E171")
    made = pairs(study.futures, worlds)
    asked = next(f for f, w in made if w == world) if future is None else future
    notes = []
    if (asked, world) not in made:
        notes.append(f"The study itself did not run world {world} with future {asked}.")
    if results.manifest["versions"]["model"] != model_digest():
        notes.append("The model has changed since the study was run: this is told by the model as it is now.")
    return _choose(study, world, asked, notes)


def arms_by_regime(
    regimes: Sequence[str] | Mapping[str, str | Mapping[str, Any]],
    world: int = 0,
    future: int | None = None,
    **options: Any,
) -> Chosen:
    """Regimes named on the spot; without a future, every parameter at its default.

    Parameters
    ----------
    **options
        scope, months, citizens, rollout, start, seed: as for `igrsim.compare`.
    """
    if world < 0:
        raise InputError(f"--world {world}: 0 or more is needed", code="E171")
    study = comparison(regimes, worlds=1, futures=1 if future is None else 8, workers=1, **options)
    check_places(study)
    notes = ["Every parameter stands at its default."] if future is None else []
    return _choose(study, world, future or 0, notes)


def arms_of(study: Study, world: int = 0) -> Chosen:
    """The arms of a study that need not have been run, in one of its worlds and that world's own future."""
    check_places(study)
    known = study.replication.worlds
    worlds = known if isinstance(known, int) else world + 1
    future = next(f for f, w in pairs(study.futures, worlds) if w == world)
    return _choose(study, world, future, [])


def _choose(study: Study, world: int, future: int, notes: list[str]) -> Chosen:
    plan = lay_out(study)
    if not 0 <= future < len(plan.futures):
        raise InputError(f"--future {future}: there are futures 0 to {len(plan.futures) - 1}", code="E172")
    runs = []
    for arm in sorted(study.arms, key=lambda name: name != study.reference):
        spec = next(cell.spec for cell in plan.cells if cell.arm == arm)
        params = study.params(arm, plan.futures[future])
        spec = replace(spec, world=world, params=tuple(sorted(params.items())))
        runs.append(Told(arm, describe(study, arm), spec))
    return Chosen(
        title=study.title,
        runs=tuple(runs),
        clock=Clock(study.world.start, study.world.months),
        geography=geography_of(study.world.scope),
        world=world,
        future=future,
        notes=tuple(notes),
    )


def month_in(clock: Clock, given: str, option: str) -> int:
    """A month of the study from its name, YYYY-MM.

    Raises
    ------
    InputError
        No month, or one outside the study.
    """
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", given):
        raise InputError(f"{option} {given}: YYYY-MM is needed", code="E107")
    month = clock.month_of(date.fromisoformat(f"{given}-01"))
    if not 0 <= month < clock.months:
        span = f"{clock.label(0)} to {clock.label(clock.months - 1)}"
        raise InputError(f"{option} {given} lies outside the study, which runs from {span}", code="E108")
    return month


def municipality_in(geography: Geography, given: str) -> int:
    """A municipality's row from its code.

    Raises
    ------
    InputError
        With the nearest right code, found by code or by name.
    """
    table = geography.municipalities
    if given in table.codes:
        return int(table.index[given])
    named = [*zip(table.codes, table.codes, strict=True), *zip(table.names, table.codes, strict=True)]
    folded = {word.casefold(): f"{code} {table.names[table.index[code]]}" for word, code in named}
    hint = nearest(given.casefold(), folded)
    found = re.search(r"did you mean '(.+)'\?", hint)
    if found:
        hint = f" (did you mean '{folded[found.group(1)]}'?)"
    raise InputError(f"unknown municipality '{given}' in this scope{hint}", code="E173")
