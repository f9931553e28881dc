"""Rival theories of how officials decide: under which of them the arms are run again, and the cells that takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from igrsim.kernel.errors import nearest
from igrsim.world.planners._base import rules

if TYPE_CHECKING:
    from igrsim.runs.study import Study


@dataclass(frozen=True)
class Rivals:
    """The theories that a study's contrasts are tried under.

    Attributes
    ----------
    own : str
        The theory of the study's own runs.
    planners : tuple of str
        The rivals, in the study's order.
    metrics : tuple of str
    """

    own: str
    planners: tuple[str, ...]
    metrics: tuple[str, ...]

    @property
    def every(self) -> tuple[str, ...]:
        """The study's own theory, and its rivals."""
        return (self.own, *self.planners)

    def words(self) -> str:
        """Under what the arms are run."""
        many = f"{len(self.planners)} rival {'theory' if len(self.planners) == 1 else 'theories'}"
        return f"every arm again under {many} of how officials decide, beside {self.own}: {', '.join(self.planners)}"

    def about(self) -> dict[str, Any]:
        """What the manifest says of it."""
        told = [
            {"name": name, "title": rules[name].title, "theory": rules[name].theory, "source": rules[name].source}
            for name in self.every
        ]
        return {"own": self.own, "planners": list(self.planners), "metrics": list(self.metrics), "theories": told}


def rivals_of(study: Study) -> Rivals | None:
    """The rivals a study asks for."""
    part = study.rivals
    if part is None:
        return None
    return Rivals(study.world.planners, tuple(part.planners), tuple(part.metrics or study.analysis.primary))


def faults_of_rivals(study: Study, most: int) -> Iterator[tuple[str, list[str], str]]:
    """What makes a study's theories of how officials decide impossible: words, the key at fault and a code.

    Parameters
    ----------
    most : int
        Runs of each pair of world and future at most.
    """
    if study.world.planners not in rules:
        words = f"unknown planners '{study.world.planners}'{nearest(study.world.planners, rules)}"
        yield words, ["world", "planners"], "E196"
    part = study.rivals
    if part is None:
        return
    from igrsim.metrics._base import metrics

    for number, name in enumerate(part.planners):
        if name not in rules:
            yield f"unknown planners '{name}'{nearest(name, rules)}", ["rivals", "planners", str(number)], "E196"
    if not part.planners:
        yield f"planners = []: name a rival of {study.world.planners}", ["rivals", "planners"], "E197"
    every = [study.world.planners, *part.planners]
    for name in dict.fromkeys(n for n in every if every.count(n) > 1):
        whose = "is how officials decide in every arm already" if name == every[0] else "is named twice"
        yield f"planners '{name}' {whose}: no rival", ["rivals", "planners"], "E197"
    if (count := len(study.arms) * len(every)) > most:
        words = f"{count} runs for each pair of futures and worlds; at most {most}: fewer rivals, worlds or futures"
        yield words, ["rivals", "planners"], "E158"
    known = [name for name, metric in metrics.items() if metric.level != "pair"]
    for metric in part.metrics or study.analysis.primary:
        if metric not in known:
            where = ["rivals", "metrics"] if part.metrics else ["analysis", "primary"]
            words = f"no rivals over metric '{metric}'{nearest(metric, known)}: one that a single run has is needed"
            yield words, where, "E198"
