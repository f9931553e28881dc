"""Facts that calibration may look at, what tries each, and the assumed numbers that its mechanism rests on.

Of the stylised facts, some were set aside beforehand for calibration and the others for validation. Only the former stand
here: whatever is looked at when numbers are moved is no test of the model any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from igrsim.runs.validation.access_patterns import centres_without_anchors_save_nothing, promised_presence_decays
from igrsim.runs.validation.country_runs import YEARS_3, YEARS_4
from igrsim.runs.validation.finding import Finding, Values
from igrsim.runs.validation.patterns_government import (
    agendas,
    data_worn_by_requests,
    load_with_channels_kept,
    load_with_channels_retired,
    requests_in_a_common_format,
)
from igrsim.runs.validation.patterns_money import late_knowledge, silos_and_maps
from igrsim.runs.validation.patterns_people import papers_multiply_visits, use_falls_with_minutes
from igrsim.runs.validation.patterns_plans import paper_ahead_of_money

Part = Callable[[Values], Finding | Iterable[Finding]]
"""Tries some rows of a fact at some values of parameters."""


@dataclass(frozen=True)
class Fact:
    """A fact that calibration may look at.

    Attributes
    ----------
    number : int
        In the list of stylised facts.
    says : str
    parts : tuple of Part
        What tries it, apart from each other.
    rests_on : tuple of str
        Assumed parameters of its mechanism: no choices, nothing measured or given by a source document.
    """

    number: int
    says: str
    parts: tuple[Part, ...]
    rests_on: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is called in rows and files."""
        return f"fact {self.number}"


# the first three and four years of a run are the same however long it goes on: shorter runs are tried sooner
FACTS: tuple[Fact, ...] = (
    Fact(
        1, "prerequisite chains multiply trips", (papers_multiply_visits,),
        ("needs.sworn_route", "needs.without_birth_certificate", "access.missing_papers", "access.offline", "access.give_up"),
    ),
    Fact(
        3, "use falls logistically with travel time", (use_falls_with_minutes,),
        ("access.going", "access.per_rand", "access.per_queue_minute", "travel.rural_speed", "travel.rural_access"),
    ),
    Fact(
        9, "promised presence decays, and a centre without anchors saves nothing",
        (promised_presence_decays, centres_without_anchors_save_nothing),
        ("presence.footfall", "presence.budget", "presence.half_used", "presence.closes", "presence.no_anchor", "access.no_show"),
    ),
    Fact(
        11, "each department opens its own channel, and agendas overlap", (partial(agendas, months=YEARS_3),),
        ("engagement.raised", "engagement.agenda", "engagement.effort", "engagement.lapses", "arising.problems"),
    ),
    Fact(
        14, "a new forum on top adds load unless old ones are retired",
        tuple(
            partial(load, months=YEARS_3, regime=regime)
            for regime in ("district-hub-core", "district-hub")
            for load in (load_with_channels_kept, load_with_channels_retired)
        ),
        (
            "principals.imbizo_municipal", "data-calls.municipality_hours", "meetings.task_team_hours", "hub.delegates",
            "hub.preparation_hours", "hub.phase_municipal", "upkeep.live_municipal", "upkeep.duty_municipal",
        ),
    ),
    Fact(
        15, "duplicate requests degrade data, and bad data produce more requests",
        (data_worn_by_requests, requests_in_a_common_format),
        ("memory.overload_harm", "memory.data_drift", "reporting.own_effort", "reporting.common_effort", "reporting.asks_again"),
    ),
    Fact(
        17, "late knowledge cannot move committed money", (late_knowledge,),
        ("delivery.municipal_shift", "delivery.rolled_over", "delivery.outer_years", "programme.largest", "planning.tie_sight"),
    ),
    Fact(
        19, "alignment on paper runs ahead of alignment of money, and first plans slip",
        tuple(partial(paper_ahead_of_money, regimes=(regime,)) for regime in ("district-hub", "district-hub-as-found")),
        (
            "planning.signs", "planning.pays", "planning.defers", "planning.plan_years", "authority.duty",
            "authority.compact", "hub.plan_hours",
        ),
    ),
    Fact(
        22, "silos leave duplicates, gaps and mismatches; a map finds duplicates better than mismatches",
        (partial(silos_and_maps, months=YEARS_4),),
        ("planning.published", "planning.referenced", "planning.site_sight", "planning.tie_sight", "planning.postpones"),
    ),
)  # fmt: skip


def tried(part: Part, values: Values) -> tuple[Finding, ...]:
    """The rows of a part of a fact, at some values of parameters."""
    found = part(values)
    return (found,) if isinstance(found, Finding) else tuple(found)
