"""Chains of causes hold in the model: nothing differs before all that it is said to follow from."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from igrsim.levers._base import levers
from igrsim.metrics._base import metrics
from igrsim.regimes.regime import preset
from igrsim.runs.causes import about_chains, first_apart
from igrsim.runs.cell import CellSpec, run_cell
from igrsim.runs.chains import BY_METRIC, DECLARED, EVERY, chain
from igrsim.world.ruling import Ruling

NEVER = 10**6
TOWNS = CellSpec(
    regime="siloed", levers=(), rollout="all-at-once", rollout_digest="", scope="two-towns", start="2019-04-01", months=16,
    citizens=40, params=(), seed=7, world=0,
)  # fmt: skip
CORE = preset("district-hub-core").levers
ONE_RUN = [name for name, metric in metrics.items() if metric.level != "pair"]
FEW = ("requirement-guides", "realistic-indicators", "spatial-budgeting", "regional-management", "stabilisation", "leadership",
       "mobile-thusong", "investment-plan", "bulk-infrastructure-plans", "alignment-adjudication")  # fmt: skip
"""Levers that set out on ways of their own: to papers, requests, sight, ties, skills, attention, counters, choice, hours, cases."""


@pytest.mark.fast
def test_every_metric_of_a_run_has_a_chain_of_names_that_exist() -> None:
    assert sorted(BY_METRIC) == sorted(ONE_RUN)
    assert len(BY_METRIC) == len(DECLARED)
    rules = {field.name for field in fields(Ruling)}
    for one in DECLARED:
        assert set(one.rules) <= rules, one.metric
        assert one.because.endswith(".")
    told = about_chains()
    assert [[told["rules"][i] for i in step["rules"]] for step in told["steps"]] == [
        sorted({*o.rules}) for o in DECLARED
    ]
    # every lever costs somebody hours or rand: none of its rules is left out where costs are told
    assert set(EVERY) == rules


@pytest.mark.fast
def test_no_chain_runs_in_a_circle() -> None:
    seen = set[str]()
    for one in DECLARED:
        assert set(one.after) <= seen, one.metric
        seen.add(one.metric)
    assert [step.metric for step in chain("net_benefit")][-1] == "net_benefit"
    assert {step.metric for step in chain("plan_alignment")} > {"one_plan_share", "ties", "skills"}
    assert chain("trips_per_need_both") == ()


@cache
def lived(names: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every metric by month and space, and the trail of rules."""
    tables = run_cell(replace(TOWNS, levers=tuple(sorted(names)))).tables
    counts = tables["space"]
    given = {name: counts[name].to_numpy(float) for name in counts} | {"months": np.ones(len(counts))}
    found = {name: np.asarray(metrics[name].value(given), float) for name in ONE_RUN}
    # two digits, so that months stand in their order as words too
    months = counts["month"].map("{:02d}".format)
    return pd.DataFrame({"month": months, "space": counts["place"], **found}), tables["rules"]


def first_rules(one: pd.DataFrame, other: pd.DataFrame) -> dict[str, int]:
    """The first month in which each rule is changed in one of two trails only."""
    where = ["month", "space", "field", "after"]
    both = one[where].merge(other[where], how="outer", indicator=True)
    return both[both["_merge"] != "both"].groupby("field")["month"].min().to_dict()


def holds(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Metrics that differ before what they follow from, and those that must not differ at all and that something else does."""
    (mine, ruled), (base, was) = lived(one), lived(other)
    found = first_apart(mine, base, ONE_RUN)
    first = {name: NEVER if month is None else month for name, month in zip(ONE_RUN, found, strict=True)}
    rules = first_rules(ruled, was)
    early, barred = [], []
    for step in DECLARED:
        cause = min([NEVER, *(first[name] for name in step.after), *(rules.get(rule, NEVER) for rule in step.rules)])
        if first[step.metric] < cause:
            early.append(f"{step.metric} in month {first[step.metric]}, what it follows from in {cause}")
        if cause == NEVER:
            barred.append(step.metric)
    return early, barred


@pytest.mark.parametrize("lever", FEW)
def test_nothing_differs_before_what_it_follows_from(lever: str) -> None:
    early, barred = holds((lever,), ())
    assert early == []
    # the chains bar something: else nothing was tried
    assert barred


def test_between_two_hubs_too() -> None:
    with_attention = (*CORE, "leadership")
    assert holds(CORE, ())[0] == holds(with_attention, CORE)[0] == []
    # attention that principals give reaches no counter of Home Affairs
    assert "hours_per_need" not in holds(CORE, ())[0]
    assert lived(with_attention)[0]["salience"].max() > lived(CORE)[0]["salience"].max() == 0


def test_a_chain_that_leaves_a_cause_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    blind = tuple(replace(one, rules=()) if one.metric == "duplicate_spend_share" else one for one in DECLARED)
    monkeypatch.setattr(f"{__name__}.DECLARED", blind)
    assert any(said.startswith("duplicate_spend_share") for said in holds(("spatial-budgeting",), ())[0])


@pytest.mark.slow
def test_every_lever_in_silos_and_beside_hubs_for_years(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.TOWNS", replace(TOWNS, months=40, citizens=80))
    lived.cache_clear()
    full, names = preset("district-hub").levers, [name for name, _ in levers.items()]
    tried = [((name,), ()) for name in names]
    tried += [((*CORE, name), CORE) for name in names if name not in CORE]
    tried += [(tuple(n for n in full if n != name), full) for name in full]
    tried += list(pairwise(((), CORE, full)))
    assert {(one, other): early for one, other in tried if (early := holds(one, other)[0])} == {}
    lived.cache_clear()
