"""Requests that go through a province's one entry point: what its database answers, and how late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from igrsim.government.reporting_channel import ChannelWork
from igrsim.world.world import World

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


@dataclass(frozen=True)
class FromDatabase:
    """What a month's requests get from the databases of provinces, by space.

    Attributes
    ----------
    share : (spaces,) float
        Of the requests that could be pooled, those that the database answers and nobody else: beyond what a hub took
        over, and without those who would not wait.
    fresh : (spaces,) float
        What its answers are still worth when they come, 0 to 1.
    """

    share: F64
    fresh: F64


def pass_on(world: World, firsts: I64, pooled: I64) -> FromDatabase:
    """Let every province's channel work through what comes in, and say what departments get of it.

    What the law owes a department is not taken off the municipality: a province cannot release it from an Act. It is
    entered in the database all the same, and answers those whom no law names. A definition of a department's own
    cannot be answered from another's figure.

    Parameters
    ----------
    firsts, pooled : (spaces,) int
        Indicators that the space's municipalities make this month, and requests for them once more that could be
        pooled, over all its municipalities.
    """
    work, extent = world.params[ChannelWork], world.rules.by_space("reporting_channel")
    found = FromDatabase(np.zeros(world.spaces), np.ones(world.spaces))
    if not extent.any():
        return found
    # what a hub does take over is not answered twice
    beyond = np.maximum(extent - world.channels_kept_up(), 0.0)
    helped = np.maximum(world.good("reporting_channel") - world.channels_replaced(), 0.0)
    members = np.bincount(world.municipality_space, minlength=world.spaces)
    for province, channel in enumerate(world.channels):
        mine = np.flatnonzero((world.space_province == province) & (extent > 0))
        if not len(mine):
            continue
        if channel.decided < 0:
            channel.decided = world.month
        each = np.array([extent[s] / max(int(world.spaces_in_province[province]), 1) for s in mine])
        more = np.array([max(extent[s] - channel.built.get(int(s), 0.0), 0.0) / max(extent[s], 1e-9) for s in mine])
        world.charge("reporting channel", "province", mine, cents=_whole(100 * work.setup_rand * each * more))
        channel.built |= {int(s): max(extent[s], channel.built.get(int(s), 0.0)) for s in mine}
        if not channel.answers(world.month, work):
            continue
        world.charge("reporting channel", "province", mine, cents=_whole(100 * work.running_rand * each))
        stay = np.exp(-channel.wait / work.patience)
        brought = _whole(
            work.entry_minutes * firsts[mine] * extent[mine] + work.answer_minutes * pooled[mine] * beyond[mine] * stay
        )
        done = channel.work(int(brought.sum()), int(_whole(60 * work.hours * extent[mine] * members[mine]).sum()))
        world.charge("reporting channel", "province", mine, _parts(done, brought))
        found.share[mine] = helped[mine] * stay
        found.fresh[mine] = (1 - work.staleness) ** channel.wait
    return found


def _parts(whole: int, weights: I64) -> I64:
    """A whole number in whole parts by weight; what does not divide lies with the first."""
    total = int(weights.sum())
    if total == 0:
        weights, total = np.ones_like(weights), len(weights)
    parts = whole * weights // total
    parts[0] += whole - int(parts.sum())
    return parts


def _whole(amounts: F64) -> I64:
    return np.rint(amounts).astype(np.int64)
