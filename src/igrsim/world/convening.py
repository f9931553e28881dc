"""The government of a world: municipalities and their condition, departments, forums and who is invited."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.government.centre import Centre, CentreWork
from igrsim.government.department import Department
from igrsim.government.forum import Forum
from igrsim.government.hub import HubWork
from igrsim.government.municipality import CLASS_SHARES, Administration, Municipality
from igrsim.kernel.draws import Draws, code_key, code_keys
from igrsim.kernel.params import Params, ParamSet, param
from igrsim.kernel.same import Same
from igrsim.places.geography import Geography, country_of
from igrsim.places.institutions import Institutions
from igrsim.places.travel import Travel, great_circle_km
from igrsim.plans.indaba import Indaba

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

PRETORIA = (-25.7461, 28.1881)


class Meetings(Params, group="meetings"):
    """What going to a meeting takes."""

    official_speed: float = param(
        80, unit="km/h", low=60, high=100, grade="assumed", source="assumption",
        meaning="speed of an official's car between towns, by road",
    )  # fmt: skip
    ad_hoc_hours: float = param(
        2.5, unit="hours", low=1, high=4, grade="assumed", source="assumption",
        meaning="length of a meeting that a department calls",
    )  # fmt: skip
    ad_hoc_preparation: float = param(
        2, unit="hours", low=0.5, high=5, grade="assumed", source="assumption",
        meaning="preparation for it, each delegate",
    )  # fmt: skip
    task_team_hours: float = param(
        3, unit="hours", low=1.5, high=6, grade="assumed", source="s3-ddm-lessons",
        meaning="length of a task team's monthly meeting with its work-streams, and each delegate's preparation",
    )  # fmt: skip
    longest_travel: float = param(
        8, unit="hours", low=4, high=12, grade="assumed", source="assumption",
        meaning="working hours that a journey to a meeting takes at most, one way (beyond it people fly)",
    )  # fmt: skip


def govern(host: Any, geography: Geography, params: ParamSet, draws: Draws) -> list[Municipality]:
    """The municipalities; which of them are in which condition follows poverty and size, and luck."""
    table = geography.municipalities
    # which municipality is in which condition does not depend on what else is in the scope
    everyone = country_of(geography).municipalities
    admin = params[Administration]
    hours = {"A": admin.metro_hours, "B1": admin.city_hours, "B2": admin.city_hours, "C": admin.district_hours}
    kinds = {"A": "metro", "B": "local", "C": "district"}
    # the weakest are where people are poorest and towns smallest; the rest is luck that lasts
    strain = everyone.poor_share + admin.condition_luck * draws["municipal condition"].normal(code_keys(everyone.codes))
    strain = strain - admin.condition_size * np.array([m in ("A", "B1", "B2") for m in everyone.miif])
    ranked = np.argsort(np.argsort(strain)[::-1]) / max(len(strain), 1)
    place = ranked[[everyone.index[code] for code in table.codes]]
    steps = np.linspace(admin.condition_dysfunctional, 0.9, len(CLASS_SHARES))
    grade = np.searchsorted(np.cumsum(CLASS_SHARES)[:-1], place, side="right")
    return [
        Municipality(
            host,
            code=code,
            index=i,
            space=int(table.space_row[i]),
            kind=kinds[table.categories[i]],
            minutes=round(60 * hours.get("C" if table.categories[i] == "C" else table.miif[i], admin.town_hours)),
            condition=float(steps[grade[i]]),
        )
        for i, code in enumerate(table.codes)
    ]


def departments_of(
    host: Any, geography: Geography, institutions: Institutions
) -> tuple[list[Department], dict[str, int]]:
    """National departments, and each province's departments of every type."""
    seats = {d.code: i for i, d in enumerate(institutions.departments)}
    made = []
    for d in institutions.departments:
        provinces: list[str | None] = list(geography.provinces.codes) if d.sphere == "provincial" else [None]
        for province in provinces:
            code = d.code if province is None else f"{province}-{d.code}"
            made.append(
                Department(
                    host,
                    code=code,
                    kind=d.code,
                    seat=seats[d.code],
                    sphere=d.sphere,
                    province=province,
                    key=code_key(code),
                )
            )
    return made, seats


