"""Patterns of centres and mobile units: who is served sooner, who stops coming, how long a visit lasts.

Thresholds are those of the field reports, set before the model was run; a pattern that fails stays.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.terms import ARISEN, TRIPS
from igrsim.government.thusong import ANCHORS
from igrsim.model import IGRModel
from igrsim.phases.presence import has_anchor, tenant_days
from igrsim.places.travel import great_circle_km
from igrsim.regimes.regime import Regime
from igrsim.runs.validation.finding import PATTERN, USUAL, Finding, Values, holds, outside, rising
from igrsim.runs.validation.patterns_people import single
from igrsim.runs.validation.small_worlds import of_levers, small_model
from igrsim.world.premises import leave
from igrsim.world.world import World

F64 = NDArray[np.float64]

DISTRICTS = ["DC35", "DC36"]
"""Two rural districts, of which one has a centre in a single municipality."""
HELD = of_levers(
    "thusong-centres",
    "centre-management",
    "department-champions",
    "agency-agreements",
    "pooled-centre-funding",
    "multiskilled-staff",
    "awareness-campaign",
)
"""Centres whose tenants something holds."""
CATCHMENT_KM = 5.0
"""Six in ten users of centres lived within this distance."""
MONTHS, FROM = 84, 48
WHERE = {"inside": "near a new anchored centre", "outside": "near no centre"}


def access_patterns() -> Iterator[Finding]:
    """Every pattern of access."""
    yield from centres_save_time_near_them()
    yield from promised_presence_decays()
    yield centres_without_anchors_save_nothing()
    yield from visits_clear_a_stock_that_rebuilds()


def settled_lives(regime: str | Regime, citizens: int = 80_000) -> tuple[F64, F64, World]:
    """Minutes on documentary needs and needs resolved, by citizen, once centres have long been open."""
    model = small_model(regime, scope=DISTRICTS, months=MONTHS, citizens=citizens, params={"thusong.at_once": 2})
    people = model.world.people.citizens
    resolved, before = np.zeros(people.count), np.zeros(people.count)
    while model.month < MONTHS:
        if model.month == FROM:
            resolved[:], before = 0, people.lives.minutes.astype(np.float64)
        model.step()
        resolved += np.bitwise_count(people.lives.solved)
    return people.lives.minutes - before, resolved, model.world


def centres_save_time_near_them() -> Iterator[Finding]:
    """Fact 7: co-location saves time for those it reaches, and for nobody else."""
    minutes, resolved, silos = settled_lives("siloed")
    places, home = silos.geography.settlements, silos.people.citizens.settlement
    for name, regime in (
        ("centres alone", of_levers("thusong-centres")),
        ("centres held", HELD),
        ("one-stop", "one-stop"),
    ):
        spent, done, world = settled_lives(regime)
        made = [c for c in world.premises.centres if c.open and 0 <= c.opens <= FROM and has_anchor(world, c)]
        standing = [c for c in world.premises.centres if c.open]
        # centres of old are other than in silos too, and people near them are nowhere outside
        near, any_near = (
            (np.min([great_circle_km(c.lat, c.lon, places.lat, places.lon) for c in them], axis=0) < CATCHMENT_KM)[home]
            for them in (made, standing)
        )
        for where, inside in (("inside", near), ("outside", ~any_near)):
            change = spent[inside].sum() / done[inside].sum() / (minutes[inside].sum() / resolved[inside].sum()) - 1
            yield holds(
                f"fact 7: time for each need resolved, {name} over silos, {WHERE[where]}",
                PATTERN,
                "falls by at least 0.20" if where == "inside" else "falls by less than 0.05",
                f"{change:+.3f}",
                change <= -0.20 if where == "inside" else change > -0.05,
            )


def promised_presence_decays(values: Values = USUAL) -> Iterator[Finding]:
    """Fact 9: without a funded tenancy or a champion, tenants come less and anchors leave."""
    model = small_model(scope="country", months=181, citizens=1000, params=values)
    days, lost = {}, {}
    while model.month < 181:
        model.step()
        if model.month in (1, 121, 181):
            centres = model.world.premises.centres
            days[model.month] = float(np.mean([tenant_days(model.world, c) for c in centres]))
            lost[model.month] = float(np.mean([not has_anchor(model.world, c) for c in centres]))
    yield holds(
        "fact 9: tenant-days a month and centre, silos, at first and after 10 and 15 years", PATTERN, "falls",
        ", ".join(f"{d:.1f}" for d in days.values()), days[1] > days[121] > days[181],
        rising(list(days.values())),
    )  # fmt: skip
    yield holds(
        "fact 9: share of centres without an anchor, silos, after 15 years", PATTERN, "0.25 to 0.50",
        f"{lost[181]:.2f} ({lost[121]:.2f} after 10)", 0.25 <= lost[181] <= 0.50,
        outside(lost[181], 0.25, 0.50),
    )  # fmt: skip


def trips_without_anchors(regime: str | Regime, values: Values = USUAL) -> tuple[F64, F64, World]:
    """Documentary trips and needs arisen by citizen, where anchors leave every new centre as soon as they have come."""
    params = {"thusong.at_once": 2.0, **values}
    model = small_model(regime, scope=DISTRICTS, months=MONTHS, citizens=80_000, params=params)
    world = model.world
    documentary = np.array(world.catalogue.documentary)
    trips, arisen = np.zeros(world.people.citizens.count), np.zeros(world.people.citizens.count)

    def desert(phase: str, world: World) -> None:
        if phase == "centres":
            for centre in world.premises.centres:
                for service, tenant in centre.tenants.items():
                    if centre.opens >= 0 and service in ANCHORS and world.points.open[tenant.point]:
                        leave(world, tenant)

    model.after_phase = desert
    while model.month < MONTHS:
        if model.month == FROM:
            single(world)
        model.step()
        if model.month > FROM:
            tally = world.people.tally[: len(trips), documentary]
            trips += tally[..., TRIPS].sum(axis=1)
            arisen += tally[..., ARISEN].sum(axis=1)
    return trips, arisen, world


def centres_without_anchors_save_nothing(values: Values = USUAL) -> Finding:
    """Fact 9: below the anchor threshold a centre saves no trips."""
    trips, arisen, silos = trips_without_anchors("siloed", values)
    there, needs, world = trips_without_anchors(of_levers("thusong-centres"), values)
    places, home = silos.geography.settlements, silos.people.citizens.settlement
    bare = [c for c in world.premises.centres if c.open and 0 <= c.opens <= FROM and not has_anchor(world, c)]
    far = [great_circle_km(c.lat, c.lon, places.lat, places.lon) for c in bare]
    near = (np.min(far, axis=0) < CATCHMENT_KM)[home]
    saved = 1 - (there[near].sum() / needs[near].sum()) / (trips[near].sum() / arisen[near].sum())
    return holds(
        "fact 9: share of trips for a need saved near new centres to which no anchor comes, over silos", PATTERN, "at most 0.05",
        f"{saved:+.3f} ({len(bare)} centres, {int(near.sum())} people)", saved <= 0.05,
        outside(saved, high=0.05),
    )  # fmt: skip


def unmet(regime: str | Regime) -> tuple[float, dict[int, float]]:
    """Share of people far from offices with an unmet documentary need, and the same by months since a visit."""
    months, citizens = 72, 100_000
    model: IGRModel = small_model(regime, scope=["DC36"], months=months, citizens=citizens)
    world = model.world
    people, homes = world.people, len(world.geography.settlements)
    documentary = np.uint16((1 << people.book.first_recurring) - 1)
    far = (people.ways.metres[:, ANCHORS, 0] > 5000).any(axis=1)
    everyone = np.bincount(people.citizens.settlement, minlength=homes)
    since = np.full(homes, -1)
    open_by: dict[int, float] = {}
    people_by: dict[int, float] = {}
    mean = []
    while model.month < months:
        model.step()
        needy = np.bincount(
            people.citizens.settlement, weights=(people.citizens.lives.routes & documentary) != 0, minlength=homes
        )
        since[since >= 0] += 1
        for going in world.premises.rounds.values():
            since[going.stops[world.points.open[going.points[:, 0]]]] = 0
        if model.month > 24:
            mean.append(needy[far].sum() / everyone[far].sum())
            for k in range(7):
                open_by[k] = open_by.get(k, 0) + float(needy[since == k].sum())
                people_by[k] = people_by.get(k, 0) + float(everyone[since == k].sum())
    return float(np.mean(mean)), {k: open_by[k] / people_by[k] for k in open_by if people_by[k]}


def visits_clear_a_stock_that_rebuilds() -> Iterator[Finding]:
    """Fact 10: a mobile unit clears a stock of unmet needs, which then rebuilds; workers lower the mean between visits."""
    without, _ = unmet("siloed")
    mean, by_month = unmet(of_levers("mobile-thusong"))
    yield holds(
        "fact 10: share of people with an unmet documentary need in the month of a mobile unit's visit, and 1 to 4 months later",
        PATTERN, "rises", ", ".join(f"{by_month[k]:.4f}" for k in range(5)),
        all(by_month[k] < by_month[k + 1] for k in range(4)),
    )  # fmt: skip
    followed, _ = unmet(of_levers("mobile-thusong", "extension-service"))
    yield holds(
        "fact 10: mean share with an unmet need far from offices: silos, rounds, rounds and extension workers", PATTERN,
        "falls", f"{without:.4f}, {mean:.4f}, {followed:.4f}", without > mean > followed,
    )  # fmt: skip
