"""Expected visits: everyone's month at the counters, and the load it puts on each point.

Compiled. ``tests/citizens/plain_visits.py`` says the same in plain Python and must agree point by point.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

ABREAST = 64
"""Settlements that are dealt with abreast: enough for the processor's vectors, few enough for its nearest memory."""


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
    goes_on : (pairs, points) float
        Chance of being served and of going on to the nearest counter of the pair's second service on the same day.
    spare_on : (pairs, points) float
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
    pair: I64
    briefed: I64
    told: NDArray[np.bool_]
    recurring: NDArray[np.bool_]
    claims: NDArray[np.bool_]
    enters: I64
    event: I64
    signing: int
    pairs_of: I64
    second: I64


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
    weight : (services, nearest, ABREAST)
        Weight of each of the nearest points against staying at home.
    all : (services, ABREAST)
        Their sum.
    goes, admitted, waits : (services, ABREAST)
        Chance of setting out at all, of being served once there, and of still wanting to after a month.
    together : (pairs, ABREAST)
        Chance that who was served at a counter goes on to one of another service on the same day.
    """

    weight: F64
    all: F64
    goes: F64
    admitted: F64
    waits: F64
    together: F64


@njit(cache=True, error_model="numpy")
def _choose(
    point: NDArray[np.uint32],
    attraction: F32,
    late: F32,
    counters: Counters,
    habits: Habits,
    pairs_of: I64,
    made: _Choices,
) -> None:
    """Choice probabilities of the people of the settlements abreast, service by service."""
    services, nearest = point.shape[:2]
    pull, fine, spare = counters.pull, counters.fine, counters.spare
    for s in range(services):
        everywhere, served = made.all[s], made.admitted[s]
        everywhere[:] = 0.0
        served[:] = 0.0
        pairs = range(pairs_of[s], pairs_of[s + 1])
        for g in pairs:
            made.together[g] = 0.0
        for k in range(nearest):
            at, weight, comes = point[s, k], made.weight[s, k], late[s, k]
            attracts = attraction[s, k]
            for lane in range(ABREAST):
                weight[lane] = attracts[lane] * pull[at[lane]]
            for lane in range(ABREAST):
                everywhere[lane] += weight[lane]
                served[lane] += weight[lane] * (fine[at[lane]] if comes[lane] <= spare[at[lane]] else 0.0)
            for g in pairs:
                both, goes_on, spare_on = made.together[g], counters.goes_on[g], counters.spare_on[g]
                for lane in range(ABREAST):
                    both[lane] += weight[lane] * (goes_on[at[lane]] if comes[lane] <= spare_on[at[lane]] else 0.0)
        goes, waits = made.goes[s], made.waits[s]
        for g in pairs:
            both = made.together[g]
            for lane in range(ABREAST):
                both[lane] = both[lane] / served[lane] if served[lane] > 0.0 else 0.0
        for lane in range(ABREAST):
            served[lane] = served[lane] / everywhere[lane] if everywhere[lane] > 0.0 else 0.0
            goes[lane] = everywhere[lane] / (1.0 + everywhere[lane])
            waits[lane] = 1.0
        for _ in range(habits.patience):
            for lane in range(ABREAST):
                waits[lane] *= 1.0 - goes[lane]
        for lane in range(ABREAST):
            waits[lane] = 1.0 - habits.give_up_waiting * waits[lane]


@njit(cache=True, error_model="numpy")
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
    calls, joined : (services, ABREAST), (pairs, ABREAST)
        Added to: visits of those who come from home, of those who go on from another counter; in full transactions.
    """
    stay = 1.0 - habits.give_up
    going = np.empty(ABREAST)
    done = np.empty(ABREAST)
    for p in range(len(chains.service)):
        s = chains.service[p]
        if s < 0 or chains.told[p]:
            continue
        share = chains.desk_share[p]
        keep = 1.0 if chains.recurring[p] else stay
        goes, admitted, called = made.goes[s], made.admitted[s], calls[s]
        people, home, again = now[p], after[p], later[p]
        for lane in range(ABREAST):
            going[lane] = people[lane] * goes[lane]
            home[lane] += people[lane] - going[lane]
        for lane in range(ABREAST):
            done[lane] = going[lane] * admitted[lane]
            again[lane] += (going[lane] - done[lane]) * keep
            called[lane] += going[lane] * share
        told = chains.briefed[p]
        if told >= 0:
            # those who lack a paper come back as those who know of it, beside those who do already
            people, home, again = now[told], after[told], later[told]
            for lane in range(ABREAST):
                going[lane] = people[lane] * goes[lane]
                home[lane] += people[lane] - going[lane]
            for lane in range(ABREAST):
                served = going[lane] * admitted[lane]
                lost = done[lane] * lacking[lane]
                again[lane] += (going[lane] - served) * keep + lost * stay
                done[lane] += served - lost
                called[lane] += going[lane] * share
        if chains.claims[p]:
            for lane in range(ABREAST):
                sign[lane] += done[lane]
        q = chains.onward[p]
        if q < 0:
            continue
        g = chains.pair[p]
        if g < 0:
            home = after[q]
            for lane in range(ABREAST):
                home[lane] += done[lane]
            continue
        # the next counter on the same day, where it can be reached
        share = chains.desk_share[q]
        admitted, again, together, joins = made.admitted[chains.second[g]], later[q], made.together[g], joined[g]
        for lane in range(ABREAST):
            on = done[lane] * together[lane]
            served = on * admitted[lane]
            again[lane] += done[lane] - served
            joins[lane] += on * share
            done[lane] = served
        told = chains.briefed[q]
        if told >= 0:
            again = later[told]
            for lane in range(ABREAST):
                lost = done[lane] * lacking[lane]
                again[lane] += lost
                done[lane] -= lost
        if chains.claims[q]:
            for lane in range(ABREAST):
                sign[lane] += done[lane]
        if chains.onward[q] >= 0:
            home = after[chains.onward[q]]
            for lane in range(ABREAST):
                home[lane] += done[lane]


