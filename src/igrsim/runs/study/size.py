"""How large a study is: after how many worlds it may stop, its pairs of worlds and futures, its cells."""

from __future__ import annotations

from igrsim.runs.futures import count
from igrsim.runs.ladder import ladder_of
from igrsim.runs.rivals import rivals_of
from igrsim.runs.study.parts import Study


def looks_of(study: Study) -> tuple[int, ...]:
    """Numbers of worlds after which a study may stop; the only one, where their number is fixed.

    They double. Where worlds go round the futures, each look has every future equally often: the most worlds allowed are
    rounded down to whole rounds.
    """
    worlds = study.replication.worlds
    if isinstance(worlds, int):
        return (worlds,)
    n = count(study.futures) if study.futures.pairing == "cycled" else 1
    each = n if n < worlds.max else 1
    cap, wanted = worlds.max // each * each, worlds.min
    found: list[int] = []
    while not found or found[-1] < cap:
        found.append(min(-(-wanted // each) * each, cap))
        wanted = 2 * found[-1]
    return tuple(found)


def pairs_of(study: Study) -> int:
    """In how many pairs of world and future each arm is run, at most."""
    return looks_of(study)[-1] * (count(study.futures) if study.futures.pairing == "crossed" else 1)


def cells_of(study: Study) -> int:
    """How many runs: of each arm, of each combination of levers that is no arm, of each arm under each rival theory, and the audit's."""
    rungs, rivals = ladder_of(study), rivals_of(study)
    again = len(rivals.planners) * len(study.arms) if rivals else 0
    further = len(rungs.coalitions) - 2 if rungs else 0
    audit = study.analysis.audit and not has_twins(study)
    return pairs_of(study) * (len(study.arms) + further + again) + audit


def has_twins(study: Study) -> bool:
    """Whether two arms are one and the same: the study is itself an audit."""
    found = set()
    for name, arm in study.arms.items():
        regime = study.regime(name)
        choices = tuple(sorted(study.choices(name).items()))
        found.add(
            (
                tuple(sorted(regime.levers)),
                regime.terms,
                choices,
                regime.shared_hubs,
                arm.rollout or regime.rollout,
                arm.limits,
            )
        )
    return len(found) < len(study.arms)
