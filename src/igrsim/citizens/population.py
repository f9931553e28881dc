"""The population: how old and how wealthy people are, what befalls them, and which documents they hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.params import Params, param

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
