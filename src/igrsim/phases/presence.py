"""Tenants decide again, each year, whether to keep what they promised a centre; municipalities whether to keep it open."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.thusong import ANCHORS, CORE, LADDER, MUNICIPAL, Presence, ThusongCentre, next_rung, promised
from igrsim.kernel.draws import code_keys
from igrsim.phases.arrangements import follow_up
from igrsim.plans.calendars import DEPARTMENTS, MUNICIPALITIES
from igrsim.services.catalogue import SERVICES
from igrsim.world.premises import Coming, leave, let_in
from igrsim.world.tenancies import Tenancies
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

SERVICE_KEYS = code_keys(SERVICES)
SEEN = (0.05, 4.0)
"""Bounds of footfall as a head office reads it, over the usual."""
LONG_ENOUGH = 6
"""Months after which a presence is first looked at again."""


def decide_presence(world: World) -> None:
    """Let a month pass for what departments and municipalities promised centres."""
    points, premises = world.points, world.premises
    everyone = premises.tenancies
    _note_footfall(world, everyone)
    here = everyone.of(premises.open_now()[everyone.centre])
    hold = holds(world, here.centre, here.service)
    there = points.open[here.point]
    _hold_on_the_day(world, here.of(there), hold[there])
    month = world.calendar_month
    decides = np.where(here.service == MUNICIPAL, MUNICIPALITIES.commit_month, DEPARTMENTS.commit_month) == month
    looks = decides & there & (points.footfall_months[here.point] >= LONG_ENOUGH)
    _decide(world, here.of(looks), hold[looks])
    gone = decides & ~points.open[here.point] & (points.footfall_months[here.point] == 0)
    comings = _returning(world, here.of(gone), hold[gone])
    let_in(world, comings + _promise_more(world))
    if month == MUNICIPALITIES.commit_month:
        for centre in premises.centres:
            if centre.open:
                _close(world, centre)


def _note_footfall(world: World, tenants: Tenancies) -> None:
    """Take in last month's expected people and promised days."""
    if world.month == 0:
        return
    points = world.points
    there = tenants.point[points.open[tenants.point]]
    points.footfall[there] += points.load[there]
    points.footfall_days[there] += points.open_days[there]
    points.footfall_months[there] += 1


def holds(world: World, centre: I64, service: I64) -> F64:
    """What holds services' presence at centres besides the department's own reasons, in log-odds; nothing in silos."""
    p, centres = world.params[Presence], world.premises.centres
    s = np.array([c.space for c in centres], dtype=np.int64)[centre]
    found = p.follow_up * follow_up(world)[centre]
    found = found + p.agreement * world.good("agency_agreements")[s]
    found = found + p.funding * world.good("pooled_centre_funding")[s]
    found = found + p.monitored * world.good("centre_monitoring")[s]
    bought_in = found + p.buy_in * world.good("municipal_buy_in")[s]
    champions = world.good("department_champions")[s]
    if champions.any():
        year = world.clock.financial_year(world.month, DEPARTMENTS.commit_month)
        province = world.province_keys[world.space_province[s]]
        u = world.draws["department's champion in place"].uniform(year, SERVICE_KEYS[service], province)
        found = found + p.champion * champions * (u < p.champion_stays)
    rule = world.rules.by_space
    instructed = (rule("leadership") > 0) & ((rule("centre_management") > 0) | (rule("centre_services") > 0))
    # directives about centres come from principals who have taken them on
    found = found + np.where(instructed, p.instruction * world.salience, 0.0)[s]
    return np.where(service == MUNICIPAL, bought_in, found)


def _hold_on_the_day(world: World, tenants: Tenancies, held: F64) -> None:
    """What holds a presence for the year makes no-shows rarer too; staff who serve for each other stand in."""
    p, points, at = world.params[Presence], world.points, tenants.point
    in_step = follow_up(world)[tenants.centre]
    if (points.in_step[at] != in_step).any():
        points.in_step[at] = in_step
        world.premises.days_changed = True
    skilled = world.good("multiskilled_staff")[tenants.space]
    points.shared[at] = skilled
    hold, stood_in = p.on_the_day * held, p.stands_in * skilled * _someone_there(world, tenants, skilled)
    other = (points.hold[at] != hold) | (points.stood_in[at] != stood_in)
    points.hold[at], points.stood_in[at] = hold, stood_in
    points.absent[at[other]] = world.no_show * np.exp(-hold[other]) * (1 - stood_in[other])


