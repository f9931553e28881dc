"""Roll-outs in sentences: which does best if any can be told, what it costs, how late it comes, who waits."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from igrsim.report.rollout_tables import RolloutsCompared
from igrsim.results.rollouts import MILESTONES, PLANNED, TAKEN_IN, label
from igrsim.views.metric import Metric
from igrsim.views.numbers import change, difference_unit, level, significant, tick
from igrsim.views.phrases import listed, plural

SAME = ("exactly", "no material", "probably no material", "cannot tell")
LONGEST = 5
"""Spaces told of that wait longest."""


def answer_in_words(found: RolloutsCompared) -> list[str]:
    """The answer: against the reference, against each other, what it costs, how late it comes, and what else differs."""
    return [
        against_reference(found, found.benefit),
        which_is_best(found, found.benefit),
        _cost(found),
        how_late(found),
        how_unlike(found),
    ]


def against_reference(found: RolloutsCompared, metric: Metric) -> str:
    """What rolling out does to a metric at all, plan by plan as far as verdicts differ."""
    rows = _effects(found, metric)
    reference, name = found.results.reference, metric.title
    ways: dict[str, list[str]] = {}
    for arm, row in rows.items():
        verdict = str(row["verdict"])
        if verdict.startswith(SAME[:-1]):
            way = "same"
        else:
            # a single pair of runs is judged neither better nor worse
            way = next((word for word in ("better", "worse") if word in verdict), "open")
        ways.setdefault(way, []).append(arm)
    words = {"better": "improves", "worse": "worsens"}
    parts = []
    for way, arms in ways.items():
        sizes = [float(rows[arm]["difference"]) for arm in arms]
        size = (
            change(sizes[0], metric.unit)
            if len(arms) == 1
            else f"{change(min(sizes), metric.unit)} to {change(max(sizes), metric.unit)}"
        )
        whom = "every roll-out" if len(arms) == len(rows) > 1 else listed(arms)
        unsure = " (probably)" if any("probably" in str(rows[arm]["verdict"]) for arm in arms) else ""
        if way in words:
            verb = words[way] if len(arms) == 1 or whom == "every roll-out" else words[way][:-1]
            parts.append(f"{whom} {verb}{unsure} it, by {size} {difference_unit(metric.unit)} on average")
        elif way == "same":
            parts.append(
                f"{whom} {'makes' if len(arms) == 1 or whom == 'every roll-out' else 'make'} no material difference"
            )
        else:
            whose = "any roll-out does" if whom == "every roll-out" else f"{whom} {'does' if len(arms) == 1 else 'do'}"
            parts.append(f"what {whose} cannot be told")
    return f"{name} against {reference}: {'; '.join(parts)}."


def which_is_best(found: RolloutsCompared, metric: Metric) -> str:
    """Whether one plan can be told from the others."""
    if len(found.plans) < 2:
        return "One plan alone was run: there is nothing to choose between."
    table = found.against_best[found.against_best["metric"] == metric.name]
    best = str(table["best"].iloc[0])
    verdicts = {str(row["arm"]): str(row["verdict"]) for row in table.to_dict("records")}
    if all(words.startswith("exactly") for words in verdicts.values()):
        return f"{metric.title} is exactly the same under every roll-out: the order of spaces does not touch it."
    worse = [arm for arm, words in verdicts.items() if surely_worse(words)]
    alike = [arm for arm, words in verdicts.items() if arm != best and words.startswith(SAME[:-1])]
    open_ = [arm for arm in verdicts if arm != best and arm not in (*worse, *alike)]
    if not worse:
        what = "makes no material difference" if not open_ else "cannot be told from these runs"
        start = "Which roll-out is chosen" if not open_ else "Which roll-out does best"
        return f"{start} {what}: {best} has the best mean, and no other is surely worse by a material amount."
    share = float(table["best_chosen_share"].iloc[0])
    parts = [f"surely worse {_are(worse)} {listed(worse)} ({_differences(table, worse, metric)})"]
    if alike:
        parts.append(f"not materially different {_are(alike)} {listed(alike)}")
    if open_:
        parts.append(f"{listed(open_)} cannot be told from it")
    return f"{best} has the best mean (it is the choice in {share:.0%} of held-out runs); {'; '.join(parts)}."


def how_unlike(found: RolloutsCompared) -> str:
    """In what plans differ beside the order of spaces, so that a difference between them is not taken for the order's."""
    if len(found.plans) < 2:
        return ""
    planned = found.reached.pivot(index=["arm", "space"], columns="milestone", values="planned")
    said = []
    first = {arm: float(planned.loc[arm, TAKEN_IN].min()) for arm in found.plans}
    idle = [arm for arm, month in first.items() if not month <= found.last]
    if idle:
        said.append(f"Nothing is due within the study under {listed(idle)}.")
        first = {arm: month for arm, month in first.items() if arm not in idle}
    if len({month for month in first.values() if math.isfinite(month)}) > 1:
        months = [month for month in first.values() if math.isfinite(month)]
        ahead = round(max(months) - min(months))
        said.append(
            f"The first space is due in {_by_value({arm: label(month) for arm, month in first.items()})}: part of a difference "
            f"between them is that head start of {'up to ' if len(set(months)) > 2 else ''}{ahead} {plural(ahead, 'month')}."
        )
    spaces = {arm: int(planned.loc[arm, TAKEN_IN].notna().sum()) for arm in found.plans}
    if len(set(spaces.values())) > 1:
        numbers = {arm: f"{number} {plural(number, 'space')}" for arm, number in spaces.items()}
        said.append(f"Not all plans reach as many spaces: {_by_value(numbers)}.")
    if PLANNED in planned:
        promised = {
            arm: float((planned.loc[arm, PLANNED] - planned.loc[arm, TAKEN_IN]).median()) for arm in found.plans
        }
        if len({months for months in promised.values() if math.isfinite(months)}) > 1:
            numbers = {arm: tick(months) for arm, months in promised.items() if math.isfinite(months)}
            said.append(
                f"Months from a space's start to its One Plan, as planned, are {_by_value(numbers)}: months late measure each "
                f"plan against its own promise, not which plan is faster."
            )
    limits = {
        str(arm["name"]): "; ".join(arm.get("limits", ())) or "no limit" for arm in found.results.manifest["arms"]
    }
    mine = {arm: limits[arm] for arm in found.plans}
    if len(set(mine.values())) > 1:
        said.append(
            f"Plans do not have the same means: {_by_value(mine, '; ')}. A difference between them is also one of means."
        )
    elif set(mine.values()) != {"no limit"}:
        said.append(f"Every plan has the same means: {next(iter(mine.values()))}.")
    return " ".join(said)


