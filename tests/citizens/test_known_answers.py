"""Citizens' months whose answer is known beforehand: trips, kilometres, attempts, patience."""

from __future__ import annotations

import itertools
from itertools import combinations
from math import sqrt
from typing import Any

import numpy as np
import pytest
from small_country import BUSY, EAGER, Counter, SmallCountry, chain

from igrsim.citizens.lives import Citizens
from igrsim.citizens.population import EVENTS
from igrsim.citizens.terms import ARISEN, RESOLVED, STEPS
from igrsim.phases.travel import travel
from igrsim.services.catalogue import LAGS, SERVICES

SIGMAS = 4.5
"""Tolerance of a mean over many people, in standard errors: a false alarm in 150 000 seeds."""
FAR_KM = 200.0
"""Towns this far to the left and right of home: no day has room for both."""


def two_steps(lag: str = "") -> Any:
    return chain([Counter("police", lag), Counter("home_affairs")])


def all_of_band(citizens: Citizens, band: int) -> None:
    """Let everyone be of one age band."""
    citizens.lives.traits[:] = citizens.lives.traits & ~np.uint8(3) | np.uint8(band)


def test_offices_in_far_apart_towns_are_two_trips_and_distances_add_up() -> None:
    country = SmallCountry(two_steps(), [("police", -FAR_KM), ("home_affairs", 150.0)])
    found = country.live(2)
    assert found["resolved"] == country.people
    assert found["trips"] == 2 * country.people
    (left, left_minutes), (right, right_minutes) = country.way("police"), country.way("home_affairs")
    assert (left, right) == (260_000, 195_000)
    assert found["metres"] == 2 * (left + right) * country.people
    whole = round(2 * left_minutes + 10) + round(2 * right_minutes + 10)
    assert found["minutes"] == whole * country.people == int(country.lives.minutes.sum())
    # 8 rand to board and 1 rand a kilometre, there and back
    assert found["cents"] == 2 * (800 + 26_000 + 800 + 19_500) * country.people


def test_towns_that_one_day_can_hold_are_one_round_trip() -> None:
    country = SmallCountry(two_steps(), [("police", -10.0), ("home_affairs", 10.0)])
    found = country.live(1)
    assert found["trips"] == found["resolved"] == country.people
    assert found["metres"] == (13_000 + 26_000 + 13_000) * country.people


def test_offices_of_one_town_are_one_trip_in_silos_too() -> None:
    country = SmallCountry(two_steps(), [("police", 10.0), ("home_affairs", 12.0)])
    found = country.live(1)
    assert found["trips"] == found["resolved"] == country.people
    assert found["metres"] == (13_000 + 2_600 + 15_600) * country.people
    assert found["cents"] == (800 + 1_300 + 0 + 800 + 1_560) * country.people


def test_a_centre_is_one_trip_and_the_same_way_back() -> None:
    country = SmallCountry(two_steps(), [("police", 10.0), ("home_affairs", 10.0)])
    found = country.live(1)
    assert found["trips"] == found["resolved"] == country.people
    assert found["metres"] == 26_000 * country.people
    assert found["visits"] == found["steps"] == 2 * country.people


@pytest.mark.parametrize("months", [1, 2, 5])
def test_an_issue_lag_makes_two_trips_even_at_a_centre(months: int) -> None:
    conduct = EAGER._replace(lags=np.full(3, months, dtype=np.int64), outings=4)
    country = SmallCountry(two_steps("birth"), [("police", 10.0), ("home_affairs", 10.0)], conduct=conduct)
    found = country.live(months)
    assert (found["trips"], found["resolved"]) == (country.people, 0)
    found = country.live(1)
    assert (found["trips"], found["resolved"]) == (2 * country.people, country.people)
    assert found["months"] == months * country.people


@pytest.mark.parametrize("k", [1, 2, 3, 5, 7])
def test_a_chain_at_a_full_centre_is_one_trip_and_one_for_each_lagged_predecessor(k: int) -> None:
    for lagged in (c for n in range(min(k, 4)) for c in combinations(range(k - 1), n)):
        lags = dict(zip(lagged, LAGS, strict=False))
        steps = [Counter(SERVICES[i], lags.get(i, "")) for i in range(k)]
        country = SmallCountry(chain(steps), [(s, 10.0) for s in SERVICES], people=3)
        found = country.live(6)
        assert found["resolved"] == country.people
        assert found["trips"] == (1 + len(lagged)) * country.people, lagged


