"""How far government reaches people: what they know of points, which papers they bring, what they ask for, which lines hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.access import Access
from igrsim.citizens.population import EVENTS
from igrsim.government.thusong import LADDER
from igrsim.kernel.params import Params, param
from igrsim.services.catalogue import SERVICES
from igrsim.services.points import WITH_SYSTEM
from igrsim.world.premises import Knowing
from igrsim.world.world import World

F64 = NDArray[np.float64]

STIRRED = tuple(
    EVENTS.index(e) for e in ("identity", "child_grant", "old_age_grant", "disability_grant", "indigent_register")
)
"""Needs that people have without asking for what they are entitled to."""


class Reach(Params, group="reach"):
    """What campaigns, guides, extension workers and lines do. Rand of 2021."""

    campaign_tells: float = param(
        0.5, unit="share", low=0.2, high=0.8, grade="assumed", source="s2-mpcc-2001",
        meaning="of those who do not know of a centre's service, whom a campaign tells",
    )  # fmt: skip
    campaign_learns: float = param(
        0.10, unit="share a month", low=0.03, high=0.3, grade="assumed", source="assumption",
        meaning="of the way to what can be known, that a campaign adds to word of mouth",
    )  # fmt: skip
    campaign_stirs: float = param(
        0.05, unit="share", low=0.0, high=0.15, grade="assumed", source="assumption",
        meaning="further needs that arise where people hear what they are entitled to: the demand that marketing raises",
    )  # fmt: skip
    guides_help: float = param(
        0.4, unit="share", low=0.1, high=0.7, grade="assumed", source="s2-mpcc-2001",
        meaning="missing papers that an easy guide to required documents prevents",
    )  # fmt: skip
    workers: float = param(
        1.2, unit="workers per 10 000 people", low=0.4, high=2.0, grade="derived", source="cdw-2007",
        meaning="community development workers: more than 3 000 in about 2 000 wards, 1.5 a ward of some 12 500 people",
    )  # fmt: skip
    worker_reaches: float = param(
        240, unit="people a month", low=80, high=500, grade="assumed", source="assumption",
        meaning="people in the households that one worker visits in a month",
    )  # fmt: skip
    worker_rand: float = param(
        16_000, unit="rand a month", low=10_000, high=24_000, grade="assumed", source="assumption",
        meaning="a worker's pay, transport and telephone, borne by the province",
    )  # fmt: skip
    worker_helps: float = param(
        0.6, unit="share", low=0.2, high=0.9, grade="assumed", source="s0-wc-so10",
        meaning="missing papers that are prevented among people whom a worker visited within the year, with forms filled in before",
    )  # fmt: skip
    worker_stirs: float = param(
        0.10, unit="share", low=0.0, high=0.3, grade="assumed", source="assumption",
        meaning="further needs that arise among them",
    )  # fmt: skip
    sound_lines: float = param(
        0.6, unit="share", low=0.3, high=0.9, grade="assumed", source="s2-mpcc-2001",
        meaning="outages at a centre that sound lines to departments' systems prevent",
    )  # fmt: skip


def reach(world: World) -> None:
    """Let a month of word of mouth, campaigns, guides, visits and lines pass."""
    visited = _extension(world)
    _know(world, visited)
    _bring_papers(world, visited)
    _ask_for_more(world, visited)
    _lines(world)


def _extension(world: World) -> F64:
    """Share of each space's people whom a worker visited within the year."""
    p, premises = world.params[Reach], world.premises
    at_work = world.rules.by_space("extension_service")
    if not at_work.any() and not premises.visited.any():
        return premises.visited
    people = np.bincount(
        world.people.settlement_space, weights=world.geography.settlements.population, minlength=world.spaces
    )
    workers = np.rint(at_work * p.workers * people / 10_000).astype(np.int64)
    world.charge(
        "extension service",
        "province",
        np.arange(world.spaces),
        workers * 160 * 60,
        workers * round(100 * p.worker_rand),
    )
    each_month = np.minimum(workers * p.worker_reaches / np.maximum(people, 1), 1.0)
    # a visit is remembered for a year
    covered = np.minimum(12 * each_month, 1.0)
    premises.visited = premises.visited + (covered - premises.visited) / 12
    return premises.visited


def campaigns(world: World) -> F64:
    """Extent of a campaign in each space: where no centre is open there is nothing to make known."""
    there = np.zeros(world.spaces)
    there[[centre.space for centre in world.premises.centres if centre.open]] = 1.0
    return world.rules.by_space("awareness_campaign") * there


def _know(world: World, visited: F64) -> None:
    """Word goes round: of daily tenants as of offices nearly, of others less; new ones are little known at first."""
    p, knowing, points = world.params[Reach], world.params[Knowing], world.points
    campaign = campaigns(world)
    learners = np.flatnonzero(points.visiting & ~points.on_rounds)
    space, tenant = points.space[learners], points.centre[learners] >= 0
    usual = np.where(tenant & (points.days[learners] >= LADDER[-1]), knowing.daily, world.params[Access].knows_visiting)
    told = np.where(tenant, campaign[space] * p.campaign_tells, 0.0)
    known = 1 - (1 - usual) * (1 - told) * (1 - visited[space])
    untouched = (told == 0) & (visited[space] == 0)
    known = np.where(untouched, usual, known)
    pace = knowing.learns + np.where(tenant, campaign[space] * p.campaign_learns, 0.0) + visited[space] / 12
    knows = points.knows[learners]
    if (knows != known).any():
        points.knows[learners] = knows + np.minimum(pace, 1.0) * (known - knows)


def _bring_papers(world: World, visited: F64) -> None:
    p, people = world.params[Reach], world.people
    guides = world.rules.by_space("requirement_guides")
    by_space = (1 - p.guides_help * guides) * (1 - p.worker_helps * visited)
    unready = by_space[people.settlement_space]
    if not np.array_equal(unready, people.ways.unready):
        people.ways = people.ways._replace(unready=unready)


def _ask_for_more(world: World, visited: F64) -> None:
    """The demand that marketing and visits raise, as a multiple of each need's usual rate."""
    p, people = world.params[Reach], world.people
    campaign = campaigns(world)
    more = campaign * p.campaign_stirs + visited * p.worker_stirs
    if not more.any():
        people.stirred = None
        return
    stirred = np.zeros((len(people.settlement_space), len(EVENTS)))
    stirred[:, STIRRED] = more[people.settlement_space][:, None]
    people.stirred = stirred


def _lines(world: World) -> None:
    """Sound lines at centres; nobody's are touched where the rule has not changed."""
    p, points, premises = world.params[Reach], world.points, world.premises
    now = world.rules.by_space("centre_connectivity")
    if not now.any() and not premises.lines.any():
        return
    tenants = np.flatnonzero((points.centre >= 0) & np.isin(points.service, [SERVICES.index(s) for s in WITH_SYSTEM]))
    points.offline[tenants] = world.params[Access].offline * (1 - p.sound_lines * now[points.space[tenants]])
    premises.lines = now
