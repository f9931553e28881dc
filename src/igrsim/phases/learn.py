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
    _tire(world, p)
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
    here = changes[world.municipality_space]
    world.ties[here] = 0.0
    world.trust[here] += trusting.newcomer * (trusting.initial - world.trust[here])
    space, seat = np.nonzero(changes)
    world.peer_ties[space, seat, :] = 0.0
    world.peer_ties[space, :, seat] = 0.0


def _tire(world: World, p: Memory) -> None:
    """Load adds to what is felt of it, and data move to what condition and load allow."""
    now, towns = world.now.by_municipality, world.municipalities
    hours, felt, condition, quality = (
        np.array([getattr(m, name) for m in towns]) for name in ("minutes", "load", "condition", "data_quality")
    )
    skilled = world.skills.follow((PLANNING, FINANCE), world.params[Staffing].data_follow)
    load = sum(now[name] for name in LOAD) / np.maximum(hours, 1)
    felt = felt + p.load_memory * (load - felt)
    over = np.maximum(now["report_overload_ppm"] / 1e6 - 1.0, 0.0)
    target = np.minimum(condition * skilled, 1.0) / (1 + p.overload_harm * np.minimum(over, 3.0))
    quality = quality + p.data_drift * (target - quality)
    engaged = now["plan_minutes"] + now["support_minutes"]
    for town, *felt_now in zip(towns, felt.tolist(), quality.tolist(), engaged.tolist(), strict=True):
        town.load, town.data_quality, town.engaged = felt_now


def _trust(world: World) -> None:
    """Kept commitments build trust, broken ones cost more of it than that, or as much."""
    p = world.params[Trusting]
    for noted, share, grows in ((world.now.kept, p.kept, True), (world.now.broken, p.kept * p.loss_ratio, False)):
        count = np.zeros(world.trust.shape, np.int64)
        for municipality, seat in noted:
            np.add.at(count, (municipality, seat), 1)
        remains = ((1 - min(share, 1.0)) ** np.arange(count.max() + 1))[count]
        world.trust[:] = 1 - (1 - world.trust) * remains if grows else world.trust * remains
