"""The yearly indaba on plans: those who come lay what they have in draft, have committed or mean to do side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.phases.engagement import Meetings
from igrsim.phases.knowing import tables
from igrsim.phases.plan import intended
from igrsim.phases.plan_hours import take_hours
from igrsim.plans.calendars import CYCLES
from igrsim.plans.indaba import Indaba
from igrsim.world.world import World

Flags = NDArray[np.bool_]


def lay_side_by_side(world: World, meetings: Meetings) -> None:
    """Note who sat at each indaba that could be held, and which projects there was time to show."""
    forums = world.forums
    if "idp_indaba" not in forums.rules:
        return
    held = np.flatnonzero(meetings.quorate & (forums.rule[meetings.forum] == forums.rules.index("idp_indaba")))
    if not len(held):
        return
    departments = len(world.institutions.departments)
    space = forums.home[meetings.forum]
    world.sat[space[held]] = False
    world.sat[space[held], :departments] = meetings.departments[held]
    came = np.isin(meetings.attended, held)
    world.sat[space[meetings.attended[came]], departments + meetings.town[came]] = True
    here = np.zeros(world.spaces, np.bool_)
    here[space[held]] = True
    _lay(world, here)
    items = world.pipeline
    twice = np.bincount(items.space[items.shown.sum(axis=1) > 1], minlength=world.spaces)
    meetings.showed[held] = twice[space[held]] > 0


def on_hand(world: World) -> Flags:
    """What each actor could lay before an indaba: its drafts, or what it means to draft; commitments not yet let."""
    items, money = world.pipeline, world.portfolios
    found = items.drafted | (items.funded & ~items.building)
    slots = money.slots[items.municipality, items.sector]
    for cycle in CYCLES:
        mine = (slots >= 0) & (money.municipal[np.maximum(slots, 0)] == (cycle.sphere == "municipalities"))
        if not items.drafted[mine].any():
            found |= intended(world, cycle)
    return np.asarray(found)


def _lay(world: World, here: Flags) -> None:
    items, money, work = world.pipeline, world.portfolios, world.params[Indaba]
    items.shown[here[items.space]] = False
    item, slot = np.nonzero(on_hand(world) & here[items.space][:, None])
    portfolio = money.slots[items.municipality[item], items.sector[item], slot]
    space = items.space[item]
    brought = world.sat[space, money.actor[portfolio]] & tables(world, space, portfolio)
    item, slot, portfolio, space = (column[brought] for column in (item, slot, portfolio, space))
    take_hours(world, space, portfolio, work.laying * world.rules.by_space("idp_indaba")[space])
    # the largest come first; what does not fit into the hours is not shown
    order = np.lexsort((money.key[portfolio], items.key[item], -items.cents[item], space))
    first = np.searchsorted(space[order], space[order], side="left")
    room = int(60 * work.hours / work.minutes_a_project)
    fits = order[np.arange(len(order)) - first < room]
    luck = world.draws["laid on the table"].uniform(world.ordinal, items.key[item], money.key[portfolio])
    fits = fits[luck[fits] < world.good("idp_indaba")[space[fits]]]
    items.shown[item[fits], slot[fits]] = True
