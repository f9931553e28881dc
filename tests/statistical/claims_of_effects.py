"""Claims about effects: intervals cover as often as they say, and chance seldom passes for a finding."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from tier import claim, too_few, too_many

from igrsim.results.effects import Analysis, adjusted, effect, judged, reach
from igrsim.results.spread import Part, apart

F64 = NDArray[np.float64]
Luck = np.random.Generator
STUDIES = 500
COVERS, ALARMS = 0.95, 0.05


def ids(futures: int, worlds: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Future and world of each pair, every future with every world."""
    future, world = np.meshgrid(np.arange(futures), np.arange(worlds), indexing="ij")
    return future.ravel(), world.ravel()


def crossed(luck: Luck, futures: int, worlds: int) -> tuple[F64, F64, F64]:
    """Differences that vary by future (spread 1), by world (0.5) and by pair (0.3); and each future's and world's part."""
    of_future, of_world = luck.normal(0, 1, futures), luck.normal(0, 0.5, worlds)
    own = luck.normal(0, 0.3, (futures, worlds))
    return (of_future[:, None] + of_world + own).ravel(), of_future, of_world


def study(values: F64, analysis: Analysis, margin: float = 2.0) -> tuple[F64, F64, list[str]]:
    """Adjusted probabilities and verdicts of (metrics, pairs) differences, as the table of effects judges them."""
    primary = np.array([analysis.primary is None or f"m{i}" in analysis.primary for i in range(len(values))])
    found = [effect(one, np.zeros(len(one)), "lower", material=margin, looks=analysis.looks) for one in values]
    different = adjusted(np.array([one.p for one in found]), primary, analysis)
    equal = adjusted(np.array([one.p_equal for one in found]), primary, analysis)
    return different, equal, [judged(*row) for row in zip(found, ["lower"] * len(found), different, equal, strict=True)]


def within(part: Part | None, mean: float, truth: float) -> bool:
    """Whether the interval of a mean that only this part makes unsure holds the truth."""
    assert part is not None
    return abs(mean - truth) <= reach([part])


@claim
def the_mean_of_independent_pairs_lies_in_its_interval(luck: Luck) -> float:
    hits = 0
    for values in luck.normal(3.0, 1.0, (STUDIES, 8)):
        found = effect(values, np.zeros(8), "neither")
        hits += found.mean_low <= 3.0 <= found.mean_high
    return too_few(hits, STUDIES, COVERS)


@claim
def the_mean_of_futures_drawn_in_blocks_lies_in_its_interval(luck: Luck) -> float:
    # Saltelli's blocks: A, then A with each number in turn from B, then B
    hits = 0
    for _ in range(STUDIES):
        a, b = luck.uniform(size=(2, 16, 1, 5))
        swapped = np.concatenate([a, np.where(np.eye(5, dtype=bool), b, a), b], axis=1)
        values = (swapped * np.arange(1.0, 6.0)).sum(axis=2).ravel()
        found = effect(values, np.zeros(len(values)), "neither", futures=np.arange(len(values)), together=7)
        hits += found.mean_low <= 7.5 <= found.mean_high
    return too_few(hits, STUDIES, COVERS)


@claim
def one_more_plausible_world_lies_in_the_headline_interval(luck: Luck) -> float:
    hits = 0
    for values in luck.normal(3.0, 1.0, (STUDIES, 9)):
        found = effect(values[:8], np.zeros(8), "neither")
        hits += found.low <= values[8] <= found.high
    return too_few(hits, STUDIES, COVERS)


@claim
def the_mean_over_futures_and_worlds_lies_in_its_interval(luck: Luck) -> float:
    future, world = ids(8, 6)
    hits = 0
    for _ in range(STUDIES):
        values, _, _ = crossed(luck, 8, 6)
        found = effect(values, np.zeros(48), "neither", futures=future, worlds=world)
        hits += found.mean_low <= 0 <= found.mean_high
    return too_few(hits, STUDIES, COVERS)


