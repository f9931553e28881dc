"""Expected demand: how many of each settlement's whole population call at each point in a month.

A point's load is never a count of sampled citizens, or a sample's noise would show as turn-aways. It is the
expectation of the citizen's month over everyone: needs arise at their rates, people stand at a place in their
chain of steps, choose points with the logit probabilities of the same utilities, fail, return or give up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from igrsim.citizens.access import Access
from igrsim.citizens.population import (
    BANDS,
    EVENTS,
    FIFTHS,
    Needs,
    band_shares,
    hazards,
    without_documents,
)
from igrsim.citizens.terms import Conduct, Offices, Ways, fare_cents
from igrsim.services.catalogue import LAGS, SERVICES, Catalogue

F64 = NDArray[np.float64]

ABREAST = 32
"""Settlements whose chains are advanced abreast: enough for the processor's vectors, few enough for its nearest memory."""


@dataclass
class Demand:
    """People of every settlement by where they stand in their chains of steps.

    Attributes
    ----------
    stock : (blocks of settlements, positions, ABREAST) float
        People who could take the position's step now, the settlements of a block abreast.
    entry : (settlements, positions) float
        People a month who come to stand there because a need arises.
    service : (positions,) int
        Whose counter; -1 while a document is being issued.
    desk_share : (positions,) float
        Desk time of the step over that of a full transaction.
    onward : (positions,) int
        Position after success, -1 when the need is resolved.
    same_day : (positions,) bool
        Whether the next step can follow on the same day.
    briefed : (positions,) int
        Position after learning of a missing paper, -1 where none is asked.
    recurring : (positions,) bool
        Needs that lapse at the month's end.
    event : (positions,) int
        Which life event lets people enter there, -1 for what recurs.
    entered : (positions,) bool
        Where anybody enters.
    claim, signing : int
        Positions of the unemployment claim's success and of the signing that follows.
    signers : (settlements,) float
        People who must sign this month.
    """

    stock: F64
    entry: F64
    service: NDArray[np.int64]
    desk_share: F64
    onward: NDArray[np.int64]
    same_day: NDArray[np.bool_]
    briefed: NDArray[np.int64]
    recurring: NDArray[np.bool_]
    event: NDArray[np.int64]
    entered: NDArray[np.bool_]
    claims: NDArray[np.bool_]
    signing: int
    signers: F64


