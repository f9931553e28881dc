"""Small worlds set up so that what happens in them is known beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.government.hub import Hub
from igrsim.kernel.draws import Draws, Stream
from igrsim.kernel.params import Params
from igrsim.model import IGRModel, Scenario
from igrsim.regimes.regime import Regime
from igrsim.world.planners._base import USUAL
from igrsim.world.ruling import Ruling
from igrsim.world.world import Month, World


def small_model(
    regime: str | Regime = "siloed",
    scope: str | list[str] = "two-towns",
    months: int = 12,
    citizens: int = 500,
    seed: int = 1,
    params: Mapping[str, float] | None = None,
    reverse: bool = False,
    rollout: str | None = None,
    planners: str = USUAL,
) -> IGRModel:
    """A model of a small scope with few citizens, not yet run."""
    scenario = Scenario(
        regime=regime,
        scope=scope,
        months=months,
        citizens=citizens,
        params=dict(params or {}),
        reverse=reverse,
        rollout=rollout,
        planners=planners,
    )
    return IGRModel(scenario, seed=seed)


def of_levers(*levers: str) -> Regime:
    """A regime of some levers, in force from the first month."""
    return Regime("+".join(levers), "made up", "assumption", levers)


def believe(world: World, kind: type[Params], **numbers: float) -> None:
    """Set numbers of a world at a limit that lies outside their plausible range."""
    group: Any = world.params[kind]
    world.params._made[kind.group] = replace(group, **numbers)


def decree(world: World, **rules: float) -> None:
    """Put one ruling in force everywhere."""
    world.rules.rulings = (Ruling(**rules),) * world.spaces


def staff_hubs(world: World) -> None:
    """Give every space a hub with posts enough for whatever comes in."""
    for space, code in enumerate(world.geography.spaces.codes):
        hub = Hub(world.host, space=space, code=code, opened=0)
        hub.filled = 1000.0
        hub.coverage = dict.fromkeys(hub.coverage, 1.0)
        world.hubs[space] = hub


def sums(model: IGRModel) -> dict[str, float]:
    """Sums of a run's counts over months, municipalities and spaces."""
    total: dict[str, float] = {"months": float(model.case.months)}

    def record(world: World, counts: dict[str, dict[str, NDArray[np.int64]]]) -> None:
        for name, values in counts["space"].items():
            total[name] = total.get(name, 0.0) + float(values.sum())

    model.record = record
    while model.month < model.case.months:
        model.step()
    return total


def begin(world: World, month: int) -> None:
    """Turn to a month, nothing of which has happened yet."""
    world.month = month
    world.now = Month.begin(len(world.municipalities), world.spaces)


class Settled(Draws):
    """Draws of which some come out as low as they can: a chance above zero is then a certainty."""

    def __init__(self, draws: Draws, *purposes: str) -> None:
        super().__init__(draws.seed, draws.replication)
        self.purposes = purposes

    def __getitem__(self, purpose: str) -> Stream:
        stream = super().__getitem__(purpose)
        return Sure(stream) if purpose in self.purposes else stream


class Sure(Stream):
    """A stream of zeros."""

    def __init__(self, stream: Stream) -> None:
        self.purpose, self.key = stream.purpose, stream.key

    def uniform(self, *identities: Any) -> NDArray[np.float64]:
        """Zero for each element of the broadcast identities."""
        return np.zeros(np.broadcast_shapes(*(np.shape(i) for i in identities)))

    def one(self, *identities: int) -> float:
        """Zero."""
        return 0.0
