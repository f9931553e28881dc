"""When each space gets a regime's levers: a schedule by its name, from a file or in one line, over a study's months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import InputError, nearest
from igrsim.places.geography import Geography
from igrsim.regimes.limits import NO_LIMITS, Limits
from igrsim.regimes.orders import neighbours
from igrsim.regimes.schedule import USUAL_STAGES, Schedule, check_shared
from igrsim.regimes.schedule_file import FILES, named_schedules, read_schedule
from igrsim.regimes.schedule_line import is_line, read_line

AT_ONCE = "all-at-once"
MADE_UP_AFTER = 12
"""A made-up world has no wave: all of it starts after a year."""


@dataclass(frozen=True)
class Rollout:
    """The month of the study in which each space starts, or None where it never does.

    Attributes
    ----------
    name : str
    start : tuple of (int or None)
        By space, in the geography's order. A start before the study is month 0.
    rank : tuple of int
        By space: its place in the queue, where several are due.
    stages : mapping of str to float
        Months from a space's start to the end of each stage, as planned.
    limits : Limits
        Money and specialists that there are for hubs.
    shared : tuple of tuple of str
        Spaces that share one hub.
    """

    name: str
    start: tuple[int | None, ...]
    rank: tuple[int, ...] = ()
    stages: Mapping[str, float] = field(default_factory=lambda: USUAL_STAGES)
    limits: Limits = NO_LIMITS
    shared: tuple[tuple[str, ...], ...] = ()

    def dose(self, space: int, month: int) -> float:
        """1 from a space's start on, 0 before."""
        begin = self.start[space]
        return 1.0 if begin is not None and month >= begin else 0.0

    @property
    def first(self) -> int | None:
        """First month in which any space starts."""
        begun = [s for s in self.start if s is not None]
        return min(begun) if begun else None


def is_file(name: str) -> bool:
    """Whether a roll-out is named by its file; what begins as dates written out is none, however it ends."""
    return Path(name).suffix.lower() in FILES and not is_line(name)


def plan_rollout(name: str, geography: Geography, clock: Clock, country: Geography, from_month: int = 0) -> Rollout:
    """A roll-out by name or from a file.

    Parameters
    ----------
    name : str
        Of a schedule, or the path of one: TOML, a CSV or a workbook with the columns space and start (YYYY-MM-DD); or the
        schedule itself in one line (``2019-04: DC12 DC15; 2020-04: BUF``).
    country : Geography
        The whole country: a part of it keeps the dates it has in the whole.
    from_month : int
        Month of the study in which a made-up world starts ``all-at-once``.

    Raises
    ------
    InputError
        An unknown name, or what is wrong in a file.
    """
    codes = geography.spaces.codes
    known = set(codes) <= set(country.spaces.codes)
    if is_file(name):
        whole = country if known else geography
        schedule = read_schedule(Path(name), whole)
    elif is_line(name):
        whole = country if known else geography
        schedule = read_line(name, whole)
    elif name in named_schedules():
        whole, schedule = country, named_schedules()[name]
        if not known:
            return Rollout(
                name, (from_month if name == AT_ONCE else MADE_UP_AFTER,) * len(codes), tuple(range(len(codes)))
            )
    else:
        hint = nearest(name, [*named_schedules(), *(f"FILE{end}" for end in FILES)])
        raise InputError(f"unknown roll-out '{name}'{hint}", code="E112")
    return _laid_out(schedule, name, geography, clock, whole)


def _laid_out(schedule: Schedule, name: str, geography: Geography, clock: Clock, whole: Geography) -> Rollout:
    check_shared(schedule.shared, neighbours(whole), name)
    starts = schedule.starts(whole, clock)
    rank = {code: place for place, code in enumerate(starts)}
    codes = geography.spaces.codes
    return Rollout(
        Path(name).stem if is_file(name) else name,
        tuple(max(starts[code], 0) if code in starts else None for code in codes),
        tuple(rank.get(code, len(rank)) for code in codes),
        schedule.stages,
        schedule.limits,
        schedule.shared,
    )
