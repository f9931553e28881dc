"""How a world is put together from tables, parameters and keyed draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.citizens.demand import expect
from igrsim.citizens.month import TALLIES, Access, Book, Conduct, Ways, purpose_keys
from igrsim.citizens.population import (
    EVENTS,
    FIFTHS,
    HEADS,
    KINDS,
    Needs,
    hazards,
    populate,
    wealth_shares,
)
from igrsim.government.department import Department
from igrsim.government.forum import Forum
from igrsim.government.hub import HubWork
from igrsim.government.municipality import CLASS_SHARES, Administration, Municipality
from igrsim.kernel.clock import Clock
from igrsim.kernel.draws import Draws, code_key, code_keys
from igrsim.kernel.params import Params, ParamSet, param
from igrsim.places.geography import Geography
from igrsim.places.institutions import Institutions, load_institutions
from igrsim.places.travel import Travel, great_circle_km, nearest_points
from igrsim.plans.pipeline import Pipeline, Portfolios, Programme, SectorShares
from igrsim.services.catalogue import SERVICES, Catalogue, load_catalogue
from igrsim.services.points import Desks, ServicePoints, lay_out
from igrsim.world.rules import Rules
from igrsim.world.world import People, Problems, World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

NEAREST = 6
"""Points of a service that a settlement's people choose among: the nearest by road."""
PRETORIA = (-25.7461, 28.1881)
NORMS_KM = {"home_affairs": 25.0, "home_affairs NC": 50.0, "sassa": 40.0}


class Meetings(Params, group="meetings"):
    """What going to a meeting takes."""

    official_speed: float = param(
        80, unit="km/h", low=60, high=100, grade="assumed", source="assumption",
        meaning="speed of an official's car between towns, by road",
    )  # fmt: skip
    longest_travel: float = param(
        8, unit="hours", low=4, high=12, grade="assumed", source="assumption",
        meaning="working hours that a journey to a meeting takes at most, one way (beyond it people fly)",
    )  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """What a world is built from.

    Attributes
    ----------
    geography, points : Geography, DataFrame
        The scope and its service points.
    citizens : int
        People simulated, at most the population.
    reverse : bool
        Visit agents in reverse order.
    """

    geography: Geography
    points: pd.DataFrame
    clock: Clock
    citizens: int
    institutions: Institutions | None = None
    catalogue: Catalogue | None = None
    reverse: bool = False


def build(host: Any, setting: Setting, params: ParamSet, draws: Draws) -> World:
    """Put a world together.

    Parameters
    ----------
    host : mesa.Model
        The model the agents belong to; its random streams are never used.
    """
    geography = setting.geography
    institutions = setting.institutions or load_institutions()
    catalogue = setting.catalogue or load_catalogue()
    spaces = geography.spaces
    access = params[Access]
    points = lay_out(
        setting.points,
        dict(spaces.index),
        params[Desks],
        params[Travel],
        access.no_show,
        access.offline,
        access.opening_minutes,
    )
    people = settle(geography, points, setting.points, setting.citizens, params, catalogue, draws)
    municipalities = govern(host, geography, params, draws)
    departments, seats = departments_of(host, geography, institutions)
    sectors = [s.code for s in institutions.sectors]
    forums = convene(host, geography, institutions, params, seats, sectors)
    ad_hoc, hub_forums = standby(host, geography, institutions, params, seats, sectors)
    everywhere = [*forums, *ad_hoc.values(), *hub_forums]
    places: list[list[list[int]]] = [[[] for _ in sectors] for _ in spaces.codes]
    for index, forum in enumerate(everywhere):
        for space in forum.spaces:
            for sector in np.flatnonzero(forum.sectors):
                places[space][sector].append(index)
    most = max(len(p) for row in places for p in row)
    n = len(spaces)
    seat_count = len(institutions.departments)
    portfolios = fund(geography, institutions, params, seats)
    return World(
        clock=setting.clock,
        params=params,
        draws=draws,
        geography=geography,
        institutions=institutions,
        catalogue=catalogue,
        points=points,
        people=people,
        rules=Rules(spaces.codes),
        municipalities=municipalities,
        departments=departments,
        forums=everywhere,
        ad_hoc=ad_hoc,
        hub_forums=hub_forums,
        hubs={},
        problems=Problems(
            space=np.zeros(0, np.int64),
            sector=np.zeros(0, np.int64),
            born=np.zeros(0, np.int64),
            key=np.zeros(0, np.uint64),
            spent=np.zeros((0, most)),
            tabled=np.zeros((0, most), np.int64),
            referred=np.zeros(0, np.int64),
            open=np.zeros(0, np.bool_),
        ),
        problem_forums=places,
        ties=np.zeros((len(municipalities), seat_count)),
        peer_ties=np.zeros((n, seat_count, seat_count)),
        portfolios=portfolios,
        pipeline=Pipeline(slots=portfolios.slots.shape[2]),
        seat_keys=code_keys(d.code for d in institutions.departments),
        space_keys=code_keys(spaces.codes),
        municipality_keys=code_keys(geography.municipalities.codes),
        sector_keys=code_keys(sectors),
        municipality_space=geography.municipalities.space_row.astype(np.int64),
        host=host,
        reverse=setting.reverse,
    )