def centres_of(host: Any, geography: Geography, params: ParamSet, draws: Draws) -> list[Centre]:
    """The national centre and each province's, with the partnership that luck gave it."""
    codes = ("ZA", *geography.provinces.codes)
    return [
        Centre(
            host,
            code=code,
            key=code_key(code),
            partnership=partnership_drawn(params[CentreWork], draws, code_key(code), 0),
        )
        for code in codes
    ]


def partnership_drawn(work: CentreWork, draws: Draws, key: int, when: int) -> float:
    """How well those in a centre happen to work together: at the start, or once a champion has left."""
    z = float(draws["partnership in a centre"].normal(np.array([key], dtype=np.uint64), when)[0])
    return float(np.clip(work.partnership + work.partnership_spread * z, 0.05, 0.95))


Facts = dict[str, Any]
"""What is known of a forum before anybody has met: shared by every run of a process, and changed by none."""


def _gathered(host: Any, facts: Facts) -> Forum:
    # who is invited is the one thing that a run may change
    return Forum(host, **(facts | {"seats": facts["seats"].copy()}))


def _seats(institutions: Institutions) -> dict[str, int]:
    return {d.code: i for i, d in enumerate(institutions.departments)}


def _travel_minutes(table: Any, who: I64, lat: float, lon: float, travel: Travel, meetings: Meetings) -> I64:
    km = travel.detour * great_circle_km(table.lat[who], table.lon[who], lat, lon)
    hours = np.minimum(km / meetings.official_speed, meetings.longest_travel)
    return np.asarray(np.rint(2 * 60 * np.where(km < 3, 0.0, hours)), dtype=np.int64)


def convene(
    host: Any,
    geography: Geography,
    institutions: Institutions,
    params: ParamSet,
    seats: dict[str, int],
    sectors: list[str],
) -> list[Forum]:
    """Every forum of the table, in each jurisdiction in which it meets."""
    return [
        _gathered(host, facts)
        for facts in _of_the_table(Same(geography), Same(institutions), params[Travel], params[Meetings])
    ]


