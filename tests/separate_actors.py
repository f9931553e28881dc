"""A world in which each space has its own copy of every actor that spaces share."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Collection
from typing import Any

import numpy as np
import pytest

from igrsim.government.forum import Forum
from igrsim.government.working_group import WorkingGroup
from igrsim.kernel.draws import code_key
from igrsim.world.ruling import SILOS
from igrsim.world.world import World


def _own_forums(convene: Callable[..., list[Forum]]) -> Callable[..., list[Forum]]:
    def convened(host: Any, geography: Any, *rest: Any) -> list[Forum]:
        return [own for forum in convene(host, geography, *rest) for own in _copies(forum, geography)]

    return convened


def _copies(forum: Forum, geography: Any) -> list[Forum]:
    """A forum in each space it covers, with that space's members."""
    copies = []
    for space in forum.spaces:
        mine = geography.municipalities.space_row[forum.municipalities] == space
        own = copy.copy(forum)
        own.code = f"{forum.code}/{geography.spaces.codes[space]}"
        own.key = code_key(own.code)
        own.spaces = np.array([space])
        own.municipalities, own.travel = forum.municipalities[mine], forum.travel[mine]
        copies.append(own)
    return copies


def _own_officials(attention: Callable[..., Any]) -> Callable[..., Any]:
    def divided(world: World, forum: Any, minutes: Any, national: Any, near: Any) -> Any:
        where = world.forums.home[forum]
        found = np.ones(minutes.shape)
        for space in np.unique(where):
            mine = np.flatnonzero(where == space)
            found[mine] = attention(world, forum[mine], minutes[mine], national, near)
        return found

    return divided


def _one_by_one(phase: Callable[..., None]) -> Callable[..., None]:
    """A phase lived for each space as if nothing were coordinated in any other."""

    def lived(world: World, *rest: Any) -> None:
        rulings, hubs = world.rules.rulings, world.hubs
        for space in range(world.spaces):
            world.rules.rulings = tuple(r if i == space else SILOS for i, r in enumerate(rulings))
            world.hubs = {i: hub for i, hub in hubs.items() if i == space}
            phase(world, *rest)
        world.rules.rulings, world.hubs = rulings, hubs

    return lived


class _Groups:
    """What other phases read of the working groups of all spaces."""

    def __init__(self, groups: list[WorkingGroup]) -> None:
        self.settled = np.array([group.settled[i] for i, group in enumerate(groups)])
        self.given_up = np.array([group.given_up for group in groups])
        self.taken_over = np.array([group.taken_over[i] for i, group in enumerate(groups)])
        self.differentiated = np.array([group.differentiated[i] for i, group in enumerate(groups)])


def _own_groups(month: Callable[[World], None]) -> Callable[[World], None]:
    def lived(world: World) -> None:
        rulings, outside = world.rules.rulings, world.rules.elsewhere
        sectors = len(world.sector_keys)
        made = world.calendars.setdefault(
            "own groups",
            [WorkingGroup(world.host, spaces=world.spaces, sectors=sectors) for _ in range(world.spaces)],
        )
        world.rules.elsewhere = ()
        for space, group in enumerate(made):
            world.rules.rulings = tuple(r if i == space else SILOS for i, r in enumerate(rulings))
            world.group = group
            month(world)
        world.rules.rulings, world.rules.elsewhere = rulings, outside
        world.group = _Groups(made)  # type: ignore[assignment]

    return lived


OWN = {
    # national and provincial forums, of which each space's would have that space's members only
    "forums": ("world.build", "convene", _own_forums),
    # national departments' officials, whose hours for meetings are for all spaces
    "officials": ("phases.meet", "_departments_attention", _own_officials),
    # specialists of the centres, who help spaces on their way to a plan
    "specialists": ("phases.roll_out", "_lend", _one_by_one),
    # the working group on alignment, whose queue and hours are for all spaces
    "group": ("phases.adjudicate", "_have_a_month", _own_groups),
    # ministers and premiers, whose hours are divided over the spaces they lead
    "principals": ("phases.lead", "_committee_and_premiers", _one_by_one),
}
"""Actors that spaces share: where each is lived, and how each space gets one of its own."""


def separate(patch: pytest.MonkeyPatch, but: Collection[str] = ()) -> None:
    """Give each space its own copy of every shared actor, or of all but some kinds."""
    for actor, (room, function, own) in OWN.items():
        if actor not in but:
            # a phase's file and its function share a name
            module = sys.modules[f"igrsim.{room}"]
            patch.setattr(module, function, own(getattr(module, function)))
