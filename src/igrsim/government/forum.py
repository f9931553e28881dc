"""A forum in one place: who is invited, when it meets, whether it still works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from igrsim.government.actor import Actor
from igrsim.kernel.columns import Column

if TYPE_CHECKING:
    from igrsim.government.forums import Forums

I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Forum(Actor):
    """One forum of one jurisdiction: a district's intergovernmental forum, a province's MinMEC-like structure.

    What changes from month to month lies in the columns of all forums, once it stands among them.

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
    own_a_year, own_minutes, own_preparation, own_seats
        The same without what it took in.
    useful : float
        What members have come to expect of it, 0 to 1.
    rescheduled, called : int
        Meetings beside its rhythm that stand for this month.
    heard : array of int
        Month in which each department last sat in a meeting of it that could decide.
    held, fruitful : array of int
        Meetings of the past year, and those that decided or showed something, by month of the year in a ring.
    """

    a_year: Column[int] = Column()
    minutes: Column[int] = Column()
    preparation: Column[int] = Column()
    delegates: Column[int] = Column()
    seats: Column[Flags] = Column()
    own_a_year: Column[int] = Column()
    own_minutes: Column[int] = Column()
    own_preparation: Column[int] = Column()
    own_seats: Column[Flags] = Column()
    useful: Column[float] = Column()
    rescheduled: Column[int] = Column()
    called: Column[int] = Column()
    heard: Column[I64] = Column()
    held: Column[I64] = Column()
    fruitful: Column[I64] = Column()

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
        self._all: Forums | None = None
        self._row = 0
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
        self.own_a_year, self.own_minutes, self.own_preparation = a_year, minutes, preparation
        self.own_seats = seats.copy()
        self.useful = 0.5
        self.rescheduled = 0
        self.called = 0

    def due(self, calendar_month: int) -> int:
        """How many meetings its own rhythm asks for in a month of the year (1 to 12)."""
        if self.month:
            return int(calendar_month == self.month)
        return in_month(min(self.a_year, self.own_a_year), calendar_month - 1 + self.key % 12)

    def further(self, calendar_month: int) -> int:
        """How many meetings it holds beside its own dates in a month of the year, for those it took in."""
        return in_month(max(self.a_year - self.own_a_year, 0), calendar_month + self.key % 12)

    @property
    def functional(self) -> bool:
        """Whether at least half of the past year's meetings decided anything."""
        held = int(self.held.sum())
        return held > 0 and 2 * int(self.fruitful.sum()) >= held


T = TypeVar("T", int, I64)


def in_month(a_year: T, place: T) -> T:
    """How many of so many meetings a year, spread evenly, fall on a month."""
    place = place % 12
    return ((place + 1) * a_year) // 12 - (place * a_year) // 12
