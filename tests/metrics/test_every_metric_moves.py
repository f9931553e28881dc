"""Every metric moves for a stated reason: one number or lever changes, the rest stays, and it goes where it must."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from igrsim.metrics._base import metrics
from igrsim.runs.validation.small_worlds import of_levers, small_model
from igrsim.world.world import World

HUB = "district-hub"


class Case(NamedTuple):
    """Two settings of one thing; the metric is higher in the second, or lower."""

    name: str
    goes: str
    regimes: tuple[str, str] = ("siloed", "siloed")
    params: tuple[tuple[str, float, float], ...] = ()


def number(name: str, goes: str, param: str, low: float, high: float, regime: str = "siloed") -> Case:
    return Case(name, goes, (regime, regime), ((param, low, high),))


def lever(name: str, goes: str, regime: str = HUB) -> Case:
    return Case(name, goes, ("siloed", regime))


CASES = (
    lever("duplicate_spend_share", "down"),
    lever("duplicate_items", "down"),
    number("gap_share", "down", "programme.per_person", 1000, 4000),
    number("stranded_share", "up", "programme.stranded_stock", 0.05, 0.3),
    number("disputed_items", "up", "disputes.blocked", 0.1, 0.5),
    lever("repeat_request_share", "down"),
    lever("repeat_agenda_share", "down", "district-hub-core"),
    lever("support_overlap", "down", "support-framework"),
    lever("support_gap", "down", "support-framework"),
    lever("skills", "up", "stabilisation"),
    number("trips_per_need", "up", "access.offline", 0.02, 0.2),
    number("km_per_need", "up", "travel.detour", 1.2, 1.5),
    number("hours_per_need", "up", "access.missing_papers", 0.1, 0.45),
    number("rand_per_need", "up", "travel.fare_per_km", 0.6, 1.4),
    number("needs_resolved_share", "down", "access.missing_papers", 0.1, 0.45),
    number("needs_abandoned_share", "up", "access.give_up", 0.05, 0.2),
    number("months_to_resolve", "up", "access.lag_identity", 1, 2),
    number("wasted_trip_share", "up", "access.offline", 0.02, 0.2),
    number("wasted_by_papers", "up", "access.missing_papers", 0.1, 0.45),
    number("wasted_by_absence", "up", "access.no_show", 0.05, 0.3),
    number("wasted_by_outage", "up", "access.offline", 0.02, 0.2),
    number("wasted_by_queue", "down", "desks.home_affairs", 22, 34),
    number("burden_share_of_income", "down", "income.poorest", 400, 900),
    number("burden_gini", "down", "needs.child_grant", 0.015, 0.025),
    number("burden_ratio_rural_urban", "up", "travel.rural_access", 10, 40),
    number("meeting_hours", "up", "engagement.base_attendance", 0.4, 0.8),
    number("report_hours", "up", "reporting.own_effort", 0.4, 1.0),
    number("load_share", "up", "reporting.own_effort", 0.4, 1.0),
    number("displaced_hours", "down", "administration.town_hours", 200, 800),
    number("attendance_rate", "up", "engagement.base_attendance", 0.4, 0.8),
    number("decisions_per_meeting", "down", "engagement.effort", 1.5, 6),
    number("functional_forum_share", "down", "engagement.effort", 1.5, 6),
    lever("official_hours_all", "up"),
    number("plan_alignment", "up", "planning.signs", 0.6, 1.0, HUB),
    number("budget_alignment", "up", "planning.pays", 0.1, 0.7, HUB),
    number("months_to_one_plan", "up", "hub.plan_hours", 4000, 16000, "district-hub-core"),
    number("one_plan_share", "down", "hub.plan_hours", 4000, 16000, "district-hub-core"),
    number("redirected_share", "up", "planning.yields", 0.3, 1.0),
    number("underspend_share", "down", "delivery.throughput", 4, 8),
    number("municipal_underspend_share", "down", "delivery.throughput", 4, 8),
    number("data_quality", "up", "administration.condition_dysfunctional", 0.15, 0.55),
    number("trust", "up", "trust.kept", 0.01, 0.08),
    number("ties", "up", "engagement.tie_gain", 0.03, 0.15),
    lever("tenant_days", "up", "thusong-centres+agency-agreements"),
    lever("salience", "up"),
    lever("partnership", "up", "leadership"),
    number("hub_backlog", "up", "hub.draft_hours", 0.5, 6, "district-hub-core"),
    lever("alignment_queue", "up", "alignment-adjudication"),
    number("alignment_wait", "up", "working-group.dispute_hours", 20, 160, "alignment-adjudication"),
    lever("interventions", "up", "finance-enablement"),
    lever("cost_of_coordination", "up"),
    lever("cost_of_silos", "down"),
    lever("net_benefit", "up"),
    lever("break_even", "up"),
    lever("coordination_borne_by_nation", "up"),
    lever("coordination_borne_by_province", "up"),
    number("coordination_borne_by_municipality", "up", "worth.municipal_hour", 250, 500),
    Case("coordination_borne_by_private", "up", ("siloed", "private-compact+impact-zones")),
)
ELSEWHERE = {
    "share_beyond_norm": "where the offices stand: tests of points of one's own",
    "share_beyond_norm_sassa": "the same",
    "anchored_centre_share": "over the fifteen years in which promised presence decays: patterns of access",
    "trips_per_need_both": "compared with a reference arm: tests of needs resolved in both",
    "km_per_need_both": "the same",
    "hours_per_need_both": "the same",
    "rand_per_need_both": "the same",
}


@cache
def lived(regime: str, params: tuple[tuple[str, float], ...]) -> dict[str, float]:
    """Metrics of three and a half years of one poor mining district and a metro's neighbour."""
    known = regime in ("siloed", HUB, "district-hub-core")
    model = small_model(
        regime if known else of_levers(*regime.split("+")),
        ["DC36"],
        months=42,
        citizens=6000,
        params=dict(params),
        rollout="all-at-once",
    )
    sums: dict[str, float] = {}

    def record(world: World, counts: dict[str, dict[str, np.ndarray]]) -> None:
        for name, values in counts["space"].items():
            sums[name] = sums.get(name, 0.0) + float(values.sum())

    model.record = record
    model.run()
    found = {name: np.array([value]) for name, value in sums.items()} | {"months": np.array([42.0])}
    return {name: float(m.value(found)[0]) for name, m in metrics.items() if m.level != "pair"}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_it_goes_where_it_must(case: Case) -> None:
    before = lived(case.regimes[0], tuple((p, low) for p, low, _ in case.params))[case.name]
    after = lived(case.regimes[1], tuple((p, high) for p, _, high in case.params))[case.name]
    assert np.isfinite([before, after]).all()
    assert (after > before) if case.goes == "up" else (after < before), f"{before} to {after}"


def test_none_is_forgotten() -> None:
    assert {case.name for case in CASES} | set(ELSEWHERE) == set(dict(metrics.items()))


def test_what_needs_a_plan_is_undefined_without_one() -> None:
    silos = lived("siloed", ())
    undefined = {name for name, value in silos.items() if np.isnan(value)}
    assert undefined == {"plan_alignment", "budget_alignment", "months_to_one_plan", "alignment_wait"}
    assert silos["salience"] == silos["hub_backlog"] == silos["alignment_queue"] == silos["interventions"] == 0
