"""Patterns of joint plans: paper runs ahead of money, provinces' partnerships matter, champions leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from igrsim.runs.validation.country_runs import YEARS_4, YEARS_5, Lived, country, live
from igrsim.runs.validation.finding import PATTERN, USUAL, Finding, Values, figures, holds, outside
from igrsim.world.events import ChampionLeaves

F64 = NDArray[np.float64]

PLANNED = ("district-hub", "district-hub-as-found")
PILOTS = ("DC15", "ETH", "DC36")
"""Whose plans were the first, and were to take three months."""
LEFT = date(2022, 3, 1)
"""A champion leaves when drafts lie ready and nothing of the new year is committed."""
YEAR_AFTER = slice(35, 47)
OUTCOMES = ("budget_alignment", "months_to_one_plan", "redirected_share")


def paper_ahead_of_money(values: Values = USUAL, regimes: tuple[str, ...] = PLANNED) -> Iterator[Finding]:
    """Fact 19: alignment on paper runs ahead of alignment of money, and first plans slip."""
    for regime in regimes:
        run = country(regime, values=values)
        counts = {name: values.sum(axis=1).astype(float) for name, values in run.spaces.items()}
        with np.errstate(invalid="ignore", divide="ignore"):
            paper = counts["joint_items_in_plans"] / counts["joint_items"]
            money = counts["joint_cents_paid"] / counts["joint_cents_due"]
        begun = int(np.argmax(run.hubs_open.any(axis=1)))
        by = begun + 36
        best = float(np.nanmax(paper[:by]))
        yield holds(
            f"fact 19: One Plan items in their owners' plans within 36 months of the first start, {regime}", PATTERN,
            "above 0.8", f"{best:.3f}", best > 0.8, outside(best, low=0.8),
        )  # fmt: skip
        known = np.isfinite(money)
        known[:by] = False
        apart = (paper - money)[known]
        least = float(apart.min()) if known.any() else float("nan")
        yield holds(
            f"fact 19: least lead of alignment of plans over that of budgets after that, {regime}", PATTERN, "at least 0.2",
            f"{least:.3f} (at the end {paper[-1]:.3f} against {money[-1]:.3f})", least >= 0.2,
            outside(least, low=0.2),
        )  # fmt: skip
        months = run.spaces["plan_months"].sum(axis=0)[[run.codes.index(code) for code in PILOTS]]
        mean = float(months.mean())
        yield holds(
            f"fact 19: months to the One Plans of the three pilots, planned at 3, {regime}", PATTERN, "all adopted, mean 12 to 30",
            f"{mean:.1f} ({figures(months.tolist())})", bool((months > 0).all()) and 12 <= mean <= 30,
            outside(mean, 12, 30) + float((months <= 0).mean()),
        )  # fmt: skip


def spread(run: Lived, outcome: str) -> float:
    """Variance of an outcome between provinces."""
    return float(np.nanvar(run.by_province(outcome)))


def partnership_and_champions() -> Iterator[Finding]:
    """Fact 21: leadership and partnership matter as much as structure."""
    hubs, core = country("district-hub"), country("district-hub-core")
    alike = country("district-hub", partnership_spread=0.0)
    alike_core = country("district-hub-core", partnership_spread=0.0)
    for outcome in OUTCOMES:
        within, equal = spread(hubs, outcome), spread(alike, outcome)
        between = float(np.var([run.value(outcome, YEARS_5) for run in (hubs, core)]))
        yield holds(
            f"fact 21: variance of {outcome} between provinces under hubs as designed, partnerships as drawn", PATTERN,
            f"at least that between the regime and its core ({between:.3g})",
            f"{within:.3g} ({spread(core, outcome):.3g} under the core)", within >= between,
        )  # fmt: skip
        yield holds(
            f"fact 21: the same of {outcome} with partnerships alike", PATTERN, f"below that as drawn ({within:.3g})",
            f"{equal:.3g} ({spread(alike_core, outcome):.3g} under the core)", equal < within,
        )  # fmt: skip
    gone = live("district-hub", YEARS_4, events=(ChampionLeaves(date=LEFT),))
    shares = [run.value("redirected_share", YEAR_AFTER) for run in (hubs, gone)]
    yield holds(
        "fact 21: rand redirected of overlaps found, in the year after champions left, over the same year with them", PATTERN,
        "below 1", f"{shares[1] / shares[0]:.3f} ({shares[1]:.3f} over {shares[0]:.3f})", shares[1] < shares[0],
    )  # fmt: skip