def _someone_there(world: World, tenants: Tenancies, skilled: F64) -> F64:
    """Chance that another tenant of the centre is there on a day; nothing where none could stand in."""
    if not skilled.any():
        return np.zeros(len(skilled))
    away = np.ones((len(world.premises.centres), tenants.slot.max() + 1))
    away[tenants.centre, tenants.slot] = 1 - np.minimum(world.points.days[tenants.point] / LADDER[-1], 1.0)
    others = away[tenants.centre]
    others[np.arange(len(others)), tenants.slot] = 1.0
    return np.asarray(1 - others.prod(axis=1))


def _decide(world: World, tenants: Tenancies, held: F64) -> None:
    """Keep, cut or extend a promised presence, from footfall, the department's budget and what holds it."""
    if not len(held):
        return
    p, points, at, draws = world.params[Presence], world.points, tenants.point, world.draws
    year, key = world.ordinal, points.key[at]
    used = points.footfall[at] / np.maximum(points.footfall_days[at] * points.capacity_a_day[at], 1e-9)
    monitored = world.good("centre_monitoring")[tenants.space]
    wrong = p.error * (1 - monitored) * draws["footfall as head office sees it"].normal(year, key)
    footfall = np.log(np.clip(used * np.exp(wrong) / p.half_used, *SEEN))
    municipal = world.municipality_keys[tenants.municipality]
    purse = np.where(tenants.service == MUNICIPAL, municipal, world.province_keys[world.space_province[tenants.space]])
    luck = draws["department's budget for presence"].normal(year, SERVICE_KEYS[tenants.service], purse)
    odds = p.stay + p.footfall * footfall + p.budget * luck + held
    kept = draws["tenant keeps its presence"].uniform(year, key) < 1 / (1 + np.exp(-odds))
    grows = kept & (used > p.crowded)
    grows &= draws["tenant comes more often"].uniform(year, key) < p.grows * (1 - np.exp(-held))
    days = points.days[at]
    now = np.where(grows, next_rung(days, up=True), np.where(kept, days, next_rung(days, up=False)))
    points.forget_footfall(at)
    leave(world, at[now == 0])
    if ((now > 0) & (now != days)).any():
        points.days[at] = np.where(now > 0, now, days)
        world.premises.days_changed = True


def _returning(world: World, tenants: Tenancies, held: F64) -> list[Coming]:
    """Departments that withdrew may promise to come again, where something holds them."""
    chance = world.params[Presence].returns * (1 - np.exp(-held))
    again = world.draws["tenant returns"].uniform(world.ordinal, world.points.key[tenants.point]) < chance
    return [
        Coming(int(c), int(s), LADDER[1]) for c, s in zip(tenants.centre[again], tenants.service[again], strict=True)
    ]


def _promise_more(world: World) -> list[Coming]:
    """Departments promise to come to centres that are meant to have their service and never had it."""
    share, comings = world.rules.by_space("centre_services"), []
    if not share.any():
        return []
    for index, centre in enumerate(world.premises.centres):
        if not centre.open or share[centre.space] <= 0:
            continue
        for service in CORE:
            if service in centre.tenants or service in centre.neighbours:
                continue
            who = (centre.key, int(SERVICE_KEYS[service]))
            if world.draws["department promises a centre to come"].one(*who) < share[centre.space]:
                days = promised(world.draws["days promised"].one(*who), world.params[Presence])
                comings.append(Coming(index, service, days))
    return comings


def has_anchor(world: World, centre: ThusongCentre) -> bool:
    """Whether Home Affairs or the social security agency can be met at a centre."""
    there = {s for s, t in centre.tenants.items() if world.points.open[t.point]} | centre.neighbours
    return centre.open and bool(there & set(ANCHORS))


def tenant_days(world: World, centre: ThusongCentre) -> float:
    """Days a month that tenants promise a centre, over all tenants."""
    if not centre.open:
        return 0.0
    points = world.points
    return float(sum(points.days[t.point] for t in centre.tenants.values() if points.open[t.point]))


def _close(world: World, centre: ThusongCentre) -> None:
    """A municipality that cannot keep a centre open closes it, and its tenants leave."""
    if centre.opens == world.month:
        return
    p = world.params[Presence]
    condition = world.municipalities[centre.municipality].condition
    chance = 2 * (1 - condition) * p.closes * (1.0 if has_anchor(world, centre) else p.no_anchor)
    chance *= 1 - p.pooled_keeps * world.good_in("pooled_centre_funding", centre.space)
    chance *= np.exp(-p.buy_in * world.good_in("municipal_buy_in", centre.space))
    if world.draws["centre is closed"].one(world.ordinal, centre.key) < chance:
        centre.open = False
        leave(world, [t.point for t in centre.tenants.values() if world.points.open[t.point]])