@pytest.mark.parametrize("k", [2, 3, 4])
def test_k_steps_in_k_far_towns_are_k_trips(k: int) -> None:
    # odd towns to the left, even ones to the right, so that none lies on another's way
    towns = [(SERVICES[i], (-1) ** i * (FAR_KM + i)) for i in range(k)]
    country = SmallCountry(chain([Counter(s) for s, _ in towns]), towns)
    found = country.live(k)
    assert (found["resolved"], found["trips"]) == (country.people, k * country.people)


def test_every_service_at_home_without_prerequisites_is_one_trip() -> None:
    """The null: needs of one step each, no outages, everything under one roof."""
    catalogue = chain([Counter(s, papers=True) for s in SERVICES], linked=False)
    country = SmallCountry(catalogue, [(s, 1.0) for s in SERVICES])
    found = country.live(1)
    assert (found["resolved"], found["trips"]) == (len(SERVICES) * country.people, country.people)
    assert found["cents"] == 0
    assert not country.open.any()


@pytest.mark.parametrize("column", ["offline", "absent"])
@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_outages_multiply_attempts(column: str, p: float) -> None:
    country = SmallCountry(chain([Counter("labour")]), [("labour", 10.0)], people=20_000)
    getattr(country.points, column)[:] = p
    found = country.live(120 if p > 0.5 else 60)
    assert found["resolved"] == country.people
    error = sqrt(p) / (1 - p) / sqrt(country.people)
    assert found["trips"] / country.people == pytest.approx(1 / (1 - p), abs=SIGMAS * error)
    assert found[f"wasted_{column}"] == found["trips"] - country.people


def test_full_desks_multiply_attempts_alike() -> None:
    country = SmallCountry(chain([Counter("labour")]), [("labour", 10.0)], people=20_000)
    country.points.admit[:] = 0.5
    found = country.live(60)
    assert found["trips"] / country.people == pytest.approx(2.0, abs=SIGMAS * sqrt(2 / country.people))
    country.points.admit[:] = 0.0
    country = SmallCountry(chain([Counter("labour")]), [("labour", 10.0)])
    country.points.admit[:] = 0.0
    found = country.live(3)
    assert (found["steps"], found["wasted_full"]) == (0, 3 * country.people)


def test_what_awaits_at_the_counter_is_one_of_three_that_befall_independently() -> None:
    """Absent a, else offline o, else full f: the shares of callers are a, (1 - a) o and (1 - a) (1 - o) f."""
    a, o, f = 0.3, 0.4, 0.5
    country = SmallCountry(chain([Counter("labour")]), [("labour", 10.0)], people=20_000)
    country.points.absent[:], country.points.offline[:], country.points.admit[:] = a, o, 1 - f
    found = country.live(1)
    for cause, share in (("absent", a), ("offline", (1 - a) * o), ("full", (1 - a) * (1 - o) * f)):
        error = sqrt(share * (1 - share) / country.people)
        assert found[f"wasted_{cause}"] / country.people == pytest.approx(share, abs=SIGMAS * error), cause


def test_luck_at_the_counter_is_the_same_whatever_else_is_published() -> None:
    """Who is turned away at a better counter is turned away at a worse one, too."""
    turned = []
    for absent, offline, admit in ((0.1, 0.2, 0.9), (0.1, 0.2, 0.5), (0.1, 0.6, 0.5), (0.5, 0.6, 0.5)):
        country = SmallCountry(chain([Counter("labour")]), [("labour", 10.0)], people=5_000)
        country.points.absent[:], country.points.offline[:], country.points.admit[:] = absent, offline, admit
        country.live(1)
        turned.append(country.open)
    for better, worse in itertools.pairwise(turned):
        assert (worse | ~better).all()
        assert worse.sum() > better.sum()


@pytest.mark.parametrize("p", [0.0, 0.25, 1.0])
def test_a_paper_missing_once_costs_p_more_trips(p: float) -> None:
    conduct = EAGER._replace(missing_papers=np.full(5, p))
    country = SmallCountry(chain([Counter("labour", papers=True)]), [("labour", 10.0)], 20_000, conduct)
    found = country.live(2)
    assert found["resolved"] == country.people
    assert found["trips"] == country.people + found["wasted_papers"]
    error = sqrt(p * (1 - p) / country.people)
    assert found["trips"] / country.people == pytest.approx(1 + p, abs=SIGMAS * error + 1e-12)


