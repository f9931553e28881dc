"""An audit of a real calendar of forums: overlaps, clashes, hours, what each adds, and what could be merged."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.params import ParamSet
from igrsim.phases.forum_audit import AuditWork
from igrsim.places.forum_calendar import Row, Silent, known_forum, span_of, years_of
from igrsim.places.forum_landscape import resolve
from igrsim.places.geography import Geography
from igrsim.places.institutions import Institutions

I64 = NDArray[np.int64]
Line = dict[str, Any]
FEW = 8
"""Names that a cell of the report lists; the rest are counted."""


@dataclass(frozen=True)
class Seen:
    """One forum as the audit counts it.

    Attributes
    ----------
    bodies : dict of str to float
        Who sits in it, the convener included, and how many they are: 1, or the mean number that a word stands for.
    a_year, hours, preparation, travel, delegates : float
        Meetings a year; hours of one meeting, and of one delegate's preparation and journey.
    basis : float
        1 law, 0.5 policy or grant framework, 0 custom.
    """

    row: Row
    bodies: dict[str, float]
    sectors: frozenset[str]
    a_year: float
    hours: float
    preparation: float
    travel: float
    delegates: float
    basis: float

    @property
    def label(self) -> str:
        """Its name, and its place where it has one."""
        return f"{self.row.name} ({self.row.place})" if self.row.place else self.row.name

    @property
    def where(self) -> tuple[str, str]:
        """Its level, a space's where neither the file nor the project's own table says, and its place."""
        known = known_forum(self.row.name)
        return self.row.level or (known.level if known else "space"), self.row.place

    @property
    def people(self) -> float:
        """Officials in the room."""
        return sum(self.bodies.values()) * self.delegates

    @property
    def hours_a_year(self) -> float:
        """Of all who go, with preparation and journeys."""
        return self.a_year * self.people * (self.hours + self.preparation + self.travel)


@dataclass
class Audit:
    """What an audit found: a list of lines for each question, and what was assumed."""

    forums: list[Line] = field(default_factory=list)
    pairs: list[Line] = field(default_factory=list)
    clashes: list[Line] = field(default_factory=list)
    members: list[Line] = field(default_factory=list)
    merges: list[Line] = field(default_factory=list)
    totals: list[Line] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)


def audit(rows: Sequence[Row], geography: Geography, institutions: Institutions, params: ParamSet) -> Audit:
    """Audit a calendar of forums.

    Parameters
    ----------
    rows : sequence of Row
    geography : Geography
        Of the country: who the local municipalities of a place are.
    institutions : Institutions
    params : ParamSet
        What is assumed where the calendar is silent.
    """
    silent = params[Silent]
    seen = [_seen(row, geography, institutions, silent) for row in rows]
    found = Audit(assumptions=_assumptions(rows, seen, params))
    unique = _unique_pairs(seen)
    met = Counter(sector for s in seen for sector in s.sectors)
    invited = Counter(body for s in seen for body in s.bodies)
    for s, only in zip(seen, unique, strict=True):
        found.forums.append(
            {
                "forum": s.label,
                "convener": s.row.convener,
                "basis": {1.0: "law", 0.5: "policy", 0.0: "custom"}[s.basis],
                "members": round(sum(s.bodies.values()), 1),
                "sectors": len(s.sectors),
                "meetings_a_year": round(s.a_year, 2),
                "hours_a_year": round(s.hours_a_year, 1),
                "pairs_only_here": only,
                "sectors_only_here": sorted(x for x in s.sectors if met[x] == 1),
                "members_only_here": _few(b for b in s.bodies if invited[b] == 1),
            }
        )
    found.pairs = _pairs(seen, silent)
    found.clashes, clashing = _clashes(seen)
    found.members = _members(seen, clashing)
    found.merges = _merges(seen, params[AuditWork], silent)
    found.totals = _totals(seen, found)
    return found


def _seen(row: Row, geography: Geography, institutions: Institutions, silent: Silent) -> Seen:
    known = known_forum(row.name)
    online = row.venue.lower() in ("online", "virtual")
    bodies: dict[str, float] = {}
    for word in (row.convener, *row.members):
        for body, number in _bodies(word, row, geography, institutions):
            bodies[body] = max(bodies.get(body, 0.0), number)
    return Seen(
        row=row,
        bodies=bodies,
        sectors=frozenset(row.sectors),
        a_year=row.a_year,
        hours=row.hours,
        preparation=silent.preparation_hours if row.preparation_hours is None else row.preparation_hours,
        travel=0.0 if online else silent.travel_hours,
        delegates=silent.delegates if row.delegates is None else row.delegates,
        basis=row.basis if row.basis is not None else known.statutory if known else 0.0,
    )


def _bodies(word: str, row: Row, geography: Geography, institutions: Institutions) -> Iterable[tuple[str, float]]:
    """Who a word of a calendar is: bodies by name, or a word with the mean number that it stands for."""
    kind, code = resolve(word, geography)
    provincial = {d.code for d in institutions.departments if d.sphere == "provincial"}
    at = geography.spaces.index.get(row.place)
    province = row.place if at is None else geography.spaces.provinces[at]
    if kind == "department" or code == "departments":
        codes = (
            [code]
            if kind == "department"
            else [d.code for d in institutions.departments if d.sphere != "private" and {*d.sectors} & {*row.sectors}]
        )
        # every province has a department of its own under the same name
        return [(f"{c} ({province})" if province and c in provincial else c, 1.0) for c in codes]
    if kind == "" or kind == "town" or code == "salga":
        return [(code.upper() if code == "salga" else code or word, 1.0)]
    towns, category = geography.municipalities, {"locals": "B", "district": "C", "metro": "A"}[code]
    here = [
        (town, 1.0)
        for town, of, *places in zip(towns.codes, towns.categories, towns.spaces, towns.provinces, strict=True)
        if of == category and row.place in places
    ]
    if row.place:
        return here
    level = row.level or "space"
    number = {
        "national": 1,
        "province": len(geography.provinces),
        "space": sum(k == "district" for k in geography.spaces.kinds),
    }
    # a space has one district or metro; of the rest, as many as places have on average
    mean = 1.0 if level == "space" and code != "locals" else towns.categories.count(category) / number[level]
    return [(code, mean)]


def _few(names: Iterable[str]) -> list[str]:
    listed = sorted(names)
    return listed if len(listed) <= FEW else [*listed[:FEW], f"and {len(listed) - FEW} more"]


def _combinations(bodies: Iterable[str], number: dict[str, int]) -> I64:
    """Every two of some bodies, as one number each."""
    ids = np.array(sorted(number[b] for b in bodies), dtype=np.int64)
    first, second = np.triu_indices(len(ids), 1)
    return np.asarray(ids[first] * len(number) + ids[second], dtype=np.int64)


def _numbered(seen: Sequence[Seen]) -> dict[str, int]:
    return {body: k for k, body in enumerate(sorted({b for s in seen for b in s.bodies}))}


def _unique_pairs(seen: Sequence[Seen]) -> list[int]:
    """Pairs of members, sector by sector, that each forum alone brings together."""
    number = _numbered(seen)
    together = [_combinations(s.bodies, number) for s in seen]
    only = [0] * len(seen)
    for sector in sorted({x for s in seen for x in s.sectors}):
        there = [k for k, s in enumerate(seen) if sector in s.sectors]
        pairs, times = np.unique(np.concatenate([together[k] for k in there]), return_counts=True)
        single = pairs[times == 1]
        for k in there:
            only[k] += int(np.isin(together[k], single).sum())
    return only


def _weight(bodies: Iterable[str], *of: Seen) -> float:
    return sum(max(s.bodies.get(b, 0.0) for s in of) for b in bodies)


def _pairs(seen: Sequence[Seen], silent: Silent) -> list[Line]:
    """Forums with members and sectors in common, the most alike first."""
    lines = []
    for a, b in combinations(seen, 2):
        both = a.bodies.keys() & b.bodies.keys()
        common = a.sectors & b.sectors
        if not both or not common:
            continue
        members = _weight(both, a, b) / _weight(a.bodies.keys() | b.bodies.keys(), a, b)
        sectors = len(common) / len(a.sectors | b.sectors)
        known = bool(a.row.dates and b.row.dates)
        clash = len(set(a.row.dates) & set(b.row.dates)) if known and _apart(a, b) else 0
        expected = 0.0 if known else a.a_year * b.a_year / silent.working_days
        lines.append(
            {
                "forum": a.label,
                "other": b.label,
                "overlap": round(members * sectors, 3),
                "overlap_members": round(members, 3),
                "overlap_sectors": round(sectors, 3),
                "common_members": round(_weight(both, a, b), 1),
                "common_sectors": sorted(common),
                "clashes": clash if known else None,
                "clashes_expected_a_year": None if known else round(expected, 2),
            }
        )
    return sorted(lines, key=lambda line: (-line["overlap"], line["forum"], line["other"]))


def _apart(a: Seen, b: Seen) -> bool:
    """Whether two forums meet in different rooms; where a file names no venue they do."""
    return not a.row.venue or a.row.venue.lower() != b.row.venue.lower()


def _clashes(seen: Sequence[Seen]) -> tuple[list[Line], Counter[str]]:
    """Days on which someone is called to two forums in different venues, and how often each member is."""
    by_day: dict[Any, list[Seen]] = {}
    for s in seen:
        for day in sorted(set(s.row.dates)):
            by_day.setdefault(day, []).append(s)
    lines: list[Line] = []
    clashing: Counter[str] = Counter()
    for day in sorted(by_day):
        for a, b in combinations(by_day[day], 2):
            both = a.bodies.keys() & b.bodies.keys()
            if both and _apart(a, b):
                clashing.update(both)
                lines.append(
                    {
                        "date": day.isoformat(),
                        "forum": a.label,
                        "venue": a.row.venue,
                        "other": b.label,
                        "other_venue": b.row.venue,
                        "members": _few(both),
                        "number": len(both),
                    }
                )
    return lines, clashing


def _members(seen: Sequence[Seen], clashing: Counter[str]) -> list[Line]:
    """What the calendar takes of each member; a month's load is a twelfth of a year where only rhythms are known."""
    lines = []
    for body in sorted({b for s in seen for b in s.bodies}):
        mine = [s for s in seen if body in s.bodies]
        months: dict[str, float] = {}
        even = year = 0.0
        for s in mine:
            each = s.delegates * (s.hours + s.preparation + s.travel)
            year += s.a_year * each
            if s.row.dates:
                for day in s.row.dates:
                    month = day.isoformat()[:7]
                    months[month] = months.get(month, 0.0) + each
            else:
                even += s.a_year * each / 12
        busiest = max(sorted(months), key=lambda m: months[m]) if months else ""
        lines.append(
            {
                "member": body,
                "forums": len(mine),
                "meetings_a_year": round(sum(s.a_year for s in mine), 2),
                "hours_a_year": round(year, 1),
                "hours_a_month": round(year / 12, 1),
                "busiest_month": busiest,
                "hours_then": round(even + months[busiest], 1) if busiest else round(even, 1),
                "clashes": clashing[body],
            }
        )
    return sorted(lines, key=lambda line: (-line["hours_a_year"], line["member"]))


