"""People whose month has a known answer: trips, kilometres, attempts, in the two towns."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from igrsim.citizens.population import EVENTS
from igrsim.citizens.terms import METRES, RESOLVED, STEPS, TRIPS, WASTED_OFFLINE, WASTED_PAPERS
from igrsim.phases.travel import travel
from igrsim.runs.validation.finding import ANSWER, Finding, exact, near
from igrsim.runs.validation.small_worlds import begin, small_model
from igrsim.services.catalogue import SERVICES
from igrsim.world.world import World


def everyone_needs(event: str, holding: tuple[str, ...] = (), citizens: int = 2000) -> World:
    """Two towns whose adults all meet with one event in month 0, go to the nearest office at once and never give up.

    Nothing else befalls them, no system is down, no paper is missing, no desk is full, and no day has room for
    both towns.
    """
    world = small_model(citizens=citizens).world
    people, points = world.people, world.points
    people.conduct = people.conduct._replace(
        going=600.0, per_minute=-2.0, per_rand=np.zeros(5), per_queue_minute=0.0, outings=1,
        missing_papers=np.zeros(5), give_up=0.0, give_up_waiting=0.0, clinic=0.0, collects=0.0,
        late_birth=0.0, sworn=1.0, lost=0.0,
    )  # fmt: skip
    people.citizens.lives.tokens[:] = sum(world.catalogue.token(name) for name in holding)
    people.citizens.lives.traits[:] = people.citizens.lives.traits & ~np.uint8(3) | np.uint8(2)
    people.hazard = np.zeros_like(people.hazard)
    people.hazard[:, :, EVENTS.index(event) :] = 1.0
    points.offline[:] = 0.0
    points.desks *= 1000
    points.hop_minutes[points.hop_metres > 20_000] = 1e6
    return world


def live(world: World, months: int, first: int = 0) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Let everyone live some months; what was counted of all needs together."""
    found = np.zeros(world.people.tally.shape[-1], np.int64)
    for month in range(first, first + months):
        begin(world, month)
        travel(world)
        world.people.hazard = np.zeros_like(world.people.hazard)
        found += world.people.tally.sum(axis=(0, 1))
    return found


def people_answers() -> Iterator[Finding]:
    """Every known answer of people and their travel."""
    yield from _towns()
    yield from _lags()
    yield from _attempts()
    world = everyone_needs("death")
    world.points.desks[:] = 0.0
    yield exact("no desks: steps done", ANSWER, 0, live(world, 3)[STEPS])
    world = everyone_needs("death")
    world.people.hazard[:] = 0.0
    yield exact("nothing befalls anyone: trips", ANSWER, 0, live(world, 3)[TRIPS])


def _towns() -> Iterator[Finding]:
    # an affidavit at the nearest police station, then a grant office that only Beta has
    world = everyone_needs("child_grant", citizens=2000)
    police, sassa = SERVICES.index("police"), SERVICES.index("sassa")
    home = world.people.citizens.settlement
    names = np.array(world.points.codes)[world.people.ways.point[home, police, 0]]
    near_alpha = names == "police-TT-A"
    metres = world.people.ways.metres[home]
    found = live(world, 2)
    yield exact("two instant steps: needs resolved", ANSWER, len(home), found[RESOLVED])
    yield exact(
        "two instant steps, two trips from Alpha's side and one from Beta's", ANSWER,
        2 * near_alpha.sum() + (~near_alpha).sum(), found[TRIPS],
    )  # fmt: skip
    apart = 2 * (metres[near_alpha, police, 0] + metres[near_alpha, sassa, 0].astype(np.int64)).sum()
    # both offices of Beta stand on one site: there and back
    together = 2 * metres[~near_alpha, sassa, 0].astype(np.int64).sum()
    yield exact("two instant steps: kilometres there and back", ANSWER, (apart + together) / 1000, found[METRES] / 1000)

    # everything a day's walk apart: one trip, in silos too
    world = everyone_needs("child_grant")
    world.points.hop_minutes[:] = 1.0
    found = live(world, 1)
    yield exact("two instant steps that one day has room for: trips", ANSWER, len(home), found[TRIPS])
    yield exact("two instant steps that one day has room for: needs resolved", ANSWER, len(home), found[RESOLVED])


def _lags() -> Iterator[Finding]:
    world = everyone_needs("identity", holding=("birth_certificate",))
    count = world.people.citizens.count
    yield exact("a document issued a month later: resolved in the first month", ANSWER, 0, live(world, 1)[RESOLVED])
    found = live(world, 1, first=1)
    yield exact("a document issued a month later at one office: trips in the second month", ANSWER, count, found[TRIPS])
    yield exact("a document issued a month later: resolved in the second month", ANSWER, count, found[RESOLVED])
    world = everyone_needs("child_grant", holding=("birth_certificate",))
    world.people.conduct = world.people.conduct._replace(sworn=0.0)
    world.points.hop_minutes[:] = 1.0
    found = live(world, 3)
    yield exact("a chain of three with one lag, all offices together: trips", ANSWER, 2 * count, found[TRIPS])


def _attempts() -> Iterator[Finding]:
    for p in (0.2, 0.5):
        world = everyone_needs("death", citizens=10_000)
        world.points.offline[:] = p
        found = live(world, 40)
        n = world.people.citizens.count
        error = np.sqrt(p) / (1 - p) / np.sqrt(n)
        yield near(f"offline with chance {p:g}: attempts a need", ANSWER, [1 / (1 - p)], [found[TRIPS] / n], [error])
        yield exact(
            f"offline with chance {p:g}: trips beyond one each", ANSWER, found[WASTED_OFFLINE], found[TRIPS] - n
        )
    p = 0.25
    world = everyone_needs("death", citizens=10_000)
    world.people.conduct = world.people.conduct._replace(missing_papers=np.full(5, p))
    found = live(world, 3)
    n = world.people.citizens.count
    error = np.sqrt(p * (1 - p) / n)
    yield near("a paper missing once with chance 0.25: trips a need", ANSWER, [1 + p], [found[TRIPS] / n], [error])
    yield exact(
        "a paper missing once with chance 0.25: trips beyond one each", ANSWER, found[WASTED_PAPERS], found[TRIPS] - n
    )