def _by_value(values: dict[str, str], between: str = ", ") -> str:
    """``12 under one and two, 3 under three``."""
    found: dict[str, list[str]] = {}
    for arm, value in values.items():
        found.setdefault(value, []).append(arm)
    return between.join(f"{value or 'no month'} under {listed(arms)}" for value, arms in found.items())


def _are(arms: list[str]) -> str:
    return "is" if len(arms) == 1 else "are"


def _differences(table: pd.DataFrame, arms: list[str], metric: Metric) -> str:
    by_arm = table.set_index("arm")["difference"]
    return f"{', '.join(change(float(by_arm[arm]), metric.unit) for arm in arms)} {difference_unit(metric.unit)}"


def surely_worse(verdict: str) -> bool:
    """Whether a verdict says worse without a probably."""
    return "worse" in verdict and not verdict.startswith("probably")


def _cost(found: RolloutsCompared) -> str:
    rand = found.summary.set_index("plan")["rand_million"]
    low, high = rand.idxmin(), rand.idxmax()
    first = f"Hub posts cost R{significant(float(rand[low]))} million over the study under {low}"
    if low != high and round(float(rand[low]), 1) != round(float(rand[high]), 1):
        first += f" and R{significant(float(rand[high]))} million under {high}"
    if found.cost is None:
        return f"{first}."
    rows = _effects(found, found.cost)
    sizes = [float(row["difference"]) for row in rows.values()]
    unit = difference_unit(found.cost.unit)
    more = (
        f"{change(min(sizes), found.cost.unit)} to {change(max(sizes), found.cost.unit)}"
        if len(sizes) > 1
        else change(sizes[0], found.cost.unit)
    )
    return f"{first}; all coordination together changes by {more} {unit} against {found.results.reference}."


def how_late(found: RolloutsCompared) -> str:
    """Which plans slip, and by how much."""
    rows = found.summary.to_dict("records")
    said = []
    starts = [row for row in rows if float(row["start_late_worst"]) > 0]
    if starts:
        parts = [f"{row['plan']} by {_spread(row, found.names, 'start')}" for row in starts]
        said.append(f"Spaces are taken in later than they are due: {'; '.join(parts)}.")
    late = [row for row in rows if float(row["months_late_median"]) > 0 or float(row["months_late_worst"]) > 0]
    if late:
        told = sorted(late, key=lambda row: (-float(row["months_late_median"]), str(row["plan"])))
        parts = [_slip(row, found.names) for row in told]
        said.append(f"One Plans come later than planned, in the median over spaces and runs: {'; '.join(parts)}.")
    none = [str(row["plan"]) for row in rows if not row["plans_due"]]
    if none:
        said.append(f"No One Plan of {listed(none)} is due by the end: how late they will be is not known.")
    punctual = [str(row["plan"]) for row in rows if row not in late and row not in starts and row["plans_due"]]
    if punctual:
        said.append(f"{listed(punctual)} {'does' if len(punctual) == 1 else 'do'} not slip.")
    return " ".join(said)


