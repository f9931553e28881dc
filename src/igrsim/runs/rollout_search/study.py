"""The study that a search for schedules runs, and what it is asked for on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import InputError, nearest
from igrsim.metrics._base import Metric, metrics
from igrsim.places.geography import load_geography
from igrsim.places.scopes import geography_of
from igrsim.regimes.regime import preset
from igrsim.regimes.rollout import AT_ONCE, plan_rollout
from igrsim.runs.rollout_search.design import Design, designed
from igrsim.runs.rollout_search.response import FIFTH, Objectives
from igrsim.runs.rollout_study import read_money, read_specialists
from igrsim.runs.study import Study, make_study

AGAINST = ("ddm-2019-plan", "all-at-once", "poorest-first", "strongest-first", "pilots-then-waves")
"""The schedules to beat, where none are named."""
EQUITY = ("wait", "poorest-fifth")
RAND = Metric(
    "duplicated_rand", "duplication", "rand million", "lower",
    "money for items that another actor funds too, less what was taken back at adjustments budgets",
    lambda c: (c["duplicate_cents"] - c["duplicates_undone_cents"]) / 1e8,
    ("duplicate_cents", "duplicates_undone_cents"), ("planning", "programme", "hub"),
)  # fmt: skip
"""The benefit, where no metric is named."""


def searched_study(
    regime: str,
    *,
    scope: str,
    months: int,
    citizens: int,
    seed: int,
    money: str | None = None,
    specialists: str | None = None,
    start: str | None = None,
    workers: int | str = "auto",
) -> Study:
    """Silos beside a regime, in futures that vary every uncertain number."""
    if "district-hub" not in preset(regime).levers:
        raise InputError(f"regime '{regime}' has no hubs, so there is nothing to bring to spaces", code="E363")
    arm: dict[str, Any] = {"regime": regime, "rollout": AT_ONCE}
    if money is not None:
        arm["money"] = read_money(money)
    if specialists is not None:
        pool, trained = read_specialists(specialists)
        arm["specialists"] = {"pool": pool, "trained": trained} if trained else pool
    world: dict[str, Any] = {"scope": scope, "months": months, "citizens": citizens}
    return make_study(
        {
            "title": f"Where {regime} goes first",
            "world": world | ({"start": start} if start else {}),
            "arms": {"siloed": {"regime": "siloed", "reference": True}, regime: arm},
            "futures": {"n": 1},
            "replication": {"worlds": 1, "seed": seed},
            "analysis": {"audit": False},
            "runtime": {"workers": workers},
        }
    )


def searched_arm(study: Study) -> str:
    """The arm whose schedule is sought."""
    return next(name for name in study.arms if name != study.reference)


def objectives_of(study: Study, metric: str | None, equity: str) -> Objectives:
    """What schedules are judged by.

    Raises
    ------
    InputError
        An unknown metric, or one that only citizens' needs tell, or of which neither side is better.
    """
    if equity not in EQUITY:
        raise InputError(f"--equity {equity}{nearest(equity, EQUITY)}", code="E366")
    chosen = RAND
    if metric is not None and metric != RAND.name:
        known = dict(metrics.items())
        if metric not in known:
            raise InputError(f"unknown metric '{metric}'{nearest(metric, [*known, RAND.name])}", code="E110")
        chosen = known[metric]
        if chosen.level != "space" or chosen.better == "neither":
            why = "neither higher nor lower is better" if chosen.better == "neither" else "it is not counted by space"
            raise InputError(f"{metric} cannot be what a schedule is for: {why}", code="E367")
    spaces = geography_of(study.world.scope).spaces
    poor = np.asarray(spaces.population, dtype=np.float64) * np.asarray(spaces.poor_share)
    poorest = np.zeros(len(spaces), dtype=np.bool_)
    poorest[np.argsort(-np.asarray(spaces.poor_share), kind="stable")[: max(round(FIFTH * len(spaces)), 1)]] = True
    return Objectives(chosen, equity, poor, poorest, study.world.months)


def design_of(study: Study, named: Sequence[str], budget: int) -> Design:
    """How the search spends its budget.

    Raises
    ------
    InputError
        A schedule twice, or too small a budget.
    """
    labels = [Path(name).stem for name in named]
    if len(set(labels)) < len(labels) or not labels:
        raise InputError(f"name each schedule to beat once: {', '.join(named) or 'none is named'}", code="E368")
    geography, clock = geography_of(study.world.scope), Clock(study.world.start, study.world.months)
    dates = {
        tuple(sorted(m if m is not None else study.world.months for m in plan_rollout(name, geography, clock, load_geography()).start))
        for name in named
    }  # fmt: skip
    paces = sum(len(set(one)) > 1 for one in dates)
    # what a hub brings that starts in the first month is read from all at once without limits
    at_once = AT_ONCE in named and not study.arms[searched_arm(study)].limits
    return designed(budget, len(named), paces, 0 if at_once else 1)
