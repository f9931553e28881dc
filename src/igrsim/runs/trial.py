"""A lever tried out in memory: no study, no store, and no other run ever knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from igrsim.kernel.errors import InputError
from igrsim.levers._base import Lever, levers
from igrsim.metrics._base import Metric, metrics
from igrsim.regimes.regime import preset
from igrsim.results.effects import effects_table
from igrsim.runs.cell import CellSpec, Counted, run_cell
from igrsim.world.ruling import meanings

GIVEN = ("id", "summary", "seed", "passage", "touches", "costs", "limits")
"""What a lever must say of itself."""


@dataclass(frozen=True)
class Trial:
    """What a lever did where it was tried.

    Attributes
    ----------
    effects : DataFrame
        One row an arm and metric, as in ``effects.csv``.
    runs : DataFrame
        One row an arm and world; one column a metric.
    rules : DataFrame
        Which rules the lever set at its largest dose, from what to what, and what each means.
    nothing_at_nought : bool
        Whether at dose 0 every count of every world is what it is without the lever.
    """

    effects: pd.DataFrame
    runs: pd.DataFrame
    rules: pd.DataFrame
    nothing_at_nought: bool


def try_lever(
    lever: type[Lever],
    regime: str = "siloed",
    doses: Sequence[float] = (1.0,),
    scope: str | list[str] = "two-towns",
    months: int = 36,
    worlds: int = 6,
    citizens: int = 500,
    seed: int = 20190821,
) -> Trial:
    """Compare a regime with and without one lever more; every parameter stands at its default.

    The runs stay in memory: the same cells under the same name could be another lever tomorrow.

    Parameters
    ----------
    lever : type of Lever
        One of one's own, ``class Mine(Lever, announced=False)``, or one that studies know.
    regime : str
        What it is added to.
    doses : sequence of float
        Each an arm, from more than 0 to 1. Dose 0 is always run too.
    """
    _check(lever, doses)
    known = lever.id in levers
    if known and levers[lever.id] is not lever:
        raise InputError(f"a lever is called '{lever.id}' already: give yours another id", code="E290")
    base = CellSpec(
        regime=regime,
        levers=preset(regime).levers,
        rollout="all-at-once",
        rollout_digest="",
        scope=scope if isinstance(scope, str) else tuple(scope),
        start="2019-04-01",
        months=months,
        citizens=citizens,
        params=preset(regime).choices,
        seed=seed,
        world=0,
        terms=tuple(term.address for term in preset(regime).terms),
        shared_hubs=preset(regime).shared_hubs,
    )
    if lever.id in base.levers:
        raise InputError(f"'{regime}' has the lever '{lever.id}' already", code="E290")
    if known:
        return _tried(lever, base, doses, worlds)
    with levers.lent(lever.id, lever):
        return _tried(lever, base, doses, worlds)


def _check(lever: type[Lever], doses: Sequence[float]) -> None:
    missing = [name for name in GIVEN if not isinstance(getattr(lever, name, None), str)]
    if missing:
        raise InputError(f"a lever says what it is: {', '.join(missing)} missing", code="E290")
    if not doses or not all(0 < dose <= 1 for dose in doses):
        raise InputError("doses: one or more is needed, each above 0 and at most 1", code="E290")


def _tried(lever: type[Lever], base: CellSpec, doses: Sequence[float], worlds: int) -> Trial:
    with_it = replace(base, levers=tuple(sorted((*base.levers, lever.id))))
    arms = {base.regime: base}
    arms |= {f"dose {dose:g}": replace(with_it, terms=(*base.terms, (lever.id, dose, (), ""))) for dose in doses}
    nought = replace(with_it, terms=(*base.terms, (lever.id, 0.0, (), "")))
    wanted = [metric for _, metric in metrics.items() if metric.level != "pair"]
    rows: list[dict[str, Any]] = []
    same, trail = True, pd.DataFrame()
    for world in range(worlds):
        found = {arm: run_cell(replace(spec, world=world)) for arm, spec in arms.items()}
        same &= _alike(found[base.regime], run_cell(replace(nought, world=world)))
        trail = found[f"dose {max(doses):g}"].tables["rules"]
        for arm, counted in found.items():
            rows.append({"arm": arm, "future": 0, "world": world} | _measured(counted, wanted, base.months))
    runs = pd.DataFrame(rows)
    table = pd.DataFrame([{"name": m.name, "unit": m.unit, "better": m.better} for m in wanted])
    return Trial(effects_table(runs, table, base.regime, list(arms)), runs, _set_by(lever, trail), same)


def _alike(one: Counted, other: Counted) -> bool:
    """Whether two runs counted the same, cell for cell; what set which rule is no count."""
    return all(table.equals(other.tables[name]) for name, table in one.tables.items())


def _measured(counted: Counted, wanted: Sequence[Metric], months: int) -> dict[str, float]:
    """Metrics of one run over all its months and spaces."""
    sums = counted.tables["space"].drop(columns=["month", "place"]).sum()
    whole = {str(name): np.array([float(value)]) for name, value in sums.items()} | {
        "months": np.array([float(months)])
    }
    return {metric.name: float(metric.value(whole)[0]) for metric in wanted}


def _set_by(lever: type[Lever], trail: pd.DataFrame) -> pd.DataFrame:
    mine = trail[trail["lever"] == lever.id].drop_duplicates("field")[["field", "before", "after"]]
    words = meanings()
    return mine.assign(meaning=[words.get(str(name), "") for name in mine["field"]]).reset_index(drop=True)
