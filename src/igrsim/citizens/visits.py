"""Expected visits: everyone's month at the counters, and the load it puts on each point.

Compiled. ``tests/citizens/plain_visits.py`` says the same in plain Python and must agree point by point.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.compiled import compiled

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

NOBODY = 1e-300
"""Fewer than this come from nowhere: keeps shares of nobody at zero."""
ABREAST = 128
"""Settlements that are dealt with abreast: enough for the processor's vectors, few enough for its nearest memory."""


class Nearby(NamedTuple):
    """The points that each settlement's people choose among, as they are as long as none comes, goes or moves.

    Attributes
    ----------
    point : (settlements, services, nearest) uint32
        Some point, that attracts nobody, where there is no further one.
    attraction : (settlements, services, nearest) float
        Weight in the choice of a point that everyone knows, without a queue; that of staying at home is 1.
    late : (settlements, services, nearest) float
        Minutes after opening at which one arrives.
    """

    point: NDArray[np.uint32]
    attraction: F32
    late: F32


class Counters(NamedTuple):
    """What meets people at the points this month.

    Attributes
    ----------
    pull : (points,) float
        By what the point's attraction is multiplied: openness, knowledge, the queue.
    fine : (points,) float
        Chance that nothing keeps one from being served who comes in time.
    spare : (points,) float
        Minutes after opening by which one must have come to be served within the day.
    goes_on : (points, services) float
        Chance of being served and of going on to the nearest counter of another service on the same day.
    spare_on : (points, services) float
        Minutes after opening by which one must have come for both.
    """

    pull: F64
    fine: F64
    spare: F64
    goes_on: F64
    spare_on: F64


class Chains(NamedTuple):
    """The chains of steps as the month reads them; see `Demand`."""

    service: I64
    desk_share: F64
    onward: I64
    same_day: NDArray[np.bool_]
    briefed: I64
    told: NDArray[np.bool_]
    recurring: NDArray[np.bool_]
    claims: NDArray[np.bool_]
    enters: I64
    event: I64
    signing: int
    pairs: I64


class Habits(NamedTuple):
    """What of people's conduct is the same for all: days out, patience, giving up, part of the signings done in a month."""

    outings: int
    patience: int
    give_up: float
    give_up_waiting: float
    signs_off: float


class _Choices(NamedTuple):
    """What people of the settlements abreast choose, by service.

    Attributes
    ----------
    weight : (ABREAST, services, nearest)
        Weight of each of the nearest points against staying at home.
    everywhere : (services, ABREAST)
        Their sum.
    goes, admitted, served, waits : (services, ABREAST)
        Chance of setting out at all, of being served once there, of both, and of still wanting to after a month.
    together : (services, services, ABREAST)
        Chance that who was served at a counter goes on to one of another service on the same day.
    """

    weight: F64
    everywhere: F64
    goes: F64
    admitted: F64
    served: F64
    waits: F64
    together: F64


@compiled
def _choose(
    first: int,
    width: int,
    nearby: Nearby,
    counters: Counters,
    habits: Habits,
    leads_on: I64,
    onto: I64,
    made: _Choices,
) -> None:
    """Choice probabilities of the people of the settlements abreast, service by service."""
    services, nearest = nearby.point.shape[1:]
    for lane in range(width):
        i = first + lane
        for s in range(services):
            everywhere = 0.0
            served = 0.0
            for k in range(nearest):
                at, late = nearby.point[i, s, k], nearby.late[i, s, k]
                fine, spare = counters.fine[at], counters.spare[at]
                weight = nearby.attraction[i, s, k] * counters.pull[at]
                made.weight[lane, s, k] = weight
                everywhere += weight
                served += weight * fine if late <= spare else 0.0
            made.everywhere[s, lane] = everywhere
            made.admitted[s, lane] = served
            for j in range(leads_on[s]):
                t = onto[s, j]
                both = 0.0
                for k in range(nearest):
                    at, late = nearby.point[i, s, k], nearby.late[i, s, k]
                    goes_on, spare = counters.goes_on[at, t], counters.spare_on[at, t]
                    both += made.weight[lane, s, k] * goes_on if late <= spare else 0.0
                made.together[s, t, lane] = both
    for s in range(services):
        everywhere, served = made.everywhere[s], made.admitted[s]
        for j in range(leads_on[s]):
            both = made.together[s, onto[s, j]]
            for lane in range(ABREAST):
                both[lane] /= max(served[lane], NOBODY)
        for lane in range(ABREAST):
            served[lane] /= max(everywhere[lane], NOBODY)
            made.goes[s, lane] = everywhere[lane] / (1.0 + everywhere[lane])
        for lane in range(ABREAST):
            made.served[s, lane] = made.goes[s, lane] * served[lane]
    for s in range(services):
        for lane in range(ABREAST):
            made.waits[s, lane] = 1.0
        for _ in range(habits.patience):
            for lane in range(ABREAST):
                made.waits[s, lane] *= 1.0 - made.goes[s, lane]
        for lane in range(ABREAST):
            made.waits[s, lane] = 1.0 - habits.give_up_waiting * made.waits[s, lane]


