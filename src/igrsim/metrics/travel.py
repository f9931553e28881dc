"""What people spend to get what they are entitled to: trips, kilometres, hours and rand of documentary needs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.population import FIFTHS, HEADS, KINDS
from igrsim.citizens.terms import (
    ABANDONED,
    ARISEN,
    CENTS,
    METRES,
    MINUTES,
    MONTHS,
    RESOLVED,
    TRIPS,
    WASTED_ABSENT,
    WASTED_FULL,
    WASTED_LATE,
    WASTED_OFFLINE,
    WASTED_PAPERS,
)
from igrsim.kernel.params import Params, param
from igrsim.metrics._base import Counts, Metric, announce, observe, over, ratio
from igrsim.world.world import World

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


class Income(Params, group="income"):
    """Household income, for the burden as a share of it."""

    poorest: float = param(
        650, unit="rand per person-month", low=400, high=900, grade="assumed", source="assumption",
        meaning="income of the poorest fifth; each further fifth has 2.1 times the one before",
    )  # fmt: skip
    ratio: float = param(
        2.1, unit="ratio", low=1.7, high=2.5, grade="assumed", source="assumption",
        meaning="income of a fifth over that of the fifth below it",
    )  # fmt: skip


COLUMNS = {
    "needs_arisen": (ARISEN,),
    "needs_resolved": (RESOLVED,),
    "needs_abandoned": (ABANDONED,),
    "needs_months": (MONTHS,),
    "trips": (TRIPS,),
    "trip_metres": (METRES,),
    "trip_minutes": (MINUTES,),
    "trip_cents": (CENTS,),
    "wasted_papers": (WASTED_PAPERS,),
    "wasted_absent": (WASTED_ABSENT,),
    "wasted_offline": (WASTED_OFFLINE,),
    "wasted_queue": (WASTED_FULL, WASTED_LATE),
}


def _documentary(world: World) -> I64:
    """Tallies of documentary needs by space, place kind, wealth fifth, household head."""
    flags = np.array(world.catalogue.documentary)
    tally = world.people.tally[:, flags, :].sum(axis=1)
    return np.asarray(tally.reshape(world.spaces, len(KINDS), FIFTHS, len(HEADS), -1))


def gini_of_hours(people: I64) -> F64:
    """Gini coefficient of the time people of each space have spent, from how many have spent how many bins of it.

    Parameters
    ----------
    people : (spaces, bins) int
    """
    # who has not spent a bin's whole width has spent nothing worth counting
    spent = np.append(0.0, np.arange(1, people.shape[1]) + 0.5)
    mass = people * spent
    before = np.cumsum(mass, axis=1) - mass
    area = (people * (before + 0.5 * mass)).sum(axis=1)
    return np.nan_to_num(1 - 2 * over(area, people.sum(axis=1) * mass.sum(axis=1)))


def _named(tally: I64) -> dict[str, I64]:
    return {name: np.asarray(tally[..., list(columns)].sum(axis=-1)) for name, columns in COLUMNS.items()}


@observe("space")
def by_space(world: World) -> dict[str, I64]:
    """Trips and needs of each space's people."""
    tally = _documentary(world)
    found = _named(tally.sum(axis=(1, 2, 3)))
    rural = tally[:, KINDS.index("rural")].sum(axis=(1, 2))
    urban = tally[:, [k for k in range(len(KINDS)) if KINDS[k] != "rural"]].sum(axis=(1, 2, 3))
    for name, part in (("rural", rural), ("urban", urban)):
        found[f"trip_minutes_{name}"] = part[:, MINUTES]
        found[f"needs_arisen_{name}"] = part[:, ARISEN]
    income = world.params[Income]
    monthly = 100 * income.poorest * income.ratio ** np.arange(FIFTHS)
    arisen = tally[..., ARISEN].sum(axis=(1, 3))
    found["need_income_cents"] = np.rint(arisen @ monthly).astype(np.int64)
    whole = _settled(world)
    people = whole["people"]
    gini = gini_of_hours(world.people.hours)
    found["gini_ppm_people"] = np.rint(gini * people * 1e6).astype(np.int64)
    return found | {name: count.copy() for name, count in whole.items()}


def _settled(world: World) -> dict[str, I64]:
    """What of each space's people is the same all study long."""
    kept: dict[str, dict[str, I64]] = world.calendars
    if "people settled" not in kept:
        where, people = world.people.settlement_space, world.people
        weights = {
            "beyond_home_affairs": people.beyond_home_affairs,
            "beyond_sassa": people.beyond_sassa,
            "population": world.geography.settlements.population.astype(np.float64),
            "people": np.diff(people.citizens.homes.first).astype(np.float64),
        }
        kept["people settled"] = {
            name: np.bincount(where, weights=weight, minlength=world.spaces).astype(np.int64)
            for name, weight in weights.items()
        }
    return kept["people settled"]


