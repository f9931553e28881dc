"""What the manifest knows about a metric, as pictures need it."""

from __future__ import annotations

from dataclasses import dataclass

from igrsim.kernel.errors import InputError, nearest
from igrsim.results.results import Results
from igrsim.views.numbers import plain


@dataclass(frozen=True)
class Metric:
    """One metric's passport."""

    name: str
    family: str
    unit: str
    better: str
    meaning: str
    rests_on: tuple[str, ...]
    headline: bool
    people: bool

    @property
    def title(self) -> str:
        """Its name as words."""
        return plain(self.name)


def metrics_of(results: Results) -> list[Metric]:
    """Every metric of a study, in the manifest's order."""
    return [
        Metric(
            name=str(given["name"]),
            family=str(given.get("family", "")),
            unit=str(given["unit"]),
            better=str(given.get("better", "neither")),
            meaning=str(given.get("meaning", "")),
            rests_on=tuple(given.get("rests_on") or ()),
            headline=bool(given.get("headline", False)),
            people=bool(given.get("people", False)),
        )
        for given in results.manifest["metrics"]
    ]


def metric_of(results: Results, name: str) -> Metric:
    """One metric of a study by its name."""
    known = {metric.name: metric for metric in metrics_of(results)}
    if name not in known:
        raise InputError(f"unknown metric '{name}'{nearest(name, known)}", code="E110")
    return known[name]


def arm_of(results: Results, name: str) -> str:
    """An arm's name, if the study has it."""
    if name not in results.arms:
        raise InputError(f"unknown arm '{name}'{nearest(name, results.arms)}", code="E110")
    return name


def headlines(results: Results) -> list[Metric]:
    """The metrics a study answers first; without any marked so, the first of each family."""
    known = metrics_of(results)
    marked = [metric for metric in known if metric.headline]
    if marked:
        return marked
    firsts: dict[str, Metric] = {}
    for metric in known:
        firsts.setdefault(metric.family, metric)
    return list(firsts.values())
