"""Tenants decide again, each year, whether to keep what they promised a centre; municipalities whether to keep it open."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from igrsim.government.thusong import (
    ANCHORS,
    CORE,
    LADDER,
    MUNICIPAL,
    Presence,
    Tenant,
    ThusongCentre,
    next_rung,
    promised,
)
from igrsim.kernel.draws import code_keys
from igrsim.phases.arrangements import follow_up
from igrsim.plans.calendars import DEPARTMENTS, MUNICIPALITIES
from igrsim.services.catalogue import SERVICES
from igrsim.world.premises import leave, let_in
from igrsim.world.world import World

F64 = NDArray[np.float64]

SERVICE_KEYS = code_keys(SERVICES)
SEEN = (0.05, 4.0)
"""Bounds of footfall as a head office reads it, over the usual."""
LONG_ENOUGH = 6
"""Months after which a presence is first looked at again."""


def decide_presence(world: World) -> None:
    """Let a month pass for what departments and municipalities promised centres."""
    _note_footfall(world)
    held = {}
    for index, centre in enumerate(world.premises.centres):
        if centre.open:
            held[index] = _hold(world, centre, sorted({*centre.tenants, *CORE}))
    _hold_on_the_day(world, held)
    for index in world.visit(held):
        centre = world.premises.centres[index]
        for service in sorted(centre.tenants):
            tenant = centre.tenants[service]
            if world.calendar_month == _decides_in(service):
                if world.points.open[tenant.point]:
                    _decide(world, centre, tenant, held[index][service])
    # who comes to stand at the end of the list of points is taken in one order, whatever the order of visiting
    for index in sorted(held):
        _return(world, index, held[index])
        _promise_more(world, index)
    if world.calendar_month == MUNICIPALITIES.commit_month:
        for index in sorted(held):
            _close(world, world.premises.centres[index])


def _decides_in(service: int) -> int:
    return MUNICIPALITIES.commit_month if service == MUNICIPAL else DEPARTMENTS.commit_month


def _note_footfall(world: World) -> None:
    """Take in last month's expected people and promised days."""
    if world.month == 0:
        return
    points = world.points
    open_, load, days = points.open.tolist(), points.load.tolist(), points.open_days.tolist()
    for centre in world.premises.centres:
        for tenant in centre.tenants.values():
            if open_[tenant.point]:
                tenant.load += load[tenant.point]
                tenant.days += days[tenant.point]
                tenant.months += 1


def holds(world: World, centre: ThusongCentre, service: int) -> float:
    """What holds a presence besides the department's own reasons, in log-odds; nothing in silos."""
    return _hold(world, centre, [service])[service]


def _hold(world: World, centre: ThusongCentre, services: Iterable[int]) -> dict[int, float]:
    p, s = world.params[Presence], centre.space
    found = p.follow_up * follow_up(world, centre)
    found += p.agreement * world.good_in("agency_agreements", s)
    found += p.funding * world.good_in("pooled_centre_funding", s)
    found += p.monitored * world.good_in("centre_monitoring", s)
    champions, ruling = world.good_in("department_champions", s), world.rules[s]
    instructed = ruling.leadership > 0 and (ruling.centre_management > 0 or ruling.centre_services > 0)
    by_service = {}
    for service in services:
        held = found
        if service == MUNICIPAL:
            by_service[service] = held + p.buy_in * world.good_in("municipal_buy_in", s)
            continue
        if champions > 0:
            year = world.clock.financial_year(world.month, _decides_in(service))
            province = int(world.province_keys[world.space_province[s]])
            u = world.draws["department's champion in place"].one(year, int(SERVICE_KEYS[service]), province)
            held += p.champion * champions * (u < p.champion_stays)
        if instructed:
            # directives about centres come from principals who have taken them on
            held += p.instruction * float(world.salience[s])
        by_service[service] = held
    return by_service


