"""Citizens' needs arise; they choose among the points, travel, are served or turned away."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.again import Lived
from igrsim.citizens.demand import expected_visits
from igrsim.citizens.month import live_month
from igrsim.citizens.reluctance import Reluctance
from igrsim.citizens.surge import surged
from igrsim.citizens.terms import CENTS, MINUTES, Offices, post
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
    # people live their month from what the points published and from nothing else, so their order cannot matter;
    # an audit visits them the other way round
    parts = 32 * people.threads if people.threads > 1 or world.reverse else 1
    ends = np.linspace(0, people.citizens.count, parts + 1).astype(np.int64).tolist()
    live(world, world.visit(itertools.pairwise(ends)), published, surge)
    _charge_trips(world)


def _charge_trips(world: World) -> None:
    """Enter people's hours and fares on documentary needs, for the whole population the sample stands for."""
    people = world.people
    papers = sum(world.catalogue.documentary)
    minutes, cents = (
        np.rint(
            people.tally[:, :papers, what].sum(axis=1).reshape(world.spaces, -1).sum(axis=1)
            * people.citizens.represents
        ).astype(np.int64)
        for what in (MINUTES, CENTS)
    )
    world.charge("trips", "citizens", np.arange(world.spaces), minutes, cents)


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
    parts: Sequence[tuple[int, int]],
    published: Offices,
    surge: F64 | None = None,
    story: NDArray[np.int64] | None = None,
) -> int:
    """Let the citizens of some parts, each from a first to a last, live the month.

    Parameters
    ----------
    surge : (settlements, events) float, optional
        What comes to each event's usual rate, as a multiple of it.
    story : (rows, FIELDS) int64, optional
        Where to write down what happens to them; they live one after the other then.

    Returns
    -------
    int
        How many events there were to write down, if there was a story.
    """
    people, citizens = world.people, world.people.citizens
    hazards, hazard_of, book = surged(people.hazard, people.book, surge, len(citizens.homes.key))
    if people.reluctance is None:
        people.reluctance = Reluctance(people.ways, people.conduct)
    terms = (
        world.month,
        world.ordinal,
        people.keys,
        hazards,
        hazard_of,
        people.conduct,
        book,
        published,
        post(published, people.conduct),
        people.ways,
        people.reluctance.follow(people.ways, people.conduct),
        citizens.homes,
        citizens.lives,
        citizens.cells,
    )
    counts = (people.tally, people.arrivals, people.hours)
    if people.threads == 1 or len(parts) == 1 or story is not None:
        return sum(live_month(*part, *terms, *counts, story) for part in parts)

    left = iter(parts)

    def apart(_: int) -> list[NDArray[np.int64]]:
        mine = [np.zeros_like(count) for count in counts]
        for part in left:
            live_month(*part, *terms, *mine, None)
        return mine

    # whole numbers: whichever thread counted them, the sums are the same
    with ThreadPoolExecutor(people.threads) as threads:
        for theirs in threads.map(apart, range(people.threads)):
            for count, more in zip(counts, theirs, strict=True):
                count += more
    return 0
