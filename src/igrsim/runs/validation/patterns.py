"""Patterns that were seen in the field, each with a threshold set before the model was run.

Only facts that the present mechanisms can carry stand here, none of them coded in directly. A pattern that fails stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.month import ARISEN, RESOLVED, TALLIES, TRIPS, VISITS
from igrsim.citizens.population import EVENTS
from igrsim.model import IGRModel
from igrsim.phases.travel import travel
from igrsim.regimes.regime import Regime
from igrsim.runs.validation.finding import PATTERN, Finding, holds
from igrsim.runs.validation.small_worlds import begin, of_levers, small_model
from igrsim.services.catalogue import SERVICES
from igrsim.world.world import World

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
MONTHS = 36


def patterns() -> Iterator[Finding]:
    """Every pattern."""
    yield from papers_multiply_visits()
    yield use_falls_with_minutes()
    yield from silos_and_hubs()
    yield from requests_and_data()


# --- people -------------------------------------------------------------------------------------------------


def single(world: World) -> None:
    """Count each citizen alone, in place of the groups they belong to."""
    people = world.people
    people.citizens.cell = np.arange(people.citizens.count, dtype=np.int32)
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


def visits_for_a_grant(prerequisites: bool) -> tuple[float, float, int]:
    """Mean visits and trips of child grants obtained, without an identity document over with one, and how many without.

    Parameters
    ----------
    prerequisites : bool
        False where no counter asks for a document.
    """
    world = small_model(scope="pilots", months=36, citizens=40_000).world
    people = world.people
    if not prerequisites:
        people.book = people.book._replace(requires=np.zeros_like(people.book.requires))
    held = (people.citizens.tokens & world.catalogue.token("identity")) > 0
    grant = world.catalogue.needs.index("child_grant")
    lives = befall(world, "child_grant", 0)[:, grant]
    for month in range(1, 30):
        begin(world, month)
        travel(world)
        lives = lives + people.tally[: len(lives), grant]
    done = (lives[:, ARISEN] == 1) & (lives[:, RESOLVED] == 1)
    ratios = [float(lives[done & ~held, c].mean() / lives[done & held, c].mean()) for c in (VISITS, TRIPS)]
    return ratios[0], ratios[1], int((done & ~held).sum())


def papers_multiply_visits() -> Iterator[Finding]:
    """Fact 1: prerequisite chains multiply trips."""
    visits, trips, count = visits_for_a_grant(prerequisites=True)
    yield holds(
        "fact 1: visits for a grant, without an identity document over with one", PATTERN, "at least 1.8",
        f"{visits:.2f} ({trips:.2f} in trips; {count} people without)", visits >= 1.8,
    )  # fmt: skip
    visits, trips, _ = visits_for_a_grant(prerequisites=False)
    yield holds(
        "fact 1: the same where no counter asks for a document", PATTERN, "at most 1.1",
        f"{visits:.3f} ({trips:.3f} in trips)", visits <= 1.1,
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


def use_falls_with_minutes() -> Finding:
    """Fact 3: use falls logistically with travel time."""
    world = small_model(scope="country", months=12, citizens=60_000).world
    tally = befall(world, "death", month=3)[:, world.catalogue.needs.index("death")]
    people = world.people
    fresh = tally[:, ARISEN] == 1
    minutes = people.ways.minutes[people.citizens.settlement[fresh], SERVICES.index("home_affairs"), 0]
    slope = logit_slope(minutes, tally[fresh, TRIPS] > 0)
    return holds(
        "fact 3: slope of setting out in the first month on one-way minutes, a need of one step", PATTERN,
        "-0.035 to -0.015", f"{slope:.4f} ({int(fresh.sum())} needs)", -0.035 <= slope <= -0.015,
    )  # fmt: skip


# --- government ---------------------------------------------------------------------------------------------


def sums(model: IGRModel) -> dict[str, float]:
    """Sums of a run's counts over months, municipalities and spaces."""
    total: dict[str, float] = {}

    def record(world: World, counts: dict[str, dict[str, I64]]) -> None:
        for name, values in counts["space"].items():
            total[name] = total.get(name, 0.0) + float(values.sum())

    model.record = record
    while model.month < model.case.months:
        model.step()
    return total


