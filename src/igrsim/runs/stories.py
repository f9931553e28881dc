"""Stories for Python: one person's or one municipality's months in every arm, as tables and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from igrsim.kernel.errors import InputError
from igrsim.runs.chosen import arms_by_regime, month_in, municipality_in
from igrsim.runs.diaries_compared import Kept, in_one_sentence, rows
from igrsim.runs.diary import FEW, keep_diary
from igrsim.runs.journey import follow
from igrsim.runs.journey_words import lines, sums, who

Arms = Sequence[str] | Mapping[str, str | Mapping[str, Any]]
"""Regimes, or arms by name as a study file has them; the first is the reference."""


@dataclass(frozen=True)
class Story:
    """What happened to one person, one municipality or one project in every arm.

    Attributes
    ----------
    who : str
        Whom it is about, in a sentence without a full stop.
    lines : DataFrame
        One row a thing that happened: arm, month and what.
    sums : DataFrame
        One row an arm: what it all took.
    words : tuple of str
        What differs between the arms, in sentences.
    """

    who: str
    lines: pd.DataFrame
    sums: pd.DataFrame
    words: tuple[str, ...]

    def of(self, arm: str) -> pd.DataFrame:
        """The lines of one arm."""
        return self.lines[self.lines["arm"] == arm].drop(columns="arm").reset_index(drop=True)


def journey(arms: Arms, pick: str = "median", citizen: str | None = None, world: int = 0, **options: Any) -> Story:
    """One person's months in every arm: needs, trips, papers.

    Parameters
    ----------
    arms : list of str, or dict
        As for `igrsim.compare`.
    pick : str
        Whom to follow, by what happened in the reference: ``median``, ``worst``, ``rural``, ``grant-without-id``, …
    citizen : str, optional
        Settlement code and number of one person, in place of `pick`.
    world : int
        Which replication.
    **options
        scope, months, citizens, rollout, start, seed: as for `igrsim.compare`.
    """
    found = follow(arms_by_regime(arms, world, **options), citizen, pick)
    told = pd.DataFrame([line for story in found.arms for line in lines(story)])
    person = f"{found.person.citizen}: {who(found.person)}"
    return Story(person, told, pd.DataFrame(sums(found)), tuple(found.differences))


def diary(
    arms: Arms, municipality: str, begin: str | None = None, months: int = 12, world: int = 0, **options: Any
) -> Story:
    """One municipality's months in every arm: meetings, requests, planning together, and what they took.

    Parameters
    ----------
    arms : list of str, or dict
        As for `igrsim.compare`.
    municipality : str
        Its code, ``EC157``.
    begin : str, optional
        First month told, ``YYYY-MM``; the study's first without it.
    months : int
        How many months are told.
    world : int
        Which replication.
    **options
        scope, rollout, start, seed: as for `igrsim.compare`.
    """
    if months < 1:
        raise InputError(f"months: {months} is too few; 1 or more is needed", code="E107")
    chosen = arms_by_regime(arms, world, **{"months": 600, "citizens": FEW, **options})
    place = municipality_in(chosen.geography, municipality)
    first = 0 if begin is None else month_in(chosen.clock, begin, "begin")
    months = min(months, chosen.clock.months - first)
    kept = [Kept(told.arm, tuple(keep_diary(told.spec, place, first, months))) for told in chosen.runs]
    found = pd.DataFrame(rows(kept, chosen.clock))
    kind = found["kind"]
    told = found[~kind.isin(("difference", "total", "month"))]
    table = chosen.geography.municipalities
    name = f"{table.names[place]} ({table.codes[place]}), {chosen.geography.spaces.names[table.space_row[place]]}"
    words = (in_one_sentence(kept, table.names[place]), *found["what"][kind == "difference"])
    return Story(name, told.reset_index(drop=True), _by_kind(told, [one.arm for one in kept]), words)


def _by_kind(told: pd.DataFrame, arms: list[str]) -> pd.DataFrame:
    """Hours by what they went to, an arm a row."""
    hours = told.pivot_table(index="arm", columns="kind", values="minutes", aggfunc="sum", fill_value=0) / 60
    found = hours.reindex(arms).fillna(0).round(1)
    found.columns.name = None
    return found.assign(all=found.sum(axis=1)).reset_index()