@claim
def one_more_future_and_world_lies_in_the_headline_interval(luck: Luck) -> float:
    future, world = ids(8, 6)
    hits = 0
    for _ in range(STUDIES):
        values, _, _ = crossed(luck, 8, 6)
        found = effect(values, np.zeros(48), "neither", futures=future, worlds=world)
        hits += found.low <= luck.normal(0, (1 + 0.25 + 0.09) ** 0.5) <= found.high
    return too_few(hits, STUDIES, COVERS)


@claim
def other_worlds_in_the_same_futures_lie_in_the_interval_of_worlds(luck: Luck) -> float:
    future, world = ids(8, 6)
    hits = 0
    for _ in range(STUDIES):
        values, of_future, _ = crossed(luck, 8, 6)
        hits += within(apart(values, future, world).worlds, values.mean(), of_future.mean())
    return too_few(hits, STUDIES, COVERS)


@claim
def other_futures_with_the_same_worlds_lie_in_the_interval_of_futures(luck: Luck) -> float:
    future, world = ids(8, 6)
    hits = 0
    for _ in range(STUDIES):
        values, _, of_world = crossed(luck, 8, 6)
        hits += within(apart(values, future, world).futures, values.mean(), of_world.mean())
    return too_few(hits, STUDIES, COVERS)


@claim
def worlds_of_a_future_of_their_own_lie_in_the_interval_of_worlds(luck: Luck) -> float:
    world = np.arange(20)
    future = world % 5
    hits = 0
    for _ in range(STUDIES):
        of_future = luck.normal(0, 1, 5)
        values = of_future[future] + luck.normal(0, 0.7, 20)
        hits += within(apart(values, future, world).worlds, values.mean(), of_future.mean())
    return too_few(hits, STUDIES, COVERS)


def family(luck: Luck, pairs: int, truth: F64) -> F64:
    """Differences of several metrics that share half of their luck, about their true means."""
    return truth[:, None] + luck.normal(0, 1, pairs) + luck.normal(0, 1, (len(truth), pairs))


def differs(words: list[str]) -> NDArray[np.bool_]:
    """Contrasts whose verdict says that there is a difference."""
    return np.array([said.startswith(("higher", "lower")) for said in words])


@claim
def no_primary_contrast_of_none_is_found_more_often_than_one_study_in_twenty(luck: Luck) -> float:
    alarms = 0
    for _ in range(STUDIES):
        different, _, words = study(family(luck, 10, np.zeros(6)), Analysis())
        alarms += bool((differs(words) | (different <= ALARMS)).any())
    return too_many(alarms, STUDIES, ALARMS)


@claim
def nor_beside_others_that_are_there(luck: Luck) -> float:
    truth = np.array([0.0, 4.0, 0.0, -6.0, 0.0, 9.0])
    alarms = 0
    for _ in range(STUDIES):
        different, _, words = study(family(luck, 12, truth), Analysis())
        alarms += bool((differs(words) | (different <= ALARMS))[truth == 0].any())
    return too_many(alarms, STUDIES, ALARMS)


@claim
def what_is_material_is_seldom_called_immaterial(luck: Luck) -> float:
    # at the margin, where it is hardest
    alarms = 0
    for _ in range(STUDIES):
        _, equal, words = study(family(luck, 20, np.array([2.0, -2.0, 2.0])), Analysis(), margin=2.0)
        alarms += bool((equal <= ALARMS).any() or any(said.startswith("no material") for said in words))
    return too_many(alarms, STUDIES, ALARMS)


@claim
def exploratory_findings_are_seldom_all_chance(luck: Luck) -> float:
    alarms = 0
    for _ in range(STUDIES):
        different, _, _ = study(family(luck, 10, np.zeros(12)), Analysis(primary=("m0", "m1")))
        alarms += bool((different[2:] <= ALARMS).any())
    return too_many(alarms, STUDIES, ALARMS)
