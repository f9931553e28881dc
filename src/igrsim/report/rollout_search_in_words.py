"""What a search for schedules found, in sentences that the tables bear out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from igrsim.results.frontier import BEATS, NO_WORSE, OPEN, TRADES, WORSE
from igrsim.runs.rollout_search.search import HELD_OUT, TRAINING, Search
from igrsim.runs.rollout_search.tables import Found, Objective, shown
from igrsim.views.numbers import THIN, change, difference_unit, significant
from igrsim.views.phrases import capital, listed, plural

VERDICTS = {
    BEATS: "is better: surely and materially better on something, on nothing materially worse",
    NO_WORSE: "is as good: on nothing surely and materially better, on nothing materially worse",
    TRADES: "trades: surely better on something, surely worse on something else",
    WORSE: "is worse: surely worse on something, surely better on nothing",
    OPEN: "cannot be told from it on all three",
}
FIRST = 10
"""Spaces at the head of the greedy order whose part of the whole is told."""
FLATTERED = 0.5
"""Part of the improvement seen in training below which what is held out says that the search had flattered itself."""


def rows_of(tables: Found, one: str, other: str) -> dict[str, dict[str, Any]]:
    """The differences of a pair of schedules, by objective."""
    mine = tables.held_out[(tables.held_out["schedule"] == one) & (tables.held_out["against"] == other)]
    return {str(row["objective"]): row for row in mine.to_dict("records")}


def much(row: dict[str, Any], objective: Objective) -> str:
    """A held-out difference with its unit, its interval and its share of the other's level."""
    value, unit = float(row["held_out"]), objective.unit
    said = f"{change(value, unit)} {difference_unit(unit)}"
    level = abs(float(row["level_of_other"]))
    if objective.name == "wait":
        return said
    return f"{said} ({change(100 * value / level, '%', 2)}{THIN}%)" if level > 0 and unit != "share" else said


WORDS = {
    "benefit": "benefit",
    "wait": "wait of a poor person for a running hub",
    "benefit_poorest_fifth": "benefit in the poorest fifth of spaces",
    "cost": "cost of coordination",
}


def against(found: Search, tables: Found) -> list[str]:
    """One sentence a named schedule: what was found beside it, in futures the search was not tuned on."""
    return [_against_one(found, tables, name) for name in found.named]


def _against_one(found: Search, tables: Found, name: str) -> str:
    rival = found.rivals.get(name)
    if rival is None:
        return _unbeaten(found, tables, name)
    rows = rows_of(tables, rival, name)
    parts = [f"{WORDS[one.name]} {much(rows[one.name], one)}" for one in shown(found)]
    first = rows["benefit"]
    return (
        f"{capital(rival)} beside {name}: {listed(parts)}. In {first['in_how_many_no_worse_on_all']} of {first['futures']} "
        f"futures held out it is no worse on any of the three. It {VERDICTS[str(first['verdict'])]}. Its starts: {_dates(tables, rival)}; "
        f"those of {name}: {_dates(tables, name)}.{_head_start(found, rival, name)}{_who_waits(tables, rival, name)}"
    )


def _head_start(found: Search, rival: str, name: str) -> str:
    """That a part of a lead is an earlier beginning, where it is."""
    mine, theirs = (min(found.lived.plans[one].start) for one in (rival, name))
    if mine >= theirs:
        return ""
    months = theirs - mine
    return f" A part of that is a head start of {months} {plural(months, 'month')}, which --after {theirs} would take away."


def _who_waits(tables: Found, rival: str, name: str) -> str:
    """Who pays for a mean that is shorter."""
    table = tables.waiting
    row = table[(table["schedule"] == rival) & (table["against"] == name)].iloc[0]
    if not row["spaces_longer"]:
        return " Nobody waits longer."
    return (
        f" The mean hides who waits: in {row['spaces_longer']} spaces with {_share(float(row['share_of_poor_people']))} of the people below "
        f"the poverty line they wait longer than under {name}, by {significant(float(row['months_longer_on_average']), 2)} months on "
        f"average and {significant(float(row['most_months_longer']), 2)} at most ({row['where']})."
    )


