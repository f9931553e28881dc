"""All forums of a run, as columns: what stands for good, and what changes from month to month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from igrsim.government.forum import Forum, in_month

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]

YEAR = 12


@dataclass(frozen=True)
class Lists:
    """A list of numbers for each of several owners, one after the other.

    Attributes
    ----------
    start, count : (owners,) int
    entries : (n,) int
    """

    start: I64
    count: I64
    entries: I64

    @classmethod
    def of(cls, lists: Sequence[I64]) -> Lists:
        """From one array each."""
        count = np.array([len(one) for one in lists], dtype=np.int64)
        return cls(np.cumsum(count) - count, count, np.concatenate([np.zeros(0, np.int64), *lists]))

    def rows(self, owners: I64) -> tuple[I64, I64]:
        """For each entry of some owners: which of those owners, by place, and where the entry stands."""
        count = self.count[owners]
        number = np.repeat(np.arange(len(owners)), count)
        before = np.cumsum(count) - count
        return number, np.arange(len(number)) + (self.start[owners] - before)[number]


class Forums(Sequence[Forum]):
    """The forums of a run.

    Parameters
    ----------
    forums : sequence of Forum
        From now on their changing properties lie here.

    Attributes
    ----------
    key : (forums,) uint64
    local, provincial, national : (forums,) bool
        Whether it is one of a space, a province or the nation.
    convener : (forums,) int
        Department that calls it, -1 where none does.
    home : (forums,) int
        The first of the spaces it covers: for a forum of a space, that space.
    retirable, ad_hoc, of_hub, ruled : (forums,) bool
    rules : tuple of str
        Rules that must be in force for some forum to meet.
    rule : (forums,) int
        Which of them; -1 where none must.
    sectors : (forums, sectors) bool
    places : list of arrays
        Spaces that each covers.
    covers, members : Lists
        Spaces covered, and municipalities invited.
    travel : (n,) int
        Minutes to it and back for each of the municipalities invited, one forum's after another's.
    area : (forums,) int
        Which of the sets of spaces, `areas`, it covers.
    general : (forums,) bool
        For all sectors' matters.
    """

    def __init__(self, forums: Sequence[Forum]) -> None:
        n = len(forums)
        self._forums = tuple(forums)
        self.key = np.array([f.key for f in forums], dtype=np.uint64)
        self.place_in_year = (self.key % np.uint64(YEAR)).astype(np.int64)
        level = np.array([f.level for f in forums], dtype="<U8")
        self.local, self.provincial, self.national = level == "space", level == "province", level == "national"
        self.convener = np.array([f.convener for f in forums], dtype=np.int64)
        self.month = np.array([f.month for f in forums], dtype=np.int64)
        self.statutory = np.array([f.statutory for f in forums], dtype=np.float64)
        self.retirable = np.array([f.retirable for f in forums], dtype=np.bool_)
        self.ad_hoc = np.array([f.ad_hoc for f in forums], dtype=np.bool_)
        self.of_hub = np.array([f.of_hub for f in forums], dtype=np.bool_)
        self.rules = tuple(sorted({f.rule for f in forums} - {""}))
        self.rule = np.array([self.rules.index(f.rule) if f.rule else -1 for f in forums], dtype=np.int64)
        self.ruled = self.rule >= 0
        self.sectors = np.array([f.sectors for f in forums], dtype=np.bool_).reshape(n, -1)
        self.places = [f.spaces for f in forums]
        self.covers = Lists.of(self.places)
        self.members = Lists.of([f.municipalities for f in forums])
        self.travel = np.concatenate([np.zeros(0, np.int64), *(f.travel for f in forums)])
        self.home = self.covers.entries[self.covers.start] if n else np.zeros(0, np.int64)
        kinds: dict[tuple[int, ...], int] = {}
        self.area = np.array([kinds.setdefault(tuple(p.tolist()), len(kinds)) for p in self.places], dtype=np.int64)
        self.areas = [np.array(area, dtype=np.int64) for area in kinds]
        self.a_year = np.array([f.a_year for f in forums], dtype=np.int64)
        self.minutes = np.array([f.minutes for f in forums], dtype=np.int64)
        self.preparation = np.array([f.preparation for f in forums], dtype=np.int64)
        self.delegates = np.array([f.delegates for f in forums], dtype=np.int64)
        self.own_a_year = np.array([f.own_a_year for f in forums], dtype=np.int64)
        self.own_minutes = np.array([f.own_minutes for f in forums], dtype=np.int64)
        self.own_preparation = np.array([f.own_preparation for f in forums], dtype=np.int64)
        self.seats = np.array([f.seats for f in forums], dtype=np.bool_).reshape(n, -1)
        self.own_seats = np.array([f.own_seats for f in forums], dtype=np.bool_).reshape(n, -1)
        self.useful = np.array([f.useful for f in forums], dtype=np.float64)
        self.rescheduled = np.array([f.rescheduled for f in forums], dtype=np.int64)
        self.called = np.array([f.called for f in forums], dtype=np.int64)
        self.heard = np.full(self.seats.shape, -99, np.int64)
        # a month's in one piece
        self.held = np.zeros((YEAR, n), np.int64).T
        self.fruitful = np.zeros((YEAR, n), np.int64).T
        self.general = self.sectors.all(axis=1)
        # a forum in equal parts, per million, over the spaces it covers
        self._whole = np.repeat(np.arange(n), self.covers.count)
        self._part = self.shared_out(np.full(n, 1_000_000), np.arange(n))[1]
        self._year: tuple[I64, I64, I64, I64] | None = None
        for row, forum in enumerate(forums):
            forum._all, forum._row = self, row

    def __len__(self) -> int:
        return len(self._forums)

    @overload
    def __getitem__(self, index: int) -> Forum: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Forum]: ...
    def __getitem__(self, index: int | slice) -> Forum | Sequence[Forum]:
        return self._forums[index]

    @cached_property
    def invites(self) -> Flags:
        """Which municipalities each invites; (forums, municipalities)."""
        number, row = self.members.rows(np.arange(len(self)))
        found = np.zeros((len(self), int(self.members.entries.max(initial=-1)) + 1), np.bool_)
        found[number, self.members.entries[row]] = True
        return found

    def due(self, calendar_month: int) -> I64:
        """How many meetings each one's own rhythm asks for in a month of the year (1 to 12)."""
        return self._calendar()[0][calendar_month - 1].copy()

    def further(self, calendar_month: int) -> I64:
        """How many meetings each holds beside its own dates in a month of the year, for those it took in."""
        return self._calendar()[1][calendar_month - 1]

    def _calendar(self) -> tuple[I64, I64]:
        """Meetings of each month of the year by each one's own rhythm, and those beside it; (months, forums)."""
        if self._year is None or not (
            np.array_equal(self._year[2], self.a_year) and np.array_equal(self._year[3], self.own_a_year)
        ):
            month = np.arange(1, YEAR + 1)[:, None]
            own = in_month(np.minimum(self.a_year, self.own_a_year), month - 1 + self.place_in_year)
            own = np.where(self.month > 0, self.month == month, own)
            further = in_month(np.maximum(self.a_year - self.own_a_year, 0), month + self.place_in_year)
            self._year = own, further, self.a_year.copy(), self.own_a_year.copy()
        return self._year[:2]

    def remember(self, month: int, forum: I64, fruitful: Flags) -> None:
        """Keep a month's meetings in mind, and forget those of a year ago.

        Parameters
        ----------
        forum : (meetings,) int
        fruitful : (meetings,) bool
            Whether it decided or showed something.
        """
        ring = month % YEAR
        self.held[:, ring] = np.bincount(forum, minlength=len(self))
        self.fruitful[:, ring] = np.bincount(forum[fruitful], minlength=len(self))

    def take_in(self, hosts: I64, guests: I64, host: I64, share: F64, longest: int) -> None:
        """Sit for other forums too: longer, and once a meeting is as long as it can be, oftener.

        Parameters
        ----------
        hosts : (n,) int
            Forums that may sit for others; without guests they are as they were.
        guests, host : (m,) int
            Forums merged, and into which.
        share : (m,) float
            Of the guests' sitting and preparation that comes along.
        longest : int
            Minutes of the longest meeting.
        """
        for name in ("a_year", "minutes", "preparation", "seats"):
            getattr(self, name)[hosts] = getattr(self, f"own_{name}")[hosts]
        n, meetings = len(self), share * self.a_year[guests]
        fuller = np.unique(host)
        sitting, prepared = (
            (self.own_a_year * own + np.bincount(host, weights=meetings * own[guests], minlength=n))[fuller]
            for own in (self.own_minutes, self.own_preparation)
        )
        usual = np.maximum(longest, self.own_minutes[fuller])
        self.a_year[fuller] = np.maximum(self.own_a_year[fuller], np.ceil(sitting / usual)).astype(np.int64)
        self.minutes[fuller] = np.rint(sitting / self.a_year[fuller])
        self.preparation[fuller] = np.rint(prepared / self.a_year[fuller])
        np.logical_or.at(self.seats, host, self.seats[guests])

    def met(self) -> Flags:
        """Which of them met in the past year."""
        return np.asarray(self.held.any(axis=1))

    def functional(self) -> Flags:
        """Of which at least half of the past year's meetings decided anything."""
        held = self.held.sum(axis=1)
        return (held > 0) & (2 * self.fruitful.sum(axis=1) >= held)

    def count(self, forum: I64, spaces: int) -> I64:
        """Count each of some forums once, in equal parts over the spaces it covers (parts per million)."""
        times = np.bincount(forum, minlength=len(self))
        # floats hold whole numbers of this size exactly
        found = np.bincount(self.covers.entries, weights=self._part * times[self._whole], minlength=spaces)
        return found.astype(np.int64)

    def shared_out(self, whole: I64, forum: I64) -> tuple[I64, I64]:
        """An amount of each of some forums in equal whole parts over the spaces it covers; what does not divide lies with the first.

        Returns
        -------
        space, amount : (n,) int
            A row for each forum and space.
        """
        number, row = self.covers.rows(forum)
        each, rest = np.divmod(whole, self.covers.count[forum])
        place = row - self.covers.start[forum][number]
        return self.covers.entries[row], each[number] + (place < rest[number])

    def mean_over(self, values: F64, forum: I64) -> F64:
        """Means of a property of spaces over what each of some forums covers."""
        return means(values, self.areas)[self.area[forum]]


def means(values: F64, places: Sequence[I64]) -> F64:
    """Means of a property over sets of places, none of them empty."""
    if len(values) and (values == 1.0).all():
        return np.ones(len(places))
    return np.array([values[p[0]] if len(p) == 1 else values[p].mean() for p in places], dtype=np.float64)
