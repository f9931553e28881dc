"""Departments ask municipalities for indicators; municipalities answer as far as their hours go."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.draws import code_key
from igrsim.kernel.params import Params, param
from igrsim.phases.reporting_channel import pass_on
from igrsim.places.institutions import Institutions, Request
from igrsim.world.world import World

F64 = NDArray[np.float64]
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
        meaning="answers of no credibility at all that a department asks for again",
    )  # fmt: skip
    calls_meeting: float = param(
        0.06, unit="share a month", low=0.02, high=0.15, grade="assumed", source="s0-wc-so10",
        meaning="chance that a department whose requests in a space go wholly unanswered calls a meeting of its own",
    )  # fmt: skip
    again_hours: float = param(
        1.0, unit="hours", low=0.25, high=3, grade="assumed", source="assumption",
        meaning="hours to mend and give again an answer that was doubted",
    )  # fmt: skip
    reading_hours: float = param(
        0.25, unit="hours an indicator", low=0.05, high=1, grade="assumed", source="assumption",
        meaning="a department's hours to ask for, read and chase one indicator of one municipality",
    )  # fmt: skip
    agreed: float = param(
        0.7, unit="share", low=0.3, high=0.95, grade="assumed", source="mfma-circular-88",
        meaning="departments' own definitions that give way to a common one, under few and agreed indicators",
    )  # fmt: skip
    fewer: float = param(
        0.35, unit="share", low=0.1, high=0.6, grade="assumed", source="mfma-circular-88",
        meaning="requests that no law demands which are given up, under few and agreed indicators",
    )  # fmt: skip
    metro_scale: float = param(
        2.5, unit="ratio", low=1.5, high=4, grade="assumed", source="assumption",
        meaning="hours of a metropolitan municipality for an indicator over those of a local one",
    )  # fmt: skip
    district_scale: float = param(
        0.8, unit="ratio", low=0.5, high=1.2, grade="assumed", source="assumption",
        meaning="hours of a district municipality for an indicator over those of a local one",
    )  # fmt: skip


@dataclass(frozen=True)
class Due:
    """What falls due in one month of the year, by department.

    Attributes
    ----------
    asks, repeats : (departments,) int
        Indicators asked; asked again for a period for which another department already asks it.
    pooled : (departments,) int
        Repeats under a common definition that no law owes the department: one channel would answer them from the first.
    first, common, own : (departments,) int
        Minutes to make indicators once; to give pooled ones again; to give the others again.
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


@dataclass(frozen=True)
class Asked:
    """One request of one month of the year.

    Attributes
    ----------
    seat : int
        The department that asks, by its column.
    indicator : str
        Code of what it asks for.
    statutory : bool
        The law owes it to this department.
    before : bool
        Another department asks it already for the same period.
    pooled : bool
        Asked before, under a common definition, and owed by no law: one channel would answer it from the first.
    minutes : int
        What it takes a local municipality to give it.
    """

    seat: int
    indicator: str
    statutory: bool
    before: bool
    pooled: bool
    minutes: int


def asked_in(institutions: Institutions, month: int, reporting: Reporting) -> list[Asked]:
    """What departments ask of a municipality in a month of the year, the law's requests first."""
    seats = {d.code: i for i, d in enumerate(institutions.departments)}
    facts = {i.code: i for i in institutions.indicators}
    seen: set[str] = set()
    found = []
    # the law's requests come first: what they produce is what others ask for again
    for request in sorted(institutions.requests, key=lambda r: not r.statutory):
        indicator = facts[request.indicator]
        if month not in indicator.due:
            continue
        before, common = indicator.code in seen, request.definition == "common"
        seen.add(indicator.code)
        effort = (reporting.common_effort if common else reporting.own_effort) if before else 1.0
        found.append(
            Asked(
                seat=seats[request.department],
                indicator=indicator.code,
                statutory=request.statutory,
                before=before,
                pooled=before and common and not request.statutory,
                minutes=round(60 * indicator.hours * effort),
            )
        )
    return found


def asked_here(world: World, space: int) -> list[Asked]:
    """What departments ask of a municipality of a space this month, under the arrangements there."""
    return _asked(world, *(float(world.good(rule)[space]) for rule in REDUCED))


REDUCED = ("fewer_indicators", "grants_consolidated")
"""Rules under which less is asked."""


def _asked(world: World, fewer: float, consolidated: float) -> list[Asked]:
    """What is asked this month under few and agreed indicators and consolidated grants, as far as these go."""
    kept: dict[tuple[object, ...], list[Asked]] = world.calendars.setdefault("requests", {})
    about = (world.calendar_month, fewer, consolidated)
    if about not in kept:
        arranged = replace(world.institutions, requests=_arranged(world, fewer, consolidated))
        kept[about] = asked_in(arranged, world.calendar_month, world.params[Reporting])
    return kept[about]