@compiled
def _go_out(
    chains: Chains,
    habits: Habits,
    made: _Choices,
    lacking: F64,
    now: F64,
    later: F64,
    after: F64,
    sign: F64,
    calls: F64,
    joined: F64,
) -> None:
    """One day out of everyone in the settlements abreast.

    Parameters
    ----------
    now, later, after : (positions, ABREAST)
        People by where they stand: this day out; added to: the next one, next month.
    sign : (ABREAST,)
        Added to: people whose claim succeeds, who must sign from next month on.
    calls, joined : (services, ABREAST), (services, services, ABREAST)
        Added to: visits of those who come from home, of those who go on from another counter; in full transactions.
    """
    stay = 1.0 - habits.give_up
    done = np.empty(ABREAST)
    for p in range(len(chains.service)):
        s = chains.service[p]
        if s < 0 or chains.told[p]:
            continue
        share = chains.desk_share[p]
        keep = 1.0 if chains.recurring[p] else stay
        goes, served, called = made.goes[s], made.served[s], calls[s]
        people, home, again = now[p], after[p], later[p]
        for lane in range(ABREAST):
            home[lane] += people[lane] - people[lane] * goes[lane]
            called[lane] += people[lane] * goes[lane] * share
        for lane in range(ABREAST):
            done[lane] = people[lane] * served[lane]
            again[lane] += (people[lane] * goes[lane] - done[lane]) * keep
        told = chains.briefed[p]
        if told >= 0:
            # those who lack a paper come back as those who know of it, beside those who do already
            people, home, again = now[told], after[told], later[told]
            for lane in range(ABREAST):
                home[lane] += people[lane] - people[lane] * goes[lane]
                called[lane] += people[lane] * goes[lane] * share
            for lane in range(ABREAST):
                wasted = people[lane] * goes[lane] - people[lane] * served[lane]
                again[lane] += wasted * keep + done[lane] * lacking[lane] * stay
            for lane in range(ABREAST):
                done[lane] += people[lane] * served[lane] - done[lane] * lacking[lane]
        if chains.claims[p]:
            for lane in range(ABREAST):
                sign[lane] += done[lane]
        q = chains.onward[p]
        if q < 0:
            continue
        if not chains.same_day[p]:
            home = after[q]
            for lane in range(ABREAST):
                home[lane] += done[lane]
            continue
        # the next counter on the same day, where it can be reached
        share = chains.desk_share[q]
        t = chains.service[q]
        admitted, again, together, joins = made.admitted[t], later[q], made.together[s, t], joined[s, t]
        for lane in range(ABREAST):
            joins[lane] += done[lane] * together[lane] * share
        for lane in range(ABREAST):
            again[lane] += done[lane] - done[lane] * together[lane] * admitted[lane]
            done[lane] *= together[lane] * admitted[lane]
        told = chains.briefed[q]
        if told >= 0:
            again = later[told]
            for lane in range(ABREAST):
                again[lane] += done[lane] * lacking[lane]
                done[lane] -= done[lane] * lacking[lane]
        if chains.claims[q]:
            for lane in range(ABREAST):
                sign[lane] += done[lane]
        if chains.onward[q] >= 0:
            home = after[chains.onward[q]]
            for lane in range(ABREAST):
                home[lane] += done[lane]


