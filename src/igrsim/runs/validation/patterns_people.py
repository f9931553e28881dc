"""Patterns of people's travel: prerequisites multiply visits, use falls with minutes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.population import EVENTS, FIFTHS, KINDS
from igrsim.citizens.terms import ARISEN, RESOLVED, TALLIES, TRIPS, VISITS
from igrsim.phases.travel import travel
from igrsim.runs.validation.finding import PATTERN, USUAL, Finding, Values, holds, outside
from igrsim.runs.validation.small_worlds import begin, small_model
from igrsim.services.catalogue import SERVICES
from igrsim.world.world import World

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


def single(world: World) -> None:
    """Count each citizen alone, in place of the groups they belong to."""
    people = world.people
    people.citizens.cells = np.arange(people.citizens.count, dtype=np.int32)
    # the rows of the tally fall into spaces of equal size
    rows = -(-people.citizens.count // world.spaces) * world.spaces
    people.tally = np.zeros((rows, len(world.catalogue.needs), len(TALLIES)), np.int64)


def befall(world: World, event: str, month: int) -> I64:
    """Let an event befall every adult at once after some ordinary months; that month's tally, citizen by citizen."""
    usual = world.people.hazard
    for earlier in range(month):
        begin(world, earlier)
        travel(world)
    single(world)
    world.people.hazard = np.zeros_like(usual)
    world.people.hazard[:, :, EVENTS.index(event) :] = 1.0
    begin(world, month)
    travel(world)
    world.people.hazard = np.zeros_like(usual)
    return world.people.tally[: world.people.citizens.count].copy()


def visits_for_a_grant(prerequisites: bool, values: Values = USUAL) -> tuple[float, float, int]:
    """Mean visits and trips of child grants obtained, without an identity document over with one, and how many without.

    Parameters
    ----------
    prerequisites : bool
        False where no counter asks for a document.
    """
    world = small_model(scope="pilots", months=36, citizens=40_000, params=values).world
    people = world.people
    if not prerequisites:
        people.book = people.book._replace(requires=np.zeros_like(people.book.requires))
    held = (people.citizens.lives.tokens & world.catalogue.token("identity")) > 0
    grant = world.catalogue.needs.index("child_grant")
    lives = befall(world, "child_grant", 0)[:, grant]
    for month in range(1, 30):
        begin(world, month)
        travel(world)
        lives = lives + people.tally[: len(lives), grant]
    done = (lives[:, ARISEN] == 1) & (lives[:, RESOLVED] == 1)
    ratios = [float(lives[done & ~held, c].mean() / lives[done & held, c].mean()) for c in (VISITS, TRIPS)]
    return ratios[0], ratios[1], int((done & ~held).sum())


def papers_multiply_visits(values: Values = USUAL) -> Iterator[Finding]:
    """Fact 1: prerequisite chains multiply trips."""
    visits, trips, count = visits_for_a_grant(True, values)
    yield holds(
        "fact 1: visits for a grant, without an identity document over with one", PATTERN, "at least 1.8",
        f"{visits:.2f} ({trips:.2f} in trips; {count} people without)", visits >= 1.8,
        outside(visits, low=1.8),
    )  # fmt: skip
    visits, trips, _ = visits_for_a_grant(False, values)
    yield holds(
        "fact 1: the same where no counter asks for a document", PATTERN, "at most 1.1",
        f"{visits:.3f} ({trips:.3f} in trips)", visits <= 1.1, outside(visits, high=1.1),
    )  # fmt: skip


def logit_slope(minutes: F64, went: NDArray[np.bool_]) -> float:
    """Slope of a logit of going on minutes, by maximum likelihood."""
    x = np.column_stack([np.ones(len(minutes)), minutes])
    beta = np.zeros(2)
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ beta))
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x, x.T @ (went - p))
        beta += step
        if np.abs(step).max() < 1e-10:
            break
    return float(beta[1])


def use_falls_with_minutes(values: Values = USUAL) -> Finding:
    """Fact 3: use falls logistically with travel time."""
    world = small_model(scope="country", months=12, citizens=60_000, params=values).world
    tally = befall(world, "death", month=3)[:, world.catalogue.needs.index("death")]
    people = world.people
    fresh = tally[:, ARISEN] == 1
    minutes = people.ways.minutes[people.citizens.settlement[fresh], SERVICES.index("home_affairs"), 0]
    slope = logit_slope(minutes, tally[fresh, TRIPS] > 0)
    return holds(
        "fact 3: slope of setting out in the first month on one-way minutes, a need of one step", PATTERN,
        "-0.035 to -0.015", f"{slope:.4f} ({int(fresh.sum())} needs)", -0.035 <= slope <= -0.015,
        outside(slope, -0.035, -0.015),
    )  # fmt: skip


def far_and_poor() -> Iterator[Finding]:
    """Fact 4: rural and poor households bear several times the burden and complete less."""
    model = small_model(scope="country", months=36, citizens=100_000)
    found: dict[str, F64] = {}

    def record(world: World, counts: dict[str, dict[str, I64]]) -> None:
        for name, values in counts["people"].items():
            found[name] = found.get(name, np.zeros(len(values))) + values

    model.record = record
    while model.month < model.case.months:
        model.step()
    rural = KINDS.index("rural")
    others = [k for k in range(len(KINDS)) if k != rural]
    each = [found["trip_minutes"][k].sum() / found["needs_resolved"][k].sum() for k in ([rural], others)]
    yield holds(
        "fact 4: minutes for each need resolved, rural people over others, silos", PATTERN, "at least 2",
        f"{each[0] / each[1]:.2f} ({each[0]:.0f} against {each[1]:.0f})", each[0] >= 2 * each[1],
    )  # fmt: skip
    fifths = slice(len(KINDS), len(KINDS) + FIFTHS)
    done = found["needs_resolved"][fifths] / found["needs_arisen"][fifths]
    yield holds(
        "fact 4: share of needs resolved by wealth fifth, poorest first, silos", PATTERN, "lowest in the poorest",
        ", ".join(f"{share:.3f}" for share in done), bool(done.argmin() == 0 and done[0] < done[1:].min()),
    )  # fmt: skip
