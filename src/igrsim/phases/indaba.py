"""The yearly indaba on plans: those who come lay what they have in draft, have committed or mean to do side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.phases.decide import quorate
from igrsim.phases.engagement import Meeting
from igrsim.phases.knowing import tables
from igrsim.phases.plan import intended
from igrsim.phases.plan_hours import take_hours
from igrsim.plans.calendars import CYCLES
from igrsim.plans.indaba import Indaba
from igrsim.world.world import World

Flags = NDArray[np.bool_]


def lay_side_by_side(world: World, meetings: list[Meeting]) -> None:
    """Note who sat at each indaba that could be held, and which projects there was time to show."""
    held = quorate(world, [m for m in meetings if world.forums[m.forum].rule == "idp_indaba"])
    if not held:
        return
    departments = len(world.institutions.departments)
    for meeting in held:
        space = int(world.forums[meeting.forum].spaces[0])
        world.sat[space] = False
        world.sat[space, np.flatnonzero(meeting.departments)] = True
        world.sat[space, departments + np.array(meeting.there, dtype=np.int64)] = True
    here = np.zeros(world.spaces, np.bool_)
    here[[int(world.forums[m.forum].spaces[0]) for m in held]] = True
    _lay(world, here)
    items = world.pipeline
    twice = np.bincount(items.space[items.shown.sum(axis=1) > 1], minlength=world.spaces)
    for meeting in held:
        meeting.showed = bool(twice[world.forums[meeting.forum].spaces[0]])


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
    brought = world.sat[space, money.actor[portfolio]] & tables(world, portfolio)
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
