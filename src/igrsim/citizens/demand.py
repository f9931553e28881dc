"""Expected demand: how many of each settlement's whole population stand where in their chains of steps.

A point's load is never a count of sampled citizens, or a sample's noise would show as turn-aways. It is the
expectation of the citizen's month over everyone: needs arise at their rates, people stand at a place in their
chain of steps, choose points with the logit probabilities of the same utilities, fail, return or give up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.access import Access
from igrsim.citizens.catchment import Catchment
from igrsim.citizens.population import (
    BANDS,
    EVENTS,
    FIFTHS,
    Needs,
    band_shares,
    hazards,
    without_documents,
)
from igrsim.citizens.terms import Conduct, Offices, Ways
from igrsim.citizens.visits import ABREAST, Chains, Habits, everyones_month
from igrsim.services.catalogue import LAGS, SERVICES, Catalogue

F64 = NDArray[np.float64]


class Position(NamedTuple):
    """A place in a chain of steps; see `Demand`."""

    service: int
    desk_share: float
    onward: int
    same_day: bool
    briefed: int
    recurring: bool
    claims: bool


@dataclass
class Demand:
    """People of every settlement by where they stand in their chains of steps.

    Who has the same road ahead stands at the same position, whatever need brought them there.

    Attributes
    ----------
    stock : (blocks of settlements, positions, ABREAST) float
        People who could take the position's step now, the settlements of a block abreast.
    entry : (settlements, entrances) float
        People a month in whom a need arises.
    enters : (entrances,) int
        Position at which they come to stand.
    event : (entrances,) int
        Which life event it is, -1 for what recurs.
    service : (positions,) int
        Whose counter; -1 while a document is being issued.
    desk_share : (positions,) float
        Desk time of the step over that of a full transaction.
    onward : (positions,) int
        Position after success, -1 when the need is resolved.
    same_day : (positions,) bool
        Whether the next step is one at a counter that can follow on the same day.
    pairs : (pairs, 2) int
        Services that follow each other on the same day, in order.
    briefed : (positions,) int
        Position after learning of a missing paper, -1 where none is asked.
    recurring : (positions,) bool
        Needs that lapse at the month's end.
    claims : (positions,) bool
        Whose success is an unemployment claim's, which signings follow.
    signing : int
        Position of the signing.
    signers : (settlements,) float
        People who must sign this month.
    catchment : Catchment, optional
        Whom the points draw from, as it was last found.
    """

    stock: F64
    entry: F64
    enters: NDArray[np.int64]
    event: NDArray[np.int64]
    service: NDArray[np.int64]
    desk_share: F64
    onward: NDArray[np.int64]
    same_day: NDArray[np.bool_]
    pairs: NDArray[np.int64]
    briefed: NDArray[np.int64]
    recurring: NDArray[np.bool_]
    claims: NDArray[np.bool_]
    signing: int
    signers: F64
    catchment: Catchment | None = None


def expect(population: NDArray[np.int64], wealth: F64, needs: Needs, access: Access, catalogue: Catalogue) -> Demand:
    """Lay out the chains of steps and how many enter each, for every settlement.

    Parameters
    ----------
    population : (settlements,) int
    wealth : (settlements, fifths) float
        Shares of people in each national wealth fifth.
    """
    lags = dict(zip(LAGS, map(round, (access.lag_birth, access.lag_identity, access.lag_medical)), strict=True))
    positions: dict[Position, int] = {}
    shares = band_shares(needs)
    rates = hazards(needs)
    lacks = without_documents(needs)
    both = catalogue.token("identity") | catalogue.token("birth_certificate")
    birth_only = catalogue.token("birth_certificate")
    by_fifth: dict[tuple[int, int], F64] = {}

    def enter(route: int, held: int, per_person: F64, event: int = -1) -> None:
        entrance = _stand(route, held, catalogue, lags, positions), event
        by_fifth[entrance] = by_fifth.get(entrance, np.zeros(FIFTHS)) + per_person

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
    signs = _stand(signing, 0, catalogue, lags, positions)

    # entrance by entrance, as the month reads them
    entry = np.zeros((len(population), len(by_fifth)), order="F")
    for entrance, per_person in enumerate(by_fifth.values()):
        entry[:, entrance] = population * (wealth @ per_person)
    service, desk_share, onward, same_day, briefed, recurring, claims = map(np.array, zip(*positions, strict=True))
    pairs = np.unique(np.column_stack((service, service[onward]))[same_day], axis=0)
    enters, event = np.array(list(by_fifth)).T
    return Demand(
        stock=np.zeros((-(-len(entry) // ABREAST), len(positions), ABREAST)),
        entry=entry,
        enters=enters.copy(),
        event=event.copy(),
        service=service,
        desk_share=desk_share,
        onward=onward,
        same_day=same_day,
        pairs=pairs,
        briefed=briefed,
        recurring=recurring,
        claims=claims,
        signing=signs,
        signers=np.zeros(len(population)),
    )


def _stand(route: int, held: int, catalogue: Catalogue, lags: dict[str, int], positions: dict[Position, int]) -> int:
    """The position at which one stands at first who holds some documents, on a way through a need.

    Laid out from the end, so that ways that end alike share their positions.
    """
    lapses = not catalogue.routes[route].documentary
    claim = catalogue.routes[route].need == "unemployment_insurance"
    onward = -1
    for index in reversed(catalogue.path(route, held)):
        step = catalogue.steps[index]
        last = onward < 0
        lag = 0 if last or not step.lag else lags[step.lag]
        for _ in range(lag):
            onward = positions.setdefault(Position(-1, 0.0, onward, False, -1, lapses, False), len(positions))
        told = Position(
            SERVICES.index(step.service), step.desk_share, onward, not last and lag == 0, -1, lapses, claim and last
        )
        onward = positions.setdefault(told, len(positions))
        if step.papers:
            onward = positions.setdefault(told._replace(briefed=onward), len(positions))
    return onward


def expected_visits(
    demand: Demand,
    conduct: Conduct,
    offices: Offices,
    ways: Ways,
    service: NDArray[np.int64],
    rand_weight: F64,
    missing: F64,
    surge: F64 | None = None,
) -> F64:
    """Advance every settlement's expected people by a month.

    Parameters
    ----------
    service : (points,) int
    rand_weight, missing : (settlements,) float
        Weight of the fare and chance of missing papers, averaged over the settlement's wealth.
    surge : (settlements, events) float, optional
        What comes to life events' usual rates, as a multiple of them.

    Returns
    -------
    (points,) float
        Full transactions that reach each point's desks in the month.
    """
    catchment = demand.catchment
    if catchment is None or catchment.conduct is not conduct:
        catchment = demand.catchment = Catchment(conduct, rand_weight, demand.entry.sum(axis=1))
    catchment.follow(ways, len(service))
    calls = np.zeros(len(service))
    everyones_month(
        Chains(
            service=demand.service,
            desk_share=demand.desk_share,
            onward=demand.onward,
            same_day=demand.same_day,
            briefed=demand.briefed,
            told=np.isin(np.arange(len(demand.service)), demand.briefed),
            recurring=demand.recurring,
            claims=demand.claims,
            enters=demand.enters,
            event=demand.event,
            signing=demand.signing,
            pairs=demand.pairs,
        ),
        Habits(
            outings=conduct.outings,
            patience=conduct.patience,
            give_up=conduct.give_up,
            give_up_waiting=conduct.give_up_waiting,
            signs_off=1 / max(conduct.signings, 1),
        ),
        catchment.nearby,
        catchment.counters(offices, service, demand.pairs),
        missing * ways.unready,
        demand.entry,
        np.zeros((0, 0)) if surge is None else surge,
        demand.stock,
        demand.signers,
        offices.hop,
        calls,
    )
    return np.asarray(calls * (1 - offices.absent) * (1 - offices.offline))
