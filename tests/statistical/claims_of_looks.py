"""Claims about the autopilot: looking more than once, and stopping when something is found, raises no false alarms."""

from __future__ import annotations

import numpy as np
from claims_of_effects import ALARMS, COVERS, F64, Luck
from tier import claim, too_few, too_many

from igrsim.results.effects import Analysis, Effect, adjusted, effect
from igrsim.results.verdict import LEVEL
from igrsim.runs.autopilot import decided
from igrsim.runs.study.parts import ArmPart, FuturesPart, ReplicationPart, Study, WorldsPart
from igrsim.runs.study.size import looks_of

STUDIES = 500
COVERS_ONE_MORE = 0.94
"""A study that stops when it has found something stops sooner where its few worlds happen to be alike."""


def study_of(fewest: int, most: int, futures: int) -> Study:
    """A study that looks after so many worlds, with futures in turn."""
    return Study(
        title="looks",
        arms={"a": ArmPart(regime="siloed")},
        futures=FuturesPart(n=futures),
        replication=ReplicationPart(worlds=WorldsPart(min=fewest, max=most)),
    )


def flown(
    values: F64, looks: tuple[int, ...], futures: int, analysis: Analysis, margin: float = 1e-9
) -> tuple[list[Effect], F64, int]:
    """(contrasts, worlds) differences judged look by look until all are decided; effects, adjusted p and worlds taken."""
    first = np.ones(len(values), dtype=bool)
    for worlds in looks:
        future = np.arange(worlds) % futures
        found = [
            effect(
                one[:worlds], np.zeros(worlds), "neither", futures=future, worlds=np.arange(worlds), material=margin,
                looks=analysis.looks,
            )
            for one in values
        ]  # fmt: skip
        different = adjusted(np.array([one.p for one in found]), first, analysis)
        equal = adjusted(np.array([one.p_equal for one in found]), first, analysis)
        rows = zip(found, different, equal, strict=True)
        if all(decided(vars(one) | {"p_adjusted": p, "p_equal_adjusted": q}) for one, p, q in rows):
            break
    return found, different, worlds


def alarms_of(luck: Luck, contrasts: int, futures: int, corrected: bool = True) -> int:
    """In how many studies without any difference one is called found."""
    looks = looks_of(study_of(10, 160, futures))
    analysis = Analysis(looks=len(looks) if corrected else 1)
    alarms = 0
    for _ in range(STUDIES):
        of_future = luck.normal(0, 0.5, (contrasts, futures))
        values = of_future[:, np.arange(looks[-1]) % futures] + luck.normal(0, 1, (contrasts, looks[-1]))
        alarms += bool((flown(values, looks, futures, analysis)[1] <= LEVEL).any())
    return alarms


@claim
def a_single_contrast_of_none_is_found_at_no_look_more_often_than_it_should(luck: Luck) -> float:
    return too_many(alarms_of(luck, contrasts=1, futures=200), STUDIES, ALARMS)


@claim
def nor_is_one_of_several(luck: Luck) -> float:
    return too_many(alarms_of(luck, contrasts=3, futures=200), STUDIES, ALARMS)


@claim
def nor_where_few_futures_return_again_and_again(luck: Luck) -> float:
    return too_many(alarms_of(luck, contrasts=1, futures=8), STUDIES, ALARMS)


@claim
def an_interval_holds_the_mean_wherever_the_study_stopped(luck: Luck) -> float:
    looks = looks_of(study_of(10, 160, 200))
    analysis = Analysis(looks=len(looks))
    hits = 0
    for values in luck.normal(0.25, 1.0, (STUDIES, looks[-1])):
        (found,), _, _ = flown(values[None], looks, 200, analysis)
        hits += found.mean_low <= 0.25 <= found.mean_high
    return too_few(hits, STUDIES, COVERS)


@claim
def one_more_world_lies_in_the_headline_interval_wherever_the_study_stopped(luck: Luck) -> float:
    looks = looks_of(study_of(10, 160, 200))
    analysis = Analysis(looks=len(looks))
    hits = 0
    for values in luck.normal(0.25, 1.0, (STUDIES, looks[-1] + 1)):
        (found,), _, _ = flown(values[None, :-1], looks, 200, analysis)
        hits += found.low <= values[-1] <= found.high
    return too_few(hits, STUDIES, COVERS_ONE_MORE)


@claim
def what_is_material_is_called_immaterial_at_no_look_more_often_than_it_should(luck: Luck) -> float:
    looks = looks_of(study_of(10, 160, 200))
    analysis = Analysis(looks=len(looks))
    alarms = 0
    for values in luck.normal(0.5, 1.0, (STUDIES, looks[-1])):
        (found,), _, _ = flown(values[None], looks, 200, analysis, margin=0.5)
        alarms += analysis.looks * found.p_equal <= LEVEL
    return too_many(alarms, STUDIES, ALARMS)