def _dates(tables: Found, name: str) -> str:
    row = tables.frontier.set_index("schedule").loc[name]
    return f"{row['first_start']} to {row['last_start']}" if row["dates"] > 1 else f"all in {row['first_start']}"


def _unbeaten(found: Search, tables: Found, name: str) -> str:
    lived = found.lived
    said = f"Nothing was found that is at least as good as {name} on all three."
    running = np.stack([one.running for one in lived.seen[name, TRAINING]])
    mine = lived.mean(name, TRAINING)
    ours = [n for n in found.chosen if lived.mean(n, TRAINING)[2] < mine[2]]
    if not running.any():
        said += " It starts everywhere in the first month, so that every other schedule starts some space later"
        left = tables.late.set_index("month")["benefit_left"]
        if 12 in left.index and math.isfinite(left[12]):
            said += f", and a start a year later leaves {_share(float(left[12]))} of the benefit within the months simulated"
        said += "; only its cost can be undercut."
    if ours:
        near = max(ours, key=lambda n: -lived.mean(n, TRAINING)[0])
        rows = rows_of(tables, near, name)
        parts = [f"{WORDS[one.name]} {much(rows[one.name], one)}" for one in shown(found)]
        said += f" The cheaper schedule that gives up least of the benefit is {near}: {listed(parts)}."
    return said


def why(found: Search, tables: Found) -> list[str]:
    """Why orders differ as much, or as little, as they do."""
    said = [_concentration(tables), *_order_alone(found, tables), _additive(tables), _late(tables)]
    return [words for words in (*said, _means(tables)) if words]


