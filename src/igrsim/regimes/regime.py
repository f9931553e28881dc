"""A regime: which levers, and its default roll-out. Presets are one TOML each."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import InputError, nearest
from igrsim.levers._base import Lever, levers
from igrsim.places.geography import load_geography
from igrsim.world.ruling import SILOS, Ruling


@dataclass(frozen=True)
class Term:
    """Where, from when and how far a lever is in force, where that is less than the roll-out says.

    Attributes
    ----------
    lever : str
    dose : float
    spaces : tuple of str
        Codes; everywhere if empty.
    start : str
        First month, ``2024-05-01``; from the roll-out's date if empty.
    ends : tuple of (str, tuple of str)
        From which months it is in force no longer, and in which spaces; everywhere if none is named. A month that is empty
        is the first.
    """

    lever: str
    dose: float = 1.0
    spaces: tuple[str, ...] = ()
    start: str = ""
    ends: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def dose_in(self, space: str, month: date, known: bool) -> float:
        """Its share of the roll-out's dose in a space and month.

        Parameters
        ----------
        known : bool
            Whether the scope holds spaces of the country; in a made-up one a list of spaces means nothing.
        """
        elsewhere = known and self.spaces and space not in self.spaces
        early, over = month < _month(self.start), self.ends and month >= self._end(space, known)
        return 0.0 if elsewhere or early or over else self.dose

    def _end(self, space: str, known: bool) -> date:
        """The first month in which it is no longer in force in a space."""
        mine = [_month(end) for end, spaces in self.ends if not (known and spaces and space not in spaces)]
        return min(mine, default=date.max)

    @property
    def address(self) -> tuple[Any, ...]:
        """What it is, in plain values: a term that does not end says nothing of ends."""
        return (self.lever, self.dose, self.spaces, self.start, *([self.ends] if self.ends else []))

    def describe(self) -> str:
        """The term in words."""
        words = [self.lever]
        if self.dose != 1:
            words.append(f"at {self.dose:.0%}")
        if self.spaces:
            words.append(f"in {', '.join(self.spaces)} only")
        if self.start:
            words.append(f"from {self.start[:7]}")
        words += [f"up to {(_month(end) - timedelta(1)).isoformat()[:7]}" for end, spaces in self.ends if not spaces]
        gone = [
            f", not in {', '.join(spaces)}{end and f' from {end[:7]}'}"
            for end, spaces in self.ends
            if spaces and not (self.spaces and set(self.spaces).isdisjoint(spaces))
        ]
        return " ".join(words) + "".join(gone)


def _month(day: str) -> date:
    """The first day of a date's month; of none, the first there is."""
    return date.fromisoformat(day).replace(day=1) if day else date.min


@dataclass(frozen=True)
class Regime:
    """A bundle of levers under a name.

    Attributes
    ----------
    name, title, source : str
    mechanism, costs, limits : str
        What it does, what that takes and of whom, what it leaves out or assumes.
    levers : tuple of str
    rollout : str
        Default roll-out.
    terms : tuple of Term
        Of levers that are in force in part.
    choices : tuple of (str, float)
        Parameters of policy that it sets.
    shared_hubs : tuple of tuple of str
        Spaces that share one hub.
    """

    name: str
    title: str
    source: str
    levers: tuple[str, ...]
    rollout: str = "all-at-once"
    terms: tuple[Term, ...] = ()
    choices: tuple[tuple[str, float], ...] = ()
    shared_hubs: tuple[tuple[str, ...], ...] = ()
    mechanism: str = ""
    costs: str = ""
    limits: str = ""

    def lever_types(self) -> Iterator[type[Lever]]:
        """Its levers, in the order of their names: combining them does not depend on how they are listed."""
        for name in sorted(self.levers):
            yield levers[name]

    def posts(
        self, levers: list[Lever], codes: tuple[str, ...], shared: tuple[tuple[str, ...], ...], month: date
    ) -> list[float]:
        """Posts of the hub of each of some spaces as its levers stand in a month, or its part of a shared one.

        Parameters
        ----------
        levers : list of Lever
            The regime's.
        month : date
            Terms that begin later have not begun.
        """
        country = load_geography().spaces.index
        parts = {code: 1 / len(group) for group in shared for code in group}
        found: dict[tuple[float, ...], float] = {}
        posts = []
        for code in codes:
            doses = tuple(self._dose_in(lever.id, code, code in country, month) for lever in levers)
            if doses not in found:
                arranged = fold(list(zip(levers, doses, strict=True)), SILOS)
                found[doses] = arranged[-1][2].hub_posts if arranged else 0.0
            posts.append(found[doses] * parts.get(code, 1.0))
        return posts

    def posts_by_month(
        self, levers: list[Lever], codes: tuple[str, ...], shared: tuple[tuple[str, ...], ...], clock: Clock
    ) -> dict[int, list[float]]:
        """The same from each month in which a term begins or ends, the study's first among them."""
        dates = {day for term in self.terms for day in (term.start, *(end for end, _ in term.ends)) if day}
        months = {0} | {month for month in (clock.month_of(_month(day)) for day in dates) if 0 < month < clock.months}
        return {month: self.posts(levers, codes, shared, clock.date(month)) for month in sorted(months)}

    def _dose_in(self, lever: str, code: str, known: bool, month: date) -> float:
        return max((t.dose_in(code, month, known) for t in self.terms if t.lever == lever), default=1.0)


def fold(arrangements: list[tuple[Lever, float]], start: Ruling) -> list[tuple[str, float, Ruling]]:
    """Fold the levers of a space over its ruling, at their doses; a dose of 0 is left out and changes nothing."""
    folded = []
    ruling = start
    for lever, dose in arrangements:
        if dose <= 0:
            continue
        ruling = lever.amend(ruling, dose)
        folded.append((lever.id, dose, ruling))
    return folded


def _terms(data: dict[str, Any]) -> tuple[Term, ...]:
    """Terms of a preset; ``spaces`` at its top are those of every lever whose own terms name none."""
    everywhere = tuple(data.get("spaces", ()))
    given = [
        Term(t["lever"], float(t.get("dose", 1)), tuple(t.get("spaces", everywhere)), str(t.get("from", "")))
        for t in data.get("terms", ())
    ]
    named = {t.lever for t in given}
    return (*given, *(Term(lever, spaces=everywhere) for lever in data["levers"] if everywhere and lever not in named))


@cache
def presets() -> dict[str, Regime]:
    """The preset regimes by name."""
    found = {}
    folder = resources.files("igrsim.regimes") / "presets"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        name = file.name.removesuffix(".toml")
        found[name] = Regime(
            name=name,
            title=data["title"],
            source=data["source"],
            levers=tuple(data["levers"]),
            rollout=data.get("rollout", "all-at-once"),
            terms=_terms(data),
            choices=tuple(sorted((k, float(v)) for k, v in data.get("set", {}).items())),
            shared_hubs=tuple(tuple(group) for group in data.get("shared_hubs", ())),
            mechanism=data["mechanism"],
            costs=data["costs"],
            limits=data["limits"],
        )
    return found


def preset(name: str) -> Regime:
    """A preset regime.

    Raises
    ------
    InputError
        With the nearest right spelling.
    """
    if name not in presets():
        raise InputError(f"unknown regime '{name}'{nearest(name, presets())}", code="E117")
    return presets()[name]
