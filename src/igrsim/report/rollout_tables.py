"""Everything that is told of a comparison of roll-outs, as tables: for the page, the workbook and the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from igrsim.kernel.errors import InputError
from igrsim.places.geography import load_geography, two_towns
from igrsim.results import rollouts
from igrsim.results.effects import Analysis
from igrsim.results.regret import regrets
from igrsim.results.results import Results
from igrsim.results.rollouts import PLANNED, STAFFED, TAKEN_IN, label
from igrsim.views.metric import Metric, headlines, metric_of

COST = "cost_of_coordination"
WHOLE = "whole"


@dataclass(frozen=True)
class RolloutsCompared:
    """What was found of several roll-outs.

    Attributes
    ----------
    plans : list of str
        Arms that have hubs, in the study's order.
    benefit : Metric
        By which they are held against each other first.
    cost : Metric or None
    metrics : list of Metric
        Named before the run.
    first, last : float
        Months of the study, counted from year 0.
    names : dict of str to str
        Names of spaces.
    summary : DataFrame
        A row a plan.
    effects : DataFrame
        Of the plans and metrics, from ``effects.csv``.
    reached, slippage, load, money : DataFrame
        As in `results.rollouts`.
    waits : DataFrame
        A row a plan and space: months waited, and what the space loses against the plan that serves it best.
    against_best : DataFrame
        The same of the whole scope, for every metric.
    lost : DataFrame
        What slipping costs.
    equity : DataFrame
        What the poorest spaces gain more than others.
    regret : dict of str to DataFrame
        By metric.
    futures : int
        That the regrets rest on.
    """

    results: Results
    plans: list[str]
    benefit: Metric
    cost: Metric | None
    metrics: list[Metric]
    first: float
    last: float
    names: dict[str, str]
    summary: pd.DataFrame
    effects: pd.DataFrame
    reached: pd.DataFrame
    slippage: pd.DataFrame
    load: pd.DataFrame
    money: pd.DataFrame
    waits: pd.DataFrame
    against_best: pd.DataFrame
    lost: pd.DataFrame
    equity: pd.DataFrame
    regret: dict[str, pd.DataFrame] = field(default_factory=dict)
    futures: int = 0


def compare_rollouts(results: Results, benefit: str) -> RolloutsCompared:
    """Put together what is told of a study's roll-outs.

    Parameters
    ----------
    benefit : str
        Metric by which they are held against each other first.

    Raises
    ------
    InputError
        No arm has hubs, or the benefit is neither better when lower nor when higher.
    """
    known = metric_of(results, benefit)
    if known.better not in ("lower", "higher"):
        raise InputError(f"'{benefit}' is better neither lower nor higher: plans cannot be judged by it", code="E337")
    milestones, months = results.milestones, results.rollout
    plans = [arm for arm in results.arms if len(milestones) and arm in set(milestones["arm"])]
    if not plans:
        raise InputError(
            "no arm of this study is rolled out: there are no milestones", file=str(results.folder), code="E338"
        )
    labels = sorted({str(month) for month in results.national["month"]})
    first, last = (rollouts.ordinal(pd.Series([labels[i]])).iloc[0] for i in (0, -1))
    table = rollouts.dated(milestones, labels[-1])
    metrics = [metric for metric in headlines(results) if metric.better in ("lower", "higher")]
    metrics = [known, *(metric for metric in metrics if metric.name != benefit)]
    analysis = Analysis(looks=1)
    spaces = [str(space["code"]) for space in results.manifest["spaces"]]
    cost = next((metric for metric in metrics if metric.name == COST), None)
    names = [metric.name for metric in metrics]
    effects = results.effects()
    slip, use = rollouts.slippage(table), rollouts.use_of_hours(months)
    whole = results.runs.assign(space=WHOLE)
    against = [
        rollouts.served_best(whole, metric.name, metric.better, plans, analysis).assign(
            metric=metric.name, unit=metric.unit
        )
        for metric in metrics
    ]
    waits = rollouts.waited(table, labels[-1]).merge(
        rollouts.served_best(results.spaces, benefit, known.better, plans, analysis), on=["arm", "space"], how="left"
    )
    regret, futures = {}, 0
    for metric in metrics:
        regret[metric.name], futures = regrets(
            rollouts.by_future(results.runs, metric.name, results.arms), metric.better
        )
    return RolloutsCompared(
        results=results,
        plans=plans,
        benefit=known,
        cost=cost,
        metrics=metrics,
        first=float(first),
        last=float(last),
        names={str(space["code"]): str(space["name"]) for space in results.manifest["spaces"]},
        summary=_summary(plans, table, slip, use),
        effects=effects[effects["arm"].isin(plans) & effects["metric"].isin(names)].reset_index(drop=True),
        reached=rollouts.months_reached(table),
        slippage=slip,
        load=rollouts.months_of_work(months),
        money=rollouts.money_by_year(months),
        waits=waits,
        against_best=pd.concat(against, ignore_index=True).drop(columns="space"),
        lost=rollouts.lost_by_slipping(
            results.monthly, table, benefit, known.better, results.reference, int(last - first) + 1
        ),
        equity=rollouts.equity(
            results.spaces, benefit, known.better, plans, results.reference, _poorest(spaces)
        ),
        regret=regret,
        futures=futures,
    )  # fmt: skip


def _poorest(spaces: list[str]) -> list[str]:
    poor: dict[str, float] = {}
    for geography in (load_geography(), two_towns()):
        poor |= dict(zip(geography.spaces.codes, geography.spaces.poor_share.tolist(), strict=True))
    return rollouts.poorest_third(poor, spaces)


def _summary(plans: list[str], table: pd.DataFrame, slip: pd.DataFrame, use: pd.DataFrame) -> pd.DataFrame:
    """A row a plan: when it starts, how far it gets, how late, at what use of hours and money."""
    dates, ends = rollouts.first_and_last(table).set_index("arm"), rollouts.spaces_by_end(table).set_index("arm")
    plan_late, start_late = (slip[slip["milestone"] == which].set_index("arm") for which in (PLANNED, TAKEN_IN))
    hours = use.set_index("arm")
    rows: list[dict[str, Any]] = []
    for arm in plans:
        when, late, start, spent = dates.loc[arm], plan_late.loc[arm], start_late.loc[arm], hours.loc[arm]
        rows.append(
            {
                "plan": arm,
                "first_start": label(float(when["first"])),
                "last_start": label(float(when["last"])),
                "last_start_planned": label(float(when["last_planned"])),
                "spaces": table[table["arm"] == arm]["space"].nunique(),
                "taken_in": float(ends.loc[arm, TAKEN_IN]),  # type: ignore[arg-type]
                "with_hub": float(ends.loc[arm, STAFFED]),  # type: ignore[arg-type]
                "with_plan": float(ends.loc[arm, PLANNED]),  # type: ignore[arg-type]
                "start_late_median": start["median_late"],
                "start_late_worst": start["worst_late"],
                "start_at_least": bool(start["worst_at_least"]) if start["due"] else False,
                "start_worst_space": start["worst_space"] if start["due"] else "",
                "plans_due": int(late["due"]),
                "months_late_median": late["median_late"],
                "median_at_least": bool(late["median_at_least"]) if late["due"] else False,
                "months_late_worst": late["worst_late"],
                "worst_at_least": bool(late["worst_at_least"]) if late["due"] else False,
                "worst_space": late["worst_space"] if late["due"] else "",
                "hours_used": spent["hours_used"],
                "hours_available": spent["hours_available"],
                "used_share": spent["used_share"],
                "months_at_limit": spent["months_at_limit"],
                "space_months_waiting": spent["space_months_waiting"],
                "rand_million": spent["rand_million"],
            }
        )
    return pd.DataFrame(rows)
