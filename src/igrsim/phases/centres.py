"""Thusong centres are sited, built and opened where the rules ask for them; those there are, run and are decided about."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from igrsim.government.thusong import ANCHORS, CORE, Presence, ThusongCentre, ThusongCosts, promised
from igrsim.kernel.draws import code_key
from igrsim.phases.arrangements import quicker, run_centres
from igrsim.phases.feedback import heed
from igrsim.phases.presence import SERVICE_KEYS, decide_presence
from igrsim.places.travel import great_circle_km
from igrsim.world.premises import DEGREE_KM, Coming, find_ways, let_in, offices_near
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


def centres(world: World) -> None:
    """Let a month of building, opening, deciding and running pass."""
    asked = (world.rules.by_space("centres_a_municipality") > 0) | (world.rules.by_space("centres_further") > 0)
    for space in np.flatnonzero(asked).tolist():
        _build(world, space)
    comings = []
    for index, centre in enumerate(world.premises.centres):
        if centre.under_way:
            world.charge("centre building", "nation", centre.space, cents=centre.cost_cents)
            if world.month >= centre.opens:
                comings += _open(world, index, centre)
    let_in(world, comings)
    heed(world)
    decide_presence(world)
    run_centres(world)
    find_ways(world)


def wanted(world: World, space: int) -> tuple[list[int], int]:
    """Municipalities of a space that shall have a centre and have none, and how many further ones the space shall have."""
    ruling = world.rules[space]
    if ruling.centres_a_municipality <= 0 and ruling.centres_further <= 0:
        return [], 0
    table, costs = world.geography.municipalities, world.params[ThusongCosts]
    mine = [c for c in world.premises.centres if c.space == space]
    here = np.flatnonzero((world.municipality_space == space) & table.settled)
    lacking = [int(m) for m in here if not any(c.municipality == m and (c.open or c.under_way) for c in mine)]
    if ruling.centres_a_municipality < 1:
        # a part of a dose serves a part of the municipalities: the most peopled first
        lacking.sort(key=lambda m: (-int(table.population[m]), table.codes[m]))
        served = len(here) - len(lacking)
        lacking = lacking[: max(math.ceil(ruling.centres_a_municipality * len(here) - 1e-9) - served, 0)]
    spaces = world.geography.spaces
    big = spaces.area_km2[space] >= costs.vast_km2 or spaces.population[space] >= costs.dense_people
    further = math.ceil(ruling.centres_further * (2 if big else 1) - 1e-9)
    return sorted(lacking), further - sum(c.further and (c.open or c.under_way) for c in mine)


def _build(world: World, space: int) -> None:
    """Start what the rules ask for, as far as works under way allow."""
    lacking, further = wanted(world, space)
    costs, places = world.params[ThusongCosts], world.geography.settlements
    building = sum(c.under_way for c in world.premises.centres if c.space == space)
    while building < round(costs.at_once) and (lacking or further > 0):
        idle = _closed(world, space, lacking)
        if idle is not None:
            centre, part = idle, costs.refurbish
        else:
            here = places.in_space[space]
            if lacking:
                here = here[np.isin(places.municipality_row[here], lacking)]
            home = site(world, here, anywhere=bool(lacking))
            if home < 0:
                return
            centre, part = _found(world, home, further=not lacking), 1.0
        _begin(world, centre, part)
        lacking = [m for m in lacking if m != centre.municipality]
        further -= centre.further
        building += 1


def _closed(world: World, space: int, lacking: list[int]) -> ThusongCentre | None:
    """A centre that stands closed where one is wanted."""
    idle = [c for c in world.premises.centres if c.space == space and not c.open and not c.under_way]
    return next((c for c in idle if c.municipality in lacking or c.further), None)


def underserved(world: World, rows: I64) -> I64:
    """People of some settlements who live far from Home Affairs, and as many again if far from social security too."""
    ways, far = world.people.ways, world.params[ThusongCosts].underserved
    anchors = (rows[:, None], np.array(ANCHORS), 0)
    minutes = np.where(ways.point[anchors] >= 0, ways.minutes[anchors], np.inf)
    return np.asarray(world.geography.settlements.population[rows] * (minutes > far).sum(axis=1), dtype=np.int64)


def site(world: World, rows: I64, anywhere: bool = False) -> int:
    """The settlement, of some, about which the most underserved of their people live; -1 if there is none.

    Parameters
    ----------
    rows : (n,) int
    anywhere : bool
        Near another centre too, and where nobody is underserved: a municipality shall have its own.
    """
    places = world.geography.settlements
    catchment = world.params[ThusongCosts].catchment_km
    if not anywhere and len(rows):
        # only centres about there need be measured
        lat, margin = places.lat[rows], 2 * catchment / DEGREE_KM
        taken = [c for c in world.premises.centres if c.open or c.under_way]
        about = [c for c in taken if lat.min() - margin <= c.lat <= lat.max() + margin]
        where = np.array([(c.lat, c.lon) for c in about]).reshape(-1, 2)
        km = great_circle_km(where[:, :1], where[:, 1:], lat, places.lon[rows])
        rows = rows[(km > catchment).all(axis=0)]
    if len(rows) == 0:
        return -1
    lat, lon = places.lat[rows], places.lon[rows]
    near = great_circle_km(lat[:, None], lon[:, None], lat, lon) <= catchment
    # people are whole: sums of them are exact
    reached = near.astype(np.float64) @ underserved(world, rows)
    if reached.max() == 0:
        if not anywhere:
            return -1
        reached = near.astype(np.float64) @ places.population[rows]
    # of sites that reach as many, the one where most of them live
    best = np.flatnonzero(reached == reached.max())
    return int(rows[best[np.argmax(places.population[rows[best]])]])


def _found(world: World, home: int, further: bool) -> ThusongCentre:
    """A centre that is yet to be built, at a settlement."""
    places, premises = world.geography.settlements, world.premises
    count = 1 + sum(c.settlement == home for c in premises.centres)
    code = f"TC-{places.codes[home]}-{count}"
    while any(c.code == code for c in premises.centres):
        count += 1
        code = f"TC-{places.codes[home]}-{count}"
    centre = ThusongCentre(
        world.host,
        code=code,
        key=code_key(code),
        name=f"Thusong Service Centre {places.names[home]}",
        settlement=home,
        municipality=int(places.municipality_row[home]),
        space=int(places.space_row[home]),
        lat=float(places.lat[home]),
        lon=float(places.lon[home]),
        opens=world.month,
        open=False,
        neighbours=offices_near(world.points, float(places.lat[home]), float(places.lon[home])),
    )
    centre.further = further
    premises.centres.append(centre)
    return centre


def _begin(world: World, centre: ThusongCentre, part: float) -> None:
    """Works begin; they are paid for month by month."""
    costs = world.params[ThusongCosts]
    given = 1 - costs.site_given * world.good_in("municipal_buy_in", centre.space)
    centre.lead = max(round(costs.lead_months * part * given * quicker(world, centre.space)), 1)
    centre.opens = world.month + centre.lead
    centre.cost_cents = round(100 * costs.building_rand * costs.since_2018 * part / centre.lead)


def _open(world: World, index: int, centre: ThusongCentre) -> list[Coming]:
    """Launch: departments promise to come, fully or in part."""
    centre.open, centre.lead, centre.cost_cents = True, 0, 0
    centre.neighbours = offices_near(world.points, centre.lat, centre.lon)
    presence, promise = world.params[Presence], world.draws["days promised"]
    return [
        Coming(index, service, promised(promise.one(centre.key, int(SERVICE_KEYS[service])), presence))
        for service in CORE
        if service not in centre.neighbours
    ]
