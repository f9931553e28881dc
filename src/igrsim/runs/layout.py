"""The cells of a study, laid out: every arm in the same worlds and futures, and what else it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from igrsim.citizens.lives import REMEMBERED
from igrsim.government.hub import HubWork
from igrsim.kernel.clock import Clock
from igrsim.kernel.errors import InputError
from igrsim.kernel.params import ParamSet
from igrsim.places.geography import Geography, load_geography
from igrsim.places.peopled import peopled
from igrsim.places.scopes import geography_of, open_scope
from igrsim.regimes.granting import why_never
from igrsim.regimes.limits import limits_in_words
from igrsim.regimes.regime import preset
from igrsim.regimes.rollout import Rollout, is_file, plan_rollout
from igrsim.results.contributions import Coalition
from igrsim.runs.cell import CellSpec, file_digest
from igrsim.runs.futures import design, pairs
from igrsim.runs.ladder import Ladder, ladder_of, spec_with
from igrsim.runs.rivals import Rivals, rivals_of
from igrsim.runs.study import Study
from igrsim.runs.study.excluding import left_out
from igrsim.runs.study.size import looks_of

RUNG, RIVAL, AUDIT = "(ladder)", "(rivals)", "(audit)"
"""What stands for an arm's name in a cell that is none of the arms': a combination of levers, a rival theory, or one computed again."""
BASE_BYTES = 450e6
BYTES_A_CITIZEN = 52
BYTES_REMEMBERED = 130
"""What each need of a citizen has cost, where it is kept."""
BYTES_A_SPACE_MONTH = 12_000


@dataclass(frozen=True)
class Cell:
    """One cell in its place in the study's design."""

    ordinal: int
    arm: str
    future: int
    world: int
    spec: CellSpec
    digest: str


@dataclass(frozen=True)
class Plan:
    """The cells of a study, laid out.

    Attributes
    ----------
    cells : tuple of Cell
        Those of the arms.
    futures : list of dict
        Parameter values of each future.
    rollouts : dict of str to Rollout
        By arm.
    citizens : int
        People simulated.
    population : int
    ladder : Ladder or None
    rungs : dict of (coalition, future, world) to Cell
        The cells that a ladder needs, those of its two arms among them.
    rivals : Rivals or None
    rival_cells : dict of (arm, planners, future, world) to Cell
        The arms' cells again, under rival theories of how officials decide.
    further : tuple of Cell
        Those that are no arm's: kept in the store like any other, not in the tables of arms.
    audit : Cell or None
        The reference's first cell, to be computed a second time; one of the further ones. None where a whole arm is.
    excluded : int
        Cells of arms that the study leaves out.
    worlds : int
        How many replications there are.
    """

    study: Study
    cells: tuple[Cell, ...]
    futures: list[dict[str, float]]
    rollouts: dict[str, Rollout]
    citizens: int
    population: int
    ladder: Ladder | None = None
    rungs: dict[tuple[Coalition, int, int], Cell] = field(default_factory=dict)
    further: tuple[Cell, ...] = ()
    audit: Cell | None = None
    rivals: Rivals | None = None
    rival_cells: dict[tuple[str, str, int, int], Cell] = field(default_factory=dict)
    excluded: int = 0
    worlds: int = 0

    @property
    def every_cell(self) -> tuple[Cell, ...]:
        """The arms' cells, and those that are no arm's."""
        return (*self.cells, *self.further)

    @property
    def cell_bytes(self) -> float:
        """Memory that a worker needs, roughly."""
        geography = geography_of(self.study.world.scope)
        memory = BYTES_REMEMBERED if self.citizens <= REMEMBERED else 0
        return (
            BASE_BYTES
            + (BYTES_A_CITIZEN + memory) * self.citizens
            + BYTES_A_SPACE_MONTH * len(geography.spaces) * self.study.world.months
        )


