"""A province's framework of forums: what its audit found, and which forums sit within which since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from igrsim.government.forum import Forum

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Flags = NDArray[np.bool_]

QUARTERLY = 4
"""Meetings a year without which a forum can take in no other."""
NEVER = 2.0
"""Place in the order of merging of a forum that no share of merging reaches."""


@dataclass
class Framework:
    """How far audits have come, and what stands since.

    Attributes
    ----------
    host : (forums,) int
        The forum that each would be merged into; -1 where no general forum of its place could take it in.
    left : (spaces,) int
        Minutes of the audit still to be done; -1 before it begins.
    begun, audited : (spaces,) float
        Share of its forums to which an audit has been extended, and to which one has come to its end.
    stands : (spaces,) int
        Month from which the framework stands; -1 before its audit is done.
    place : (forums,) float
        Its place in the order of merging, 0 to 1, those found dysfunctional first; `NEVER` before it was audited.
    merged : (forums, spaces) bool
        Which forums no longer meet for which spaces, their matters being their host's.
    covers : (forums, spaces) bool
    carried : (forums, spaces) bool, optional
        What hosts carry of them, once anything was merged.
    """

    host: I64
    left: I64
    begun: F64
    audited: F64
    stands: I64
    place: F64
    merged: Flags
    covers: Flags
    carried: Flags | None = None

    @classmethod
    def begin(cls, forums: Sequence[Forum], spaces: int) -> Framework:
        """Before any audit."""
        never = np.full(spaces, -1, np.int64)
        nothing = np.zeros((len(forums), spaces), np.bool_)
        covers = nothing.copy()
        for index, forum in enumerate(forums):
            covers[index, forum.spaces] = True
        none = np.zeros(spaces)
        place = np.full(len(forums), NEVER)
        return cls(hosts(forums), never, none, none.copy(), never.copy(), place, nothing, covers)


def hosts(forums: Sequence[Forum]) -> I64:
    """The forum that each retirable forum could be merged into.

    That is a forum of the same place which law or a framework requires, which is for all matters and meets at least
    quarterly: the Premier's coordinating forum, the district intergovernmental forum, or the technical structure of
    either. Of several, the one required most firmly, then the one to which as many delegates go.
    """
    general: dict[str, list[int]] = {}
    for index, forum in enumerate(forums):
        if forum.statutory > 0 and forum.sectors.all() and forum.a_year >= QUARTERLY and not forum.retirable:
            general.setdefault(forum.code.partition("@")[2], []).append(index)
    found = np.full(len(forums), -1, np.int64)
    for index, forum in enumerate(forums):
        if not forum.retirable or forum.ad_hoc or forum.level == "national":
            continue

        def fit(other: int, guest: Forum = forum) -> tuple[float, int, int, str]:
            host = forums[other]
            return (-host.statutory, abs(host.delegates - guest.delegates), -host.a_year, host.code)

        fitting = [g for g in general.get(forum.code.partition("@")[2], []) if forums[g].level == forum.level]
        if fitting:
            found[index] = min(fitting, key=fit)
    return found