def _arranged(world: World, fewer: float, consolidated: float) -> tuple[Request, ...]:
    """The requests of a year under few and agreed indicators and consolidated grants, as far as these go."""
    kept: dict[tuple[float, float], tuple[Request, ...]] = world.calendars.setdefault("requests arranged", {})
    if (fewer, consolidated) not in kept:
        agreed = _agreed(world, world.institutions.requests, fewer)
        kept[fewer, consolidated] = _consolidated(agreed, consolidated, world)
    return kept[fewer, consolidated]


def _agreed(world: World, requests: tuple[Request, ...], extent: float) -> tuple[Request, ...]:
    """The requests under few, realistic, agreed indicators: some given up, most under one definition."""
    p = world.params[Reporting]
    kept = []
    for r in requests:
        about = code_key(f"{r.department}/{r.indicator}")
        if not r.statutory and world.draws["request given up"].one(about) < p.fewer * extent:
            continue
        common = r.definition == "common" or world.draws["definition agreed"].one(about) < p.agreed * extent
        kept.append(replace(r, definition="common" if common else r.definition))
    return tuple(kept)


def _consolidated(requests: tuple[Request, ...], extent: float, world: World) -> tuple[Request, ...]:
    """The requests once grants are consolidated: what grant frameworks ask for is asked once, by whom the law names first."""
    told: set[str] = set()
    kept = []
    for r in sorted(requests, key=lambda r: not r.statutory):
        about = code_key(f"{r.department}/{r.indicator}")
        if r.source == "dora" and r.indicator in told and world.draws["grant report given up"].one(about) < extent:
            continue
        told.add(r.indicator)
        kept.append(r)
    return tuple(kept)


def _due(asked: list[Asked], departments: int) -> Due:
    columns = {name: np.zeros(departments, np.int64) for name in Due.__dataclass_fields__}
    for one in asked:
        columns["asks"][one.seat] += 1
        columns["repeats"][one.seat] += one.before
        columns["pooled"][one.seat] += one.pooled
        columns["first" if not one.before else "common" if one.pooled else "own"][one.seat] += one.minutes
        if one.statutory:
            columns["statutory"][one.seat] += one.minutes
    return Due(**columns)


def _due_now(world: World) -> tuple[list[Due], I64]:
    """What falls due this month under each of the arrangements in force, and which of them is in force in each space."""
    kept: dict[int, Due] = world.calendars.setdefault("requests due", {})
    numbers: dict[tuple[float, ...], int] = {}
    extents = zip(*(world.good(rule).tolist() for rule in REDUCED), strict=True)
    number = np.array([numbers.setdefault(extent, len(numbers)) for extent in extents], dtype=np.int64)
    dues = []
    for extent in numbers:
        asked = _asked(world, *extent)
        if id(asked) not in kept:
            kept[id(asked)] = _due(asked, len(world.institutions.departments))
        dues.append(kept[id(asked)])
    return dues, number


@dataclass(frozen=True)
class Reply:
    """How one municipality answered a month's requests, as the month counts it.

    Attributes
    ----------
    again : int
        Answers that were doubted and asked for again.
    replaced : float
        Share of pooled requests that a hub or the province's database answered instead.
    size : float
        Hours of this municipality for an indicator over those of a local one.
    minutes, must, spent : int
        What all of it would take, what the law demands of that, and what was given.
    sent, served : int
        Requests that came, and that were answered.
    profile : int
        Minutes for the data call of the space's profile.
    """

    again: int
    replaced: float
    size: float
    minutes: int
    must: int
    spent: int
    sent: int
    served: int
    profile: int


