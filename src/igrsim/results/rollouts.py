"""What became of roll-outs: when spaces reached each milestone, how late, at what use of specialists and money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from igrsim.results.effects import Analysis, Effect, adjusted, beyond, effect, judged, reach
from igrsim.results.spread import parts_of

F64 = NDArray[np.float64]

MILESTONES = ("taken in", "consultation", "profile", "launch", "skills gap", "hub staffed", "One Plan")
"""In their order; the hub's posts fill beside the steps to a plan."""
TAKEN_IN, STAFFED, PLANNED = "taken in", "hub staffed", "One Plan"
PAIR = ["world", "future"]
CELL = ["cell", "arm", "future", "world"]


def ordinal(months: pd.Series[str]) -> pd.Series[float]:
    """Months since year 0 of labels ``YYYY-MM``; undefined where there is none."""
    text = months.astype("string")
    return (text.str[:4].astype("Float64") * 12 + text.str[5:7].astype("Float64") - 1).astype("float64")


def label(month: float) -> str:
    """A month since year 0 as ``YYYY-MM``; nothing where it is undefined."""
    return f"{int(month) // 12:04d}-{int(month) % 12 + 1:02d}" if np.isfinite(month) else ""


def financial_year(month: str) -> str:
    """The national financial year of a month, April to March, as ``2019/20``."""
    year = int(month[:4]) - (int(month[5:7]) < 4)
    return f"{year}/{(year + 1) % 100:02d}"


def dated(milestones: pd.DataFrame, last: str) -> pd.DataFrame:
    """Milestones with their months as numbers, and how late each is, or is at least at the study's end.

    Parameters
    ----------
    milestones : DataFrame
        A row a cell, space and milestone: planned and reached as ``YYYY-MM``.
    last : str
        Last month of the study.

    Returns
    -------
    DataFrame
        With ``due`` (planned within the study: what is planned later is left out even where it came early, since what did not
        come is not known to be late), ``late`` in months and ``open`` (not reached: later still).
    """
    table = milestones.assign(planned=ordinal(milestones["planned"]), reached=ordinal(milestones["reached"]))
    end = _number(last)
    there = table["reached"].notna()
    due = table["planned"].notna() & (table["planned"] <= end)
    late = table["reached"].fillna(end + 1) - table["planned"]
    return table.assign(due=due, late=late.where(due), open=due & ~there)


def _number(month: str) -> float:
    return int(month[:4]) * 12 + int(month[5:7]) - 1.0


def quantile(values: F64, share: float) -> float:
    """An observed value below which a share lies; undefined where it falls among those that never came (infinite)."""
    if not len(values):
        return float("nan")
    found = float(np.sort(values)[max(int(np.ceil(share * len(values))) - 1, 0)])
    return found if np.isfinite(found) else float("nan")


def months_reached(table: pd.DataFrame) -> pd.DataFrame:
    """When each space reached each milestone under each plan, over runs.

    Parameters
    ----------
    table : DataFrame
        As `dated` gives it.

    Returns
    -------
    DataFrame
        A row a plan, space and milestone: planned month, share of runs that reached it, and the 10th, 50th and 90th
        percentile of the month (numbers; undefined where that share of runs had not reached it by the end).
    """
    rows = []
    for (arm, space, milestone), mine in table.groupby(["arm", "space", "milestone"], sort=False):
        when = mine["reached"].fillna(np.inf).to_numpy(float)
        rows.append(
            {
                "arm": arm,
                "space": space,
                "milestone": milestone,
                "planned": float(mine["planned"].median()),
                "reached_share": float(np.isfinite(when).mean()),
                **{name: quantile(when, share) for name, share in (("p10", 0.1), ("median", 0.5), ("p90", 0.9))},
            }
        )
    columns = ["arm", "space", "milestone", "planned", "reached_share", "p10", "median", "p90"]
    return pd.DataFrame(rows, columns=columns)