def _spread(row: dict[Any, Any], names: dict[str, str], of: str) -> str:
    """The median, and the worst space."""
    worst = _months(row[f"{of}_late_worst"], row[f"{of}_at_least"])
    return (
        f"{_months(row[f'{of}_late_median'], False)} in the median, {worst} in "
        f"{names.get(str(row[f'{of}_worst_space']), row[f'{of}_worst_space'])}"
    )


def _slip(row: dict[Any, Any], names: dict[str, str]) -> str:
    """How late a plan is: in the median, and where it is worst."""
    worst = f"{_months(row['months_late_worst'], row['worst_at_least'])} in {names.get(str(row['worst_space']), row['worst_space'])}"
    if float(row["months_late_median"]) <= 0:
        return f"{row['plan']} not in the median, but by {worst}"
    return f"{row['plan']} by {_months(row['months_late_median'], row['median_at_least'])} ({worst}, the worst space)"


def _months(value: Any, at_least: Any) -> str:
    months = float(value)
    if not math.isfinite(months):
        return "an unknown time"
    return f"{'at least ' if at_least else ''}{tick(months)} {plural(round(months), 'month')}"


def stages_in_words(found: RolloutsCompared, arm: str) -> str:
    """Where on the way a plan loses its time: the milestone at which lateness grows most."""
    mine = found.slippage[(found.slippage["arm"] == arm) & (found.slippage["due"] > 0)].set_index("milestone")[
        "median_late"
    ]
    steps = [name for name in MILESTONES if name in mine.index and name != "hub staffed"]
    grown = {
        name: float(mine[name]) - (float(mine[before]) if before else 0.0)
        for before, name in zip(["", *steps], steps, strict=False)
    }
    if not grown or max(grown.values()) <= 0:
        return "Nothing is late in the median."
    worst = max(grown, key=lambda name: grown[name])
    where = (
        "before a space is taken in"
        if worst == TAKEN_IN
        else f"on the way to {'the One Plan' if worst == PLANNED else worst}"
    )
    return f"Most time is lost {where}: {tick(grown[worst])} {plural(round(grown[worst]), 'month')} in the median."


def limits_in_words(found: RolloutsCompared, arm: str) -> str:
    """Whether specialists or money held a plan up."""
    row = found.summary.set_index("plan").loc[arm]
    said = (
        f"Of {significant(float(row['hours_available']))} specialists' hours {significant(float(row['hours_used']))} are used "
        f"({level(float(row['used_share']), 'share')}), all of them in {tick(round(float(row['months_at_limit']), 1))} months"
    )
    waiting = float(row["space_months_waiting"])
    if waiting > 0:
        return f"{said}; spaces that are due wait {significant(waiting)} space-months for money or specialists."
    return f"{said}; no space waits for money or specialists."


def who_waits(found: RolloutsCompared, arm: str) -> dict[str, Any]:
    """The spaces that wait longest under a plan, and what is known of what that costs them."""
    mine = found.waits[found.waits["arm"] == arm]
    order = mine.sort_values(["months_waited", "space"], ascending=[False, True], kind="stable")
    worse = mine[[surely_worse(str(words)) for words in mine["verdict"].fillna("")]]
    zero = mine[(mine["low"] <= 0) & (mine["high"] >= 0) & (mine["low"] < mine["high"])]
    served = mine[(mine["best"] == arm) & mine["verdict"].fillna("").str.startswith("exactly")]
    return {
        "longest": order.head(LONGEST).to_dict("records"),
        "spaces": len(mine),
        "worse": len(worse),
        "zero": len(zero),
        "served": len(served),
        "worst_off": worse.sort_values(
            "difference", ascending=found.benefit.better == "higher", kind="stable"
        ).head(LONGEST).to_dict("records"),
    }  # fmt: skip


def _effects(found: RolloutsCompared, metric: Metric) -> dict[str, dict[str, Any]]:
    mine = found.effects[found.effects["metric"] == metric.name]
    return {str(row["arm"]): {str(key): value for key, value in row.items()} for row in mine.to_dict("records")}
