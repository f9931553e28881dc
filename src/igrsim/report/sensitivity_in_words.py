"""Which numbers a result depends on, in sentences that claim no more than their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from igrsim.results.results import Results
from igrsim.views.metric import Metric, metric_of
from igrsim.views.numbers import THIN
from igrsim.views.phrases import listed, plural

NAMED = 5
"""Numbers named in a sentence at most."""
NARROW = 0.02
"""An interval of shares narrower than this is told as one figure."""


UNTOLD = 0.6
"""An interval of shares wider than this tells nothing."""


@dataclass(frozen=True)
class Sensed:
    """What one result depends on.

    Attributes
    ----------
    of : {"difference", "level"}
    sentences : tuple of str
    drawn : bool
        Whether there are indices to draw.
    """

    metric: Metric
    arm: str
    of: str
    method: str
    sentences: tuple[str, ...]
    drawn: bool


def sensitivity_in_words(results: Results) -> list[Sensed]:
    """Every result that was analysed, metric by metric: differences, then the reference's level; none without analysis."""
    found = results.sensitivity()
    if found is None:
        return []
    table, shares = found
    keys = ["metric", "arm", "of", "method"]
    told = []
    varied = {str(p["name"]) for p in results.manifest["params"]} & set(results.design.columns)
    uncertain = sum(not p["choice"] and p["low"] < p["high"] for p in results.manifest["params"])
    for key, rows in shares.groupby(keys, sort=False):
        metric, arm, of, method = (str(part) for part in key)
        mine = table[(table[keys] == list(key)).all(axis=1)]
        known = metric_of(results, metric)
        lead = (
            f"{known.title}, {arm} against {results.reference}" if of == "difference" else f"{known.title} under {arm}"
        )
        by = {str(row["share_of"]): row for row in rows.to_dict("records")}
        said = _sentences(lead, of, method, by, mine, len(varied), uncertain)
        told.append(Sensed(known, arm, of, method, tuple(said), bool(mine["index"].any())))
    return told


def _sentences(
    lead: str, of: str, method: str, by: dict[str, dict[str, Any]], mine: pd.DataFrame, varied: int, uncertain: int
) -> list[str]:
    if "not analysed" in by:
        row = by["not analysed"]
        return [f"{lead}: not analysed, for lack of {row['note']}.", *_left_out(row)]
    head = by["analysed"]
    what = "this difference" if of == "difference" else "this level"
    if not mine["index"].any():
        return [f"{lead}: none of the {varied} numbers varied changes {what}.", *_left_out(head)]
    said = {"sobol": _of_variance, "morris": _of_screening, "pawn": _of_distributions}[method]
    return [*said(lead, what, by, mine, varied, uncertain), *_left_out(head)]


def _of_variance(
    lead: str, what: str, by: dict[str, dict[str, Any]], mine: pd.DataFrame, varied: int, uncertain: int
) -> list[str]:
    scope = f"the variance that {'its' if varied == uncertain else 'these'} {varied} uncertain numbers make in {what}"
    first, *more = [f"{_between(by[g])}{{}} from {words}" for g, words in _GRADES.items() if g in by]
    said = [f"{lead}: of {scope}, {listed([first.format(' comes'), *(part.format('') for part in more)])}."]
    if varied < uncertain:
        said.append(f"The other {uncertain - varied} stood at their defaults.")
    if "interactions" in by and by["interactions"]["low"] > NARROW:
        said.append(f"{_between(by['interactions'], capital=True)} of it comes from numbers working on each other.")
    if "measuring" in by:
        said.append(_measuring(by["measuring"]))
    chance = mine[~mine["beyond_chance"].astype(bool)]
    if len(chance):
        said.append(
            f"{len(chance)} of the {varied} numbers {'does' if len(chance) == 1 else 'do'} no more alone than the strongest of "
            f"{varied} that do nothing would by chance."
        )
    return [*said, *_luck(by)]


