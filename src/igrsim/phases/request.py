"""Departments ask municipalities for indicators; municipalities answer as far as their hours go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.params import Params, param
from igrsim.places.institutions import Institutions
from igrsim.world.world import World

I64 = NDArray[np.int64]


class Reporting(Params, group="reporting"):
    """What answering takes, and what overload does."""

    common_effort: float = param(
        0.25, unit="ratio", low=0.1, high=0.6, grade="assumed", source="assumption",
        meaning="hours to give an indicator once more, under the same definition, over making it once",
    )  # fmt: skip
    own_effort: float = param(
        0.7, unit="ratio", low=0.4, high=1.0, grade="assumed", source="nt-mbrr-2009",
        meaning="hours to give it under another department's own definition, over making it once",
    )  # fmt: skip
    reporting_share: float = param(
        0.6, unit="share", low=0.4, high=0.8, grade="assumed", source="assumption",
        meaning="most of its coordination hours that a municipality gives to reports",
    )  # fmt: skip
    silence: float = param(
        0.5, unit="share", low=0.2, high=0.8, grade="assumed", source="ajam-2025",
        meaning="other than statutory requests that a municipality without any capacity leaves unanswered",
    )  # fmt: skip
    asks_again: float = param(
        0.25, unit="share", low=0.05, high=0.5, grade="assumed", source="nt-mbrr-2009",
        meaning="answers of no credibility at all that a department asks for again the next month",
    )  # fmt: skip
    calls_meeting: float = param(
        0.06, unit="share a month", low=0.02, high=0.15, grade="assumed", source="s0-wc-so10",
        meaning="chance that a department none of whose requests are answered well calls a meeting of its own",
    )  # fmt: skip


@dataclass(frozen=True)
class Due:
    """What falls due in one month of the year, by department.

    Attributes
    ----------
    asks, repeats : (departments,) int
        Indicators asked; asked again for a period for which another department already asks it.
    pooled : (departments,) int
        Repeats under a common definition, which one channel would answer from the first.
    first, common, own : (departments,) int
        Minutes to make indicators once; to give them again; to give them under an own definition.
    statutory : (departments,) int
        Minutes that the law demands.
    """

    asks: I64
    repeats: I64
    pooled: I64
    first: I64
    common: I64
    own: I64
    statutory: I64


def _due(institutions: Institutions, month: int, common_effort: float, own_effort: float) -> Due:
    seats = {d.code: i for i, d in enumerate(institutions.departments)}
    columns = {name: np.zeros(len(seats), np.int64) for name in Due.__dataclass_fields__}
    facts = {i.code: i for i in institutions.indicators}
    seen: set[str] = set()
    # the law's requests come first: what they produce is what others ask for again
    for request in sorted(institutions.requests, key=lambda r: not r.statutory):
        indicator = facts[request.indicator]
        if month not in indicator.due:
            continue
        seat = seats[request.department]
        minutes = 60 * indicator.hours
        columns["asks"][seat] += 1
        if indicator.code not in seen:
            seen.add(indicator.code)
            columns["first"][seat] += round(minutes)
            spent = round(minutes)
        elif request.definition == "common":
            columns["repeats"][seat] += 1
            columns["pooled"][seat] += 1
            spent = round(minutes * common_effort)
            columns["common"][seat] += spent
        else:
            columns["repeats"][seat] += 1
            spent = round(minutes * own_effort)
            columns["own"][seat] += spent
        if request.statutory:
            columns["statutory"][seat] += spent
    return Due(**columns)


def request(world: World) -> None:
    """Send the month's requests and let municipalities answer, keep silent, or drown."""
    reporting = world.params[Reporting]
    kept = world.calendars.setdefault("requests due", {})
    if world.calendar_month not in kept:
        kept[world.calendar_month] = _due(
            world.institutions, world.calendar_month, reporting.common_effort, reporting.own_effort
        )
    due = kept[world.calendar_month]
    now = world.now.by_municipality
    calls: dict[tuple[int, int], float] = {}
    scale = {"metro": 2.5, "district": 0.8, "local": 1.0}
    retired = world.rules.by_space("channels_retired")
    pooled_by_space = np.zeros(world.spaces, np.int64)
    for municipality in world.visit(world.municipalities):
        m, space = municipality.index, municipality.space
        key = int(world.municipality_keys[m])
        pooling = float(retired[space])
        asks, repeats, pooled = int(due.asks.sum()), int(due.repeats.sum()), int(due.pooled.sum())
        again = int(
            world.draws["asked again"].poisson(
                np.array([asks * reporting.asks_again * (1 - municipality.data_quality)]),
                world.ordinal,
                np.array([key], np.uint64),
            )[0]
        )
        spared = round(pooling * (pooled + again))
        size = scale[municipality.kind]
        minutes = (
            int(due.first.sum())
            + round(int(due.common.sum()) * (1 - pooling))
            + int(due.own.sum())
            + round(again * (1 - pooling) * reporting.common_effort * 60 * 4)
        )
        minutes = round(minutes * size)
        must = min(round(int(due.statutory.sum()) * size), minutes)
        # a weak municipality leaves part of what the law does not demand unanswered, and so escapes the load
        silent = reporting.silence * (1 - municipality.condition)
        wanted = must + round((minutes - must) * (1 - silent))
        room = round(municipality.minutes * reporting.reporting_share)
        spent = min(wanted, max(room, must))
        answered = spent / minutes if minutes else 1.0
        profile = int(now["profile_minutes"][m])
        now["report_minutes"][m] += spent + profile
        now["report_overload_ppm"][m] = round(1e6 * wanted / max(room, 1))
        now["asks"][m] += asks + again - spared
        now["repeats"][m] += repeats + again - spared
        now["answered"][m] += round((asks + again - spared) * answered)
        now["dropped"][m] += (asks + again - spared) - round((asks + again - spared) * answered)
        world.charge("reports", "municipality", space, spent + profile)
        pooled_by_space[space] += spared
        # the departments read, compile and chase what they asked for
        world.charge("reports", "nation", space, round(15 * (asks + again - spared)))
        unmet = 1 - answered * municipality.data_quality
        for seat in np.flatnonzero(due.asks):
            weight = calls.get((space, int(seat)), 0.0)
            calls[space, int(seat)] = max(weight, unmet * (1 - pooling))
    for space in range(world.spaces):
        world.totals[f"pooled requests {space}"] = int(pooled_by_space[space])
    for (space, seat), unmet in calls.items():
        forum = world.ad_hoc.get((space, seat))
        if forum is None:
            continue
        chance = reporting.calls_meeting * unmet
        if world.draws["meeting called"].one(world.ordinal, forum.key) < chance:
            forum.called = 1
