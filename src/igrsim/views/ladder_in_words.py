"""What each lever contributes, in sentences that are true whatever the signs and however sure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from igrsim.results.contributions import ALL
from igrsim.results.results import Results
from igrsim.views.ladder_chart import nothing_to_share
from igrsim.views.metric import Metric, metric_of
from igrsim.views.numbers import difference_unit, factor, tick
from igrsim.views.phrases import capital, interval, listed, plural

NAMED = 4
"""Levers named in a sentence at most; the others are summed."""
WORTH_NAMING = 0.02
"""Of all contributions' sizes together, the part from which a lever is named."""
LISTED = 6
"""Levers listed by name as undecided at most; more are counted."""


@dataclass(frozen=True)
class Rung:
    """One lever's row of the ladder."""

    lever: str
    contribution: float
    low: float
    high: float
    share: float
    alone: float
    last: float
    beside_others: str

    @property
    def sure(self) -> bool:
        """Whether the interval leaves out nought."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Shared:
    """A difference shared out among levers.

    Attributes
    ----------
    why_not : str or None
        Why nothing is shared out.
    sentences : tuple of str
    """

    metric: Metric
    rungs: tuple[Rung, ...]
    whole: Rung
    why_not: str | None
    sentences: tuple[str, ...]

    @property
    def rows(self) -> tuple[Rung, ...]:
        """Levers, the largest contribution first; then the whole."""
        return (*self.rungs, self.whole)


def ladder_in_words(results: Results) -> list[Shared]:
    """Every metric of a study's ladder; none without a ladder."""
    table = results.ladder()
    if table is None:
        return []
    told = []
    for name in results.manifest["ladder"]["metrics"]:
        metric = metric_of(results, name)
        mine = table[table["metric"] == name]
        rows = [Rung(**{key: row[key] for key in Rung.__dataclass_fields__}) for row in mine.to_dict("records")]
        rungs, whole = tuple(r for r in rows if r.lever != ALL), next(r for r in rows if r.lever == ALL)
        why = nothing_to_share(results, metric, mine)
        arm, pairs = str(mine["arm"].iloc[0]), int(mine["pairs"].iloc[0])
        said = (why,) if why else tuple(sentences(metric, rungs, whole, arm, results.reference, pairs))
        told.append(Shared(metric, rungs, whole, why, said))
    return told


def how(manifest: dict[str, Any]) -> str:
    """What a contribution is, for a reader who has never met one."""
    about = manifest["ladder"]
    count = int(about["orders"])
    orders = (
        f"all {count} orders there are"
        if about["every"]
        else f"{count} orders: {count // 2} drawn by lot, and each backwards"
    )
    return (
        f"What a lever changes depends on which others are there already. So the {len(about['levers'])} levers of "
        f"{about['arm']} joined {manifest['reference']} one by one, in {orders}. A lever's contribution is the mean of what it "
        f"changed when it joined (economists call it the Shapley value); contributions add up to the whole difference. "
        f"{about['coalitions']} combinations of levers were run, each in the same worlds and futures. Alone: what the lever "
        "does where no other is. Last: what it does where all others are already. A lever that does less last than alone "
        "overlaps with others, one that does more is helped by them. Which pairs of levers it is that overlap is not told apart."
    )


def sentences(metric: Metric, rungs: tuple[Rung, ...], whole: Rung, arm: str, reference: str, pairs: int) -> list[str]:
    """The whole difference, where it comes from, what is not sure, and what levers do to each other."""
    known = math.isfinite(whole.low)
    least = WORTH_NAMING * sum(abs(rung.contribution) for rung in rungs)
    chosen = [rung for rung in rungs if rung.contribution and abs(rung.contribution) >= least][:NAMED]
    return [
        _where_from(metric, rungs, chosen, whole, arm, reference),
        *(
            [_how_sure(metric, rungs, chosen, whole)]
            if known
            else [f"{pairs} {plural(pairs, 'pair')} of runs cannot say how surely."]
        ),
        *_beside(rungs),
    ]


