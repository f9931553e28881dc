"""The people: who lives in a settlement, what befalls them, and the arrays that hold their lives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.draws import Draws, code_keys, fold_array, unit_array
from igrsim.kernel.params import Params, param
from igrsim.places.geography import Settlements
from igrsim.services.catalogue import Catalogue

F64 = NDArray[np.float64]

BANDS = ("child", "young", "adult", "old")
"""Age bands: under 16, 16 to 24, 25 to 59, 60 and over."""
FIFTHS = 5
KINDS = ("metro", "town", "township", "rural")
HEADS = ("man", "woman")
EVENTS = (
    "birth",
    "identity",
    "child_grant",
    "old_age_grant",
    "disability_grant",
    "unemployment_insurance",
    "indigent_register",
    "death",
)
"""Needs that a life event raises; the others (clinic, collection, signing) recur."""
SPENT = ("trips", "metres", "minutes", "cents")
"""What each open documentary need has cost its person so far."""
REMEMBERED = 1_000_000
"""People of whom it is kept, at most, what each of their needs has cost: 130 bytes a person."""


class Needs(Params, group="needs"):
    """How often life events raise a need, and what people hold when they do."""

    birth: float = param(
        0.016, unit="per person-year", low=0.012, high=0.020, grade="derived", source="stats-p0305-2022",
        meaning="births registered / population",
    )  # fmt: skip
    identity: float = param(
        0.035, unit="per person-year", low=0.026, high=0.050, grade="derived", source="sanews-2018",
        meaning="identity documents issued / population: first, converted and lost",
    )  # fmt: skip
    child_grant: float = param(
        0.020, unit="per person-year", low=0.015, high=0.025, grade="assumed", source="dsd-ar-2022",
        meaning="child support grant applications: most of the 0.028 grant applications a person-year",
    )  # fmt: skip
    old_age_grant: float = param(
        0.004, unit="per person-year", low=0.003, high=0.005, grade="assumed", source="dsd-ar-2022",
        meaning="older person's grant applications, within the 0.028",
    )  # fmt: skip
    disability_grant: float = param(
        0.005, unit="per person-year", low=0.003, high=0.007, grade="derived", source="iol-tdg-2020",
        meaning="disability grant applications and renewals after a temporary grant lapses",
    )  # fmt: skip
    unemployment_insurance: float = param(
        0.020, unit="per person-year", low=0.010, high=0.058, grade="assumed", source="skillsportal-uif",
        meaning="unemployment insurance claims; the upper bound annualises a published half-year",
    )  # fmt: skip
    indigent_register: float = param(
        0.030, unit="per person-year", low=0.020, high=0.040, grade="derived", source="witness-2024",
        meaning="entries and renewals in municipal indigent registers / population",
    )  # fmt: skip
    death: float = param(
        0.008, unit="per person-year", low=0.006, high=0.010, grade="derived", source="stats-p0309-2022",
        meaning="deaths registered by a relative / population",
    )  # fmt: skip
    clinic_visit: float = param(
        2.25, unit="per person-year", low=1.4, high=4.6, grade="measured", source="hst-barometer",
        meaning="clinic visits; the range is that of districts",
    )  # fmt: skip
    late_birth: float = param(
        0.09, unit="share", low=0.05, high=0.20, grade="measured", source="stats-p0305-2022",
        meaning="births registered after their year, which ask for an affidavit",
    )  # fmt: skip
    lost_identity: float = param(
        0.5, unit="share", low=0.2, high=0.8, grade="assumed", source="assumption",
        meaning="identity needs in which the old document is lost, not merely replaced",
    )  # fmt: skip
    without_identity: float = param(
        0.06, unit="share", low=0.02, high=0.12, grade="assumed", source="assumption",
        meaning="adults without an identity document, the middle wealth fifth",
    )  # fmt: skip
    without_birth_certificate: float = param(
        0.25, unit="share", low=0.10, high=0.50, grade="assumed", source="assumption",
        meaning="of adults without an identity document, those without a birth certificate too",
    )  # fmt: skip
    wealth_gradient: float = param(
        1.5, unit="ratio", low=1.1, high=2.0, grade="assumed", source="agincourt-2010",
        meaning="how much likelier the poorest fifth lacks a document than the middle, and the middle than the richest",
    )  # fmt: skip
    sworn_route: float = param(
        0.30, unit="share", low=0.10, high=0.60, grade="assumed", source="sa-regulations-2008",
        meaning="grant applicants without an identity document who know of, and are let use, a sworn statement",
    )  # fmt: skip
    collects_in_person: float = param(
        0.10, unit="share", low=0.05, high=0.25, grade="assumed", source="groundup-2019",
        meaning="adults who collect a grant each month at a paying post office",
    )  # fmt: skip
    signings: float = param(
        5, unit="visits", low=2, high=8, grade="assumed", source="labour-ui",
        meaning="four-weekly signings after an unemployment claim",
    )  # fmt: skip
    child_share: float = param(
        0.31, unit="share", low=0.28, high=0.34, grade="assumed", source="assumption",
        meaning="people under 16; life events befall standing adults",
    )  # fmt: skip
    young_share: float = param(
        0.19, unit="share", low=0.16, high=0.22, grade="assumed", source="assumption",
        meaning="people of 16 to 24",
    )  # fmt: skip
    old_share: float = param(
        0.08, unit="share", low=0.06, high=0.10, grade="assumed", source="assumption",
        meaning="people of 60 and over",
    )  # fmt: skip
    woman_headed: float = param(
        0.42, unit="share", low=0.36, high=0.48, grade="assumed", source="assumption",
        meaning="people in households headed by a woman",
    )  # fmt: skip


BAND_WEIGHT = {
    # relative frequency of each event over young, adult and old; how events fall over ages has no published figure
    "birth": (1.2, 1.0, 0.0),
    "identity": (2.5, 0.7, 1.0),
    "child_grant": (1.2, 1.0, 0.2),
    "old_age_grant": (0.0, 0.0, 1.0),
    "disability_grant": (0.5, 1.2, 0.4),
    "unemployment_insurance": (0.8, 1.2, 0.0),
    "indigent_register": (0.3, 1.0, 1.6),
    "death": (0.5, 1.0, 1.4),
}
WEALTH_WEIGHT = {
    # the means-tested and the insured: relative frequency over fifths, poorest first; assumed
    "child_grant": (1.6, 1.5, 1.2, 0.6, 0.1),
    "old_age_grant": (1.3, 1.3, 1.2, 0.9, 0.3),
    "disability_grant": (1.6, 1.4, 1.1, 0.7, 0.2),
    "unemployment_insurance": (0.5, 0.9, 1.3, 1.3, 1.0),
    "indigent_register": (1.8, 1.6, 1.1, 0.4, 0.1),
}


def band_shares(needs: Needs) -> F64:
    """Shares of the population in each age band."""
    adult = 1.0 - needs.child_share - needs.young_share - needs.old_share
    return np.array([needs.child_share, needs.young_share, adult, needs.old_share])


def hazards(needs: Needs) -> F64:
    """Chance a month that each event befalls an adult.

    Returns
    -------
    (bands, fifths, events) array
        Averages over the population to the published rate a person-year, by construction.
    """
    shares = band_shares(needs)
    rates = np.zeros((len(BANDS), FIFTHS, len(EVENTS)))
    for k, event in enumerate(EVENTS):
        by_band = np.array((0.0, *BAND_WEIGHT[event]))
        by_wealth = np.array(WEALTH_WEIGHT.get(event, (1.0,) * FIFTHS))
        weight = by_band[:, None] * by_wealth[None, :]
        mean = float((shares[:, None] * weight / FIFTHS).sum())
        rates[:, :, k] = getattr(needs, event) / 12.0 * weight / mean
    return rates


def without_documents(needs: Needs) -> F64:
    """Chance that an adult of each wealth fifth has no identity document."""
    steps = np.arange(FIFTHS)[::-1] - 2
    return np.asarray(np.clip(needs.without_identity * needs.wealth_gradient ** (steps / 2.0), 0, 0.95))


def wealth_shares(poor_share: F64, nation: float) -> F64:
    """Shares of a settlement's people in each national wealth fifth, from its municipality's poor share and the nation's.

    The poor fill the two lowest fifths and what is left of them the third, so the nation as a whole falls into
    fifths (exactly when between 40 and 60 % of people are poor).

    Returns
    -------
    (settlements, fifths) array
    """
    nation = float(np.clip(nation, 0.401, 0.599))
    poor = np.array([0.2 / nation, 0.2 / nation, 1 - 0.4 / nation, 0.0, 0.0])
    others = np.array([0.0, 0.0, 1 - 0.4 / (1 - nation), 0.2 / (1 - nation), 0.2 / (1 - nation)])
    return np.asarray(poor_share[:, None] * poor + (1 - poor_share[:, None]) * others)


@dataclass
class Citizens:
    """Sampled people, one slot each, in the order of their settlements.

    A person is a settlement code and an ordinal: the same person in every arm, whatever the sample's size.

    Attributes
    ----------
    settlement : (n,) int32
        Index of the home settlement.
    ordinal : (n,) int32
    key : (n,) uint64
        Stable key of settlement code and ordinal.
    first : (settlements + 1,) int64
        Where each settlement's people begin.
    band, fifth, head : (n,) uint8
        Traits that do not change.
    cell : (n,) int32
        Index of space, place kind, wealth fifth and household head: where the person is counted.
    routes : (n,) uint16
        Bits of the needs that are open, by route.
    tokens : (n,) uint16
        Documents held, as bits.
    due : (n, lags) int16
        Month in which an applied-for document is issued; 0 when none is.
    opened : (n, routes) int16
        Month (plus 1) in which each open need arose.
    briefed : (n,) uint32
        Steps whose missing papers the person has been told of.
    idle, signings : (n,) uint8
        Months with an open documentary need and no trip for one; signings still to come.
    minutes : (n,) uint32
        All minutes spent on documentary trips so far.
    spent : (n or 0, documentary needs, 4) int32
        Trips, metres, minutes and cents that each need has cost since it last arose; no rows above `REMEMBERED` people.
    solved : (n or 0,) uint16
        Bits of the documentary routes resolved this month.
    represents : float
        How many people of the population each citizen stands for.
    """

    settlement: NDArray[np.int32]
    ordinal: NDArray[np.int32]
    key: NDArray[np.uint64]
    first: NDArray[np.int64]
    band: NDArray[np.uint8]
    fifth: NDArray[np.uint8]
    head: NDArray[np.uint8]
    cell: NDArray[np.int32]
    routes: NDArray[np.uint16]
    tokens: NDArray[np.uint16]
    due: NDArray[np.int16]
    opened: NDArray[np.int16]
    briefed: NDArray[np.uint32]
    idle: NDArray[np.uint8]
    signings: NDArray[np.uint8]
    minutes: NDArray[np.uint32]
    spent: NDArray[np.int32]
    solved: NDArray[np.uint16]
    represents: float

    @property
    def count(self) -> int:
        """How many people are simulated."""
        return len(self.key)


def sample_sizes(population: NDArray[np.int64], citizens: int) -> NDArray[np.int64]:
    """How many of each settlement's people to simulate: every k-th person along the country's list.

    Every citizen stands for the same number of people and no settlement is favoured; a larger sample of a
    settlement holds the smaller one.
    """
    total = int(population.sum())
    ends = np.cumsum(population, dtype=np.int64)
    marks = (
        (ends.astype(object) * citizens + total // 2) // total
        if citizens * total > 2**62
        else ((ends * citizens + total // 2) // total)
    )
    marks = np.asarray(marks, dtype=np.int64)
    return np.asarray(np.diff(np.concatenate([[0], marks])))


def populate(
    settlements: Settlements,
    spaces_of: NDArray[np.int64],
    wealth_of: F64,
    citizens: int,
    needs: Needs,
    catalogue: Catalogue,
    draws: Draws,
) -> Citizens:
    """Draw the people of a country: their traits and the documents they hold at the start.

    Parameters
    ----------
    settlements : Settlements
    spaces_of : (settlements,) int
        Index of each settlement's space.
    wealth_of : (settlements, fifths) float
        Shares of people in each national wealth fifth.
    citizens : int
        How many to simulate, at most the whole population.
    """
    population = np.asarray(settlements.population, dtype=np.int64)
    counts = sample_sizes(population, citizens)
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    n = int(first[-1])
    settlement = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    ordinal = (np.arange(n, dtype=np.int64) - first[settlement]).astype(np.int32)
    key = fold_array(code_keys(settlements.codes)[settlement], ordinal)

    def chance(purpose: str) -> F64:
        return unit_array(fold_array(np.uint64(draws[purpose].key), key))

    shares = band_shares(needs)
    band = np.searchsorted(np.cumsum(shares)[:-1], chance("age band"), side="right").astype(np.uint8)
    wealth = np.cumsum(wealth_of, axis=1)
    u = chance("wealth")
    fifth = np.zeros(n, dtype=np.uint8)
    for k in range(FIFTHS - 1):
        fifth += u >= wealth[settlement, k]
    head = (chance("household head") < needs.woman_headed).astype(np.uint8)
    lacks = chance("identity held") < without_documents(needs)[fifth]
    lacks_birth = lacks & (chance("birth certificate held") < needs.without_birth_certificate)
    tokens = np.where(lacks, 0, catalogue.token("identity")) | np.where(
        lacks_birth, 0, catalogue.token("birth_certificate")
    )
    kind = np.array([KINDS.index(k) for k in settlements.kinds], dtype=np.int32)[settlement]
    cell = ((spaces_of[settlement] * len(KINDS) + kind) * FIFTHS + fifth) * len(HEADS) + head
    remembered = n if n <= REMEMBERED else 0
    return Citizens(
        settlement=settlement,
        ordinal=ordinal,
        key=key,
        first=first,
        band=band,
        fifth=fifth,
        head=head,
        cell=cell.astype(np.int32),
        routes=np.zeros(n, dtype=np.uint16),
        tokens=tokens.astype(np.uint16),
        due=np.zeros((n, 3), dtype=np.int16),
        opened=np.zeros((n, len(catalogue.routes)), dtype=np.int16),
        briefed=np.zeros(n, dtype=np.uint32),
        idle=np.zeros(n, dtype=np.uint8),
        signings=np.zeros(n, dtype=np.uint8),
        minutes=np.zeros(n, dtype=np.uint32),
        spent=np.zeros((remembered, sum(catalogue.documentary), len(SPENT)), dtype=np.int32),
        solved=np.zeros(remembered, dtype=np.uint16),
        represents=float(population.sum()) / max(n, 1),
    )