def test_giving_up_after_each_wasted_trip_with_chance_q() -> None:
    """Outages p, giving up q: p q / (1 - p (1 - q)) of needs are abandoned."""
    p, q = 0.6, 0.3
    conduct = EAGER._replace(give_up=q)
    country = SmallCountry(chain([Counter("labour")]), [("labour", 10.0)], 20_000, conduct)
    country.points.offline[:] = p
    found = country.live(60)
    assert found["resolved"] + found["abandoned"] == country.people
    share = p * q / (1 - p * (1 - q))
    error = sqrt(share * (1 - share) / country.people)
    assert found["abandoned"] / country.people == pytest.approx(share, abs=SIGMAS * error)


def test_patience_ends_in_the_month_after_it_is_used_up() -> None:
    conduct = EAGER._replace(patience=4, give_up_waiting=1.0)
    country = SmallCountry(chain([Counter("labour")]), [("labour", 10.0)], conduct=conduct)
    country.points.open[:] = False
    assert country.live(4)["abandoned"] == 0
    found = country.live(1)
    assert (found["abandoned"], found["trips"]) == (country.people, 0)


def test_whoever_arrives_too_late_is_turned_away() -> None:
    # 300 km on the map are 390 km of road, 445 minutes; two hours before opening leave 325 of 450
    country = SmallCountry(chain([Counter("labour")]), [("labour", 300.0)])
    country.points.serve[:] = 125.0
    assert country.live(1)["resolved"] == country.people
    country = SmallCountry(chain([Counter("labour")]), [("labour", 300.0)])
    country.points.serve[:] = 125.1
    found = country.live(1)
    assert (found["wasted_late"], found["resolved"]) == (country.people, 0)


def test_choice_follows_the_logit_of_minutes() -> None:
    """Two offices and home: shares of people are those of the published utilities."""
    conduct = EAGER._replace(going=1.0, per_minute=-0.02, outings=1)
    country = SmallCountry(chain([Counter("labour")]), [("labour", 10.0), ("labour", -20.0)], 20_000, conduct)
    found = country.live(1)
    worth = np.exp(1.0 - 0.02 * country.ways.minutes[0, SERVICES.index("labour"), :2])
    share = worth / (1 + worth.sum())
    error = np.sqrt(share * (1 - share) / country.people)
    np.testing.assert_array_less(np.abs(country.arrivals / country.people - share), SIGMAS * error)
    assert found["trips"] == country.arrivals.sum()


def test_choice_follows_the_logit_of_fares_and_queues() -> None:
    conduct = EAGER._replace(going=1.0, per_minute=-0.02, per_rand=np.full(5, -0.03), per_queue_minute=-0.01)
    towns = [("labour", 10.0), ("labour", -12.0), ("labour", 30.0)]
    country = SmallCountry(chain([Counter("labour")]), towns, 20_000, conduct)
    country.points.wait[:] = 90.0, 20.0, 0.0
    country.live(1)
    minutes = country.ways.minutes[0, SERVICES.index("labour")]
    fare = np.array([8 + 13.0, 8 + 15.6, 8 + 39.0])
    worth = np.exp(1.0 - 0.02 * minutes - 0.03 * fare - 0.01 * country.points.wait)
    share = worth / (1 + worth.sum())
    error = np.sqrt(share * (1 - share) / country.people)
    np.testing.assert_array_less(np.abs(country.arrivals / country.people - share), SIGMAS * error)


def test_who_prefers_another_office_goes_there_only_because_of_it() -> None:
    """A longer queue at one office sends people elsewhere or home, and nobody to it; and nobody else changes places."""
    where = []
    conduct = EAGER._replace(going=1.0, per_minute=-0.02, per_queue_minute=-0.02)
    for wait in (0.0, 60.0):
        country = SmallCountry(chain([Counter("labour")]), [("labour", 10.0), ("labour", -20.0)], 5_000, conduct)
        country.points.serve[:] = 0.0
        country.points.wait[:] = wait, 0.0
        country.live(1)
        where.append(country.lives.state["metres"].copy())
    near = 2 * country.way("labour")[0]
    before, after = where
    assert ((before == near) | (before == after)).all()
    assert {*np.unique(after[before != after])} == {0, 52_000}
    assert (before != after).any()


