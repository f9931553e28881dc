"""A forum in one place: who is invited, when it meets, whether it still works."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.government.actor import Actor


class Forum(Actor):
    """One forum of one jurisdiction: a district's intergovernmental forum, a province's MinMEC-like structure.

    Attributes
    ----------
    code : str
        Forum and jurisdiction, ``DIF@DC15``.
    spaces : array of int
        Spaces it covers.
    municipalities : array of int
        Those invited.
    seats : array of bool
        Departments invited, by their column.
    a_year : int
        Meetings a year; ad hoc forums have none and meet when called.
    month : int
        Month of the year in which it meets; 0 for those that meet by their rhythm.
    rule : str
        The rule that must be in force in its space for it to meet; none for forums of silos.
    useful : float
        What members have come to expect of it, 0 to 1.
    heard : array of int
        Month in which each department last sat in a meeting of it that could decide.
    """

    def __init__(
        self,
        model: Any,
        *,
        code: str,
        key: int,
        name: str,
        level: str,
        convener: int,
        spaces: NDArray[np.int64],
        municipalities: NDArray[np.int64],
        seats: NDArray[np.bool_],
        sectors: NDArray[np.bool_],
        a_year: int,
        minutes: int,
        preparation: int,
        delegates: int,
        travel: NDArray[np.int64],
        statutory: float,
        retirable: bool,
        ad_hoc: bool = False,
        of_hub: bool = False,
        rule: str = "",
        month: int = 0,
    ) -> None:
        super().__init__(model)
        self.code = code
        self.key = key
        self.name = name
        self.level = level
        self.convener = convener
        self.spaces = spaces
        self.municipalities = municipalities
        self.seats = seats
        self.sectors = sectors
        self.a_year = a_year
        self.minutes = minutes
        self.preparation = preparation
        self.delegates = delegates
        self.travel = travel
        self.statutory = statutory
        self.retirable = retirable
        self.ad_hoc = ad_hoc
        self.of_hub = of_hub
        self.rule = rule
        self.month = month
        self.useful = 0.5
        self.rescheduled = 0
        self.called = 0
        self.heard = np.full(len(seats), -99, np.int64)
        self._own = (a_year, minutes, preparation, seats.copy())
        self.recent: list[tuple[int, bool]] = []

    def due(self, calendar_month: int) -> int:
        """How many meetings its own rhythm asks for in a month of the year (1 to 12)."""
        if self.month:
            return int(calendar_month == self.month)
        return _in_month(min(self.a_year, self._own[0]), calendar_month - 1 + self.key % 12)

    def further(self, calendar_month: int) -> int:
        """How many meetings it holds beside its own dates in a month of the year, for those it took in."""
        return _in_month(max(self.a_year - self._own[0], 0), calendar_month + self.key % 12)

    def take_in(self, guests: Sequence[tuple[Forum, float]], part: float, longest: int) -> None:
        """Sit for other forums too: longer, and once a meeting is as long as it can be, oftener.

        Parameters
        ----------
        guests : sequence of (Forum, float)
            Forums merged into it, and for what share of the places they cover; none: it is as it was.
        part : float
            Of their sitting and preparation that comes along.
        longest : int
            Minutes of the longest meeting.
        """
        a_year, minutes, preparation, seats = self._own
        self.a_year, self.minutes, self.preparation, self.seats = a_year, minutes, preparation, seats.copy()
        if not guests:
            return
        more = [(part * share * guest.a_year, guest) for guest, share in guests]
        sitting = a_year * minutes + sum(meetings * guest.minutes for meetings, guest in more)
        prepared = a_year * preparation + sum(meetings * guest.preparation for meetings, guest in more)
        self.a_year = max(a_year, math.ceil(sitting / max(longest, minutes)))
        self.minutes, self.preparation = round(sitting / self.a_year), round(prepared / self.a_year)
        for _, guest in more:
            self.seats |= guest.seats

    @property
    def own_seats(self) -> NDArray[np.bool_]:
        """Departments invited for its own sake."""
        return self._own[3]

    def remember(self, month: int, decided: bool) -> None:
        """Keep the last year's meetings in mind."""
        self.met_since(month - 11)
        self.recent.append((month, decided))

    def met_since(self, month: int) -> bool:
        """Whether it has met since a month; older meetings are forgotten."""
        while self.recent and self.recent[0][0] < month:
            del self.recent[0]
        return bool(self.recent)

    @property
    def functional(self) -> bool:
        """Whether at least half of the past year's meetings decided anything."""
        return bool(self.recent) and 2 * sum(d for _, d in self.recent) >= len(self.recent)


def _in_month(a_year: int, place: int) -> int:
    """How many of so many meetings a year, spread evenly, fall on a month."""
    place %= 12
    return ((place + 1) * a_year) // 12 - (place * a_year) // 12