@dataclass
class _Host:
    """A forum with what it took in: sitting and preparation a year, and sectors."""

    of: Seen
    a_year: float
    sitting: float
    prepared: float
    sectors: frozenset[str]
    took_in: bool = False

    @property
    def hours(self) -> float:
        return self.of.people * (self.sitting + self.prepared + self.a_year * self.of.travel)

    def with_guest(self, guest: _Host, work: AuditWork) -> _Host:
        sitting = self.sitting + work.carried * guest.sitting
        longest = max(work.longest_hours, self.of.hours)
        return _Host(
            of=self.of,
            a_year=max(self.a_year, float(math.ceil(sitting / longest - 1e-9))),
            sitting=sitting,
            prepared=self.prepared + work.carried * guest.prepared,
            sectors=self.sectors | guest.sectors,
            took_in=True,
        )


def _merges(seen: Sequence[Seen], work: AuditWork, silent: Silent) -> list[Line]:
    """Merges one after another, of the same level and place: into a statutory forum first, then where most hours are saved.

    A forum that law or a framework requires is never merged away, nor is one that has taken another in. Members
    of the merged forum who do not sit in its host are left out, and said.
    """
    standing = {
        k: _Host(s, s.a_year, s.a_year * s.hours, s.a_year * s.preparation, s.sectors) for k, s in enumerate(seen)
    }
    number = _numbered(seen)
    together = [_combinations(s.bodies, number) for s in seen]
    fit = [
        (g, h)
        for g, guest in enumerate(seen)
        for h, host in enumerate(seen)
        if g != h
        and guest.basis == 0
        and guest.where == host.where
        and guest.sectors & host.sectors
        and _weight(guest.bodies.keys() & host.bodies.keys(), guest) >= silent.covers * _weight(guest.bodies, guest)
    ]
    gain: dict[tuple[int, int], float] = {}

    def weigh(pair: tuple[int, int]) -> None:
        guest, host = standing[pair[0]], standing[pair[1]]
        gain[pair] = 0.0 if guest.took_in else guest.hours + host.hours - host.with_guest(guest, work).hours

    for pair in fit:
        weigh(pair)
    lines: list[Line] = []
    while True:
        worth = [pair for pair, saved in gain.items() if saved > 0.05]
        if not worth:
            return lines
        g, h = min(worth, key=lambda p: (-seen[p[1]].basis, -gain[p], p))
        host = standing[h].with_guest(standing[g], work)
        saved = gain[g, h]
        guest = standing.pop(g)
        standing[h] = host
        left_out = guest.of.bodies.keys() - host.of.bodies.keys()
        lines.append(
            {
                "merge": guest.of.label,
                "into": host.of.label,
                "hours_saved_a_year": round(saved, 1),
                "host_meetings_a_year": round(host.a_year, 2),
                "host_hours_a_meeting": round(host.sitting / host.a_year, 1),
                "sitting_given_up_a_year": round((1 - work.carried) * guest.sitting, 1),
                "members_left_out": _few(left_out),
                "pairs_lost": _lost(g, seen[g].sectors, standing, together),
            }
        )
        for pair in [p for p in gain if g in p]:
            del gain[pair]
        for pair in [p for p in gain if h in p]:
            weigh(pair)


