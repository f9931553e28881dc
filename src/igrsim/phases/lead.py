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
    where = np.flatnonzero(extent > 0)
    since = np.array([world.month - world.rules.first.get((s, "imbizo"), world.month) for s in where.tolist()])
    where = where[since % 12 == 0] if len(where) else where
    if not len(where):
        return
    held = np.zeros(world.spaces)
    held[where] = extent[where]
    shared = np.rint(30 * p.imbizo_hours * held[where]).astype(np.int64)
    each = np.rint(60 * p.imbizo_municipal * held).astype(np.int64)
    for bearer in ("nation", "province"):
        world.charge("imbizos", bearer, where, shared)
    members = np.bincount(world.municipality_space, minlength=world.spaces)
    world.now.by_municipality["imbizo_minutes"] += each[world.municipality_space]
    world.charge("imbizos", "municipality", where, (members * each)[where])
    items = world.pipeline
    told = np.flatnonzero((held > 0)[items.space] & items.open(world.month))
    luck = world.draws["heard at an imbizo"].uniform(world.ordinal, items.key[told])
    items.surveyed[told[luck < p.imbizo_hears * held[items.space[told]]]] = world.month
    _grow(world, p.imbizo_gain * held)


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