@njit(cache=True, error_model="numpy")
def _add_visits(
    point: NDArray[np.uint32], pairs_of: I64, made: _Choices, calls: F64, joined: F64, load: F64, passed_on: F64
) -> None:
    """Spread the visits of the settlements abreast over the points people choose, and those who go on with them."""
    services, nearest = point.shape[:2]
    for s in range(services):
        pairs = range(pairs_of[s], pairs_of[s + 1])
        everywhere, called = made.all[s], calls[s]
        for lane in range(ABREAST):
            called[lane] = called[lane] / everywhere[lane] if everywhere[lane] > 0.0 else 0.0
        for g in pairs:
            joins = joined[g]
            for lane in range(ABREAST):
                joins[lane] = joins[lane] / everywhere[lane] if everywhere[lane] > 0.0 else 0.0
        for k in range(nearest):
            at, weight = point[s, k], made.weight[s, k]
            for lane in range(ABREAST):
                load[at[lane]] += weight[lane] * called[lane]
            for g in pairs:
                joins, passes = joined[g], passed_on[g]
                for lane in range(ABREAST):
                    passes[at[lane]] += weight[lane] * joins[lane]


@njit(cache=True, error_model="numpy")
def everyones_month(
    chains: Chains,
    habits: Habits,
    point: NDArray[np.uint32],
    attraction: F32,
    late: F32,
    counters: Counters,
    lacking: F64,
    entry: F64,
    surge: F64,
    stock: F64,
    signers: F64,
    load: F64,
    passed_on: F64,
) -> None:
    """Let everyone live the month, one block of settlements abreast after the other.

    Parameters
    ----------
    lacking : (settlements,) float
        Chance of missing papers.
    load : (points,) float
        Added to: visits of those who come from home.
    passed_on : (pairs, points) float
        Added to: visits of those who go on from each point.
    """
    services, nearest = point.shape[1:3]
    positions, pairs = len(chains.service), len(chains.second)
    made = _Choices(
        np.zeros((services, nearest, ABREAST)),
        np.zeros((services, ABREAST)),
        np.zeros((services, ABREAST)),
        np.zeros((services, ABREAST)),
        np.zeros((services, ABREAST)),
        np.zeros((pairs, ABREAST)),
    )
    now = np.zeros((positions, ABREAST))
    later = np.zeros((positions, ABREAST))
    sign = np.zeros(ABREAST)
    lacks = np.zeros(ABREAST)
    calls = np.zeros((services, ABREAST))
    joined = np.zeros((pairs, ABREAST))
    for block in range(len(point)):
        first = block * ABREAST
        width = min(ABREAST, len(signers) - first)
        for lane in range(width):
            sign[lane] = signers[first + lane]
            lacks[lane] = lacking[first + lane]
        _choose(point[block], attraction[block], late[block], counters, habits, chains.pairs_of, made)
        # a month brings a document that is being issued nearer; what follows a position stands before it
        after = stock[block]
        for p in range(positions):
            here = after[p]
            if chains.service[p] >= 0:
                now[p] = here
            else:
                q = chains.onward[p]
                to = after[q] if chains.service[q] < 0 else now[q]
                for lane in range(ABREAST):
                    to[lane] += here[lane]
            here[:] = 0.0
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
        _add_visits(point[block], chains.pairs_of, made, calls, joined, load, passed_on)
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
