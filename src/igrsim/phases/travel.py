"""Citizens' needs arise; they choose among the points, travel, are served or turned away."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.again import Lived
from igrsim.citizens.demand import expected_visits
from igrsim.citizens.month import CENTS, MINUTES, Offices, live_month
from igrsim.citizens.story import nothing_written
from igrsim.citizens.surge import surged
from igrsim.world.world import World

F64 = NDArray[np.float64]


def travel(world: World) -> None:
    """Publish queues, take in everyone's expected demand, and let each sampled citizen live the month."""
    people, points = world.people, world.points
    points.publish_queue(people.conduct.opening)
    surge = _together(world.circumstances.surge, people.stirred)
    load = expected_visits(
        people.demand,
        people.conduct,
        offices(world),
        people.ways,
        points.service,
        people.rand_weight,
        people.missing,
        surge,
    )
    points.admit_expected(load)
    people.tally[:] = 0
    people.arrivals[:] = 0
    published = offices(world)
    if people.lived is not None:
        kept = _copied(published, people.lived[-1].offices if people.lived else None)
        people.lived.append(Lived(world.month, world.ordinal, people.hazard, surge, people.conduct, kept, people.ways))
    first = people.citizens.first
    # a settlement's people live their month from what the points published and from nothing else, so the order
    # of settlements cannot matter; an audit visits them the other way round
    blocks = np.linspace(0, len(first) - 1, 9).astype(np.int64)
    if surge is not None:
        # where the surge is another, so is what befalls people
        blocks = np.union1d(blocks, 1 + np.flatnonzero((surge[1:] != surge[:-1]).any(axis=1)))
    for a, b in world.visit(itertools.pairwise(blocks)):
        live(world, int(first[a]), int(first[b]), published, None if surge is None else surge[a])
    _charge_trips(world)


def _charge_trips(world: World) -> None:
    """Enter people's hours and fares on documentary needs, for the whole population the sample stands for."""
    people = world.people
    flags = np.array(world.catalogue.documentary)
    spent = people.tally[:, flags, :].sum(axis=1).reshape(world.spaces, -1, people.tally.shape[2]).sum(axis=1)
    whole = np.rint(spent * people.citizens.represents).astype(np.int64)
    world.charge("trips", "citizens", np.arange(world.spaces), whole[:, MINUTES], whole[:, CENTS])


def _copied(published: Offices, before: Offices | None) -> Offices:
    """What was published, safe from next month's changes; columns that did not change are shared."""
    if before is None:
        return Offices(*(np.copy(column) for column in published))
    pairs = zip(published, before, strict=True)
    return Offices(*(old if np.array_equal(new, old) else np.copy(new) for new, old in pairs))


def offices(world: World) -> Offices:
    """What the points publish for this month."""
    p = world.points
    return Offices(
        key=p.key,
        lat=p.lat,
        lon=p.lon,
        knows=p.knows,
        open=p.open_at_all,
        absent=p.absent,
        offline=p.offline,
        admit=p.admit,
        wait=p.wait,
        serve=p.serve,
        hop=p.hop,
        hop_metres=p.hop_metres,
        hop_minutes=p.hop_minutes,
        hop_same_day=p.hop_same_day,
    )


def _together(surge: F64 | None, stirred: F64 | None) -> F64 | None:
    """What events and what campaigns bring to the usual rates."""
    if surge is None or stirred is None:
        return stirred if surge is None else surge
    return surge + stirred


def live(
    world: World,
    first: int,
    last: int,
    published: Offices,
    more: F64 | None = None,
    story: NDArray[np.int64] | None = None,
) -> int:
    """Let the citizens ``first`` to ``last`` live the month.

    Parameters
    ----------
    more : (events,) float, optional
        What a surge brings to each event's usual rate, as a multiple of it.
    story : (rows, FIELDS) int64, optional
        Where to write down what happens to them.

    Returns
    -------
    int
        How many events there were to write down, if there was a story.
    """
    people, citizens = world.people, world.people.citizens
    hazard, book = surged(people.hazard, people.book, more)
    found: int = live_month(
        first,
        last,
        world.month,
        world.ordinal,
        people.keys,
        hazard,
        people.conduct,
        book,
        published,
        people.ways,
        citizens.settlement,
        citizens.key,
        citizens.band,
        citizens.fifth,
        citizens.cell,
        citizens.routes,
        citizens.tokens,
        citizens.due,
        citizens.opened,
        citizens.briefed,
        citizens.idle,
        citizens.signings,
        citizens.minutes,
        citizens.spent,
        citizens.solved,
        people.tally,
        people.arrivals,
        nothing_written() if story is None else story,
    )
    return found