def _dated(study: Study, name: str, rollout: str, geography: Geography, clock: Clock) -> Rollout:
    """When each space of an arm is to start; refused where what there is never suffices."""
    regime, limits = study.regime(name), study.arms[name].limits
    country = load_geography()
    known = set(geography.spaces.codes) <= set(country.spaces.codes)
    found = plan_rollout(rollout, geography, clock, country)
    found = replace(found, limits=limits.over(found.limits), shared=found.shared or regime.shared_hubs)
    if found.limits:
        whole = country if known else geography
        params = ParamSet(study.params(name, {}))
        levers = [kind(params) for kind in regime.lever_types()]
        by_month = regime.posts_by_month(levers, whole.spaces.codes, found.shared, clock)
        posts = [max(each) for each in zip(*by_month.values(), strict=True)]
        everywhere = replace(plan_rollout(rollout, whole, clock, country), limits=found.limits)
        reason = why_never(everywhere, posts, params[HubWork].rand_per_post, clock)
        if reason:
            raise InputError(f"arm '{name}', roll-out '{rollout}': {reason}", code="E407")
    return found


def lay_out(study: Study, worlds: int | None = None) -> Plan:
    """Lay out a study's cells: every arm in the same worlds and futures.

    Parameters
    ----------
    worlds : int, optional
        How many; as many as there may be, without it.
    """
    worlds = worlds or looks_of(study)[-1]
    points = Path(study.world.points) if study.world.points else None
    forums = Path(study.world.forums) if study.world.forums else None
    geography, _ = open_scope(study.world.scope, points)
    geography = peopled(geography, study.world.people)
    population = int(geography.settlements.population.sum())
    citizens = population if study.world.citizens == "everyone" else min(int(study.world.citizens), population)
    clock = Clock(study.world.start, study.world.months)
    futures = design(study.futures, study.replication.seed, study.calibrated)
    rollouts = {}
    cells: list[Cell] = []
    out = left_out(study, futures)
    excluded = 0
    seen: dict[str, str] = {}
    for name, arm in study.arms.items():
        regime = study.regime(name)
        rollout = arm.rollout or regime.rollout
        rollouts[name] = _dated(study, name, rollout, geography, clock)
        # hundreds of numbers, the same in every world: once in memory, not once a cell
        given: dict[int, tuple[tuple[str, float], ...]] = {}
        for future, world in pairs(study.futures, worlds):
            if (name, future) in out:
                excluded += 1
                continue
            if future not in given:
                given[future] = tuple(sorted(study.params(name, futures[future]).items()))
            scope = study.world.scope
            spec = CellSpec(
                regime=regime.name,
                levers=tuple(sorted(regime.levers)),
                rollout=rollout,
                rollout_digest=file_digest(Path(rollout)) if is_file(rollout) else "",
                scope=scope if isinstance(scope, str) else tuple(scope),
                start=study.world.start.isoformat(),
                months=study.world.months,
                citizens=citizens,
                params=given[future],
                seed=study.replication.seed,
                world=world,
                points=study.world.points,
                points_digest=file_digest(points) if points else "",
                forums=study.world.forums,
                forums_digest=file_digest(forums) if forums else "",
                terms=tuple(sorted(term.address for term in regime.terms)),
                shared_hubs=regime.shared_hubs,
                events=tuple(study.event),
                planners=study.world.planners,
                people=study.world.people,
                money=arm.limits.money,
                specialists=arm.limits.specialists,
                trained=arm.limits.trained,
            )
            if seen.setdefault(spec.digest(), name) != name:
                # another arm's cell is an audit: computed afresh, agents visited the other way round; two futures of one
                # arm that differ only in what it sets itself share a cell
                spec = replace(spec, reverse=True)
            cells.append(Cell(len(cells), name, future, world, spec, spec.digest()))
    ladder = ladder_of(study)
    rungs = _rungs(ladder, study.reference, cells) if ladder else {}
    further = [cell for cell in rungs.values() if cell.arm == RUNG]
    rivals = rivals_of(study)
    again = _under_rivals(rivals, cells, len(cells) + len(further)) if rivals else {}
    further += again.values()
    audit = None
    if study.analysis.audit and not is_audit(cells):
        first = next(cell for cell in cells if cell.arm == study.reference)
        spec = replace(first.spec, reverse=True)
        audit = Cell(len(cells) + len(further), AUDIT, first.future, first.world, spec, spec.digest())
        further.append(audit)
    return Plan(
        study,
        tuple(cells),
        futures,
        rollouts,
        citizens,
        population,
        ladder,
        rungs,
        tuple(further),
        audit,
        rivals,
        again,
        excluded,
        worlds,
    )


