"""The people of a world: who lives where, how they travel, what is expected of everyone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.citizens.access import Access
from igrsim.citizens.demand import expect
from igrsim.citizens.lives import populate
from igrsim.citizens.population import (
    EVENTS,
    FIFTHS,
    HEADS,
    KINDS,
    Needs,
    hazards,
    wealth_shares,
)
from igrsim.citizens.terms import HOURS_BINS, TALLIES, Book, Conduct, Ways, purpose_keys
from igrsim.kernel.draws import Draws
from igrsim.kernel.params import ParamSet
from igrsim.places.geography import Geography, Settlements, country_of
from igrsim.places.travel import Travel, great_circle_km, nearest_points
from igrsim.services.catalogue import SERVICES, Catalogue
from igrsim.services.points import ServicePoints
from igrsim.world.world import People

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

NEAREST = 6
"""Points of a service that a settlement's people choose among: the nearest by road."""
NORMS_KM = {"home_affairs": 25.0, "home_affairs NC": 50.0, "sassa": 40.0}


def settle(
    geography: Geography,
    points: ServicePoints,
    frame: pd.DataFrame,
    citizens: int,
    params: ParamSet,
    catalogue: Catalogue,
    draws: Draws,
    alone: int | None = None,
    threads: int = 1,
) -> People:
    """The people, the ways they travel, and what is expected of everyone.

    Parameters
    ----------
    alone : int, optional
        The one settlement whose people live; everybody's where there is none.
    threads : int
        Among how many threads a month's people are divided.
    """
    needs, access, travel = params[Needs], params[Access], params[Travel]
    settlements = geography.settlements
    poor = geography.municipalities.poor_share[settlements.municipality_row]
    population = settlements.population
    # a part of the country keeps the nation's fifths
    country = country_of(geography)
    settled = country.municipalities.settled
    nation = np.average(
        country.municipalities.poor_share[settled],
        weights=country.municipalities.population[settled].astype(np.float64),
    )
    wealth = wealth_shares(poor, float(nation))
    drawn = populate(
        settlements,
        settlements.space_row.astype(np.int64),
        wealth,
        citizens,
        needs,
        catalogue,
        draws,
        alone,
        threads,
    )
    hours = np.zeros((len(geography.spaces), HOURS_BINS), dtype=np.int64)
    np.add.at(hours[:, 0], drawn.homes.space, np.diff(drawn.homes.first))
    counters = frame[frame["service"].isin(SERVICES)].sort_values("code", kind="stable").reset_index(drop=True)
    n = len(settlements)
    point, metres, minutes = choices(settlements, points, travel, range(len(SERVICES)))
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
        unready=np.ones(n),
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
        hours=hours,
        threads=threads,
        beyond_home_affairs=shares["home_affairs"],
        beyond_sassa=shares["sassa"],
        settlement_space=settlements.space_row.astype(np.int64),
    )


def choices(
    settlements: Settlements, points: ServicePoints, travel: Travel, services: Iterable[int]
) -> tuple[NDArray[np.int32], NDArray[np.int32], F64]:
    """The points of some services that each settlement's people choose among: rows, metres and minutes, one way.

    Returns
    -------
    point, metres, minutes : (settlements, services, NEAREST)
        -1 beyond the last point.
    """
    wanted = list(services)
    shape = (len(settlements), len(wanted), NEAREST)
    point = np.full(shape, -1, dtype=np.int32)
    metres = np.zeros(shape, dtype=np.int32)
    minutes = np.zeros(shape)
    where = pd.DataFrame({"lat": points.lat, "lon": points.lon})
    for s, service in enumerate(wanted):
        rows = np.flatnonzero((points.service == service) & points.open & ~points.on_rounds)
        if len(rows) == 0:
            continue
        near, how_far, how_long = nearest_points(settlements, where.iloc[rows], NEAREST, travel)
        k = near.shape[1]
        point[:, s, :k] = rows[near]
        metres[:, s, :k] = how_far
        minutes[:, s, :k] = how_long
    return point, metres, minutes


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
        route_goal=catalogue.route_steps[np.arange(len(routes)), catalogue.route_length - 1],
        route_need=catalogue.route_need,
        event_route=np.array([first(e) for e in EVENTS], dtype=np.int8),
        event_variant=np.array([variant(e) for e in EVENTS], dtype=np.int8),
        first_recurring=next(i for i, r in enumerate(routes) if not r.documentary),
        claim_route=first("unemployment_insurance"),
        identity_route=first("identity"),
        identity_token=catalogue.token("identity"),
    )
