"""Plans of roll-out before they are run: named schedules by space, and when money and specialists would let each space start."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from igrsim.government.hub import HubWork
from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import InputError, nearest
from igrsim.kernel.params import ParamSet
from igrsim.places.geography import load_geography
from igrsim.regimes.granting import MILLION, Granted, grant, posts_for, why_never
from igrsim.regimes.limits import NO_LIMITS, Limits, read_limits
from igrsim.regimes.regime import preset
from igrsim.regimes.rollout import Rollout, plan_rollout
from igrsim.regimes.schedule_file import named_schedules

CLOCK = Clock(date(2019, 4, 1), 60)
"""The months over which roll-outs are compared unless the user says otherwise."""


@dataclass(frozen=True)
class Means:
    """What a plan comes to by the model's own rule of granting, month by month.

    Attributes
    ----------
    taken : dict of str to (str or None)
        By space with a start: the month (``YYYY-MM``) in which it is taken in, or None where it never is within the study.
    due, running : list of int
        Spaces due, and taken in, by the end of each month.
    wanted, posts : list of float
        Posts of the hubs that are due, and of those that are taken in and can be kept.
    limit : list of (float or None)
        Posts that money and specialists suffice for; None without a limit.
    rand_million : list of float
        What the posts taken in cost in each month, if all are filled.
    never : str
        Why not all can ever start, where that is so.
    """

    taken: dict[str, str | None]
    due: list[int]
    running: list[int]
    wanted: list[float]
    posts: list[float]
    limit: list[float | None]
    rand_million: list[float]
    never: str


@cache
def plan_of_schedule(name: str) -> tuple[tuple[str, str], ...]:
    """Spaces of the country and the months in which they are due in a named schedule, in the order of its queue."""
    country = load_geography()
    found = plan_rollout(name, country, CLOCK, country)
    rows = [
        (month, rank, code)
        for month, rank, code in zip(found.start, found.rank, country.spaces.codes, strict=True)
        if month is not None
    ]
    return tuple((code, CLOCK.label(month)) for month, _, code in sorted(rows))


def named_plans() -> dict[str, tuple[str, dict[str, float], tuple[tuple[str, str], ...]]]:
    """Title, months to each stage as planned, and spaces with their months, of every schedule that has a name."""
    return {
        name: (schedule.title, dict(schedule.stages), plan_of_schedule(name))
        for name, schedule in named_schedules().items()
    }


def means_of(
    starts: Mapping[str, str],
    *,
    regime: str = "district-hub",
    money: Mapping[str, float] | float | None = None,
    specialists: tuple[int, int] | None = None,
) -> Means:
    """What a plan comes to: the queue, money and specialists decide as they do in a run.

    Parameters
    ----------
    starts : mapping of str to str
        Month (``YYYY-MM``) by space, in the order of the queue.
    money, specialists
        As `igrsim.runs.rollout_study.rollout_study` takes them.

    Raises
    ------
    InputError
        An unknown space, or a month outside the study.
    """
    codes = load_geography().spaces.codes
    for code in starts:
        if code not in codes:
            raise InputError(f"unknown space '{code:.20}'{nearest(code[:20], codes)}", code="E392")
    months = {code: _month(label) for code, label in starts.items()}
    place = {code: n for n, code in enumerate(starts)}
    rollout = Rollout(
        "plan",
        tuple(months.get(code) for code in codes),
        tuple(place.get(code, len(place)) for code in codes),
        limits=_limits(money, specialists),
    )
    posts, rand = _posts(regime)
    granted = grant(rollout, codes, posts, CLOCK, rand)
    return _means(rollout, granted, codes, posts, rand)


def _means(rollout: Rollout, granted: Granted, codes: Sequence[str], posts: Sequence[float], rand: float) -> Means:
    due, taken = rollout.start, granted.of(codes)
    months = range(CLOCK.months)
    wanted = [sum(p for p, m in zip(posts, due, strict=True) if m is not None and m <= now) for now in months]
    there = [
        granted.manned[now] * sum(p for p, m in zip(posts, taken, strict=True) if m is not None and m <= now)
        for now in months
    ]
    limit = [posts_for(rollout.limits, CLOCK, now, rand) for now in months]
    return Means(
        taken={
            code: None if month is None else CLOCK.label(month)
            for code, month, planned in zip(codes, taken, due, strict=True)
            if planned is not None
        },
        due=[sum(m is not None and m <= now for m in due) for now in months],
        running=[sum(m is not None and m <= now for m in taken) for now in months],
        wanted=wanted,
        posts=there,
        limit=[posts if math.isfinite(posts) else None for posts in limit],
        rand_million=[posts * rand / MILLION for posts in there],
        never=why_never(rollout, posts, rand, CLOCK) if rollout.limits else "",
    )


@cache
def _posts(regime: str) -> tuple[tuple[float, ...], float]:
    """Posts of each space's hub in a regime, and what one costs in a month, at the usual numbers."""
    params = ParamSet({})
    arrangement = preset(regime)
    levers = [kind(params) for kind in arrangement.lever_types()]
    posts = arrangement.posts(levers, load_geography().spaces.codes, (), CLOCK.date(CLOCK.months))
    return tuple(posts), float(params[HubWork].rand_per_post)


def _month(label: str) -> int:
    try:
        month = CLOCK.month_of(date.fromisoformat(f"{label}-01"))
    except ValueError:
        month = -1
    if not 0 <= month < CLOCK.months:
        first, last = CLOCK.label(0), CLOCK.label(CLOCK.months - 1)
        raise InputError(f"start '{label:.20}' is no month from {first} to {last}", code="E393")
    return month


def _limits(money: Mapping[str, float] | float | None, specialists: tuple[int, int] | None) -> Limits:
    if money is None and specialists is None:
        return NO_LIMITS
    people = None if specialists is None else {"pool": specialists[0], "trained": specialists[1]}
    return read_limits(money, people)