def country(regime: str | Regime, retire: float = 0.0) -> dict[str, float]:
    """Three years of the whole country from April 2019; travel is not looked at, so few citizens do."""
    return sums(
        small_model(regime, scope="country", months=MONTHS, citizens=2000, params={"district-hub.retire": retire})
    )


def silos_and_hubs() -> Iterator[Finding]:
    """Facts 11, 14 and 22: what silos repeat, and what hubs and maps change of it."""
    silos = country("siloed")
    share = silos["agenda_repeats"] / silos["agenda_items"]
    yield holds(
        "fact 11: agenda items that another forum had handled in the quarter, silos", PATTERN, "at least 0.20",
        f"{share:.3f}", share >= 0.20,
    )  # fmt: skip
    kept = country("district-hub-core")["load_minutes"] / silos["load_minutes"]
    yield holds(
        "fact 14: municipal meeting and report hours, hubs with old channels kept over silos", PATTERN,
        "at least 0.95", f"{kept:.3f}", kept >= 0.95,
    )  # fmt: skip
    gone = country("district-hub-core", retire=1.0)["load_minutes"] / silos["load_minutes"]
    yield holds(
        "fact 14: the same with old channels retired", PATTERN, "below 1", f"{gone:.3f}", gone < 1,
    )  # fmt: skip
    duplicates = silos["duplicate_cents"] / silos["committed_cents"]
    gaps = silos["severity_unfunded"] / silos["severity_open"]
    yield holds(
        "fact 22: shares of rand funded twice, and of need unfunded, silos", PATTERN, "both above 0",
        f"{duplicates:.3f}, {gaps:.3f}", duplicates > 0 and gaps > 0,
    )  # fmt: skip
    mapped = country(of_levers("spatial-budgeting"))
    removed = 1 - mapped["duplicate_cents"] / mapped["committed_cents"] / duplicates
    yield holds(
        "fact 22: share of duplicates that mapping projects alone removes", PATTERN, "above 0 and below 1",
        f"{removed:.3f}", 0 < removed < 1,
    )  # fmt: skip


def requests_and_data() -> Iterator[Finding]:
    """Fact 15: duplicate requests degrade data, and bad data produce more requests."""
    quality = []
    for hours in (800.0, 400.0, 200.0):
        found = sums(
            small_model(
                scope="province:Eastern Cape",
                months=MONTHS,
                citizens=1000,
                params={"administration.town_hours": hours},
            )
        )
        quality.append(found["data_quality_ppm"] / found["municipality_months"] / 1e6)
    yield holds(
        "fact 15: data quality with 800, 400 and 200 hours a month in towns for the same requests", PATTERN, "falls",
        ", ".join(f"{q:.3f}" for q in quality), quality[0] > quality[1] > quality[2],
    )  # fmt: skip
    asked = []
    for common in (False, True):
        model = small_model(scope="province:Eastern Cape", months=MONTHS, citizens=1000)
        world = model.world
        if common:
            wishes = tuple(replace(r, definition="common") for r in world.institutions.requests)
            world.institutions = replace(world.institutions, requests=wishes)
        again = sums(model)["asks"] - _standing(world)
        asked.append(again)
    yield holds(
        "fact 15: requests asked again, with a common format over without", PATTERN, "below 1",
        f"{asked[1] / asked[0]:.3f} ({asked[0]:.0f} without)", asked[1] < asked[0],
    )  # fmt: skip


def _standing(world: World) -> int:
    """Requests that fall due by the tables over a run, municipalities together."""
    due = {i.code: i.due for i in world.institutions.indicators}
    a_year = [sum(m in due[r.indicator] for r in world.institutions.requests) for m in range(1, 13)]
    months = [world.clock.calendar_month(m) for m in range(world.clock.months)]
    return len(world.municipalities) * sum(a_year[m - 1] for m in months)
