"""A schedule as data: waves by date and space, hubs that are shared, stages as planned, money and specialists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import InputError
from igrsim.places.geography import Geography
from igrsim.regimes.limits import NO_LIMITS, Limits
from igrsim.regimes.orders import ordered

STAGES = ("consultation", "profile", "launch", "skills gap", "hub staffed", "One Plan")
"""What a space that is taken in reaches, in the order in which it is planned."""
MILESTONES = ("taken in", *STAGES)
USUAL_STAGES = {
    "consultation": 1.0,
    "profile": 3.0,
    "launch": 4.0,
    "skills gap": 6.0,
    "hub staffed": 13.0,
    "One Plan": 12.0,
}
"""Months from a space's start to the end of each stage, where a schedule plans none: a profile in three months as in
2019, posts filled in the time that the pilots took; the others, and a plan within a planning cycle, are assumed."""


@dataclass(frozen=True)
class Wave:
    """Spaces that join together.

    Attributes
    ----------
    day : date, optional
        When; without it, ``after`` months from the study's start.
    after : int
    spaces : tuple of str
        Those named.
    districts, metros, several, provinces : int
        How many of each kind join beside them, or of any kind, or how many provinces whole: the next in order.
    every : int
        Months after which the wave comes again, until no space is left; 0 for once.
    """

    day: date | None = None
    after: int = 0
    spaces: tuple[str, ...] = ()
    districts: int = 0
    metros: int = 0
    several: int = 0
    provinces: int = 0
    every: int = 0

    def month(self, clock: Clock) -> int:
        """The month of the study in which it joins; before 0 if before the study."""
        return self.after if self.day is None else clock.month_of(self.day)


@dataclass(frozen=True)
class Schedule:
    """When spaces are to join, and what is planned and given for it.

    Attributes
    ----------
    name, title, source : str
    waves : tuple of Wave
    order : str
        In which order spaces join that no wave names.
    lot : int
        Which draw, where the order is by lot.
    stages : mapping of str to float
        Months from a space's start to the end of each stage, as planned.
    limits : Limits
    shared : tuple of tuple of str
        Spaces that share one hub.
    whole : bool
        Whether every space must have its place; a table may leave some out.
    """

    name: str
    title: str
    source: str
    waves: tuple[Wave, ...]
    order: str = "poorest"
    lot: int = 1
    stages: Mapping[str, float] = field(default_factory=lambda: USUAL_STAGES)
    limits: Limits = NO_LIMITS
    shared: tuple[tuple[str, ...], ...] = ()
    whole: bool = True

    def starts(self, country: Geography, clock: Clock) -> dict[str, int]:
        """The month in which each space starts, in the order in which they join.

        Raises
        ------
        InputError
            More spaces in waves than there are, fewer, or a space twice.
        """
        queue = [code for code in ordered(self.order, country, self.lot) if code not in self._named()]
        found: dict[str, int] = {}
        for month, wave in self._in_time(clock, len(country.spaces)):
            for code in (*wave.spaces, *_next(queue, wave, country, self.name, bool(wave.every))):
                if code in found:
                    raise InputError(f"{self.name}: space '{code}' stands in two waves", code="E115")
                found[code] = month
        if self.whole and queue:
            words = f"{self.name}: {len(queue)} spaces have no place in a wave, {queue[0]} among them"
            raise InputError(f"{words}: give a wave `every` so that it comes again", code="E401")
        return self._together(found)

    def _named(self) -> set[str]:
        return {code for wave in self.waves for code in wave.spaces}

    def _in_time(self, clock: Clock, spaces: int) -> list[tuple[int, Wave]]:
        """Every wave and its repetitions by month; more often than there are spaces none can come."""
        times = [(w.month(clock) + w.every * n, w) for w in self.waves for n in range(spaces if w.every else 1)]
        return sorted(times, key=lambda pair: pair[0])

    def _together(self, found: dict[str, int]) -> dict[str, int]:
        """Spaces that share a hub start with the first of them."""
        joined = dict(found)
        for group in self.shared:
            mine = [found[code] for code in group if code in found]
            if not self.whole and len(set(mine)) > 1:
                words = f"{self.name}: {', '.join(group)} share one hub and must start in the same month"
                raise InputError(words, code="E402")
            joined |= {code: min(mine) for code in group if code in found}
        return joined


def _next(queue: list[str], wave: Wave, country: Geography, name: str, again: bool) -> list[str]:
    """Take the next spaces that a wave asks for out of the queue."""
    rows, kinds, homes = country.spaces.index, country.spaces.kinds, country.spaces.provinces
    taken: list[str] = []
    for kind, wanted in (("district", wave.districts), ("metro", wave.metros), ("", wave.several)):
        fit = [code for code in queue if kind in ("", kinds[rows[code]])][:wanted]
        if len(fit) < wanted and not again:
            raise InputError(f"{name}: a wave wants {wanted} {kind or 'space'}s, {len(fit)} are left", code="E400")
        taken += fit
        queue[:] = [code for code in queue if code not in fit]
    for _ in range(wave.provinces):
        fit = [code for code in queue if homes[rows[code]] == homes[rows[queue[0]]]]
        taken += fit
        queue[:] = [code for code in queue if code not in fit]
    return taken


def check_shared(groups: Sequence[Sequence[str]], beside: Mapping[str, set[str]], name: str) -> None:
    """Whether spaces that share a hub lie together.

    Parameters
    ----------
    beside : mapping of str to set of str
        The neighbours of each space.

    Raises
    ------
    InputError
        A group that is not one piece, or a space in two.
    """
    seen: set[str] = set()
    for group in groups:
        reached, edge = {group[0]}, [group[0]]
        while edge:
            new = (beside[edge.pop()] & set(group)) - reached
            reached |= new
            edge += new
        if reached != set(group):
            words = f"{name}: {', '.join(group)} do not lie together: neighbours can share a hub"
            raise InputError(words, code="E403")
        if seen & set(group) or len(set(group)) < len(group):
            raise InputError(f"{name}: a space shares one hub only", code="E159")
        seen |= set(group)
