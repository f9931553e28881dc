"""When each space gets a regime's levers: the waves of the 2019 plan, all at once, or a table of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import InputError, nearest
from igrsim.places.geography import Geography
from igrsim.places.user_table import read_rows

PLANS = ("ddm-2019-plan", "ddm-as-found", "all-at-once")


@dataclass(frozen=True)
class Wave:
    """One wave of the 2019 plan: its date, and how many districts and metros it takes in."""

    day: date
    districts: int
    metros: int
    named: tuple[str, ...] = ()


DDM_2019_PLAN = (
    Wave(date(2019, 8, 22), 1, 0, ("DC15",)),
    Wave(date(2019, 9, 15), 1, 1, ("DC36", "ETH")),
    Wave(date(2019, 10, 1), 10, 4),
    Wave(date(2019, 11, 1), 15, 3),
    Wave(date(2019, 11, 15), 17, 0),
)
"""Dates and sizes are those presented to the President's Coordinating Council on 20 August 2019. Which spaces, beyond
the pilots, were in which wave was not published: the poorest first is assumed."""


LAUNCHES = {"DC15": date(2019, 9, 17), "ETH": date(2019, 10, 18), "DC36": date(2019, 11, 26)}
OTHERS_FOUND = date(2020, 8, 1)
"""What happened: the three launches have dates; profiles of the other spaces are listed for August 2020, and all had a plan by 2024."""


@dataclass(frozen=True)
class Rollout:
    """The month of the study in which each space starts, or None where it never does.

    Attributes
    ----------
    name : str
    start : tuple of (int or None)
        By space, in the geography's order. A start before the study is month 0.
    """

    name: str
    start: tuple[int | None, ...]

    def dose(self, space: int, month: int) -> float:
        """1 from a space's start on, 0 before."""
        begin = self.start[space]
        return 1.0 if begin is not None and month >= begin else 0.0

    @property
    def first(self) -> int | None:
        """First month in which any space starts."""
        begun = [s for s in self.start if s is not None]
        return min(begun) if begun else None


def assign_waves(geography: Geography) -> dict[str, date]:
    """Which space joins in which wave of the 2019 plan: those named, then the poorest first."""
    spaces = geography.spaces
    dates: dict[str, date] = {}
    named = {code for wave in DDM_2019_PLAN for code in wave.named}
    order = np.argsort(-spaces.poor_share, kind="stable")
    queue = {
        kind: [spaces.codes[i] for i in order if spaces.kinds[i] == kind and spaces.codes[i] not in named]
        for kind in ("district", "metro")
    }
    for wave in DDM_2019_PLAN:
        for code in wave.named:
            dates[code] = wave.day
        for kind, size in (("district", wave.districts), ("metro", wave.metros)):
            already = sum(code.startswith("DC") == (kind == "district") for code in wave.named)
            for code in queue[kind][: size - already]:
                dates[code] = wave.day
            queue[kind] = queue[kind][size - already :]
    return dates


def plan_rollout(name: str, geography: Geography, clock: Clock, country: Geography, from_month: int = 0) -> Rollout:
    """A roll-out by name or from a table.

    Parameters
    ----------
    name : str
        ``ddm-2019-plan``, ``ddm-as-found``, ``all-at-once``, or the path of a CSV with the columns space and start (YYYY-MM-DD).
    country : Geography
        The whole country: a part of it keeps the dates it has in the whole.
    from_month : int
        Month of the study in which ``all-at-once`` starts.
    """
    codes = geography.spaces.codes
    if name == "all-at-once":
        return Rollout(name, (from_month,) * len(codes))
    if name in ("ddm-2019-plan", "ddm-as-found"):
        if any(code not in country.spaces.index for code in codes):
            # the small synthetic world had no wave: all of it starts after a year
            return Rollout(name, (12,) * len(codes))
        dates = assign_waves(country)
        if name == "ddm-as-found":
            dates = {code: LAUNCHES.get(code, OTHERS_FOUND) for code in dates}
        return Rollout(name, tuple(max(clock.month_of(dates[code]), 0) for code in codes))
    path = Path(name)
    if path.suffix.lower() == ".csv":
        dates = read_rollout(path, country if set(codes) <= set(country.spaces.codes) else geography)
        return Rollout(path.stem, tuple(max(clock.month_of(dates[c]), 0) if c in dates else None for c in codes))
    raise InputError(f"unknown roll-out '{name}'{nearest(name, [*PLANS, 'FILE.csv'])}", code="E112")


def read_rollout(path: Path, geography: Geography) -> dict[str, date]:
    """A user's roll-out table, checked row by row.

    Raises
    ------
    InputError
        A missing column, an unknown or repeated space, a date that is none.
    """
    rows, lines = read_rows(path, ("space", "start"), code="E113", notes=True)
    found: dict[str, date] = {}
    for row, line in zip(rows, lines, strict=True):
        code, day = row["space"], row["start"]
        if code not in geography.spaces.index:
            hint = nearest(code, geography.spaces.codes)
            raise InputError(f"unknown space '{code}'{hint}", file=str(path), line=line, code="E114")
        if code in found:
            raise InputError(f"space '{code}' stands twice", file=str(path), line=line, code="E115")
        try:
            found[code] = date.fromisoformat(day if len(day) > 7 else f"{day}-01")
        except ValueError:
            raise InputError(
                f"start '{day}' is no date; write YYYY-MM-DD", file=str(path), line=line, code="E116"
            ) from None
    return found
