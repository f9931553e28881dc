"""Who sits at which centre, as columns: what is read of all tenants at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from igrsim.government.thusong import ThusongCentre
from igrsim.world.world import BEARERS

I64 = NDArray[np.int64]


class Tenancies(NamedTuple):
    """Tenants of all centres, those who left included: centre by centre, in the order in which they first came.

    Attributes
    ----------
    point, service : (tenants,) int
    centre, space, municipality : (tenants,) int
        The centre as the world counts them, and where it stands.
    slot : (tenants,) int
        Place in its centre's own order.
    bearer : (tenants,) int
        Which sphere's officials come, as an index into ``BEARERS``.
    """

    point: I64
    service: I64
    centre: I64
    space: I64
    municipality: I64
    slot: I64
    bearer: I64

    def of(self, which: NDArray[np.bool_]) -> Tenancies:
        """Some of the tenants."""
        return Tenancies(*(column[which] for column in self))


def tenancies_of(centres: Sequence[ThusongCentre]) -> Tenancies:
    """The tenants of some centres."""
    rows = [
        (t.point, t.service, index, centre.space, centre.municipality, slot, BEARERS.index(t.bearer))
        for index, centre in enumerate(centres)
        for slot, t in enumerate(centre.tenants.values())
    ]
    return Tenancies(*np.ascontiguousarray(np.array(rows, dtype=np.int64).reshape(-1, 7).T))
