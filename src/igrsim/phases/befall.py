"""Events befall the world: dated, placed, and the same in every arm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.population import EVENTS
from igrsim.kernel.params import Params, param
from igrsim.phases.lead import champion_leaves
from igrsim.services.catalogue import SERVICES
from igrsim.world.events import (
    BudgetShock,
    ChampionLeaves,
    Circumstances,
    DemandSurge,
    Election,
    Lockdown,
    OfficeCloses,
    Placed,
)
from igrsim.world.world import BEARERS, World

Flags = NDArray[np.bool_]


class Handover(Params, group="handover"):
    """What municipal elections do to those who deal with other governments."""

    ties_lost: float = param(
        0.5, unit="share", low=0.2, high=0.8, grade="assumed", source="structures-1998",
        meaning="ties between a municipality and a department that end with the council that made them",
    )  # fmt: skip
    months: float = param(
        3, unit="months", low=1, high=6, grade="assumed", source="structures-1998",
        meaning="time from elections until the new council and its appointments work as the old one did",
    )  # fmt: skip
    attendance: float = param(
        0.6, unit="ratio", low=0.3, high=0.9, grade="assumed", source="assumption",
        meaning="willingness of a municipality to attend during the handover over what it is otherwise",
    )  # fmt: skip
    authority: float = param(
        0.5, unit="ratio", low=0.2, high=0.9, grade="assumed", source="assumption",
        meaning="what its delegation contributes to decisions during the handover over what it does otherwise",
    )  # fmt: skip


def befall(world: World) -> None:
    """Let the events in force this month take hold."""
    if not world.events:
        return
    world.circumstances = Circumstances.usual(len(world.portfolios.key), len(world.municipalities), world.spaces)
    world.points.closed[:] = 0.0
    for placed in world.events:
        age = world.month - placed.first
        if age >= 0:
            HANDLERS[type(placed.event)](world, placed, placed.event, age)


def _election(world: World, placed: Placed, event: Election, age: int) -> None:
    p = world.params[Handover]
    struck = np.flatnonzero(placed.municipalities)
    if age == 0:
        keys = world.municipality_keys[struck]
        luck = world.draws["tie ends with the council"].uniform(world.ordinal, keys[:, None], world.seat_keys[None, :])
        world.ties[struck] = np.where(luck < p.ties_lost, 0.0, world.ties[struck])
    if age < round(p.months):
        now = world.circumstances
        now.willing[struck] = np.minimum(now.willing[struck], p.attendance)
        now.authority[struck] = np.minimum(now.authority[struck], p.authority)


def _office_closes(world: World, placed: Placed, event: OfficeCloses, age: int) -> None:
    if event.office in world.points.codes and (event.months is None or age < event.months):
        world.points.closed[world.points.codes.index(event.office)] = 1.0


def _demand_surge(world: World, placed: Placed, event: DemandSurge, age: int) -> None:
    settlements = world.geography.settlements
    struck = placed.municipalities[settlements.municipality_row]
    if age >= event.months or not struck.any():
        return
    need = EVENTS.index(event.need)
    more = np.zeros((len(settlements), len(EVENTS)))
    if event.times is not None:
        more[struck, need] = event.times - 1
    else:
        assert event.people is not None
        # a space has the same surge whatever else is in the scope: its people's part of all who live there
        demand, space = world.people.demand, settlements.space_row
        usual = demand.entry[:, demand.event == need].sum(axis=1)
        usual_there = np.bincount(space[struck], weights=usual[struck], minlength=world.spaces)
        people = np.bincount(space[struck], weights=settlements.population[struck], minlength=world.spaces)
        share = people / placed.people_there * event.people / event.months
        more[struck, need] = (share / np.maximum(usual_there, 1e-12))[space[struck]]
    now = world.circumstances
    now.surge = more if now.surge is None else now.surge + more


def _champion_leaves(world: World, placed: Placed, event: ChampionLeaves, age: int) -> None:
    if age == 0:
        champion_leaves(world, placed.spaces)


def _budget_shock(world: World, placed: Placed, event: BudgetShock, age: int) -> None:
    if age >= event.months:
        return
    money = world.portfolios
    departments = len(world.institutions.departments)
    # municipalities' own money is struck with them, departments' with the space it is for
    own = money.actor >= departments
    struck = np.where(own, placed.municipalities[np.maximum(money.actor - departments, 0)], placed.spaces[money.space])
    if event.municipalities and not (event.spaces or event.provinces):
        struck &= own
    if event.sphere is not None:
        struck &= world.bearer_of(money.actor) == BEARERS.index(event.sphere)
    if event.sectors:
        codes = [s.code for s in world.institutions.sectors]
        struck &= np.isin(money.sector, [codes.index(s) for s in event.sectors])
    world.circumstances.budget_factor[struck] *= 1 + event.share


def _lockdown(world: World, placed: Placed, event: Lockdown, age: int) -> None:
    days = event.in_force(world.clock.date(world.month), world.clock.date(world.month + 1))
    points, now = world.points, world.circumstances
    shut = placed.spaces[points.space] & np.isin(points.service, [SERVICES.index(s) for s in event.services])
    # stages that follow each other within a month add up
    points.closed[shut] = np.minimum(points.closed[shut] + days * event.offices_closed, 1.0)
    there = placed.spaces
    now.called_off[there] = np.minimum(now.called_off[there] + days * event.meetings_called_off, 1.0)
    now.journeys[there] = np.maximum(now.journeys[there] - days * event.meetings_remote, 0.0)


HANDLERS: dict[type, Callable[[World, Placed, Any, int], None]] = {
    Election: _election,
    OfficeCloses: _office_closes,
    DemandSurge: _demand_surge,
    ChampionLeaves: _champion_leaves,
    BudgetShock: _budget_shock,
    Lockdown: _lockdown,
}