@compiled
def _add_visits(
    first: int,
    width: int,
    point: NDArray[np.uint32],
    leads_on: I64,
    onto: I64,
    made: _Choices,
    calls: F64,
    joined: F64,
    load: F64,
    passed_on: F64,
) -> None:
    """Spread the visits of the settlements abreast over the points people choose, and those who go on with them."""
    services, nearest = point.shape[1:]
    for s in range(services):
        everywhere, called = made.everywhere[s], calls[s]
        for lane in range(ABREAST):
            called[lane] /= max(everywhere[lane], NOBODY)
        for j in range(leads_on[s]):
            joins = joined[s, onto[s, j]]
            for lane in range(ABREAST):
                joins[lane] /= max(everywhere[lane], NOBODY)
    for lane in range(width):
        i = first + lane
        for s in range(services):
            for k in range(nearest):
                load[point[i, s, k]] += made.weight[lane, s, k] * calls[s, lane]
            for j in range(leads_on[s]):
                t = onto[s, j]
                for k in range(nearest):
                    passed_on[point[i, s, k], t] += made.weight[lane, s, k] * joined[s, t, lane]


@compiled
def everyones_month(
    chains: Chains,
    habits: Habits,
    nearby: Nearby,
    counters: Counters,
    lacking: F64,
    entry: F64,
    surge: F64,
    stock: F64,
    signers: F64,
    hop: NDArray[np.int32],
    load: F64,
) -> None:
    """Let everyone live the month, one block of settlements abreast after the other.

    Parameters
    ----------
    lacking : (settlements,) float
        Chance of missing papers.
    hop : (points, services) int
        The nearest counter of each service, to which those go on who can on the same day.
    load : (points,) float
        Added to: visits, in full transactions.
    """
    positions = len(chains.service)
    services, nearest = nearby.point.shape[1:]
    passed_on = np.zeros((len(load), services))
    leads_on = np.zeros(services, np.int64)
    onto = np.zeros((services, services), np.int64)
    for s, t in chains.pairs:
        onto[s, leads_on[s]] = t
        leads_on[s] += 1
    made = _Choices(
        np.zeros((ABREAST, services, nearest)),
        np.zeros((services, ABREAST)),
        np.zeros((services, ABREAST)),
        np.zeros((services, ABREAST)),
        np.zeros((services, ABREAST)),
        np.zeros((services, ABREAST)),
        np.zeros((services, services, ABREAST)),
    )
    now = np.zeros((positions, ABREAST))
    later = np.zeros((positions, ABREAST))
    sign = np.zeros(ABREAST)
    lacks = np.zeros(ABREAST)
    calls = np.zeros((services, ABREAST))
    joined = np.zeros((services, services, ABREAST))
    for block in range(len(stock)):
        first = block * ABREAST
        width = min(ABREAST, len(signers) - first)
        sign[:] = 0.0
        for lane in range(width):
            sign[lane] = signers[first + lane]
            lacks[lane] = lacking[first + lane]
        _choose(first, width, nearby, counters, habits, leads_on, onto, made)
        # a month brings a document that is being issued nearer; what follows a position stands before it
        after = stock[block]
        for p in range(positions):
            here = after[p]
            if chains.service[p] >= 0:
                to = now[p]
                for lane in range(ABREAST):
                    to[lane] = here[lane]
            else:
                q = chains.onward[p]
                to = after[q] if chains.service[q] < 0 else now[q]
                for lane in range(ABREAST):
                    to[lane] += here[lane]
            for lane in range(ABREAST):
                here[lane] = 0.0
        for e in range(len(chains.enters)):
            to, k = now[chains.enters[e]], chains.event[e]
            if surge.size > 0 and k >= 0:
                for lane in range(width):
                    to[lane] += entry[first + lane, e] * (1.0 + surge[first + lane, k])
            else:
                for lane in range(width):
                    to[lane] += entry[first + lane, e]
        to = now[chains.signing]
        for lane in range(ABREAST):
            to[lane] += sign[lane]
            sign[lane] -= sign[lane] * habits.signs_off
        calls[:] = 0.0
        joined[:] = 0.0
        for outing in range(habits.outings):
            last = outing + 1 == habits.outings
            if not last:
                later[:] = 0.0
            _go_out(chains, habits, made, lacks, now, after if last else later, after, sign, calls, joined)
            now, later = later, now
        _add_visits(first, width, nearby.point, leads_on, onto, made, calls, joined, load, passed_on)
        for p in range(positions):
            s, here = chains.service[p], after[p]
            if chains.recurring[p]:
                here[:] = 0.0
            elif s >= 0:
                waits = made.waits[s]
                for lane in range(ABREAST):
                    here[lane] *= waits[lane]
        for lane in range(width):
            signers[first + lane] = sign[lane]
    for at in range(len(load)):
        for t in range(services):
            if hop[at, t] >= 0:
                load[hop[at, t]] += passed_on[at, t]
