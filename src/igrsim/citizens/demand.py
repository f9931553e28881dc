"""Expected demand: how many of each settlement's whole population call at each point in a month.

A point's load is never a count of sampled citizens, or a sample's noise would show as turn-aways. It is the
expectation of the citizen's month over everyone: needs arise at their rates, people stand at a place in their
chain of steps, choose points with the logit probabilities of the same utilities, fail, return or give up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from igrsim.citizens.access import Access
from igrsim.citizens.month import Conduct, Offices, Ways, fare_cents
from igrsim.citizens.population import (
    BANDS,
    EVENTS,
    FIFTHS,
    Needs,
    band_shares,
    hazards,
    without_documents,
)
from igrsim.services.catalogue import LAGS, SERVICES, Catalogue

F64 = NDArray[np.float64]


@dataclass
class Demand:
    """People of every settlement by where they stand in their chains of steps.

    Attributes
    ----------
    stock : (settlements, positions) float
        People who could take the position's step now.
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
    entry = np.zeros((len(population), positions))
    for position, per_person in by_fifth.items():
        entry[:, position] = population * (wealth @ per_person)
    return Demand(
        stock=np.zeros_like(entry),
        entry=entry,
        service=np.array(service, dtype=np.int64),
        desk_share=np.array(desk_share),
        onward=np.array(onward, dtype=np.int64),
        same_day=np.array(same_day, dtype=np.bool_),
        briefed=np.array(briefed, dtype=np.int64),
        recurring=np.array(recurring, dtype=np.bool_),
        event=np.array([raised_by.get(p, -1) for p in range(positions)], dtype=np.int64),
        claims=np.array(claims, dtype=np.bool_),
        signing=signing_position,
        signers=np.zeros(len(population)),
    )


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
    settlements, positions = stock.shape
    services = ways.point.shape[1]
    nearest = ways.point.shape[2]
    share = np.zeros((services, nearest))
    goes = np.zeros(services)
    admitted = np.zeros(services)
    together = np.zeros((services, services))
    now = np.zeros(positions)
    later = np.zeros(positions)
    after = np.zeros(positions)
    calls = np.zeros(services)
    joined = np.zeros((services, services))
    slow = np.zeros(services)
    # counters to which some chain of steps goes on from each within the day, and how many they are
    onto = np.zeros((services, services), np.int64)
    many = np.zeros(services, np.int64)
    for t in range(services):
        for p in range(positions):
            q = onward[p]
            if q >= 0 and same_day[p] and service[p] >= 0 and service[q] == t:
                s = service[p]
                if many[s] == 0 or onto[s, many[s] - 1] != t:
                    onto[s, many[s]] = t
                    many[s] += 1
    # where the way on is walked, it costs nobody a fare: the chance is the same from every settlement
    walk_on = np.zeros(offices.hop.shape)
    for point in range(len(walk_on)):
        for t in range(services):
            if offices.hop[point, t] >= 0 and offices.hop_metres[point, t] <= ways.walk_metres:
                walk_on[point, t] = _goes_on(point, t, 0.0, conduct, offices, ways)
    for i in range(settlements):
        # choice probabilities of this settlement's people, service by service
        for s in range(services):
            total = 1.0
            for k in range(nearest):
                share[s, k] = 0.0
                point = ways.point[i, s, k]
                if point < 0 or not offices.open[point]:
                    continue
                worth = (
                    conduct.going
                    + conduct.per_minute * ways.minutes[i, s, k]
                    + rand_weight[i] * fare_cents(ways.metres[i, s, k], ways) / 100.0
                    + conduct.per_queue_minute * offices.wait[point]
                )
                share[s, k] = np.exp(min(worth, 300.0))
                share[s, k] *= offices.knows[point]
                total += share[s, k]
            goes[s] = 0.0
            admitted[s] = 0.0
            for j in range(many[s]):
                together[s, onto[s, j]] = 0.0
            for k in range(nearest):
                if share[s, k] == 0.0:
                    continue
                share[s, k] /= total
                point = ways.point[i, s, k]
                goes[s] += share[s, k]
                spent = max(0.0, ways.minutes[i, s, k] - conduct.early) + offices.wait[point] + offices.serve[point]
                if spent > conduct.opening:
                    continue
                fine = (1 - offices.absent[point]) * (1 - offices.offline[point]) * offices.admit[point]
                admitted[s] += share[s, k] * fine
                for j in range(many[s]):
                    t = onto[s, j]
                    there = offices.hop[point, t]
                    if there < 0 or not offices.open[there]:
                        continue
                    if (
                        spent + offices.hop_minutes[point, t] + offices.wait[there] + offices.serve[there]
                        > conduct.opening
                    ):
                        continue
                    known = walk_on[point, t]
                    if offices.hop_metres[point, t] > ways.walk_metres:
                        known = _goes_on(point, t, rand_weight[i], conduct, offices, ways)
                    together[s, t] += share[s, k] * fine * known
            if goes[s] > 0:
                admitted[s] /= goes[s]
                for j in range(many[s]):
                    together[s, onto[s, j]] /= max(goes[s] * admitted[s], 1e-12)
            slow[s] = (1 - goes[s]) ** conduct.patience
        # those in whose chain a document has now been issued, and those in whom a need arises
        for p in range(positions):
            now[p] = 0.0
            after[p] = 0.0
        for p in range(positions):
            if service[p] < 0:
                if onward[p] >= 0 and service[onward[p]] < 0:
                    after[onward[p]] += stock[i, p]
                elif onward[p] >= 0:
                    now[onward[p]] += stock[i, p]
            else:
                now[p] += stock[i, p]
            now[p] += entry[i, p]
        now[signing] += signers[i]
        signers[i] -= signers[i] / max(conduct.signings, 1)
        for _ in range(conduct.outings):
            for s in range(services):
                calls[s] = 0.0
                for j in range(many[s]):
                    joined[s, onto[s, j]] = 0.0
            for p in range(positions):
                later[p] = 0.0
            for p in range(positions):
                if now[p] <= 0.0 or service[p] < 0:
                    continue
                s = service[p]
                going = now[p] * goes[s]
                after[p] += now[p] - going
                calls[s] += going * desk_share[p]
                served = going * admitted[s]
                lost = 0.0
                if briefed[p] >= 0:
                    lost = served * missing[i] * ways.unready[i]
                    later[briefed[p]] += lost * (1 - conduct.give_up)
                keep = 1.0 if recurring[p] else 1 - conduct.give_up
                later[p] += (going - served) * keep
                done = served - lost
                if claims[p]:
                    signers[i] += done
                q = onward[p]
                if q < 0:
                    continue
                if service[q] < 0 or not same_day[p]:
                    after[q] += done
                    continue
                # the next counter on the same day, where it can be reached
                t = service[q]
                next_ = done * together[s, t]
                joined[s, t] += next_ * desk_share[q]
                later[q] += done - next_
                fine = admitted[t]
                next_lost = next_ * fine * missing[i] * ways.unready[i] if briefed[q] >= 0 else 0.0
                if briefed[q] >= 0:
                    later[briefed[q]] += next_lost
                later[q] += next_ * (1 - fine)
                next_done = next_ * fine - next_lost
                if claims[q]:
                    signers[i] += next_done
                if onward[q] >= 0:
                    after[onward[q]] += next_done
            for s in range(services):
                if calls[s] <= 0.0 or goes[s] <= 0.0:
                    continue
                for k in range(nearest):
                    if share[s, k] == 0.0:
                        continue
                    point = ways.point[i, s, k]
                    part = share[s, k] / goes[s]
                    load[point] += calls[s] * part * (1 - offices.absent[point]) * (1 - offices.offline[point])
                    for j in range(many[s]):
                        t = onto[s, j]
                        if joined[s, t] > 0.0:
                            there = offices.hop[point, t]
                            if there >= 0:
                                load[there] += (
                                    joined[s, t] * part * (1 - offices.absent[there]) * (1 - offices.offline[there])
                                )
            for p in range(positions):
                now[p] = later[p]
        for p in range(positions):
            left = after[p] + now[p]
            if recurring[p]:
                left = 0.0
            elif service[p] >= 0:
                left *= 1 - conduct.give_up_waiting * slow[service[p]]
            stock[i, p] = left