def request(world: World) -> None:
    """Send the month's requests and let municipalities answer, keep silent, or drown."""
    reporting = world.params[Reporting]
    dues, which = _due_now(world)
    now = world.now.by_municipality
    members = np.bincount(world.municipality_space, minlength=world.spaces)
    scale = {"metro": reporting.metro_scale, "district": reporting.district_scale, "local": 1.0}
    space = world.municipality_space
    replaced = world.channels_replaced()
    retired = world.rules.by_space("channels_retired")
    asks, repeats, pooled, first, common, own, statutory = (
        np.array([getattr(due, name) for due in dues]).sum(axis=1)[which[space]]
        for name in ("asks", "repeats", "pooled", "first", "common", "own", "statutory")
    )
    towns = world.municipalities
    firsts, further = (
        np.array([amount(due).sum() for due in dues])[which] * members
        for amount in (lambda due: due.asks - due.repeats, lambda due: due.pooled)
    )
    database = pass_on(world, firsts, further)
    replaced_in = (replaced + database.share)[space]
    size = np.array([scale[m.kind] for m in towns])
    hours, condition = np.array([m.minutes for m in towns]), np.array([m.condition for m in towns])
    spared = _whole(replaced_in * pooled)
    from_database = database.share[space] * pooled
    stale = from_database * (1 - database.fresh[space])
    quality = world.data_quality()
    # a doubted answer is asked for again by whoever asked; where requests are pooled, fewer do, unless it came late
    again = world.draws["asked again"].poisson(
        (asks - spared) * reporting.asks_again * (1 - quality) + reporting.asks_again * stale,
        world.ordinal,
        world.municipality_keys,
    )
    once_more = _whole(common * (1 - replaced_in)) + own + _whole(60 * reporting.again_hours * again)
    minutes = _whole((first + once_more) * size)
    must = np.minimum(_whole(statutory * size), minutes)
    # a weak municipality leaves part of what the law does not demand unanswered, and so escapes the load
    silent = world.planners.unanswered(world, reporting.silence * (1 - condition))
    wanted = must + _whole((minutes - must) * (1 - silent))
    room = _whole(hours * reporting.reporting_share)
    spent = np.minimum(wanted, np.maximum(room, must))
    answered = np.where(minutes > 0, spent / np.maximum(minutes, 1), 1.0)
    profile = now["profile_minutes"]
    sent = asks + again - spared
    served = _whole(sent * answered)
    now["report_minutes"] += spent + profile
    now["repeat_minutes"] += _whole(spent * once_more * size / np.maximum(minutes, 1))
    now["report_overload_ppm"][:] = _whole(1e6 * (wanted + profile) / np.maximum(room, 1))
    now["asks"] += sent
    now["repeats"] += repeats + again - spared
    now["answered"] += served
    now["dropped"] += sent - served
    world.charge("reports", "municipality", space, spent + profile)
    # whoever answers, departments read
    _charge_departments(
        world,
        np.array([due.asks for due in dues])[which],
        (sent + _whole(from_database)) / np.maximum(asks, 1),
        reporting.reading_hours,
    )
    if world.witness is not None:
        m = world.witness.municipality
        told = (int(column[m]) for column in (minutes, must, spent, sent, served, profile))
        world.witness.asked(world, Reply(int(again[m]), float(replaced_in[m]), float(size[m]), *told))
    shortfall = 1 - answered * quality * (1 - stale / np.maximum(asks, 1))
    # what comes to a hub is all that it was to take over, whether or not it can keep up
    pooled_here = np.array([due.pooled.sum() for due in dues])[which]
    for here, many in enumerate((_whole(retired * pooled_here) * members).tolist()):
        world.totals[f"pooled requests {here}"] = many
    order = np.argsort(shortfall)
    unmet = np.bincount(space[order], weights=shortfall[order], minlength=world.spaces) / np.maximum(members, 1)
    _call_meetings(world, dues, which, reporting.calls_meeting * unmet * (1 - replaced))


def _call_meetings(world: World, dues: list[Due], which: I64, chance: F64) -> None:
    """Departments whose requests in a space go unanswered call meetings of their own.

    Parameters
    ----------
    which : (spaces,) int
        What falls due in each space.
    chance : (spaces,) float
    """
    known, row, space, seat = world.calendars.get("meetings that departments may call", (None,) * 4)
    if known is not world.ad_hoc:
        row = np.array([forum._row for forum in world.ad_hoc.values()], dtype=np.int64)
        space, seat = np.array(list(world.ad_hoc), dtype=np.int64).reshape(-1, 2).T
        world.calendars["meetings that departments may call"] = world.ad_hoc, row, space, seat
    asks = np.array([due.asks for due in dues])[which[space], seat] > 0
    luck = world.draws["meeting called"].uniform(world.ordinal, world.forums.key[row])
    world.forums.called[row[asks & (luck < chance[space])]] = 1


def _charge_departments(world: World, asks: I64, share: F64, hours: float) -> None:
    """Departments' hours to ask each municipality, to read and chase, borne by their spheres.

    Parameters
    ----------
    asks : (spaces, departments) int
        Indicators that each asks of each municipality of a space.
    """
    national = np.array([d.sphere == "national" for d in world.institutions.departments])
    for sphere, those in (("nation", national), ("province", ~national)):
        each = asks[:, those].sum(axis=1)[world.municipality_space]
        world.charge("reports", sphere, world.municipality_space, _whole(60 * hours * share * each))


def _whole(amounts: F64) -> I64:
    return np.rint(amounts).astype(np.int64)