@observe("people")
def by_group(world: World) -> dict[str, I64]:
    """The same by place kind, wealth fifth and sex of the household head, over the whole scope."""
    tally = _documentary(world).sum(axis=0)
    rows = np.concatenate([tally.sum(axis=(1, 2)), tally.sum(axis=(0, 2)), tally.sum(axis=(0, 1))])
    found = _named(rows)
    income = world.params[Income]
    monthly = 100 * income.poorest * income.ratio ** np.arange(FIFTHS)
    worth = np.rint(tally[..., ARISEN] * monthly[None, :, None]).astype(np.int64)
    found["need_income_cents"] = np.concatenate(
        [worth.sum(axis=(1, 2)), worth.sum(axis=(0, 2)), worth.sum(axis=(0, 1))]
    )
    return found


@observe("need")
def by_need(world: World) -> dict[str, I64]:
    """The same by type of need, over the whole scope."""
    return _named(world.people.tally.sum(axis=0))


def _wasted(c: Counts) -> NDArray[np.float64]:
    wasted = c["wasted_papers"] + c["wasted_absent"] + c["wasted_offline"] + c["wasted_queue"]
    return over(wasted, c["trips"])


def _rural_urban(c: Counts) -> NDArray[np.float64]:
    rural = over(c["trip_minutes_rural"], c["needs_arisen_rural"])
    urban = over(c["trip_minutes_urban"], c["needs_arisen_urban"])
    return over(np.nan_to_num(rural), np.where(np.isfinite(rural), np.nan_to_num(urban), 0.0))


PATHS = ("access", "needs", "travel", "desks")


def _people(
    name: str, unit: str, better: str, meaning: str, top: str, bottom: str, scale: float = 1.0, headline: bool = False
) -> Metric:
    value = ratio(top, bottom, scale)
    return Metric(name, "travel", unit, better, meaning, value, (top, bottom), PATHS, "people", headline)


announce(
    _people(
        "trips_per_need", "trips per need", "lower",
        "all trips for documentary needs over documentary needs that arose, abandoned ones included",
        "trips", "needs_arisen",
    ),
    _people(
        "km_per_need", "km per need", "lower", "kilometres there and back, on those trips", "trip_metres", "needs_arisen", 1e-3
    ),
    _people(
        "hours_per_need", "hours per need", "lower", "hours on the way, in the queue and at the desk, on those trips",
        "trip_minutes", "needs_arisen", 1 / 60, True,
    ),
    _people(
        "rand_per_need", "rand per need", "lower", "fares paid on those trips, rand of 2021",
        "trip_cents", "needs_arisen", 1e-2,
    ),
    _people(
        "needs_resolved_share", "share", "higher", "documentary needs resolved over those that arose",
        "needs_resolved", "needs_arisen",
    ),
    _people(
        "needs_abandoned_share", "share", "lower", "documentary needs given up over those that arose",
        "needs_abandoned", "needs_arisen",
    ),
    _people(
        "months_to_resolve", "months", "lower", "months from a need's rise to its resolution, of those resolved; 0 is the same month",
        "needs_months", "needs_resolved",
    ),
    Metric(
        "wasted_trip_share", "travel", "share", "lower", "trips for documentary needs that finished no step", _wasted,
        ("wasted_papers", "wasted_absent", "wasted_offline", "wasted_queue", "trips"), PATHS, "people",
    ),
    _people("wasted_by_papers", "share", "lower", "of those trips, for want of a paper", "wasted_papers", "trips"),
    _people("wasted_by_absence", "share", "lower", "of those trips, because a visiting department stayed away", "wasted_absent", "trips"),
    _people("wasted_by_outage", "share", "lower", "of those trips, because the system was offline", "wasted_offline", "trips"),
    _people("wasted_by_queue", "share", "lower", "of those trips, because the desks were full or the day too short", "wasted_queue", "trips"),
    _people(
        "burden_share_of_income", "share", "lower", "fares for a need over a month's income of the person",
        "trip_cents", "need_income_cents",
    ),
    Metric(
        "burden_gini", "travel", "index 0-1", "lower",
        "Gini coefficient, within a space, of the hours people have spent on documentary needs so far",
        ratio("gini_ppm_people", "people", 1e-6), ("gini_ppm_people", "people"), PATHS,
    ),
    Metric(
        "burden_ratio_rural_urban", "travel", "ratio", "lower", "hours per need of rural people over those of others", _rural_urban,
        ("trip_minutes_rural", "needs_arisen_rural", "trip_minutes_urban", "needs_arisen_urban"), PATHS,
    ),
    Metric(
        "share_beyond_norm", "travel", "share", "lower",
        "people who live more than 25 km (50 km in the Northern Cape) from a Home Affairs office",
        ratio("beyond_home_affairs", "population"), ("beyond_home_affairs", "population"), (),
    ),
    Metric(
        "share_beyond_norm_sassa", "travel", "share", "lower", "people who live more than 40 km from a SASSA office",
        ratio("beyond_sassa", "population"), ("beyond_sassa", "population"), (),
    ),
)  # fmt: skip