def settle(
    geography: Geography,
    points: ServicePoints,
    frame: pd.DataFrame,
    citizens: int,
    params: ParamSet,
    catalogue: Catalogue,
    draws: Draws,
) -> People:
    """The people, the ways they travel, and what is expected of everyone."""
    needs, access, travel = params[Needs], params[Access], params[Travel]
    settlements = geography.settlements
    poor = geography.municipalities.poor_share[settlements.municipality_row]
    population = settlements.population
    drawn = populate(
        settlements,
        settlements.space_row.astype(np.int64),
        poor,
        citizens,
        needs,
        catalogue,
        draws,
    )
    wealth = wealth_shares(poor, population.astype(np.float64))
    counters = frame[frame["service"].isin(SERVICES)].sort_values("code", kind="stable").reset_index(drop=True)
    n = len(settlements)
    point = np.full((n, len(SERVICES), NEAREST), -1, dtype=np.int32)
    metres = np.zeros((n, len(SERVICES), NEAREST), dtype=np.int32)
    minutes = np.zeros((n, len(SERVICES), NEAREST))
    for s, service in enumerate(SERVICES):
        rows = np.flatnonzero((counters["service"] == service).to_numpy())
        if len(rows) == 0:
            continue
        near, how_far, how_long = nearest_points(settlements, counters.iloc[rows], NEAREST, travel)
        k = near.shape[1]
        point[:, s, :k] = rows[near]
        metres[:, s, :k] = how_far
        minutes[:, s, :k] = how_long
    rural = settlements.rural
    density = np.where(rural, travel.rural_density, travel.urban_density)
    ways = Ways(
        lat=settlements.lat.astype(np.float64),
        lon=settlements.lon.astype(np.float64),
        point=point,
        metres=metres,
        minutes=minutes,
        spread_km2=population / density / np.pi / 2.0,
        access_minutes=np.where(rural, travel.rural_access, travel.urban_access),
        local_per_km=np.where(rural, 60.0 / travel.rural_speed, 60.0 / travel.urban_speed),
        road_per_km=60.0 / travel.open_road_speed,
        local_metres=1000.0 * travel.local_km,
        walk_metres=1000.0 * travel.walk_km,
        walk_per_km=60.0 / travel.walk_speed,
        detour=travel.detour,
        boarding_cents=100.0 * travel.boarding_fare,
        per_km_cents=100.0 * travel.fare_per_km,
    )
    steps = np.arange(FIFTHS)[::-1] - 2
    gradient = needs.wealth_gradient ** (steps / 2.0)
    per_rand = access.per_rand * gradient
    missing = np.clip(access.missing_papers * gradient, 0, 1)
    conduct = Conduct(
        going=access.going,
        per_minute=access.per_minute,
        per_rand=per_rand,
        per_queue_minute=access.per_queue_minute,
        outings=round(access.outings),
        knows_visiting=access.knows_visiting,
        missing_papers=missing,
        give_up=access.give_up,
        patience=round(access.patience),
        give_up_waiting=access.give_up_waiting,
        lags=np.array([round(access.lag_birth), round(access.lag_identity), round(access.lag_medical)]),
        opening=access.opening_minutes,
        early=access.early_start,
        clinic=needs.clinic_visit / 12.0,
        collects=needs.collects_in_person,
        late_birth=needs.late_birth,
        sworn=needs.sworn_route,
        lost=needs.lost_identity,
        signings=round(needs.signings),
    )
    shares = _beyond(settlements, counters, travel, geography)
    cells = len(geography.spaces) * len(KINDS) * FIFTHS * len(HEADS)
    return People(
        citizens=drawn,
        demand=expect(population, wealth, needs, access, catalogue),
        conduct=conduct,
        book=open_book(catalogue),
        ways=ways,
        hazard=np.cumsum(hazards(needs), axis=2),
        keys=purpose_keys(draws),
        rand_weight=wealth @ per_rand,
        missing=wealth @ missing,
        tally=np.zeros((cells, len(catalogue.needs), len(TALLIES)), dtype=np.int64),
        arrivals=np.zeros(len(points), dtype=np.int64),
        beyond_home_affairs=shares["home_affairs"],
        beyond_sassa=shares["sassa"],
        settlement_space=settlements.space_row.astype(np.int64),
    )


