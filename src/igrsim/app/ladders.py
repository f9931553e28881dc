"""A lever ladder computed for the page: in steps, each finer than the last, within bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tomli_w

from igrsim.app.api import Bounds, fits, unaudited
from igrsim.app.drawing import Drawn, draw
from igrsim.app.ladder_told import told_of
from igrsim.app.scenario import Scenario, read_document
from igrsim.kernel.errors import InputError
from igrsim.runs.ladder import Ladder, make_ladder
from igrsim.runs.layout import Cell, Plan, lay_out
from igrsim.runs.study import Study, make_study

STEPS = ((2, 1), (4, 2), (4, 4), (8, 4), (8, 8), (16, 8), (16, 16))
"""Orders in which levers join, and worlds, of one picture after the other: the first says how much, those after it how surely."""
FILE = "ladder.toml"
"""Name under which the study file is offered."""


@dataclass(frozen=True)
class Step:
    """One picture of a ladder: in how many orders levers join, in how many worlds, and what that takes in all."""

    orders: int
    worlds: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Climb:
    """A ladder of a scenario's two arms, laid out.

    Attributes
    ----------
    metrics : tuple of str
        Whose difference is shared out.
    plan : Plan
        Of the last step.
    levers : tuple of str
        Those the reference lacks.
    steps : tuple of Step
    whole : bool
        Whether the last step is the finest there is; bounds have cut the others off otherwise.
    """

    scenario: Scenario
    metrics: tuple[str, ...]
    plan: Plan
    levers: tuple[str, ...]
    steps: tuple[Step, ...]
    whole: bool

    def about(self) -> dict[str, Any]:
        """What the page says before anything is computed."""
        return {
            "arm": self.scenario.arms[1].name,
            "levers": list(self.levers),
            "steps": [{"orders": s.orders, "worlds": s.worlds, "runs": len(s.cells)} for s in self.steps],
            "whole": self.whole,
            **offered(self.scenario, self.metrics, self.steps[-1].orders, self.steps[-1].worlds),
        }


def as_study(scenario: Scenario, metrics: Sequence[str], orders: int) -> dict[str, Any]:
    """The study file's tables, with the ladder of the scenario's second arm."""
    ladder = {"arm": scenario.arms[1].name, "permutations": orders, "metrics": list(metrics)}
    return scenario.as_study() | {"ladder": ladder}


def offered(scenario: Scenario, metrics: Sequence[str], orders: int, worlds: int) -> dict[str, str]:
    """The study file that computes one step, and the command that runs it."""
    seen = scenario.model_copy(update={"worlds": worlds})
    return {"toml": tomli_w.dumps(as_study(seen, metrics, orders)), "command": f"igrsim run {FILE}"}


def why_none(scenario: Scenario, arm: str) -> str | None:
    """Why an arm of a scenario has no ladder, in one line; None where it can have one."""
    arms = [one for one in scenario.arms if one.name == arm or one is scenario.arms[0]]
    try:
        _study(scenario.model_copy(update={"arms": tuple(arms)}), (), 2)
    except InputError as error:
        return error.message
    return None


def lay_out_ladder(scenario: Scenario, metrics: Sequence[str], bounds: Bounds) -> Climb:
    """A ladder's cells, step by step, as far as bounds go.

    Raises
    ------
    InputError
        There is no ladder between these arms, or its first step asks for more than this machine computes for a page.
    """
    if len(scenario.arms) != 2:
        raise InputError("a ladder has two arms: the reference and the one that is taken apart", code="E397")
    wanted = [(orders, min(worlds, scenario.worlds)) for orders, worlds in STEPS]
    orders, worlds = wanted[-1]
    # the finest that is within bounds: what is beyond is not laid out
    for orders, worlds in reversed(wanted):
        study = _study(scenario.model_copy(update={"worlds": worlds}), metrics, orders)
        found = _ladder(study, orders)
        if len(found.coalitions) * worlds <= bounds.ladder_runs:
            break
    else:
        words = f"{len(found.coalitions)} runs for a first answer: the page computes at most {bounds.ladder_runs}; igrsim run computes more"
        raise InputError(words, code="E416")
    plan = lay_out(study)
    fits(plan, bounds)
    steps: list[Step] = []
    for each, most in wanted:
        if each > orders or most > worlds:
            break
        coalitions = set(_ladder(study, each).coalitions)
        rungs = {
            cell.digest: cell for (names, _, world), cell in plan.rungs.items() if names in coalitions and world < most
        }
        if steps and len(rungs) == len(steps[-1].cells):
            # more orders of the same runs cost nothing
            steps.pop()
        steps.append(Step(each, most, tuple(rungs.values())))
    return Climb(scenario, tuple(metrics), plan, found.levers, tuple(steps), (orders, worlds) == wanted[-1])


def _study(scenario: Scenario, metrics: Sequence[str], orders: int) -> Study:
    return unaudited(make_study(as_study(scenario, metrics, orders)))


def _ladder(study: Study, orders: int) -> Ladder:
    part = study.ladder
    assert part is not None
    added = set(study.regime(part.arm).levers) - set(study.regime(study.reference).levers)
    return make_ladder(part.arm, part.metrics, added, orders, study.replication.seed)


def draw_ladder(document: dict[str, Any], asked: dict[str, Any], key: str) -> Drawn:
    """A worker's task: a ladder's step whose cells are all there, as the page reads it.

    Parameters
    ----------
    asked : dict
        The step's ``orders``, the ``metrics``, and the ``folder`` of the store.
    """
    scenario, metrics, orders = read_document(document), asked["metrics"], asked["orders"]
    offer = offered(scenario, metrics, orders, scenario.worlds)
    about = {"worlds": scenario.worlds, **offer}
    study = _study(scenario, metrics, orders)
    return draw(key, study, asked["folder"], offer["command"], lambda found: {**(told_of(found) or {}), **about})
