"""Drafts of others seen before one's own are laid down: read where calendars are synchronised, or shown at an indaba."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.phases.giving_way import behind, yields
from igrsim.phases.knowing import Pairs, exchanged, knows, on_the_table, read_of, referenced
from igrsim.plans.pipeline import Planning
from igrsim.world.world import World

Flags = NDArray[np.bool_]


def others_mean(world: World, pairs: Pairs) -> Flags:
    """Pairs whose actor sees in time that another means to do the item, and leaves it to them.

    Who knows goes by the same luck as at commitment; who gives way too: nobody has to yield more than then.
    """
    items, planning = world.pipeline, world.params[Planning]
    left = np.zeros(len(pairs), np.bool_)
    if not items.shown.any() and not world.good("synchronised").any():
        return left
    open_drafts = items.drafted | items.early
    about, other = pairs.meeting((open_drafts | items.shown) & ~items.funded)
    met = pairs.those(about)
    item, mine = met.item, met.portfolio
    theirs = items.portfolio[item, other]
    mapped = referenced(world, item, theirs)
    read = read_of(world, item) * mapped * exchanged(world, item, theirs) * open_drafts[item, other]
    shown = planning.joint_sight * on_the_table(world, item, mine, theirs) * mapped
    seen = knows(world, item, mine, theirs) < 1 - (1 - read) * (1 - shown)
    gives_way = behind(world, item, mine, met.slot, theirs, other) & yields(world, item, mine, theirs)
    left[about[seen & gives_way]] = True
    return left
