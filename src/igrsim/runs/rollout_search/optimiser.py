"""Schedules that none other beats, sought by a genetic algorithm (NSGA-III of pymoo) on the forecast of what spaces bring."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from igrsim.kernel.errors import InputError
from igrsim.results.frontier import spread_out, unbeaten
from igrsim.runs.rollout_search.plans import encoded

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

PARTITIONS = 12
"""Steps along each objective between the directions in which the frontier is sought: 91 directions for three."""
GENERATIONS = 120
MISSING = "a search needs the optimiser pymoo: pip install 'igrsim[search]'"


def optimiser() -> Any:
    """The optimiser's modules.

    Raises
    ------
    InputError
        If it is not installed.
    """
    try:
        names = ("algorithms.moo.nsga3", "core.problem", "optimize", "util.ref_dirs")
        return tuple(importlib.import_module(f"pymoo.{name}") for name in names)
    except ImportError:
        raise InputError(MISSING, code="E360") from None


def directions(objectives: int, partitions: int = PARTITIONS) -> F64:
    """Directions spread evenly over what weights there are (Das and Dennis)."""
    *_, ref_dirs = optimiser()
    return np.asarray(ref_dirs.get_reference_directions("das-dennis", objectives, n_partitions=partitions))


def sought(loss: Callable[[F64], F64], seeds: F64, seed: int, generations: int = GENERATIONS) -> tuple[F64, F64]:
    """Keys of schedules that none other found beats, and their losses.

    Parameters
    ----------
    loss : callable
        Losses (plans, objectives) of keys (plans, spaces).
    seeds : (plans, spaces) float
        Keys to begin with.
    seed : int
        Of the optimiser's own generator: nothing is drawn from any other.
    """
    nsga3, problem, optimise, _ = optimiser()
    first = loss(seeds)
    rays = directions(first.shape[1])
    # a population larger than the directions keeps every seed that none beats
    size = len(rays) + 9

    class Spaces(problem.Problem):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__(n_var=seeds.shape[1], n_obj=first.shape[1], xl=0.0, xu=1.0)

        def _evaluate(self, x: F64, out: dict[str, F64], *args: Any, **kwargs: Any) -> None:
            out["F"] = loss(np.clip(x, 0.0, 1.0))

    if len(seeds) < size:
        luck = np.random.default_rng(seed)
        # seeds again with some of their keys drawn anew
        again = seeds[np.arange(size - len(seeds)) % len(seeds)].copy()
        moved = luck.uniform(size=again.shape) < 0.15
        again[moved] = luck.uniform(size=int(moved.sum()))
        begin = np.vstack([seeds, again])
    else:
        begin = seeds
    done = optimise.minimize(
        Spaces(),
        nsga3.NSGA3(rays, pop_size=max(size, len(begin)), sampling=begin),
        ("n_gen", generations),
        seed=seed % 2**31,
        verbose=False,
    )
    keys = np.vstack([np.clip(done.pop.get("X").astype(float), 0.0, 1.0), seeds])
    losses = np.vstack([done.pop.get("F").astype(float), first])
    _, once = np.unique(keys, axis=0, return_index=True)
    once = np.sort(once)
    keys, losses = keys[once], losses[once]
    best = unbeaten(losses)
    return keys[best], losses[best]


def weighed(alone: F64, dates: I64) -> F64:
    """Keys of the schedules that are best if objectives are simply weighed and spaces do not touch one another.

    Parameters
    ----------
    alone : (dates, spaces, objectives) float
        What each space alone changes.
    """
    span = np.ptp(alone, axis=0).sum(axis=0)
    scaled = alone / np.where(span > 0, span, 1.0)
    found = []
    for ray in directions(alone.shape[2]):
        slots = (scaled * ray).sum(axis=2).argmin(axis=0)
        # within a wave, those that bring most of what is weighed come first
        worth = (scaled[-1] - scaled[0]) @ ray
        place = np.argsort(np.argsort(-worth, kind="stable"), kind="stable")
        found.append(encoded(dates[slots], place, dates))
    return np.unique(np.stack(found), axis=0)


def least_gain(losses: F64, than: F64, scale: F64) -> F64:
    """The smallest of each plan's improvements over a schedule, as a part of the scale of each objective.

    Parameters
    ----------
    losses : (plans, objectives) float
    than : (objectives,) float
    scale : (objectives,) float
    """
    return np.asarray(((than - losses) / scale).min(axis=1))


def to_try(losses: F64, rivals: Sequence[F64], scale: F64, count: int) -> list[int]:
    """Which plans of a forecast frontier to run: for each rival schedule the one that beats it by most, then far-apart ones."""
    taken: list[int] = []
    for rival in rivals:
        gain = least_gain(losses, rival, scale)
        best = int(np.argmax(gain))
        if gain[best] > 0 and best not in taken:
            taken.append(best)
    taken = taken[:count]
    return taken + spread_out(losses, count - len(taken), taken)
