"""Principals give a space their time, and forget it again; champions leave."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.government.centre import CentreWork, Principals
from igrsim.world.convening import partnership_drawn
from igrsim.world.frozen import Frozen
from igrsim.world.world import World

CENTRES = ("OTP", "PCOGTA", "DCOG")
"""Departments whose hold on municipalities rests on a political champion."""


def lead(world: World) -> None:
    """Let attention fade and grow, and partnerships with it."""
    p = world.params[Principals]
    world.salience *= 1 - p.fades
    _committee_and_premiers(world, p)
    _imbizos(world, p)
    _partnerships(world)


def _grow(world: World, share: NDArray[np.float64]) -> None:
    share = share * (1 - world.params[Frozen].benefits)
    world.salience[:] = 1 - (1 - world.salience) * (1 - share)


def _committee_and_premiers(world: World, p: Principals) -> None:
    """A fixed number of hours, divided over however many spaces are led at once."""
    led = world.rules.by_space("leadership")
    if not led.any():
        return
    part = world.spaces / max(world.spaces_in_country, 1)
    national = p.minister_hours * part * led / max(led.sum(), 1.0)
    in_province = np.bincount(world.space_province, weights=led, minlength=len(world.centres) - 1)
    share = world.part_of_province() / np.maximum(in_province, 1.0)
    provincial = p.premier_hours * led * share[world.space_province]
    where = np.arange(world.spaces)
    world.charge("leadership", "nation", where, np.rint(60 * national).astype(np.int64))
    world.charge("leadership", "province", where, np.rint(60 * provincial).astype(np.int64))
    _grow(world, 1 - np.exp(-p.gain * (national + provincial)))


def _imbizos(world: World, p: Principals) -> None:
    """Once a year, in the month in which the space was first led to its people."""
    extent = world.rules.by_space("imbizo")
    for space in world.visit(np.flatnonzero(extent > 0)):
        first = world.rules.first.get((int(space), "imbizo"), world.month)
        if (world.month - first) % 12:
            continue
        for bearer in ("nation", "province"):
            world.charge("imbizos", bearer, int(space), round(30 * p.imbizo_hours * extent[space]))
        mine = np.flatnonzero(world.municipality_space == space)
        world.now.by_municipality["imbizo_minutes"][mine] += round(60 * p.imbizo_municipal * extent[space])
        world.charge("imbizos", "municipality", int(space), len(mine) * round(60 * p.imbizo_municipal * extent[space]))
        items = world.pipeline
        here = (items.space == space) & items.open(world.month)
        u = world.draws["heard at an imbizo"].uniform(world.ordinal, items.key)
        items.surveyed[here & (u < p.imbizo_hears * extent[space])] = world.month
        share = np.zeros(world.spaces)
        share[space] = p.imbizo_gain * extent[space]
        _grow(world, share)


def _partnerships(world: World) -> None:
    """Leadership keeps roles clear; a champion who leaves takes that along."""
    work = world.params[CentreWork]
    led = world.good("leadership")
    counts = np.bincount(world.space_province, minlength=len(world.centres) - 1)
    mean = np.bincount(world.space_province, weights=led, minlength=len(world.centres) - 1) / np.maximum(counts, 1)
    for province, centre in enumerate(world.centres[1:]):
        # no further than leadership goes, and back again where it ends
        aim = centre.drawn + float(mean[province]) * (1 - centre.drawn)
        centre.partnership += work.roles_clear * (aim - centre.partnership)
        if world.draws["champion leaves"].one(world.ordinal, centre.key) < work.champion_leaves:
            champion_leaves(world, world.space_province == province)


def champion_leaves(world: World, spaces: NDArray[np.bool_]) -> None:
    """What a political champion carried is lost: attention is gone, centres must make themselves known anew.

    Where all of a province's spaces lose theirs, its partnership starts again where luck puts it.

    Parameters
    ----------
    spaces : (spaces,) bool
    """
    world.salience[spaces] = 0.0
    seats = [k for k, d in enumerate(world.institutions.departments) if d.code in CENTRES]
    struck = np.flatnonzero(spaces[world.municipality_space])
    world.ties[np.ix_(struck, seats)] = 0.0
    for province, centre in enumerate(world.centres[1:]):
        mine = world.space_province == province
        if mine.any() and spaces[mine].all():
            centre.drawn = partnership_drawn(world.params[CentreWork], world.draws, centre.key, world.ordinal)
            centre.partnership = centre.drawn
