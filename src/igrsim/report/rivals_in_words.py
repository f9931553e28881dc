"""Where rival theories of how officials decide agree on what an arm does, in sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from igrsim.results.agreement import ALL, bearing
from igrsim.results.results import Results
from igrsim.views.metric import Metric, metric_of
from igrsim.views.numbers import change, difference_unit
from igrsim.views.phrases import capital, listed, plural


@dataclass(frozen=True)
class UnderARule:
    """A contrast under one theory."""

    planners: str
    mean: float
    difference: float
    low: float
    high: float
    verdict: str
    beyond_own: float
    beyond_own_low: float
    beyond_own_high: float

    @property
    def apart(self) -> bool:
        """Whether its difference is another than that under the study's own theory, by an interval of 95 % for this one alone."""
        return self.beyond_own_low > 0 or self.beyond_own_high < 0


@dataclass(frozen=True)
class Tried:
    """One contrast under every theory.

    Attributes
    ----------
    rows : tuple of UnderARule
        The study's own theory first.
    words : str
        Whether they agree, from the fixed scale.
    sentence : str
    """

    metric: Metric
    arm: str
    reference: str
    rows: tuple[UnderARule, ...]
    words: str
    sentence: str


def rivals_in_words(results: Results) -> list[Tried]:
    """Every contrast that was tried under rival theories; none where the study asks for no rivals."""
    table = results.rivals()
    if table is None:
        return []
    told = []
    for (arm, name), mine in table.groupby(["arm", "metric"], sort=False):
        metric = metric_of(results, str(name))
        found = mine[mine["planners"] != ALL].to_dict("records")
        rows = tuple(UnderARule(**{key: row[key] for key in UnderARule.__dataclass_fields__}) for row in found)
        words = str(mine["verdict"][mine["planners"] == ALL].iloc[0])
        sentence = (
            f"{metric.title}, {arm} against {results.reference}: {words}.{_reach(rows, metric.unit)}{_sizes(rows)}"
        )
        told.append(Tried(metric, str(arm), results.reference, rows, words, sentence))
    return told


def _reach(rows: tuple[UnderARule, ...], unit: str) -> str:
    """The least and the largest difference, and under which theory."""
    known = [row for row in rows if math.isfinite(row.difference)]
    if not known or not any(row.difference for row in known):
        return ""
    least, most = (pick(known, key=lambda row: row.difference) for pick in (min, max))
    if least.difference == most.difference:
        return f" {capital(change(least.difference, unit))} {difference_unit(unit)} under each."
    ends = [f"{change(row.difference, unit)} ({row.planners})" for row in (least, most)]
    return f" The mean difference lies between {ends[0]} and {ends[1]} {difference_unit(unit)}."


def _sizes(rows: tuple[UnderARule, ...]) -> str:
    """Under which theories it is another difference than under the study's own: stronger or weaker, or higher or lower."""
    own, *others = rows
    way = {"lower": -1, "higher": 1}.get(bearing(own.verdict))
    more, less = ("stronger", "weaker") if way else ("higher", "lower")
    by = {
        word: [r.planners for r in others if r.apart and r.beyond_own * (way or 1) * sign > 0]
        for word, sign in ((less, -1), (more, 1))
    }
    said = [f"{word} under {listed(names)}" for word, names in by.items() if names]
    return f" {capital('; '.join(said))} than under {own.planners}." if said else ""


def in_sum(tried: list[Tried]) -> str:
    """On how many contrasts theories agree, and on which they do not."""
    by = {start: [one for one in tried if one.words.startswith(start)] for start in ("all rules", "agree in", "differ")}
    said = [f"Of {len(tried)} {plural(len(tried), 'contrast')} the theories agree on {len(by['all rules']) or 'none'}"]
    if by["agree in"]:
        said.append(f"on {len(by['agree in'])} they point the same way, but not all can tell")
    if by["differ"]:
        said.append(f"they contradict each other on {listed([_name(one) for one in by['differ']])}")
    open_ = [one for one in tried if not any(one in found for found in by.values())]
    if open_:
        said.append(f"{listed([_name(one) for one in open_])} they leave open")
    return f"{'; '.join(said)}."


def _name(one: Tried) -> str:
    return f"{one.metric.title.lower()} of {one.arm}"


def theories(manifest: dict[str, Any]) -> str:
    """What was done, for a reader who meets the theories for the first time."""
    about = manifest["rivals"]
    own, *others = about["theories"]
    return (
        f"How officials decide is not known; there are theories. This study's runs follow one ({own['name']}). Every arm was run "
        f"again, in the same worlds and futures, under {len(others)} more. A result that holds under one theory of official "
        "behaviour only is a result about that theory. Differences between theories in level (how much is duplicated in silos, "
        "say) are not compared: each contrast is between arms in which officials decide alike."
    )