def _beyond(settlements: Any, counters: pd.DataFrame, travel: Travel, geography: Geography) -> dict[str, F64]:
    """People of each settlement who live beyond the norm distance of an office, straight-line km as the norm has it."""
    province = np.array(geography.spaces.provinces)[settlements.space_row]
    beyond = {}
    for service in ("home_affairs", "sassa"):
        offices = counters[(counters["service"] == service) & (counters["kind"] == "office")]
        norm = np.full(len(settlements), NORMS_KM[service])
        if service == "home_affairs":
            norm[province == "NC"] = NORMS_KM["home_affairs NC"]
        if len(offices) == 0:
            beyond[service] = settlements.population.astype(np.float64)
            continue
        near, _, _ = nearest_points(settlements, offices, 1, travel)
        lat, lon = offices["lat"].to_numpy(), offices["lon"].to_numpy()
        km = great_circle_km(settlements.lat, settlements.lon, lat[near[:, 0]], lon[near[:, 0]])
        beyond[service] = np.where(km > norm, settlements.population, 0).astype(np.float64)
    return beyond


def open_book(catalogue: Catalogue) -> Book:
    """The catalogue of procedures as the kernel reads it."""
    routes = catalogue.routes

    def first(need: str) -> int:
        return next(i for i, r in enumerate(routes) if r.need == need and not r.when)

    def variant(need: str) -> int:
        return {"late": 1, "sworn": 2}.get(next((r.when for r in routes if r.need == need and r.when), ""), 0)

    for event in EVENTS:
        if variant(event) and not routes[first(event) + 1].when:
            raise ValueError(f"the other route of {event} must follow its plain one")
    return Book(
        service=catalogue.step_service,
        requires=catalogue.step_requires,
        gives=catalogue.step_gives,
        consumes=catalogue.step_consumes,
        lag=catalogue.step_lag,
        papers=catalogue.step_papers,
        desk_share=catalogue.step_desk_share,
        lag_token=catalogue.lag_token,
        route_steps=catalogue.route_steps,
        route_length=catalogue.route_length,
        route_need=catalogue.route_need,
        event_route=np.array([first(e) for e in EVENTS], dtype=np.int8),
        event_variant=np.array([variant(e) for e in EVENTS], dtype=np.int8),
        first_recurring=next(i for i, r in enumerate(routes) if not r.documentary),
        claim_route=first("unemployment_insurance"),
        identity_route=first("identity"),
        identity_token=catalogue.token("identity"),
    )


