"""Ties fade, officials change, and load leaves its mark on willingness and on data."""

from __future__ import annotations

import numpy as np

from igrsim.government.authority import Trusting
from igrsim.government.municipality import Administration
from igrsim.government.skills import FINANCE, PLANNING, Staffing
from igrsim.kernel.draws import fold_array
from igrsim.kernel.params import Params, param
from igrsim.phases.regions import leave
from igrsim.world.frozen import Frozen
from igrsim.world.world import LOAD, World


class Memory(Params, group="memory"):
    """How fast institutions forget and tire."""

    tie_fades: float = param(
        0.04, unit="share a month", low=0.02, high=0.08, grade="assumed", source="assumption",
        meaning="loss of a tie that nothing renews",
    )  # fmt: skip
    officials_change: float = param(
        0.025, unit="share a month", low=0.01, high=0.05, grade="assumed", source="s0-wc-so10",
        meaning="chance that a department's official for a space changes, and with them all ties there",
    )  # fmt: skip
    load_memory: float = param(
        0.3, unit="share a month", low=0.1, high=0.6, grade="assumed", source="assumption",
        meaning="weight of the latest month in how loaded a municipality feels",
    )  # fmt: skip
    data_drift: float = param(
        0.1, unit="share a month", low=0.03, high=0.25, grade="assumed", source="assumption",
        meaning="how fast data quality moves to what condition and load allow",
    )  # fmt: skip
    overload_harm: float = param(
        0.5, unit="ratio", low=0.2, high=1.0, grade="assumed", source="s0-wc-so10",
        meaning="data quality lost when twice the hours there are would be needed for reports",
    )  # fmt: skip


def learn(world: World) -> None:
    """Let the month leave its traces."""
    p = world.params[Memory]
    turnover = world.params[Administration].turnover
    now = world.now.by_municipality
    skilled = world.skills.follow((PLANNING, FINANCE), world.params[Staffing].data_follow)
    for municipality in world.visit(world.municipalities):
        m = municipality.index
        hours = max(municipality.minutes, 1)
        load = sum(int(now[name][m]) for name in LOAD) / hours
        municipality.engaged = int(now["plan_minutes"][m]) + int(now["support_minutes"][m])
        municipality.load += p.load_memory * (load - municipality.load)
        over = max(int(now["report_overload_ppm"][m]) / 1e6 - 1.0, 0.0)
        target = min(municipality.condition * float(skilled[m]), 1.0) / (1 + p.overload_harm * min(over, 3.0))
        municipality.data_quality += p.data_drift * (target - municipality.data_quality)
    _trust(world)
    if world.params[Frozen].benefits:
        # who knows whom stays as it was: also meetings that others crowd out would change it
        return
    world.ties *= 1 - p.tie_fades
    world.peer_ties *= 1 - p.tie_fades
    leaves = world.draws["municipal official leaves"].uniform(world.ordinal, world.municipality_keys) < turnover
    world.ties[leaves] = 0.0
    trusting = world.params[Trusting]
    world.trust[leaves] += trusting.newcomer * (trusting.initial - world.trust[leaves])
    place = fold_array(world.space_keys[:, None], world.seat_keys[None, :])
    changes = world.draws["departmental official changes"].uniform(world.ordinal, place) < p.officials_change * leave(
        world
    )
    space, seat = np.nonzero(changes)
    for s, d in zip(space, seat, strict=True):
        here = world.municipality_space == s
        world.ties[here, d] = 0.0
        world.trust[here, d] += trusting.newcomer * (trusting.initial - world.trust[here, d])
        world.peer_ties[s, d, :] = 0.0
        world.peer_ties[s, :, d] = 0.0


def _trust(world: World) -> None:
    """Kept commitments build trust, broken ones cost more of it than that, or as much."""
    p = world.params[Trusting]
    for noted, share, grows in ((world.now.kept, p.kept, True), (world.now.broken, p.kept * p.loss_ratio, False)):
        count = np.zeros(world.trust.shape, np.int64)
        for municipality, seat in noted:
            np.add.at(count, (municipality, seat), 1)
        remains = (1 - min(share, 1.0)) ** count
        world.trust[:] = 1 - (1 - world.trust) * remains if grows else world.trust * remains