@lru_cache(maxsize=4)
def _of_the_table(
    whole: Same[Geography], tables: Same[Institutions], roads: Travel, meetings: Meetings
) -> tuple[Facts, ...]:
    geography, institutions = whole.it, tables.it
    seats, sectors = _seats(institutions), [s.code for s in institutions.sectors]
    table, spaces, provinces = geography.municipalities, geography.spaces, geography.provinces
    kinds = np.array([{"A": "metro", "B": "locals", "C": "district"}[c] for c in table.categories])
    made = []
    for fact in institutions.forums:
        if fact.level == "national":
            places = [("ZA", np.arange(len(spaces)), np.flatnonzero(np.isin(table.codes, fact.towns)))]
        elif fact.level == "province":
            places = [
                (
                    p,
                    np.flatnonzero(np.array(spaces.provinces) == p),
                    np.flatnonzero(np.array(table.provinces) == p),
                )
                for p in provinces.codes
            ]
        else:
            places = [
                (s, np.array([i]), np.flatnonzero(table.space_row == i))
                for i, s in enumerate(spaces.codes)
                if fact.spaces in ("all", spaces.kinds[i])
            ]
        for code, covered, there in places:
            if fact.place not in ("", code):
                continue
            if fact.level != "space":
                covered = covered[[fact.spaces in ("all", spaces.kinds[i]) for i in covered]]
            invited = np.array(
                [
                    m
                    for m in there
                    if table.codes[m] in fact.towns
                    or (
                        kinds[m] in fact.members
                        and fact.spaces in ("all", "metro" if kinds[m] == "metro" else "district")
                    )
                ],
                dtype=np.int64,
            )
            if len(covered) == 0:
                continue
            if fact.level != "national" and not len(invited) and not fact.seats and "departments" not in fact.members:
                continue
            if fact.venue == "pretoria":
                where = PRETORIA
            elif fact.venue == "capital" or fact.level == "province":
                home = provinces.codes.index(code if fact.level == "province" else spaces.provinces[covered[0]])
                where = (float(provinces.lat[home]), float(provinces.lon[home]))
            else:
                where = (float(spaces.seat_lat[covered[0]]), float(spaces.seat_lon[covered[0]]))
            if fact.venue == "seat" and fact.level == "province":
                travel = np.array(
                    [
                        int(
                            _travel_minutes(
                                table,
                                np.array([m]),
                                float(spaces.seat_lat[table.space_row[m]]),
                                float(spaces.seat_lon[table.space_row[m]]),
                                roads,
                                meetings,
                            )[0]
                        )
                        for m in invited
                    ],
                    dtype=np.int64,
                )
            else:
                travel = _travel_minutes(table, invited, *where, roads, meetings)
            if fact.venue == "online":
                travel = np.zeros(len(invited), np.int64)
            agenda = np.array([s in fact.sectors for s in sectors])
            asked = np.zeros(len(seats), np.bool_)
            if fact.convener in seats:
                asked[seats[fact.convener]] = True
            asked[[seats[code] for code in fact.seats]] = True
            if "departments" in fact.members:
                for d in institutions.departments:
                    if d.sphere == "private":
                        continue
                    national_only = fact.level == "national" and d.sphere != "national" and len(fact.sectors) < 3
                    if set(d.sectors) & set(fact.sectors) and not national_only:
                        asked[seats[d.code]] = True
            made.append(
                Facts(
                    code=f"{fact.code}@{code}",
                    key=code_key(f"{fact.code}@{code}"),
                    name=fact.name,
                    level=fact.level,
                    convener=seats.get(fact.convener, -1),
                    spaces=covered,
                    municipalities=invited,
                    seats=asked,
                    sectors=agenda,
                    a_year=fact.meetings_per_year,
                    minutes=round(60 * fact.hours),
                    preparation=round(60 * fact.prep_hours),
                    delegates=fact.delegates,
                    travel=travel,
                    statutory=fact.statutory,
                    retirable=fact.retirable,
                )
            )
    return tuple(made)


def standby(
    host: Any,
    geography: Geography,
    institutions: Institutions,
    params: ParamSet,
    seats: dict[str, int],
    sectors: list[str],
) -> tuple[dict[tuple[int, int], Forum], list[Forum]]:
    """Meetings that departments may call in a space, its hub's forum and its task team: none meets by itself."""
    numbers = params[Travel], params[Meetings], params[HubWork]
    called, joint = _standing_by(Same(geography), Same(institutions), *numbers)
    return {who: _gathered(host, facts) for who, facts in called.items()}, [_gathered(host, facts) for facts in joint]