def slippage(table: pd.DataFrame) -> pd.DataFrame:
    """How late each milestone is under each plan, over spaces and runs in which it was due.

    What was not reached counts as late by the months up to the study's end; a figure that rests on such is a least one.

    Returns
    -------
    DataFrame
        A row a plan and milestone: whether a month was planned, number due, share not reached, share late by a month or more, median and 90th percentile
        of months late, that of the worst space (its median over runs), which it is, and whether each is a least figure.
    """
    rows = []
    for arm in table["arm"].unique():
        for milestone in MILESTONES:
            mine = table[(table["arm"] == arm) & (table["milestone"] == milestone)]
            row = {"arm": arm, "milestone": milestone, "dated": bool(mine["planned"].notna().any())}
            mine = mine[mine["due"]]
            row["due"] = len(mine)
            if len(mine):
                late, unreached = mine["late"].to_numpy(float), mine["open"].to_numpy(bool)
                row |= {"not_reached_share": float(unreached.mean()), "late_share": float((late >= 1).mean())}
                for name, share in (("median", 0.5), ("p90", 0.9)):
                    row[f"{name}_late"], row[f"{name}_at_least"] = _late(late, unreached, share)
                worst = ("", -np.inf, False)
                for space, one in mine.groupby("space", sort=True):
                    found, least = _late(one["late"].to_numpy(float), one["open"].to_numpy(bool), 0.5)
                    if found > worst[1]:
                        worst = (str(space), found, least)
                # where no space is late there is no worst one
                row |= {
                    "worst_space": worst[0] if worst[1] > 0 else "",
                    "worst_late": worst[1],
                    "worst_at_least": worst[2],
                }
            rows.append(row)
    columns = ["arm", "milestone", "dated", "due", "not_reached_share", "late_share", "median_late", "median_at_least", "p90_late",
               "p90_at_least", "worst_space", "worst_late", "worst_at_least"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _late(late: F64, unreached: NDArray[np.bool_], share: float) -> tuple[float, bool]:
    """A percentile of months late, and whether it is a least figure: some not reached count below or at it."""
    found = quantile(late, share)
    return found, bool((unreached & (late <= found)).any())


def spaces_by_end(table: pd.DataFrame) -> pd.DataFrame:
    """How many spaces reach each milestone within the study, on average over runs, by plan."""
    counts = (
        table.assign(there=table["reached"].notna()).groupby(["arm", "cell", "milestone"], sort=False)["there"].sum()
    )
    means = counts.groupby(level=["arm", "milestone"], sort=False).mean().unstack("milestone")
    return means.reindex(index=table["arm"].unique(), columns=list(MILESTONES)).reset_index()


def first_and_last(table: pd.DataFrame) -> pd.DataFrame:
    """When the first and the last space are taken in, as planned and (median over runs) as it went; by plan."""
    rows = []
    start = table[table["milestone"] == TAKEN_IN]
    for arm, mine in start.groupby("arm", sort=False):
        # who is to get nothing is not the last
        wanted = mine[mine["planned"].notna()]
        by_cell = wanted.assign(reached=wanted["reached"].fillna(np.inf)).groupby("cell", sort=False)["reached"]
        rows.append(
            {
                "arm": arm,
                "first_planned": float(mine["planned"].min()),
                "last_planned": float(mine["planned"].max()),
                "first": quantile(by_cell.min().to_numpy(float), 0.5),
                "last": quantile(by_cell.max().to_numpy(float), 0.5),
            }
        )
    return pd.DataFrame(rows, columns=["arm", "first_planned", "last_planned", "first", "last"])


def waited(table: pd.DataFrame, last: str) -> pd.DataFrame:
    """Months that each space waits after the first one of its plan is taken in.

    Parameters
    ----------
    table : DataFrame
        As `dated` gives it.
    last : str
        Last month of the study.

    Returns
    -------
    DataFrame
        A row a plan and space: median over runs, whether that is a least figure (not taken in by the end), and the share of
        runs in which it is taken in.
    """
    start = table[(table["milestone"] == TAKEN_IN)].copy()
    # who is not taken in by the end waits at least that long
    start["until"] = start["reached"].fillna(_number(last) + 1)
    start["wait"] = start["until"] - start.groupby("cell")["until"].transform("min")
    rows = []
    for (arm, space), mine in start.groupby(["arm", "space"], sort=False):
        unreached = mine["reached"].isna().to_numpy(bool)
        found, least = _late(mine["wait"].to_numpy(float), unreached, 0.5)
        rows.append(
            {
                "arm": arm,
                "space": space,
                "months_waited": found,
                "at_least": least,
                "taken_in_share": float((~unreached).mean()),
            }
        )
    return pd.DataFrame(rows, columns=["arm", "space", "months_waited", "at_least", "taken_in_share"])


def months_of_work(rollout: pd.DataFrame) -> pd.DataFrame:
    """Specialists' hours, posts and spaces month by month under each plan: mean over runs, and the middle 80 % of hours used."""
    each = rollout.groupby(["arm", "month"], sort=False)
    names = ["hours_available", "hours_used", "specialists", "spaces_due", "spaces_running", "spaces_waiting", "posts_wanted",
             "posts_filled", "plans_adopted"]  # fmt: skip
    table = each[names].mean()
    table["hours_used_p10"] = each["hours_used"].quantile(0.1)
    table["hours_used_p90"] = each["hours_used"].quantile(0.9)
    return table.reset_index()


def money_by_year(rollout: pd.DataFrame) -> pd.DataFrame:
    """Rand million for hub posts by financial year and plan: mean over runs, the middle 80 %, and the limit where there is one."""
    years = rollout.assign(financial_year=[financial_year(str(month)) for month in rollout["month"]])
    sums = years.groupby(["arm", "financial_year", "cell"], sort=False).agg(
        rand_million=("rand_million", "sum"),
        # a year without a limit in any of its months has none
        limit=("rand_million_limit", lambda given: given.sum(min_count=len(given))),
        months=("month", "nunique"),
    )
    each = sums.groupby(level=["arm", "financial_year"], sort=False)
    table = each[["rand_million", "limit", "months"]].mean()
    table["p10"], table["p90"] = each["rand_million"].quantile(0.1), each["rand_million"].quantile(0.9)
    return table.reset_index()


def use_of_hours(rollout: pd.DataFrame) -> pd.DataFrame:
    """Over the whole study, by plan and on average over runs: hours available and used, rand, space-months of waiting."""
    each = rollout.groupby(["arm", "cell"], sort=False)[
        ["hours_available", "hours_used", "rand_million", "spaces_waiting"]
    ].sum()
    table = each.groupby(level="arm", sort=False).mean()
    table.insert(2, "used_share", table["hours_used"] / table["hours_available"].where(table["hours_available"] > 0))
    full = (rollout["hours_available"] > 0) & (rollout["hours_used"] >= 0.99 * rollout["hours_available"])
    table["months_at_limit"] = (
        full.groupby([rollout["arm"], rollout["cell"]], sort=False).sum().groupby(level="arm", sort=False).mean()
    )
    return table.rename(columns={"spaces_waiting": "space_months_waiting"}).reset_index()


def served_best(
    spaces: pd.DataFrame, metric: str, better: str, plans: Sequence[str], analysis: Analysis | None = None
) -> pd.DataFrame:
    """What each space loses under each plan against the plan that serves it best.

    The best plan is chosen anew for every pair (one world, one future) on all pairs with another world and another future,
    and the difference is taken on the pair left out: otherwise the luckiest plan would pass for the best.

    Parameters
    ----------
    spaces : DataFrame
        A row a cell and space; one column a metric.
    better : {"lower", "higher"}
    plans : sequence of str
        Among which the best is sought.
    analysis : Analysis, optional

    Returns
    -------
    DataFrame
        A row a plan and space: level, the plan with the best mean, in what share of pairs that one was chosen, mean difference
        from the plan chosen, its 95 % interval (of the mean), pairs, and a verdict that counts all spaces and plans.
    """
    sign = 1.0 if better == "lower" else -1.0
    wide = spaces[spaces["arm"].isin(list(plans))].pivot(index=["space", *PAIR], columns="arm", values=metric)
    wide = wide.reindex(columns=list(plans)).dropna()
    rows, found = [], []
    for space, mine in wide.groupby(level="space", sort=False):
        worlds, futures = (mine.index.get_level_values(name).to_numpy(np.int64) for name in PAIR)
        values = mine.to_numpy(float)
        best = int((sign * values.mean(axis=0)).argmin())
        # held out: neither the same luck nor the same future may choose
        apart = (worlds[:, None] != worlds) & (futures[:, None] != futures)
        if not apart.any(axis=1).all():
            apart = ~np.eye(len(values), dtype=bool)
        chosen = np.array([(sign * values[others].mean(axis=0)).argmin() if others.any() else best for others in apart])
        # of a single pair nothing is left out to choose on: a plan would be judged on the luck that made it the best
        several = len(values) > 1
        level = values[np.arange(len(values)), chosen] if several else np.full(1, np.nan)
        for column, arm in enumerate(plans):
            one = _held_out(values[:, column], level, better, futures, worlds, bool((chosen == best).all()))
            found.append(one)
            rows.append(
                {
                    "arm": arm,
                    "space": space,
                    "level": one.mean,
                    "best": plans[best],
                    "best_chosen_share": float((chosen == best).mean()) if several else np.nan,
                    "difference": one.difference,
                    "low": one.mean_low,
                    "high": one.mean_high,
                    "pairs": one.pairs,
                }
            )
    columns = ["arm", "space", "level", "best", "best_chosen_share", "difference", "low", "high", "pairs", "verdict"]
    if not rows:
        return pd.DataFrame(columns=columns)
    none_primary = np.zeros(len(found), dtype=bool)
    p, equal = (
        adjusted(np.array([getattr(one, name) for one in found]), none_primary, analysis or Analysis())
        for name in ("p", "p_equal")
    )
    words = [judged(one, better, float(a), float(b)) for one, a, b in zip(found, p, equal, strict=True)]
    table = pd.DataFrame(rows).assign(verdict=words)
    table.loc[table["best_chosen_share"].isna(), "verdict"] = "one pair only: no run is left to choose on"
    return table[columns]


def _held_out(
    mine: F64, chosen: F64, better: str, futures: NDArray[np.int64], worlds: NDArray[np.int64], always: bool
) -> Effect:
    """An effect against a plan that was chosen on other pairs.

    Where the choice changes from pair to pair, what is left out of one choice is in the others: pairs are not independent,
    and the variance of their mean is taken 1 + n / (n - 1) times as large (Nadeau's and Bengio's correction).
    """
    one = effect(mine, chosen, better, futures=futures, worlds=worlds)
    if always or one.pairs < 3 or not np.isfinite(one.p) or one.verdict.startswith("exactly"):
        return one
    more = 1 + one.pairs / (one.pairs - 1)
    parts = [(variance * more, freedom) for variance, freedom in parts_of(mine - chosen, futures, worlds)]
    half, size = reach(parts), abs(one.difference)
    return replace(
        one,
        mean_low=one.difference - half,
        mean_high=one.difference + half,
        p=2 * beyond(size, parts),
        p_equal=beyond(one.margin - size, parts),
    )


def lost_by_slipping(
    monthly: pd.DataFrame, table: pd.DataFrame, metric: str, better: str, reference: str, months: int
) -> pd.DataFrame:
    """What being late with One Plans costs under each plan, reckoned from the plan's own months.

    In the months between the planned and the reached adoption a space does as well as it does there; after it, better or worse.
    What is lost is that difference, times the months late, spread over all spaces and months of the study. It is arithmetic on
    differences from the reference in the same space, month, world and future, not a run without slipping.

    Returns
    -------
    DataFrame
        A row a plan: months late a space, gain (in the better direction, in the metric's unit) in late months and with a plan,
        what is lost on average over the study, its 95 % interval (of the mean), pairs in which it is
        known, and all there are.
    """
    sign = -1.0 if better == "lower" else 1.0
    columns = ["arm", "months_late", "gain_while_late", "gain_with_plan", "lost", "low", "high", "pairs", "runs"]
    keys = ["space", "month", *PAIR]
    theirs = monthly[monthly["arm"] == reference].set_index(keys)[metric]
    plan = table[table["milestone"] == PLANNED]
    rows = []
    for arm in plan["arm"].unique():
        mine = monthly[monthly["arm"] == arm].set_index(keys)[[metric]]
        gain = (sign * (mine[metric] - theirs.reindex(mine.index))).rename("gain").reset_index()
        dates = plan[plan["arm"] == arm][["space", *PAIR, "planned", "reached", "late", "due"]]
        both = gain.merge(dates, on=["space", *PAIR], how="left")
        when = ordinal(both["month"])
        with_plan = both[when >= both["reached"]].groupby(PAIR)["gain"].mean()
        while_late = both[(when >= both["planned"]) & ~(when >= both["reached"])].groupby(PAIR)["gain"].mean()
        late = dates["late"].clip(lower=0).where(dates["due"], 0.0).groupby([dates[name] for name in PAIR]).sum()
        spaces = dates["space"].nunique()
        lost = (late * (with_plan - while_late) / (spaces * months)).reindex(late.index)
        # no month late: nothing lost, whatever a plan is worth
        lost = lost.where(late > 0, 0.0)
        worlds, futures = (lost.index.get_level_values(name).to_numpy(np.int64) for name in PAIR)
        one = effect(lost.to_numpy(float), np.zeros(len(lost)), better, futures=futures, worlds=worlds)
        rows.append(
            {
                "arm": arm,
                "months_late": float(late.mean()) / spaces,
                "gain_while_late": float(while_late.mean()),
                "gain_with_plan": float(with_plan.mean()),
                "lost": one.difference,
                "low": one.mean_low,
                "high": one.mean_high,
                "pairs": one.pairs,
                "runs": len(lost),
            }
        )
    return pd.DataFrame(rows, columns=columns)


def poorest_third(poor: Mapping[str, float], spaces: Sequence[str]) -> list[str]:
    """The third of the spaces in which the largest share of people is poor; at least one."""
    return sorted(spaces, key=lambda code: (-poor[code], code))[: max(len(spaces) // 3, 1)]


def equity(
    spaces: pd.DataFrame, metric: str, better: str, plans: Sequence[str], reference: str, poorest: Sequence[str]
) -> pd.DataFrame:
    """How much more the poorest spaces gain than the others do: mean over each group's spaces, paired, by plan."""
    sign = -1.0 if better == "lower" else 1.0
    wide = spaces.pivot(index=["space", *PAIR], columns="arm", values=metric)
    rows = []
    for arm in plans:
        gain = sign * (wide[arm] - wide[reference])
        is_poor = gain.index.get_level_values("space").isin(list(poorest))
        groups = [gain[which].groupby(level=PAIR).mean() for which in (is_poor, ~is_poor)]
        both = pd.concat(groups, axis=1, keys=["poor", "others"]).dropna()
        worlds, futures = (both.index.get_level_values(name).to_numpy(np.int64) for name in PAIR)
        one = effect(both["poor"].to_numpy(), both["others"].to_numpy(), "higher", futures=futures, worlds=worlds)
        numbers = {"poorest": one.mean, "difference": one.difference, "low": one.mean_low, "high": one.mean_high}
        rows.append({"arm": arm, **numbers, "pairs": one.pairs})
    return pd.DataFrame(rows, columns=["arm", "poorest", "difference", "low", "high", "pairs"])


def by_future(runs: pd.DataFrame, metric: str, arms: Sequence[str]) -> dict[str, F64]:
    """A metric by arm and future, mean over the worlds in which every arm has it: a failed run must not give one arm other luck."""
    wide = runs.pivot(index=PAIR, columns="arm", values=metric)
    wide = wide[[arm for arm in arms if arm in wide]].dropna().groupby(level="future").mean()
    return {str(arm): wide[arm].to_numpy(float) for arm in wide}