def _where_from(
    metric: Metric, rungs: tuple[Rung, ...], chosen: list[Rung], whole: Rung, arm: str, reference: str
) -> str:
    unit, total = metric.unit, whole.contribution
    lead = f"{metric.title}, {arm} against {reference}: "
    much = _much(total, unit) if total else "no difference on the whole"
    others = [rung for rung in rungs if rung not in chosen]
    rest = sum(rung.contribution for rung in others)
    along = [rung for rung in chosen if rung.contribution * (total or 1.0) > 0]
    against = [rung for rung in chosen if rung not in along]
    if total and not against and rest * total >= 0:
        # every part goes the whole's way, so that none is larger than it
        first, *more = [(_size(rung.contribution, unit), rung.lever) for rung in along]
        parts = [f"{first[0]} come from {first[1]}", *(f"{size} from {lever}" for size, lever in more)]
        if rest:
            parts.append(f"{_size(rest, unit)} from the other {_levers(others)}")
        return f"{lead}of {much}, {listed(parts)}."
    clauses = []
    if along:
        clauses.append(listed([f"{rung.lever} {_moves(rung.contribution, unit)}" for rung in along]))
    if against:
        clauses.append(listed([f"{rung.lever} {_moves(rung.contribution, unit)}" for rung in against]))
    if others:
        clauses.append(f"the other {_levers(others)} together {_moves(rest, unit, many=len(others) > 1)}")
    return f"{lead}{much}; {'; '.join(clauses)}."


def _how_sure(metric: Metric, rungs: tuple[Rung, ...], chosen: list[Rung], whole: Rung) -> str:
    said = f"The 95 % interval of the whole is {interval(whole.low, whole.high, metric.unit)}"
    said += "." if whole.sure else ": it holds nought, so that even its direction cannot be told."
    idle = [rung for rung in rungs if rung.low == rung.high == 0]
    unsure = [rung.lever for rung in rungs if not rung.sure and rung not in idle]
    named = [rung.lever for rung in chosen if rung.lever in unsure]
    further = len(unsure) - len(named)
    if len(unsure) > 1 and len(unsure) + len(idle) == len(rungs):
        said += " The interval of every lever that touches it holds nought: no single one's part can be told."
    elif unsure:
        names = unsure if len(unsure) <= LISTED else [*named, f"{further} {'others' if named else 'levers'}"]
        said += f" The {plural(len(unsure), 'interval')} of {listed(names)} {'holds' if len(unsure) == 1 else 'hold'} nought."
    if idle:
        said += f" {_levers(idle)} {'does' if len(idle) == 1 else 'do'} not touch it at all."
    return said


_OTHERS = {
    "less beside the others": ("does less beside the others than alone", "do less beside the others than alone"),
    "more beside the others": ("does more beside the others than alone", "do more beside the others than alone"),
    "the other way": (
        "works one way alone, the other beside the others",
        "work one way alone, the other beside the others",
    ),
}


def _beside(rungs: tuple[Rung, ...]) -> list[str]:
    said = []
    for scale, (one, many) in _OTHERS.items():
        names = [rung.lever for rung in rungs if rung.beside_others == scale]
        if names:
            said.append(f"{listed(names)} {one if len(names) == 1 else many}")
    return [f"{capital('; '.join(said))}."] if said else []


def _levers(rungs: list[Rung]) -> str:
    return f"{len(rungs)} {plural(len(rungs), 'lever')}"


def _size(value: float, unit: str) -> str:
    return tick(abs(value) * factor(unit))


def _much(value: float, unit: str) -> str:
    """A difference with its unit: 31 fewer hours per need, 3.1 percentage points less."""
    size, more = _size(value, unit), value > 0
    shown = difference_unit(unit).replace("rand million", "million rand")
    if shown.split()[0] in ("hours", "trips", "items", "decisions", "days", "months"):
        return f"{size} {'more' if more else 'fewer'} {shown}"
    way = "more" if more else "less"
    return f"{size} {way} ({shown})" if shown.startswith(("index", "ratio")) else f"{size} {shown} {way}"


def _moves(value: float, unit: str, many: bool = False) -> str:
    if not value:
        return "change nothing" if many else "changes nothing"
    if value > 0:
        return f"{'add' if many else 'adds'} {_size(value, unit)}"
    return f"{'take' if many else 'takes'} {_size(value, unit)} away"