def govern(host: Any, geography: Geography, params: ParamSet, draws: Draws) -> list[Municipality]:
    """The municipalities; which of them are in which condition follows poverty and size, and luck."""
    table = geography.municipalities
    admin = params[Administration]
    hours = {
        "A": admin.metro_hours,
        "B1": admin.city_hours,
        "B2": admin.city_hours,
        "C": admin.district_hours,
    }
    kinds = {"A": "metro", "B": "local", "C": "district"}
    keys = code_keys(table.codes)
    # the weakest are where people are poorest and towns smallest; the spread is a standing share of luck
    strain = table.poor_share + 0.15 * draws["municipal condition"].normal(keys)
    strain = strain - 0.1 * np.array([m in ("A", "B1", "B2") for m in table.miif])
    place = np.argsort(np.argsort(strain)[::-1]) / max(len(strain), 1)
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
        provinces: list[str | None] = [None] if d.sphere == "national" else list(geography.provinces.codes)
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


def _travel_minutes(table: Any, who: I64, lat: float, lon: float, params: ParamSet) -> I64:
    km = params[Travel].detour * great_circle_km(table.lat[who], table.lon[who], lat, lon)
    hours = np.minimum(km / params[Meetings].official_speed, params[Meetings].longest_travel)
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
    table, spaces, provinces = geography.municipalities, geography.spaces, geography.provinces
    kinds = np.array([{"A": "metro", "B": "locals", "C": "district"}[c] for c in table.categories])
    made = []
    for fact in institutions.forums:
        if fact.level == "national":
            places = [("ZA", np.arange(len(spaces)), np.zeros(0, np.int64))]
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
            if fact.level != "space":
                covered = covered[[fact.spaces in ("all", spaces.kinds[i]) for i in covered]]
            invited = np.array(
                [
                    m
                    for m in there
                    if kinds[m] in fact.members
                    and fact.spaces in ("all", "metro" if kinds[m] == "metro" else "district")
                ],
                dtype=np.int64,
            )
            if len(covered) == 0:
                continue
            if fact.level != "national" and len(invited) == 0 and "departments" not in fact.members:
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
                                params,
                            )[0]
                        )
                        for m in invited
                    ],
                    dtype=np.int64,
                )
            else:
                travel = _travel_minutes(table, invited, *where, params)
            agenda = np.array([s in fact.sectors for s in sectors])
            asked = np.zeros(len(seats), np.bool_)
            if fact.convener in seats:
                asked[seats[fact.convener]] = True
            if "departments" in fact.members:
                for d in institutions.departments:
                    national_only = fact.level == "national" and d.sphere != "national" and len(fact.sectors) < 3
                    if set(d.sectors) & set(fact.sectors) and not national_only:
                        asked[seats[d.code]] = True
            made.append(
                Forum(
                    host,
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
    return made


def standby(
    host: Any,
    geography: Geography,
    institutions: Institutions,
    params: ParamSet,
    seats: dict[str, int],
    sectors: list[str],
) -> tuple[dict[tuple[int, int], Forum], list[Forum]]:
    """Meetings that departments may call in a space, and each space's hub forum: none meets by itself."""
    table, spaces = geography.municipalities, geography.spaces
    work = params[HubWork]
    ad_hoc, hub_forums = {}, []
    requesting = sorted({r.department for r in institutions.requests})
    for i, space in enumerate(spaces.codes):
        invited = np.flatnonzero(table.space_row == i)
        where = (float(spaces.seat_lat[i]), float(spaces.seat_lon[i]))
        travel = _travel_minutes(table, invited, *where, params)
        for department in requesting:
            fact = institutions.departments[seats[department]]
            asked = np.zeros(len(seats), np.bool_)
            asked[seats[department]] = True
            ad_hoc[i, seats[department]] = Forum(
                host,
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
                minutes=150,
                preparation=120,
                delegates=1,
                travel=travel,
                statutory=0.0,
                retirable=True,
                ad_hoc=True,
            )
        asked = np.array([d.role == "sector" or d.code in ("DCOG", "PCOGTA", "OTP") for d in institutions.departments])
        hub_forums.append(
            Forum(
                host,
                code=f"hub@{space}",
                key=code_key(f"hub@{space}"),
                name="District Development Model joint forum",
                level="space",
                convener=seats.get("DCOG", -1),
                spaces=np.array([i]),
                municipalities=invited,
                seats=asked,
                sectors=np.ones(len(sectors), np.bool_),
                a_year=0,
                minutes=round(60 * work.meeting_hours),
                preparation=240,
                delegates=2,
                travel=travel,
                statutory=0.5,
                retirable=False,
                of_hub=True,
            )
        )
    return ad_hoc, hub_forums


def fund(geography: Geography, institutions: Institutions, params: ParamSet, seats: dict[str, int]) -> Portfolios:
    """Divide each space's contestable money over sectors and the actors whose mandates allow them."""
    programme, parts = params[Programme], params[SectorShares]
    table, spaces = geography.municipalities, geography.spaces
    total = sum(getattr(parts, s.code) for s in institutions.sectors)
    rows: list[tuple[int, int, int, bool, float, int, str]] = []
    slots: dict[tuple[int, int], list[int]] = {}
    for i, space in enumerate(spaces.codes):
        local = [int(m) for m in np.flatnonzero(table.space_row == i) if table.categories[m] != "C"]
        district = [int(m) for m in np.flatnonzero(table.space_row == i) if table.categories[m] == "C"]
        for k, sector in enumerate(institutions.sectors):
            money = programme.per_person * float(spaces.population[i]) * getattr(parts, sector.code) / total
            for actor, weight in institutions.shares(sector.code, spaces.kinds[i]).items():
                if actor in seats:
                    slots_of = local
                    rows.append(
                        (
                            seats[actor],
                            i,
                            k,
                            False,
                            weight,
                            round(100 * money * weight),
                            f"{actor}@{space}/{sector.code}",
                        )
                    )
                    for m in slots_of:
                        slots.setdefault((m, k), []).append(len(rows) - 1)
                elif actor == "district":
                    for d in district:
                        rows.append(
                            (
                                len(seats) + d,
                                i,
                                k,
                                True,
                                weight,
                                round(100 * money * weight),
                                f"{table.codes[d]}/{sector.code}",
                            )
                        )
                        for m in local:
                            slots.setdefault((m, k), []).append(len(rows) - 1)
                else:
                    for m in local:
                        share = float(table.population[m]) / float(spaces.population[i])
                        rows.append(
                            (
                                len(seats) + m,
                                i,
                                k,
                                True,
                                weight,
                                round(100 * money * weight * share),
                                f"{table.codes[m]}/{sector.code}",
                            )
                        )
                        slots.setdefault((m, k), []).append(len(rows) - 1)
    most = max(len(s) for s in slots.values())
    grid = np.full((len(table), len(institutions.sectors), most), -1, dtype=np.int64)
    for (m, k), found in slots.items():
        grid[m, k, : len(found)] = found
    actor, space_, sector_, municipal, weight_, cents, names = zip(*rows, strict=True)
    return Portfolios(
        actor=np.array(actor, dtype=np.int64),
        space=np.array(space_, dtype=np.int64),
        sector=np.array(sector_, dtype=np.int64),
        municipal=np.array(municipal, dtype=np.bool_),
        weight=np.array(weight_, dtype=np.float64),
        cents=np.array(cents, dtype=np.int64),
        key=code_keys(names),
        slots=grid,
    )
