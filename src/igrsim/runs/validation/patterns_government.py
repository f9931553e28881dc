"""Patterns of meetings, reports and staff: overlapping agendas, load on top of load, data that degrade, hubs bounded by posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from igrsim.runs.validation.country_runs import YEARS_3, YEARS_5, Lived, country
from igrsim.runs.validation.finding import PATTERN, USUAL, Finding, Values, figures, holds, outside, rising
from igrsim.runs.validation.small_worlds import small_model, sums
from igrsim.world.world import World

POSTS = (0.0, 2.0, 5.0, 11.0, 22.0)
MEETINGS = (1, 2, 4)
"""How often every forum meets, over how often it does."""
HUBS = {"district-hub-core": "hubs", "district-hub": "hubs as designed"}
NOTHING = 0.1
"""Of the gain with eleven posts, what may be had without any."""


def agendas(values: Values = USUAL, months: int = YEARS_5) -> Finding:
    """Fact 11: each department opens its own channel."""
    share = country("siloed", months, values).value("repeat_agenda_share", YEARS_3)
    return holds(
        "fact 11: agenda items that another forum had handled in the quarter, silos", PATTERN, "at least 0.20",
        f"{share:.3f}", share >= 0.20, outside(share, low=0.20),
    )  # fmt: skip


def meetings_upon_meetings() -> Iterator[Finding]:
    """Fact 12: more meetings, lower attendance, fewer decisions, more meetings called again."""
    came, decided, failed = [], [], []
    for times in MEETINGS:
        model = small_model(scope="province:Eastern Cape", months=YEARS_3, citizens=1000)
        for forum in model.world.forums:
            forum.a_year *= times
        found = sums(model)
        came.append(found["attended"] / found["invited"])
        decided.append(1e6 * found["decisions"] / found["quorate_ppm"])
        failed.append(1 - found["quorate_ppm"] / found["meetings_ppm"])
    at = f"{', '.join(str(times) for times in MEETINGS)} times the meetings of silos"
    for what, values, expected in (
        ("attendance", came, "falls"),
        ("decisions per meeting", decided, "falls"),
        ("meetings without a quorum, to be called again", failed, "rises"),
    ):
        sign = 1 if expected == "rises" else -1
        yield holds(
            f"fact 12: {what} with {at}", PATTERN, expected, ", ".join(f"{v:.3f}" for v in values),
            bool((sign * np.diff(values) > 0).all()),
        )  # fmt: skip


def load_on_load(values: Values = USUAL, months: int = YEARS_5) -> Iterator[Finding]:
    """Fact 14: a new forum on top adds load unless old ones are retired."""
    for regime in HUBS:
        yield load_with_channels_kept(values, months, regime=regime)
        yield load_with_channels_retired(values, months, regime=regime)


def load_with_channels_kept(values: Values = USUAL, months: int = YEARS_5, *, regime: str) -> Finding:
    """Fact 14: a new forum on top adds load."""
    kept = _load(country(regime, months, values)) / _load(country("siloed", months, values))
    return holds(
        f"fact 14: municipal meeting and report hours, {HUBS[regime]} with old channels kept over silos", PATTERN,
        "at least 0.95", f"{kept:.3f}", kept >= 0.95, outside(kept, low=0.95),
    )  # fmt: skip


def load_with_channels_retired(values: Values = USUAL, months: int = YEARS_5, *, regime: str) -> Finding:
    """Fact 14: unless old ones are retired."""
    gone = _load(country(regime, YEARS_3, values, retire=1.0)) / _load(country("siloed", months, values))
    return holds(
        f"fact 14: the same with old channels retired, {HUBS[regime]}", PATTERN, "below 1", f"{gone:.3f}", gone < 1,
        outside(gone, high=1),
    )  # fmt: skip


def _load(run: Lived) -> float:
    return run.total(YEARS_3)["load_minutes"]


def bounded_by_staff() -> Iterator[Finding]:
    """A hub helps as far as it is staffed, and each further post helps less."""
    silos = country("siloed")
    runs = [country("district-hub-core") if p == 11 else country("district-hub-core", YEARS_3, posts=p) for p in POSTS]

    def redirected(run: Lived) -> float:
        return run.total(YEARS_3)["overlap_moved_cents"] / 1e11

    def duplicates(run: Lived) -> float:
        return -run.value("duplicate_spend_share", YEARS_3)

    at = f"{', '.join(f'{p:g}' for p in POSTS[:-1])} and {POSTS[-1]:g} posts"
    for what, good in (("billion rand redirected", redirected), ("share of duplicates removed", duplicates)):
        gain = np.array([good(run) - good(silos) for run in runs])
        each = np.diff(gain) / np.diff(POSTS)
        yield holds(
            f"staffing (a test of our own): gain of hubs over silos without posts ({what})", PATTERN,
            f"at most {NOTHING:g} of the gain with eleven",
            f"{gain[0]:.3g} of {gain[3]:.3g}", gain[3] > 0 and abs(gain[0]) <= NOTHING * gain[3],
        )  # fmt: skip
        yield holds(
            f"staffing (a test of our own): gain of hubs over silos with {at} ({what})", PATTERN,
            "grows, by less for each further post", figures(gain.tolist()), bool((each >= 0).all() and (np.diff(each) <= 0).all() and each[0] > 0),
        )  # fmt: skip


def requests_and_data(values: Values = USUAL) -> Iterator[Finding]:
    """Fact 15: duplicate requests degrade data, and bad data produce more requests."""
    yield data_worn_by_requests(values)
    yield requests_in_a_common_format(values)


def data_worn_by_requests(values: Values = USUAL) -> Finding:
    """Fact 15: duplicate requests degrade data."""
    quality = []
    for hours in (800.0, 400.0, 200.0):
        found = sums(
            small_model(
                scope="province:Eastern Cape",
                months=YEARS_3,
                citizens=1000,
                params={**values, "administration.town_hours": hours},
            )
        )
        quality.append(found["data_quality_ppm"] / found["municipality_months"] / 1e6)
    return holds(
        "fact 15: data quality with 800, 400 and 200 hours a month in towns for the same requests", PATTERN, "falls",
        ", ".join(f"{q:.3f}" for q in quality), quality[0] > quality[1] > quality[2],
        rising(quality),
    )  # fmt: skip


def requests_in_a_common_format(values: Values = USUAL) -> Finding:
    """Fact 15: a common format spares requests."""
    asked = []
    for common in (False, True):
        model = small_model(scope="province:Eastern Cape", months=YEARS_3, citizens=1000, params=values)
        world = model.world
        if common:
            wishes = tuple(replace(r, definition="common") for r in world.institutions.requests)
            world.institutions = replace(world.institutions, requests=wishes)
        again = sums(model)["asks"] - _standing(world)
        asked.append(again)
    return holds(
        "fact 15: requests asked again, with a common format over without", PATTERN, "below 1",
        f"{asked[1] / asked[0]:.3f} ({asked[0]:.0f} without)", asked[1] < asked[0],
        outside(asked[1] / asked[0], high=1),
    )  # fmt: skip


def _standing(world: World) -> int:
    """Requests that fall due by the tables over a run, municipalities together."""
    due = {i.code: i.due for i in world.institutions.indicators}
    a_year = [sum(m in due[r.indicator] for r in world.institutions.requests) for m in range(1, 13)]
    months = [world.clock.calendar_month(m) for m in range(world.clock.months)]
    return len(world.municipalities) * sum(a_year[m - 1] for m in months)