@lru_cache(maxsize=4)
def _standing_by(
    whole: Same[Geography], tables: Same[Institutions], roads: Travel, meetings: Meetings, work: HubWork
) -> tuple[dict[tuple[int, int], Facts], tuple[Facts, ...]]:
    geography, institutions = whole.it, tables.it
    seats, sectors = _seats(institutions), [s.code for s in institutions.sectors]
    table, spaces, team = geography.municipalities, geography.spaces, meetings.task_team_hours
    ad_hoc, joint = {}, []
    requesting = sorted({r.department for r in institutions.requests})
    for i, space in enumerate(spaces.codes):
        invited = np.flatnonzero(table.space_row == i)
        where = (float(spaces.seat_lat[i]), float(spaces.seat_lon[i]))
        travel = _travel_minutes(table, invited, *where, roads, meetings)
        for department in requesting:
            fact = institutions.departments[seats[department]]
            asked = np.zeros(len(seats), np.bool_)
            asked[seats[department]] = True
            ad_hoc[i, seats[department]] = Facts(
                code=f"ad-hoc:{department}@{space}",
                key=code_key(f"ad-hoc:{department}@{space}"),
                name=f"Meeting called by {fact.name}",
                level="space",
                convener=seats[department],
                spaces=np.array([i]),
                municipalities=invited,
                seats=asked,
                sectors=np.array([s in fact.sectors for s in sectors]),
                a_year=0,
                minutes=round(60 * meetings.ad_hoc_hours),
                preparation=round(60 * meetings.ad_hoc_preparation),
                delegates=1,
                travel=travel,
                statutory=0.0,
                retirable=True,
                ad_hoc=True,
            )
        asked = np.array(
            [d.role == "sector" or d.code in ("DCOG", "PRES", "PCOGTA", "OTP") for d in institutions.departments]
        )
        for code, name, a_year, hours, prepared, delegates, of_hub in (
            ("hub", "Joint meeting called by the district hub", 0, work.meeting_hours, work.preparation_hours, work.delegates, True),
            ("task-team", "Intergovernmental task team and work-streams", 12, team, team, 1, False),
        ):  # fmt: skip
            joint.append(
                Facts(
                    code=f"{code}@{space}",
                    key=code_key(f"{code}@{space}"),
                    name=name,
                    level="space",
                    convener=seats.get("DCOG", -1),
                    spaces=np.array([i]),
                    municipalities=invited,
                    seats=asked,
                    sectors=np.ones(len(sectors), np.bool_),
                    a_year=a_year,
                    minutes=round(60 * hours),
                    preparation=round(60 * prepared),
                    delegates=round(delegates),
                    travel=travel,
                    # no law names it before the regulations of 2024
                    statutory=0.0,
                    retirable=False,
                    of_hub=of_hub,
                    rule="" if of_hub else "task_teams",
                )
            )
    return ad_hoc, tuple(joint)


def indabas(
    host: Any, geography: Geography, institutions: Institutions, params: ParamSet, seats: dict[str, int]
) -> list[Forum]:
    """Each space's yearly indaba on plans and budgets, convened by provincial cooperative governance where the rule is in force."""
    numbers = params[Travel], params[Meetings], params[Indaba]
    return [_gathered(host, facts) for facts in _indabas(Same(geography), Same(institutions), *numbers)]


@lru_cache(maxsize=4)
def _indabas(
    whole: Same[Geography], tables: Same[Institutions], roads: Travel, meetings: Meetings, work: Indaba
) -> tuple[Facts, ...]:
    geography, institutions = whole.it, tables.it
    seats, table, spaces = _seats(institutions), geography.municipalities, geography.spaces
    asked = np.array([d.role == "sector" or d.code in ("PCOGTA", "OTP", "PT") for d in institutions.departments])
    made = []
    for i, space in enumerate(spaces.codes):
        invited = np.flatnonzero(table.space_row == i)
        where = (float(spaces.seat_lat[i]), float(spaces.seat_lon[i]))
        made.append(
            Facts(
                code=f"idp-indaba@{space}",
                key=code_key(f"idp-indaba@{space}"),
                name="Indaba on integrated development plans",
                level="space",
                convener=seats.get("PCOGTA", -1),
                spaces=np.array([i]),
                municipalities=invited,
                seats=asked,
                # it is about plans: problems between governments are not put to it
                sectors=np.zeros(len(institutions.sectors), np.bool_),
                a_year=1,
                minutes=round(60 * work.hours),
                preparation=round(60 * work.preparation),
                delegates=round(work.delegates),
                travel=_travel_minutes(table, invited, *where, roads, meetings),
                statutory=0.0,
                retirable=False,
                rule="idp_indaba",
                month=round(work.month),
            )
        )
    return tuple(made)