def _lost(guest: int, sectors: frozenset[str], standing: dict[int, _Host], together: Sequence[I64]) -> int:
    """Pairs of members, sector by sector, that nobody brings together once a forum is gone."""
    lost = 0
    for sector in sectors:
        others = [together[k] for k, host in standing.items() if sector in host.sectors]
        lost += int((~np.isin(together[guest], np.concatenate([np.zeros(0, np.int64), *others]))).sum())
    return lost


def _totals(seen: Sequence[Seen], found: Audit) -> list[Line]:
    hours, saved = sum(s.hours_a_year for s in seen), sum(line["hours_saved_a_year"] for line in found.merges)
    values = {
        "forums": len(seen),
        "members": len({b for s in seen for b in s.bodies}),
        "meetings a year": round(sum(s.a_year for s in seen), 1),
        "official hours a year, preparation and journeys included": round(hours, 1),
        "pairs of forums with members and sectors in common": len(found.pairs),
        "days on which two forums with common members meet in different venues": len(found.clashes),
        "the same expected a year, where only rhythms are known": round(
            sum(line["clashes_expected_a_year"] or 0.0 for line in found.pairs), 1
        ),
        "merges proposed": len(found.merges),
        "hours saved a year by all of them": round(saved, 1),
        "share of hours saved": round(saved / hours, 3) if hours else 0.0,
        "pairs of members, sector by sector, that they would no longer bring together": sum(
            line["pairs_lost"] for line in found.merges
        ),
    }
    return [{"what": what, "value": value} for what, value in values.items()]


