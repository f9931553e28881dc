"""The lever ladder: in which orders an arm's levers join the reference, and the cells that takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations
from math import factorial
from typing import TYPE_CHECKING, Any

import numpy as np

from igrsim.kernel.draws import Draws, code_keys
from igrsim.kernel.errors import nearest

if TYPE_CHECKING:
    from igrsim.results.contributions import Coalition, Order
    from igrsim.runs.cell import CellSpec
    from igrsim.runs.study.parts import Study


HUB = "district-hub"
"""The lever that shared hubs belong to."""


@dataclass(frozen=True)
class Ladder:
    """The levers an arm adds to the reference, and how they are told apart.

    Attributes
    ----------
    arm : str
    metrics : tuple of str
        Whose difference is shared out.
    levers : tuple of str
        Those that the reference lacks.
    orders : tuple of tuple of str
        In which they join; each is followed by its reverse, unless they are all there are.
    every : bool
        Whether these are all orders there are.
    coalitions : tuple of frozenset of str
        Every combination of levers that has to be run: none first, all of them last.
    """

    arm: str
    metrics: tuple[str, ...]
    levers: tuple[str, ...]
    orders: tuple[Order, ...]
    every: bool
    coalitions: tuple[Coalition, ...]

    def words(self) -> str:
        """How the levers are told apart."""
        drawn = "all there are" if self.every else f"{len(self.orders) // 2} drawn by lot, and each backwards"
        return f"{len(self.levers)} levers of {self.arm} join in {len(self.orders)} orders ({drawn}): {', '.join(self.metrics)}"

    def about(self) -> dict[str, Any]:
        """What the manifest says of it."""
        counted = {"orders": len(self.orders), "every": self.every, "coalitions": len(self.coalitions)}
        return {"arm": self.arm, "metrics": list(self.metrics), "levers": list(self.levers), **counted}


def ladder_of(study: Study) -> Ladder | None:
    """Draw the orders a study asks for, and list what has to be run."""
    part = study.ladder
    if part is None:
        return None
    added = set(study.regime(part.arm).levers) - set(study.regime(study.reference).levers)
    metrics = part.metrics or study.analysis.primary
    return make_ladder(part.arm, metrics, added, part.permutations, study.replication.seed)


def make_ladder(arm: str, metrics: list[str], added: set[str], wanted: int, seed: int) -> Ladder:
    """A ladder of the levers added.

    Parameters
    ----------
    wanted : int
        How many orders, an even number; all there are, if they are no more.
    seed : int
        The study's.
    """
    names = tuple(sorted(added))
    orders, every = draw_orders(names, wanted, seed)
    everyone = frozenset(names)
    found: set[Coalition] = {frozenset(), everyone}
    found |= {frozenset({lever}) for lever in names} | {everyone - {lever} for lever in names}
    found |= {frozenset(order[:length]) for order in orders for length in range(len(order))}
    ranked = sorted(found, key=lambda coalition: (len(coalition), sorted(coalition)))
    return Ladder(arm, tuple(metrics), names, orders, every, tuple(ranked))


def draw_orders(levers: tuple[str, ...], wanted: int, seed: int) -> tuple[tuple[Order, ...], bool]:
    """Orders in which levers join, each followed by its reverse; every order there is, if there are no more than wanted.

    A lever's luck is its own: when another joins, the others keep their order among themselves.
    """
    # factorials grow fast: none is needed of more levers than orders
    if len(levers) <= wanted and factorial(len(levers)) <= wanted:
        return tuple(permutations(levers)), True
    stream, keys = Draws(seed)["order in which levers join"], code_keys(levers)
    orders: list[Order] = []
    for number in range(wanted // 2):
        order = tuple(levers[i] for i in np.argsort(stream.uniform(number, keys), kind="stable"))
        orders += [order, order[::-1]]
    return tuple(orders), False


def spec_with(coalition: Coalition, levers: tuple[str, ...], base: CellSpec, whole: CellSpec) -> CellSpec:
    """The cell of the reference with some of the levers that an arm adds.

    What belongs to a lever comes with it: its terms, its own parameters as the arm sets them, and with the hub whose hubs
    are shared. The arm's roll-out dates them all.

    Parameters
    ----------
    coalition : frozenset of str
    levers : tuple of str
        All that the arm adds.
    base, whole : CellSpec
        The reference's and the arm's cell of one world and future.
    """
    absent = set(levers) - coalition
    own = {name: number for name, number in whole.params if name.partition(".")[0] in coalition}
    return replace(
        whole,
        regime=f"{len(coalition)} of {len(levers)} levers of {whole.regime}",
        levers=tuple(lever for lever in whole.levers if lever not in absent),
        params=tuple(sorted((dict(base.params) | own).items())),
        terms=tuple(term for term in whole.terms if term[0] not in absent),
        shared_hubs=base.shared_hubs if HUB in absent else whole.shared_hubs,
        reverse=False,
    )


def faults_of_ladder(study: Study, most: int) -> Iterator[tuple[str, list[str], str]]:
    """What makes a study's ladder impossible: words, the key at fault and a code.

    Parameters
    ----------
    most : int
        Runs of each pair of world and future at most.
    """
    part = study.ladder
    if part is None:
        return
    if part.arm not in study.arms:
        yield f"unknown arm '{part.arm}'{nearest(part.arm, study.arms)}", ["ladder", "arm"], "E190"
        return
    if part.permutations % 2:
        words = f"permutations = {part.permutations}: an even number is needed, for each order is tried backwards too"
        yield words, ["ladder", "permutations"], "E191"
    mine, base = study.regime(part.arm), study.regime(study.reference)
    added, lost = set(mine.levers) - set(base.levers), sorted(set(base.levers) - set(mine.levers))
    if not added:
        yield f"arm '{part.arm}' adds no lever to '{study.reference}': nothing to share out", ["ladder", "arm"], "E192"
    if lost:
        words = (
            f"arm '{part.arm}' lacks {', '.join(lost)} of '{study.reference}': an arm that only adds levers is needed"
        )
        yield words, ["ladder", "arm"], "E192"
    if (count := min(part.permutations * len(added), 2 ** len(added))) > most:
        words = f"up to {count} combinations of levers for each pair of futures and worlds; at most {most}: fewer permutations"
        yield words, ["ladder", "permutations"], "E158"
    for name in sorted(_unowned(study, part.arm, added)):
        words = f"arms '{part.arm}' and '{study.reference}' differ in {name}, which belongs to no lever that is added"
        yield words, ["ladder", "arm"], "E193"
    known = _of_one_run()
    for metric in part.metrics or study.analysis.primary:
        if metric not in known:
            table = ["ladder", "metrics"] if part.metrics else ["analysis", "primary"]
            words = f"no ladder of metric '{metric}'{nearest(metric, known)}: one that a single run has is needed"
            yield words, table, "E194"


def _unowned(study: Study, arm: str, added: set[str]) -> Iterator[str]:
    """In what two arms differ that comes with no lever added."""
    mine, base = study.regime(arm), study.regime(study.reference)
    ours, theirs = study.choices(arm), study.choices(study.reference)
    for name in {*ours, *theirs}:
        if ours.get(name) != theirs.get(name) and name.partition(".")[0] not in added:
            yield name
    if {t for t in mine.terms if t.lever not in added} != set(base.terms):
        yield "the terms of a lever"
    if mine.shared_hubs != base.shared_hubs and HUB not in added:
        yield "shared_hubs"
    dated = study.arms[arm].rollout or mine.rollout, study.arms[study.reference].rollout or base.rollout
    if base.levers and dated[0] != dated[1]:
        yield "rollout"


def _of_one_run() -> list[str]:
    """Metrics that need no second run to compare with."""
    from igrsim.metrics._base import metrics

    return [name for name, metric in metrics.items() if metric.level != "pair"]