def test_a_visiting_service_is_visited_by_those_who_know_it() -> None:
    country = SmallCountry(chain([Counter("labour")]), [("labour", 10.0)], 20_000)
    country.points.knows = np.array([0.6])
    found = country.live(12)
    # whoever does not know it does not learn of it by waiting
    error = sqrt(0.24 / country.people)
    assert found["resolved"] / country.people == pytest.approx(0.6, abs=SIGMAS * error)
    assert country.months[0]["resolved"] == found["resolved"]


def test_a_closed_office_keeps_no_one_from_another() -> None:
    """Two needs: one whose office has closed, one whose counter is next door."""
    catalogue = chain([Counter("home_affairs"), Counter("clinic")], linked=False)
    country = SmallCountry(catalogue, [("home_affairs", 10.0), ("clinic", 1.0)])
    country.points.open[0] = False
    found = country.live(2)
    assert (found["resolved"], found["trips"]) == (country.people, country.people)


def test_a_claim_brings_its_signings(make_world: Any) -> None:
    """Everyone claims once; each claim is followed by its number of signings, one a month."""
    world = make_world(500)
    people, catalogue = world.people, world.catalogue
    people.conduct = people.conduct._replace(
        going=300.0, per_minute=0.0, clinic=0.0, collects=0.0, give_up=0.0, missing_papers=np.zeros(5), signings=3
    )
    world.points.offline[:] = 0.0
    people.citizens.lives.tokens[:] = catalogue.token("identity") | catalogue.token("birth_certificate")
    all_of_band(people.citizens, 2)
    claim, signing = (catalogue.needs.index(n) for n in ("unemployment_insurance", "unemployment_signing"))
    signed = []
    for month in range(6):
        chances = np.zeros_like(people.hazard)
        chances[:, :, EVENTS.index("unemployment_insurance") :] = float(month == 0)
        people.hazard = chances
        world.month = month
        travel(world)
        world.points.admit[:] = 1.0
        signed.append(people.tally[:, signing, ARISEN].sum())
        if month == 0:
            claimed = people.tally[:, claim, RESOLVED].sum()
    assert claimed == people.citizens.count
    assert signed == [0, *[people.citizens.count] * 3, 0, 0]


def test_a_lost_identity_document_is_replaced_in_two_calls(make_world: Any) -> None:
    world = make_world(400)
    people, catalogue = world.people, world.catalogue
    people.conduct = people.conduct._replace(
        going=300.0, per_minute=0.0, clinic=0.0, collects=0.0, give_up=0.0, missing_papers=np.zeros(5), lost=1.0
    )
    world.points.offline[:] = 0.0
    world.points.desks *= 100
    identity = catalogue.token("identity")
    people.citizens.lives.tokens[:] = identity | catalogue.token("birth_certificate")
    all_of_band(people.citizens, 1)
    people.hazard = np.zeros_like(people.hazard)
    people.hazard[:, :, EVENTS.index("identity") :] = 1.0
    for month, (held, steps) in enumerate([(0, 1), (1, 1)]):
        world.month = month
        travel(world)
        people.hazard = np.zeros_like(people.hazard)
        assert people.tally[:, :, STEPS].sum() == steps * people.citizens.count
        assert ((people.citizens.lives.tokens & identity) > 0).sum() == held * people.citizens.count
    assert not people.citizens.lives.routes.any()


@pytest.mark.parametrize("waits", [False, True])
def test_nobody_who_waits_for_a_paper_loses_the_identity_document(make_world: Any, waits: bool) -> None:
    world = make_world(100)
    people, identity = world.people, world.catalogue.token("identity")
    people.conduct = people.conduct._replace(lost=1.0, going=-300.0)
    people.citizens.lives.tokens[:] = identity
    all_of_band(people.citizens, 2)
    if waits:
        people.citizens.lives.state["due"][:, LAGS.index("medical")] = 9
        people.citizens.lives.busy[:] = BUSY
    people.hazard = np.zeros_like(people.hazard)
    people.hazard[:, :, EVENTS.index("identity") :] = 1.0
    travel(world)
    assert ((people.citizens.lives.tokens & identity) > 0).all() == waits
    assert ((people.citizens.lives.tokens & identity) == 0).all() == (not waits)
