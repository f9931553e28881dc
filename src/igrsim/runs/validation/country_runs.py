"""Runs of the whole country that several patterns look at: each is run once, and only its counts are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from igrsim.metrics._base import metrics
from igrsim.model import IGRModel, Scenario
from igrsim.phases import MONTH
from igrsim.phases.travel import travel
from igrsim.plans.pipeline import Pipeline
from igrsim.regimes.regime import Regime
from igrsim.runs.validation.finding import USUAL, Values
from igrsim.world.events import Event
from igrsim.world.world import World

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

YEARS_3, YEARS_4, YEARS_5 = 36, 48, 60
"""Three years see the first hubs at work; four what they agreed fall due and what they built stand; five many a year-end."""
CITIZENS = 500
"""They stay at home: travel is not looked at."""

MOST = 16
"""Runs kept at a time: all that the patterns look at with every parameter at its default."""

SET = {
    "posts": "district-hub.posts",
    "retire": "district-hub.retire",
    "partnership_spread": "centres.partnership_spread",
}


@dataclass(frozen=True)
class Lived:
    """What a run left.

    Attributes
    ----------
    spaces : dict of str to (months, spaces) int
        Counts.
    towns : dict of str to (months, municipalities) int
        Counts.
    codes : tuple of str
        Of the spaces.
    province : (spaces,) int
    hubs_open : (months, spaces) bool
        Where a regime has started.
    pipeline : Pipeline
        As it stood at the end.
    inherited : (n,) int
        Items that were committed before the study.
    """

    spaces: dict[str, I64]
    towns: dict[str, I64]
    codes: tuple[str, ...]
    province: I64
    hubs_open: NDArray[np.bool_]
    pipeline: Pipeline
    inherited: I64

    def total(self, months: int | slice) -> dict[str, float]:
        """Counts summed over some months, the first so many or a slice of them, and all spaces."""
        which = slice(months) if isinstance(months, int) else months
        found = {name: float(values[which].sum()) for name, values in self.spaces.items()}
        return found | {"months": float(len(next(iter(self.spaces.values()))[which]))}

    def value(self, metric: str, months: int | slice) -> float:
        """A metric over some months and the whole scope."""
        return float(metrics[metric].value({n: np.asarray(v, dtype=np.float64) for n, v in self.total(months).items()}))

    def by_province(self, metric: str) -> F64:
        """A metric of each province over the whole run."""
        sums = {
            name: np.bincount(self.province, weights=values.sum(axis=0)).astype(np.float64) for name, values in self.spaces.items()
        }  # fmt: skip
        return np.asarray(metrics[metric].value(sums))


def live(
    regime: str | Regime,
    months: int = YEARS_5,
    params: Values = USUAL,
    events: tuple[Event, ...] = (),
    scope: str = "country",
    befall: Callable[[World], None] | None = None,
) -> Lived:
    """Live some years from April 2019 and keep the counts.

    Parameters
    ----------
    befall : callable, optional
        Called with the world before each month.
    """
    model = IGRModel(
        Scenario(regime=regime, scope=scope, months=months, citizens=CITIZENS, params=dict(params), events=events),
        seed=1,
    )
    spaces: dict[str, list[I64]] = {}
    towns: dict[str, list[I64]] = {}

    begun: list[NDArray[np.bool_]] = []

    def record(world: World, counts: dict[str, dict[str, I64]]) -> None:
        for kept, level in ((spaces, "space"), (towns, "municipality")):
            for name, values in counts[level].items():
                kept.setdefault(name, []).append(np.array(values))

        begun.append(np.isin(np.arange(world.spaces), list(world.hubs)))

    model.record = record
    # nothing that governments do to each other hangs on whether people travel
    model.phases = tuple(phase for phase in MONTH if phase is not travel)
    world = model.world
    inherited = np.zeros(0, np.int64)
    while model.month < months:
        if befall:
            world.month = model.month
            befall(world)
        model.step()
        if model.month == 1:
            inherited = world.works.item[world.works.begun < 0].copy()
    return Lived(
        {name: np.stack(values) for name, values in spaces.items()},
        {name: np.stack(values) for name, values in towns.items()},
        world.geography.spaces.codes,
        world.space_province,
        np.stack(begun),
        world.pipeline,
        inherited,
    )


def country(regime: str | Regime, months: int = YEARS_5, values: Values = USUAL, **params: float) -> Lived:
    """A run of the country, lived once; parameters by their addresses, or by the short names of ``SET``."""
    all_values = dict(values) | {SET[name]: value for name, value in params.items()}
    return _lived(regime, months, tuple(sorted(all_values.items())))


def forget() -> None:
    """Let go of the runs that are kept."""
    _lived.cache_clear()


@lru_cache(maxsize=MOST)
def _lived(regime: str | Regime, months: int, values: tuple[tuple[str, float], ...]) -> Lived:
    return live(regime, months, dict(values))