def _of_screening(
    lead: str, what: str, by: dict[str, dict[str, Any]], mine: pd.DataFrame, varied: int, uncertain: int
) -> list[str]:
    parts = [f"{_between(by[g])} are those of {words}" for g, words in _GRADES.items() if g in by]
    idle = int((mine["index"] == 0).sum())
    first = mine.sort_values("rank", kind="stable")
    named = [f"{row['parameter']} ({row['grade']})" for row in first.head(NAMED).to_dict("records") if row["index"] > 0]
    said = [
        f"{lead}, a screening share: of the squared effects of single steps on {what}, {listed(parts)}. "
        f"This is a share of what single steps do, not of the variance.",
        f"Most is done by {listed(named)}.",
    ]
    if idle:
        said.append(f"{idle} of {varied} numbers never change it.")
    return [*said, *_luck(by)]


def _of_distributions(
    lead: str, what: str, by: dict[str, dict[str, Any]], mine: pd.DataFrame, varied: int, uncertain: int
) -> list[str]:
    beyond = mine[mine["beyond_chance"].astype(bool)].sort_values("rank", kind="stable")
    names = [f"{row['parameter']} ({row['grade']})" for row in beyond.to_dict("records")]
    chance = f"the strongest of {varied} that do nothing would by chance"
    if not names:
        return [f"{lead} (PAWN): no number moves the distribution of {what} more than {chance}."]
    more = len(names) - NAMED
    shown = names[:NAMED] + ([f"{more} {plural(more, 'other')}"] if more > 0 else [])
    return [f"{lead} (PAWN): {listed(shown)} {'moves' if len(names) == 1 else 'move'} the distribution of {what} more than {chance}."]  # fmt: skip


_GRADES = {
    "assumed": "assumed values", "derived": "values derived from published ones", "measured": "published figures",
    "seed": "values of the policy documents",
}  # fmt: skip


def _measuring(row: dict[str, Any]) -> str:
    names = str(row["parameters"]).split(";")
    which = listed(names)
    taken = f"{_between(row)} of it"
    low, estimate, high = (float(row[key]) for key in ("low", "estimate", "high"))
    if high - low > UNTOLD:
        return f"How much measuring {which} exactly would take away cannot be told: {_between(row)} of it; more futures would tell."
    if low >= 0.5:
        return f"Measuring {which} exactly would at least halve it on average: it would take away {taken}."
    if estimate >= 0.5:
        return f"Measuring {which} exactly may halve it on average: it would take away {taken}."
    would = "would halve it" if high < 0.5 else "can be said to halve it"
    return f"No {_COUNT[len(names)]} numbers {would}: measuring {which} exactly would take away {taken} on average."


_COUNT = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}


def _luck(by: dict[str, dict[str, Any]]) -> list[str]:
    if "luck of worlds" not in by:
        return []
    share = float(by["luck of worlds"]["estimate"])
    return [f"Of what varies over runs, {share:.0%} is luck, or numbers and luck together.".replace("%", f"{THIN}%")]


def _left_out(row: dict[str, Any]) -> list[str]:
    if not row["left_out"]:
        return []
    total = int(row["used"]) + int(row["left_out"])
    return [
        f"{int(row['left_out'])} of {total} {row['counted_in']} left out: a run failed, or the metric is undefined in it."
    ]


def _between(row: dict[str, Any], capital: bool = False) -> str:
    """A share as the interval allows: between 50 and 70 %, or about 60 % where both ends are the same."""
    low, high = (round(100 * float(row[key])) for key in ("low", "high"))
    if not (math.isfinite(low) and math.isfinite(high)):
        return f"about {float(row['estimate']):.0%}"
    if low == high == 100:
        return "All" if capital else "all"
    said = (
        f"between {low} and {high}{THIN}%"
        if high - low > 100 * NARROW
        else f"about {round(100 * float(row['estimate']))}{THIN}%"
    )
    return said[:1].upper() + said[1:] if capital else said


def together(told: Sequence[Sensed]) -> dict[str, list[Sensed]]:
    """What is told, by metric."""
    found: dict[str, list[Sensed]] = {}
    for one in told:
        found.setdefault(one.metric.name, []).append(one)
    return found
