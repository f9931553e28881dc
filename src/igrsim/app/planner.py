"""What the planner's screen knows: named plans, what a plan comes to, and what saved runs say of roll-outs."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from igrsim.kernel.errors import InputError
from igrsim.results.results import Results
from igrsim.results.rollouts import PLANNED, TAKEN_IN, dated, money_by_year, months_of_work, months_reached, slippage
from igrsim.results.rollouts import label as month_label
from igrsim.results.schedules_apart import other_schedules, schedules_apart
from igrsim.runs.catalogue import catalogue
from igrsim.runs.rollout_plans import CLOCK, means_of, named_plans
from igrsim.runs.rollout_study import read_money, read_specialists
from igrsim.views.metric import Metric
from igrsim.views.numbers import change

KEYS = {"starts", "regime", "money", "specialists"}
HUBS = "district-hub"
"""The lever by which a regime has hubs."""
USUAL_REGIME = "district-hub"
QUARTER = 3


@cache
def about_plans() -> dict[str, Any]:
    """Months, regimes with hubs, and every named plan with what it comes to where nothing is short."""
    plans = []
    for name, (title, stages, starts) in named_plans().items():
        means = asdict(means_of(dict(starts)))
        plans.append({"name": name, "title": title, "stages": stages, "starts": starts, "means": means})
    rand = next(param for param in catalogue()["params"] if param["name"] == "hub.rand_per_post")
    return {
        "months": [CLOCK.label(month) for month in range(CLOCK.months)],
        "regimes": [row["name"] for row in catalogue()["regimes"] if HUBS in row["levers"]],
        "regime": USUAL_REGIME,
        "rand_per_post": {key: rand[key] for key in ("default", "low", "high", "unit", "grade", "source")},
        "plans": plans,
    }


def answer_plan(body: bytes) -> dict[str, Any]:
    """What a plan that the page has made comes to, by the rule that decides in a run.

    Parameters
    ----------
    body : bytes
        JSON: ``starts``, pairs of space and month in the order of the queue, ``regime``, and ``money`` and ``specialists`` as
        the command line takes them, or empty.

    Raises
    ------
    InputError
    """
    try:
        asked: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise InputError("a plan is JSON: starts, regime, money, specialists", code="E391") from None
    if not isinstance(asked, dict) or set(asked) != KEYS:
        raise InputError("a plan is JSON: starts, regime, money, specialists", code="E391")
    if not all(isinstance(asked[key], str) and len(asked[key]) <= 400 for key in KEYS - {"starts"}):
        raise InputError("regime, money and specialists are text", code="E391")
    if asked["regime"] not in about_plans()["regimes"]:
        raise InputError(f"regime '{asked['regime']:.60}' has no hubs to roll out", code="E394")
    means = means_of(
        _starts(asked["starts"]),
        regime=asked["regime"],
        money=read_money(asked["money"]) if asked["money"].strip() else None,
        specialists=read_specialists(asked["specialists"]) if asked["specialists"].strip() else None,
    )
    return asdict(means)


def _starts(given: Any) -> dict[str, str]:
    """Pairs of space and month, each space once."""
    fit = isinstance(given, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair) for pair in given
    )
    if not fit or len({pair[0] for pair in given}) < len(given):
        raise InputError("starts: pairs of space and month (YYYY-MM), each space once", code="E391")
    return dict(given)


def rolled_out(results: Results, metrics: Sequence[Metric] = ()) -> dict[str, Any] | None:
    """What runs say of the roll-out of each arm with hubs: spaces and posts by quarter, money by year, how late; None without any.

    Parameters
    ----------
    metrics : sequence of Metric, optional
        By which schedules of one regime are held against each other.
    """
    months, milestones = results.rollout, results.milestones
    if not len(months) or not len(milestones):
        return None
    labels = sorted(str(label) for label in months["month"].unique())
    ends = labels[QUARTER - 1 :: QUARTER]
    work = months_of_work(months)
    work = work[work["month"].isin(ends)]
    money, table = money_by_year(months), dated(milestones, labels[-1])
    late = slippage(table)
    reached = months_reached(table[table["milestone"].isin([TAKEN_IN, PLANNED])])
    stated = months[["specialists", "rand_million_limit"]].notna().any(axis=1)
    limited = stated.groupby(months["arm"]).any().to_dict()
    regimes = {arm["name"]: arm.get("regime") for arm in results.manifest["arms"]}
    told = list(map(str, work["arm"].unique()))
    return {
        "ends": ends,
        "apart": {arm: _apart(results, metrics, arm) for arm in told},
        "arms": {
            arm: {
                "regime": regimes.get(arm),
                "limited": bool(limited.get(arm, False)),
                "quarters": work[work["arm"] == arm][
                    ["spaces_due", "spaces_running", "posts_wanted", "posts_filled", "plans_adopted"]
                ].to_dict("list"),
                "money": money[money["arm"] == arm][["financial_year", "rand_million", "p10", "p90", "months"]].to_dict("records"),
                "late": late[late["arm"] == arm].drop(columns="arm").to_dict("records"),
                "reached": [
                    {"space": row["space"], "milestone": row["milestone"], "share": row["reached_share"]}
                    | {key: month_label(row[key]) for key in ("planned", "median", "p90")}
                    for row in reached[reached["arm"] == arm].to_dict("records")
                ],
            }
            for arm in told
        },
    }  # fmt: skip


def as_usual(results: Results) -> list[str]:
    """Arms that are nothing but a regime and a schedule: no lever or number of their own, and no event in the study."""
    file = results.folder / "resolved.toml"
    if results.manifest.get("events") or not file.is_file():
        return []
    arms = tomllib.loads(file.read_text(encoding="utf-8")).get("arms", {})
    return [
        name for name, arm in arms.items() if not any(arm.get(key) for key in ("set", "add", "drop", "shared_hubs"))
    ]


def _apart(results: Results, metrics: Sequence[Metric], arm: str) -> dict[str, dict[str, list[str]]]:
    """Other schedules of an arm's regime less this arm, by metric: difference, interval and verdict in words."""
    others = other_schedules(results, arm)
    about = [(one.name, one.unit, one.better) for one in metrics]
    table = schedules_apart(results, about, arm, others) if others and about else None
    found: dict[str, dict[str, list[str]]] = {other: {} for other in others if table is not None}
    for row in [] if table is None else table.to_dict("records"):
        difference, low, high = (float(row[key]) for key in ("difference", "low", "high"))
        words = [change(one, str(row["unit"])) if math.isfinite(one) else "" for one in (difference, low, high)]
        interval = f"{words[1]} to {words[2]}" if words[1] and words[2] else ""
        found[str(row["arm"])][str(row["metric"])] = [words[0], interval, str(row["verdict"])]
    return found
