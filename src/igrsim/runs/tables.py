"""Put the cells of a study together into tidy tables, effects, checks and the manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from igrsim.kernel.clock import Clock
from igrsim.metrics._base import Metric, metrics
from igrsim.places.scopes import geography_of
from igrsim.results.columns import KEYS, OTHERS, Column
from igrsim.results.effects import effects_table
from igrsim.runs.analysis import analysis_of
from igrsim.runs.audit import audit_check, write_audit
from igrsim.runs.checks import identity_checks
from igrsim.runs.claims import claim_checks
from igrsim.runs.ladder_tables import write_ladder
from igrsim.runs.layout import Cell, Plan
from igrsim.runs.manifest import about_metrics, make_manifest
from igrsim.runs.measures import HEAD, same_needs, write_measures, write_table
from igrsim.runs.rival_tables import write_rivals
from igrsim.runs.runner import Failure
from igrsim.runs.store import Store


def slug(title: str) -> str:
    """A title as a folder name."""
    kept = "".join(c if c.isalnum() and c.isascii() else "-" for c in title.lower())
    return "-".join(part for part in kept.split("-") if part)[:48].strip("-") or "study"


def write_tables(
    plan: Plan, store: Store, folder: Path, failures: list[Failure], command: str
) -> tuple[dict[str, Any], list[Failure]]:
    """Write every table of a study.

    Returns
    -------
    manifest : dict
        Without its run section.
    failures : list of Failure
        Those given, and cells that were computed and could not be measured.
    """
    study = plan.study
    geography = geography_of(study.world.scope)
    clock = Clock(study.world.start, study.world.months)
    labels = np.array([clock.label(m) for m in range(study.world.months)])
    bad = {failure.cell.ordinal for failure in failures}
    known = [metric for _, metric in metrics.items()]
    paired = [m for m in known if m.level == "pair"]
    people = [m for m in known if m.level == "people"]
    municipal = [m for m in known if m.level == "municipality"]
    good = [c for c in plan.cells if c.ordinal not in bad]
    pairs, against, unpaired = same_needs(plan, store, good, paired)
    bad |= {failure.cell.ordinal for failure in unpaired}
    good, runs, unmeasured = write_measures(plan, store, folder, [c for c in good if c.ordinal not in bad])
    failures = [*failures, *unpaired, *unmeasured]
    bad = {failure.cell.ordinal for failure in failures}
    if unpaired or unmeasured:
        pairs, against, _ = same_needs(plan, store, good, paired)
    write_table(folder, "pairs", pairs)
    of_pairs = [m.name for m in paired]
    runs[of_pairs] = runs[HEAD].merge(pairs[[*HEAD, *of_pairs]], on=HEAD, how="left")[of_pairs].to_numpy()
    write_table(folder, "runs", _with_failed(runs, [c for c in plan.cells if c.ordinal in bad]))
    design = pd.DataFrame(
        [
            {
                "cell": c.ordinal,
                "hash": c.digest,
                "arm": c.arm,
                "future": c.future,
                "world": c.world,
                "seed": study.replication.seed,
                "status": "failed" if c.ordinal in bad else "done",
                **plan.futures[c.future],
            }
            for c in plan.cells
        ]
    )
    write_table(folder, "design", design)
    about = about_metrics(known, study.analysis.primary)
    effects = effects_table(runs, pd.DataFrame(about), study.reference, list(study.arms), against, analysis_of(study))
    columns = [c.name for c in OTHERS if c.table == "effects"]
    effects.reindex(columns=columns).to_csv(folder / "effects.csv", index=False, lineterminator="\n")
    checks = audit_check(plan, store, bad) + identity_checks(plan, store, good) + claim_checks(plan, store, good)
    write_audit(plan, store, folder, good, runs, against)
    adding_up, of_ladder = write_ladder(plan, store, folder, bad, runs)
    checks += adding_up
    failures += of_ladder + write_rivals(plan, store, folder, bad, runs, effects)
    failures.sort(key=lambda failure: failure.cell.ordinal)
    pd.DataFrame(checks, columns=["name", "expected", "found", "passed"]).to_csv(
        folder / "checks.csv", index=False, lineterminator="\n"
    )
    pd.DataFrame(
        [
            {"cell": f.cell.ordinal, "arm": f.cell.arm, "future": f.cell.future, "world": f.cell.world,
             "seed": study.replication.seed, "error": f.error, "traceback": f.trace}
            for f in failures
        ],
        columns=["cell", "arm", "future", "world", "seed", "error", "traceback"],
    ).to_csv(folder / "failures.csv", index=False, lineterminator="\n")  # fmt: skip
    _rules(plan, store, good, labels).to_csv(folder / "rules.csv", index=False, lineterminator="\n")
    _columns(known, paired, people, municipal).to_csv(folder / "columns.csv", index=False, lineterminator="\n")
    return make_manifest(plan, geography, clock, about, command), failures


def _with_failed(runs: pd.DataFrame, failed: list[Cell]) -> pd.DataFrame:
    """The table of runs, with a row of nulls for each cell that failed."""
    if not failed:
        return runs
    nulls = pd.DataFrame([{name: getattr(c, "ordinal" if name == "cell" else name) for name in HEAD} for c in failed])
    rows = pd.concat([runs, nulls], ignore_index=True) if len(runs) else nulls.reindex(columns=runs.columns)
    measured = [name for name in rows.columns if name not in HEAD]
    return rows.astype(dict.fromkeys(measured, "float64")).sort_values("cell", kind="stable", ignore_index=True)


def _rules(plan: Plan, store: Store, cells: list[Cell], labels: np.ndarray) -> pd.DataFrame:
    """Which lever set which rule when, by arm: the same in every world of an arm, so told once."""
    frames, told = [], set()
    for cell in cells:
        if cell.arm in told:
            continue
        told.add(cell.arm)
        table = store.get(cell.digest, "rules")
        table["month"] = labels[table["month"].to_numpy(int)] if len(table) else table["month"]
        table.insert(0, "arm", cell.arm)
        frames.append(table)
    if not frames:
        return pd.DataFrame(columns=["arm", "month", "space", "lever", "dose", "field", "before", "after"])
    return pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)


def _columns(known: list[Metric], paired: list[Metric], people: list[Metric], municipal: list[Metric]) -> pd.DataFrame:
    rows = [Column("all tables", name, *about) for name, about in KEYS.items()]
    tables = {"monthly, national, spaces, runs": known, "people, needs": people, "municipalities": municipal}
    for table, found in tables.items():
        rows += [Column(table, m.name, m.unit, "float", m.meaning) for m in found]
    for m in paired:
        rows.append(Column("pairs", m.name, m.unit, "float", m.meaning))
        rows.append(
            Column("pairs", f"{m.name}_reference", m.unit, "float", f"{m.name} of the same needs, in the reference")
        )
    rows += OTHERS
    return pd.DataFrame([vars(r) for r in rows])