def _concentration(tables: Found) -> str:
    order = tables.order
    first = order.head(min(FIRST, max(len(order) // 5, 1)))
    parts = {
        name: first[name].sum() / order[name].sum()
        for name in ("benefit", "cost", "poor_people")
        if order[name].sum() > 0
    }
    if len(parts) < 3 or len(order) < 10:
        return ""
    return (
        f"The {len(first)} spaces whose hubs bring most a rand of cost ({listed([str(n) for n in first['name']])}) have "
        f"{_share(parts['benefit'])} of the benefit of all hubs, {_share(parts['cost'])} of their cost and {_share(parts['poor_people'])} "
        "of the people below the poverty line: a hub costs about the same everywhere, and what it can save from being funded twice "
        "grows with the money that is spent in its space."
    )


def _order_alone(found: Search, tables: Found) -> list[str]:
    said = []
    alone = tables.held_out[tables.held_out["contrast"] == "order alone"] if len(tables.held_out) else tables.held_out
    for one, other in dict.fromkeys(zip(alone["schedule"], alone["against"], strict=True)) if len(alone) else ():
        rows = rows_of(tables, str(one), str(other))
        parts = [f"{WORDS[o.name]} {much(rows[o.name], o)}" for o in shown(found)]
        said.append(
            f"Order alone, on the very dates of {other}, by benefit a rand of cost: {listed(parts)}. Verdict: {rows['benefit']['verdict']}."
        )
    return said


def _additive(tables: Found) -> str:
    forecast = tables.forecast
    missed = forecast[forecast["objective"] == "benefit"]["missed_by"].abs().dropna()
    if missed.empty:
        return ""
    return (
        f"What a schedule brings is nearly the sum of what each space brings on its own at its date: forecast so before they were "
        f"run, {len(missed)} {plural(len(missed), 'schedule')} missed the benefit found by {_share(float(missed.median()))} (median; at most "
        f"{_share(float(missed.max()))}). Spaces hardly help or hinder one another, so the search chooses dates space by space."
        if float(missed.median()) <= 0.1
        else f"What a schedule brings is not the sum of what each space brings on its own: forecasts by the sum missed the benefit "
        f"found by {_share(float(missed.median()))} (median of {len(missed)}), because spaces compete for specialists, money and hearings, or learn from one another."
    )


def _late(tables: Found) -> str:
    late = tables.late.set_index("month")
    if 12 not in late.index or not math.isfinite(float(late["benefit_left"][12])):
        return ""
    return (
        f"A hub that starts a year late still brings {_share(float(late['benefit_left'][12]))} of the benefit within the months "
        f"simulated and {_share(float(late['cost_left'][12]))} of the cost."
    )


def _means(tables: Found) -> str:
    waited = tables.frontier[["schedule", "months_waited_for_means"]]
    slipped = waited[waited["months_waited_for_means"] > 0]
    if slipped.empty:
        return ""
    most = slipped.loc[slipped["months_waited_for_means"].idxmax()]
    return (
        f"Money and specialists make {len(slipped)} of {len(waited)} schedules slip; most, {most['schedule']}, by "
        f"{significant(float(most['months_waited_for_means']), 2)} months a space on average. Objectives count from the month in which a hub runs."
    )


def robust(found: Search, tables: Found) -> list[str]:
    """How far the frontier holds in futures that the search has not seen."""
    said = []
    tried = tables.frontier.dropna(subset=["unbeaten_held_out"])
    ours = tried[(tried["kind"] == "found") & tried["unbeaten_training"]]
    if len(ours):
        still = int(ours["unbeaten_held_out"].astype(bool).sum())
        said.append(
            f"Of {len(ours)} found {plural(len(ours), 'schedule')} on the frontier in training, {still} {'is' if still == 1 else 'are'} beaten by none in "
            f"{found.design.held_out} futures and worlds held out."
        )
    table = tables.held_out
    first = table[(table["contrast"] == "search") & (table["low"] < table["high"])] if len(table) else table
    if len(first):
        sign = np.where(first["better"] == "higher", 1.0, -1.0)
        tuned, held = sign * first["training"].to_numpy(float), sign * first["held_out"].to_numpy(float)
        less = int((held < tuned).sum())
        kept = float(np.median(held[tuned > 0] / tuned[tuned > 0])) if (tuned > 0).any() else float("nan")
        said.append(
            f"Schedules are picked because they do well in training, so some of their lead there is luck: of {len(first)} leads over "
            f"named schedules (what dates alone decide left out) {less} {'is' if less == 1 else 'are'} smaller in futures held out; the median lead keeps "
            f"{_share(kept)} of its size{', so do not rely on the training figures' if kept < FLATTERED else ''}."
        )
    volume = tables.hypervolume
    last = volume[(volume["sample"] == HELD_OUT) & (volume["schedules"] == "named, greedy and found")].iloc[0]
    base = volume[(volume["sample"] == HELD_OUT) & (volume["schedules"] == "named")].iloc[0]
    greedy = volume[(volume["sample"] == HELD_OUT) & (volume["schedules"] == "named and greedy")].iloc[0]
    said.append(
        f"Of the box between the best and the worst of all, the named schedules reach {_share(float(base['share_of_box']))} in futures held out, with "
        f"greedy orders {_share(float(greedy['share_of_box']))}, with those found {_share(float(last['share_of_box']))} (hypervolume; the increase over "
        f"the named lies between {_share(float(last['low']))} and {_share(float(last['high']))} when futures are drawn again)."
    )
    order = tables.order
    if len(order) >= 10:
        width = (order["greedy_place_high"] - order["greedy_place_low"]).median()
        said.append(
            f"A space's place in the greedy order moves by {width:.0f} {plural(int(width), 'place')} of {len(order)} (median; 90{THIN}% of draws of "
            "the training futures)."
        )
    return said


def short(found: Search, tables: Found) -> str:
    """The answer in a sentence."""
    verdicts = {name: str(rows_of(tables, rival, name)["benefit"]["verdict"]) for name, rival in found.rivals.items()}
    better = [name for name in found.named if verdicts.get(name) == BEATS]
    others = [name for name in found.named if name not in better]
    if not better:
        return f"No schedule was found that is surely better than {listed(others)} in futures it was not tuned on."
    said = f"Better schedules than {listed(better)} were found, and are so in futures they were not tuned on"
    paid = tables.waiting[tables.waiting["schedule"].isin([found.rivals[name] for name in better])]
    who = " Some of the poor wait longer under them, as told below." if paid["spaces_longer"].any() else ""
    return f"{said}. Against {listed(others)} none was found that surely is.{who}" if others else f"{said}.{who}"


def _share(value: float) -> str:
    if not math.isfinite(value):
        return "an undefined part"
    return f"{100 * value:.0f}{THIN}%" if abs(value) >= 0.1 else f"{100 * value:.1f}{THIN}%"