def expect(population: NDArray[np.int64], wealth: F64, needs: Needs, access: Access, catalogue: Catalogue) -> Demand:
    """Lay out the chains of steps and how many enter each, for every settlement.

    Parameters
    ----------
    population : (settlements,) int
    wealth : (settlements, fifths) float
        Shares of people in each national wealth fifth.
    """
    lags = dict(zip(LAGS, (access.lag_birth, access.lag_identity, access.lag_medical), strict=True))
    service: list[int] = []
    desk_share: list[float] = []
    onward: list[int] = []
    same_day: list[bool] = []
    briefed: list[int] = []
    recurring: list[bool] = []
    claims: list[bool] = []
    starts: dict[tuple[int, int], int] = {}

    def place(position_service: int, lapses: bool, share: float = 0.0) -> int:
        service.append(position_service)
        desk_share.append(share)
        onward.append(-1)
        same_day.append(False)
        briefed.append(-1)
        recurring.append(lapses)
        claims.append(False)
        return len(service) - 1

    def chain(route: int, held: int) -> int:
        if (route, held) in starts:
            return starts[route, held]
        lapses = not catalogue.routes[route].documentary
        previous: list[int] = []
        head = -1
        for index in catalogue.path(route, held):
            step = catalogue.steps[index]
            here = place(SERVICES.index(step.service), lapses, step.desk_share)
            entries = [here]
            if step.papers:
                told = place(SERVICES.index(step.service), lapses, step.desk_share)
                briefed[here] = told
                entries.append(told)
            head = here if head < 0 else head
            for earlier in previous:
                onward[earlier] = here
            previous = entries
            lag = round(lags[step.lag]) if step.lag else 0
            for earlier in previous:
                same_day[earlier] = lag == 0
            if lag >= 1:
                for _ in range(lag):
                    delay = place(-1, lapses)
                    for earlier in previous:
                        onward[earlier] = delay
                    previous = [delay]
        if catalogue.routes[route].need == "unemployment_insurance":
            for position in previous:
                claims[position] = True
        starts[route, held] = head
        return head

    shares = band_shares(needs)
    rates = hazards(needs)
    lacks = without_documents(needs)
    both = catalogue.token("identity") | catalogue.token("birth_certificate")
    birth_only = catalogue.token("birth_certificate")
    by_fifth: dict[int, F64] = {}
    raised_by: dict[int, int] = {}

    def enter(route: int, held: int, per_person: F64, event: int = -1) -> None:
        position = chain(route, held)
        raised_by[position] = event
        by_fifth[position] = by_fifth.get(position, np.zeros(FIFTHS)) + per_person

    for k, event in enumerate(EVENTS):
        arising = (shares[:, None] * rates[:, :, k]).sum(axis=0)
        ways = [i for i, r in enumerate(catalogue.routes) if r.need == event]
        late = [i for i in ways if catalogue.routes[i].when == "late"]
        sworn = [i for i in ways if catalogue.routes[i].when == "sworn"]
        plain = next(i for i in ways if not catalogue.routes[i].when)
        if late:
            enter(plain, both, arising * (1 - needs.late_birth), k)
            enter(late[0], both, arising * needs.late_birth, k)
            continue
        holders, birth, neither = (
            1 - lacks,
            lacks * (1 - needs.without_birth_certificate),
            lacks * needs.without_birth_certificate,
        )
        by_oath = needs.sworn_route if sworn else 0.0
        enter(plain, both, arising * holders, k)
        enter(plain, birth_only, arising * birth * (1 - by_oath), k)
        enter(plain, 0, arising * neither * (1 - by_oath), k)
        if sworn:
            enter(sworn[0], 0, arising * lacks * by_oath, k)
    adults = 1 - shares[BANDS.index("child")]
    recurring_routes = [i for i, r in enumerate(catalogue.routes) if not r.documentary]
    clinic, collection, signing = recurring_routes
    enter(clinic, 0, np.full(FIFTHS, needs.clinic_visit / 12.0))
    enter(collection, 0, np.full(FIFTHS, needs.collects_in_person * adults))
    signing_position = chain(signing, 0)

    positions = len(service)
    # position by position, as the month reads them
    entry = np.zeros((len(population), positions), order="F")
    for position, per_person in by_fifth.items():
        entry[:, position] = population * (wealth @ per_person)
    return Demand(
        stock=np.zeros((-(-len(entry) // ABREAST), positions, ABREAST)),
        entry=entry,
        service=np.array(service, dtype=np.int64),
        desk_share=np.array(desk_share),
        onward=np.array(onward, dtype=np.int64),
        same_day=np.array(same_day, dtype=np.bool_),
        briefed=np.array(briefed, dtype=np.int64),
        recurring=np.array(recurring, dtype=np.bool_),
        event=np.array([raised_by.get(p, -1) for p in range(positions)], dtype=np.int64),
        entered=np.array([p in by_fifth for p in range(positions)], dtype=np.bool_),
        claims=np.array(claims, dtype=np.bool_),
        signing=signing_position,
        signers=np.zeros(len(population)),
    )


class _Choices(NamedTuple):
    """What people of the settlements abreast choose, by service.

    Attributes
    ----------
    share : (settlements, services, nearest)
        Chance of setting out for each of the nearest points.
    goes, admitted, slow : (services, settlements)
        Chance of setting out at all, of being served once there, and of having stayed at home for as long as patience lasts.
    together : (services, services, settlements)
        Chance that who was served at a counter goes on to one of another service on the same day.
    """

    share: F64
    goes: F64
    admitted: F64
    slow: F64
    together: F64


class _Onward(NamedTuple):
    """Going on from a point to the nearest counter of a service on the same day.

    Attributes
    ----------
    onto, many : (services, services), (services,) int
        Counters to which some chain of steps goes on from each within the day, and how many they are.
    fine : (points,)
        Chance that nothing keeps one from being served.
    chance, weight : (points, services)
        Chance of going on, and the weight of the fare for which it was worked out last.
    """

    onto: NDArray[np.int64]
    many: NDArray[np.int64]
    fine: F64
    chance: F64
    weight: F64


@njit(cache=True)
def _goes_on(point: int, t: int, rand_weight: float, conduct: Conduct, offices: Offices, ways: Ways) -> float:
    """Chance of going on from a point to the nearest counter of a service on the same day."""
    there = offices.hop[point, t]
    known = offices.knows[there] * offices.hop_same_day[point, t]
    worth = (
        conduct.going
        + conduct.per_minute * offices.hop_minutes[point, t]
        + rand_weight * fare_cents(offices.hop_metres[point, t], ways) / 100.0
        + conduct.per_queue_minute * offices.wait[there]
    )
    return known / (1 + np.exp(-min(max(worth, -300.0), 300.0)))


@njit(cache=True)
def _ways_on(
    service: NDArray[np.int64], onward: NDArray[np.int64], same_day: NDArray[np.bool_], services: int, offices: Offices
) -> _Onward:
    """Which counters follow which within a day, and how likely people are served there; chances are worked out when asked for."""
    onto = np.zeros((services, services), np.int64)
    many = np.zeros(services, np.int64)
    for t in range(services):
        for p in range(len(service)):
            q = onward[p]
            if q >= 0 and same_day[p] and service[p] >= 0 and service[q] == t:
                s = service[p]
                if many[s] == 0 or onto[s, many[s] - 1] != t:
                    onto[s, many[s]] = t
                    many[s] += 1
    fine = (1 - offices.absent) * (1 - offices.offline) * offices.admit
    return _Onward(onto, many, fine, np.zeros(offices.hop.shape), np.full(offices.hop.shape, np.nan))


@njit(cache=True)
def _choose(
    first: int,
    abreast: int,
    rand_weights: NDArray[np.float64],
    conduct: Conduct,
    offices: Offices,
    ways: Ways,
    on: _Onward,
    made: _Choices,
) -> None:
    """Choice probabilities of the people of some settlements abreast, service by service."""
    services, nearest = ways.point.shape[1:]
    for lane in range(abreast):
        i = first + lane
        rand_weight = rand_weights[i]
        for s in range(services):
            share = made.share[lane, s]
            total = 1.0
            for k in range(nearest):
                share[k] = 0.0
                point = ways.point[i, s, k]
                if point < 0 or not offices.open[point]:
                    continue
                worth = (
                    conduct.going
                    + conduct.per_minute * ways.minutes[i, s, k]
                    + rand_weight * fare_cents(ways.metres[i, s, k], ways) / 100.0
                    + conduct.per_queue_minute * offices.wait[point]
                )
                share[k] = np.exp(min(worth, 300.0))
                share[k] *= offices.knows[point]
                total += share[k]
            goes = 0.0
            admitted = 0.0
            for j in range(on.many[s]):
                made.together[s, on.onto[s, j], lane] = 0.0
            for k in range(nearest):
                if share[k] == 0.0:
                    continue
                share[k] /= total
                point = ways.point[i, s, k]
                goes += share[k]
                spent = max(0.0, ways.minutes[i, s, k] - conduct.early) + offices.wait[point] + offices.serve[point]
                if spent > conduct.opening:
                    continue
                admitted += share[k] * on.fine[point]
                for j in range(on.many[s]):
                    t = on.onto[s, j]
                    there = offices.hop[point, t]
                    if there < 0 or not offices.open[there]:
                        continue
                    if (
                        spent + offices.hop_minutes[point, t] + offices.wait[there] + offices.serve[there]
                        > conduct.opening
                    ):
                        continue
                    # where the way on is walked, it costs nobody a fare: the chance is the same from every settlement
                    weight = rand_weight if offices.hop_metres[point, t] > ways.walk_metres else 0.0
                    if on.weight[point, t] != weight:
                        on.weight[point, t] = weight
                        on.chance[point, t] = _goes_on(point, t, weight, conduct, offices, ways)
                    made.together[s, t, lane] += share[k] * on.fine[point] * on.chance[point, t]
            if goes > 0:
                admitted /= goes
                for j in range(on.many[s]):
                    made.together[s, on.onto[s, j], lane] /= max(goes * admitted, 1e-12)
            made.goes[s, lane] = goes
            made.admitted[s, lane] = admitted
            made.slow[s, lane] = (1 - goes) ** conduct.patience


@njit(cache=True)
def _add_visits(
    first: int,
    abreast: int,
    calls: F64,
    joined: F64,
    offices: Offices,
    ways: Ways,
    on: _Onward,
    made: _Choices,
    load: F64,
) -> None:
    """Add the days out of the people of some settlements to the loads of the points they call at."""
    services, nearest = ways.point.shape[1:]
    for lane in range(abreast):
        i = first + lane
        for outing in range(len(calls)):
            for s in range(services):
                if calls[outing, s, lane] <= 0.0 or made.goes[s, lane] <= 0.0:
                    continue
                for k in range(nearest):
                    if made.share[lane, s, k] == 0.0:
                        continue
                    point = ways.point[i, s, k]
                    part = made.share[lane, s, k] / made.goes[s, lane]
                    load[point] += (
                        calls[outing, s, lane] * part * (1 - offices.absent[point]) * (1 - offices.offline[point])
                    )
                    for j in range(on.many[s]):
                        t = on.onto[s, j]
                        if joined[outing, s, t, lane] > 0.0:
                            there = offices.hop[point, t]
                            if there >= 0:
                                load[there] += (
                                    joined[outing, s, t, lane]
                                    * part
                                    * (1 - offices.absent[there])
                                    * (1 - offices.offline[there])
                                )


@njit(cache=True)
def expected_visits(
    conduct: Conduct,
    offices: Offices,
    ways: Ways,
    rand_weight: NDArray[np.float64],
    missing: NDArray[np.float64],
    service: NDArray[np.int64],
    desk_share: NDArray[np.float64],
    onward: NDArray[np.int64],
    same_day: NDArray[np.bool_],
    briefed: NDArray[np.int64],
    recurring: NDArray[np.bool_],
    entered: NDArray[np.bool_],
    claims: NDArray[np.bool_],
    signing: int,
    entry: NDArray[np.float64],
    stock: NDArray[np.float64],
    signers: NDArray[np.float64],
    load: NDArray[np.float64],
) -> None:
    """Advance every settlement's expected people by a month and add their visits to the points' loads.

    Parameters
    ----------
    rand_weight, missing : (settlements,) float
        Weight of the fare and chance of missing papers, averaged over the settlement's wealth.
    load : (points,) float
        Added to: full transactions asked for at each point in the month.
    """
    settlements, positions = entry.shape
    services, nearest = ways.point.shape[1:]
    on = _ways_on(service, onward, same_day, services, offices)
    made = _Choices(
        np.zeros((ABREAST, services, nearest)),
        np.zeros((services, ABREAST)),
        np.zeros((services, ABREAST)),
        np.zeros((services, ABREAST)),
        np.zeros((services, services, ABREAST)),
    )
    now = np.zeros((positions, ABREAST))
    later = np.zeros((positions, ABREAST))
    after = np.zeros((positions, ABREAST))
    sign = np.zeros(ABREAST)
    unready = np.zeros(ABREAST)
    lacking = np.zeros(ABREAST)
    done = np.zeros(ABREAST)
    going = np.zeros(ABREAST)
    lost = np.zeros(ABREAST)
    calls = np.zeros((conduct.outings, services, ABREAST))
    joined = np.zeros((conduct.outings, services, services, ABREAST))
    for first in range(0, settlements, ABREAST):
        abreast = min(ABREAST, settlements - first)
        _choose(first, abreast, rand_weight, conduct, offices, ways, on, made)
        for lane in range(abreast):
            i = first + lane
            sign[lane] = signers[i]
            lacking[lane] = missing[i]
            unready[lane] = ways.unready[i]
        # those in whose chain a document has now been issued, and those in whom a need arises
        now[:] = 0.0
        after[:] = 0.0
        here = stock[first // ABREAST]
        for p in range(positions):
            to = onward[p] if service[p] < 0 else p
            if to >= 0 and service[p] < 0 and service[to] < 0:
                for lane in range(abreast):
                    after[to, lane] += here[p, lane]
            elif to >= 0:
                for lane in range(abreast):
                    now[to, lane] += here[p, lane]
            if entered[p]:
                for lane in range(abreast):
                    now[p, lane] += entry[first + lane, p]
        for lane in range(abreast):
            now[signing, lane] += sign[lane]
            sign[lane] -= sign[lane] / max(conduct.signings, 1)
        calls[:] = 0.0
        joined[:] = 0.0
        for outing in range(conduct.outings):
            later[:] = 0.0
            for p in range(positions):
                if service[p] < 0:
                    continue
                s = service[p]
                told = briefed[p]
                q = onward[p]
                keep = 1.0 if recurring[p] else 1 - conduct.give_up
                for lane in range(abreast):
                    people = now[p, lane] if now[p, lane] > 0.0 else 0.0
                    going[lane] = people * made.goes[s, lane]
                    after[p, lane] += people - going[lane]
                for lane in range(abreast):
                    calls[outing, s, lane] += going[lane] * desk_share[p]
                    done[lane] = going[lane] * made.admitted[s, lane]
                if told >= 0:
                    for lane in range(abreast):
                        lost[lane] = done[lane] * lacking[lane] * unready[lane]
                        later[told, lane] += lost[lane] * (1 - conduct.give_up)
                for lane in range(abreast):
                    later[p, lane] += (going[lane] - done[lane]) * keep
                if told >= 0:
                    for lane in range(abreast):
                        done[lane] -= lost[lane]
                if claims[p]:
                    for lane in range(abreast):
                        sign[lane] += done[lane]
                if q < 0:
                    continue
                if service[q] < 0 or not same_day[p]:
                    for lane in range(abreast):
                        after[q, lane] += done[lane]
                    continue
                # the next counter on the same day, where it can be reached
                t = service[q]
                for lane in range(abreast):
                    going[lane] = done[lane] * made.together[s, t, lane]
                    later[q, lane] += done[lane] - going[lane]
                for lane in range(abreast):
                    joined[outing, s, t, lane] += going[lane] * desk_share[q]
                    done[lane] = going[lane] * made.admitted[t, lane]
                told = briefed[q]
                if told >= 0:
                    for lane in range(abreast):
                        lost[lane] = done[lane] * lacking[lane] * unready[lane]
                        later[told, lane] += lost[lane]
                for lane in range(abreast):
                    later[q, lane] += going[lane] * (1 - made.admitted[t, lane])
                if told >= 0:
                    for lane in range(abreast):
                        done[lane] -= lost[lane]
                if claims[q]:
                    for lane in range(abreast):
                        sign[lane] += done[lane]
                if onward[q] >= 0:
                    for lane in range(abreast):
                        after[onward[q], lane] += done[lane]
            now, later = later, now
        _add_visits(first, abreast, calls, joined, offices, ways, on, made, load)
        for p in range(positions):
            s = service[p]
            for lane in range(abreast):
                left = after[p, lane] + now[p, lane]
                if recurring[p]:
                    left = 0.0
                elif s >= 0:
                    left *= 1 - conduct.give_up_waiting * made.slow[s, lane]
                here[p, lane] = left
        for lane in range(abreast):
            signers[first + lane] = sign[lane]