def _rungs(ladder: Ladder, reference: str, cells: list[Cell]) -> dict[tuple[Coalition, int, int], Cell]:
    """Every combination of levers in the same worlds and futures as the arms; none and all of them are arms."""
    of_arm = {(cell.arm, cell.future, cell.world): cell for cell in cells}
    everyone = frozenset(ladder.levers)
    rungs: dict[tuple[Coalition, int, int], Cell] = {}
    more = len(cells)
    for coalition in ladder.coalitions:
        for arm, future, world in of_arm:
            if arm != reference or (ladder.arm, future, world) not in of_arm:
                continue
            base, whole = of_arm[reference, future, world], of_arm[ladder.arm, future, world]
            if coalition in (frozenset(), everyone):
                rungs[coalition, future, world] = whole if coalition else base
                continue
            spec = spec_with(coalition, ladder.levers, base.spec, whole.spec)
            rungs[coalition, future, world] = Cell(more, RUNG, future, world, spec, spec.digest())
            more += 1
    return rungs


def _under_rivals(rivals: Rivals, cells: list[Cell], first: int) -> dict[tuple[str, str, int, int], Cell]:
    """Every cell of every arm again, in the same worlds and futures, under each rival theory.

    Parameters
    ----------
    first : int
        Ordinal of the first of them.
    """
    found: dict[tuple[str, str, int, int], Cell] = {}
    for planners in rivals.planners:
        for cell in cells:
            spec = replace(cell.spec, planners=planners)
            again = Cell(first + len(found), RIVAL, cell.future, cell.world, spec, spec.digest())
            found[cell.arm, planners, cell.future, cell.world] = again
    return found


def is_audit(cells: Iterable[Cell]) -> bool:
    """Whether any cell is computed a second time."""
    return any(cell.spec.reverse for cell in cells)


MANY = 6
"""Levers beyond which a whole preset is named by its title."""


def describe(study: Study, name: str) -> str:
    """An arm's difference from the reference arm, in words."""
    arm, reference = study.regime(name), study.regime(study.reference)
    if name == study.reference:
        return "the reference"
    more = sorted(set(arm.levers) - set(reference.levers))
    less = sorted(set(reference.levers) - set(arm.levers))
    parts = []
    if more and not less and set(more) == set(preset(study.arms[name].regime).levers) and len(more) > MANY:
        parts.append(f"{arm.title}: {len(more)} levers")
    elif more:
        parts.append("adds " + ", ".join(more))
    if less:
        parts.append("lacks " + ", ".join(less))
    mine = dict(arm.choices) | study.arms[name].set
    base = dict(reference.choices) | study.arms[study.reference].set
    changed = {k: v for k, v in mine.items() if base.get(k) != v}
    parts += [term.describe() for term in arm.terms if term not in reference.terms]
    parts += [f"{', '.join(group)} share one hub" for group in arm.shared_hubs if group not in reference.shared_hubs]
    here, there = (study.arms[arm].rollout or study.regime(arm).rollout for arm in (name, study.reference))
    if arm.levers and here != there and (reference.levers or study.arms[name].rollout):
        parts.append(f"roll-out {Path(here).stem if is_file(here) else here}")
    parts += limits_in_words(study.arms[name].limits)
    parts += [f"{k} = {v:g}" for k, v in sorted(changed.items())]
    return "; ".join(parts) if parts else "nothing: the same again, computed afresh (an audit)"