def _hold_on_the_day(world: World, held: dict[int, dict[int, float]]) -> None:
    """What holds a presence for the year makes no-shows rarer too; staff who serve for each other stand in."""
    p, premises, points = world.params[Presence], world.premises, world.points
    for index, by_service in held.items():
        centre = premises.centres[index]
        present = {s: t for s, t in centre.tenants.items() if points.open[t.point]}
        skilled = world.good_in("multiskilled_staff", centre.space)
        in_step = follow_up(world, centre)
        for service, tenant in present.items():
            if points.in_step[tenant.point] != in_step:
                points.in_step[tenant.point] = in_step
                premises.days_changed = True
            points.shared[tenant.point] = skilled
            others = [points.days[t.point] for s, t in present.items() if s != service]
            someone = 1 - float(np.prod([1 - min(d / LADDER[-1], 1.0) for d in others])) if others else 0.0
            now = (p.on_the_day * by_service[service], p.stands_in * skilled * someone)
            if premises.hold.get(tenant.point, (0.0, 0.0)) != now:
                premises.hold[tenant.point] = now
                points.absent[tenant.point] = world.no_show * np.exp(-now[0]) * (1 - now[1])


def _decide(world: World, centre: ThusongCentre, tenant: Tenant, held: float) -> None:
    """Keep, cut or extend a promised presence, from footfall, the department's budget and what holds it."""
    if tenant.months < LONG_ENOUGH:
        return
    p, points, point = world.params[Presence], world.points, tenant.point
    year, key = world.ordinal, int(points.key[point])
    used = tenant.load / max(tenant.days * float(points.capacity_a_day[point]), 1e-9)
    monitored = world.good_in("centre_monitoring", centre.space)
    wrong = p.error * (1 - monitored) * float(world.draws["footfall as head office sees it"].normal(year, key))
    footfall = float(np.log(np.clip(used * np.exp(wrong) / p.half_used, *SEEN)))
    if tenant.service == MUNICIPAL:
        purse = int(world.municipality_keys[centre.municipality])
    else:
        purse = int(world.province_keys[world.space_province[centre.space]])
    luck = float(world.draws["department's budget for presence"].normal(year, int(SERVICE_KEYS[tenant.service]), purse))
    odds = p.stay + p.footfall * footfall + p.budget * luck + held
    kept = world.draws["tenant keeps its presence"].one(year, key) < 1 / (1 + np.exp(-odds))
    days = float(points.days[point])
    if not kept:
        days = next_rung(days, up=False)
    elif used > p.crowded and world.draws["tenant comes more often"].one(year, key) < p.grows * (1 - np.exp(-held)):
        days = next_rung(days, up=True)
    tenant.load, tenant.days, tenant.months = 0.0, 0.0, 0
    if days == 0:
        leave(world, tenant)
    elif days != points.days[point]:
        points.days[point] = days
        world.premises.days_changed = True


def _return(world: World, index: int, held: dict[int, float]) -> None:
    """Departments that withdrew may promise to come again, where something holds them."""
    p, centre = world.params[Presence], world.premises.centres[index]
    for service in sorted(centre.tenants):
        tenant = centre.tenants[service]
        if world.calendar_month != _decides_in(service) or world.points.open[tenant.point] or tenant.months:
            continue
        chance = p.returns * (1 - np.exp(-held[service]))
        if world.draws["tenant returns"].one(world.ordinal, int(world.points.key[tenant.point])) < chance:
            let_in(world, centre, index, service, LADDER[1])


def _promise_more(world: World, index: int) -> None:
    """Departments promise to come to a centre that is meant to have their service and never had it."""
    centre = world.premises.centres[index]
    share = world.rules[centre.space].centre_services
    if share <= 0:
        return
    for service in CORE:
        if service in centre.tenants or service in centre.neighbours:
            continue
        who = (centre.key, int(SERVICE_KEYS[service]))
        if world.draws["department promises a centre to come"].one(*who) < share:
            let_in(
                world, centre, index, service, promised(world.draws["days promised"].one(*who), world.params[Presence])
            )


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
        for tenant in centre.tenants.values():
            if world.points.open[tenant.point]:
                leave(world, tenant)
