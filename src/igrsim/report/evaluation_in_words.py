"""What an evaluation could see of a roll-out, in sentences that claim no more than the tables."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from scipy.stats import spearmanr

from igrsim.places.geography import load_geography, two_towns
from igrsim.results.rollout_evaluation import NOTHING, UNDEFINED, Paths
from igrsim.results.seeable import CONFOUNDED, EVEN, MISSED, ODDS, PROBABLY, SEEN, SPILLS, UNMEASURABLE, unmeasurable
from igrsim.views.metric import Metric
from igrsim.views.numbers import THIN, change, difference_unit
from igrsim.views.phrases import listed, plural

COLLECTED = {
    "duplication": "budgets and plans of every sphere matched item by item, with places; nobody publishes that",
    "travel": "a survey at counters, of people who were served and people who gave up",
    "load": "time sheets or returns of municipalities, which are one more report to write",
    "planning": "One Plans read beside each owner's budget, once a year",
    "institutions": "a survey of officials, repeated with the same questions",
    "money": "put together from the others, with their errors",
}
"""What it would take to have a figure of each family, by space and period: a judgement, not a source."""

FEWEST, CHANCE = 6, 0.01
"""Spaces from which an order by need can be told, and the probability below which it is."""


def percent(share: float) -> str:
    """A share in whole per cent."""
    return f"{round(100 * share)}{THIN}%" if math.isfinite(share) else "not known"


def power_in_words(power: float, low: float, high: float) -> str:
    """A power and its interval."""
    return f"{percent(power)} ({round(100 * low)} to {round(100 * high)})" if math.isfinite(power) else "none"


def order_by_need(paths: Paths) -> float:
    """Rank correlation of the dates with the share of poor people, where it goes beyond chance; else nought.

    Below nought where poorer spaces start earlier.
    """
    poor = {}
    for geography in (load_geography(), two_towns()):
        poor |= dict(zip(geography.spaces.codes, geography.spaces.poor_share.tolist(), strict=True))
    never = len(paths.months)
    dates = [never if start is None else start for start in paths.starts]
    if len(set(dates)) < 2 or len(dates) < FEWEST or not set(paths.codes) <= set(poor):
        return 0.0
    found = spearmanr(dates, [poor[code] for code in paths.codes])
    return float(found.statistic) if found.pvalue < CHANCE else 0.0


def plan_in_words(
    arm: str, rows: pd.DataFrame, metrics: dict[str, Metric], by_need: float, every: int, slipped: float = 0.0
) -> list[str]:
    """What could be seen of one plan: the answer, and what stands against believing it.

    Parameters
    ----------
    by_need : float
        As `order_by_need` says.
    every : int
        Months a report covers.
    slipped : float
        Share of starts that came later than planned.
    """
    told = [f"{metrics[str(row['metric'])].title.lower()}" for row in rows.to_dict("records")]
    named = dict(zip(rows["metric"], told, strict=True))
    if arm in unmeasurable(rows):
        said = [
            f"No evaluation of this kind could ever see what {arm} does: its dates leave no {'monthly' if every == 1 else 'quarterly'} "
            f"report in which some spaces have a hub and at least two others have none yet."
        ]
        return [*said, *_put_off(slipped), *_better(arm, rows, named)]
    said = []
    for verdict, words in (
        (SEEN, "would probably see the effect on {}"),
        (ODDS, "has even odds at best of seeing the effect on {}"),
        (MISSED, "would probably miss the effect on {}"),
        (CONFOUNDED, "cannot tell the effect on {} from a trend that goes with the dates"),
        (UNMEASURABLE, "cannot see the effect on {}, for lack of anything to compare with"),
    ):
        mine = [named[m] for m in rows[rows["verdict"] == verdict]["metric"]]
        if mine:
            said.append(words.format(listed(mine)))
    answer = (
        [f"An evaluation of {arm} {listed(said)}."] if said else [f"Hubs under {arm} change none of these metrics."]
    )
    nothing = [named[m] for m in rows[rows["verdict"] == NOTHING]["metric"]]
    if nothing and said:
        answer.append(f"There is nothing to find in {listed(nothing)}: hubs change it in no run.")
    early = rows[rows["two_years"].notna()]
    if len(early):
        believed = early["verdict"] != CONFOUNDED
        found = [named[m] for m in early[believed & (early["power_two_years"] >= PROBABLY)]["metric"]]
        which = f"only {listed(found)}" if 0 < len(found) < len(early) else "each of them" if found else "none of them"
        answer.append(f"Within two years of the first start {which} would be found in four runs of five.")
    elif said:
        answer.append("Within two years of the first start there is nothing to compare with yet.")
    return [*answer, *_put_off(slipped), *_doubts(rows, named, by_need), *_better(arm, rows, named)]


def _put_off(slipped: float) -> list[str]:
    """That dates are those planned, where hubs did not come by them."""
    if slipped <= 0:
        return []
    share = f"{percent(slipped)} of" if slipped >= 0.005 else "Some"
    return [
        f"{share} starts come later than planned, or not at all, for want of money or specialists. Here spaces count as having "
        f"a hub from their planned month: what is estimated, and what is called the truth, is the effect of being due."
    ]


def _doubts(rows: pd.DataFrame, named: dict[Any, str], by_need: float) -> list[str]:
    said = []
    alarms = rows["false_alarms"].dropna()
    if by_need and len(alarms):
        said.append(
            f"The dates go by need: {'poorer' if by_need < 0 else 'less poor'} spaces start earlier (rank correlation {change(by_need, '', 2)}). "
            f"Where such spaces change by themselves, that passes for an effect, and no test can tell. On this model's paths without "
            f"hubs these dates raise an alarm in {percent(alarms.min())} to {percent(alarms.max())} of runs, metric by metric; 5{THIN}% is right."
        )
    trend = rows[rows["trend"].fillna(False).astype(bool)]
    if len(trend):
        parts = [f"{named[r['metric']]} ({percent(r['false_alarms'])})" for r in trend.to_dict("records")]
        said.append(
            f"The dates go with trends that are there without hubs: on the paths without hubs they raise a false alarm more often "
            f"than one time in twenty, on {listed(parts)}."
        )
    spills = rows[rows["spill_over"].abs() >= SPILLS]
    if len(spills):
        parts = [f"{named[r['metric']]} ({percent(r['spill_over'])} of the effect)" for r in spills.to_dict("records")]
        said.append(f"Spaces that still wait change too, so that the comparison is not clean: {listed(parts)}.")
    elif rows["spill_over"].notna().any():
        most = rows.loc[rows["spill_over"].abs().idxmax()]
        size = float(most["spill_over"])
        said.append(
            f"Spill-over is small: spaces that still wait change by {f'{100 * abs(size):.1f}'}{THIN}% of the effect at most "
            f"({named[most['metric']]})."
        )
    return said


def _better(arm: str, rows: pd.DataFrame, named: dict[Any, str]) -> list[str]:
    found = rows[rows["better_dates"].notna()]
    if not len(found):
        return []
    parts = []
    for dates, mine in found.groupby("better_dates", sort=False):
        gains = [
            f"{named[r['metric']]} ({'from ' + percent(r['power']) + ' ' if math.isfinite(r['power']) else ''}to {percent(r['better_power'])})"
            for r in mine.to_dict("records")
        ]
        parts.append(f"“{dates}” for {listed(gains)}")
    return [f"Of the other dates tried, these show most by the end: {'; '.join(parts)}."]


def trap_in_words(rows: pd.DataFrame, metrics: dict[str, Metric]) -> list[str]:
    """What a review that compares each space with its own past would say, and how wrong that is."""
    said = []
    for row in rows.to_dict("records"):
        metric, truth, told = metrics[str(row["metric"])], row["truth_so_far"], row["before_after"]
        if row["verdict"] == UNDEFINED or not (math.isfinite(told) and math.isfinite(truth)):
            continue
        alarms = float(row["before_after_false_alarms"])
        if alarms < 0.25:
            continue
        unit = difference_unit(metric.unit)
        way = " The sign is wrong." if told * truth < 0 else ""
        said.append(
            f"{metric.title}: before and after says {change(told, metric.unit)} {unit}, hubs do {change(truth, metric.unit) if truth else 'nothing'}.{way} "
            f"Without any hub it calls an effect in {percent(alarms)} of runs."
        )
    return said


def scale_in_words(runs: int, units: int) -> str:
    """What the verdicts mean."""
    return (
        f"Probably seen: power is {percent(PROBABLY)} or more at some look and at every later one. Even odds at best: it reaches {percent(EVEN)}. "
        f"Probably missed: it does not. Cannot be told from a trend: on the paths without hubs the same dates raise more false alarms than "
        f"chance allows (1 in 100), so that power means nothing. Power is a share of {runs} {plural(runs, 'run')}; its interval counts {units} independent {plural(units, 'one')}."
    )