def _assumptions(rows: Sequence[Row], seen: Sequence[Seen], params: ParamSet) -> list[str]:
    """What the audit took for granted, in words, as far as the file is silent."""
    silent, work = params[Silent], params[AuditWork]
    without = {
        "preparation_hours": sum(row.preparation_hours is None for row in rows),
        "delegates": sum(row.delegates is None for row in rows),
        "basis": sum(row.basis is None and known_forum(row.name) is None for row in rows),
        "dates": sum(not row.dates for row in rows),
    }
    words = []
    if without["preparation_hours"]:
        words.append(f"{silent.preparation_hours:g} hours of preparation a delegate, where the file does not say ({without['preparation_hours']} forums)")  # fmt: skip
    if without["delegates"]:
        words.append(f"{silent.delegates:g} delegate a member, where it does not say ({without['delegates']} forums)")
    words.append(f"{silent.travel_hours:g} hours of journey a delegate and meeting, none to a meeting online")
    if without["basis"]:
        words.append(f"custom, and free to be merged, where it names no basis ({without['basis']} forums)")
    if without["dates"]:
        words.append(f"{without['dates']} forums give only a rhythm: their clashes are expected ones, over {silent.working_days:g} days")  # fmt: skip
    if span := span_of(rows):
        years = years_of(rows)
        words.append(f"dates from {span[0]} to {span[1]} stand for {years} year{'s' * (years > 1)}: meetings a year are dates over that, where no rhythm is given")  # fmt: skip
    for level, where in (("space", "district or metro"), ("province", "province")):
        if number := sum(s.where == (level, "") for s in seen):
            words.append(
                f"hours of {number} forums of a {where} that name no place are those of one {where}, not of all"
            )
    if any(not row.place for row in rows):
        words.append("locals, district and metro stand for the mean number of a place, where a forum names no place")
    words.append(
        f"a merge needs the same level and place, and {silent.covers:.0%} of the members in the host; the host takes on {work.carried:.0%} of the sitting "
        f"and preparation, in meetings of at most {work.longest_hours:g} hours; the convener is a member"
    )
    return words
