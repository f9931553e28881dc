"""Cells that a study leaves out: futures in which a condition holds, of some arms or of all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from igrsim.kernel.errors import InputError, nearest
from igrsim.runs.futures import design, pairs, varied
from igrsim.runs.study.condition import Condition, parse
from igrsim.runs.study.size import looks_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from igrsim.runs.study.checking_futures import Fault
    from igrsim.runs.study.parts import ExcludePart, Study


def left_out(study: Study, futures: list[dict[str, float]]) -> set[tuple[str, int]]:
    """Arm and future of the cells that a study leaves out."""
    found = set()
    for part in study.exclude:
        for arm in part.arms or study.arms:
            found |= {(arm, future) for future, out in enumerate(_holds(study, part, arm, futures)) if out}
    return found


def cells_left_out(study: Study) -> int:
    """How many cells of its arms a study leaves out."""
    if not study.exclude:
        return 0
    out = left_out(study, _futures(study))
    return sum((arm, future) in out for arm in study.arms for future, _ in pairs(study.futures, looks_of(study)[-1]))


def without_effect(study: Study) -> list[str]:
    """Words on every exclusion that leaves nothing out."""
    if not study.exclude:
        return []
    futures = _futures(study)
    return [
        f"[[exclude]] when = '{part.when}' leaves nothing out: it holds in none of {len(futures)} futures"
        for part in study.exclude
        if not any(_holds(study, part, arm, futures).any() for arm in part.arms or study.arms)
    ]


def _futures(study: Study) -> list[dict[str, float]]:
    """The futures, with no more parameters than the conditions are about where the others are drawn on their own."""
    part = study.futures
    if part.method == "lhs":
        names = {name for one in study.exclude for name in _condition(study, one).names}
        part = part.model_copy(update={"vary": sorted(names)})
    return design(part, study.replication.seed, study.calibrated)


def _condition(study: Study, part: ExcludePart) -> Condition:
    return parse(part.when or "", [p.name for p in varied(study.futures)])


def _holds(study: Study, part: ExcludePart, arm: str, futures: list[dict[str, float]]) -> NDArray[np.bool_]:
    """In which futures a condition holds in an arm, whose own values stand over the future's."""
    import numpy as np

    condition, own = _condition(study, part), study.choices(arm)
    values = {name: np.array([own.get(name, future[name]) for future in futures]) for name in condition.names}
    return np.broadcast_to(condition.holds(values), (len(futures),))


def arms_left_out(study: Study) -> set[str]:
    """Arms that are left out altogether: named without a condition, as when the study extended has them."""
    return {arm for part in study.exclude if part.when is None for arm in part.arms}


def faults_of_names(study: Study) -> Iterator[Fault]:
    """What is wrong with the arms that a study leaves out, wholly or in part."""
    for number, part in enumerate(study.exclude):
        where = ["exclude", str(number)]
        if not part.arms and part.when is None:
            words = '[[exclude]] needs arms = [...], when = "a condition on varied parameters", or both'
            yield words, where, "E224"
        for place, arm in enumerate(part.arms):
            at = [*where, "arms", str(place)]
            if arm not in study.arms:
                yield f"unknown arm '{arm[:80]}'{nearest(arm, study.arms)}", at, "E223"
            if arm == study.reference:
                words = f"'{arm}' is the reference, with which the others are compared: it cannot be left out"
                yield words + (" (without arms, futures are left out of every arm)" if part.when else ""), at, "E224"


def faults_of_conditions(study: Study) -> Iterator[Fault]:
    """What is wrong with the conditions under which cells are left out."""
    if not study.exclude:
        return
    for number, part in enumerate(study.exclude):
        where = ["exclude", str(number), "when"]
        if study.futures.method in ("sobol", "morris"):
            words = f"futures of method '{study.futures.method}' are analysed together: none can be left out"
            yield words, where, "E224"
        if study.futures.method == "none":
            yield "there are no futures: nothing is varied that a condition could be about", where, "E224"
        if study.ladder and part.arms:
            yield "a ladder needs both its arms in every future: leave arms out of [[exclude]]", where, "E224"
        try:
            _condition(study, part)
        except InputError as error:
            spot = study.whereabouts.inside(where, error.column or 1)
            error.file, error.line, error.column = spot.file, spot.line, spot.column
            raise
    futures = _futures(study)
    out = left_out(study, futures)
    run = {future for future, _ in pairs(study.futures, looks_of(study)[0])}
    for arm in study.arms:
        if all((arm, future) in out for future in run):
            yield (
                f"nothing is left of arm '{arm}': the conditions hold in every future that is run",
                ["exclude"],
                "E224",
            )
